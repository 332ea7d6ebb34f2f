//! Records as one self-contained page: no script, no request to anywhere, and nothing of an
//! article's text that a browser could take for markup.

use std::fmt::Write;

use base64::Engine;
use khabar_enrich::article::Moment;
use khabar_enrich::enriched::{Entity, EntityType, Field, Quote, QuoteKind};
use sha2::Digest;

use super::clean::clean;
use super::marks::{Piece, What, pieces};
use super::view::{HEADINGS, Speaker, View, language_name, number, offices, word};

const STYLE: &str = include_str!("page.css");

/// A page, written piece by piece, so that its length costs no memory.
#[derive(Debug)]
pub struct Page;

impl Page {
    /// The page up to its first article.
    pub fn begin() -> String {
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(STYLE));
        let legend: String = HEADINGS
            .iter()
            .map(|(kind, heading)| format!("<span class=\"{}\">{heading}</span> ", class(*kind)))
            .collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>khabar: enriched articles</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header><strong>khabar</strong> <span class=\"legend\">{legend}\
             <span class=\"quote\">speech</span> <span class=\"value\">dates and figures</span></span></header>\n\
             <main>\n"
        )
    }

    /// One article; its number is its anchor.
    pub fn article(view: &View, number: u64) -> String {
        let mut out = String::with_capacity(view.text.body.as_ref().map_or(0, String::len) * 3 + 4096);
        let _ = writeln!(out, "<article id=\"a{number}\">");
        heading(&mut out, view, number);
        if view.text.body.is_some() {
            let direction = direction(view, Field::Body);
            let _ = write!(out, "<div class=\"body\" dir=\"{direction}\"{}>", lang(view));
            text(&mut out, view, Field::Body);
            out.push_str("</div>\n");
        }
        out.push_str("<div class=\"facts\">\n");
        entities(&mut out, view);
        quotes(&mut out, view);
        values(&mut out, view);
        out.push_str("</div>\n");
        remarks(&mut out, view);
        out.push_str("</article>\n");
        out
    }

    /// The rest of the page.
    pub fn end(articles: u64) -> String {
        let plural = if articles == 1 { "" } else { "s" };
        format!("</main>\n<footer>{articles} article{plural}</footer>\n</body>\n</html>\n")
    }
}

