//! Results of games: `4-2`, `3-صفر`, `2 / 1`, `ستة أهداف مقابل هدفين`, `بهدف نظيف`.

use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};

/// Goals that a side can have.
const MOST: f64 = 200.0;
/// Goals that a side has at the very most, of handball, which Arabic papers tell of; more are points.
const GOALS: f64 = 45.0;
/// The same where rugby, American football and basketball are told of, unless it is handball.
const WESTERN_GOALS: f64 = 15.0;
/// Tokens before and behind a bare pair of numbers in which sport must be spoken of.
const NEAR: usize = 12;

impl Finder<'_> {
    /// The score that begins at token `i`.
    pub(super) fn score(&self, i: usize) -> Option<Found> {
        self.in_goals(i).or_else(|| self.in_a_word(i)).or_else(|| self.pair(i))
    }

    /// `ستة أهداف مقابل هدفين`, `هدفين مقابل هدف وحيد`, `هدف نظيف`, `ثلاثة أهداف دون رد`.
    fn in_goals(&self, i: usize) -> Option<Found> {
        let (start, value, to, said) = self.goals(i)?;
        let words = self.words();
        if !said || !self.same(to) && !self.lone_goal(i, to) {
            return None;
        }
        if words.word(to) == "مقابل"
            && self.same(to + 1)
            && let Some((_, against, end, _)) = self.goals(to + 1)
        {
            return Some(self.result(start, end, value, against));
        }
        // ثلاثة أهداف لهدف, هدفين لواحد
        if words.word(to).starts_with('ل')
            && let Some((_, against, end, goals)) = self.goals(to)
            && (goals || matches!(words.word(to), "لواحد" | "لاثنين" | "لصفر"))
        {
            return Some(self.result(start, end, value, against));
        }
        // بهدفين لمثلهما
        if matches!(words.word(to), "لمثله" | "لمثلها" | "لمثلهما" | "لمثلهم") {
            return Some(self.result(start, to + 1, value, value));
        }
        if self.lone_goal(i, to) {
            return Some(self.result(start, to, 1.0, 0.0));
        }
        self.nothing(to).map(|end| self.result(start, end, value, 0.0))
    }

    /// Whether `بهدف وحيد` from token `i` to before token `to` is how a game ended, and no purpose.
    fn lone_goal(&self, i: usize, to: usize) -> bool {
        const ENDED: [&str; 12] =
            ["فوز", "فاز", "كسب", "تغلب", "خسر", "خسار", "هزم", "هزيم", "تفوق", "انتصر", "أسقط", "تخط"];
        let words = self.words();
        let lone = words.word(i) == "بهدف" && to == i + 2 && matches!(words.word(i + 1), "وحيد");
        let purpose = matches!(words.word(to), "هو" | "وهو" | "هي" | "وهي" | "يتمثل")
            || words.word(to).starts_with("لل");
        lone && !purpose
            && (i.saturating_sub(NEAR)..i).any(|t| {
                let word = words.word(t);
                let stem = word.trim_start_matches(['و', 'ف', 'ب', 'ل']).trim_start_matches("ال");
                ENDED.iter().any(|verb| stem.starts_with(verb) || word.starts_with(verb))
            })
    }

    /// The token behind what says that the other side has no goal: نظيف, دون رد, مقابل لا شيء.
    fn nothing(&self, t: usize) -> Option<usize> {
        let words = self.words();
        let next = if self.same(t + 1) { words.word(t + 1) } else { "" };
        match words.word(t) {
            "نظيف" | "نظيفة" | "نظيفين" => Some(t + 1),
            "دون" | "بدون" | "بلا" if matches!(next, "رد" | "مقابل") => Some(t + 2),
            "من" if next == "دون" && words.word(t + 2) == "رد" && self.same(t + 2) => Some(t + 3),
            "للاشيء" | "لاشيء" => Some(t + 1),
            "مقابل" if matches!(next, "لاشيء" | "اللاشيء") => Some(t + 2),
            "مقابل" if next == "لا" && words.word(t + 2) == "شيء" && self.same(t + 2) => {
                Some(t + 3)
            }
            _ => None,
        }
    }

    /// `بخماسية نظيفة`, `ثلاثية مقابل هدف`.
    fn in_a_word(&self, i: usize) -> Option<Found> {
        const WORDS: [(&str, f64); 6] = [
            ("ثنائية", 2.0),
            ("ثلاثية", 3.0),
            ("رباعية", 4.0),
            ("خماسية", 5.0),
            ("سداسية", 6.0),
            ("سباعية", 7.0),
        ];
        let words = self.words();
        let word = words.word(i);
        let stem = word.strip_prefix(['ب', 'ل']).unwrap_or(word);
        let value = WORDS.iter().find(|(name, _)| *name == stem)?.1;
        if !self.same(i + 1) {
            return None;
        }
        let start = words.end(i) - stem.len();
        if let Some(end) = self.nothing(i + 1) {
            return Some(self.result(start, end, value, 0.0));
        }
        if words.word(i + 1) != "مقابل" || !self.same(i + 2) {
            return None;
        }
        let (_, against, end, _) = self.goals(i + 2)?;
        Some(self.result(start, end, value, against))
    }

    /// A number of goals at token `t`: its first byte, the number, the token behind it, and whether it names goals.
    fn goals(&self, t: usize) -> Option<(usize, f64, usize, bool)> {
        let words = self.words();
        let start = words.start(t) + self.facts.lead(t);
        let stem = |t: usize| {
            let word = words.word(t);
            word.strip_prefix('ب').or_else(|| word.strip_prefix('ل')).unwrap_or(word)
        };
        let begin = |t: usize| words.end(t) - stem(t).len();
        match stem(t) {
            "هدف" | "هدفا" => {
                let one =
                    matches!(words.word(t + 1), "وحيد" | "واحد" | "وحيدا" | "واحدا") && self.same(t + 1);
                return Some((begin(t), 1.0, t + 1 + usize::from(one), true));
            }
            "هدفين" | "هدفان" => return Some((begin(t), 2.0, t + 1, true)),
            "صفر" => return Some((begin(t), 0.0, t + 1, false)),
            _ => {}
        }
        let number = self.facts.number(t).filter(|n| !n.ordinal && !n.scaled && n.value <= MOST)?;
        let goals =
            self.same(number.to) && matches!(words.word(number.to), "أهداف" | "اهداف" | "هدف" | "هدفا");
        Some((start, number.value, number.to + usize::from(goals), goals))
    }

    /// `4-2`, `3-صفر`, `صفر-1`, `2 / 1`, where the text speaks of games.
    fn pair(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let nil = words.word(i) == "صفر";
        if !nil && (words.kind(i) != TokenKind::Number || words.word(i).len() > 3) {
            return None;
        }
        let dash = |t: usize| matches!(words.word(t), "-" | "–" | "/" | "ـ");
        if i > 0 && words.glued(i) && dash(i - 1) || !dash(i + 1) || !self.same(i + 2) {
            return None;
        }
        let plain =
            |t: usize| (words.word(t).len() <= 3).then(|| words.word(t).parse::<f64>().ok()).flatten();
        let value = if nil { 0.0 } else { plain(i)? };
        let against = match words.word(i + 2) {
            "صفر" => 0.0,
            _ if words.kind(i + 2) == TokenKind::Number => plain(i + 2)?,
            _ => return None,
        };
        let goes_on = words.glued(i + 3) && dash(i + 3);
        let unit = self.facts.counts(i + 3) && self.same(i + 3);
        if goes_on
            || unit
            || value.max(against) > 60.0 && (value.max(against) > MOST || value.min(against) < 40.0)
            || !self.speaks_of_games(i)
        {
            return None;
        }
        Some(self.points(i, value, against))
    }

    /// Two numbers with a mark between them from token `i` on. Goals, unless a side has more of them than any team
    /// scores, which are points, or the text speaks of tennis, whose games the vocabulary of units lacks.
    pub(super) fn points(&self, i: usize, value: f64, against: f64) -> Found {
        const SETS: [&str; 4] = ["تنس", "التنس", "للتنس", "tennis"];
        let words = self.words();
        let near = (i.saturating_sub(NEAR)..(i + NEAR).min(words.len()))
            .any(|t| SETS.contains(&words.word(t)) || words.word(t).starts_with("теннис"));
        // 5-7 و6-2 و6-2: more than one result, each of which a set can end with
        let set = |t: usize| {
            let games = |t: usize| words.word(t).parse::<u32>().ok().filter(|_| words.word(t).len() == 1);
            let most = games(t).zip(games(t + 2)).map(|(one, other)| one.max(other));
            words.word(t + 1) == "-" && matches!(most, Some(6 | 7))
        };
        let next = usize::from(matches!(words.word(i + 3), "و" | "،" | ",")) + i + 3;
        let many = set(i) && (set(next) || i > 3 && (set(i - 3) || set(i - 4)));
        let handball = |t: usize| {
            ["handball", "гандбол"].iter().any(|ball| words.word(t).to_lowercase().starts_with(ball))
        };
        let goals = if self.facts.language == "ar"
            || (i.saturating_sub(NEAR)..(i + NEAR).min(words.len())).any(handball)
        {
            GOALS
        } else {
            WESTERN_GOALS
        };
        let unit = match value.max(against) {
            most if most > goals => Some(Unit::Point),
            _ if near || many => None,
            _ => Some(Unit::Goal),
        };
        let found = self.found(words.start(i), i + 3, value, unit, QuantityKind::Score);
        Found { against: Some(against), ..found }
    }

    /// Whether a word near token `i`, in its paragraph, belongs to games.
    pub(super) fn speaks_of_games(&self, i: usize) -> bool {
        let words = self.words();
        let mut from = i;
        while from > 0 && i - from < NEAR && self.same(from) {
            from -= 1;
        }
        let to = (i + NEAR).min(words.len());
        (from..to).filter(|t| *t <= i || self.same(*t)).any(|t| {
            let word = words.word(t);
            const STARTS: [&str; 22] = [
                "فوز",
                "فاز",
                "هزيم",
                "خسر",
                "خسار",
                "تعادل",
                "تغلب",
                "تفوق",
                "انتصر",
                "مبارا",
                "هدف",
                "نتيج",
                "اهداف",
                "أهداف",
                "ذهاب",
                "إياب",
                "اياب",
                "نهائي",
                "فريق",
                "منتخب",
                "دوري",
                "شوط",
            ];
            const LATIN: [&str; 30] = [
                "outscor",
                "halftime",
                "overtime",
                "inning",
                "touchdown",
                "win",
                "won",
                "beat",
                "victory",
                "defeat",
                "lost",
                "draw",
                "drew",
                "match",
                "goal",
                "score",
                "final",
                "victoire",
                "match",
                "победа",
                "победил",
                "счет",
                "матч",
                "обыгра",
                "разгром",
                "ничь",
                "s'impos",
                "battu",
                "gagn",
                "mené",
            ];
            let stem = word.trim_start_matches(['و', 'ف', 'ب', 'ل']);
            let stem = stem.strip_prefix("ال").unwrap_or(stem);
            // وفاز: ف is its own
            let and = word.strip_prefix('و').unwrap_or(word);
            let folded = word.to_lowercase();
            STARTS
                .iter()
                .any(|start| word.starts_with(start) || and.starts_with(start) || stem.starts_with(start))
                || LATIN.iter().any(|start| folded.starts_with(start))
        })
    }

    fn result(&self, start: usize, to: usize, value: f64, against: f64) -> Found {
        let found = self.found(start, to, value, Some(Unit::Goal), QuantityKind::Score);
        Found { against: Some(against), ..found }
    }
}
