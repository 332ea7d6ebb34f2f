//! What was found in an article, for people to read: sentence by sentence, what each says below it.

use std::fmt::Write as _;

use khabar_enrich::Enriched;
use khabar_enrich::enriched::{QuoteKind, Span};

/// One article with what was found in it.
pub fn render(title: Option<&str>, body: &str, out: &Enriched) -> String {
    let mut text = String::new();
    for sentence in &out.sentences {
        let field = if sentence.field == khabar_enrich::Field::Title { title.unwrap_or("") } else { body };
        let words = field.get(sentence.byte[0] as usize..sentence.byte[1] as usize).unwrap_or("");
        let _ = writeln!(text, "{}", words.replace('\n', " "));
        let inside = |span: &Span| {
            span.field == sentence.field && (sentence.byte[0]..sentence.byte[1]).contains(&span.byte[0])
        };
        let name = |id: &str| {
            out.entities.iter().find(|e| e.id == id).map_or(id.to_owned(), |e| format!("{id} {}", e.name))
        };
        for m in out.mentions.iter().filter(|m| inside(&m.span)) {
            let nested = if m.nested_in.is_some() { "  (nested)" } else { "" };
            let _ = writeln!(text, "    {} {} = {}{nested}", m.kind.as_str(), m.text, name(&m.entity));
        }
        for r in out.roles.iter().filter(|r| inside(&r.span)) {
            let person = r.person.as_deref().map_or("-".to_owned(), name);
            let of = r.organisation.as_deref().map_or("-".to_owned(), name);
            let _ = writeln!(text, "    role {}: {} [{}] of {of}", r.text, person, r.title);
        }
        for q in out.quotes.iter().filter(|q| inside(&q.span)) {
            let kind = if q.kind == QuoteKind::Direct { "says" } else { "reports" };
            let speaker =
                q.speaker.as_deref().map(name).or(q.speaker_text.clone().map(|s| format!("\"{s}\"")));
            let cue = q.cue.as_deref().unwrap_or("-");
            let speaker = speaker.unwrap_or("-".to_owned());
            let _ = writeln!(text, "    {kind} {speaker} ({cue}) {:.2}: {}", q.confidence, q.text);
        }
        for q in out.quoted.iter().filter(|q| inside(&q.span)) {
            let _ = writeln!(text, "    quoted {:?}: {}", q.kind, q.text);
        }
        for t in out.times.iter().filter(|t| inside(&t.span)) {
            let modifier = t.modifier.map_or(String::new(), |m| format!(" {m:?}"));
            let _ = writeln!(text, "    time {} = {:?} {}{modifier}", t.text, t.kind, t.value);
        }
        for q in out.quantities.iter().filter(|q| inside(&q.span)) {
            let unit = q.unit.map_or("-".to_owned(), |u| format!("{u:?}"));
            let _ = writeln!(text, "    quantity {} = {} {unit} {:?}", q.text, q.value, q.kind);
        }
    }
    text
}
