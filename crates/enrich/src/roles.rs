//! Offices said of people: `الأمين العام لمنظمة التعاون الإسلامي، يوسف العثيمين`.
//!
//! An office is a word like `رئيس` or `الأمين` before a person, with what belongs to it between:
//! adjectives, and the organisation or place where one is named.

mod western;

use std::ops::Range;

use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::{EntityType, Role};
use crate::entities::{Found, FoundMention};
use crate::gazetteer::Seen;
use crate::kb::word::{Class, Classes};

/// Most offices of one person in a row.
const MOST: usize = 3;
/// How far before a person an office may begin, in tokens.
const REACH: usize = 24;

/// Whether an English, French or Russian word at token `i` is an office: president, ministre, глава.
pub(crate) fn is_western_office(doc: &Doc, i: usize) -> bool {
    western::is_office(doc, i)
}

/// The offices that `docs` state, in order of their position. `language` is an ISO 639-1 code.
pub fn find(docs: &[Doc], found: &Found, language: &str) -> Vec<Role> {
    let mut roles = Vec::new();
    for (doc, seen) in docs.iter().zip(&found.seen) {
        let people = found.mentions.iter().filter(|m| m.field == doc.field && m.kind == EntityType::Per);
        let mut floor = 0;
        for person in people {
            let first = doc.tokens.get(doc.token_at(person.range.start as usize));
            if first.is_some_and(|t| matches!(t.kind, TokenKind::Latin | TokenKind::Cyrillic))
                && language != "ar"
            {
                roles.extend(western::of(doc, seen, found, person, floor));
                floor = person.range.end;
                continue;
            }
            // `الممثل الخاص …، سفير المهام الخاصة، كونستانتين شوفالوف`: several, nearest last.
            let mut edge = doc.token_at(person.range.start as usize);
            let mut of_person = Vec::new();
            while let Some((role, head)) = before(doc, seen, found, person, edge, floor) {
                of_person.push(role);
                edge = head;
                let comma = head.checked_sub(1).and_then(|i| doc.tokens.get(i));
                if of_person.len() == MOST || !comma.is_some_and(|t| is_comma(doc, t)) {
                    break;
                }
            }
            roles.extend(of_person.into_iter().rev());
            roles.extend(held(doc, seen, found, person));
            floor = person.range.end;
        }
    }
    roles
}

/// The office of `person` that stands before the token `at` and after `floor`, and where it begins.
fn before(
    doc: &Doc,
    seen: &[Seen],
    found: &Found,
    person: &FoundMention,
    at: usize,
    floor: u32,
) -> Option<(Role, usize)> {
    let sentence = doc.sentences.get(doc.sentence_at(person.range.start as usize)).map_or(0, |s| s.start);
    let lowest = floor.max(sentence);
    let mut head = None;
    let mut end = None;
    let mut commas = 0;
    for i in (at.saturating_sub(REACH)..at).rev() {
        let token = doc.tokens.get(i).filter(|t| t.start >= lowest)?;
        let classes = seen.get(i)?.classes;
        let within = covered(found, doc, token.start, person).is_some();
        if token.kind == TokenKind::Punct && !within {
            // One comma may stand between office and name, none inside the office.
            commas += 1;
            let comma = matches!(doc.normalised_token(token), "،" | "," | "\"" | "«" | "»");
            if !comma || commas > 2 || (end.is_some() && doc.normalised_token(token) == "،") {
                break;
            }
            continue;
        }
        end = end.or(Some(i + 1));
        let inside = found.mentions_in(doc.field, token.start..token.end).next().is_some() || within;
        let office = is_office(seen, i);
        if office && !inside {
            head = Some(i);
            // نائب رئيس مجلس: the office goes on to the left.
            let more =
                i.checked_sub(1).and_then(|b| seen.get(b)).is_some_and(|s| s.classes.is(Class::Office));
            if more && seen.get(i).is_some_and(|s| s.joined) || belongs(doc, seen, i) {
                continue;
            }
            break;
        }
        if !inside && (classes.is(Class::Stop) && doc.folded_token(token).len() > 6 || classes.is(Class::Say))
        {
            break;
        }
    }
    let (head, end) = (head?, end?);
    let first = doc.tokens.get(head)?;
    let start = seen.get(head)?.start.max(first.start + u32::from(first.proclitic));
    let end_byte = doc.tokens.get(end - 1)?.end;
    let organisation = found
        .mentions_in(doc.field, start..end_byte)
        .map(|(_, m)| m)
        .find(|m| matches!(m.kind, EntityType::Org | EntityType::Loc) && m.nested_in.is_none());
    // `الممثل الدائم لروسيا لدى المنظمة`: where somebody serves belongs to the office.
    let behind = organisation.and_then(|m| doc.tokens.get(doc.token_at(m.range.end as usize)));
    let serves = behind.is_some_and(|t| t.end <= end_byte && doc.folded_token(t) == "لدي");
    let end = organisation.filter(|_| !serves).map_or(end_byte, |m| m.range.end.max(start));
    Some((role(doc, seen, found, person, start..end, organisation), head))
}

