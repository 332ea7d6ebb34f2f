//! Which names are the same entity, and the short forms of what was named in full.

use rustc_hash::{FxHashMap, FxHashSet};

use super::same::{Forms, MOST, Same};
use super::settle::Name;
use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::{EntityType, FoundBy};
use crate::gazetteer::{self, Seen};
use crate::kb::russian;
use crate::kb::word::Class;

/// Names with the entity that each stands for.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// Names in the order of the record, each with its entity.
    pub names: Vec<(Name, usize)>,
    /// Entities in order of first mention.
    pub entities: Vec<Thing>,
}

/// One entity of the article.
#[derive(Debug)]
pub(super) struct Thing {
    /// Its type.
    pub kind: EntityType,
    /// Index in the knowledge base.
    pub kb: Option<u32>,
    /// Other readings of its name there.
    pub others: Vec<u32>,
}

/// Joins `names`, which are in the order of the record.
pub(super) fn join(docs: &[Doc], seen: &[Vec<Seen>], names: Vec<Name>) -> Joined {
    let people = People::new(docs, &names);
    let forms = Forms::new(docs, &names);
    let mut names = names;
    let found = people.again(docs, seen, &names);
    if !found.is_empty() {
        names.extend(found);
        names.sort_by_key(|n| (n.doc, n.range.start, std::cmp::Reverse(n.range.end)));
    }
    let mut joined = Joined::default();
    let mut by_kb: FxHashMap<u32, usize> = FxHashMap::default();
    let mut by_form: FxHashMap<String, usize> = FxHashMap::default();
    for name in names {
        let (key, readings) = key(docs, &people, &forms, &name);
        let known = match &key {
            Key::Kb(id) => by_kb.get(id).copied(),
            Key::Form(form) => by_form.get(form).copied(),
        };
        let index = known.unwrap_or(joined.entities.len());
        if known.is_none() {
            let id = match key {
                Key::Kb(id) => {
                    by_kb.insert(id, index);
                    Some(id)
                }
                Key::Form(form) => {
                    by_form.insert(form, index);
                    None
                }
            };
            joined.entities.push(Thing { kind: name.kind, kb: id, others: readings });
        }
        joined.names.push((name, index));
    }
    joined
}

/// What tells entities apart.
enum Key {
    Kb(u32),
    Form(String),
}

fn key(docs: &[Doc], people: &People, forms: &Forms, name: &Name) -> (Key, Vec<u32>) {
    if let Some(id) = name.entity.filter(|id| name.kind != EntityType::Per || people.in_full.contains(id)) {
        return (Key::Kb(id), name.others.clone());
    }
    if name.kind != EntityType::Per {
        return match forms.of(docs, name) {
            Same::Kb(id) => (Key::Kb(id), Vec::new()),
            Same::Form(form) => (Key::Form(form), Vec::new()),
        };
    }
    let words = words(docs, name);
    let form = format!("{:?} {words}", name.kind);
    let first = || people.by_first(&words).filter(|_| name.entity.is_none() && stands_free(docs, name));
    let full = people.full(&words).filter(|_| !is_prophet(docs, name)).or_else(first);
    match (full, name.entity) {
        (Some(Full::Kb(id)), None) => (Key::Kb(*id), Vec::new()),
        // a short name of the article's own, not whoever is better known by it
        (Some(Full::Words(w)), None) => (Key::Form(w.clone()), Vec::new()),
        (Some(Full::Words(w)), Some(_)) if *w != form => (Key::Form(w.clone()), Vec::new()),
        (_, Some(id)) => (Key::Kb(id), name.others.clone()),
        (None, None) => (Key::Form(form), Vec::new()),
    }
}

/// Whether no other capital word touches a name: Prince Harry is not whoever is called Harry.
fn stands_free(docs: &[Doc], name: &Name) -> bool {
    let Some(doc) = docs.get(name.doc) else { return false };
    let capital =
        |t: &Token| t.kind != TokenKind::Punct && doc.normalised_token(t).starts_with(char::is_uppercase);
    let begins = doc.sentences.get(doc.sentence_at(name.range.start as usize)).map_or(0, |s| s.start);
    let before = name.tokens.start.checked_sub(1).and_then(|t| doc.tokens.get(t));
    let behind = doc.tokens.get(name.tokens.end);
    !before.is_some_and(|t| capital(t) && t.start > begins) && !behind.is_some_and(capital)
}

/// Whether the words before a name tell of the prophet.
fn is_prophet(docs: &[Doc], name: &Name) -> bool {
    let before = name.tokens.start.checked_sub(1);
    let word = before.and_then(|t| Some((docs.get(name.doc)?, docs.get(name.doc)?.tokens.get(t)?)));
    word.is_some_and(|(doc, t)| {
        matches!(doc.folded_token(t), "النبي" | "الرسول" | "نبينا" | "سيدنا" | "والنبي" | "للنبي")
    })
}

