//! Which of the names found stand: context for weak ones, overlaps, nesting.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::homographs::{self, Homographs};
use super::namesakes::{self, Countries};
use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, FoundBy};
use crate::gazetteer::{Hit, Seen};
use crate::kb::Kb;
use crate::kb::word::{Class, Classes};

/// A name in the text that stands.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// Index of the field.
    pub doc: usize,
    /// Tokens it covers, the first perhaps in part.
    pub tokens: Range<usize>,
    /// Bytes it covers.
    pub range: Range<u32>,
    /// Its type.
    pub kind: EntityType,
    /// Index in the knowledge base.
    pub entity: Option<u32>,
    /// Other readings there.
    pub others: Vec<u32>,
    /// What found it.
    pub found_by: FoundBy,
    /// Per cent.
    pub confidence: u8,
}

/// A name of the knowledge base with the reading that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Where it stands.
    pub hit: Hit,
    /// Index in the knowledge base.
    pub entity: u32,
    /// Other readings, likeliest first.
    pub others: Vec<u32>,
    /// Its type.
    pub kind: EntityType,
    /// Per cent.
    pub confidence: u8,
}

/// Entities that some name in the article stands for without help.
pub(super) fn strong_entities(kb: &Kb, hits: &[Vec<Hit>]) -> FxHashSet<u32> {
    hits.iter()
        .flatten()
        .filter_map(|hit| kb.readings(hit.node).next())
        .filter(|reading| !reading.weak)
        .map(|reading| reading.entity)
        .collect()
}

/// Whether an article is about sport, where names of cities and ordinary words are clubs.
pub(super) fn about_sport(seen: &[Vec<Seen>]) -> bool {
    let cues = seen.iter().flatten().filter(|s| s.classes.is(Class::ClubCue)).count();
    let tokens: usize = seen.iter().map(Vec::len).sum();
    cues >= 3 && cues * 100 >= tokens
}

/// What the article says around its names.
pub(super) struct Context<'a> {
    /// See [`strong_entities`].
    pub strong: &'a FxHashSet<u32>,
    /// See [`about_sport`].
    pub sport: bool,
    /// The countries that it names.
    pub countries: &'a Countries<'a>,
    /// Which of its names are words.
    pub homographs: &'a Homographs<'a>,
}

/// The hits whose reading is clear enough, each with the reading chosen.
/// Single words that are no names go to `words`.
pub(super) fn choose(
    kb: &Kb,
    doc: &Doc,
    seen: &[Seen],
    hits: &[Hit],
    context: &Context<'_>,
    words: &mut Vec<Range<u32>>,
) -> Vec<Known> {
    hits.iter().cloned().filter_map(|hit| choose_one(kb, doc, seen, hit, context, words)).collect()
}

/// Prior below which a name is no club: small outlets.
const CLUB_PRIOR: u32 = 100;

fn choose_one(
    kb: &Kb,
    doc: &Doc,
    seen: &[Seen],
    hit: Hit,
    context: &Context<'_>,
    words: &mut Vec<Range<u32>>,
) -> Option<Known> {
    let before = hit.tokens.start.checked_sub(1);
    let joined = seen.get(hit.tokens.start).is_some_and(|s| s.joined);
    let before = before.filter(|_| joined);
    let cue = before.and_then(|i| seen.get(i)).map(|s| s.classes).unwrap_or_default();
    let single = hit.tokens.len() == 1;
    // `الهيئة السعودية` is an adjective, `في السعودية` a country.
    let adjective = single && seen.get(hit.tokens.start).is_some_and(|s| s.classes.is(Class::Nation));
    if adjective && before.and_then(|i| doc.tokens.get(i)).is_some_and(|t| definite(doc.folded_token(t))) {
        return None;
    }
    let mut first = None;
    let mut club = None;
    let mut others = Vec::new();
    for reading in kb.readings(hit.node) {
        let Some(entity) = kb.entity(reading.entity) else { continue };
        if homographs::never(doc, &hit, entity.kind())
            || entity.kind() == EntityType::Per && ends_low(doc, &hit)
        {
            continue;
        }
        let in_sport = context.sport && entity.kind() == EntityType::Org && entity.prior() >= CLUB_PRIOR;
        let stands =
            !reading.weak || context.strong.contains(&reading.entity) || cued(cue, entity.kind()) || in_sport;
        if stands && in_sport && reading.weak && club.is_none() {
            club = Some(reading);
        }
        if stands && first.is_none() {
            first = Some(reading);
        }
        others.push(reading.entity);
    }
    let placed = cue.is(Class::PlaceCue) || in_place(doc, before);
    let chosen = match (first, club) {
        (first, Some(club)) if !placed => first.filter(|f| f.entity == club.entity).or(Some(club)),
        (first, _) => first,
    }?;
    if context.homographs.is_word(doc, seen, &hit, chosen, context.countries) {
        if single {
            words.push(hit.range);
        }
        return None;
    }
    let chosen = namesakes::choose(kb, doc, seen, &hit, chosen, context.countries);
    others.retain(|e| *e != chosen.entity);
    others.truncate(3);
    let kind = kb.entity(chosen.entity).map_or(EntityType::Misc, |e| e.kind());
    let confidence = match (chosen.weak, others.is_empty()) {
        (true, _) => 75,
        (false, false) => 85,
        (false, true) => 95,
    };
    Some(Known { hit, entity: chosen.entity, others, kind, confidence })
}

