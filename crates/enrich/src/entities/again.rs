//! Names that a tagger found in one place of an article and overlooked in another.
//!
//! Only names that cannot be mistaken for something else: those of several words, and single words that no list has.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::heads::goes_on;
use super::settle::Name;
use crate::clitics;
use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, FoundBy};
use crate::gazetteer::Seen;
use crate::kb::Kb;
use crate::kb::word::Class;
use crate::sieve::Sieve;

/// How sure a name of several words must be where it was found, and a single one, in per cent.
const SEVERAL: u8 = 60;
const SINGLE: u8 = 70;
/// A single word of fewer bytes is too short.
const SHORT: usize = 8;

/// A name that is looked for again.
struct Model<'a> {
    /// Its words, folded.
    words: Vec<&'a str>,
    kind: EntityType,
    confidence: u8,
    /// Whether it was found with several types, or is too unsure.
    open: bool,
}

/// Adds to `names`, which are in the order of the record, those that are written again where no name was found.
pub(super) fn find(kb: &Kb, docs: &[Doc], seen: &[Vec<Seen>], names: Vec<Name>) -> Vec<Name> {
    let models = models(kb, docs, seen, &names);
    if models.is_empty() {
        return names;
    }
    let mut firsts: FxHashMap<&str, Vec<&Model<'_>>> = FxHashMap::default();
    let mut sieve = Sieve::default();
    for model in &models {
        if let Some(first) = model.words.first() {
            sieve.add(first);
            firsts.entry(first).or_default().push(model);
        }
    }
    let mut found = Vec::new();
    for (n, (doc, seen)) in docs.iter().zip(seen).enumerate() {
        for i in 0..doc.tokens.len() {
            let Some((word, start)) = behind(doc, seen, i).filter(|(word, _)| sieve.may_hold(word)) else {
                continue;
            };
            let Some(models) = firsts.get(word) else { continue };
            let stands = models.iter().find(|m| written(doc, &m.words, i) && !in_longer(doc, seen, i, m));
            let Some(model) = stands else { continue };
            let tokens = i..i + model.words.len();
            let Some(end) = tokens.end.checked_sub(1).and_then(|i| doc.tokens.get(i)).map(|t| t.end) else {
                continue;
            };
            found.push(Name {
                doc: n,
                tokens,
                range: start..end,
                kind: model.kind,
                entity: None,
                others: Vec::new(),
                found_by: FoundBy::Document,
                confidence: model.confidence.min(80),
            });
        }
    }
    add(names, found)
}

/// The outermost names of taggers and patterns that may be looked for, the longest first.
fn models<'a>(kb: &Kb, docs: &'a [Doc], seen: &[Vec<Seen>], names: &[Name]) -> Vec<Model<'a>> {
    let mut models: Vec<Model<'a>> = Vec::new();
    let mut at: FxHashMap<Vec<&str>, usize> = FxHashMap::default();
    let mut end = (0, 0);
    for name in names {
        let outer = (name.doc, name.range.end) > end;
        end = end.max((name.doc, name.range.end));
        let by_tagger = matches!(name.found_by, FoundBy::Tagger | FoundBy::Pattern);
        let (Some(doc), Some(seen)) = (docs.get(name.doc), seen.get(name.doc)) else { continue };
        if !outer || !by_tagger || !is_plain(doc, seen, name) {
            continue;
        }
        let single = name.tokens.len() == 1;
        if single && (name.kind == EntityType::Per || !is_unheard(kb, doc, seen, name)) {
            continue;
        }
        let words: Vec<&str> = name
            .tokens
            .clone()
            .filter_map(|i| {
                let token = doc.tokens.get(i)?;
                let start = if i == name.tokens.start { name.range.start } else { token.start };
                doc.text.folded().get(start as usize..token.end as usize)
            })
            .collect();
        let unsure = name.confidence < if single { SINGLE } else { SEVERAL };
        if let Some(model) = at.get(&words).and_then(|at| models.get_mut(*at)) {
            let other = model.kind != name.kind;
            model.open = other || model.open && unsure;
            model.confidence = model.confidence.max(name.confidence);
            continue;
        }
        at.insert(words.clone(), models.len());
        models.push(Model { words, kind: name.kind, confidence: name.confidence, open: unsure });
    }
    models.retain(|m| !m.open);
    models.sort_by_key(|m| Reverse(m.words.len()));
    models
}

