//! Whose name a person's name is: by its ends, by the last word alone, by the first alone where that leaves no doubt.

use rustc_hash::{FxHashMap, FxHashSet};

use super::forms::MOST;
use super::{Named, as_key, spelling};
use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::{EntityType, Field, FoundBy};
use crate::entities::settle::Name;
use crate::gazetteer::{self, Seen};
use crate::kb::Kb;
use crate::kb::word::Class;

/// Words that begin a family's name, folded.
const PARTICLES: [&str; 10] = ["بن", "ابن", "ال", "دا", "دي", "دو", "فان", "فون", "لو", "ماك"];
/// What bears people's names without being people, and who is known by his first name to all, folded.
const NO_MAN: [&str; 9] = ["سوره", "اعصار", "عاصفه", "النبي", "الرسول", "الامام", "الخليفه", "نبينا", "سيدنا"];
/// A title stands at most so many words before a name.
const TITLE: usize = 3;

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
    /// First word alone; of several people nobody's.
    by_first: FxHashMap<&'n str, Option<usize>>,
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
            by_first: FxHashMap::default(),
            in_full: FxHashSet::default(),
            all: Vec::new(),
        };
        let mut known: FxHashSet<(&str, Option<u32>)> = FxHashSet::default();
        let mut forms: Vec<(&str, Option<u32>, usize)> = Vec::new();
        for (at, n) in named.iter().enumerate().filter(|(_, n)| n.name.kind == EntityType::Per) {
            let Some((first, _)) = n.words.split_once(' ') else { continue };
            // بن زياد is short for somebody, too
            let entity = n.name.entity.filter(|_| !PARTICLES.contains(&first));
            if known.insert((&n.words, entity)) {
                forms.push((&n.words, entity, at));
            }
        }
        // Fullest first; what the knowledge base has is as full as can be.
        forms.sort_by_key(|(w, id, _)| (id.is_none(), std::cmp::Reverse(w.split(' ').count())));
        for (words, id, at) in forms {
            people.enter(words, id, at);
        }
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
            let same = few.then(|| self.longer(&parts).or_else(|| self.shorter(&parts))).flatten();
            let index = same.or_else(|| self.respelled(words).filter(|_| few)).unwrap_or(self.all.len());
            self.by_ends.insert((first, last), index);
            self.by_last.entry(last).or_insert(index);
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
        if !PARTICLES.contains(&first) {
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
        let index = match (words.split_once(' '), words.rsplit_once(' ')) {
            _ if self.by_words.contains_key(words) => self.by_words.get(words).copied(),
            (Some((first, _)), Some((_, last))) => self.by_ends.get(&(first, last)).copied(),
            _ if self.by_last.contains_key(words) => self.by_last.get(words).copied(),
            _ => self.by_first(named).or_else(|| self.by_respelled_last(named)),
        };
        self.all.get(index?).map(|person| person.full)
    }

    /// Whether `named` is the family name of somebody whom the article has named in full before.
    pub(super) fn is_family(&self, named: &Named) -> bool {
        let person = self.by_last.get(named.words.as_str()).and_then(|i| self.all.get(*i));
        person.is_some_and(|person| match person.words.as_slice() {
            [.., before, last] => {
                *last == named.words && !PARTICLES.contains(before) && self.is_before(person, named)
            }
            _ => false,
        })
    }

    /// Whether somebody was named in full before `named`, or is in the text below a title that has it.
    fn is_before(&self, person: &Person<'_>, named: &Named) -> bool {
        let Some(full) = self.named.get(person.at).map(|n| &n.name) else { return false };
        let in_title = |doc: usize| self.docs.get(doc).is_some_and(|d| d.field == Field::Title);
        (full.doc, full.range.start) < (named.name.doc, named.name.range.start)
            || in_title(named.name.doc) && !in_title(full.doc)
    }

    /// The only one who has this first name, where nothing before it tells of somebody else: a noun or title must stand before
    /// the full name, too.
    fn by_first(&self, named: &Named) -> Option<usize> {
        let Named { name, words, .. } = named;
        let index = (*self.by_first.get(words.as_str())?).filter(|_| name.entity.is_none())?;
        let person = self.all.get(index).filter(|person| self.is_before(person, named))?;
        let (doc, seen) = (self.docs.get(name.doc)?, self.seen.get(name.doc)?);
        let blessed = doc.tokens.get(name.tokens.end).map(|t| doc.folded_token(t));
        if matches!(blessed, Some("صلي" | "عليه")) {
            return None;
        }
        let before = name.tokens.start.checked_sub(1).and_then(|i| Some((doc.tokens.get(i)?, seen.get(i)?)));
        let joined = doc.tokens.get(name.tokens.start).is_some_and(|t| t.start < name.range.start);
        let Some((token, seen)) = before.filter(|(t, _)| !joined && t.kind == TokenKind::Arabic) else {
            return Some(index);
        };
        let word = doc.folded_token(token);
        let classes = seen.classes;
        let head =
            classes.any(Class::PlaceCue, Class::PlaceHead) || classes.any(Class::OrgHead, Class::OrgCue);
        if NO_MAN.contains(&word) || head || classes.any(Class::Particle, Class::EventHead) {
            return None;
        }
        let title = classes.any(Class::Title, Class::Office) || classes.is(Class::Speaker);
        let noun = definite(word).or(title.then_some(word));
        noun.is_none_or(|noun| self.has_before(person, noun)).then_some(index)
    }

    /// Whether `noun` stands shortly before somebody's full name.
    fn has_before(&self, person: &Person<'_>, noun: &str) -> bool {
        let Some(full) = self.named.get(person.at).map(|n| &n.name) else { return false };
        let Some(doc) = self.docs.get(full.doc) else { return false };
        let before = full.tokens.start.saturating_sub(TITLE)..full.tokens.start;
        doc.tokens.get(before).unwrap_or_default().iter().any(|t| {
            let word = doc.folded_token(t);
            definite(word).unwrap_or(word) == noun
        })
    }

    /// The only one whose last name is written almost so: with other vowels, with or without the article.
    fn by_respelled_last(&self, named: &Named) -> Option<usize> {
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
        (all.next().is_none() && self.is_before(person, named)).then_some(index)
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
        let alike = |own: &str| spelling::parted(own, words) || spelling::respelled(self.kb, own, words);
        self.only(|p| self.named.get(p.at).is_some_and(|n| alike(&n.words)))
    }

    fn only(&self, fits: impl Fn(&&Person<'n>) -> bool) -> Option<usize> {
        let mut all = self.all.iter().enumerate().filter(|(_, p)| fits(p));
        let first = all.next()?.0;
        all.next().is_none().then_some(first)
    }

    /// Last names standing alone where no other name does.
    pub(super) fn again(&self) -> Vec<Name> {
        let mut found = Vec::new();
        if self.by_last.is_empty() {
            return found;
        }
        let names = self.named.iter().map(|n| &n.name);
        let mut taken = names.filter(|n| n.kind != EntityType::Event).peekable();
        for (d, doc) in self.docs.iter().enumerate() {
            // Where the last name before the token ends: a full name does not reach into it.
            let mut free = 0;
            for (i, token) in doc.tokens.iter().enumerate() {
                while let Some(name) = taken.next_if(|n| (n.doc, n.range.end) <= (d, token.start)) {
                    free = if name.doc == d { name.range.end.max(free) } else { free };
                }
                if taken.peek().is_some_and(|n| n.doc == d && n.range.start < token.end) {
                    continue;
                }
                let Some(seen) = self.seen.get(d).and_then(|s| s.get(i)) else { continue };
                if let Some((start, index)) = self.stands_alone(doc, token, seen) {
                    let full = self.rest(doc, i, index).filter(|(_, start)| *start >= free);
                    let (first, start) = full.unwrap_or((i, start));
                    free = token.end;
                    found.push(Name {
                        doc: d,
                        tokens: first..i + 1,
                        range: start..token.end,
                        kind: EntityType::Per,
                        entity: None,
                        others: Vec::new(),
                        found_by: FoundBy::Document,
                        confidence: 80,
                    });
                }
            }
        }
        found
    }

    /// First token and byte of the full name that ends at token `i`, where it stands there in full.
    fn rest(&self, doc: &Doc, i: usize, index: usize) -> Option<(usize, u32)> {
        let words = &self.all.get(index)?.words;
        let first = i.checked_sub(words.len().checked_sub(1)?)?;
        let tokens = doc.tokens.get(first..i)?;
        let (head, middle) = (tokens.first()?, tokens.get(1..)?);
        let same = middle.iter().zip(words.get(1..)?).all(|(t, w)| as_key(doc.folded_token(t), t.kind) == *w);
        let name = words.first()?;
        let whole = as_key(doc.folded_token(head), head.kind);
        // Only proclitics may stand before the first word.
        let cut = whole.len().checked_sub(name.len()).filter(|c| *c <= 6 && whole.ends_with(name))?;
        same.then_some((first, head.start + cut as u32))
    }

    /// Where in the token a last name starts, and whose it is.
    fn stands_alone(&self, doc: &Doc, token: &Token, seen: &Seen) -> Option<(u32, usize)> {
        let word = doc.folded_token(token);
        let classes = seen.classes;
        let ordinary = classes.any(Class::Common, Class::Stop) || classes.any(Class::Nation, Class::Title);
        if ordinary || token.kind == TokenKind::Punct || word.len() < 4 {
            return None;
        }
        let written = doc.normalised_token(token);
        if written.chars().next().is_some_and(char::is_lowercase) {
            return None;
        }
        if let Some(index) = self.by_last.get(as_key(word, token.kind)) {
            return Some((token.start, *index));
        }
        gazetteer::cuts(word)
            .filter(|_| token.kind == TokenKind::Arabic)
            .find_map(|cut| Some((token.start + cut.len, *self.by_last.get(word.get(cut.len as usize..)?)?)))
    }

    /// Whether the words before a name tell of the prophet.
    fn is_prophet(&self, name: &Name) -> bool {
        let before = name.tokens.start.checked_sub(1);
        let doc = self.docs.get(name.doc);
        let word = before.and_then(|t| doc.and_then(|doc| Some(doc.folded_token(doc.tokens.get(t)?))));
        matches!(word, Some("النبي" | "الرسول" | "نبينا" | "سيدنا" | "والنبي" | "للنبي"))
    }
}

/// A noun with the article, without it and what is written before it: للشيخ and الشيخ are one.
fn definite(word: &str) -> Option<&str> {
    let prefixes = ["ال", "لل", "وال", "بال", "فال", "كال", "ولل"];
    prefixes.iter().find_map(|p| word.strip_prefix(p)).filter(|rest| rest.len() > 4)
}
