//! Units that no number stands with and that are lengths all the same: `لمدة شهر`, `بعد ساعة`, `عدة أشهر`.

use super::Finder;
use super::lexicon::{Count, Span, TimeWord};
use crate::doc::TokenKind;
use crate::quantities::units::UnitWord;

impl Finder<'_> {
    /// Whether several units at token `i` are a length by the word before them: بعد أيام, عدة أشهر.
    pub(super) fn several(&self, i: usize, span: Span) -> bool {
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let before = before.strip_prefix(['و', 'ف']).unwrap_or(before);
        let few = matches!(before, "عدة" | "بضعة" | "بضع" | "لعدة" | "لبضع" | "لبضعة");
        // بضعة أشهر أو أسابيع
        if before == "أو"
            && let TimeWord::Unit(first, Count::Many) = self.time(i.max(2) - 2)
        {
            return self.same(i - 1)
                && self.facts.lead(i) == 0
                && first != span
                && self.several(i - 2, first);
        }
        // استمرت أشهرا
        if matches!(self.word(i), "أشهرا" | "شهورا" | "أياما" | "أعواما" | "عقودا" | "قرونا")
        {
            return lasts(before);
        }
        // في غضون أشهر
        if before == "غضون" && self.facts.lead(i) == 0 {
            return span >= Span::Minute && !self.word(i + 1).starts_with("ال");
        }
        let after = matches!(before, "بعد" | "غضون" | "طوال" | "طيلة" | "مدى" | "مدار");
        // "بعد أيام عيد الفطر" are days of something
        let next = self.time(i + 1) == TimeWord::None
            && !matches!(self.word(i + 1), "طويلة" | "عديدة" | "كثيرة" | "من" | "على")
            && !self.word(i + 1).starts_with("ال")
            && !matches!(self.word(i + 1), "عيد" | "شهر" | "حكم");
        span >= Span::Minute && self.facts.lead(i) == 0 && (few || after && next)
    }

    /// Whether nothing goes on behind a single unit at token `i` that a preposition leads: بعد أسبوع، خلال شهر.
    fn ended_unit(&self, i: usize) -> bool {
        let TimeWord::Unit(span, _) = self.time(i) else { return false };
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let before = before.strip_prefix(['و', 'ف']).unwrap_or(before);
        let led = matches!(before, "بعد" | "خلال" | "غضون" | "بمعدل")
            || before == "في" && matches!(span, Span::Hour | Span::Week | Span::Month);
        // يوما بعد يوم
        let again = i > 1 && matches!(self.time(i - 2), TimeWord::Unit(other, _) if other == span);
        let next = i + 1;
        let ends = !self.same(next)
            || self.facts.words.kind(next) == TokenKind::Punct && self.word(next) != "("
            // خلال أسبوع ليسجل
            || matches!(span, Span::Hour | Span::Week | Span::Month)
                && before != "في"
                && self.facts.words.kind(next) == TokenKind::Arabic
                && self.facts.hit(next).is_none()
                && !self.word(next).starts_with("ال")
                && !matches!(self.word(next), "متأخرة" | "مبكرة" | "متقدمة" | "كامل" | "كاملة" | "ذروة" | "عسل")
            || self.facts.unit(next) == UnitWord::Stop
                && matches!(self.time(next), TimeWord::None | TimeWord::In);
        // خلال عقد عدد من: "holding" several
        let held = span == Span::Decade && self.same(next) && self.facts.words.kind(next) != TokenKind::Punct;
        led && ends && !again && !held && span >= Span::Hour && self.facts.language == "ar"
    }

    /// Whether a single unit at token `i` is a length by the word before it: لمدة شهر.
    pub(super) fn measured_alone(&self, i: usize) -> bool {
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let before = before.strip_prefix(['و', 'ف']).unwrap_or(before);
        let than = i > 1 && before == "من" && matches!(self.word(i - 2), "أكثر" | "أقل" | "اكثر" | "اقل");
        // بعد أسبوع من, قبل يوم من, من شهر إلى ستة أشهر, شهر ونصف
        let next = if self.same(i + 1) { self.word(i + 1) } else { "" };
        let since =
            matches!(before, "بعد" | "قبل") && matches!(next, "من" | "على" | "فقط" | "واحد" | "واحدة");
        let range = before == "من" && next == "إلى" && self.same(i + 2) && self.length(i + 2).is_some();
        // بين سنة وعشر سنوات
        let pair = before == "بين"
            && self.same(i + 1)
            && (next == "و" || self.facts.hit(i + 1).is_some_and(|hit| hit.clitic.and))
            && self.length(i + 1 + usize::from(next == "و")).is_some();
        // لا تقل مدته عن سنة
        let least = before == "عن"
            && (i.saturating_sub(5)..i).any(|t| {
                matches!(
                    self.word(t).strip_prefix('و').unwrap_or(self.word(t)),
                    "تقل" | "يقل" | "تزيد" | "يزيد" | "تزد" | "يزد" | "تتجاوز" | "يتجاوز"
                )
            });
        // ساعة و42 دقيقة
        let on = next == "و"
            && self.facts.words.kind(i + 2) == crate::doc::TokenKind::Number
            && self
                .facts
                .number(i + 2)
                .is_some_and(|n| self.same(n.to) && matches!(self.time(n.to), TimeWord::Unit(..)));
        let half = matches!(next, "ونصف" | "وربع" | "وثلث");
        (than
            || pair
            || self.ended_unit(i)
            || least
            || since
            || range
            || half
            || on
            || matches!(
                before,
                "لمدة"
                    | "مدة"
                    | "غضون"
                    | "لنحو"
                    | "مدى"
                    | "استغرق"
                    | "استغرقت"
                    | "استمر"
                    | "استمرت"
                    | "مرور"
                    | "طيلة"
                    | "طوال"
                    | "قرابة"
                    | "حوالي"
                    | "زهاء"
            ))
            && self.facts.lead(i) == 0
            && !matches!(self.time(i + 1), TimeWord::Weekday(_) | TimeWord::Month(_) | TimeWord::Twin(_))
    }
}

/// Whether a verb says how long something goes on: its accusative is a length.
fn lasts(verb: &str) -> bool {
    const VERBS: &str = "استمر استمرت تستمر يستمر استغرق استغرقت يستغرق تستغرق دام دامت يدوم تدوم امتد امتدت بقي بقيت ظل ظلت مكث مكثت \
        أمضى أمضت قضى قضت عاش عاشت انتظر انتظرت طال طالت";
    VERBS.split_whitespace().any(|other| other == verb)
}
