//! Entities and mentions as the record shows them.

use std::collections::BTreeSet;

use super::join::{Joined, has_hidden_article};
use super::nominative::nominative;
use super::settle::Name;
use super::{Found, FoundMention};
use crate::doc::Doc;
use crate::enriched::{Candidate, Entity, EntityType, Field, Mention, NameSource, Place};
use crate::kb::Kb;
use crate::translit;

/// A mention as the record shows it.
pub(super) fn mention(found: &Found, doc: &Doc, m: &FoundMention) -> Mention {
    let range = m.range.start as usize..m.range.end as usize;
    let clitics = doc.text.normalised().get(m.token_start as usize..range.start).unwrap_or_default();
    Mention {
        entity: found.id(m.entity).unwrap_or_default().to_owned(),
        kind: m.kind,
        text: doc.original(range.clone()).to_owned(),
        span: doc.span(range),
        proclitics: clitics.chars().filter(|c| "وفبكلس".contains(*c)).collect(),
        nested_in: m.nested_in,
        found_by: m.found_by,
        confidence: f64::from(m.confidence) / 100.0,
    }
}

/// Puts everything together.
pub(super) fn describe(kb: &Kb, docs: &[Doc], joined: Joined, language: &str) -> Found {
    let mut found = Found { mentions: mentions(docs, &joined.names), ..Found::default() };
    let mut of: Vec<Vec<u32>> = vec![Vec::new(); joined.entities.len()];
    for (i, (_, entity)) in joined.names.iter().enumerate() {
        if let Some(list) = of.get_mut(*entity) {
            list.push(i as u32);
        }
    }
    let weight = |m: &u32| found.mentions.get(*m as usize).map_or(0, |m| weight(docs, m));
    let total: u32 = of.iter().flatten().map(weight).sum::<u32>().max(1);
    for (n, thing) in joined.entities.iter().enumerate() {
        let own = of.get(n).cloned().unwrap_or_default();
        let forms = forms(docs, &joined.names, &own);
        let listed = thing.kb.and_then(|id| kb.entity(id));
        // Russian names that the article has in other cases alone
        let name = || {
            let longest = longest(docs, &joined.names, &own, &forms);
            let russian = (language == "ru").then(|| nominative(kb, thing.kind, &longest, &forms)).flatten();
            russian.unwrap_or(longest)
        };
        let name = listed.and_then(|e| e.name(language)).map_or_else(name, str::to_owned);
        let (name_en, name_en_from) = english(listed.and_then(|e| e.name("en")), &name, language);
        let confidence =
            own.iter().filter_map(|m| found.mentions.get(*m as usize)).map(|m| m.confidence).max();
        let share = own.iter().map(weight).sum::<u32>();
        // Munich is not where an article on its club takes place: what stands in other names alone has no place
        let is_whole =
            |m: &FoundMention| match m.nested_in.and_then(|outer| found.mentions.get(outer as usize)) {
                None => true,
                // the port of a town lies there, a club that is known plays anywhere
                Some(outer) => {
                    let listed =
                        joined.entities.get(outer.entity as usize).is_some_and(|thing| thing.kb.is_some());
                    matches!(outer.kind, EntityType::Org | EntityType::Loc) && !listed
                }
            };
        let placed = own.iter().any(|m| found.mentions.get(*m as usize).is_some_and(is_whole));
        if let Some((lat, lon, precision)) = listed.and_then(|e| e.point()).filter(|_| placed) {
            found.places.push(Place { entity: format!("e{}", n + 1), lat, lon, precision });
        }
        found.entities.push(Entity {
            id: format!("e{}", n + 1),
            kind: thing.kind,
            aliases: forms.into_iter().filter(|f| *f != name).collect(),
            name,
            name_en,
            name_en_from,
            link: listed.map(|e| e.link()).unwrap_or_default(),
            candidates: candidates(kb, &thing.others, language),
            mentions: own,
            salience: f64::from(share * 100 / total) / 100.0,
            confidence: f64::from(confidence.unwrap_or(0)) / 100.0,
        });
    }
    found
}

