//! What the knowledge base, the patterns and the tagger say of one field, weighed against each other.

use std::ops::Range;

use super::begin::Begins;
use super::heads::{Heads, Sure};
use super::kind_noun;
use super::nationality::is_nationality;
use super::settle::{Known, Name};
use super::{Clues, conjoined, kinds, marks, none};
use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, FoundBy};
use crate::gazetteer::Seen;
use crate::kb::Kb;
use crate::kb::word::Class;
use crate::patterns::Guess;
use crate::tagger::Tagged;

/// A reading of the knowledge base at least this sure stands where the tagger sees nothing.
const SURE: u8 = 90;
/// The tagger's type stands against the knowledge base's from this probability on.
const OTHER_TYPE: f32 = 0.7;
/// How sure a name is that its first word makes certain.
const HEADED: u8 = 80;

/// Names of a field that may stand; [`settle::names`](super::settle::names) settles those that overlap. `n` is the
/// index of the field.
pub(super) fn weigh(
    kb: &Kb,
    begins: &Begins<'_>,
    n: usize,
    doc: &Doc,
    seen: &[Seen],
    clues: Clues,
    tagged: Option<Vec<Tagged>>,
) -> Vec<Name> {
    let Clues { mut known, words, guesses, .. } = clues;
    for k in &mut known {
        without_title(doc, seen, k);
        marks::without(doc, seen, k);
    }
    known.retain(|k| !marks::is_nation(doc, seen, k));
    known.sort_by_key(|k| k.hit.range.start);
    let Some(tagged) = tagged else { return without_tagger(n, &known, guesses) };
    let tagged: Vec<(Tagged, Range<u32>)> = tagged
        .into_iter()
        .flat_map(|t| parted(begins, n, doc, seen, &known, t))
        .filter_map(|t| {
            let tagged = trimmed(doc, seen, t).filter(|t| !none::is_none(doc, seen, t))?;
            let start = begins.of(n, tagged.tokens.clone(), tagged.kind, &known)?;
            let end = doc.tokens.get(tagged.tokens.end.checked_sub(1)?)?.end;
            (start < end).then_some((tagged, start..end))
        })
        .filter(|(t, range)| !words.contains(range) && !is_nationality(doc, t))
        .map(|(t, range)| without_nation(seen, &known, t, range))
        .map(|(t, range)| (no_person_in_marks(doc, t), range))
        .collect();
    let mut names = Vec::new();
    for (t, range) in &tagged {
        // Both are in order of their starts.
        let at = known.partition_point(|k| k.hit.range.start < range.start);
        let same = known.get(at).filter(|k| k.hit.range == *range);
        names.push(match same {
            Some(k)
                if k.kind == t.kind
                    || t.probability < OTHER_TYPE
                    || kinds::stands(kb, doc, seen, k, t, &tagged) =>
            {
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
    let heads = Heads { kb, doc, seen, known: &known, tagged: &tagged };
    names.extend(heads.find(&guesses).into_iter().map(|s| of_sure(n, s)));
    // A pattern that marks, numbers or heads bear out stands without the tagger, unless it crosses what that found.
    for g in &guesses {
        let at = tagged.partition_point(|(_, t)| t.end <= g.range.start);
        let near = tagged.get(at..).unwrap_or_default().iter().map(|(_, t)| t);
        let mut inside = near.take_while(|t| t.start < g.range.end);
        let crossed = inside.any(|t| t.start < g.range.start || t.end > g.range.end);
        let is_event = g.kind == EntityType::Event;
        let quoted = (g.kind == EntityType::Org && g.tokens.len() > 1)
            .then(|| quoted_part(doc, seen, g.tokens.end))
            .flatten();
        if (is_event || quoted.is_some()) && !crossed {
            names.push(of_guess(n, doc, g, quoted));
        }
    }
    for k in &known {
        let range = &k.hit.range;
        let at = tagged.partition_point(|(_, t)| t.end <= range.start);
        let touches = tagged.get(at).map(|(_, t)| t).filter(|t| t.start < range.end);
        if touches != Some(range) && (touches.is_some() || k.confidence >= SURE) {
            names.push(of_known(n, k));
        }
    }
    names
}

/// What is written in Cyrillic sets names of clubs, companies and papers in guillemets: a single word in them is hardly a person.
/// Longer ones may be works that bear a person's name.
fn no_person_in_marks(doc: &Doc, tagged: Tagged) -> Tagged {
    let Range { start, end } = tagged.tokens;
    let mark = |i: Option<usize>| {
        i.and_then(|i| doc.tokens.get(i))
            .filter(|t| t.kind == TokenKind::Punct)
            .map_or("", |t| doc.normalised_token(t))
    };
    let is_cyrillic = (start..end).all(|i| doc.tokens.get(i).is_some_and(|t| t.kind == TokenKind::Cyrillic));
    let in_marks = mark(start.checked_sub(1)) == "«" && mark(Some(end)) == "»";
    if tagged.kind == EntityType::Per && end - start == 1 && is_cyrillic && in_marks {
        return Tagged { kind: EntityType::Org, ..tagged };
    }
    tagged
}

/// The end of a part of a name in quotation marks that begins at token `i`: some words, none of which makes a sentence.
fn quoted_part(doc: &Doc, seen: &[Seen], i: usize) -> Option<usize> {
    let mark = |i: usize| doc.tokens.get(i).map_or("", |t| doc.normalised_token(t));
    let close = match mark(i) {
        "\"" => "\"",
        "«" => "»",
        "“" => "”",
        _ => return None,
    };
    // An opening mark: white space before it, none behind.
    let (before, open, behind) =
        (doc.tokens.get(i.checked_sub(1)?)?, doc.tokens.get(i)?, doc.tokens.get(i + 1)?);
    if before.end == open.start || open.end != behind.start {
        return None;
    }
    let end = (i + 1..i + 8).find(|j| mark(*j) == close).filter(|end| *end > i + 1)?;
    // a word or two are another name of the same: `شركة السيارات "تسلا"`
    let long =
        (i + 1..end).filter(|j| doc.tokens.get(*j).is_some_and(|t| t.kind != TokenKind::Punct)).count() > 2;
    let words = (i + 1..end).filter_map(|j| seen.get(j)).all(|s| !s.classes.any(Class::Stop, Class::Say));
    (long && words).then_some(end + 1)
}

fn of_guess(n: usize, doc: &Doc, guess: &Guess, end: Option<usize>) -> Name {
    let tokens = guess.tokens.start..end.unwrap_or(guess.tokens.end);
    let last = tokens.end.checked_sub(1).and_then(|i| doc.tokens.get(i)).map_or(guess.range.end, |t| t.end);
    Name {
        doc: n,
        tokens,
        range: guess.range.start..last,
        kind: guess.kind,
        entity: None,
        others: Vec::new(),
        found_by: FoundBy::Pattern,
        confidence: guess.confidence,
    }
}

fn of_sure(n: usize, sure: Sure) -> Name {
    Name {
        doc: n,
        tokens: sure.tokens,
        range: sure.range,
        kind: sure.kind,
        entity: None,
        others: Vec::new(),
        found_by: FoundBy::Pattern,
        confidence: HEADED,
    }
}

/// Names that و joins are several.
fn parted(
    begins: &Begins<'_>,
    n: usize,
    doc: &Doc,
    seen: &[Seen],
    known: &[Known],
    tagged: Tagged,
) -> Vec<Tagged> {
    let joins = |i: &usize| match tagged.kind {
        EntityType::Per => begins.parts(n, tagged.tokens.start, *i),
        _ => conjoined::begins(doc, seen, known, &tagged, *i),
    };
    let Range { start, end } = tagged.tokens;
    let mut cuts: Vec<usize> = vec![start];
    cuts.extend((start + 1..end).filter(joins));
    let ends = cuts.iter().skip(1).copied().chain([end]);
    let part = |(start, end): (&usize, usize)| Tagged { tokens: *start..end, ..tagged.clone() };
    cuts.iter().zip(ends).map(part).collect()
}

/// As far as names go; marks at the ends are none.
fn trimmed(doc: &Doc, seen: &[Seen], mut tagged: Tagged) -> Option<Tagged> {
    let is_mark = |i: usize| doc.tokens.get(i).is_none_or(|t| t.kind == TokenKind::Punct);
    while !tagged.tokens.is_empty() && is_mark(tagged.tokens.start) {
        tagged.tokens.start += 1;
    }
    while !tagged.tokens.is_empty() && is_mark(tagged.tokens.end - 1) {
        tagged.tokens.end -= 1;
    }
    // A proclitic that the script parts from its word: `لـCNN`.
    let alone = |i: usize| {
        let letter = doc.tokens.get(i).map(|t| doc.folded_token(t));
        letter.is_some_and(|l| matches!(l, "و" | "ف" | "ب" | "ك" | "ل"))
    };
    // `لـ CNN`, too
    let adjoins = |i: usize| {
        let next = doc.tokens.get(i).zip(doc.tokens.get(i + 1));
        next.is_some_and(|(a, b)| {
            a.end == b.start || doc.original(a.start as usize..a.end as usize).contains('ـ')
        })
    };
    while tagged.tokens.len() > 1 && alone(tagged.tokens.start) && adjoins(tagged.tokens.start) {
        tagged.tokens.start += 1;
    }
    end_of_body(doc, seen, &mut tagged);
    while tagged.kind == EntityType::Per
        && tagged.tokens.len() > 1
        && is_title(doc, seen, tagged.tokens.start)
    {
        tagged.tokens.start += 1;
    }
    // Robert Hill QC: what he is, not what he is called
    let last = tagged.tokens.end.checked_sub(1).and_then(|i| doc.tokens.get(i));
    let honour = last.map_or("", |t| doc.normalised_token(t));
    if tagged.kind == EntityType::Per
        && tagged.tokens.len() > 2
        && matches!(honour, "QC" | "KC" | "MP" | "MEP" | "OBE" | "CBE" | "MBE" | "MD" | "PhD")
    {
        tagged.tokens.end -= 1;
    }
    // Of a name in quotation marks, what is inside.
    let mark = |i: usize| doc.tokens.get(i).map_or("", |t| doc.normalised_token(t));
    let opening: Vec<usize> =
        tagged.tokens.clone().filter(|i| matches!(mark(*i), "\"" | "«" | "“" | "„")).collect();
    if let [open] = opening.as_slice()
        && !tagged.tokens.clone().any(|i| matches!(mark(i), "»" | "”"))
    {
        tagged.tokens.start = open + 1;
    }
    (!tagged.tokens.is_empty()).then(|| kind_noun::without(doc, tagged))
}

/// Ends an organisation before who leads it (`التحالف بقيادة السعودية`) and before the noun for a kind of place that lacks the
/// place (`الشؤون الصحية بمنطقة`).
fn end_of_body(doc: &Doc, seen: &[Seen], tagged: &mut Tagged) {
    if tagged.kind != EntityType::Org {
        return;
    }
    let Range { start, end } = tagged.tokens;
    let word = |i: usize| doc.tokens.get(i).map_or("", |t| doc.folded_token(t));
    let led = (start + 1..end).find(|i| word(*i) == "بقياده");
    let end = led.unwrap_or(end);
    let kind = |i: usize| {
        doc.tokens.get(i).is_some_and(|t| t.proclitic > 0)
            && seen.get(i).is_some_and(|s| s.classes.is(Class::PlaceCue))
    };
    tagged.tokens.end = if end > start + 1 && kind(end - 1) { end - 1 } else { end };
}

/// Whether a word is a title, which is none of a person's name.
fn is_title(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let classes = seen.get(i).map(|s| s.classes).unwrap_or_default();
    let title = classes.any(Class::Title, Class::Office) || classes.is(Class::Speaker);
    let article = doc.tokens.get(i).is_some_and(|t| doc.folded_stem(t).starts_with("ال"));
    title && (article || !classes.any(Class::Given, Class::Particle))
}

/// A person whom the knowledge base lists with a title, without it.
fn without_title(doc: &Doc, seen: &[Seen], known: &mut Known) {
    let hit = &mut known.hit;
    while known.kind == EntityType::Per && hit.tokens.len() > 1 && is_title(doc, seen, hit.tokens.start) {
        let Some(next) = doc.tokens.get(hit.tokens.start + 1) else { return };
        hit.tokens.start += 1;
        hit.range.start = next.start;
    }
}

/// `حركة حماس الفلسطينية`: where the knowledge base has the organisation by that name, its nationality is none of it.
fn without_nation(
    seen: &[Seen],
    known: &[Known],
    mut tagged: Tagged,
    mut range: Range<u32>,
) -> (Tagged, Range<u32>) {
    let last = tagged.tokens.end.checked_sub(1).and_then(|i| seen.get(i));
    if tagged.kind == EntityType::Org && last.is_some_and(|s| s.classes.is(Class::Nation)) {
        let from = known.partition_point(|k| k.hit.range.start < range.start);
        let mut at = known.iter().skip(from).take_while(|k| k.hit.range.start == range.start);
        if let Some(k) = at.find(|k| k.kind == EntityType::Org && k.hit.tokens.end + 1 == tagged.tokens.end) {
            tagged.tokens.end = k.hit.tokens.end;
            range.end = k.hit.range.end;
        }
    }
    (tagged, range)
}

/// A confidence that is a probability: on articles of outlets that were not trained on, the tagger is right less often than
/// it thinks where it is surest.
fn percent(probability: f32) -> u8 {
    let honest = if probability > 0.7 { 0.7 + (probability - 0.7) * 0.7 } else { probability };
    (honest * 100.0).round().clamp(1.0, 99.0) as u8
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enriched::Field;

    #[test]
    fn a_word_in_guillemets_is_no_person_in_cyrillic() {
        for (text, tokens, expected) in [
            ("Тренер «Северянина» доволен", 2..3, EntityType::Org),
            ("Тренер Северянина доволен", 1..2, EntityType::Per),
            ("«Дама с Северянином» идет", 3..4, EntityType::Per),
            ("Идет «Анна Лесная» в театре", 2..4, EntityType::Per),
            ("Le roman « Colomba » est lu", 3..4, EntityType::Per),
        ] {
            let tagged = Tagged { tokens, kind: EntityType::Per, probability: 0.5 };
            assert_eq!(no_person_in_marks(&Doc::new(Field::Body, text), tagged).kind, expected, "{text}");
        }
    }
}
