//! Whose name a person's name is: by its ends, by the last word alone, by the first alone where that leaves no doubt.

mod again;
mod short;
mod western;

use rustc_hash::{FxHashMap, FxHashSet};

use super::forms::MOST;
use super::{Named, spelling};
use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, Field};
use crate::entities::settle::Name;
use crate::gazetteer::Seen;
use crate::kb::Kb;

/// Words that begin a family's name, folded.
const PARTICLES: [&str; 12] = ["بن", "ابن", "بنت", "ولد", "ال", "دا", "دي", "دو", "فان", "فون", "لو", "ماك"];
/// What bears a family's name and is none of its people, folded.
const FAMILIES: [&str; 6] = ["عايله", "عايلات", "اسره", "قبيله", "عشيره", "ال"];

/// The people that the article names in full, by their parts.
pub(super) struct People<'n> {
    kb: &'n Kb,
    docs: &'n [Doc],
    seen: &'n [Vec<Seen>],
    named: &'n [Named],
    /// First and last word of a full name.
    by_ends: FxHashMap<(&'n str, &'n str), usize>,
    /// Whole names whose ends are another's: محمد علي حسن and محمد أحمد حسن.
    by_words: FxHashMap<&'n str, usize>,
    /// Last word alone, with آل or the like as `آل سعود` too.
    by_last: FxHashMap<&'n str, usize>,
    /// Those who share a last word.
    shared: FxHashMap<&'n str, Vec<usize>>,
    /// First word alone; of several people nobody's.
    by_first: FxHashMap<&'n str, Option<usize>>,
    /// Single words that the knowledge base links, with the first name that is one; of several people nobody's.
    linked: FxHashMap<&'n str, Option<(u32, usize)>>,
    /// Single words that may stand for whom they fit, somewhere in the article: who has two names alike is not told by one.
    free: FxHashSet<&'n str>,
    /// Those of the knowledge base who are named by more than one word.
    in_full: FxHashSet<u32>,
    all: Vec<Person<'n>>,
}

/// Somebody who is named in full.
struct Person<'n> {
    full: Full<'n>,
    words: Vec<&'n str>,
    /// The first of their full names.
    at: usize,
}

/// The fullest form.
#[derive(Clone, Copy)]
pub(super) enum Full<'n> {
    /// An entity of the knowledge base.
    Kb(u32),
    /// Words.
    Words(&'n str),
}

/// Whether two names with the same ends are one's: the words of the shorter are among those of the longer, in order, give
/// or take a letter behind the second.
fn fits(words: &[&str], other: &[&str]) -> bool {
    let alike = |a: &str, b: &str| a == b || a.chars().take(3).eq(b.chars().take(3));
    let within = |short: &[&str], long: &[&str]| {
        let mut rest = long.iter();
        short.iter().all(|word| rest.any(|w| alike(word, w)))
    };
    if words.len() <= other.len() { within(words, other) } else { within(other, words) }
}

