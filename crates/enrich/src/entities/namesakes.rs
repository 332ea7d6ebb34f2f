//! Places that share a name: `عمّان` and `عُمان`, two cities called `طرابلس`.
//!
//! The first reading stands unless the text tells otherwise: by a shadda that is written or missing, by a word for a
//! capital before the name, or by the country that it names more often. Only places of Arab countries compete so: of those
//! the knowledge base has small towns too, which their news is about; a London elsewhere is never meant without a word.

use std::cell::{OnceCell, RefCell};

use rustc_hash::FxHashMap;

use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::{Hit, Seen};
use crate::kb::word::Class;
use crate::kb::{Kb, KbEntity, Reading};

/// Countries whose towns compete with their namesakes.
const COUNTRIES: [&str; 22] = [
    "SA", "AE", "QA", "KW", "BH", "OM", "YE", "IQ", "SY", "JO", "LB", "PS", "EG", "SD", "LY", "TN", "DZ",
    "MA", "MR", "SO", "DJ", "KM",
];
/// A city so much less known than its namesake is not meant, whatever countries are named.
const LESSER: u32 = 260;
const SHADDA: char = '\u{651}';

/// How often an article names each country by a name that stands for nothing else, or a place in it; counted when first
/// asked for.
pub(super) struct Countries<'a> {
    kb: &'a Kb,
    docs: &'a [Doc],
    seen: &'a [Vec<Seen>],
    hits: &'a [Vec<Hit>],
    counts: OnceCell<FxHashMap<&'a str, u32>>,
    /// By the name that they are made of.
    adjectives: RefCell<FxHashMap<String, u32>>,
}

impl<'a> Countries<'a> {
    pub(super) fn new(kb: &'a Kb, docs: &'a [Doc], seen: &'a [Vec<Seen>], hits: &'a [Vec<Hit>]) -> Self {
        Self { kb, docs, seen, hits, counts: OnceCell::new(), adjectives: RefCell::default() }
    }

    /// How often it names the country with that code.
    pub(super) fn count(&self, country: &str) -> u32 {
        self.counts().get(country).copied().unwrap_or(0)
    }

    /// Whether it names one country more than twice as often as all others.
    pub(super) fn one(&self) -> bool {
        let all: u32 = self.counts().values().sum();
        self.counts().values().any(|count| count * 3 > all * 2)
    }

    fn counts(&self) -> &FxHashMap<&'a str, u32> {
        self.counts.get_or_init(|| {
            let mut counts = FxHashMap::default();
            for hit in self.hits.iter().flatten() {
                let mut countries =
                    self.kb.readings(hit.node).filter(|r| !r.weak).map(|r| place(self.kb, r)?.country());
                if let Some(Some(first)) = countries.next()
                    && countries.all(|other| other == Some(first))
                {
                    *counts.entry(first).or_default() += 1;
                }
            }
            counts
        })
    }

    /// How often an adjective of nationality is made of `name`: عماني of عمان.
    fn adjectives(&self, name: &str) -> u32 {
        if let Some(known) = self.adjectives.borrow().get(name) {
            return *known;
        }
        let of_name = |(doc, seen): (&Doc, &Vec<Seen>)| {
            let adjectives = doc.tokens.iter().zip(seen).filter(|(_, s)| s.classes.is(Class::Nation));
            let made = adjectives.filter(|(t, s)| {
                let word = doc.text.folded().get(s.start as usize..t.end as usize).unwrap_or("");
                let word = word.strip_prefix("ال").unwrap_or(word);
                word.strip_prefix(name).is_some_and(|end| end.starts_with('ي'))
            });
            made.count() as u32
        };
        let count = self.docs.iter().zip(self.seen).map(of_name).sum();
        self.adjectives.borrow_mut().insert(name.to_owned(), count);
        count
    }
}

fn place(kb: &Kb, reading: Reading) -> Option<KbEntity<'_>> {
    kb.entity(reading.entity).filter(|e| e.kind() == EntityType::Loc)
}

