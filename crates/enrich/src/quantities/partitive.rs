//! Some of many: `ثلاثة من العاملين`, `6 من قادة المدارس`, `ثلاثة منهم`.

use super::behind::with_article;
use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::Number;
use crate::times::lexicon::TimeWord;

impl Finder<'_> {
    /// `ثلاثة من العاملين`, `6 من قادة المدارس`, `ثلاثة منهم`: some of many.
    pub(super) fn some_of(&self, number: &Number, at: usize) -> Option<Found> {
        let words = self.words();
        let fits = number.value >= 2.0 && number.value.fract() == 0.0 && !number.ordinal && !number.scaled;
        // digits that a mark is glued to are parts of something else: 4-2
        let part = number.digits
            && words.glued(number.from)
            && words.kind(number.from - 1) == TokenKind::Punct
            && words.word(number.from - 1) != "(";
        let year = number.digits && number.value >= 1000.0;
        // من أصل 546 من: all of them
        let all = number.from > 0 && self.same(number.from) && words.word(number.from - 1) == "أصل";
        if !fits || year || part || all || self.facts.definite(number.from) || self.facts.language != "ar" {
            return None;
        }
        let word = words.word(at);
        let to = match word {
            "منهم" | "منهن" | "منها" if !number.digits => at + 1,
            "من" if self.same(at + 1) && words.kind(at + 1) == TokenKind::Arabic => {
                let many = words.word(at + 1);
                let owned =
                    ["ه", "ها", "هم", "نا"].iter().any(|end| many.ends_with(end)) && many.chars().count() > 4;
                let people = super::nouns::OWNERS.split_whitespace().any(|owner| owner == many)
                    || many.ends_with("ي") && many.chars().count() > 4 && !number.digits;
                let of = self.same(at + 2)
                    && (words.word(at + 2).starts_with("ال")
                        || people
                            && words.kind(at + 2) == TokenKind::Arabic
                            && self.proclitic(at + 2) == 0
                            && self.facts.unit(at + 2) != UnitWord::Stop)
                    && !many.starts_with("ال")
                    && !matches!(self.facts.unit(at + 1), UnitWord::Stop)
                    && many.chars().count() > 3;
                if self.facts.time(at + 1) != TimeWord::None
                    || matches!(
                        many,
                        "أصل"
                            | "بين"
                            | "أجل"
                            | "نوعها"
                            | "نوعه"
                            | "عمره"
                            | "عمرها"
                            | "العمر"
                            | "خلاله"
                            | "خلالها"
                    )
                {
                    return None;
                }
                // المادة 5 من القانون is none of many
                let before =
                    if number.from > 0 && self.same(number.from) { words.word(number.from - 1) } else { "" };
                let label = with_article(before) || before.ends_with("ادة") || before.ends_with("قم");
                let several = !label
                    && (matches!(
                        before,
                        "بينهم"
                            | "وبينهم"
                            | "قتل"
                            | "مقتل"
                            | "إصابة"
                            | "وإصابة"
                            | "من"
                            | "نحو"
                            | "حوالي"
                            | "و"
                            | "اعتقال"
                    ) || !number.digits
                        || ["ين", "ون", "ات"].iter().any(|end| many.ends_with(end)));
                // رجال حرس الحدود: what the genitive's own genitive ends
                let on = of
                    && !owned
                    && !with_article(words.word(at + 2))
                    && self.same(at + 3)
                    && words.word(at + 3).starts_with("ال");
                match (with_article(many), of || owned) {
                    (true, _) if several => at + 2,
                    (false, true) => at + 2 + usize::from(of && !owned) + usize::from(on),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let (start, _) = self.behind(number);
        Some(self.found(start, to, number.value, Some(Unit::Item), QuantityKind::Count))
    }
}
