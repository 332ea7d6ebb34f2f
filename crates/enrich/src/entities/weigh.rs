//! What the knowledge base, the patterns and the tagger say of one field, weighed against each other.

use std::ops::Range;

use super::Clues;
use super::settle::{Known, Name};
use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, FoundBy};
use crate::gazetteer::Seen;
use crate::kb::Kb;
use crate::patterns::Guess;
use crate::tagger::Tagged;

/// A reading of the knowledge base at least this sure stands where the tagger sees nothing.
const SURE: u8 = 90;
/// The tagger's type stands against the knowledge base's from this probability on.
const OTHER_TYPE: f32 = 0.7;

/// Names of a field that may stand; [`settle::names`](super::settle::names) settles those that overlap. `n` is the
/// index of the field.
pub(super) fn weigh(
    kb: &Kb,
    n: usize,
    doc: &Doc,
    seen: &[Seen],
    clues: Clues,
    tagged: Option<Vec<Tagged>>,
) -> Vec<Name> {
    let Clues { known, guesses, .. } = clues;
    let Some(tagged) = tagged else { return without_tagger(n, &known, guesses) };
    let tagged: Vec<(Tagged, Range<u32>)> =
        tagged.into_iter().filter_map(|t| trimmed(doc, seen, t)).collect();
    let mut names = Vec::new();
    for (t, range) in &tagged {
        let same = known.iter().find(|k| k.hit.range == *range);
        names.push(match same {
            Some(k) if k.kind == t.kind || t.probability < OTHER_TYPE => {
                let both =
                    if k.kind == t.kind { k.confidence.max(percent(t.probability)) } else { k.confidence };
                Name { confidence: both, ..of_known(n, k) }
            }
            Some(k) => {
                let of_kind = |e: &&u32| kb.entity(**e).is_some_and(|e| e.kind() == t.kind);
                let entity = k.others.iter().find(of_kind).copied();
                Name { entity, ..of_tagged(n, t, range.clone()) }
            }
            None => of_tagged(n, t, range.clone()),
        });
    }
    let touches = |range: &Range<u32>| tagged.iter().any(|(_, t)| t.start < range.end && range.start < t.end);
    for k in known.iter().filter(|k| !tagged.iter().any(|(_, range)| *range == k.hit.range)) {
        if k.confidence >= SURE || touches(&k.hit.range) {
            names.push(of_known(n, k));
        }
    }
    names
}

/// As far as names go; marks at the ends are none.
fn trimmed(doc: &Doc, seen: &[Seen], mut tagged: Tagged) -> Option<(Tagged, Range<u32>)> {
    let is_mark = |i: usize| doc.tokens.get(i).is_none_or(|t| t.kind == TokenKind::Punct);
    while !tagged.tokens.is_empty() && is_mark(tagged.tokens.start) {
        tagged.tokens.start += 1;
    }
    while !tagged.tokens.is_empty() && is_mark(tagged.tokens.end - 1) {
        tagged.tokens.end -= 1;
    }
    let start = seen.get(tagged.tokens.start)?.start;
    let end = doc.tokens.get(tagged.tokens.end.checked_sub(1)?)?.end;
    (start < end).then_some((tagged, start..end))
}

fn percent(probability: f32) -> u8 {
    (probability * 100.0).round().clamp(1.0, 99.0) as u8
}

fn of_tagged(n: usize, tagged: &Tagged, range: Range<u32>) -> Name {
    Name {
        doc: n,
        tokens: tagged.tokens.clone(),
        range,
        kind: tagged.kind,
        entity: None,
        others: Vec::new(),
        found_by: FoundBy::Tagger,
        confidence: percent(tagged.probability),
    }
}

fn of_known(n: usize, known: &Known) -> Name {
    Name {
        doc: n,
        tokens: known.hit.tokens.clone(),
        range: known.hit.range.clone(),
        kind: known.kind,
        entity: Some(known.entity),
        others: known.others.clone(),
        found_by: FoundBy::Kb,
        confidence: known.confidence,
    }
}

fn without_tagger(n: usize, known: &[Known], guesses: Vec<Guess>) -> Vec<Name> {
    let mut names: Vec<Name> = known.iter().map(|k| of_known(n, k)).collect();
    let mut next = known.iter().peekable();
    names.extend(guesses.into_iter().map(|g| {
        // `نادي ريال مدريد`: the head's complement is the organisation itself.
        while next.next_if(|k| k.hit.range.start < g.range.start).is_some() {}
        let same = next.peek().filter(|k| {
            g.kind == EntityType::Org && k.kind == EntityType::Org && k.hit.range.end == g.range.end
        });
        Name {
            doc: n,
            tokens: g.tokens,
            range: g.range,
            kind: g.kind,
            entity: same.map(|k| k.entity),
            others: Vec::new(),
            found_by: FoundBy::Pattern,
            confidence: g.confidence,
        }
    }));
    names
}
