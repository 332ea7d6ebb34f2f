//! What stands around a time and places it: verbs in the future, names that hold a year, rates.

use jiff::ToSpan;
use jiff::civil::Date;

use super::lexicon::{Count, Span, TimeWord};
use super::tense::{is_fixture, is_future, is_planned, is_report};
use super::{Anchor, Finder};
use crate::doc::TokenKind;

/// Tokens before a weekday in which a verb in the future can send it ahead.
const NEAR: usize = 12;

impl Finder<'_> {
    /// Whether a verb in the future or "planned" stands shortly before token `i` in its sentence, nearer than a verb
    /// that reports.
    pub(super) fn ahead(&self, i: usize) -> bool {
        // what began on a day is past
        if (i.saturating_sub(2)..i).any(|t| self.word(t).ends_with("منذ")) {
            return false;
        }
        let mut t = i;
        while t > 0 && t + NEAR > i && self.same(t) {
            t -= 1;
            let word = self.word(t);
            if matches!(word, "." | "!" | "؟" | "?" | "؛") {
                break;
            }
            let stem = word.strip_prefix('و').unwrap_or(word);
            // وكان من المفترض: it has not come about
            let not_so = matches!(stem, "المفترض" | "المنتظر" | "المقرر" | "المتوقع")
                && t > 1
                && self.word(t - 1) == "من"
                && self.word(t - 2).ends_with("كان");
            if is_report(stem) || not_so && stem == "المفترض" {
                break;
            }
            if is_planned(stem)
                || self.facts.hit(t).is_none() && is_future(stem) && !self.behind_preposition(t)
            {
                return true;
            }
            // عشية اجتماع المجلس الجمعة; عشية الجمعة is its evening
            if stem == "عشية" && t + 1 < i {
                return true;
            }
            // يغادر بحلول الجمعة, but وبحلول الجمعة وصل
            if word == "بحلول" && t + 3 > i {
                return true;
            }
            // قبل مواجهتهما يوم الأحد: what comes before a game that is still to be played
            if self.word(t) == "قبل" && t + 5 > i && (t + 1..i).take(1).any(|n| is_fixture(self.word(n))) {
                return true;
            }
        }
        self.facts.language != "ar" && self.western_ahead(i)
    }

    /// Whether the sentence of token `i` tells what had been: وكانا وصلا في بداية يونيو.
    pub(super) fn had_been(&self, i: usize) -> bool {
        let mut t = i;
        while t > 0 && t + NEAR > i && self.same(t) {
            t -= 1;
            let word = self.word(t);
            if matches!(word, "." | "!" | "؟" | "?" | "؛" | "(") {
                return false;
            }
            let stem = word.strip_prefix(['و', 'ف']).unwrap_or(word);
            if matches!(stem, "كان" | "كانت" | "كانا" | "كانوا" | "كانتا" | "وكان" | "وكانت")
            {
                return true;
            }
        }
        false
    }

    /// Whether token `t` stands behind a preposition, as no verb does: في سنغافورة, إلى ستوكهولم. Not behind من, which
    /// also asks: من سيفوز.
    fn behind_preposition(&self, t: usize) -> bool {
        const PREPOSITIONS: &str = "في إلى على عن مع بين لدى عند قرب نحو حول ضد عبر";
        let letter = self.word(t).trim_start_matches(['و', 'ف']).starts_with('س');
        let before = if t > 0 && self.same(t) && letter { self.word(t - 1) } else { "" };
        let before = before.strip_prefix(['و', 'ف']).filter(|rest| rest.len() > 2).unwrap_or(before);
        PREPOSITIONS.split_whitespace().any(|word| word == before)
    }

    /// The day that the text calls today: "today, Thursday" in an article published on Friday says that it was written
    /// on Thursday, and yesterday is Wednesday.
    pub(super) fn told_today(&self) -> Anchor {
        let told = (0..self.facts.words.len()).find_map(|i| {
            let days = match self.time(i) {
                TimeWord::Day(-1) => -1,
                TimeWord::Unit(Span::Day, Count::One) if self.word(i).ends_with("اليوم") => 0,
                _ => return None,
            };
            let at = i + 1 + usize::from(matches!(self.word(i + 1), "(" | "،" | ","));
            let TimeWord::Weekday(weekday) = self.time(at) else { return None };
            let plain = self.same(at) && self.facts.definite(at) && self.facts.lead(at) == 0;
            let day = self.anchor.weekday_near(weekday, days).filter(|_| plain)?;
            day.checked_sub(i64::from(days).days()).ok()
        });
        let near = |day: &Date| (-3..=1).any(|days| self.anchor.day(days) == Some(*day));
        told.filter(near).map_or(self.anchor, |day| Anchor(Some(day)))
    }

    /// Whether the year at token `i` ends the name of an event, a plan or a season: كأس العالم 2018, رؤية 2030,
    /// صيف 2017.
    pub(super) fn in_name(&self, i: usize) -> bool {
        const SEASONS: &str = "صيف شتاء خريف موسم الموسم لموسم بموسم وموسم";
        const HEADS: &str = "كأس مونديال المونديال مونديالي أولمبياد أولمبي يورو ألعاب كوبا رؤية خليجي أمم نهائيات إكسبو اكسبو بيونيس دوري سباق رالي جائزة منتدى ملتقى ماراثون طواف فيفا مسابقة أوسكار فورمولا سوبر جلوب غولدن \
            كاس بطولة مهرجان معرض بيان مبادرة";
        let mut t = i;
        while t > 0 && t + 4 > i && self.same(t) {
            t -= 1;
            if self.facts.words.kind(t) != TokenKind::Arabic {
                return false;
            }
            let word = self.word(t);
            if t + 1 == i && SEASONS.split_whitespace().any(|season| season == word) {
                return true;
            }
            let bare = word.strip_prefix(['و', 'ل', 'ب', 'ف']).unwrap_or(word);
            let bare = bare.strip_prefix("ال").unwrap_or(bare);
            if HEADS.split_whitespace().any(|head| head == word || head == bare) {
                return true;
            }
            // a name goes on in nouns alone
            if matches!(
                word,
                "في" | "من"
                    | "عن"
                    | "على"
                    | "إلى"
                    | "منذ"
                    | "حتى"
                    | "خلال"
                    | "عام"
                    | "قبل"
                    | "بعد"
                    | "التي"
                    | "الذي"
                    | "بين"
            ) || matches!(self.time(t), TimeWord::Month(_) | TimeWord::Unit(..))
            {
                return false;
            }
        }
        false
    }

    /// Whether الغد at token `i` is the name of a party or a paper: حزب الغد.
    pub(super) fn is_party(&self, i: usize) -> bool {
        i > 0
            && self.same(i)
            && self.facts.definite(i)
            && matches!(
                self.word(i - 1),
                "حزب" | "تيار" | "صحيفة" | "جريدة" | "قناة" | "موقع" | "لحزب" | "وحزب" | "مجلة"
            )
    }

    /// Whether اليوم at token `i` is part of a name: عين اليوم, اليوم الوطني.
    pub(super) fn no_day(&self, i: usize) -> bool {
        if self.facts.words.kind(i) != crate::doc::TokenKind::Arabic {
            return false;
        }
        let before = if i > 0 { self.word(i - 1) } else { "" };
        let paper = i > 0
            && matches!(
                before.strip_prefix('و').unwrap_or(before),
                "عين"
                    | "المصري"
                    | "المصرى"
                    | "أخبار"
                    | "العرب"
                    | "روسيا"
                    | "صحيفة"
                    | "عكاظ"
                    | "اليمن"
                    | "الأردن"
            );
        let next = self.word(i + 1);
        // "اليوم" is a programme or a paper
        let quoted = i > 0
            && matches!(
                (self.word(i - 1), next),
                ("\"", "\"") | ("«", "»") | ("“", "”") | ("”", "“") | ("'", "'") | ("‘", "’")
            );
        let adjective = next.starts_with("ال")
            && (next.ends_with("ي") || next.ends_with("ية"))
            && self.time(i + 1) == TimeWord::None;
        paper || quoted || adjective && self.same(i + 1)
    }

    /// Whether أيام or كل يوم stands before the weekday at token `i`, or before the weekdays that it goes on from.
    pub(super) fn of_every_week(&self, i: usize) -> bool {
        let mut t = i;
        while t > 0 && i - t < 8 && self.same(t) {
            t -= 1;
            if matches!(self.word(t), "أيام" | "ايام" | "وأيام") {
                return true;
            }
            if !matches!(self.time(t), TimeWord::Weekday(_)) && !matches!(self.word(t), "و" | "،") {
                return false;
            }
        }
        false
    }
}
