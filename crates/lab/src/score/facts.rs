//! Quotes with their speakers, times with their values, quantities with theirs.

use khabar_enrich::doc::Doc;
use khabar_enrich::enriched::{Enriched, EntityType, Field, Quantity, QuantityKind, Quote, QuoteKind, Span};
use khabar_enrich::quotes::{self, Speaker};

use super::gold::{self, Article};
use super::tally::Tally;

/// Confidence of quotes for which it is shown how many are right.
const SURE: f64 = 0.8;

/// One annotated or found item: its span, what it is worth, and its words.
struct Item {
    span: (u32, u32),
    value: String,
    text: String,
}

fn body(span: &Span) -> Option<(u32, u32)> {
    (span.field == Field::Body).then_some((span.char[0], span.char[1]))
}

/// Scores direct speech.
pub fn quotes(article: &Article, out: &Enriched, tally: &mut Tally) {
    let found: Vec<(&Quote, (u32, u32))> = out
        .quotes
        .iter()
        .filter(|q| q.kind == QuoteKind::Direct)
        .filter_map(|q| Some((q, body(&q.span)?)))
        .collect();
    let mut used = vec![false; article.quotes.len()];
    for (quote, span) in &found {
        let gold = article.quotes.iter().position(|g| (g.start, g.end) == *span);
        let right = gold.is_some_and(|g| same_speaker(article, out, &article.quotes[g], quote));
        if let Some(g) = gold {
            used[g] = true;
        }
        mark(tally, "quotes", gold.is_some());
        mark(tally, "quotes with speaker", right);
        if quote.confidence >= SURE {
            mark(tally, "  quotes above 0.8", right);
        }
        let speaker = quote.speaker_text.clone().or_else(|| name(out, quote.speaker.as_deref()));
        let speaker = speaker.unwrap_or_else(|| "nobody".to_owned());
        match gold {
            None => tally.mistake("quotes that are none", clip(&quote.text)),
            Some(g) if !right => {
                let of = article.quotes[g].speaker.as_deref().unwrap_or("nobody");
                tally.mistake(
                    "speakers that are others",
                    format!("{of} found as {speaker}: {}", clip(&quote.text)),
                );
            }
            Some(_) => {}
        }
    }
    for (g, _) in article.quotes.iter().zip(&used).filter(|(_, used)| !**used) {
        tally.count("quotes").missed += 1;
        tally.count("quotes with speaker").missed += 1;
        tally.mistake("quotes that were missed", clip(&g.text));
    }
    // A quote with another speaker is one that was missed, too.
    let wrong = article.quotes.iter().zip(&used).filter(|(g, used)| {
        let quote = found.iter().find(|(_, span)| (g.start, g.end) == *span);
        **used && quote.is_some_and(|(quote, _)| !same_speaker(article, out, g, quote))
    });
    tally.count("quotes with speaker").missed += wrong.count() as u32;
}

/// Scores who speaks where all names are found: how good the rules for speakers are by themselves.
pub fn speakers(article: &Article, tally: &mut Tally) {
    let doc = Doc::new(Field::Body, &article.body);
    // Code points of the original where each byte of the normalised text begins.
    let at: Vec<(u32, usize)> =
        doc.text.normalised().char_indices().map(|(byte, _)| (doc.span(byte..byte).char[0], byte)).collect();
    let byte = |char: u32| {
        let place = at.partition_point(|(c, _)| *c < char);
        at.get(place).map_or(doc.text.normalised().len(), |(_, byte)| *byte)
    };
    let mut named: Vec<&gold::Mention> =
        article.mentions.iter().filter(|mention| mention.kind != EntityType::Event).collect();
    named.sort_by_key(|mention| (mention.start, mention.end));
    let named: Vec<Speaker<'_>> = named
        .iter()
        .map(|mention| Speaker {
            range: byte(mention.start)..byte(mention.end),
            entity: &mention.entity,
            person: mention.kind == EntityType::Per,
            place: mention.kind == EntityType::Loc,
        })
        .collect();
    let (found, _) = quotes::find(&doc, &named, &article.lang);
    for g in &article.quotes {
        let span = Some((g.start, g.end));
        let found = found.iter().find(|q| q.kind == QuoteKind::Direct && body(&q.span) == span);
        let Some(found) = found else { continue };
        let words = found.speaker_text.as_deref().unwrap_or("");
        let right = match g.speaker.as_deref() {
            None => found.speaker.is_none() && words.is_empty(),
            said if said == found.speaker.as_deref() => true,
            Some(said) => !words.is_empty() && (words.contains(said) || said.contains(words)),
        };
        mark(tally, "speakers, all names given", right);
        if !right {
            let said = g.speaker.as_deref().unwrap_or("nobody");
            let name = |id: &str| {
                let mention = article.mentions.iter().find(|m| m.entity == id);
                mention.map_or_else(|| id.to_owned(), |m| m.text.clone())
            };
            let other = found.speaker.as_deref().map_or_else(|| format!("«{words}»"), name);
            tally.mistake(
                "speakers that are others though all names are given",
                format!("{} found as {other}: {}", name(said), clip(&g.text)),
            );
        }
    }
}

