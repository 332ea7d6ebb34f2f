//! A record for a terminal.
//!
//! Text stays in logical order and nothing is added inside it: whoever copies a line copies the
//! article's letters. Lines of our own begin with Latin letters, so that terminals that reorder
//! right-to-left text by paragraph show them left to right.

use khabar_enrich::article::Moment;
use khabar_enrich::enriched::{Entity, EntityType, Field, Mention, Quote, QuoteKind};

use super::clean::clean;
use super::marks::{Piece, What, pieces};
use super::view::{HEADINGS, Speaker, View, language_name, number, offices, word};
use super::wrap::{Block, Style, columns};

/// The most that one line of a list shows of a text, in columns.
const EXCERPT: usize = 240;

/// Columns before the names in a list of entities.
const LIST: usize = 9;

/// One record, `width` columns wide, ended by a line end. With `color` entities are coloured by type;
/// without, they stand in brackets.
pub fn pretty(view: &View, width: usize, color: bool) -> String {
    let width = width.clamp(40, 160);
    let mut page = Printer { out: String::new(), width, color };
    page.rule();
    if view.text.title.is_some() {
        page.text(view, Field::Title, Style::BOLD);
    }
    page.line(0, &byline(view), Style::DIM);
    if let Some(url) = &view.article.url {
        page.line(0, url, Style::DIM);
    }
    if view.text.body.is_some() {
        page.blank();
        page.text(view, Field::Body, Style::PLAIN);
    }
    page.entities(view);
    page.quotes(view);
    page.values(view);
    page.remarks(view);
    page.out
}

/// Language, place in Kafka, publisher, date, authors and section: what there is of them.
fn byline(view: &View) -> String {
    let mut parts = Vec::new();
    match &view.language.detected {
        Some(code) => {
            parts.push(format!("{} {:.0} %", language_name(code), view.language.confidence * 100.0));
        }
        None => parts.push("language not told".to_owned()),
    }
    if let Some(source) = &view.source {
        parts.push(format!("{}/{} @ {}", source.topic, source.partition, source.offset));
    }
    let article = &view.article;
    parts.extend(article.publisher.clone());
    parts.extend(article.published.as_ref().map(moment));
    parts.extend(article.section.clone());
    if !article.authors.is_empty() {
        parts.push(format!("by {}", article.authors.join(", ")));
    }
    if parts.len() == 1 {
        parts.push(view.id.clone());
    }
    parts.join(" · ")
}

/// `2026-11-23 17:00 +03:00`, with a word when the zone is not known.
fn moment(moment: &Moment) -> String {
    let value = moment.value.replacen('T', " ", 1);
    match moment.zone_known || !value.contains(':') {
        true => value,
        false => format!("{value} (zone unknown)"),
    }
}

struct Printer {
    out: String,
    width: usize,
    color: bool,
}

impl Printer {
    fn blank(&mut self) {
        self.out.push('\n');
    }

    fn rule(&mut self) {
        let rule = "─".repeat(self.width);
        self.line(0, &rule, Style::DIM);
    }

    /// Foreign or own words on lines of their own.
    fn line(&mut self, indent: usize, words: &str, style: Style) {
        self.hanging_line(indent, 0, words, style);
    }

    /// The same with the lines that follow the first `hanging` spaces further in.
    fn hanging_line(&mut self, indent: usize, hanging: usize, words: &str, style: Style) {
        let mut block = Block::new(self.width, indent, self.color).hanging(hanging);
        block.push(&clean(words).replace('\n', " "), style);
        self.out.push_str(&block.finish());
    }

    fn heading(&mut self, words: &str) {
        self.blank();
        self.line(0, words, Style::BOLD);
    }

    /// One field with its annotations highlighted.
    fn text(&mut self, view: &View, field: Field, base: Style) {
        let mut block = Block::new(self.width, 0, self.color);
        let mut styles = vec![(base, false)];
        for piece in pieces(view, field) {
            let (style, _) = styles.last().copied().unwrap_or((base, false));
            match piece {
                Piece::Text(words) => block.push(&clean(words), style),
                Piece::Open(what) => {
                    let bracket = matches!(what, What::Mention(_)) && !self.color;
                    if bracket {
                        block.push("[", style);
                    }
                    styles.push((marked(view, what, style), bracket));
                }
                Piece::Close => {
                    if styles.pop().is_some_and(|(_, bracket)| bracket) {
                        block.push("]", style);
                    }
                }
            }
        }
        self.out.push_str(&block.finish());
    }

    fn entities(&mut self, view: &View) {
        for (kind, heading) in HEADINGS {
            let found = view.entities_of(kind);
            if found.is_empty() {
                continue;
            }
            self.heading(heading);
            let shown = |e: &Entity| clean(english(e)).into_owned();
            let widest = found.iter().map(|e| columns(&shown(e))).max().unwrap_or(0).min(36);
            for entity in found {
                let mut block = Block::new(self.width, 2, self.color).hanging(LIST);
                let name = shown(entity);
                block.push(&format!("{:<4}", clean(&entity.id)), Style::DIM);
                block.push(&format!("{:>3}× ", entity.mentions.len()), Style::DIM);
                block.push(&name, Style::of(kind));
                block.pad(widest.saturating_sub(columns(&name)) + 2);
                for extra in [link(entity), guess(entity), other_name(entity)].into_iter().flatten() {
                    block.push(&clean(&extra), Style::PLAIN);
                    block.pad(2);
                }
                self.out.push_str(&block.finish());
                for office in offices(view, entity) {
                    self.hanging_line(2 + LIST, 8, &format!("office: {}", excerpt(office)), Style::DIM);
                }
            }
        }
    }