/// Whether a name is of words alone and does not begin with a title: `الملك فهد` is a quarter only behind the word for one.
fn is_plain(doc: &Doc, seen: &[Seen], name: &Name) -> bool {
    let words = name.tokens.clone().all(|i| doc.tokens.get(i).is_some_and(|t| t.kind != TokenKind::Punct));
    let title = seen.get(name.tokens.start).is_some_and(|s| s.classes.is(Class::Title));
    words && !title
}

/// Whether a single word is written as it stands, and no list of words or names has it.
fn is_unheard(kb: &Kb, doc: &Doc, seen: &[Seen], name: &Name) -> bool {
    let Some(token) = doc.tokens.get(name.tokens.start) else { return false };
    let Some(word) = doc.text.folded().get(name.range.start as usize..token.end as usize) else {
        return false;
    };
    let listed = kb.word("", word).is_some_and(|w| w.classes.bits() != 0);
    let classes = seen.get(name.tokens.start).is_some_and(|s| s.classes.bits() != 0);
    token.kind == TokenKind::Arabic
        && word.len() >= SHORT
        && !listed
        && !classes
        && !clitics::is_word(word)
        && !clitics::is_stem(word)
}

/// The word behind the proclitics of token `i`, folded, and where it starts.
fn behind<'d>(doc: &'d Doc, seen: &[Seen], i: usize) -> Option<(&'d str, u32)> {
    let token = doc.tokens.get(i).filter(|t| t.kind != TokenKind::Punct)?;
    let start = seen.get(i)?.start.max(token.start + u32::from(token.proclitic));
    Some((doc.text.folded().get(start as usize..token.end as usize)?, start))
}

/// Whether `words` are written from token `i` on, the first of which is known to be.
fn written(doc: &Doc, words: &[&str], i: usize) -> bool {
    words
        .iter()
        .enumerate()
        .skip(1)
        .all(|(n, word)| doc.tokens.get(i + n).is_some_and(|t| doc.folded_token(t) == *word))
}

/// Whether the words at token `i` may be part of a longer name: behind the first word of one or before an adjective, and of a
/// person's behind or before a word that is not an ordinary one.
fn in_longer(doc: &Doc, seen: &[Seen], i: usize, model: &Model<'_>) -> bool {
    let whole = seen.get(i).is_some_and(|s| s.joined) && doc.tokens.get(i).is_some_and(|t| t.proclitic == 0);
    let before = i.checked_sub(1).filter(|_| whole).and_then(|i| seen.get(i));
    let end = i + model.words.len();
    if model.kind == EntityType::Per {
        let next = seen.get(end).filter(|s| s.joined);
        let ordinary = |s: &Seen| {
            s.classes.any(Class::Title, Class::Speaker)
                || s.classes.any(Class::Office, Class::Say)
                || s.classes.any(Class::Common, Class::Stop)
                || s.classes.is(Class::Nation)
        };
        return before.is_some_and(|s| !ordinary(s))
            || next.is_some_and(|s| {
                s.classes.any(Class::Given, Class::Surname) || s.classes.is(Class::Particle)
            });
    }
    let head = |s: &Seen| s.classes.any(Class::OrgHead, Class::PlaceHead) || s.classes.is(Class::EventHead);
    before.is_some_and(head) || goes_on(doc, seen, end)
}