fn name(out: &Enriched, entity: Option<&str>) -> Option<String> {
    out.entities.iter().find(|e| Some(e.id.as_str()) == entity).map(|e| e.name.clone())
}

/// Whether both speakers are nobody, name one entity (a mention of one touches a mention of the other), or share words.
fn same_speaker(article: &Article, out: &Enriched, gold: &gold::Quote, found: &Quote) -> bool {
    let Some(said) = gold.speaker.as_deref() else {
        return found.speaker.is_none() && found.speaker_text.is_none();
    };
    let spans: Vec<(u32, u32)> =
        article.mentions.iter().filter(|m| m.entity == said).map(|m| (m.start, m.end)).collect();
    let mine = out.mentions.iter().filter(|m| Some(&m.entity) == found.speaker.as_ref());
    let mut mine = mine.filter_map(|m| body(&m.span));
    if !spans.is_empty() {
        return mine.any(|(start, end)| spans.iter().any(|span| span.0 < end && start < span.1));
    }
    let words =
        found.speaker_text.clone().or_else(|| name(out, found.speaker.as_deref())).unwrap_or_default();
    !words.is_empty() && (words.contains(said) || said.contains(&words))
}

/// Scores times: their spans, and spans with values.
pub fn times(article: &Article, out: &Enriched, tally: &mut Tally) {
    let gold = article.times.iter().map(|g| Item {
        span: (g.start, g.end),
        value: decade(&g.value),
        text: g.text.clone(),
    });
    let found = out
        .times
        .iter()
        .filter_map(|t| Some(Item { span: body(&t.span)?, value: decade(&t.value), text: t.text.clone() }));
    let names = ["times", "times with value"];
    compare(
        &gold.collect::<Vec<_>>(),
        &found.collect::<Vec<_>>(),
        names,
        [
            "times that were missed",
            "times with another span",
            "times with another value",
            "times that are none",
        ],
        tally,
    );
}

/// The 1970s are `197` in TIMEX3 and `197X` in ISO 8601-2.
fn decade(value: &str) -> String {
    match value.strip_suffix('X') {
        Some(rest) if rest.len() == 3 && rest.bytes().all(|b| b.is_ascii_digit()) => rest.to_owned(),
        _ => value.to_owned(),
    }
}

/// Scores quantities: their spans, and spans with values. Lengths of time are times.
pub fn quantities(article: &Article, out: &Enriched, tally: &mut Tally) {
    let gold = article.quantities.iter().filter_map(|g| {
        let value = match &g.value {
            serde_json::Value::String(text) => text.replace(' ', ""),
            other => number(other.as_f64()?),
        };
        Some(Item { span: (g.start, g.end), value, text: g.text.clone() })
    });
    let found = out
        .quantities
        .iter()
        .filter(|q| q.kind != QuantityKind::Duration)
        .filter_map(|q| Some(Item { span: body(&q.span)?, value: worth(q), text: q.text.clone() }));
    let names = ["quantities", "quantities with value"];
    compare(
        &gold.collect::<Vec<_>>(),
        &found.collect::<Vec<_>>(),
        names,
        [
            "quantities that were missed",
            "quantities with another span",
            "quantities with another value",
            "quantities that are none",
        ],
        tally,
    );
}

fn worth(quantity: &Quantity) -> String {
    match quantity.against {
        Some(against) => format!("{}-{}", number(quantity.value), number(against)),
        None => number(quantity.value),
    }
}

fn number(value: f64) -> String {
    value.to_string()
}

fn compare(gold: &[Item], found: &[Item], names: [&str; 2], kinds: [&'static str; 4], tally: &mut Tally) {
    for g in gold {
        match found.iter().find(|f| f.span == g.span) {
            Some(f) if f.value == g.value => {}
            Some(f) => {
                tally.count(names[1]).missed += 1;
                tally.mistake(kinds[2], format!("{} = {} found as {}", g.text, g.value, f.value));
            }
            None => {
                names.iter().for_each(|name| tally.count(name).missed += 1);
                match found.iter().find(|f| f.span.0 < g.span.1 && g.span.0 < f.span.1) {
                    Some(f) => tally.mistake(kinds[1], format!("{} found as {}", g.text, f.text)),
                    None => tally.mistake(kinds[0], format!("{} = {}", g.text, g.value)),
                }
            }
        }
    }
    for f in found {
        let g = gold.iter().find(|g| f.span == g.span);
        mark(tally, names[0], g.is_some());
        mark(tally, names[1], g.is_some_and(|g| g.value == f.value));
        if !gold.iter().any(|g| f.span.0 < g.span.1 && g.span.0 < f.span.1) {
            tally.mistake(kinds[3], format!("{} = {}", f.text, f.value));
        }
    }
}

fn mark(tally: &mut Tally, name: &str, right: bool) {
    let count = tally.count(name);
    if right { count.right += 1 } else { count.wrong += 1 }
}

fn clip(text: &str) -> String {
    let start: String = text.chars().take(60).collect();
    if start.len() < text.len() { start + "…" } else { start }
}
