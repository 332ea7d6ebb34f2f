//! Places in an order told before the noun, or behind one without the article: `أول رحلة`, `ثاني أكبر مدينة`,
//! `ولاية رابعة`.

use super::behind::with_article;
use super::pairs::is_pair;
use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::Number;
use crate::numbers::words::Num;
use crate::times::lexicon::{Span, TimeWord};

/// Words before أول and ثاني that make a rank, a family or a day of them: ملازم أول, آل ثاني, أمس الأول.
const RANKS: &str = "ملازم رقيب عريف وكيل فريق عميد مساعد نائب سكرتير جندي الجندي والجندي الملازم العريف الرقيب الوكيل طيار آل ال";

impl Finder<'_> {
    /// An ordinal with the noun behind it.
    pub(super) fn ordered(&self, number: &Number) -> Option<Found> {
        let words = self.words();
        let at = number.to;
        if number.digits || !self.same(at) || !words.is_word(at) {
            return None;
        }
        if words.kind(at) != TokenKind::Arabic {
            return self.ordered_latin(number, at);
        }
        let said = words.text.get(number.start..words.end(number.from)).unwrap_or("");
        let first = matches!(said, "أول" | "اول" | "أولى" | "اولى");
        let early = first || matches!(said, "ثاني" | "ثالث" | "ثانى");
        let late = matches!(said, "رابع" | "خامس" | "سادس" | "سابع" | "ثامن" | "تاسع" | "عاشر");
        if number.to != number.from + 1 || !(early || late) {
            return None;
        }
        let before = if number.from > 0 && self.same(number.from) { words.word(number.from - 1) } else { "" };
        let rank = before.strip_prefix("ال").unwrap_or(before);
        if RANKS.split_whitespace().any(|other| other == rank) || before == "أمس" && said == "أول" {
            return None;
        }
        let (word, unit) = (words.word(at), self.facts.unit(at));
        let superlative = word.chars().count() == 4
            && (word.starts_with('أ') || matches!(word, "اكبر" | "اعلى" | "افضل" | "اهم" | "اكثر" | "اقوى"))
            || matches!(word, "أهم" | "أشد" | "أقل");
        let time = matches!(self.facts.time(at), TimeWord::Unit(..));
        if superlative && unit != UnitWord::Stop && !time {
            let noun = self.same(at + 1)
                && words.kind(at + 1) == TokenKind::Arabic
                && !with_article(words.word(at + 1))
                && self.facts.unit(at + 1) != UnitWord::Stop
                && words.word(at + 1).chars().count() > 2;
            return Some(self.place_of(number, at + 1 + usize::from(noun), None));
        }
        // ordinals above the third mostly stand behind a noun: هدف رابع لفريقه
        let known = matches!(unit, UnitWord::Noun(..) | UnitWord::Thing) || late_noun(word);
        let short = word.chars().count() < 3 && word != "رد";
        if late && !known || matches!(unit, UnitWord::Stop | UnitWord::Rate) || short {
            return None;
        }
        let day = matches!(self.facts.time(at), TimeWord::Unit(Span::Day, _)) && !self.facts.definite(at);
        if !day
            && self.facts.hit(at).is_some_and(|hit| {
                hit.lead > 0 || hit.value.num != Num::None || hit.value.time != TimeWord::None
            })
        {
            return None;
        }
        // أول اللاعبين, ثاني المبررات, but not أول الأمر
        let many = early && ["ين", "ات"].iter().any(|end| word.ends_with(end));
        if with_article(word) && !many || self.proclitic(at) > 0 {
            return None;
        }
        let unit = if let UnitWord::Noun(unit, _) = unit { Some(unit) } else { None };
        // أول رد فعل
        let pair = self.same(at + 1) && is_pair(word, words.word(at + 1));
        Some(self.place_of(number, at + 1 + usize::from(pair), unit))
    }

    /// `the second half`, `deuxième tour`, `второй тур`.
    fn ordered_latin(&self, number: &Number, at: usize) -> Option<Found> {
        if self.in_office(number.from, at) {
            return None;
        }
        let word = self.words().word(at);
        let unit = match self.facts.unit(at) {
            UnitWord::Noun(unit, false) => Some(unit),
            UnitWord::Nation(_) => Some(Unit::Person),
            UnitWord::Stop | UnitWord::Rate => return None,
            _ => None,
        };
        let hit = self.facts.hit(at).is_some_and(|hit| {
            hit.lead > 0
                || !matches!(hit.value.num, Num::None | Num::Part(_))
                || hit.value.time != TimeWord::None
        });
        let verb = self.facts.language == "ru" && unit.is_none() && word.ends_with(['л', 'а', 'и']);
        let glued = unit.is_none() && self.words().glued(at);
        (!hit && !verb && !glued && word.chars().count() >= 3).then(|| self.place_of(number, at + 1, unit))
    }

    fn place_of(&self, number: &Number, to: usize, unit: Option<Unit>) -> Found {
        let unit = unit.unwrap_or(Unit::Item);
        self.found(number.start, to, number.value, Some(unit), QuantityKind::Ordinal)
    }

    /// Whether a noun that the lists know stands at token `i`: شخص ثالث.
    fn is_thing(&self, i: usize) -> bool {
        matches!(self.facts.unit(i), UnitWord::Thing | UnitWord::Noun(_, false))
            && !matches!(self.words().word(i), "رئيس" | "وزير" | "نائب" | "فريق" | "عريف")
    }

    /// `هدفا ثالثا`, `سهما واحدا`: an accusative noun that the lists know, with an ordinal or a one of its ending. Alone
    /// these ordinals number what is told: ثالثا.
    pub(super) fn accusative_place(&self, i: usize) -> Option<Found> {
        const ORDINALS: [(&str, f64); 9] = [
            ("ثانيا", 2.0),
            ("ثالثا", 3.0),
            ("رابعا", 4.0),
            ("خامسا", 5.0),
            ("سادسا", 6.0),
            ("سابعا", 7.0),
            ("ثامنا", 8.0),
            ("تاسعا", 9.0),
            ("عاشرا", 10.0),
        ];
        let words = self.words();
        let (noun, place) = (words.word(i), words.word(i + 1));
        let known =
            matches!(self.facts.unit(i), UnitWord::Thing | UnitWord::Noun(_, false) | UnitWord::Unit(..));
        // حرفا واحدا: with its one no accusative is anything else
        let one = place == "واحدا"
            && self.facts.hit(i).is_none()
            && noun.chars().count() > 3
            && !["وا", "ها", "نا", "ما"].iter().any(|end| noun.ends_with(end));
        if !(known || one) || !noun.ends_with('ا') || with_article(noun) || self.facts.lead(i) > 0 {
            return None;
        }
        let start = words.start(i) + self.lead(i);
        if place == "واحدا" {
            let (unit, kind) = match self.facts.unit(i) {
                UnitWord::Noun(unit, _) => (unit, QuantityKind::Count),
                UnitWord::Unit(unit, kind) => (unit, kind),
                _ => (Unit::Item, QuantityKind::Count),
            };
            return Some(self.found(start, i + 2, 1.0, Some(unit), kind));
        }
        let value = ORDINALS.iter().find(|(word, _)| *word == place)?.1;
        Some(self.found(start, i + 2, value, Some(Unit::Item), QuantityKind::Ordinal))
    }

    /// `ولاية رابعة`, `طائرة ثانية`: both without the article and of one gender.
    pub(super) fn behind_noun(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let hit = self.facts.hit(i + 1).filter(|hit| hit.lead == 0 && !hit.definite)?;
        let (noun, place) = (words.word(i), words.word(i + 1));
        // كمرحلة أولى
        let stage = place == "أولى" && matches!(noun, "كمرحلة" | "كخطوة" | "كدفعة");
        let Num::Ord(value @ 1..=10) = hit.value.num else { return None };
        if value == 1 && !stage {
            return None;
        }
        let stop =
            matches!(self.facts.unit(i), UnitWord::Stop | UnitWord::Noun(_, true) | UnitWord::Unit(..));
        let feminine = place.ends_with('ة');
        if stop
            || with_article(noun)
            || noun.ends_with('ة') != (feminine || stage)
            || noun.chars().count() < 3
            || !feminine && !stage && !place.ends_with('ا') && (!self.is_thing(i) || place == "ثاني")
            || self.facts.time(i) != TimeWord::None
            || self.facts.num(i) != Num::None
            || matches!(self.stem(i), "جهة" | "ناحية" | "مرة") && value == 2
            || noun.ends_with("ية") && matches!(noun, "مالية" | "رئاسية" | "عالمية" | "تجارية" | "سياسية")
        {
            return None;
        }
        let start = words.start(i) + self.lead(i);
        Some(self.found(start, i + 2, f64::from(value), Some(Unit::Item), QuantityKind::Ordinal))
    }
}

/// Nouns of news that a higher ordinal stands before: خامس هدف.
fn late_noun(word: &str) -> bool {
    const NOUNS: &str = "هدف فوز لقب مباراة انتصار دولة رحلة مرة أيام يوم جولة بطولة كأس رئيس عام موسم هزيمة تعادل لقاء حالة \
        شركة ملك نهائي مشاركة مواجهة";
    NOUNS.split_whitespace().any(|noun| noun == word)
}
