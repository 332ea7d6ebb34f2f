//! What `khabar tap` makes of the records that an instance shows: which are meant, and how they are printed. Pure.

use std::fmt::Write;

use crate::letters::sampled::Sampled;
use crate::remote::Event;
use crate::render::{View, harmless, pretty};

/// Which records are meant; an empty list leaves all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Articles in one of these languages; `unknown` for those whose language was not told.
    pub languages: Vec<String>,
    /// Articles that name one of these: part of a name in any language, or a Wikidata id.
    pub entities: Vec<String>,
    /// Dead letters of one of these reasons.
    pub reasons: Vec<String>,
}

/// How records are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Pretty {
        /// Columns.
        width: usize,
        /// Entities are coloured instead of put into brackets.
        color: bool,
    },
    /// As they came.
    Jsonl,
}

/// What to print for an event; `None` for one that is not meant.
///
/// # Errors
/// When it is no event that this version knows.
pub fn printed(event: &Event, filter: &Filter, form: Form) -> serde_json::Result<Option<String>> {
    let shown = match event.name.as_str() {
        "article" => {
            let view: View = serde_json::from_str(&event.data)?;
            match form {
                _ if !filter.takes(&view) => return Ok(None),
                Form::Pretty { width, color } => pretty(&view, width, color),
                Form::Jsonl => plain(&event.data),
            }
        }
        "dead-letter" => {
            let letter: Sampled = serde_json::from_str(&event.data)?;
            match form {
                _ if !filter.takes_letter(&letter) => return Ok(None),
                Form::Pretty { .. } => letter.show(),
                Form::Jsonl => plain(&event.data),
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(shown + "\n"))
}

/// The same JSON, with escapes for what would steer a terminal or turn its lines around. Nothing else than a string can hold it.
fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if harmless(c) {
            plain.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(plain, "\\u{unit:04x}");
            }
        }
    }
    plain
}

impl Filter {
    fn takes(&self, view: &View) -> bool {
        let language = view.language.detected.as_deref().unwrap_or("unknown");
        let of_language = self.languages.is_empty()
            || self.languages.iter().any(|wanted| wanted.eq_ignore_ascii_case(language));
        let names = |wanted: &String| {
            let wanted = wanted.to_lowercase();
            view.entities.iter().any(|entity| {
                let names = [Some(&entity.name), entity.name_en.as_ref()];
                names.into_iter().flatten().any(|name| name.to_lowercase().contains(&wanted))
                    || entity.link.wikidata.as_ref().is_some_and(|id| id.to_lowercase() == wanted)
            }) || view.mentions.iter().any(|mention| mention.text.to_lowercase().contains(&wanted))
        };
        of_language && (self.entities.is_empty() || self.entities.iter().any(names))
    }

    fn takes_letter(&self, letter: &Sampled) -> bool {
        self.reasons.is_empty() || self.reasons.contains(&letter.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.to_owned(), id: None, data: data.to_owned() }
    }

    fn takes(languages: &[&str], entities: &[&str], data: &str) -> bool {
        let owned = |list: &[&str]| list.iter().map(|&item| item.to_owned()).collect();
        let filter = Filter { languages: owned(languages), entities: owned(entities), reasons: Vec::new() };
        printed(&event("article", data), &filter, Form::Jsonl).unwrap().is_some()
    }

    #[test]
    fn articles_by_language_and_by_what_they_name() {
        // As the service writes it.
        let enricher = khabar_enrich::Enricher::new(khabar_enrich::Settings::default());
        let article = khabar_enrich::Article {
            body: "زار الرئيس الفرنسي إيمانويل ماكرون صنعاء أمس والتقى وزير الخارجية.".to_owned(),
            ..Default::default()
        };
        let encoder = crate::encode::Encoder::new(Default::default(), false);
        let value = encoder.encode(&article, &enricher.enrich(&article), None).value;
        let data = String::from_utf8(value).unwrap();
        assert!(takes(&[], &[], &data));
        assert!(takes(&["fr", "AR"], &[], &data));
        assert!(!takes(&["fr"], &[], &data));
        for name in ["Sanaa", "sanaa", "صنعاء", "Q2471"] {
            assert!(takes(&[], &[name], &data), "{name}");
        }
        assert!(!takes(&[], &["Q247"], &data), "an id counts as a whole");
        assert!(!takes(&["fr"], &["Sanaa"], &data), "both must be met");
        let shown =
            printed(&event("article", &data), &Filter::default(), Form::Pretty { width: 80, color: false });
        assert!(shown.unwrap().unwrap().contains("[صنعاء]"));
    }

    #[test]
    fn what_steers_a_terminal_is_escaped_and_stays_the_same_json() {
        let value = serde_json::json!({"text": "a\u{9b}31mb \u{202e}c\u{2066} خبر \u{2028} \u{E0041}"});
        let escaped = plain(&value.to_string());
        assert_eq!(escaped, r#"{"text":"a\u009b31mb \u202ec\u2066 خبر \u2028 \udb40\udc41"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }

    #[test]
    fn letters_by_reason_and_nothing_else() {
        let data = r#"{"position":null,"source":null,"reason":"panic","stage":"decode","message":"m","attempts":1,
            "key":null,"value":{"text":"x"},"value_bytes":1}"#;
        let of = |reason: &str| Filter { reasons: vec![reason.to_owned()], ..Filter::default() };
        let shown = |filter| printed(&event("dead-letter", data), &filter, Form::Jsonl).unwrap();
        assert!(shown(of("panic")).is_some() && shown(of("too_deep")).is_none());
        assert_eq!(printed(&event("status", "{}"), &Filter::default(), Form::Jsonl).unwrap(), None);
        assert!(printed(&event("article", "{"), &Filter::default(), Form::Jsonl).is_err());
    }
}