/// Foreign text for an HTML document: as text, or inside a double-quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A name in its own direction, whatever surrounds it.
fn isolated(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

fn heading(out: &mut String, view: &View, number: u64) {
    if view.text.title.is_some() {
        let _ = write!(out, "<h2 dir=\"{}\"{}>", direction(view, Field::Title), lang(view));
        text(out, view, Field::Title);
        out.push_str("</h2>\n");
    } else {
        let _ = writeln!(out, "<h2 class=\"none\">article {number}, without a title</h2>");
    }
    let mut parts = Vec::new();
    parts.push(match &view.language.detected {
        Some(code) => format!("{} {:.0} %", escape(language_name(code)), view.language.confidence * 100.0),
        None => "language not told".to_owned(),
    });
    if let Some(source) = &view.source {
        parts.push(format!("{}/{} @ {}", escape(&source.topic), source.partition, source.offset));
    }
    parts.extend(view.article.publisher.as_deref().map(isolated));
    parts.extend(view.article.published.as_ref().map(moment));
    parts.extend(view.article.section.as_deref().map(isolated));
    if !view.article.authors.is_empty() {
        let authors: Vec<_> = view.article.authors.iter().map(|a| isolated(a)).collect();
        parts.push(format!("by {}", authors.join(", ")));
    }
    if let Some(url) = &view.article.url {
        parts.push(anchor(url));
    }
    let _ = writeln!(out, "<p class=\"by\">{}</p>", parts.join(" · "));
}

/// A link where the address is one of the web; anything else stays words.
fn anchor(url: &str) -> String {
    let web = url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    match web {
        true => format!("<a href=\"{0}\" rel=\"noopener noreferrer\">{0}</a>", escape(url)),
        false => isolated(url),
    }
}

fn moment(moment: &Moment) -> String {
    let zone = if moment.zone_known || !moment.value.contains('T') { "" } else { " (zone unknown)" };
    format!("<time>{}</time>{zone}", escape(&moment.value.replacen('T', " ", 1)))
}

/// One field with its annotations as nested marks. Marks may cross a paragraph's end, so line ends
/// stay line ends, which the style shows.
fn text(out: &mut String, view: &View, field: Field) {
    for piece in pieces(view, field) {
        match piece {
            Piece::Text(words) => out.push_str(&escape(words)),
            Piece::Close => out.push_str("</span>"),
            Piece::Open(what) => {
                let (class, title) = described(view, what);
                let _ = write!(out, "<span class=\"{class}\" title=\"{}\">", escape(&title));
            }
        }
    }
}

/// The class of a mark and what a pointer over it reads.
fn described(view: &View, what: What) -> (&'static str, String) {
    match what {
        What::Mention(i) => {
            let Some(mention) = view.mentions.get(i) else { return ("value", String::new()) };
            let name = view.entity(&mention.entity).map_or("", english);
            let kind: String = word::<EntityType>(&mention.kind);
            (class(mention.kind), format!("{kind} · {name} · {}", mention.entity))
        }
        What::Quote(i) => {
            let said = view.quotes.get(i).map_or_else(String::new, |q| speaker(view, q));
            ("quote", format!("said by {said}"))
        }
        What::Time(i) => ("value", view.times.get(i).map_or_else(String::new, |t| t.value.clone())),
        What::Quantity(i) => {
            let said = view.quantities.get(i).map_or_else(String::new, |q| {
                let unit = q.unit.map(|u| format!(" {}", word(&u))).unwrap_or_default();
                format!("{}{unit}", number(q.value))
            });
            ("value", said)
        }
    }
}

fn entities(out: &mut String, view: &View) {
    for (kind, heading) in HEADINGS {
        let found = view.entities_of(kind);
        if found.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<section><h3>{heading}</h3><ul>");
        for entity in found {
            let other = if english(entity) == entity.name { String::new() } else { isolated(&entity.name) };
            let _ = write!(
                out,
                "<li><span class=\"{}\">{}</span> {other} <small>×{}</small>{}",
                class(kind),
                isolated(english(entity)),
                entity.mentions.len(),
                wikidata(entity)
            );
            for office in offices(view, entity) {
                let _ = write!(out, "<div class=\"office\">{}</div>", isolated(office));
            }
            if let Some(other) = entity.candidates.first() {
                let kind: String = word::<EntityType>(&other.kind);
                let _ = write!(out, "<div class=\"office\">or {kind} {}</div>", isolated(&other.name));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul></section>\n");
    }
}

/// A link to Wikidata, for what is certainly an item of it.
fn wikidata(entity: &Entity) -> String {
    let item = entity.link.wikidata.as_deref().filter(|id| {
        id.strip_prefix('Q').is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    });
    item.map_or_else(String::new, |id| {
        format!(" <a href=\"https://www.wikidata.org/wiki/{id}\" rel=\"noopener noreferrer\">{id}</a>")
    })
}

fn quotes(out: &mut String, view: &View) {
    if view.quotes.is_empty() {
        return;
    }
    out.push_str("<section class=\"wide\"><h3>Said</h3>\n");
    for quote in &view.quotes {
        let (open, close) = if quote.kind == QuoteKind::Direct { ("“", "”") } else { ("", "") };
        let reader = quote.read_by.as_deref().and_then(|id| view.entity(id));
        let reader = reader.map_or_else(String::new, |e| format!(", read by {}", isolated(english(e))));
        let cue = quote.cue.as_deref().map_or_else(String::new, |c| format!(" ({})", isolated(c)));
        let _ = writeln!(
            out,
            "<figure><blockquote dir=\"auto\">{open}{}{close}</blockquote>\
             <figcaption>{}{reader}{cue}</figcaption></figure>",
            escape(&quote.text),
            isolated(&speaker(view, quote)),
        );
    }
    out.push_str("</section>\n");
}

fn speaker(view: &View, quote: &Quote) -> String {
    match view.speaker(quote) {
        Some(Speaker::Entity(entity)) => english(entity).to_owned(),
        Some(Speaker::Words(words)) => words.to_owned(),
        None => "speaker not told".to_owned(),
    }
}

fn values(out: &mut String, view: &View) {
    if !view.times.is_empty() {
        out.push_str("<section><h3>Dates and times</h3><ul>\n");
    }
    for time in &view.times {
        let modifier = time.modifier.map(|m| format!(" {}", word(&m).to_lowercase())).unwrap_or_default();
        let value = escape(&time.value);
        let _ = writeln!(out, "<li>{value}{modifier} <small>{}</small></li>", isolated(&time.text));
    }
    if !view.times.is_empty() {
        out.push_str("</ul></section>\n");
    }
    if !view.quantities.is_empty() {
        out.push_str("<section><h3>Figures</h3><ul>\n");
    }
    for quantity in &view.quantities {
        let unit = quantity.unit.map(|u| format!(" {}", word(&u))).unwrap_or_default();
        let value = number(quantity.value);
        let _ = writeln!(out, "<li>{value}{unit} <small>{}</small></li>", isolated(&quantity.text));
    }
    if !view.quantities.is_empty() {
        out.push_str("</ul></section>\n");
    }
}

fn remarks(out: &mut String, view: &View) {
    let missing = &view.article.missing;
    if missing.is_empty() && view.diagnostics.is_empty() {
        return;
    }
    out.push_str("<details><summary>remarks</summary><ul>\n");
    if !missing.is_empty() {
        let _ = writeln!(out, "<li>not given: {}</li>", escape(&missing.join(", ")));
    }
    for remark in &view.diagnostics {
        let _ = writeln!(out, "<li>{}: {}</li>", escape(&remark.code), isolated(&remark.message));
    }
    out.push_str("</ul></details>\n");
}

/// The direction of a field: that of its language where it is told, else by its first letter.
fn direction(view: &View, field: Field) -> &'static str {
    match view.language.detected.as_deref() {
        Some("ar" | "fa" | "ur" | "he" | "ckb" | "ps") => "rtl",
        Some(_) => "ltr",
        None => {
            let first = view.field(field).and_then(|text| text.chars().find(|c| c.is_alphabetic()));
            if first.is_some_and(|c| matches!(c, '\u{590}'..='\u{8FF}')) { "rtl" } else { "ltr" }
        }
    }
}

fn lang(view: &View) -> String {
    view.language.detected.as_deref().map_or_else(String::new, |code| format!(" lang=\"{}\"", escape(code)))
}

fn class(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Per => "per",
        EntityType::Org => "org",
        EntityType::Loc => "loc",
        EntityType::Event => "event",
        EntityType::Misc => "misc",
    }
}

fn english(entity: &Entity) -> &str {
    entity.name_en.as_deref().unwrap_or(&entity.name)
}