/// The reading of `hit` that the text speaks for, where its places lie in several countries; `chosen` where it does not say.
pub(super) fn choose(
    kb: &Kb,
    doc: &Doc,
    seen: &[Seen],
    hit: &Hit,
    chosen: Reading,
    countries: &Countries<'_>,
) -> Reading {
    if kb.readings(hit.node).len() < 2 {
        return chosen;
    }
    let Some((first, of_first)) = place(kb, chosen).and_then(|e| Some((e, e.country()?))) else {
        return chosen;
    };
    let stands = |r: &Reading| r.entity != chosen.entity && r.weak == chosen.weak;
    let elsewhere =
        |r: Reading| Some((r, place(kb, r)?)).filter(|(_, e)| e.country().is_some_and(|c| c != of_first));
    let others: Vec<(Reading, KbEntity<'_>)> =
        kb.readings(hit.node).filter(stands).filter_map(elsewhere).collect();
    if others.is_empty() {
        return chosen;
    }
    let written = doc.original(hit.range.start as usize..hit.range.end as usize);
    if written.contains(is_mark) {
        let told = |e: &KbEntity<'_>| e.name("ar").and_then(|name| as_written(written, name));
        return match others.iter().find(|(_, e)| told(e) == Some(true) && told(&first) != Some(true)) {
            Some((reading, e)) if e.name("ar").is_some_and(|name| name.contains(SHADDA)) => *reading,
            _ => chosen,
        };
    }
    let is_country = first.country() == first.link().iso3166.as_deref();
    if is_country && behind_capital(doc, seen, hit.tokens.start) {
        return others.first().map_or(chosen, |(reading, _)| *reading);
    }
    let name = doc.text.folded().get(hit.range.start as usize..hit.range.end as usize).unwrap_or("");
    let adjectives = if is_country { countries.adjectives(name) } else { 0 };
    let mut best = (countries.count(of_first) + adjectives, chosen);
    for (reading, e) in others {
        let competes = e.country().is_some_and(|c| COUNTRIES.contains(&c))
            && (is_country || first.prior().saturating_sub(e.prior()) <= LESSER);
        let count = e.country().map_or(0, |c| countries.count(c));
        if competes && count > best.0 {
            best = (count, reading);
        }
    }
    best.1
}

/// Whether `written` has a shadda where `name` has one and nowhere else; `None` where they are not the same letters.
fn as_written(written: &str, name: &str) -> Option<bool> {
    let letters = |text: &str| -> Vec<(char, bool)> {
        let mut out: Vec<(char, bool)> = Vec::new();
        for c in text.chars() {
            match out.last_mut() {
                Some((_, doubled)) if is_mark(c) => *doubled |= c == SHADDA,
                _ => out.push((c, false)),
            }
        }
        out
    };
    let (written, name) = (letters(written), letters(name));
    let same = written.iter().map(|l| l.0).eq(name.iter().map(|l| l.0));
    same.then(|| written == name)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{64B}'..='\u{652}' | '\u{670}')
}

/// Whether token `i` stands behind a word for a capital: العاصمة عمان, العاصمة الأردنية عمان.
fn behind_capital(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let word = |back: usize| i.checked_sub(back).and_then(|t| doc.tokens.get(t));
    let nation = i.checked_sub(1).and_then(|t| seen.get(t)).is_some_and(|s| s.classes.is(Class::Nation));
    word(if nation { 2 } else { 1 })
        .is_some_and(|t| t.kind == TokenKind::Arabic && doc.folded_token(t).ends_with("العاصمه"))
}

#[cfg(test)]
mod tests {
    use crate::doc::Doc;
    use crate::enriched::Field;
    use crate::kb::Kb;
    use crate::tagger::Taggers;

    /// The country code or English name that `name` is linked to in `text`.
    fn linked(text: &str, name: &str) -> String {
        let docs = [Doc::new(Field::Body, text)];
        let found = super::super::find(&Kb::embedded(), &Taggers::default(), &docs, "ar");
        let mention = found.to_mentions(&docs).into_iter().find(|m| m.text == name).expect("it is found");
        let entity = found.entities.into_iter().find(|e| e.id == mention.entity).expect("an entity");
        entity.name_en.expect("a name")
    }

    #[test]
    fn a_written_shadda_tells_the_city_from_the_country() {
        assert_eq!(linked("اجتمع خبراء من الأردن والعراق في عمّان أمس.", "عمّان"), "Amman");
        assert_eq!(linked("وصل الوفد إلى عمّان أمس.", "عمّان"), "Amman");
        assert_eq!(linked("وصل الوفد من الأردن إلى عُمان أمس.", "عُمان"), "Oman");
    }

    #[test]
    fn countries_named_beside_tell_namesakes_apart() {
        assert_eq!(linked("وصل الوفد إلى عمان أمس.", "عمان"), "Oman");
        assert_eq!(linked("وصل الوفد إلى حلب أمس.", "حلب"), "Aleppo");
        assert_eq!(linked("قال وزير الخارجية الأردني إن الأردن يستضيف القمة في عمان.", "عمان"), "Amman");
        assert_eq!(
            linked("زار الوفد الأردن، ثم التقى المسؤول العماني نظيره العماني في عمان.", "عمان"),
            "Oman"
        );
        assert_eq!(linked("ووصل إلى العاصمة الأردنية عمان وفد من البرازيل.", "عمان"), "Amman");
        assert_eq!(linked("تظاهر سكان طرابلس في شمال لبنان أمس.", "طرابلس"), "Tripoli");
    }

    #[test]
    fn the_lesser_known_city_of_a_country_that_is_named_is_meant() {
        let docs = |text: &str| [Doc::new(Field::Body, text)];
        let north = |text: &str| {
            let found = super::super::find(&Kb::embedded(), &Taggers::default(), &docs(text), "ar");
            found.places.iter().any(|p| (p.lat - 34.43).abs() < 0.1)
        };
        assert!(north("تظاهر سكان طرابلس في شمال لبنان أمس."));
        assert!(!north("تظاهر سكان طرابلس في غرب ليبيا أمس."));
        assert!(!north("تظاهر سكان طرابلس أمس."));
    }
}