fn mentions(docs: &[Doc], names: &[(Name, usize)]) -> Vec<FoundMention> {
    let mut out: Vec<FoundMention> = Vec::with_capacity(names.len());
    let mut open: Vec<u32> = Vec::new();
    let mut field = 0;
    for (name, entity) in names {
        if name.doc != field {
            (field, open) = (name.doc, Vec::new());
        }
        while open
            .last()
            .is_some_and(|o| out.get(*o as usize).is_some_and(|m| m.range.end <= name.range.start))
        {
            open.pop();
        }
        let Some(doc) = docs.get(name.doc) else { continue };
        let nested_in = open.last().copied();
        open.push(out.len() as u32);
        out.push(FoundMention {
            field: doc.field,
            range: name.range.clone(),
            token_start: doc.tokens.get(name.tokens.start).map_or(name.range.start, |t| t.start),
            entity: *entity as u32,
            kind: name.kind,
            nested_in,
            found_by: name.found_by,
            confidence: name.confidence,
        });
    }
    out
}

/// How much a mention counts: the title most, then the first sentence.
fn weight(docs: &[Doc], m: &FoundMention) -> u32 {
    if m.field == Field::Title {
        return 4;
    }
    let first = docs.iter().find(|d| d.field == m.field).and_then(|d| d.sentences.first());
    if first.is_some_and(|s| m.range.start < s.end) { 2 } else { 1 }
}

/// The form to show, of equal ones the first: with the article that its mention has lost to للـ.
fn longest(docs: &[Doc], names: &[(Name, usize)], own: &[u32], forms: &[String]) -> String {
    let longest = forms.iter().rev().max_by_key(|f| fullest(f)).cloned().unwrap_or_default();
    let mut mentions = own.iter().filter_map(|m| names.get(*m as usize)).map(|(n, _)| n);
    let lost = mentions.any(|n| {
        let Some(doc) = docs.get(n.doc).filter(|doc| has_hidden_article(doc, n)) else { return false };
        doc.text.normalised().get(n.range.start as usize..n.range.end as usize) == Some(longest.as_str())
    });
    if lost { format!("ال{longest}") } else { longest }
}

/// What makes a form the one to show: that it is written without marks, its length; of a Russian name the words, then the
/// fewest letters, as the nominative has no ending.
fn fullest(form: &str) -> (bool, usize, bool, usize) {
    let clean = !form.contains(['_', '"', '«', '“', '„', '(']);
    let letters = form.chars().count();
    let russian = form.starts_with(|c: char| ('А'..='я').contains(&c));
    if !russian {
        return (clean, letters, false, 0);
    }
    let oblique = form.ends_with(['у', 'ю', 'е', 'ы', 'и', 'м']);
    (clean, form.split(' ').count(), !oblique, usize::MAX - letters)
}

/// The different ways in which an entity is written, in order.
fn forms(docs: &[Doc], names: &[(Name, usize)], own: &[u32]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    own.iter()
        .filter_map(|m| names.get(*m as usize))
        .filter_map(|(n, _)| {
            docs.get(n.doc)?.text.normalised().get(n.range.start as usize..n.range.end as usize)
        })
        .filter(|form| seen.insert(*form))
        .map(str::to_owned)
        .collect()
}

fn english(listed: Option<&str>, name: &str, language: &str) -> (Option<String>, Option<NameSource>) {
    if let Some(listed) = listed {
        return (Some(listed.to_owned()), Some(NameSource::Kb));
    }
    if language == "en" || name.is_ascii() || translit::is_latin(name) {
        return (Some(name.to_owned()), Some(NameSource::Text));
    }
    match translit::to_latin(name) {
        Some(latin) => (Some(latin), Some(NameSource::Transliteration)),
        None => (None, None),
    }
}

/// The readings that were not chosen, with what is left of the confidence.
fn candidates(kb: &Kb, others: &[u32], language: &str) -> Vec<Candidate> {
    let sum: u32 = others.iter().filter_map(|id| kb.entity(*id)).map(|e| e.prior()).sum::<u32>().max(1);
    others
        .iter()
        .filter_map(|id| kb.entity(*id))
        .map(|e| Candidate {
            name: e.name(language).or(e.name("en")).unwrap_or_default().to_owned(),
            kind: e.kind(),
            link: e.link(),
            // The chosen reading keeps at least 0.7.
            confidence: f64::from(e.prior() * 30 / sum.max(e.prior())) / 100.0,
        })
        .collect()
}
