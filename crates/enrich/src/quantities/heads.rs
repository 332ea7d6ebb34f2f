//! Nouns that can have a place in an order or stand once: `الدورة الثانية`, `دولة واحدة`, and those that cannot.

use super::behind::with_article;
use super::nouns::{bare, owned, owned as owned_noun};
use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::times::lexicon::{Count, Span, TimeWord};

impl Finder<'_> {
    /// `دولة واحدة`: one of them, said.
    pub(super) fn single(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let (word, one) = (words.word(i), words.word(i + 1));
        let agrees = one.ends_with('ة') == word.ends_with('ة');
        let idiom = matches!(
            self.stem(i),
            "آن" | "دفعة"
                | "يد"
                | "صوت"
                | "صف"
                | "كل"
                | "أي"
                | "غير"
                | "ولا"
                | "حتى"
                | "خط"
                | "موسم"
                | "رقم"
        );
        let adjective = word.ends_with('ي') && words.kind(i.max(1) - 1) == TokenKind::Arabic && self.same(i);
        let verb = adjective
            || word.starts_with('ي')
            || word.starts_with('ت') && word.chars().count() == 4 && !word.ends_with('ة')
            || crate::times::is_past(word);
        // واحدة من: one of many
        let of = self.same(i + 2) && words.word(i + 2) == "من";
        if with_article(word) || owned(word) || idiom || verb || of || !agrees || word.chars().count() < 3 {
            return None;
        }
        let unit = match self.facts.unit(i) {
            UnitWord::Noun(unit, _) => unit,
            UnitWord::Rate => return None,
            UnitWord::Unit(unit, kind) => {
                let start = words.start(i) + self.lead(i);
                return (kind != QuantityKind::Percent)
                    .then(|| self.found(start, i + 2, 1.0, Some(unit), kind));
            }
            _ => Unit::Item,
        };
        let start = words.start(i) + self.lead(i);
        Some(self.found(start, i + 2, 1.0, Some(unit), QuantityKind::Count))
    }

    /// Whether "the seventh day" at token `i` is the paper of that name and no day: it is one behind "in" alone.
    fn is_paper(&self, i: usize) -> bool {
        let words = self.words();
        let seventh = self.stem(i) == "اليوم" && words.word(i + 1) == "السابع";
        let before = if i > 0 && self.same(i) { words.word(i - 1) } else { "" };
        seventh && before.trim_start_matches('و') != "في" && !words.word(i).starts_with("لل")
    }

    /// Whether the noun at token `i` can have places in an order: a team, a class, a war and a queen have names that
    /// sound like them, and "the first pages" are many.
    pub(super) fn has_places(&self, i: usize, place: u16) -> bool {
        const NAMES: &str = "فريق ألعاب منتخب طرف درجة درجات جيل وزير مستشار سكرتير ملازم رقيب جندي سيدة حرب عالم مقام وهلة لحظة له رابطة محترفة \
            قناة متحدة إليزابيث اليزابيث بابا ملك لواء فيلق جيش كتيبة فوج فرقة طابور جمهورية حسن";
        let word = self.words().word(i);
        let bare = bare(word);
        if self.is_paper(i)
            || NAMES.split_whitespace().any(|name| name == bare)
            || matches!(word, "الله" | "اليزابيث" | "إليزابيث")
        {
            return false;
        }
        const MANY: &str = "صفحات نسخ مراحل مواسم أدوار صفوف خطوط مباريات أعمال أفلام كتب بدايات مراكز مراتب أماكن \
            أجزاء فصول تجارب نتائج ملامح حروف أسطر سطور أجيال مشاهد دروس خيوط بوادر ثمار أعراض قوائم عروض رسائل طوابق مقاعد صور";
        // مراحلها is as many as مراحل, مباراتها is one
        let owned = ["هما", "ها", "هم", "نا", "ه"].iter().find_map(|end| bare.strip_suffix(end));
        let own = owned.filter(|stem| owned_noun(bare) && stem.chars().count() > 2);
        let one = own
            .is_some_and(|stem| stem.ends_with('ت') && (!stem.ends_with("ات") || stem.ends_with("مبارات")));
        let noun = own.unwrap_or(bare);
        let many = place == 1
            && !one
            && !["تين", "تان"].iter().any(|end| bare.ends_with(end))
            && (!["ة", "ى", "ا", "اء"].iter().any(|end| noun.ends_with(end))
                && self.words().word(i + 1) == "الأولى"
                || noun.ends_with("ات")
                    && !matches!(noun, "ذات" | "انتخابات" | "مفاوضات" | "محادثات" | "مباحثات")
                || MANY.split_whitespace().any(|other| other == noun));
        let time = match self.facts.time(i) {
            TimeWord::None | TimeWord::Stretch => false,
            TimeWord::Unit(span, Count::One) => matches!(span, Span::Hour | Span::Second | Span::Century),
            _ => true,
        };
        !many && !time
    }
}