fn role(
    doc: &Doc,
    seen: &[Seen],
    found: &Found,
    person: &FoundMention,
    range: Range<u32>,
    organisation: Option<&FoundMention>,
) -> Role {
    let range = range.start as usize..range.end as usize;
    Role {
        person: found.id(person.entity).map(str::to_owned),
        title: title(doc, seen, range.clone(), organisation),
        organisation: organisation.and_then(|m| found.id(m.entity)).map(str::to_owned),
        text: doc.original(range.clone()).to_owned(),
        span: doc.span(range),
    }
}

/// The office that a sentence says of `person` behind the name: `…، والذي يشغل منصب رئيس مجموعة …`.
fn held(doc: &Doc, seen: &[Seen], found: &Found, person: &FoundMention) -> Option<Role> {
    let at = doc.token_at(person.range.end as usize);
    let sentence = doc.sentences.get(doc.sentence_at(person.range.start as usize))?.end;
    let post = (at..at + REACH).find(|i| {
        doc.tokens.get(*i).is_some_and(|t| t.end <= sentence && matches!(doc.folded_stem(t), "منصب"))
    })?;
    let other =
        |t: &Range<u32>| found.mentions_in(doc.field, t.clone()).any(|(_, m)| m.kind == EntityType::Per);
    let head = post + 1;
    let (first, start) = (doc.tokens.get(head)?, seen.get(head)?.start);
    if other(&(person.range.end..first.start)) || !is_office(seen, head) {
        return None;
    }
    // What it is of, within a few words and before any mark.
    let near = (head + 1..head + 6).map_while(|i| doc.tokens.get(i).filter(|t| t.kind != TokenKind::Punct));
    let ends = near.last().map_or(first.end, |t| t.end);
    let organisation = found.mentions[..]
        .iter()
        .filter(|m| m.field == doc.field && m.nested_in.is_none() && (start..ends).contains(&m.range.start))
        .find(|m| matches!(m.kind, EntityType::Org | EntityType::Loc))?;
    Some(role(doc, seen, found, person, start..organisation.range.end, Some(organisation)))
}

/// Whether the office at `i` is only what an office before it is of: `الممثل الخاص لوزير الخارجية`.
fn belongs(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let of = doc.tokens.get(i).is_some_and(|t| t.proclitic > 0 && doc.folded_token(t).starts_with('ل'));
    let back = (i.saturating_sub(3)..i).rev();
    let mut words = back.map_while(|b| doc.tokens.get(b).filter(|t| t.kind != TokenKind::Punct).map(|_| b));
    of && seen.get(i).is_some_and(|s| s.joined) && words.any(|b| is_office(seen, b))
}

fn is_office(seen: &[Seen], i: usize) -> bool {
    let any = |classes: Classes| classes.any(Class::Office, Class::Speaker);
    seen.get(i).is_some_and(|s| any(s.classes) || any(s.inner))
}

fn is_comma(doc: &Doc, token: &Token) -> bool {
    matches!(doc.normalised_token(token), "،" | ",")
}

/// The mention over a byte, other than the person's own.
fn covered<'a>(found: &'a Found, doc: &Doc, at: u32, person: &FoundMention) -> Option<&'a FoundMention> {
    let after = found.mentions.partition_point(|m| (m.field, m.range.start) <= (doc.field, at));
    let near = found.mentions.get(after.saturating_sub(4)..after)?;
    near.iter().rev().find(|m| m.field == doc.field && m.range.contains(&at) && *m != person)
}

/// The words of the office without the organisation.
fn title(doc: &Doc, seen: &[Seen], range: Range<usize>, organisation: Option<&FoundMention>) -> String {
    let end = organisation.map_or(range.end, |m| m.token_start as usize).max(range.start);
    let mut words = doc.original(range.start..end).trim_end();
    // `الممثل الدائم لروسيا لدى`: a preposition at the end is no part of it.
    let last = doc.token_at(end.saturating_sub(1));
    if seen.get(last).is_some_and(|s| s.classes.is(Class::Stop))
        && let Some((before, _)) = words.rsplit_once(' ')
    {
        words = before.trim_end();
    }
    words.to_owned()
}