    fn quotes(&mut self, view: &View) {
        if !view.quotes.is_empty() {
            self.heading("Said");
        }
        for quote in &view.quotes {
            self.line(2, &attribution(view, quote), Style::PLAIN);
            let words = excerpt(&quote.text);
            let words = if quote.kind == QuoteKind::Direct { format!("“{words}”") } else { words };
            self.line(6, &words, Style::ITALIC);
        }
        if !view.quoted.is_empty() {
            self.heading("In quotation marks, but not said");
        }
        self.list(view.quoted.iter().map(|q| format!("{:<10}{}", word(&q.kind), excerpt(&q.text))), 10);
    }

    fn values(&mut self, view: &View) {
        if !view.times.is_empty() {
            self.heading("Dates and times");
        }
        self.list(
            view.times.iter().map(|time| {
                let modifier =
                    time.modifier.map(|m| format!(" {}", word(&m).to_lowercase())).unwrap_or_default();
                let value = format!("{}{modifier}", time.value);
                let kind = word(&time.kind).to_lowercase();
                format!("{kind:<10}{value:<22}{}", excerpt(&time.text))
            }),
            32,
        );
        if !view.quantities.is_empty() {
            self.heading("Figures");
        }
        self.list(
            view.quantities.iter().map(|quantity| {
                let unit = quantity.unit.map(|u| format!(" {}", word(&u))).unwrap_or_default();
                let value = format!("{}{unit}", number(quantity.value));
                let kind = word(&quantity.kind);
                format!("{kind:<10}{value:<22}{}", excerpt(&quantity.text))
            }),
            32,
        );
    }

    /// Lines of a list; one that comes again is shown once.
    fn list(&mut self, lines: impl Iterator<Item = String>, hanging: usize) {
        let mut seen = std::collections::BTreeSet::new();
        for line in lines {
            if !seen.contains(&line) {
                self.hanging_line(2, hanging, &line, Style::PLAIN);
                seen.insert(line);
            }
        }
    }

    fn remarks(&mut self, view: &View) {
        let missing = &view.article.missing;
        if missing.is_empty() && view.diagnostics.is_empty() {
            return;
        }
        self.blank();
        if !missing.is_empty() {
            self.line(0, &format!("not given: {}", missing.join(", ")), Style::DIM);
        }
        for remark in &view.diagnostics {
            self.line(0, &format!("{}: {}", remark.code, remark.message), Style::DIM);
        }
    }
}

/// What the text inside a mark looks like, given what it looked like outside.
fn marked(view: &View, what: What, outside: Style) -> Style {
    match what {
        What::Quote(_) => Style { italic: true, ..outside },
        What::Time(_) | What::Quantity(_) => Style { underline: true, ..outside },
        What::Mention(i) => {
            let kind = view.mentions.get(i).map(|m: &Mention| m.kind);
            Style { kind: kind.or(outside.kind), ..outside }
        }
    }
}

/// The name that a reader of English knows, where there is one.
fn english(entity: &Entity) -> &str {
    entity.name_en.as_deref().unwrap_or(&entity.name)
}

/// The name in the article's own language, where it differs.
fn other_name(entity: &Entity) -> Option<String> {
    (english(entity) != entity.name).then(|| entity.name.clone())
}

fn link(entity: &Entity) -> Option<String> {
    let link = &entity.link;
    link.wikidata
        .clone()
        .or_else(|| link.iso3166.clone())
        .or_else(|| link.geonames.map(|id| format!("geonames:{id}")))
}

/// The likeliest other reading.
fn guess(entity: &Entity) -> Option<String> {
    let other = entity.candidates.first()?;
    Some(format!("or {} {}", word::<EntityType>(&other.kind), other.name))
}

fn attribution(view: &View, quote: &Quote) -> String {
    let mut out = match view.speaker(quote) {
        Some(Speaker::Entity(entity)) => english(entity).to_owned(),
        Some(Speaker::Words(words)) => words.to_owned(),
        None => "speaker not told".to_owned(),
    };
    if let Some(reader) = quote.read_by.as_deref().and_then(|id| view.entity(id)) {
        out.push_str(&format!(", read by {}", english(reader)));
    }
    if let Some(cue) = &quote.cue {
        out.push_str(&format!(" ({cue})"));
    }
    out.push(':');
    out
}

/// The beginning of a text, cut at a word's end where it is long.
fn excerpt(text: &str) -> String {
    let text = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= EXCERPT {
        return text;
    }
    let cut: String = text.chars().take(EXCERPT).collect();
    let kept = cut.rsplit_once(' ').map_or(cut.as_str(), |(kept, _)| kept);
    format!("{kept} …")
}
