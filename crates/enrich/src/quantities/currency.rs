//! Whose dinar, rial or pound it is: the country that the article speaks of most decides where nothing stands behind the
//! word.

use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};

/// A country's name without its article, the adjectives of its money, and its currency; `None` for one that the units lack.
type Country = (&'static str, &'static str, Option<Unit>);

const DINARS: &[Country] = &[
    ("كويت", "كويتي", Some(Unit::Kwd)),
    ("جزائر", "جزائري", Some(Unit::Dzd)),
    ("تونس", "تونسي", Some(Unit::Tnd)),
    ("أردن", "أردني", Some(Unit::Jod)),
    ("عراق", "عراقي", Some(Unit::Iqd)),
    ("بحرين", "بحريني", None),
    ("ليبيا", "ليبي", None),
    ("صربيا", "صربي", None),
];
const RIALS: &[Country] = &[
    ("سعودية", "سعودي", Some(Unit::Sar)),
    ("مملكة", "سعودي", Some(Unit::Sar)),
    ("قطر", "قطري", Some(Unit::Qar)),
    ("يمن", "يمني", Some(Unit::Yer)),
    ("عمان", "عماني", Some(Unit::Omr)),
    ("إيران", "إيراني", None),
    ("برازيل", "برازيلي", None),
];
const DIRHAMS: &[Country] = &[("إمارات", "إماراتي", Some(Unit::Aed)), ("مغرب", "مغربي", Some(Unit::Mad))];
const POUNDS: &[Country] =
    &[("مصر", "مصري", Some(Unit::Egp)), ("بريطانيا", "إسترليني", Some(Unit::Gbp)), ("سودان", "سوداني", None)];
const LIRAS: &[Country] = &[
    ("تركيا", "تركية", Some(Unit::Try)),
    ("لبنان", "لبنانية", Some(Unit::Lbp)),
    ("سوريا", "سورية", Some(Unit::Syp)),
];
const RUPEES: &[Country] =
    &[("هند", "هندية", Some(Unit::Inr)), ("باكستان", "باكستانية", None), ("إندونيسيا", "إندونيسية", None)];
const FRANCS: &[Country] = &[("سويسرا", "سويسري", Some(Unit::Chf)), ("سنغال", "أفريقي", None)];

/// How often a country must be named to decide, and how many times as often as the next.
const CLEAR: u32 = 2;

impl Finder<'_> {
    /// Gives a sum in the money of several countries the one of the country that the text names most often.
    pub(super) fn of_country(&self, found: &mut Found) {
        if found.kind != QuantityKind::Money || self.facts.language != "ar" {
            return;
        }
        // a nation behind the word has decided
        let last = found.to.max(1) - 1;
        let word = self.words().word(last);
        if !matches!(self.facts.unit(last), UnitWord::Unit(_, QuantityKind::Money)) {
            return;
        }
        let countries = match word {
            "دينار" | "دينارا" | "دنانير" => DINARS,
            "ريال" | "ريالا" | "ريالات" => RIALS,
            "درهم" | "درهما" | "دراهم" => DIRHAMS,
            "جنيه" | "جنيها" | "جنيهات" => POUNDS,
            "ليرة" | "ليرات" => LIRAS,
            "روبية" | "روبيات" => RUPEES,
            "فرنك" | "فرنكا" | "فرنكات" => FRANCS,
            _ => return,
        };
        // the first country's name stands for the list
        let Some((key, ..)) = countries.first() else { return };
        let known = self.money.borrow().iter().find(|(name, _)| name == key).map(|(_, unit)| *unit);
        let unit = known.unwrap_or_else(|| {
            let unit = self.country_of(countries);
            self.money.borrow_mut().push((key, unit));
            unit
        });
        if let Some(unit) = unit {
            found.unit = unit;
        }
    }

    /// The money of the country that the text names clearly more often than the others. One that it names behind the
    /// money itself counts for much.
    fn country_of(&self, countries: &[Country]) -> Option<Option<Unit>> {
        /// What a mention behind the money is worth.
        const SAID: u32 = 5;
        let words = self.words();
        let mut times = vec![0_u32; countries.len()];
        for t in (0..words.len()).filter(|t| words.kind(*t) == TokenKind::Arabic) {
            let word = words.word(t);
            let bare = word.trim_start_matches(['و', 'ف', 'ب', 'ل', 'ك']);
            let bare = bare.strip_prefix("ال").unwrap_or(bare);
            for (count, (name, adjective, _)) in times.iter_mut().zip(countries) {
                let same = |other: &str| super::pairs::same_letters(other, bare);
                if same(name) || super::pairs::same_letters(name, word) {
                    *count += 1;
                } else if word.strip_suffix('ا').unwrap_or(word) == *adjective
                    && t > 0
                    && matches!(self.facts.unit(t - 1), UnitWord::Unit(_, QuantityKind::Money))
                {
                    *count += SAID;
                }
            }
        }
        // the names of one country count together
        let sum = |unit: Option<Unit>| -> u32 {
            times
                .iter()
                .zip(countries)
                .filter(|(_, country)| country.2 == unit)
                .map(|(count, _)| *count)
                .sum()
        };
        let best = countries.iter().map(|country| country.2).max_by_key(|unit| sum(*unit))?;
        let next = countries.iter().map(|country| country.2).filter(|unit| *unit != best).map(sum).max();
        (sum(best) >= CLEAR && sum(best) >= CLEAR * next.unwrap_or(0)).then_some(best)
    }
}
