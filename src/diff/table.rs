//! The result for a person at a terminal.

use std::fmt::Write;

use serde_json::Value;

use super::changes::Change;
use super::report::{EntityReport, Named, Report, SideReport};
use crate::render::clean;

/// Names a line.
const NAMES: usize = 8;
/// Changes of one example.
const CHANGES: usize = 12;

/// The whole report.
pub fn table(report: &Report) -> String {
    let mut out = String::new();
    sides(report, &mut out);
    pairs(report, &mut out);
    if report.changed > 0 {
        fields(report, &mut out);
        languages(report, &mut out);
        entities(report, &mut out);
        examples(report, &mut out);
    }
    alone(report, &mut out);
    let verdict = if report.different { "there are differences" } else { "no difference" };
    let _ = writeln!(out, "\n{verdict}");
    out
}

fn sides(report: &Report, out: &mut String) {
    for (letter, side) in [("A", &report.a), ("B", &report.b)] {
        let _ = writeln!(out, "{letter}  {}", text(&side.name));
        for made in &side.pipelines {
            let of = if side.pipelines.len() > 1 {
                format!("  ({} records)", made.records)
            } else {
                String::new()
            };
            let _ = writeln!(out, "   made by {}{of}", pipeline(&made.pipeline));
        }
    }
    let _ = writeln!(out, "\n{:<28}{:>12}{:>12}", "", "A", "B");
    let mut line = |label: &str, count: fn(&SideReport) -> u64, always: bool| {
        let (a, b) = (count(&report.a), count(&report.b));
        if always || a + b > 0 {
            let _ = writeln!(out, "{label:<28}{a:>12}{b:>12}");
        }
    };
    line("read", |side| side.read, true);
    line("compared, one a source", |side| side.compared, true);
    line("repeats, discarded", |side| side.repeats, true);
    line("  of these, not the same", |side| side.repeats_that_differ, false);
    line("tombstones", |side| side.tombstones, true);
    line("unreadable", |side| side.unreadable, true);
    line("outside the sample", |side| side.outside_sample, false);
    for bad in report.a.unreadable_examples.iter().chain(&report.b.unreadable_examples) {
        let _ = writeln!(out, "  unreadable: {}: {}", text(&bad.place), text(&bad.why));
    }
}

fn pipeline(value: &Value) -> String {
    let member = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("?");
    let mut all = format!("version {}, config {}, kb {}", member("version"), member("config"), member("kb"));
    let models = value.get("models").and_then(Value::as_object);
    for (language, version) in models.into_iter().flatten() {
        let _ = write!(all, ", model {language} {}", version.as_str().unwrap_or("?"));
    }
    text(&all)
}

fn pairs(report: &Report, out: &mut String) {
    let mut line = |label: &str, count: u64, of: Option<u64>| {
        let share = of.map(|all| share(count, all)).unwrap_or_default();
        let _ = writeln!(out, "{label:<28}{count:>12}{share}");
    };
    line("\nin both", report.both, None);
    line("  the same bytes", report.identical, Some(report.both));
    line("  other bytes, same meaning", report.same, Some(report.both));
    line("  changed", report.changed, Some(report.both));
    line("  under another key", report.keys_differ, Some(report.both));
    line("only in A", report.only_a, None);
    line("only in B", report.only_b, None);
    if report.both == 0 && report.only_a > 0 && report.only_b > 0 {
        let _ = writeln!(
            out,
            "\nnothing belongs together by {}: --by id compares by the records' ids",
            report.by
        );
    }
}

fn fields(report: &Report, out: &mut String) {
    let _ = writeln!(out, "\n{:<28}{:>12}", "changed by field", "records");
    let mut fields: Vec<_> = report.fields.iter().filter(|field| field.changed > 0).collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.changed));
    for field in fields {
        let _ =
            writeln!(out, "  {:<26}{:>12}{}", field.field, field.changed, share(field.changed, report.both));
    }
}

