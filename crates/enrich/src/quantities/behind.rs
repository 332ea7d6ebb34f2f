//! What stands behind a number: a unit, a currency, a per-cent sign, a counted noun.

use super::units::{OF_MONEY, PRODUCTS, UnitWord};
use super::{Finder, Found, phrase, sign};
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
                && (words.is_word(at + 1) || words.kind(at + 1) == TokenKind::Number)
                && words.kind(at + 1) != TokenKind::Arabic;
            let percent =
                self.found(start, at + 1, self.share(number), Some(Unit::Percent), QuantityKind::Percent);
            return (!code).then_some(percent);
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
        if let Some((unit, to)) = self.technical(at) {
            return Some(self.found(start, to, number.value, unit, Self::TECHNICAL));
        }
        if let Some(unit) = self.in_two_words(at) {
            return with(at + 2, unit, QuantityKind::Measure);
        }
        if matches!(
            (word, words.word(at + 1)),
            ("في", "المئة" | "المائة" | "المية" | "المئه" | "المائه") | ("per" | "pour", "cent")
        ) {
            let value = self.share(number);
            return Some(self.found(start, at + 2, value, Some(Unit::Percent), QuantityKind::Percent));
        }
        if let TimeWord::Unit(span, _) = self.facts.time(at) {
            let year = number.digits && (1900.0..=2100.0).contains(&number.value);
            // الرهبان السبعة عام 1996: the year's own word
            let year = year || span == Span::Year && self.same(at + 1) && self.is_year(at + 1);
            let plain = !year && self.facts.lead(at) == 0;
            return if plain { with(at + 1, duration_unit(span), QuantityKind::Duration) } else { None };
        }
        if let UnitWord::Other(kind) = self.facts.unit(at) {
            let bare = self.facts.lead(at) == 0 && !self.facts.definite(at);
            return bare.then(|| self.found(start, at + 1, number.value, None, kind));
        }
        if let Some(to) = self.western_points(at) {
            return with(to, Unit::Point, QuantityKind::Count);
        }
        let UnitWord::Unit(unit, kind) = self.facts.unit(at) else { return None };
        // 15 м/с, 18 км/с: a speed that has no unit of its own
        let second = kind == QuantityKind::Measure
            && words.word(at + 1) == "/"
            && words.glued(at + 1)
            && words.glued(at + 2)
            && matches!(words.word(at + 2), "с" | "s" | "сек" | "sec" | "ث");
        if second && number.digits {
            return Some(self.found(start, at + 3, number.value, None, kind));
        }
        if (self.facts.lead(at) > 0 || self.facts.definite(at)) && kind != QuantityKind::Percent {
            return None;
        }
        // single letters are units only right behind digits
        if word.chars().count() == 1 && !number.digits && !number.scaled {
            return None;
        }
        if kind == QuantityKind::Percent {
            return Some(self.found(start, at + 1, self.share(number), Some(unit), kind));
        }
        let (unit, to) = self.refined(unit, kind, at + 1);
        with(to, unit, if unit == Unit::Point { QuantityKind::Count } else { kind })
    }

    /// Whether four digits that may be a year stand at token `t`.
    pub(super) fn is_year(&self, t: usize) -> bool {
        let year = self.words().word(t).parse().ok().filter(|year: &u32| (1000..=2100).contains(year));
        year.is_some() && self.words().word(t).len() == 4
    }

    /// The number of a share: three digits behind a comma are its fraction, as nothing has thousands of per cents.
    fn share(&self, number: &Number) -> f64 {
        if number.value < 1000.0 || !number.digits || number.to != number.from + 1 {
            return number.value;
        }
        let word = self.words().word(number.from);
        crate::numbers::digits::value(word, self.facts.language, true).unwrap_or(number.value)
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
        let (word, next) = (self.words().word(to - 1), self.words().word(to));
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
        let whole = match unit {
            Unit::Metre | Unit::Foot => matches!(next, "مكعب" | "مكعبا" | "مكعبة"),
            Unit::Degree => matches!(next, "مئوية" | "فهرنهايت"),
            Unit::Point => matches!(next, "مئوية" | "أساس"),
            Unit::Byte | Unit::Watt => matches!(next, "ساعة"),
            Unit::Tonne => matches!(next, "متري" | "مكافئ"),
            // كيلو غرام
            Unit::Kilogram => {
                word == "كيلو"
                    && matches!(next, "غرام" | "غراما" | "جرام" | "جراما" | "متر" | "مترا" | "واط" | "وات")
            }
            _ => false,
        };
        if whole {
            return (unit, to + 1);
        }
        match (kind, self.facts.unit(to)) {
            (QuantityKind::Money, UnitWord::Nation(nation)) => (of_nation(unit, nation), to + 1),
            (QuantityKind::Money, _)
                if OF_MONEY.split_whitespace().any(|nation| nation == next) || phrase::of_nation(next) =>
            {
                (unit, to + 1)
            }
            (QuantityKind::Measure, UnitWord::Rate) if unit == Unit::Barrel => (Unit::BarrelPerDay, to + 1),
            (QuantityKind::Measure, _)
                if unit == Unit::Barrel && next == "في" && self.words().word(to + 1) == "اليوم" =>
            {
                (Unit::BarrelPerDay, to + 2)
            }
            _ => (unit, to),
        }
    }

    /// A number with a counted noun: `20 مليون مسلم`, `أول رحلة`, `three lawyers`.
    pub(super) fn counted(&self, number: &Number) -> Option<Found> {
        if number.ordinal {
            return self.ordered(number);
        }
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
            // folded, إمام is أمام
            UnitWord::Stop if matches!(words.word(at), "إمام" | "إماما") => Some(Unit::Person),
            // and آلية is إليه
            UnitWord::Stop if words.word(at) == "آلية" => Some(Unit::Item),
            UnitWord::Stop | UnitWord::Rate => return None,
            _ => None,
        };
        if !self.is_before_noun(at)
            && self.facts.hit(at).is_some_and(|h| {
                h.lead > 0
                    || !matches!(h.value.num, Num::None | Num::Part(_))
                    || h.value.time != TimeWord::None
            })
        {
            return None;
        }
        let arabic = words.kind(at) == TokenKind::Arabic;
        let word = words.word(at);
        if word.chars().count() < 3 || known.is_none() && words.glued(at) || arabic && with_article(word) {
            return None;
        }
        // السبع مراحل, but not الثلاثة فقط
        let definite = self.facts.definite(number.from) && !number.digits;
        // المليون نسمة
        let scale = number.scaled && known.is_some() && number.to == number.from + 1;
        if definite && !scale && !(arabic && (3.0..=10.0).contains(&number.value) && plural(word)) {
            return None;
        }
        // трое погибли
        let verb = known.is_none() && self.facts.language == "ru" && word.ends_with("ли");
        if verb || arabic && (self.no_noun(number, at, known.is_some()) || self.absolute(number)) {
            return None;
        }
        // 6-2 victory
        let score = number.digits
            && number.from > 1
            && words.word(number.from - 1) == "-"
            && words.glued(number.from);
        if score && known.is_none() {
            return None;
        }
        // a year in digits, a one in words that is mostly a pronoun
        let year = number.digits && (1900.0..=2100.0).contains(&number.value);
        let before = if number.from > 0 && self.same(number.from) { words.word(number.from - 1) } else { "" };
        if year && dates(before) {
            return None;
        }
        let year = year && !self.facts.about(number.from);
        // 2034 حادثا
        let thing = word.chars().count() == 4 && self.facts.unit(at) == UnitWord::Thing;
        let accusative =
            word.ends_with('ا') && !word.ends_with("هما") && (word.chars().count() > 4 || thing) && arabic;
        let weak = year && !accusative
            || number.value == 1.0 && !number.digits
            || number.value == 0.0
            || number.value.fract() != 0.0 && !number.scaled;
        if known.is_none() && (weak || !arabic && word.starts_with(char::is_uppercase)) {
            return None;
        }
        let to = if arabic { self.longer(at) } else { self.behind_adjectives(at, number.value > 1.0) };
        Some(self.found(start, to, number.value, known.or(Some(Unit::Item)), QuantityKind::Count))
    }

    /// Whether a number ends in a scale word of the accusative, which takes no noun: 12 مليونا. Without a number before
    /// it the word is two of them: مليونا شخص.
    fn absolute(&self, number: &Number) -> bool {
        let last = self.words().word(number.to.max(1) - 1);
        number.to > number.from + 1
            && ["ألفا", "مليونا", "مليارا", "تريليونا"].iter().any(|scale| last.ends_with(scale))
    }

    /// Whether what stands behind a number is none of its: it begins with a proclitic, the number belongs to a name
    /// (آيفون 8), or the season is counted, which is vague.
    fn no_noun(&self, number: &Number, at: usize, known: bool) -> bool {
        let words = self.words();
        let word = words.word(at);
        let before = if number.from > 0 && self.same(number.from) { words.word(number.from - 1) } else { "" };
        let product = number.digits
            && PRODUCTS
                .split_whitespace()
                .any(|name| before.strip_prefix(['و', 'ل', 'ب']).unwrap_or(before) == name || before == name);
        product
            || matches!(word, "موسم" | "موسما" | "مواسم" | "هام" | "بروميتش")
            || !known
                && (self.proclitic(at) > 0
                    || past_verb(word)
                    || verb_form(word)
                    || crate::times::is_past(word))
    }
}