/// Whether the last word of a name begins with a small letter, as none of a person's does: `Le maire`.
fn ends_low(doc: &Doc, hit: &Hit) -> bool {
    let last = hit.tokens.end.checked_sub(1).and_then(|i| doc.tokens.get(i));
    hit.tokens.len() > 1 && last.is_some_and(|t| doc.normalised_token(t).starts_with(char::is_lowercase))
}

/// Whether the word before says what kind of name follows.
fn cued(cue: Classes, kind: EntityType) -> bool {
    match kind {
        EntityType::Loc => cue.is(Class::PlaceCue),
        EntityType::Org => cue.any(Class::ClubCue, Class::OrgCue),
        EntityType::Per => cue.any(Class::Title, Class::Speaker) || cue.is(Class::Nation),
        _ => false,
    }
}

/// `في برشلونة` is the city.
fn in_place(doc: &Doc, before: Option<usize>) -> bool {
    before
        .and_then(|i| doc.tokens.get(i))
        .is_some_and(|t| matches!(doc.folded_token(t), "في" | "in" | "at" | "в" | "à"))
}

fn definite(word: &str) -> bool {
    ["ال", "وال", "بال", "لل", "كال", "فال", "ولل"].iter().any(|p| word.starts_with(p)) && word.len() > 8
}

/// Whether `name` is what the longer name `outer` begins with in Arabic, where the noun comes first and what it belongs
/// to behind it: الاتحاد الأوروبي لكرة القدم is no part of the European Union, and طوكيو مارين lies nowhere. A year behind a
/// place is that place's (باريس 2024), and an unlisted longer form of its own kind may be the thing itself (قناة السويس
/// الجديدة).
fn is_first_word(doc: &Doc, name: &Name, outer: &Name) -> bool {
    name.range.start == outer.range.start
        && outer.kind != EntityType::Event
        && (outer.entity.is_some() || name.kind != outer.kind)
        && doc.tokens.get(name.tokens.start).is_some_and(|t| t.kind == TokenKind::Arabic)
}

/// The names of one field, in order of start, longest first; nested ones are kept, crossing ones are not.
pub(super) fn names(doc: &Doc, mut names: Vec<Name>) -> Vec<Name> {
    // Of equal stretches the knowledge base's comes first.
    names.sort_by_key(|m| (m.range.start, std::cmp::Reverse(m.range.end), m.entity.is_none()));
    let mut kept: Vec<Name> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for name in names {
        while open.last().is_some_and(|o| kept.get(*o).is_some_and(|k| k.range.end <= name.range.start)) {
            open.pop();
        }
        let Some(outer) = open.last().and_then(|o| kept.get(*o)) else {
            open.push(kept.len());
            kept.push(name);
            continue;
        };
        let inside = name.range.end <= outer.range.end;
        let same = name.range == outer.range || (name.entity.is_some() && name.entity == outer.entity);
        // Inside a person's name nothing is named; a guess inside a name is not worth its risk.
        let worth = name.entity.is_some() && outer.kind != EntityType::Per;
        if inside && !same && worth && !is_first_word(doc, &name, outer) {
            open.push(kept.len());
            kept.push(name);
        } else if !inside && name.range.len() > outer.range.len() && open.len() == 1 {
            // They cross: the longer stands.
            open.pop();
            if let Some(at) =
                kept.iter().rposition(|k| k.range.start <= name.range.start && k.range.end > name.range.start)
            {
                kept.truncate(at);
            }
            open.push(kept.len());
            kept.push(name);
        }
    }
    kept
}
