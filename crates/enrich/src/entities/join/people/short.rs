//! Single words that stand for people: a last name that several share, a first name alone, other spellings.

use super::{Full, MOST, People};
use crate::enriched::EntityType;
use crate::entities::join::{Named, spelling};
use crate::entities::settle::Name;
use crate::kb::word::Class;

/// What bears people's names without being people, and who is known by his first name to all, folded.
const NO_MAN: [&str; 9] = ["سوره", "اعصار", "عاصفه", "النبي", "الرسول", "الامام", "الخليفه", "نبينا", "سيدنا"];
/// Nouns for a relative, whose name is not that of whom he belongs to, folded.
const KIN: [&str; 12] =
    ["ابن", "ابنت", "شقيق", "شقيقت", "اخ", "والد", "والدت", "زوج", "زوجت", "نجل", "حفيد", "عم"];
/// A title stands at most so many words before a name.
const TITLE: usize = 3;

impl<'n> People<'n> {
    /// Which of those who share a last name it stands for: who alone has the noun before it, the best known, whoever was named in
    /// full last.
    pub(super) fn among(&self, all: &[usize], named: &Named) -> Option<usize> {
        let prior = |i: &usize| match self.all.get(*i)?.full {
            Full::Kb(id) => self.kb.entity(id).map(|e| (e.prior(), *i)),
            Full::Words(_) => None,
        };
        let best = all.iter().filter_map(prior).max_by_key(|(prior, _)| *prior);
        let place = |n: &Name| (n.doc, n.range.start);
        let here = self.named.partition_point(|n| place(&n.name) < place(&named.name));
        let last = || {
            let before = self.named.get(..here).unwrap_or_default().iter().rev().take(MOST);
            let people = before.filter(|n| n.name.kind == EntityType::Per && n.words.contains(' '));
            people.filter_map(|n| self.named_in_full(&n.words)).find(|i| all.contains(i))
        };
        let noun = self.before(&named.name).and_then(definite);
        let mut called = all.iter().copied().filter(|i| {
            noun.is_some_and(|noun| self.all.get(*i).is_some_and(|p| self.has_before(p.at, noun)))
        });
        match (called.next(), called.next()) {
            (Some(index), None) => Some(index),
            _ => best.map(|(_, i)| i).or_else(last),
        }
    }

    /// Whom the knowledge base links elsewhere by the same single word.
    pub(super) fn by_link(&self, named: &Named) -> Option<Full<'n>> {
        let (id, _) = (*self.linked.get(named.words.as_str())?).filter(|_| self.is_open(named))?;
        Some(Full::Kb(id))
    }

    /// The only one who has this first name.
    pub(super) fn by_first(&self, named: &Named) -> Option<usize> {
        (*self.by_first.get(named.words.as_str())?).filter(|_| self.is_open(named))
    }

    fn is_open(&self, named: &Named) -> bool {
        named.name.entity.is_none() && self.free.contains(named.words.as_str())
    }

    /// Whether a single word stands where it may be whoever else is named by it.
    pub(super) fn is_free(&self, named: &Named) -> bool {
        let words = named.words.as_str();
        let first = self.by_first.get(words).and_then(|index| self.all.get((*index)?));
        first.is_some_and(|p| self.is_before(p.at, named) && self.may_be(named, p.at))
            || self.linked.get(words).is_some_and(|known| known.is_some_and(|(_, at)| self.may_be(named, at)))
    }

    /// Whether a single word stands where it names somebody else than whoever has it for a first name.
    pub(super) fn is_anothers(&self, named: &Named) -> bool {
        let words = named.words.as_str();
        let first = self.by_first.get(words).and_then(|index| self.all.get((*index)?));
        first.is_some_and(|p| !self.may_be(named, p.at) || self.linked.contains_key(words))
    }

    /// Whether a single word may stand for whoever has the name `at`: nothing before it tells of somebody else. A noun or title
    /// must stand before that name, too.
    fn may_be(&self, named: &Named, at: usize) -> bool {
        let name = &named.name;
        let Some(mut word) = self.before(name) else { return self.stands_free(name) };
        let (doc, seen) = (self.docs.get(name.doc), self.seen.get(name.doc));
        let classes = |back: usize| {
            let at = name.tokens.start.checked_sub(back);
            at.and_then(|i| seen?.get(i)).map(|s| s.classes).unwrap_or_default()
        };
        let mut classes_before = classes(1);
        // الفنانة المصرية
        if classes_before.is(Class::Nation) {
            let noun = name.tokens.start.checked_sub(2).and_then(|i| Some((doc?, doc?.tokens.get(i)?)));
            word = noun.map_or("", |(doc, t)| doc.folded_token(t));
            classes_before = classes(2);
        }
        let classes = classes_before;
        let head =
            classes.any(Class::PlaceCue, Class::PlaceHead) || classes.any(Class::OrgHead, Class::OrgCue);
        let kin = ["ه", "ها", "هم"]
            .iter()
            .any(|end| word.strip_suffix(end).is_some_and(|noun| KIN.contains(&noun)));
        if NO_MAN.contains(&word) || kin || head || classes.any(Class::Particle, Class::EventHead) {
            return false;
        }
        let title = classes.any(Class::Title, Class::Office) || classes.is(Class::Speaker);
        let noun = definite(word).or(title.then_some(word));
        noun.is_none_or(|noun| self.has_before(at, noun))
    }

    /// Whether `noun` stands shortly before the name `at`.
    fn has_before(&self, at: usize, noun: &str) -> bool {
        let Some(full) = self.named.get(at).map(|n| &n.name) else { return false };
        let Some(doc) = self.docs.get(full.doc) else { return false };
        let before = full.tokens.start.saturating_sub(TITLE)..full.tokens.start;
        doc.tokens.get(before).unwrap_or_default().iter().any(|t| {
            let word = doc.folded_token(t);
            definite(word).unwrap_or(word) == noun
        })
    }

    /// The only one whose last name is written almost so: with other vowels, with or without the article.
    pub(super) fn by_respelled_last(&self, named: &Named) -> Option<usize> {
        let alike = |last: &str| {
            spelling::alike(self.kb, last, &named.words)
                || spelling::with_article(self.kb, last, &named.words)
        };
        if named.name.entity.is_some() || named.words.contains(' ') || self.all.len() > MOST {
            return None;
        }
        let mut all =
            self.all.iter().enumerate().filter(|(_, p)| p.words.last().is_some_and(|last| alike(last)));
        let (index, person) = all.next()?;
        (all.next().is_none() && self.is_before(person.at, named)).then_some(index)
    }
}

/// A noun with the article, without it and what is written before it: للشيخ and الشيخ are one.
fn definite(word: &str) -> Option<&str> {
    let prefixes = ["ال", "لل", "وال", "بال", "فال", "كال", "ولل"];
    prefixes.iter().find_map(|p| word.strip_prefix(p)).filter(|rest| rest.len() > 4)
}
