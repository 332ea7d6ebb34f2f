//! Times that are no date: `الآن`, `مؤخرا`, `ذلك الحين`, `المستقبل القريب`; those that recur: `يوميا`, `كل عام`; decades.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::doc::TokenKind;
use crate::enriched::TimeType;
use crate::numbers::words::Num;

impl Finder<'_> {
    /// `الآن`, `مؤخرا`, `يوميا`, `كل عام`.
    pub(super) fn reference(&self, i: usize) -> Option<Match> {
        let (value, to) = match self.time(i) {
            // آلان is a man's name
            TimeWord::Now if matches!(self.word(i), "آلان" | "ألان" | "آلأن") => return None,
            // حركة السلام الآن
            TimeWord::Now if i > 0 && self.same(i) && self.word(i - 1).ends_with("السلام") => {
                return None;
            }
            // "Now, what shall we do?"
            TimeWord::Now if self.word(i) == "Now" => return None,
            TimeWord::Now => ("PRESENT_REF", i + 1),
            // اقتراحا سابقا is a former one
            TimeWord::PastRef | TimeWord::FutureRef if self.of_accusative(i) => {
                return None;
            }
            TimeWord::PastRef => ("PAST_REF", i + 1),
            TimeWord::FutureRef if self.word(i).ends_with("مستقبل") => {
                // the future of a party and an army is a name
                let led = i > 0 && self.same(i) && matches!(self.word(i - 1), "في" | "إلى");
                if !led || !self.facts.definite(i) {
                    return None;
                }
                let near = self.same(i + 1) && matches!(self.word(i + 1), "القريب" | "البعيد" | "المنظور");
                ("FUTURE_REF", i + 1 + usize::from(near))
            }
            // في القريب العاجل
            TimeWord::FutureRef if self.word(i).ends_with("قريب") => {
                if self.word(i) == "قريب" && i > 0 && self.same(i) && self.word(i - 1).ends_with("عما")
                {
                    return Some(self.reference_at(i - 1, i + 1, "FUTURE_REF"));
                }
                if self.word(i) != "القريب" || !(self.same(i + 1) && self.word(i + 1) == "العاجل")
                {
                    return None;
                }
                ("FUTURE_REF", i + 2)
            }
            // قريبا منه is near in place
            TimeWord::FutureRef if self.word(i + 1).starts_with("من") && self.same(i + 1) => return None,
            TimeWord::FutureRef => ("FUTURE_REF", i + 1),
            // في الماضي, في السابق, but not في الماضي as an adjective
            TimeWord::Past if matches!(self.word(i), "الماضي" | "السابق") => {
                let led = i > 0 && self.same(i) && self.word(i - 1) == "في";
                let near = self.same(i + 1) && self.word(i + 1) == "القريب";
                if !led {
                    return None;
                }
                ("PAST_REF", i + 1 + usize::from(near))
            }
            TimeWord::That
                if self.same(i + 1) && matches!(self.word(i + 1), "الحين" | "الوقت" | "الحين،") =>
            {
                ("PAST_REF", i + 2)
            }
            TimeWord::Ours
                if self.same(i + 1)
                    && matches!(
                        self.word(i + 1),
                        "هذا" | "هذه" | "الحاضر" | "الحالي" | "الراهن" | "الحالية"
                    ) =>
            {
                ("PRESENT_REF", i + 2)
            }
            TimeWord::Decade(decade) => return self.decade(i, decade),
            TimeWord::Set(_) | TimeWord::TwoDays | TimeWord::Every => return self.recurring(i),
            _ => return self.part_yearly(i),
        };
        Some(self.reference_at(i, to, value))
    }

    /// Whether a word in ا at token `i` is the adjective of an accusative before it: وزيرا سابقا, بيتا قريبا.
    fn of_accusative(&self, i: usize) -> bool {
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let noun = before.ends_with('ا') && before.chars().count() > 3 && !before.ends_with("ها");
        let verb = before.ends_with("وا") || before.ends_with("نا") || before.ends_with("ما");
        matches!(self.word(i), "سابقا" | "حديثا" | "قريبا") && noun && !verb
    }

    /// Whether اليوم at token `i` is our time and no day: شباب اليوم.
    pub(super) fn these_days(&self, i: usize) -> bool {
        i > 0
            && self.same(i)
            && self.word(i) == "اليوم"
            && matches!(self.time(i + 1), TimeWord::None | TimeWord::In)
            && (self.is_now_and_always(i)
                || matches!(
                    self.word(i - 1),
                    "شباب"
                        | "عالم"
                        | "جيل"
                        | "أجيال"
                        | "مجتمع"
                        | "نحن"
                        | "عصر"
                        | "إنسان"
                        | "فتاة"
                        | "حتى"
                        | "وحتى"
                        | "العالم"
                        | "ونحن"
                        | "أننا"
                        | "إننا"
                ))
    }

    /// Whether what stands around اليوم at token `i` tells of a state and no event: أصبح اليوم, ليس بعد اليوم,
    /// يقف اليوم أمام.
    fn is_now_and_always(&self, i: usize) -> bool {
        const STATES: &str = "أصبح أصبحت أصبحنا بات باتت بتنا نعيش يعيش تعيش نواجه يواجه تواجه نشهد يشهده تشهده تشهدها يشهدها يقف تقف نقف \
            نحتاج نملك لدينا أمامنا نحن إننا أننا يعد تعد نعرف نعلم ندرك مشكلتنا واقعنا عالمنا حياتنا مجتمعنا مجتمعاتنا أزمتنا جيلنا";
        let state = |t: usize| {
            let word = self.word(t);
            let stem = word.strip_prefix(['و', 'ف']).unwrap_or(word);
            STATES.split_whitespace().any(|state| state == stem || state == word)
        };
        // nothing after today
        if self.word(i - 1) == "بعد" {
            return true;
        }
        let ends = |t: usize| {
            matches!(self.word(t), "." | "،" | "!" | "؟" | "؛" | ":") || self.facts.words.paragraph(t)
        };
        let before = (i.saturating_sub(5)..i).rev().take_while(|t| !ends(*t)).any(state);
        before || self.same(i + 1) && state(i + 1)
    }

    pub(super) fn reference_at(&self, from: usize, to: usize, value: &str) -> Match {
        self.make(from, to, TimeType::Date, value)
    }

    /// `السبعينيات`, `تسعينيات القرن الماضي`, `ثمانينيات القرن التاسع عشر`.
    fn decade(&self, i: usize, decade: u8) -> Option<Match> {
        let at = i + 1 + usize::from(matches!(self.word(i + 1), "من" | "في") && self.same(i + 1));
        if self.same(at) && matches!(self.time(at), TimeWord::Unit(Span::Century, Count::One)) {
            let placed = match self.time(at + 1) {
                TimeWord::Past if self.same(at + 1) => Some(("19".to_owned(), at + 2)),
                TimeWord::This if self.same(at + 1) => Some(("20".to_owned(), at + 2)),
                _ => self.century(at).map(|century| (century.value, century.to)),
            };
            if let Some((century, to)) = placed {
                return Some(self.make(i, to, TimeType::Date, format!("{century}{}", decade / 10)));
            }
        }
        // في العشرينات من العمر is an age
        let plain = self.facts.definite(i) && !self.of_age(i + 1);
        plain.then(|| self.make(i, i + 1, TimeType::Date, format!("19{}", decade / 10)))
    }

    fn recurring(&self, i: usize) -> Option<Match> {
        let set = |to, value| Some(self.make(i, to, TimeType::Set, value));
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        match self.time(i) {
            TimeWord::Set(span) => {
                // الشهري is also a family
                let noun =
                    before.contains("ال") || ["ه", "ها", "هم", "نا"].iter().any(|end| before.ends_with(end));
                // the Daily Nation
                let name = self.latin_capital(i)
                    && i > 0
                    && !self.facts.words.paragraph(i)
                    && self.word(i - 1) != ".";
                // صحيفة "الجمهورية اليومية"
                let quoted = matches!(self.word(i + 1), "\"" | "»" | "”")
                    && self.facts.words.glued(i + 1)
                    && self.facts.definite(i);
                let adjective =
                    !name && !quoted && (!self.facts.definite(i) || noun || self.facts.language != "ar");
                // لأسبوعية جون أفريك: a weekly paper
                let paper = self.facts.hit(i).is_some_and(|hit| hit.clitic.preposition);
                // le quotidien des riverains, un hebdomadaire
                let french = self.facts.language == "fr"
                    && matches!(
                        before,
                        "le" | "Le" | "du" | "au" | "ce" | "un" | "son" | "leur" | "notre" | "des" | "les"
                    );
                if !adjective || paper || french { None } else { set(i + 1, span.duration(Some(1.0))) }
            }
            // بشكل يومي, but يومي الجمعة والسبت
            TimeWord::TwoDays => {
                let next = self.facts.words.kind(i + 1) == TokenKind::Number
                    || self.facts.num(i + 1) != Num::None
                    || self.time(i + 1) != TimeWord::None
                    || self.word(i + 1).starts_with("ال");
                let noun = self.facts.words.kind(i.max(1) - 1) == TokenKind::Arabic
                    && before.chars().count() > 2
                    && (matches!(before, "بشكل" | "بصورة" | "وبشكل")
                        || self.facts.unit(i.max(1) - 1) != crate::quantities::units::UnitWord::Stop)
                    && self.facts.lead(i) == 0;
                if next && self.same(i + 1) || !noun { None } else { set(i + 1, "P1D".to_owned()) }
            }
            _ => {
                if !self.same(i + 1) || self.facts.definite(i + 1) {
                    return None;
                }
                // كل جمعة, كل يوم جمعة
                let day = usize::from(self.word(i + 1) == "يوم" && self.same(i + 2));
                if let TimeWord::Weekday(weekday) = self.time(i + 1 + day) {
                    return set(i + 2 + day, format!("XXXX-WXX-{weekday}"));
                }
                // كل عامين, كل ثلاثة أشهر
                if let Some((span, Some(number), to)) = self.length(i + 1) {
                    return set(to, span.duration(Some(number)));
                }
                match self.time(i + 1) {
                    TimeWord::Unit(span, Count::One) => set(i + 2, span.duration(Some(1.0))),
                    TimeWord::Part(_) => set(i + 2, "P1D".to_owned()),
                    _ => None,
                }
            }
        }
    }

    /// `ربع سنوية`, `نصف سنوي`.
    fn part_yearly(&self, i: usize) -> Option<Match> {
        let (Num::Part(part), TimeWord::Set(Span::Year)) = (self.facts.num(i), self.time(i + 1)) else {
            return None;
        };
        let months = (part * 12.0).round();
        let adjective = self.same(i + 1) && !self.word(i + 1).ends_with('ا') && part < 1.0;
        adjective.then(|| self.make(i, i + 2, TimeType::Set, Span::Month.duration(Some(months))))
    }
}