impl<'n> People<'n> {
    pub(super) fn new(kb: &'n Kb, docs: &'n [Doc], seen: &'n [Vec<Seen>], named: &'n [Named]) -> Self {
        let mut people = Self {
            kb,
            docs,
            seen,
            named,
            by_ends: FxHashMap::default(),
            by_words: FxHashMap::default(),
            by_last: FxHashMap::default(),
            shared: FxHashMap::default(),
            by_first: FxHashMap::default(),
            linked: FxHashMap::default(),
            free: FxHashSet::default(),
            in_full: FxHashSet::default(),
            all: Vec::new(),
        };
        let mut known: FxHashSet<(&str, Option<u32>)> = FxHashSet::default();
        let mut forms: Vec<(&str, Option<u32>, usize)> = Vec::new();
        for (at, n) in named.iter().enumerate().filter(|(_, n)| n.name.kind == EntityType::Per) {
            let Some((first, _)) = n.words.split_once(' ') else {
                if let Some(id) = n.name.entity {
                    let known = people.linked.entry(&n.words).or_insert(Some((id, at)));
                    *known = known.filter(|(known, _)| *known == id);
                }
                continue;
            };
            // بن زياد is short for somebody, too
            let entity = n.name.entity.filter(|_| !PARTICLES.contains(&first));
            if known.insert((&n.words, entity)) {
                forms.push((&n.words, entity, at));
            }
        }
        // Fullest first; what the knowledge base has is as full as can be, a name with a father's for a family's is not.
        forms.sort_by_key(|(w, id, _)| {
            let less = western::is_patronymic(w) || western::initial(w).is_some();
            (id.is_none(), less, std::cmp::Reverse(w.split(' ').count()))
        });
        for (words, id, at) in forms {
            people.enter(words, id, at);
        }
        let single =
            |n: &&Named| n.name.kind == EntityType::Per && n.name.entity.is_none() && !n.words.contains(' ');
        let free = named.iter().filter(single).filter(|n| people.is_free(n)).map(|n| n.words.as_str());
        let mut free: FxHashSet<&str> = free.collect();
        // where the article has somebody else of that name, it tells nobody
        for n in named.iter().filter(single).filter(|n| people.is_anothers(n)) {
            free.remove(n.words.as_str());
        }
        people.free = free;
        people
    }

    /// Notes a full name.
    fn enter(&mut self, words: &'n str, id: Option<u32>, at: usize) {
        let (Some((first, _)), Some((_, last))) = (words.split_once(' '), words.rsplit_once(' ')) else {
            return;
        };
        self.in_full.extend(id);
        let parts: Vec<&str> = words.split(' ').collect();
        let index = if let Some(index) = self.by_ends.get(&(first, last)).copied() {
            let other = self.all.get(index).is_some_and(|other| !fits(&parts, &other.words));
            if other { self.by_words.get(words).copied().unwrap_or(self.all.len()) } else { index }
        } else {
            let few = self.all.len() < MOST;
            let same = || {
                let same = self.longer(&parts).or_else(|| self.shorter(&parts));
                same.or_else(|| self.initialled(words))
            };
            let same = few.then(same).flatten();
            let index = same.or_else(|| self.respelled(words).filter(|_| few)).unwrap_or(self.all.len());
            self.by_ends.insert((first, last), index);
            let of_last = *self.by_last.entry(last).or_insert(index);
            let shared =
                if of_last == index { None } else { Some(self.shared.entry(last).or_insert(vec![of_last])) };
            if let Some(shared) = shared.filter(|shared| !shared.contains(&index)) {
                shared.push(index);
            }
            index
        };
        match self.all.get_mut(index) {
            Some(person) => person.at = person.at.min(at),
            None => {
                if self.by_ends.get(&(first, last)) != Some(&index) {
                    self.by_words.insert(words, index);
                }
                self.all.push(Person { full: id.map_or(Full::Words(words), Full::Kb), words: parts, at });
            }
        }
        if !PARTICLES.contains(&first) && western::is_given(first) {
            let known = self.by_first.entry(first).or_insert(Some(index));
            if *known != Some(index) {
                *known = None;
            }
        }
    }

    /// Whether somebody of the knowledge base is named in full.
    pub(super) fn in_full(&self, id: u32) -> bool {
        self.in_full.contains(&id)
    }