/// Whether a word makes a year of four digits behind it: منذ 2007.
pub(crate) fn dates(word: &str) -> bool {
    matches!(word.strip_prefix(['و', 'ل']).unwrap_or(word), "منذ" | "عام" | "العام" | "سنة")
}

/// Whether a word is a verb of the past by its ending: تمكنت.
fn past_verb(word: &str) -> bool {
    word.ends_with('ت')
        && !word.ends_with("ات")
        && !word.ends_with("آت")
        && word.chars().count() > 3
        && !matches!(word, "زيوت" | "بيوت" | "أصوات" | "كيلووات" | "انترنت" | "صوت")
}

/// Whether a word may be the plural that a number below eleven takes.
fn plural(word: &str) -> bool {
    !matches!(word, "فقط" | "معا" | "الكبار" | "أخرى")
        && word.chars().count() > 3
        && !word.ends_with(['ة', 'ي', 'و'])
        || word.ends_with("ات")
}

/// Whether a word that no list holds is a verb by its form: أطلقوا, ليتغلب, يؤكد.
fn verb_form(word: &str) -> bool {
    const NOUNS: &str = "يتيم يتيما عضوا عدوا ياباني يابانيا يمنيا يهودي يهوديا يخت يختا يساري يورانيوم";
    let noun = NOUNS.split_whitespace().any(|noun| noun == word);
    let purpose = word.starts_with("لي") && word.chars().count() > 4 && !word.ends_with(['ة', 'ا']);
    word.ends_with("وا") && !noun || purpose || word.starts_with('ي') && !noun
}

/// Whether a word begins with the article, with or without proclitics.
pub(super) fn with_article(word: &str) -> bool {
    // بالغا is an adult
    ["ال", "وال", "بال", "لل", "كال", "فال", "وو"].iter().any(|start| word.starts_with(start))
        && !matches!(word, "بالغا" | "بالغ" | "بالغين")
        // plurals that miss their hamza: ألقاب, ألعاب
        && !matches!(word, "القاب" | "العاب" | "الوان" | "الواح" | "الغام" | "اليات" | "اليا")
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