fn languages(report: &Report, out: &mut String) {
    let head = ("by language", "in both", "changed", "gained", "lost");
    let _ = writeln!(out, "\n{:<28}{:>12}{:>12}{:>16}{:>12}", head.0, head.1, head.2, "entities +", "-");
    for of in &report.languages {
        let _ = writeln!(
            out,
            "  {:<26}{:>12}{:>12}{:>16}{:>12}{}",
            text(&of.language),
            of.both,
            of.changed,
            of.entities_gained,
            of.entities_lost,
            share(of.changed, of.both)
        );
    }
}

fn entities(report: &Report, out: &mut String) {
    if !report.entities.is_empty() {
        let _ = writeln!(out, "\n{:<28}{:>12}{:>12}{:>16}", "entities", "gained", "lost", "other link");
    }
    for of in &report.entities {
        let EntityReport { kind, gained, lost, relinked, .. } = of;
        let _ = writeln!(out, "  {:<26}{gained:>12}{lost:>12}{relinked:>16}", text(kind));
        for (sign, names) in [("+", &of.gained_names), ("-", &of.lost_names), ("~", &of.relinked_names)] {
            if !names.is_empty() {
                let _ = writeln!(out, "    {sign} {}", most(names));
            }
        }
    }
    if report.mentions_gained + report.mentions_lost > 0 {
        let _ =
            writeln!(out, "  {:<26}{:>12}{:>12}", "mentions", report.mentions_gained, report.mentions_lost);
    }
}

fn most(names: &[Named]) -> String {
    let some: Vec<_> =
        names.iter().take(NAMES).map(|n| format!("{} ({})", text(&n.name), n.records)).collect();
    let more = if names.len() > NAMES { ", …" } else { "" };
    format!("{}{more}", some.join(", "))
}

fn examples(report: &Report, out: &mut String) {
    for (i, example) in report.examples.iter().enumerate() {
        let (source, a, b) = (text(&example.source), text(&example.a), text(&example.b));
        let _ = writeln!(out, "\nexample {} of {} changed: {source}\n  A {a}, B {b}", i + 1, report.changed);
        let Some(changes) = &example.changes else {
            let _ = writeln!(out, "  A's record is gone by now");
            continue;
        };
        for change in changes.list.iter().take(CHANGES) {
            let _ = writeln!(out, "  {:<13}{}", change.field, described(change));
        }
        let more = changes.list.len().saturating_sub(CHANGES) + changes.more;
        if more > 0 {
            let _ = writeln!(out, "  and {more} more changes; --json lists more of them");
        }
    }
}

fn described(change: &Change) -> String {
    let what = text(&change.what);
    let known = |value: &str| if value.is_empty() { "nothing".to_owned() } else { text(value) };
    let in_brackets =
        |value: &str| if value.is_empty() { String::new() } else { format!(" ({})", text(value)) };
    match (&change.before, &change.after) {
        (None, Some(after)) => format!("+ {what}{}", in_brackets(after)),
        (Some(before), None) => format!("- {what}{}", in_brackets(before)),
        (before, after) => {
            let colon = if what.is_empty() { "" } else { ": " };
            let (before, after) = (before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""));
            format!("~ {what}{colon}{} -> {}", known(before), known(after))
        }
    }
}

fn alone(report: &Report, out: &mut String) {
    let mut list = |label: &str, all: &[String]| {
        if !all.is_empty() {
            let _ = writeln!(out, "\n{label}");
            for one in all {
                let _ = writeln!(out, "  {}", text(one));
            }
        }
    };
    list("only in A, for example", &report.only_a_examples);
    list("only in B, for example", &report.only_b_examples);
    let keys = report.key_examples.iter().map(|k| format!("{} (A {}, B {})", k.source, k.a, k.b));
    list("under another key, for example", &keys.collect::<Vec<_>>());
}

/// Foreign text on one line.
fn text(text: &str) -> String {
    clean(text).replace('\n', " ")
}

fn share(part: u64, all: u64) -> String {
    if all == 0 { String::new() } else { format!("{:>9.1} %", part as f64 * 100.0 / all as f64) }
}