    /// The full name of whom `named` stands for.
    pub(super) fn full(&self, named: &Named) -> Option<Full<'n>> {
        if self.is_prophet(&named.name) {
            return None;
        }
        let words = named.words.as_str();
        let before = self.before(&named.name);
        let index = match self.by_last.get(words) {
            _ if words.contains(' ') => self.named_in_full(words),
            Some(_) if before.is_some_and(|word| FAMILIES.contains(&word)) => return None,
            Some(index) => self
                .shared
                .get(words)
                .filter(|all| all.len() <= MOST)
                .and_then(|all| self.among(all, named))
                .or(Some(*index)),
            None => self.by_first(named).or_else(|| self.by_respelled_last(named)),
        };
        index.and_then(|index| self.all.get(index)).map(|person| person.full).or_else(|| self.by_link(named))
    }

    /// The word before a name, where nothing is written onto that.
    fn before(&self, name: &Name) -> Option<&'n str> {
        let doc = self.docs.get(name.doc)?;
        let joined = doc.tokens.get(name.tokens.start)?.start < name.range.start;
        let before = doc.tokens.get(name.tokens.start.checked_sub(1)?)?;
        (!joined && before.kind == TokenKind::Arabic).then(|| doc.folded_token(before))
    }

    /// Who has this full name.
    fn named_in_full(&self, words: &str) -> Option<usize> {
        let ends = || Some((words.split_once(' ')?.0, words.rsplit_once(' ')?.1));
        self.by_words.get(words).or_else(|| self.by_ends.get(&ends()?)).copied()
    }

    /// Whether `named` is the family name of somebody whom the article has named in full before.
    pub(super) fn is_family(&self, named: &Named) -> bool {
        let alone = !self.shared.contains_key(named.words.as_str());
        let person = self.by_last.get(named.words.as_str()).filter(|_| alone).and_then(|i| self.all.get(*i));
        person.is_some_and(|person| match person.words.as_slice() {
            [.., before, last] => {
                *last == named.words && !PARTICLES.contains(before) && self.is_before(person.at, named)
            }
            _ => false,
        })
    }

    /// Whether the knowledge base has `one` as better known than `other`.
    pub(super) fn is_better_known(&self, one: u32, other: u32) -> bool {
        let prior = |id| self.kb.entity(id).map_or(0, |e| e.prior());
        prior(one) > prior(other)
    }

    /// Whether the name `at` stands before `named`, or in the text below a title that has it.
    fn is_before(&self, at: usize, named: &Named) -> bool {
        let Some(full) = self.named.get(at).map(|n| &n.name) else { return false };
        let in_title = |doc: usize| self.docs.get(doc).is_some_and(|d| d.field == Field::Title);
        (full.doc, full.range.start) < (named.name.doc, named.name.range.start)
            || in_title(named.name.doc) && !in_title(full.doc)
    }

    /// The one person whose name ends with these words, which begin with a particle (بن دغر), or begins with them, if they are
    /// three or more.
    fn longer(&self, words: &[&str]) -> Option<usize> {
        let particle = words.first().is_some_and(|first| PARTICLES.contains(first));
        if !particle && words.len() < 3 {
            return None;
        }
        let has = |p: &&Person<'_>| {
            let more = p.words.len() > words.len();
            more && if particle { p.words.ends_with(words) } else { p.words.starts_with(words) }
        };
        self.only(has)
    }

    /// The one person whose name of three words or more these words go on with.
    fn shorter(&self, words: &[&str]) -> Option<usize> {
        self.only(|p| p.words.len() > 2 && words.len() > p.words.len() && words.starts_with(&p.words))
    }

    /// The one person whose name is written almost so.
    fn respelled(&self, words: &str) -> Option<usize> {
        let alike = |own: &str| {
            spelling::parted(own, words)
                || spelling::hiatus(own) == spelling::hiatus(words)
                    && spelling::respelled(self.kb, own, words)
        };
        self.only(|p| self.named.get(p.at).is_some_and(|n| alike(&n.words)))
    }

    fn only(&self, fits: impl Fn(&&Person<'n>) -> bool) -> Option<usize> {
        let mut all = self.all.iter().enumerate().filter(|(_, p)| fits(p));
        let first = all.next()?.0;
        all.next().is_none().then_some(first)
    }

    /// Whether the words around a name tell of the prophet.
    fn is_prophet(&self, name: &Name) -> bool {
        let doc = self.docs.get(name.doc);
        let after = doc.and_then(|doc| Some(doc.folded_token(doc.tokens.get(name.tokens.end)?)));
        if matches!(after, Some("صلي" | "عليه")) {
            return true;
        }
        matches!(self.before(name), Some("النبي" | "الرسول" | "نبينا" | "سيدنا" | "والنبي" | "للنبي"))
    }
}
