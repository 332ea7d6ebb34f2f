//! Offices said of people: `الأمين العام لمنظمة التعاون الإسلامي، يوسف العثيمين`.
//!
//! An office is a word like `رئيس` or `الأمين` before a person, with what belongs to it between:
//! adjectives, and the organisation or place where one is named.

use std::ops::Range;

use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, Role};
use crate::entities::{Found, FoundMention};
use crate::gazetteer::Seen;
use crate::kb::word::Class;

/// How far before a person an office may begin, in tokens.
const REACH: usize = 24;

/// The offices that `docs` state, in order of their position.
pub fn find(docs: &[Doc], found: &Found) -> Vec<Role> {
    let mut roles = Vec::new();
    for (doc, seen) in docs.iter().zip(&found.seen) {
        let people = found.mentions.iter().filter(|m| m.field == doc.field && m.kind == EntityType::Per);
        let mut floor = 0;
        for person in people {
            if let Some(role) = before(doc, seen, found, person, floor) {
                roles.push(role);
            }
            floor = person.range.end;
        }
    }
    roles
}

/// The office that stands before `person`, and after `floor`.
fn before(doc: &Doc, seen: &[Seen], found: &Found, person: &FoundMention, floor: u32) -> Option<Role> {
    let at = doc.token_at(person.range.start as usize);
    let sentence = doc.sentences.get(doc.sentence_at(person.range.start as usize)).map_or(0, |s| s.start);
    let lowest = floor.max(sentence);
    let mut head = None;
    let mut end = None;
    let mut commas = 0;
    for i in (at.saturating_sub(REACH)..at).rev() {
        let token = doc.tokens.get(i).filter(|t| t.start >= lowest)?;
        let classes = seen.get(i)?.classes;
        if token.kind == TokenKind::Punct {
            // One comma may stand between office and name, none inside the office.
            commas += 1;
            let comma = matches!(doc.normalised_token(token), "،" | "," | "\"" | "«" | "»");
            if !comma || commas > 2 || (end.is_some() && doc.normalised_token(token) == "،") {
                break;
            }
            continue;
        }
        end = end.or(Some(i + 1));
        let inside = found.mentions_in(doc.field, token.start..token.end).next().is_some()
            || covered(found, doc, token.start, person).is_some();
        let office = classes.any(Class::Office, Class::Speaker);
        if office && !inside {
            head = Some(i);
            // نائب رئيس مجلس: the office goes on to the left.
            let more =
                i.checked_sub(1).and_then(|b| seen.get(b)).is_some_and(|s| s.classes.is(Class::Office));
            if more && seen.get(i).is_some_and(|s| s.joined) {
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
    let start = seen.get(head)?.start;
    let end_byte = doc.tokens.get(end - 1)?.end;
    let organisation = found
        .mentions_in(doc.field, start..end_byte)
        .map(|(_, m)| m)
        .find(|m| matches!(m.kind, EntityType::Org | EntityType::Loc) && m.nested_in.is_none());
    let range = start as usize..organisation.map_or(end_byte, |m| m.range.end.max(start)) as usize;
    let title = title(doc, seen, range.clone(), organisation);
    Some(Role {
        person: found.id(person.entity).map(str::to_owned),
        title,
        organisation: organisation.and_then(|m| found.id(m.entity)).map(str::to_owned),
        text: doc.original(range.clone()).to_owned(),
        span: doc.span(range),
    })
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
