//! Speech, a title, a name, or only a word held at arm's length?

use super::cues::Cue;
use super::marks::Pair;
use super::{Finder, Speaker};
use crate::doc::TokenKind;
use crate::enriched::QuotedKind;

/// What a pair of marks holds.
pub(super) enum Verdict {
    /// Markup or nothing worth listing.
    Nothing,
    /// Quoted, not said.
    Quoted(QuotedKind),
    /// Said; how sure, 0 to 1.
    Speech(f64),
}

/// Words in a quoted string from which it is taken for speech: right behind a cue, in a sentence
/// with a cue, and with no cue at all.
const ENOUGH: [usize; 3] = [2, 2, 5];

impl Finder<'_> {
    /// Judges the pair from token `from` to before token `to`.
    pub(super) fn judge(&self, pair: &Pair, from: usize, to: usize, cued: bool) -> Verdict {
        let inside = self.words.text.get(pair.inner.clone()).unwrap_or("");
        let words = (from..to).filter(|&t| self.words.is_word(t)).count();
        let attribute = self.words.text.get(..pair.outer.start).is_some_and(|text| text.ends_with('='));
        if words == 0 || attribute || inside.contains("://") || inside.contains('\u{FFFC}') {
            return Verdict::Nothing;
        }
        let direct = from > 0 && self.introduces(from - 1);
        if let Some(kind) = self.label(pair, from, to, words) {
            return Verdict::Quoted(kind);
        }
        let first_word = (from..to).find(|&t| self.words.is_word(t));
        let predicate = first_word.is_some_and(|t| self.begins_predicate(t));
        let evaluated = self.is_evaluation(pair, from, words);
        // "X" تعلن: a few words right before a verb are its subject; "غير جائز" بحسب X is said
        let followed = self.after_cue(to).is_some_and(|t| {
            !self.verb_first || words > 3 || t > to || predicate && self.cues[t] == Cue::According
        });
        if let Some(verdict) = self.subject_in_marks(pair, from, to, words) {
            return verdict;
        }
        // a full stop ends a sentence, not a name
        let sentence = words > 2 && cued && inside.ends_with(['.', '!', '?', '؟']);
        if (!direct || self.title_before(from))
            && !sentence
            && !evaluated
            && !(predicate
                && cued
                && self.cues[from.saturating_sub(1)] == Cue::Name
                && super::cues::definite(self.words, from - 1))
            && let Some(kind) = self.named(from, words)
        {
            return Verdict::Quoted(kind);
        }
        let colon = from > 0 && self.words.word(from - 1) == ":";
        // what begins with the end of a sentence stands between two quotes
        let between = inside.starts_with(['.', '،', ',', '؛']) && !inside.starts_with("...");
        // a label, not a speaker, stands before the colon: رابط الخبر: «…»
        let named = || self.before_colon(from, from.saturating_sub(8)).filter(|&s| self.speakers[s].person);
        let lists = from.checked_sub(2).map_or("", |t| self.words.word(t));
        let list = colon && matches!(lists, "هي" | "وهي" | "هم" | "وهم" | "وهما" | "التالية" | "الآتية");
        let label = list || colon && !cued && !followed && words < 4 && self.verb_first && named().is_none();
        // a thing of which a relative clause tells more: "مجموعة العمل"، التي
        let told = to + usize::from(matches!(self.words.word(to), "،" | ","));
        let thing = words <= 3 && !colon && matches!(self.words.word(told), "الذي" | "التي" | "الذين");
        let first = first_word.map(|t| self.cues[t]);
        let noun = !direct
            && !followed
            && self.verb_first
            && words <= 6
            && matches!(first, Some(Cue::Title | Cue::Name));
        if between && !direct || label || thing || noun {
            return Verdict::Quoted(self.kind_of(pair, words));
        }
        let enough = match (direct || followed, cued) {
            (true, _) if colon || followed && !self.verb_first => 1,
            (true, _) => ENOUGH[0],
            (false, true) => ENOUGH[1],
            (false, false) => ENOUGH[2],
        };
        // two words in a sentence with a cue are said only where they are no name
        let exclaimed = cued && !self.verb_first && self.is_exclaimed(pair);
        let name = !direct && self.is_mention(pair);
        let short =
            !exclaimed && !evaluated && (name || !direct && !followed && words == 2 && self.names_two(pair));
        if short || words < enough || (!pair.closed && !direct && words < 12) {
            return Verdict::Quoted(self.kind_of(pair, words));
        }
        let sure = match (direct, followed, cued) {
            (true, _, _) => 1.0,
            (_, true, _) => 0.95,
            (_, _, true) => 0.85,
            _ => 0.6,
        };
        // few words may be a name all the same
        let few = if words <= 3 && !colon { 0.82 } else { 1.0 };
        // who asks is not who answers
        let asked = from > 0 && self.words.word(from - 1).contains("سؤال");
        Verdict::Speech(if asked { 0.5 } else { sure * few })
    }

    /// Whether token `t`, right before a mark, brings speech.
    pub(super) fn introduces(&self, t: usize) -> bool {
        match self.cues.get(t) {
            Some(Cue::That | Cue::Say | Cue::Participle) => true,
            _ if matches!(self.words.word(t), ":" | "：") => !self.title_before(t),
            _ if matches!(self.words.word(t), "," | "،") => {
                t > 0 && matches!(self.cues.get(t - 1), Some(Cue::Say | Cue::Participle))
            }
            _ => false,
        }
    }

    fn title_before(&self, t: usize) -> bool {
        t > 0 && self.cues.get(t - 1) == Some(&Cue::Title)
    }

    /// Whether the words right before the mark at token `from` announce a title or a name.
    fn named(&self, from: usize, words: usize) -> Option<QuotedKind> {
        let mut back = from;
        for step in 0..5 {
            back = back.checked_sub(1)?;
            let word = self.words.word(back);
            if self.words.kind(back) == TokenKind::Punct && !matches!(word, ":" | "ـ" | "(" | "-") {
                return None;
            }
            // قال لـ"…": who is spoken to
            if step == 0 && self.verb_first && words <= 4 && word.trim_end_matches('ـ') == "ل" {
                return Some(QuotedKind::Name);
            }
            // وبحسب صحيفة الشمال فإن "…", في مدينة X عن "…": the noun has its name
            if matches!(word, "فإن" | "فان" | "فقد") && !self.is_in_name(back)
                || self.verb_first && self.has_name(back, from) && words > 3
            {
                return None;
            }
            // أن المجموعة "…": the noun is the subject of what is said, not its name
            let subject = back > 0 && self.cues[back - 1] == Cue::That && words > 3;
            // عبارات مثل "…"
            if step == 0 && self.verb_first && words <= 5 && word == "مثل" {
                return Some(QuotedKind::Name);
            }
            match self.cues[back] {
                Cue::Title | Cue::Name if subject => return None,
                // قال للتلفزيون المكسيكي "…": who is spoken to
                Cue::Title | Cue::Name if step > 0 && self.verb_first && word.starts_with('ل') => {
                    return None;
                }
                // حسبما أكدت مصادر "…"
                Cue::Source if step == 0 && words <= 3 && word == "مصادر" => {
                    return Some(QuotedKind::Name);
                }
                // رئيس "مجموعة العمل"
                Cue::Office if step == 0 && words <= 4 => return Some(QuotedKind::Name),
                Cue::Title if words <= 14 && step < 2 => return Some(QuotedKind::Title),
                Cue::Title if words <= 4 => return Some(QuotedKind::Title),
                Cue::Name if words <= if step == 0 { 7 } else { 4 } => return Some(QuotedKind::Name),
                Cue::Say | Cue::Participle | Cue::That | Cue::According => return None,
                // what stands behind a preposition does not name what is in the marks
                Cue::Preposition if step > 0 => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether token `t` belongs to the name of a person, or to one with which more stands before token `to`.
    fn has_name(&self, t: usize, to: usize) -> bool {
        let index = self.speakers.partition_point(|s| s.range.end <= self.words.start(t));
        let apart = |end: usize| end <= self.words.start(to.saturating_sub(1));
        let holds = |s: &Speaker<'_>| s.range.start < self.words.end(t) && (s.person || apart(s.range.end));
        self.speakers.get(index).is_some_and(holds)
    }

    /// A quoted name where a cue has its subject: `قالت "منصة …" إن`, `بحسب "…"`.
    fn subject_in_marks(&self, pair: &Pair, from: usize, to: usize, words: usize) -> Option<Verdict> {
        let before = *self.cues.get(from.checked_sub(1)?)?;
        let name = Some(Verdict::Quoted(QuotedKind::Name));
        let verb =
            (from.saturating_sub(4)..from).rev().take_while(|&t| t + 1 == from || self.words.is_word(t));
        if self.name_in_marks(from).is_some() && verb.into_iter().any(|t| self.cues[t] == Cue::Say) {
            return name;
        }
        if before == Cue::According {
            return name;
        }
        if before != Cue::Say || words > 8 {
            return None;
        }
        let mut clause = (to..to + 8).take_while(|&t| !self.stops(t) && self.cues.get(t) != Some(&Cue::Say));
        let that = clause.any(|t| self.cues.get(t) == Some(&Cue::That));
        let noun = (from..to)
            .find(|&t| self.words.is_word(t))
            .is_some_and(|t| matches!(self.cues[t], Cue::Name | Cue::Source));
        (self.is_mention(pair) || noun || that && self.verb_first).then_some(name).flatten()
    }

    /// Whether what is inside the marks is a mention, whole.
    pub(super) fn is_mention(&self, pair: &Pair) -> bool {
        let at = self.speakers.partition_point(|s| s.range.end <= pair.inner.start);
        self.speakers.get(at).is_some_and(|speaker| fills(speaker, pair))
    }

    /// Whether a mention fills the marks that it stands in.
    pub(super) fn is_name_in_marks(&self, speaker: &Speaker<'_>) -> bool {
        self.pair_around(speaker.range.start).is_some_and(|pair| fills(speaker, pair))
    }

    /// Whether two words look like a name: definite, or capital.
    fn names_two(&self, pair: &Pair) -> bool {
        let inside = self.words.text.get(pair.inner.clone()).unwrap_or("");
        inside.starts_with("ال") || inside.starts_with(char::is_uppercase) || inside.starts_with('#')
    }

    /// The kind of a quoted string that is no speech.
    fn kind_of(&self, pair: &Pair, words: usize) -> QuotedKind {
        let names = self.is_mention(pair);
        let inside = self.words.text.get(pair.inner.clone()).unwrap_or("");
        let capital = inside.chars().next().is_some_and(char::is_uppercase);
        if names || capital {
            QuotedKind::Name
        } else if words == 1 {
            QuotedKind::Scare
        } else {
            QuotedKind::Term
        }
    }
}

/// Whether a mention is all that stands in the marks, but for a letter or two.
fn fills(speaker: &Speaker<'_>, pair: &Pair) -> bool {
    speaker.range.start <= pair.inner.start + 4 && speaker.range.end + 2 >= pair.inner.end
}