/// Folded words of a name, single spaces between.
pub(super) fn words(docs: &[Doc], name: &Name) -> String {
    let Some(doc) = docs.get(name.doc) else { return String::new() };
    let folded = doc.text.folded();
    let mut out = String::new();
    for (i, t) in doc.tokens.get(name.tokens.clone()).unwrap_or_default().iter().enumerate() {
        if t.kind == TokenKind::Punct {
            continue;
        }
        let start = if i == 0 { name.range.start } else { t.start };
        // عبد الله is عبدالله
        if !(out.is_empty() || out == "عبد" || out.ends_with(" عبد")) {
            out.push(' ');
        }
        out.push_str(as_key(folded.get(start as usize..t.end as usize).unwrap_or_default(), t.kind));
    }
    out
}

/// A folded word as names are joined by it: a Russian one without its case.
fn as_key(word: &str, kind: TokenKind) -> &str {
    if kind == TokenKind::Cyrillic { russian::stem(word) } else { word }
}

fn is_arabic(c: char) -> bool {
    ('\u{600}'..='\u{6FF}').contains(&c)
}

/// Whether a Russian name of two words, without their cases, has the father's name for the family's: `татьян юрьевн`.
fn is_patronymic(words: &str) -> bool {
    let mut parts = words.split(' ').skip(1);
    let Some(second) = parts.next().filter(|_| parts.next().is_none()) else { return false };
    ["ович", "евич", "овн", "евн", "ичн"].iter().any(|end| second.ends_with(end))
}

/// The initial that a name in Latin or Cyrillic letters begins with instead of a given name: `b obama`.
fn initial(words: &str) -> Option<char> {
    let mut letters = words.split(' ').next()?.chars();
    letters.next().filter(|&letter| letters.next().is_none() && !is_arabic(letter))
}

/// Words that begin a family's name, folded.
const PARTICLES: [&str; 10] = ["بن", "ابن", "ال", "دا", "دي", "دو", "فان", "فون", "لو", "ماك"];
/// The people that the article names in full, by their parts.
struct People {
    /// First and last word of a full name.
    by_ends: FxHashMap<(String, String), usize>,
    /// Whole names whose ends are another's: محمد علي حسن and محمد أحمد حسن.
    by_words: FxHashMap<String, usize>,
    /// First word alone of names in Latin and Cyrillic letters; `None` where several people have it.
    by_first: FxHashMap<String, Option<usize>>,
    /// Last word alone, with آل or the like as `آل سعود` too.
    by_last: FxHashMap<String, usize>,
    /// Those of the knowledge base who are named by more than one word.
    in_full: FxHashSet<u32>,
    full: Vec<Full>,
    /// The words of each.
    words: Vec<Vec<String>>,
}

/// The fullest form.
enum Full {
    Kb(u32),
    Words(String),
}

/// Whether two names with the same ends are one's: the words of the shorter are among those of the longer, in order, give
/// or take a letter behind the second.
fn fits(words: &[&str], other: &[String]) -> bool {
    let alike = |a: &str, b: &str| a == b || a.chars().take(3).eq(b.chars().take(3));
    let within = |short: &[&str], long: &[&str]| {
        let mut rest = long.iter();
        short.iter().all(|word| rest.any(|w| alike(word, w)))
    };
    let other: Vec<&str> = other.iter().map(String::as_str).collect();
    if words.len() <= other.len() { within(words, &other) } else { within(&other, words) }
}

impl People {
    fn new(docs: &[Doc], names: &[Name]) -> Self {
        let mut people = Self {
            by_ends: FxHashMap::default(),
            by_words: FxHashMap::default(),
            by_first: FxHashMap::default(),
            by_last: FxHashMap::default(),
            in_full: FxHashSet::default(),
            full: Vec::new(),
            words: Vec::new(),
        };
        let mut forms: Vec<(String, Option<u32>)> = names
            .iter()
            .filter(|n| n.kind == EntityType::Per)
            .map(|n| {
                let words = words(docs, n);
                // بن زياد is short for somebody, too
                let whole = words.split(' ').next().is_none_or(|first| !PARTICLES.contains(&first));
                let entity = n.entity.filter(|_| whole);
                (words, entity)
            })
            .filter(|(w, _)| w.contains(' '))
            .collect();
        // Fullest first; what the knowledge base has is as full as can be, a name with a father's for a family's is not.
        forms.sort_by_key(|(w, id)| {
            (id.is_none(), is_patronymic(w) || initial(w).is_some(), std::cmp::Reverse(w.split(' ').count()))
        });
        for (words, id) in &forms {
            let (Some((first, _)), Some((_, last))) = (words.split_once(' '), words.rsplit_once(' ')) else {
                continue;
            };
            let key = (first.to_owned(), last.to_owned());
            people.in_full.extend(id);
            if let Some(index) = people.by_ends.get(&key) {
                let parts: Vec<&str> = words.split(' ').collect();
                let other = people.words.get(*index).is_some_and(|other| !fits(&parts, other));
                if other && !people.by_words.contains_key(words) {
                    people.by_words.insert(words.clone(), people.full.len());
                    people.words.push(parts.iter().map(|&part| part.to_owned()).collect());
                    people.full.push(id.map_or_else(|| Full::Words(format!("Per {words}")), Full::Kb));
                }
                continue;
            }
            let few = people.words.len() < MOST;
            let father = || is_patronymic(words).then(|| people.by_first.get(first).copied()).flatten()?;
            let same = || {
                let other = people.longer(words).or_else(|| people.shorter(words)).or_else(father);
                other.or_else(|| people.initialled(initial(words)?, last))
            };
            if let Some(index) = few.then(same).flatten() {
                people.by_ends.insert(key, index);
                people.by_last.entry(last.to_owned()).or_insert(index);
                continue;
            }
            let index = people.full.len();
            people.words.push(words.split(' ').map(str::to_owned).collect());
            people.by_ends.insert(key, index);
            people.by_last.entry(last.to_owned()).or_insert(index);
            if !first.starts_with(is_arabic) && first.chars().nth(2).is_some() {
                people.by_first.entry(first.to_owned()).and_modify(|one| *one = None).or_insert(Some(index));
            }
            people.full.push(id.map_or_else(|| Full::Words(format!("Per {words}")), Full::Kb));
        }
        people
    }

