//! The headers that say what the bytes are.

/// A media type and its character set, from a `content-type` value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentType {
    /// `text/html`, lower case, without parameters.
    pub media: String,
    /// The `charset` parameter, as written.
    pub charset: Option<String>,
}

impl ContentType {
    /// Reads `text/html; charset="utf-8"`.
    pub fn parse(value: &str) -> Self {
        let mut parts = value.split(';');
        let media = parts.next().unwrap_or("").trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']).trim();
            (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
        });
        Self { media, charset }
    }

    /// `application/json`, `application/ld+json`, `text/json`, …
    pub fn is_json(&self) -> bool {
        self.media.ends_with("/json") || self.media.ends_with("+json")
    }

    /// `text/html` and XHTML.
    pub fn is_html(&self) -> bool {
        matches!(self.media.as_str(), "text/html" | "application/xhtml+xml")
    }

    /// `text/plain` and Markdown, which is read as it stands.
    pub fn is_text(&self) -> bool {
        matches!(self.media.as_str(), "text/plain" | "text/markdown")
    }
}

#[cfg(test)]
mod tests {
    use super::ContentType;

    #[test]
    fn reads_media_and_charset() {
        let t = ContentType::parse("Text/HTML; x=1; Charset = \"windows-1256\"");
        assert_eq!((t.media.as_str(), t.charset.as_deref()), ("text/html", Some("windows-1256")));
        assert!(t.is_html() && !t.is_json());
        assert!(ContentType::parse("application/ld+json").is_json());
        assert_eq!(ContentType::parse(""), ContentType::default());
        assert_eq!(ContentType::parse("text/plain; charset=").charset, None);
    }
}
