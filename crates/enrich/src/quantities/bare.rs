//! Numbers that say what they count elsewhere: `أقل من 200 ألف`, `من أصل 20`, `16 منها`, `المفاعل رقم 1`.

use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::times::lexicon::TimeWord;

/// Highest number behind رقم that is a place in an order and no code.
const LAST: f64 = 100.0;

impl Finder<'_> {
    /// A number whose noun was said before.
    pub(super) fn bare(&self, i: usize) -> Option<Found> {
        if self.facts.language != "ar" {
            return None;
        }
        let words = self.words();
        // الأولى من نوعها
        if let Some(place) = self.facts.number(i).filter(|n| n.ordinal && self.facts.definite(i))
            && place.to == i + 1
            && words.word(i + 1) == "من"
            && matches!(words.word(i + 2), "نوعها" | "نوعه")
            && self.same(i + 1)
            && self.same(i + 2)
        {
            let unit = Some(Unit::Item);
            return Some(self.found(place.start, i + 1, place.value, unit, QuantityKind::Ordinal));
        }
        let number = self.facts.number(i).filter(|n| !n.ordinal && n.value > 0.0)?;
        let count =
            |to| Some(self.found(number.start, to, number.value, Some(Unit::Item), QuantityKind::Count));
        // 200 ألف, ثلاثة ملايين; "a million" alone is as often vague
        if number.scaled && number.to > number.from + 1 && !self.facts.definite(number.from) {
            // 15 ألفا و20 ألف روبل: both are the same money
            let second = (words.word(number.to) == "و" && self.same(number.to + 1))
                .then(|| self.facts.number(number.to + 1).filter(|n| n.scaled))
                .flatten();
            let money =
                second.and_then(|second| self.measured(&second)).filter(|m| m.kind == QuantityKind::Money);
            return count(number.to).map(|found| match money {
                Some(money) => Found { unit: money.unit, kind: money.kind, ..found },
                None => found,
            });
        }
        // اثنان من بين النماذج
        let among = self.same(number.to)
            && words.word(number.to) == "من"
            && words.word(number.to + 1) == "بين"
            && !number.digits
            && (2.0..100.0).contains(&number.value)
            && !self.facts.definite(number.from);
        if among {
            return count(number.to);
        }
        let whole = number.digits && number.value.fract() == 0.0 && number.value < 1000.0;
        if !whole || number.to != i + 1 {
            return None;
        }
        // 6 سيارات من أصل 20
        let of_all = i > 1 && self.same(i) && words.word(i - 1) == "أصل" && words.word(i - 2) == "من";
        let of_them = self.same(i + 1)
            && matches!(words.word(i + 1), "منها" | "منهم" | "منهن")
            && !(words.glued(i) && words.kind(i.max(1) - 1) == TokenKind::Punct);
        if of_all || of_them { count(i + 1) } else { None }
    }

    /// `المفاعل رقم 1`, `هدفه رقم 28`.
    pub(super) fn by_number(&self, i: usize) -> Option<Found> {
        let words = self.words();
        if words.word(i + 1) != "رقم" || !self.same(i + 1) || !self.same(i + 2) {
            return None;
        }
        let open = usize::from(words.word(i + 2) == "(" && words.word(i + 4) == ")");
        let number = self.facts.number(i + 2 + open)?;
        let plain = number.digits && !number.ordinal && number.value.fract() == 0.0 && number.value < LAST;
        let word = words.word(i);
        let owned = super::nouns::owned(word);
        let definite = super::behind::with_article(word);
        let code = self.facts.unit(i) == UnitWord::Stop
            || self.facts.time(i) != TimeWord::None
            || ["قانون", "قرار", "مرسوم", "أمر", "رحلة", "قضية", "هاتف", "مادة", "تعميم"]
                .iter()
                .any(|noun| word.ends_with(noun));
        let part =
            matches!(words.word(number.to + open), "/" | "-" | "،") && words.word(number.to + open) != "،";
        if part
            || !plain
            || code
            || !(owned || definite)
            || self.facts.counts(number.to) && self.same(number.to)
        {
            return None;
        }
        // الطريق الوطنية رقم 7
        let headed = i > 0
            && self.is_adjective(i)
            && self.same(i)
            && super::behind::with_article(words.word(i - 1))
            && self.facts.unit(i - 1) != UnitWord::Stop;
        let head = i - usize::from(headed);
        let start = words.start(head) + self.lead(head);
        Some(self.found(start, number.to + open, number.value, Some(Unit::Item), QuantityKind::Ordinal))
    }
}
