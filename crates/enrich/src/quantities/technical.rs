//! Units of computing and electricity, as one word or two: `2.4 جيجاهرتز`, `12 ميجا بيكسل`, `512 كيلوبت/ثانية`.

use super::Finder;
use super::units::UnitWord;
use crate::enriched::{QuantityKind, Unit};

/// First words of a unit in two.
const MULTIPLES: &str = "كيلو ميجا ميغا جيجا غيغا جيغا تيرا ميلي ميللي مللي ملي ميكرو نانو";

/// Units that multiples stand before, without their endings.
const UNITS: [(&str, Option<Unit>); 15] = [
    ("هرتز", None),
    ("هيرتز", None),
    ("بت", None),
    ("بكسل", None),
    ("بيكسل", None),
    ("أمبير", None),
    ("امبير", None),
    ("آمبير", None),
    ("فولت", None),
    ("فولط", None),
    ("جول", None),
    ("بايت", Some(Unit::Byte)),
    ("واط", Some(Unit::Watt)),
    ("وات", Some(Unit::Watt)),
    ("كلوري", None),
];

impl Finder<'_> {
    /// The technical unit that begins at token `at` and the token behind it.
    pub(super) fn technical(&self, at: usize) -> Option<(Option<Unit>, usize)> {
        if self.facts.language != "ar" || !self.same(at) {
            return None;
        }
        let words = self.words();
        let word = words.word(at);
        let unit = |word: &str| UNITS.iter().find(|(unit, _)| *unit == word).map(|(_, unit)| *unit);
        let two = MULTIPLES.split_whitespace().any(|multiple| multiple == word) && self.same(at + 1);
        let found = match unit(words.word(at + 1)).filter(|_| two) {
            Some(unit) => (unit, at + 2),
            None => (self.in_one_word(word)?, at + 1),
        };
        Some((found.0, self.per_second(found.1)))
    }

    /// A multiple and its unit written as one word.
    fn in_one_word(&self, word: &str) -> Option<Option<Unit>> {
        if word.len() < 12 && !matches!(word, "هرتز" | "هيرتز") {
            return None;
        }
        if matches!(word, "هرتز" | "هيرتز") {
            return Some(None);
        }
        let rest = MULTIPLES.split_whitespace().find_map(|multiple| word.strip_prefix(multiple))?;
        UNITS.iter().find(|(unit, _)| *unit == rest).map(|(_, unit)| *unit)
    }

    /// The token behind "per second", where it stands at token `t`.
    fn per_second(&self, t: usize) -> usize {
        let words = self.words();
        let second = |t: usize| matches!(words.word(t), "ثانية" | "ث" | "الثانية");
        if self.same(t) && matches!(words.word(t), "/" | "\\") && second(t + 1) && self.same(t + 1) {
            return t + 2;
        }
        let per = self.same(t) && words.word(t) == "في" && words.word(t + 1) == "الثانية" && self.same(t + 1);
        t + 2 * usize::from(per)
    }

    /// Whether two words of a length or a weight stand at token `at`, which the multiple alone would misname: كيلو متر.
    pub(super) fn in_two_words(&self, at: usize) -> Option<Unit> {
        let words = self.words();
        if !self.same(at + 1) {
            return None;
        }
        match (words.word(at), words.word(at + 1)) {
            ("كيلو", "متر" | "مترا") => Some(Unit::Kilometre),
            ("كيلو", "واط" | "وات") => Some(Unit::Watt),
            ("ملي" | "ميلي" | "ميللي" | "مللي", "متر" | "مترا") => {
                Some(Unit::Millimetre)
            }
            ("سنتي" | "سانتي", "متر" | "مترا") => Some(Unit::Centimetre),
            _ => None,
        }
        .filter(|_| !matches!(self.facts.unit(at), UnitWord::Stop))
    }

    /// `كيلومتر ونصف`: one and a half of a measure, which no number says.
    pub(super) fn one_and_a_half(&self, i: usize) -> Option<crate::quantities::Found> {
        let UnitWord::Unit(unit, kind @ QuantityKind::Measure) = self.facts.unit(i) else { return None };
        let words = self.words();
        let half = self.same(i + 1) && matches!(words.word(i + 1), "ونصف" | "ونصفا");
        // كيلومترات ونصف, خمسة كيلومترات ونصف
        let one = !["ات", "ين", "ان"].iter().any(|end| words.word(i).ends_with(end)) && unit != Unit::Point;
        let plain = half && one && !self.facts.definite(i) && words.word(i).chars().count() > 2;
        // لتر ونصف لتر
        let again = self.same(i + 2) && self.facts.unit(i + 2) == self.facts.unit(i);
        let to = i + 2 + usize::from(again);
        plain.then(|| self.found(words.start(i) + self.facts.lead(i), to, 1.5, Some(unit), kind))
    }

    /// The kind of all of them.
    pub(super) const TECHNICAL: QuantityKind = QuantityKind::Measure;
}
