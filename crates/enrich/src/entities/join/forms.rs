//! Which names that are no people's are one, by how they are written.
//!
//! Strong signs come first: the same letters, one behind the other in brackets or quotation marks. Then a name with and without
//! the noun for its kind, then the beginning of a longer name; both only where one entity of the article fits. A bank, a channel
//! and a club may share a name: such nouns are no part to leave out.

use rustc_hash::FxHashMap;

use super::{Key, Named, spelling};
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::kb::Kb;
use crate::kb::word::Class;

/// Nouns for a kind of organisation, which are no beginning of a name, folded.
const KINDS: [&str; 15] = [
    "شركه",
    "نادي",
    "حزب",
    "حركه",
    "تنظيم",
    "صحيفه",
    "وكاله",
    "قناه",
    "مجموعه",
    "بنك",
    "منظمه",
    "جماعه",
    "شبكه",
    "مجله",
    "موسسه",
];
/// Nouns before an organisation's name that it is known without, folded: nothing else is called so.
const ORGS: [&str; 11] =
    ["وزاره", "هييه", "مديريه", "مصلحه", "نادي", "فريق", "حزب", "حركه", "جماعه", "تنظيم", "منظمه"];
/// Nouns that what they work for follows behind ل, folded: الهيئة العامة للاستثمار.
const BODIES: [&str; 9] =
    ["الهييه", "هييه", "المديريه", "مديريه", "الاداره", "اداره", "الموسسه", "العامه", "الوطنيه"];
/// The same before the name of a place; a river, a port and a mountain are other places.
const PLACES: [&str; 9] =
    ["المنطقه", "منطقه", "مدينه", "محافظه", "جمهوريه", "دوله", "مملكه", "جزر", "ارخبيل"];
/// The same before the name of an event.
const EVENTS: [&str; 5] = ["بطوله", "دوره", "مهرجان", "مسابقه", "منافسات"];
/// More forms than any news has are not compared with each other: the time stays in proportion to the text.
pub(super) const MOST: usize = 400;
/// Two spellings of a name differ by so many bytes at most.
const NEAR: usize = 6;
/// Short words are no beginning of a name, in letters.
const SHORT: usize = 4;
/// Names of so many words are no city's and its club's, no bank's and its paper's.
const LONG: usize = 3;

/// What the names of an article that are no people's are written like.
pub(super) struct Forms<'n> {
    index: FxHashMap<(EntityType, &'n str), usize>,
    all: Vec<Form<'n>>,
}

/// A way in which something is written.
struct Form<'n> {
    kind: EntityType,
    words: &'n str,
    id: Option<u32>,
    /// The form that stands for all that are one with it, itself at first.
    root: usize,
}

/// How a name is part of a longer one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Without a noun for its kind, or an adjective.
    Name,
    /// Behind a noun that others share names under.
    Doubtful,
    /// Its beginning.
    Begin,
}

impl<'n> Forms<'n> {
    pub(super) fn new(kb: &Kb, docs: &[Doc], named: &'n [Named]) -> Self {
        let mut forms = Self { index: FxHashMap::default(), all: Vec::new() };
        let mut by_id: FxHashMap<u32, usize> = FxHashMap::default();
        for n in named.iter().filter(|n| n.name.kind != EntityType::Per) {
            let (kind, words) = (n.name.kind, n.words.as_str());
            let next = forms.all.len();
            let i = *forms.index.entry((kind, words)).or_insert(next);
            if i == next {
                forms.all.push(Form { kind, words, id: None, root: i });
            }
            let Some(form) = forms.all.get_mut(i) else { continue };
            if let (Some(id), None) = (n.name.entity, form.id) {
                form.id = Some(id);
                form.root = *by_id.entry(id).or_insert(i);
            }
        }
        if forms.all.len() <= MOST && forms.all.iter().any(|f| f.id.is_none()) {
            forms.apposed(docs, named);
            forms.compare(kb);
        }
        forms
    }

