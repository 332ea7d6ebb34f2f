//! `khabar top` on a terminal: a [`Status`] as widgets. Pure: what is drawn follows from what is given.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Gauge, Paragraph, Row, Sparkline, Table, Widget};

use crate::render::clean;
use crate::status::{Partition, Status};

mod words;

use words::{bytes, count, names, optional, rate, seconds, wrapped};

/// Least columns of plain text; a narrower terminal cuts what does not fit.
const LEAST_WIDTH: u16 = 80;
/// Lines above the partitions: the headline, cards, what was found, the stages.
const ABOVE: u16 = 1 + CARDS + FOUND + 1;
const CARDS: u16 = 6;
const FOUND: u16 = 8;
/// Least lines for the partitions and the keys.
const BELOW: u16 = 6;
/// Most columns of a partition's name.
const NAME: u16 = 40;
/// Most lines of problems and notes.
const MOST_NOTES: u16 = 8;

/// What is drawn.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Where the instance is.
    pub address: String,
    /// What it said last.
    pub status: Option<Status>,
    /// Why it does not answer now, and for how long it has not.
    pub trouble: Option<(String, Duration)>,
    /// Partitions that are scrolled out of sight.
    pub scrolled: usize,
}

impl Widget for &View {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        draw(area, buffer, self);
    }
}

fn draw(area: Rect, buffer: &mut Buffer, view: &View) {
    let notes = notes(view, area.width);
    let notes_height = u16::try_from(notes.len()).unwrap_or(u16::MAX).min(MOST_NOTES);
    // A low terminal shows the partitions, then the cards, and all of it only where all of it has room.
    let room = area.height.saturating_sub(notes_height);
    let height = |wanted: u16, with: u16| if room >= with + BELOW { wanted } else { 0 };
    let [head, noted, cards, found, stages, partitions, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(notes_height),
        Constraint::Length(height(CARDS, 1 + CARDS)),
        Constraint::Length(height(FOUND, ABOVE)),
        Constraint::Length(height(1, ABOVE)),
        Constraint::Min(3),
        Constraint::Length(1),
    ])
    .areas(area);
    headline(view).render(head, buffer);
    Paragraph::new(notes).render(noted, buffer);
    let keys = "q ends   ↑ ↓ partitions";
    Line::styled(keys, Style::new().add_modifier(Modifier::DIM)).render(foot, buffer);
    let Some(status) = &view.status else { return };
    if cards.height > 0 {
        self::cards(buffer, cards, status);
    }
    if found.height > 0 {
        self::found(buffer, found, status);
        self::stages(status).render(stages, buffer);
    }
    self::partitions(buffer, partitions, status, view.scrolled);
}