/// Both together, in the order of the record. A name that is found again takes the place of shorter ones inside of it that no list has,
/// and does not stand where it would cross one or lie in one.
fn add(mut names: Vec<Name>, found: Vec<Name>) -> Vec<Name> {
    let mut next = 0;
    let mut stand = Vec::new();
    for again in found {
        while names.get(next).is_some_and(|n| (n.doc, n.range.end) <= (again.doc, again.range.start)) {
            next += 1;
        }
        // names inside of others begin later and end earlier, so that those before `next` may end behind it
        let from = names
            .partition_point(|n| (n.doc, n.range.start) < (again.doc, again.range.start.saturating_sub(400)));
        let near = names
            .iter()
            .skip(from.min(next))
            .take_while(|n| (n.doc, n.range.start) < (again.doc, again.range.end));
        let mut overlap = near.filter(|n| n.doc == again.doc && n.range.end > again.range.start);
        if overlap.all(|n| {
            let inside = n.range.start >= again.range.start && n.range.end <= again.range.end;
            // `الضفة الغربية` is not what is wrong with `الضفة الغربية المحتلة`
            let known = n.entity.is_some() && n.kind == again.kind;
            let same = known && (n.range.start == again.range.start || n.kind == EntityType::Per);
            inside && n.range != again.range && !same
        }) {
            stand.push(again);
        }
    }
    if stand.is_empty() {
        return names;
    }
    let covered = |n: &Name| {
        let at = stand.partition_point(|s| (s.doc, s.range.end) <= (n.doc, n.range.start));
        stand
            .get(at)
            .is_some_and(|s| s.doc == n.doc && s.range.start <= n.range.start && n.range.end <= s.range.end)
    };
    names.retain(|n| n.entity.is_some() || !covered(n));
    names.extend(stand);
    names.sort_by_key(|n| (n.doc, n.range.start, Reverse(n.range.end)));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enriched::Field;
    use crate::gazetteer;

    /// What is found again in `text` when a tagger found the first place where `name` is written.
    fn again(text: &str, name: &str, kind: EntityType, confidence: u8) -> Vec<String> {
        let kb = Kb::embedded();
        let docs = [Doc::new(Field::Body, text)];
        let (seen, _) = gazetteer::see(&kb, &docs[0]);
        let doc = &docs[0];
        let start = doc.text.normalised().find(name).expect("it is there") as u32;
        let range = start..start + name.len() as u32;
        let first = doc.tokens.iter().position(|t| t.end > start).expect("a token");
        let tokens = first..doc.tokens.partition_point(|t| t.start < range.end);
        let found_by = FoundBy::Tagger;
        let model =
            Name { doc: 0, tokens, range, kind, entity: None, others: Vec::new(), found_by, confidence };
        let names = find(&kb, &docs, &[seen], vec![model]);
        let again = names.iter().filter(|n| n.found_by == FoundBy::Document);
        again.map(|n| doc.original(n.range.start as usize..n.range.end as usize).to_owned()).collect()
    }

    #[test]
    fn names_are_found_where_they_are_written_again() {
        use EntityType::{Loc, Org, Per};
        let text = "أطلقت هيئة النخيل حملة. وأوضح مدير المشروع لهيئة النخيل ذلك.";
        assert_eq!(again(text, "هيئة النخيل", Org, 70), ["هيئة النخيل"]);
        let text = "فازت سامبوردا بالمناقصة. وكانت سامبوردا قد خسرت قبل عام.";
        assert_eq!(again(text, "سامبوردا", Org, 80), ["سامبوردا"]);
        let text = "حضرت سعاد الجندوبي الحفل. وشكر المنظمون سعاد الجندوبي.";
        assert_eq!(again(text, "سعاد الجندوبي", Per, 80).len(), 1);
        // too unsure, an ordinary word, part of a longer name, a quarter that a king gave his name to
        let text = "أطلقت هيئة النخيل حملة. وأوضح مدير المشروع لهيئة النخيل ذلك.";
        assert!(again(text, "هيئة النخيل", Org, 50).is_empty());
        assert!(again("زار الوفد بركة أمس. وفي المال بركة كبيرة.", "بركة", Loc, 85).is_empty());
        let text = "عقدت هيئة النخيل اجتماعا. ورحبت هيئة النخيل العربية بالضيوف.";
        assert!(again(text, "هيئة النخيل", Org, 80).is_empty());
        let text = "يقع المسجد في حي الملك فهد. وكان الملك فهد قد أمر ببنائه.";
        assert!(again(text, "الملك فهد", Loc, 85).is_empty());
    }
}