    /// What a name without an entity stands for.
    pub(super) fn of(&self, kind: EntityType, words: &'n str) -> Key<'n> {
        let root = self.index.get(&(kind, words)).and_then(|i| self.all.get(self.root(*i)));
        match root {
            Some(Form { id: Some(id), .. }) => Key::Kb(*id),
            Some(form) => Key::Form(form.kind, form.words),
            None => Key::Form(kind, words),
        }
    }

    fn root(&self, mut i: usize) -> usize {
        while let Some(form) = self.all.get(i).filter(|form| form.root != i) {
            i = form.root;
        }
        i
    }

    /// Makes two forms one, unless the knowledge base tells them apart.
    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let id = |i: usize| self.all.get(i).and_then(|f| f.id);
        let (from, to) = match (id(a), id(b)) {
            (Some(_), Some(_)) => return,
            (None, _) => (a, b),
            (Some(_), None) => (b, a),
        };
        if let Some(form) = self.all.get_mut(from) {
            form.root = to;
        }
    }

    /// Names that say each other: `name (NAME)`, `name "name"`, and `name "name"` as one.
    fn apposed(&mut self, docs: &[Doc], named: &'n [Named]) {
        for (at, n) in named.iter().enumerate().filter(|(_, n)| n.name.kind == EntityType::Org) {
            let Some(own) = self.index.get(&(EntityType::Org, n.words.as_str())).copied() else { continue };
            if let Some((head, name)) = n.quoted.and_then(|at| n.words.split_at_checked(at)) {
                let (head, name) = (head.trim_end(), name.trim_start());
                let find = |words: &str| self.index.get(&(EntityType::Org, words)).copied();
                let head = find(head).filter(|_| head.contains(' '));
                if let Some(same) = find(name).or(head) {
                    self.unite(own, same);
                }
            }
            let doc = docs.get(n.name.doc);
            let mark = |i: usize| doc.and_then(|d| Some(d.normalised_token(d.tokens.get(i)?)));
            let close = match mark(n.name.tokens.end) {
                Some("(") => ")",
                Some("\"") => "\"",
                Some("«") => "»",
                Some("“") => "”",
                _ => continue,
            };
            let behind = named.iter().skip(at + 1).take_while(|m| m.name.doc == n.name.doc);
            let next = behind.take(8).find(|m| m.name.tokens.start > n.name.tokens.end);
            let Some(next) = next.filter(|m| m.name.kind == EntityType::Org) else { continue };
            let inside =
                next.name.tokens.start == n.name.tokens.end + 1 && mark(next.name.tokens.end) == Some(close);
            if inside && (close != ")" || doc.is_some_and(|doc| is_short(doc, next))) {
                let same = self.index.get(&(EntityType::Org, next.words.as_str())).copied();
                self.unite(own, same.unwrap_or(own));
            }
        }
    }

    /// Compares all forms with each other.
    fn compare(&mut self, kb: &Kb) {
        let mut parts: Vec<(usize, usize, Part)> = Vec::new();
        let mut same: Vec<(usize, usize)> = Vec::new();
        for (i, a) in self.all.iter().enumerate() {
            for (j, b) in self.all.iter().enumerate().skip(i + 1) {
                if a.id.is_some() && b.id.is_some() {
                    continue;
                }
                if a.kind != b.kind {
                    if a.words == b.words && may_be_both(a.kind, b.kind, a.words) {
                        same.push((i, j));
                    }
                    continue;
                }
                let ((short, s), (long, l)) =
                    if a.words.len() < b.words.len() { ((i, a), (j, b)) } else { ((j, b), (i, a)) };
                if let Some(part) = part(kb, s, l) {
                    parts.push((short, long, part));
                } else if l.words.len() - s.words.len() <= NEAR && is_respelled(kb, s.words, l.words) {
                    same.push((i, j));
                }
            }
        }
        for (a, b) in same {
            self.unite(a, b);
        }
        // beginnings last: what is left of a name may be many a name's
        parts.sort_unstable_by_key(|(short, long, part)| (*part == Part::Begin, *short, *long));
        for of_short in parts.chunk_by(|a, b| (a.0, a.2 == Part::Begin) == (b.0, b.2 == Part::Begin)) {
            let Some(&(short, long, part)) = of_short.first() else { continue };
            let one = of_short.iter().all(|(_, other, _)| self.root(*other) == self.root(long));
            let sure = of_short.iter().all(|(.., part)| *part != Part::Doubtful);
            if one && sure && self.agree(kb, short, long, part) {
                self.unite(short, long);
            }
        }
    }

