//! What stands behind a number: a unit, a currency, a per-cent sign, a counted noun.

use super::units::{PAIRS, UnitWord};
use super::{Finder, Found, sign};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::Number;
use crate::numbers::words::Num;
use crate::times::lexicon::{Span, TimeWord};

impl Finder<'_> {
    /// A number with a unit, a currency or a per-cent sign behind it.
    pub(super) fn measured(&self, number: &Number) -> Option<Found> {
        if number.ordinal {
            return None;
        }
        let (start, at) = self.behind(number);
        let words = self.words();
        let word = words.word(at);
        let with = |to, unit, kind| Some(self.found(start, to, number.value, Some(unit), kind));
        if matches!(word, "%" | "٪") && self.same(at) {
            let code = words.glued(at)
                && words.glued(at + 1)
                && (words.is_word(at + 1) || words.kind(at + 1) == TokenKind::Number);
            return if code { None } else { with(at + 1, Unit::Percent, QuantityKind::Percent) };
        }
        if !self.same(at) {
            return None;
        }
        // م2, also behind a scale word
        if word == "م" && words.word(at + 1) == "2" && words.glued(at + 1) {
            return with(at + 2, Unit::SquareMetre, QuantityKind::Measure);
        }
        if let Some(unit) = sign(word) {
            return with(at + 1, unit, QuantityKind::Money);
        }
        if matches!(
            (word, words.word(at + 1)),
            ("في", "المئة" | "المائة" | "المية" | "المئه" | "المائه") | ("per" | "pour", "cent")
        ) {
            return with(at + 2, Unit::Percent, QuantityKind::Percent);
        }
        if let TimeWord::Unit(span, _) = self.facts.time(at) {
            let year = number.digits && (1900.0..=2100.0).contains(&number.value);
            let plain = !year && self.facts.lead(at) == 0;
            return if plain { with(at + 1, duration_unit(span), QuantityKind::Duration) } else { None };
        }
        let UnitWord::Unit(unit, kind) = self.facts.unit(at) else { return None };
        if (self.facts.lead(at) > 0 || self.facts.definite(at)) && kind != QuantityKind::Percent {
            return None;
        }
        // single letters are units only right behind digits
        if word.chars().count() == 1 && !number.digits && !number.scaled {
            return None;
        }
        let (unit, to) = self.refined(unit, kind, at + 1);
        with(to, unit, if unit == Unit::Point { QuantityKind::Count } else { kind })
    }

    /// The unit with what is said behind it: a nation, a square, a rate; and the token behind.
    fn refined(&self, unit: Unit, kind: QuantityKind, to: usize) -> (Unit, usize) {
        let square = |unit| match unit {
            Unit::Metre => Some(Unit::SquareMetre),
            Unit::Kilometre => Some(Unit::SquareKilometre),
            _ => None,
        };
        if !self.same(to) {
            return (unit, to);
        }
        let next = self.words().word(to);
        let rate = matches!(
            (next, self.words().word(to + 1)),
            ("/", "ساعة" | "س" | "h" | "ч") | ("في" | "بالساعة", "الساعة") | ("per" | "an", "hour")
        );
        if unit == Unit::Kilometre && (rate || next == "بالساعة") {
            return (Unit::KilometrePerHour, to + 1 + usize::from(rate));
        }
        if next == "2" && self.words().glued(to)
            || matches!(next, "مربع" | "مربعا" | "مربعة" | "carrés" | "²")
        {
            return square(unit).map_or((unit, to), |unit| (unit, to + 1));
        }
        match (kind, self.facts.unit(to)) {
            (QuantityKind::Money, UnitWord::Nation(nation)) => (of_nation(unit, nation), to + 1),
            (QuantityKind::Measure, UnitWord::Rate) if unit == Unit::Barrel => (Unit::BarrelPerDay, to + 1),
            _ => (unit, to),
        }
    }

    /// A number with a counted noun: `20 مليون مسلم`, `أول رحلة`, `three lawyers`.
    pub(super) fn counted(&self, number: &Number) -> Option<Found> {
        let (start, mut at) = self.behind(number);
        // 96 غير سعودي
        if self.words().word(at) == "غير"
            && matches!(self.facts.unit(at + 1), UnitWord::Noun(..) | UnitWord::Nation(_))
        {
            at += 1;
        }
        let words = self.words();
        if !self.same(at) || !words.is_word(at) {
            return None;
        }
        // "1 ـ تعيين" begins an item of a list; the dash is a tatweel, which normalising removes
        if words.paragraph(number.from) && number.digits && words.gap(at).len() > 1 {
            return None;
        }
        if let Some(found) = self.some_of(number, at) {
            return Some(found);
        }
        let known = match self.facts.unit(at) {
            UnitWord::Noun(unit, false) => Some(unit),
            UnitWord::Nation(_) => Some(Unit::Person),
            UnitWord::Stop | UnitWord::Rate => return None,
            _ => None,
        };
        if self.facts.hit(at).is_some_and(|h| {
            h.lead > 0 || !matches!(h.value.num, Num::None | Num::Part(_)) || h.value.time != TimeWord::None
        }) {
            return None;
        }
        let arabic = words.kind(at) == TokenKind::Arabic;
        let word = words.word(at);
        if word.chars().count() < 3 || known.is_none() && words.glued(at) || arabic && with_article(word) {
            return None;
        }
        if self.facts.definite(number.from) && !number.digits {
            return None;
        }
        // 6-2 victory
        let score = number.digits
            && number.from > 1
            && words.word(number.from - 1) == "-"
            && words.glued(number.from);
        if score && known.is_none()
            || number.ordinal
                && self.facts.language == "ru"
                && known.is_none()
                && word.ends_with(['л', 'а', 'и'])
        {
            return None;
        }
        if number.ordinal {
            // أول and ثاني go before their noun in Arabic, the others behind it
            let early = words.text.get(number.start..words.end(number.from));
            let early = matches!(early, Some("أول" | "اول" | "ثاني" | "ثالث" | "أولى" | "اولى"));
            // ملازم أول محمد: a rank
            let rank = number.from > 0
                && matches!(
                    words.word(number.from - 1),
                    "ملازم"
                        | "رقيب"
                        | "عريف"
                        | "وكيل"
                        | "فريق"
                        | "عميد"
                        | "مساعد"
                        | "نائب"
                        | "سكرتير"
                        | "أمس"
                );
            let before = !arabic || early && !rank && number.to == number.from + 1;
            let kind = QuantityKind::Ordinal;
            return (before && !number.digits)
                .then(|| self.found(start, at + 1, number.value, known.or(Some(Unit::Item)), kind));
        }
        // a year in digits, a one in words that is mostly a pronoun
        let year = number.digits && (1900.0..=2100.0).contains(&number.value);
        let weak = year
            || number.value == 1.0 && !number.digits
            || number.value == 0.0
            || number.value.fract() != 0.0 && !number.scaled;
        if known.is_none() && (weak || !arabic && word.starts_with(char::is_uppercase)) {
            return None;
        }
        let to = self.longer(at);
        Some(self.found(start, to, number.value, known.or(Some(Unit::Item)), QuantityKind::Count))
    }

    /// The token behind the counted noun at token `at` with what belongs to it: رجال أمن, طالب وطالبة, جهازا ومنتجا.
    fn longer(&self, at: usize) -> usize {
        let words = self.words();
        if !self.same(at + 1) || words.kind(at) != TokenKind::Arabic {
            return at + 1;
        }
        let (noun, next) = (words.word(at), words.word(at + 1));
        let pair = |(first, second): &(&str, &str)| {
            first.split(' ').any(|word| word == noun) && second.split(' ').any(|word| word == next)
        };
        if PAIRS.iter().any(pair) {
            return at + 2;
        }
        let Some(other) = next.strip_prefix('و') else { return at + 1 };
        let accusative = |word: &str| {
            word.chars().count() > 4 && word.ends_with('ا') && !word.ends_with("وا") && !word.ends_with("ها")
        };
        let feminine = other.strip_suffix('ة').is_some_and(|stem| stem == noun);
        let both = accusative(noun) && accusative(other) && self.facts.unit(at + 1) != UnitWord::Stop;
        at + 1 + usize::from(feminine || both)
    }

    /// `ثلاثة من العاملين`, `6 من قادة المدارس`, `ثلاثة منهم`: some of many.
    fn some_of(&self, number: &Number, at: usize) -> Option<Found> {
        let words = self.words();
        let fits = number.value >= 2.0 && number.value.fract() == 0.0 && !number.ordinal && !number.scaled;
        // digits that a mark is glued to are parts of something else: 4-2
        let part = number.digits && words.glued(number.from) && words.word(number.from - 1) != "(";
        let year = number.digits && number.value >= 1000.0;
        if !fits || year || part || self.facts.definite(number.from) || self.facts.language != "ar" {
            return None;
        }
        let word = words.word(at);
        let to = match word {
            "منهم" | "منهن" | "منها" if !number.digits => at + 1,
            "من" if self.same(at + 1) && words.kind(at + 1) == TokenKind::Arabic => {
                let many = words.word(at + 1);
                let owned =
                    ["ها", "هم", "نا"].iter().any(|end| many.ends_with(end)) && many.chars().count() > 5;
                let of = self.same(at + 2)
                    && words.word(at + 2).starts_with("ال")
                    && !many.starts_with("ال")
                    && !matches!(self.facts.unit(at + 1), UnitWord::Stop)
                    && many.chars().count() > 3;
                if self.facts.time(at + 1) != TimeWord::None
                    || matches!(many, "أصل" | "بين" | "أجل" | "نوعها")
                {
                    return None;
                }
                let several = !number.digits || ["ين", "ون", "ات"].iter().any(|end| many.ends_with(end));
                match (with_article(many), of || owned) {
                    (true, _) if several => at + 2,
                    (false, true) => at + 2 + usize::from(of),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let (start, _) = self.behind(number);
        Some(self.found(start, to, number.value, Some(Unit::Item), QuantityKind::Count))
    }
}

/// Whether a word begins with the article, with or without proclitics.
pub(super) fn with_article(word: &str) -> bool {
    ["ال", "وال", "بال", "لل", "كال", "فال", "وو"].iter().any(|start| word.starts_with(start))
}

fn duration_unit(span: Span) -> Unit {
    match span {
        Span::Second => Unit::Second,
        Span::Minute => Unit::Minute,
        Span::Hour => Unit::Hour,
        Span::Day => Unit::Day,
        Span::Week => Unit::Week,
        Span::Month => Unit::Month,
        Span::Year => Unit::Year,
        Span::Decade => Unit::Decade,
        Span::Century => Unit::Century,
    }
}

/// The currency that a nation's adjective makes of its common name: دينار كويتي.
fn of_nation(unit: Unit, nation: Unit) -> Unit {
    match (unit, nation) {
        (Unit::Usd, Unit::Usd | Unit::Cad | Unit::Aud) => nation,
        (Unit::Egp, Unit::Gbp | Unit::Egp) => nation,
        (Unit::Sar, Unit::Sar | Unit::Qar | Unit::Yer | Unit::Omr) => nation,
        (Unit::Aed, Unit::Aed | Unit::Mad) => nation,
        (Unit::Dzd, Unit::Kwd | Unit::Dzd | Unit::Tnd | Unit::Jod | Unit::Iqd) => nation,
        (Unit::Try, Unit::Lbp | Unit::Syp | Unit::Try) => nation,
        _ => unit,
    }
}