/// The same as plain text, without a terminal: every partition, `width` columns.
pub fn text(view: &View, width: u16) -> String {
    let partitions = view.status.as_ref().map_or(0, |status| status.partitions.len());
    let width = width.max(LEAST_WIDTH);
    let notes = notes(view, width).len().min(usize::from(MOST_NOTES));
    let height = usize::from(ABOVE) + notes + partitions + 4;
    let height = u16::try_from(height).unwrap_or(u16::MAX);
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    view.render(area, &mut buffer);
    let mut out = String::new();
    // The last line is for keys, which nobody presses here.
    for y in 0..area.height.saturating_sub(1) {
        let mut line = String::new();
        let mut x = 0;
        while let Some(cell) = buffer.cell((x, y)) {
            line.push_str(cell.symbol());
            x += u16::try_from(unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1)).unwrap_or(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// How many partitions can be scrolled out of sight at most.
pub fn furthest(view: &View) -> usize {
    view.status.as_ref().map_or(0, |status| status.partitions.len().saturating_sub(1))
}

fn headline(view: &View) -> Line<'static> {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let (word, color) = match (&view.status, &view.trouble) {
        (_, Some(_)) => ("no answer", Color::Red),
        (None, None) => ("connecting", Color::Yellow),
        (Some(status), None) if status.state.draining => ("ending", Color::Yellow),
        (Some(status), None) if status.state.ready => ("ready", Color::Green),
        (Some(_), None) => ("not ready", Color::Red),
    };
    let mut line = vec![Span::styled("khabar ", bold), Span::styled(word, bold.fg(color))];
    let said = match &view.status {
        Some(status) => format!(
            "  {} · version {} · up {} · kb {}",
            view.address,
            status.instance.version,
            seconds(status.instance.uptime_seconds as f64),
            status.instance.knowledge_base,
        ),
        None => format!("  {}", view.address),
    };
    line.push(Span::raw(clean(&said).into_owned()));
    line.into()
}

/// Problems first, then what is only worth knowing.
fn notes(view: &View, width: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut line = |text: &str, color| {
        let wrapped = wrapped(&clean(text), usize::from(width));
        lines.extend(wrapped.into_iter().map(|line| Line::styled(line, Style::new().fg(color))));
    };
    if let Some((why, since)) = &view.trouble {
        let last = if view.status.is_some() { "; what is shown is the last that it said" } else { "" };
        let text = format!("! {why} ({} s, tried again each second{last})", since.as_secs());
        line(&text, Color::Red);
    }
    if let Some(status) = &view.status {
        status.state.problems.iter().for_each(|text| line(&format!("! {text}"), Color::Red));
        status.state.notes.iter().for_each(|text| line(&format!("· {text}"), Color::Yellow));
    }
    lines
}

fn cards(buffer: &mut Buffer, area: Rect, status: &Status) {
    let [throughput, lag, latency, memory] = Layout::horizontal([Constraint::Fill(1); 4]).areas(area);
    let Status { rates, progress, latency: waited, memory: used, records, history, .. } = status;

    let text = [
        format!("{} records/s", rate(rates.published)),
        format!("in  {}/s", bytes(rates.consumed_bytes)),
        format!("out {}/s", bytes(rates.published_bytes)),
    ];
    charted(buffer, throughput, "Published", &text, &history.published);

    // Of what nobody owns here the lag is not known.
    let owned = progress.partitions > 0;
    let caught_up = match progress.lag {
        _ if !owned => "not known".to_owned(),
        0 => "caught up".to_owned(),
        lag if progress.rate > 0.0 => format!("done in {}", seconds(lag as f64 / progress.rate)),
        _ => "not moving".to_owned(),
    };
    let text = [
        if owned { format!("{} records", count(progress.lag)) } else { "–".to_owned() },
        caught_up,
        format!("{} partitions", count(progress.partitions as u64)),
    ];
    charted(buffer, lag, "Lag", &text, &history.lag);

    let text = [
        format!("median {}", optional(waited.p50)),
        format!("95 %   {}", optional(waited.p95)),
        format!("99 %   {}", optional(waited.p99)),
    ];
    Paragraph::new(text.map(Line::raw).to_vec()).block(card("Latency")).render(latency, buffer);

    let block = card("In flight");
    let inner = block.inner(memory);
    block.render(memory, buffer);
    let [bar, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    let share = used.in_flight_bytes as f64 / used.budget_bytes.max(1) as f64;
    let color = if used.paused { Color::Red } else { Color::Cyan };
    let gauge = Gauge::default().ratio(share.clamp(0.0, 1.0)).label("").gauge_style(Style::new().fg(color));
    gauge.render(bar, buffer);
    let waits = match (used.paused, used.paused_partitions) {
        (true, _) => "waits for memory".to_owned(),
        (false, 0) => format!("{} at the producer", count(used.producer_queue)),
        (false, n) => format!("{n} partitions wait"),
    };
    let text = [
        format!("{:.0} % of {}", share * 100.0, bytes(used.budget_bytes as f64)),
        format!("{} records", count(records.in_flight)),
        waits,
    ];
    Paragraph::new(text.map(Line::raw).to_vec()).render(rest, buffer);
}

fn charted(buffer: &mut Buffer, area: Rect, title: &'static str, text: &[String], history: &[u64]) {
    let block = card(title);
    let inner = block.inner(area);
    block.render(area, buffer);
    let [above, below] = Layout::vertical([Constraint::Length(3), Constraint::Min(0)]).areas(inner);
    Paragraph::new(text.iter().map(|line| Line::raw(line.clone())).collect::<Vec<_>>()).render(above, buffer);
    // The latest stand at the right.
    let shown = history.len().saturating_sub(usize::from(below.width));
    let recent = history.get(shown..).unwrap_or_default();
    let empty = usize::from(below.width).saturating_sub(recent.len());
    let data = std::iter::repeat_n(0, empty).chain(recent.iter().copied());
    Sparkline::default().data(data).style(Style::new().fg(Color::Cyan)).render(below, buffer);
}

fn found(buffer: &mut Buffer, area: Rect, status: &Status) {
    let [records, letters, languages] =
        Layout::horizontal([Constraint::Length(26), Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
    let r = &status.records;
    let lines = [
        ("consumed", r.consumed),
        ("published", r.published),
        ("dead lettered", r.dead_lettered),
        ("dropped", r.dropped),
        ("abandoned", r.abandoned),
        ("in flight", r.in_flight),
    ];
    let lines = lines.map(|(name, n)| Line::raw(format!("{name:<13}{:>11}", count(n))));
    Paragraph::new(lines.to_vec()).block(card("Records")).render(records, buffer);
    let empty = status.quality.empty_results.values().sum();
    let mut lines = ranked(&status.dead_letters, 4);
    if lines.is_empty() {
        lines.push(Line::raw("none"));
    }
    // A feed that has changed its format shows here first.
    let mut reasons: Vec<_> =
        status.quality.empty_results.iter().filter(|(_, number)| **number > 0).collect();
    reasons.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    let reason = reasons.first().map_or_else(String::new, |(reason, _)| format!(": {}", clean(reason)));
    lines.push(Line::raw(format!("{:>6} empty{reason}", count(empty))));
    Paragraph::new(lines).block(card("Dead letters")).render(letters, buffer);
    let mut lines: Vec<_> = names(&status.quality)
        .into_iter()
        .take(5)
        .map(|(name, language)| {
            let density = language.entities_per_thousand_characters;
            let density = density.map_or_else(|| "–".to_owned(), |density| format!("{density:.2}"));
            Line::raw(format!("{name:<7}{:>9}{density:>9}", count(language.articles)))
        })
        .collect();
    lines.insert(0, Line::styled("        articles entities", Style::new().add_modifier(Modifier::DIM)));
    Paragraph::new(lines).block(card("Entities/1000 chars")).render(languages, buffer);
}

/// What a record takes in each stage, and by what it was read.
fn stages(status: &Status) -> Line<'static> {
    let mut parts: Vec<String> = ["decode", "extract", "encode"]
        .into_iter()
        .filter_map(|name| {
            let stage = status.stages.get(name)?;
            let waits = if stage.queue > 0 { format!(", {} wait", stage.queue) } else { String::new() };
            Some(format!("{name} {}{waits}", optional(stage.seconds)))
        })
        .collect();
    parts.push(format!("settings {}", clean(&status.instance.config)));
    let mut models: Vec<_> = status.instance.models.values().map(|model| clean(model).into_owned()).collect();
    models.dedup();
    if !models.is_empty() {
        parts.push(format!("models {}", models.join(", ")));
    }
    Line::styled(format!(" {}", parts.join(" · ")), Style::new().add_modifier(Modifier::DIM))
}

/// The most frequent first.
fn ranked(counts: &std::collections::BTreeMap<String, u64>, most: usize) -> Vec<Line<'static>> {
    let mut all: Vec<_> = counts.iter().filter(|(_, count)| **count > 0).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let rest: u64 = all.iter().skip(most).map(|(_, count)| **count).sum();
    let mut lines: Vec<_> = all
        .iter()
        .take(most)
        .map(|(name, n)| Line::raw(format!("{:>6} {}", count(**n), clean(name))))
        .collect();
    if rest > 0 {
        lines.push(Line::raw(format!("{:>6} others", count(rest))));
    }
    lines
}

fn partitions(buffer: &mut Buffer, area: Rect, status: &Status, scrolled: usize) {
    let known = |value: Option<i64>| {
        value.map_or_else(|| "–".to_owned(), |value| count(u64::try_from(value).unwrap_or(0)))
    };
    let place =
        |partition: &Partition| clean(&format!("{}/{}", partition.topic, partition.partition)).into_owned();
    let longest = status.partitions.iter().map(|partition| place(partition).len()).max().unwrap_or(0);
    let waits = status.partitions.iter().any(|partition| partition.waiting.is_some());
    let rows = status.partitions.iter().skip(scrolled).map(|partition| {
        let done = match (partition.watermark, partition.end) {
            (Some(mark), Some(end)) if end > 0 => format!("{} %", 100 * mark / end),
            _ => "–".to_owned(),
        };
        let cells = [
            place(partition),
            known(partition.lag),
            done,
            rate(partition.rate),
            known(partition.watermark),
            known(partition.end),
            partition.waiting.as_ref().map_or_else(String::new, |why| format!("waits: {}", clean(why))),
        ];
        let style = if partition.waiting.is_some() { Style::new().fg(Color::Yellow) } else { Style::new() };
        Row::new(cells.into_iter().enumerate().map(|(at, cell)| aligned(at, cell))).style(style)
    });
    let heads = ["", "lag", "done", "records/s", "next offset", "end", ""];
    let header = Row::new(heads.iter().enumerate().map(|(at, head)| aligned(at, (*head).to_owned())))
        .style(Style::new().add_modifier(Modifier::DIM));
    let widths = [
        Constraint::Length(u16::try_from(longest).unwrap_or(u16::MAX).min(NAME)),
        Constraint::Fill(1),
        Constraint::Length(6),
        Constraint::Fill(1),
        Constraint::Fill(1),
        Constraint::Fill(1),
        Constraint::Length(if waits { 18 } else { 0 }),
    ];
    let more = status.progress.partitions.saturating_sub(status.partitions.len());
    let title = if more > 0 {
        format!(" Partitions with the greatest lag; {more} more ")
    } else {
        " Partitions ".into()
    };
    let block = Block::bordered().border_type(BorderType::Rounded).title(title);
    Table::new(rows, widths).header(header).block(block).render(area, buffer);
}

/// Numbers stand at the right of their columns.
fn aligned(column: usize, cell: String) -> ratatui::text::Text<'static> {
    let text = ratatui::text::Text::raw(cell);
    if matches!(column, 1..=5) { text.right_aligned() } else { text }
}

fn card(title: &'static str) -> Block<'static> {
    Block::bordered().border_type(BorderType::Rounded).title(format!(" {title} "))
}