    /// Whether what the knowledge base says of a form allows it to be part of another.
    fn agree(&self, kb: &Kb, short: usize, long: usize, part: Part) -> bool {
        let form = |i: usize| self.all.get(i);
        let known = form(self.root(short)).and_then(|f| f.id);
        if part == Part::Begin {
            return known.is_none();
        }
        // القناة may be better known by the name that the club has, too
        let kind =
            |name: &str| name.split(' ').next().filter(|first| KINDS.contains(first)).map(str::to_owned);
        let listed = known
            .and_then(|id| kb.entity(id)?.name("ar"))
            .and_then(|name| kind(&name.replace('ة', "ه").replace('ؤ', "و")));
        listed.is_none() || listed == form(long).and_then(|f| kind(f.words))
    }
}

/// How `short` is a part of `long`.
fn part(kb: &Kb, short: &Form<'_>, long: &Form<'_>) -> Option<Part> {
    let (name, whole) = (short.words, long.words);
    if name.is_empty() || name.len() == whole.len() {
        return None;
    }
    let several = name.contains(' ');
    if let Some(rest) = whole.strip_prefix(name) {
        let enough = several
            || short.kind != EntityType::Event && name.chars().count() >= SHORT && !name.starts_with("ال");
        let begins = rest.starts_with(' ') && enough && short.id.is_none() && !KINDS.contains(&name);
        return (begins && short.kind != EntityType::Misc).then_some(Part::Begin);
    }
    // للجوازات is الجوازات behind a noun
    if let Some(noun) = name.strip_prefix("ال").and_then(|rest| whole.strip_suffix(rest)?.strip_suffix(" لل"))
    {
        let body = short.kind == EntityType::Org && noun.split(' ').all(|w| BODIES.contains(&w));
        return body.then_some(Part::Name);
    }
    let Some(noun) = whole.strip_suffix(name).and_then(|noun| noun.strip_suffix(' ')) else {
        let without = several && short.kind != EntityType::Misc && is_without(kb, name, whole);
        return without.then_some(Part::Name);
    };
    let known = match short.kind {
        EntityType::Org => ORGS.as_slice(),
        EntityType::Loc => &PLACES,
        EntityType::Event => &EVENTS,
        _ => return None,
    };
    let foreign = several && !name.starts_with("ال") || name.is_ascii();
    let own = foreign || name.split(' ').count() >= LONG;
    if known.contains(&noun) || own && KINDS.contains(&noun) {
        return Some(Part::Name);
    }
    KINDS.contains(&noun).then_some(Part::Doubtful)
}

/// Whether `name` is `whole` without an adjective of nationality or a noun for a kind of place inside it: المؤسسة الليبية للنفط,
/// أمانة منطقة الجوف.
fn is_without(kb: &Kb, name: &str, whole: &str) -> bool {
    let (mut short, mut long) = (name.split(' ').peekable(), whole.split(' '));
    if short.peek() != long.next().as_ref() || name.rsplit(' ').next() != whole.rsplit(' ').next() {
        return false;
    }
    short.next();
    let mut left_out = None;
    for word in long {
        if short.next_if_eq(&word).is_none() && left_out.replace(word).is_some() {
            return false;
        }
    }
    let is_left_out = |word| {
        kb.word("", word).is_some_and(|w| w.classes.is(Class::Nation) || w.classes.is(Class::PlaceCue))
    };
    short.next().is_none() && left_out.is_some_and(is_left_out)
}

/// Whether two names are spellings of one, or the same without the article: of a single one that is no word.
fn is_respelled(kb: &Kb, short: &str, long: &str) -> bool {
    if long.strip_prefix("ال") == Some(short) {
        return short.contains(' ') || spelling::with_article(kb, short, long);
    }
    short.get(..2) == long.get(..2) && (spelling::parted(short, long) || spelling::respelled(kb, short, long))
}

/// Whether one thing may be named as both: a platform and its company, a hospital and its house; but a club is no city.
fn may_be_both(a: EntityType, b: EntityType, words: &str) -> bool {
    let place = a == EntityType::Loc || b == EntityType::Loc;
    !place || words.split(' ').count() >= LONG
}

/// Whether a name in brackets is short for the one before: Latin letters, or letters that are spelled out.
fn is_short(doc: &Doc, named: &Named) -> bool {
    let tokens = doc.tokens.get(named.name.tokens.clone()).unwrap_or_default();
    let spelled = tokens.len() > 1 && named.words.split(' ').all(|w| w.chars().count() <= SHORT);
    spelled || tokens.iter().all(|t| t.kind == TokenKind::Latin)
}
