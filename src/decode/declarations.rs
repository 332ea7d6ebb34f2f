//! What a page or an XML document says of its own character set.

/// How far into a page a declaration may stand (the HTML standard asks for 1,024 bytes; pages are
/// less strict).
const DECLARATION_WINDOW: usize = 4096;

/// The character set that a page or an XML document declares near its start.
pub fn character_set(bytes: &[u8]) -> Option<String> {
    let window = bytes.get(..bytes.len().min(DECLARATION_WINDOW))?;
    let start = window.trim_ascii_start();
    if start.first() != Some(&b'<') {
        return None;
    }
    let head = String::from_utf8_lossy(window).to_ascii_lowercase();
    if let Some(xml) = head.trim_ascii_start().strip_prefix("<?xml") {
        let declaration = xml.split_once("?>").map_or("", |(d, _)| d);
        if let Some(label) = value_after(declaration, "encoding") {
            return Some(label);
        }
    }
    let mut rest = head.as_str();
    while let Some((_, after)) = rest.split_once("<meta") {
        let tag = after.split_once('>').map_or(after, |(tag, _)| tag);
        if let Some(label) = value_after(tag, "charset") {
            // A page that is read as bytes cannot be in UTF-16: the standard takes UTF-8.
            return Some(if label.starts_with("utf-16") { "utf-8".to_owned() } else { label });
        }
        rest = after;
    }
    None
}

/// The value in ` name = "value"` or `name=value`.
fn value_after(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(name)?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '>'));
    let label = value.get(..end.unwrap_or(value.len()))?;
    (!label.is_empty()).then(|| label.to_owned())
}