    /// The one person of that surname whose given name begins so: B. Obama.
    fn initialled(&self, letter: char, last: &str) -> Option<usize> {
        let fits = |name: &[String]| {
            let first =
                name.first().is_some_and(|first| first.starts_with(letter) && first.chars().nth(1).is_some());
            first && name.last().is_some_and(|own| own == last)
        };
        let mut all = self.words.iter().enumerate().filter(|(_, name)| fits(name));
        let one = all.next()?.0;
        all.next().is_none().then_some(one)
    }

    /// The one person of that given name, standing alone.
    fn by_first(&self, word: &str) -> Option<&Full> {
        self.full.get((*self.by_first.get(word)?)?)
    }

    fn full(&self, words: &str) -> Option<&Full> {
        let index = match (words.split_once(' '), words.rsplit_once(' ')) {
            _ if self.by_words.contains_key(words) => self.by_words.get(words),
            (Some((first, _)), Some((_, last))) => self.by_ends.get(&(first.to_owned(), last.to_owned())),
            _ => self.by_last.get(words),
        };
        self.full.get(*index?)
    }

    /// The one person whose name ends with these words, which begin with a particle: بن دغر.
    fn longer(&self, words: &str) -> Option<usize> {
        words.split(' ').next().filter(|first| PARTICLES.contains(first))?;
        let mut all = self.words.iter().enumerate().filter(|(_, name)| {
            let parts = || words.split(' ');
            let count = parts().count();
            let end = name.iter().skip(name.len().saturating_sub(count)).map(String::as_str);
            name.len() > count && end.eq(parts())
        });
        let first = all.next()?.0;
        all.next().is_none().then_some(first)
    }

    /// The one person whose name of three words or more these words go on with.
    fn shorter(&self, words: &str) -> Option<usize> {
        let mut all = self.words.iter().enumerate().filter(|(_, name)| {
            name.len() > 2
                && words.split(' ').count() > name.len()
                && words.split(' ').zip(*name).all(|(a, b)| a == b)
        });
        let first = all.next()?.0;
        all.next().is_none().then_some(first)
    }

    /// Last names standing alone where no other name does.
    fn again(&self, docs: &[Doc], seen: &[Vec<Seen>], names: &[Name]) -> Vec<Name> {
        let mut found = Vec::new();
        if self.by_last.is_empty() {
            return found;
        }
        let mut taken = names.iter().filter(|n| n.kind != EntityType::Event).peekable();
        for (d, doc) in docs.iter().enumerate() {
            // Where the last name before the token ends: a full name does not reach into it.
            let mut free = 0;
            for (i, token) in doc.tokens.iter().enumerate() {
                while let Some(name) = taken.next_if(|n| (n.doc, n.range.end) <= (d, token.start)) {
                    free = if name.doc == d { name.range.end.max(free) } else { free };
                }
                if taken.peek().is_some_and(|n| n.doc == d && n.range.start < token.end) {
                    continue;
                }
                let Some(seen) = seen.get(d).and_then(|s| s.get(i)) else { continue };
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
        let words = self.words.get(index)?;
        let first = i.checked_sub(words.len().checked_sub(1)?)?;
        let tokens = doc.tokens.get(first..i)?;
        let (head, middle) = (tokens.first()?, tokens.get(1..)?);
        let same = middle.iter().zip(words.get(1..)?).all(|(t, w)| as_key(doc.folded_token(t), t.kind) == w);
        let name = words.first()?;
        let whole = as_key(doc.folded_token(head), head.kind);
        // Only proclitics may stand before the first word.
        let cut =
            whole.len().checked_sub(name.len()).filter(|c| *c <= 6 && whole.ends_with(name.as_str()))?;
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
}
