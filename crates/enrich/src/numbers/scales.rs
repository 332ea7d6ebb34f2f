//! Numbers that are a scale, parts of one, or about so many: `مليونا شخص`, `نصف مليون`, `une dizaine`.

use super::Number;
use super::words::Num;
use crate::doc::TokenKind;
use crate::facts::Facts;
use crate::quantities::units::UnitWord;

impl Facts<'_> {
    /// Whether a scale word alone from token `i` to before token `to` is two of them: مليونا شخص. As an accusative it
    /// would take no noun.
    pub(super) fn two_of_scale(&self, i: usize, to: usize) -> bool {
        to == i + 1
            && matches!(self.num(i), Num::Scale { alone: true, .. })
            && ["مليونا", "مليارا", "ألفا"].iter().any(|scale| self.words.word(i).ends_with(scale))
            && self.words.kind(to) == TokenKind::Arabic
            && self.unit(to) != UnitWord::Stop
            && self.words.doc.tokens.get(to).is_some_and(|token| token.proclitic == 0)
            && !self.words.word(to).starts_with("ال")
            && self.lead(to) == 0
            && !self.definite(to)
            && !self.words.paragraph(to)
    }

    /// Whether the number that goes on at token `at` has a scale of its own, no smaller than `scale`, and so is another
    /// one: 15 ألفا و20 ألفا.
    pub(super) fn says_scale_again(&self, at: usize, scale: f64) -> bool {
        let same = |t: usize| t < self.words.len() && !self.words.paragraph(t);
        let mut t = at;
        while scale > 0.0 && t < at + 4 && same(t) {
            match self.num(t) {
                Num::Scale { power, .. } => return power >= scale,
                Num::Dual(value) => return value / 2.0 >= scale,
                Num::Card(_) => {}
                _ if t == at && self.words.kind(t) == TokenKind::Number => {}
                _ => return false,
            }
            t += 1;
        }
        false
    }

    /// `une dizaine`, `une centaine`: so many or about.
    pub(super) fn dozens(&self, i: usize) -> Option<Number> {
        if self.language != "fr" || self.num(i) != Num::Article || self.words.paragraph(i + 1) {
            return None;
        }
        let value = match self.words.word(i + 1) {
            "dizaine" => 10.0,
            "douzaine" => 12.0,
            "quinzaine" => 15.0,
            "vingtaine" => 20.0,
            "trentaine" => 30.0,
            "quarantaine" => 40.0,
            "cinquantaine" => 50.0,
            "soixantaine" => 60.0,
            "centaine" => 100.0,
            "millier" => 1000.0,
            _ => return None,
        };
        let start = self.words.start(i);
        let (ordinal, digits, scaled) = (false, false, value >= 1000.0);
        Some(Number { value, start, from: i, to: i + 2, ordinal, digits, scaled })
    }

    /// `نصف مليون`, `ربع مليار`.
    pub(super) fn part_of_scale(&self, i: usize) -> Option<Number> {
        // half a million, un demi-million
        let link = self.language != "ar"
            && (self.num(i + 1) == Num::Article || self.words.word(i + 1) == "-" && self.words.glued(i + 2));
        let at = i + 1 + usize::from(link);
        let (Num::Part(part), Num::Scale { power, alone: true }) = (self.num(i), self.num(at)) else {
            return None;
        };
        let plain = part < 1.0 && !self.definite(i) && self.lead(at) == 0 && !self.words.paragraph(at);
        let start = self.words.start(i) + self.lead(i);
        let value = part * power;
        plain.then_some(Number {
            value,
            start,
            from: i,
            to: at + 1,
            ordinal: false,
            digits: false,
            scaled: true,
        })
    }
}
