//! Weekdays of a programme: the future of the first holds for those told behind it in one sentence.

use jiff::ToSpan;
use jiff::civil::Date;

use super::lexicon::TimeWord;
use super::tense::{is_past, is_report};
use super::{Finder, Match};
use crate::enriched::TimeType;

/// Tokens between two weekdays of one programme.
const FAR: usize = 40;

impl Finder<'_> {
    /// Sends a weekday that nothing places a week ahead where the weekday before it in the sentence is still to come:
    /// `يستهل البرنامج بندوة الخميس، ثم ندوة الجمعة`.
    pub(super) fn of_programme(&self, found: &mut Match, before: Option<&Match>) {
        let Some(first) = before.filter(|first| first.anchored && self.facts.language == "ar") else {
            return;
        };
        let Some(today) = self.anchor.0 else { return };
        let dated = |m: &Match| -> Option<Date> {
            let weekday = (m.from..m.to).any(|t| matches!(self.time(t), TimeWord::Weekday(_)));
            let kind = matches!(m.kind, TimeType::Date | TimeType::Time) && m.anchored;
            m.value.get(..10).filter(|_| weekday && kind).and_then(|day| day.parse().ok())
        };
        let (Some(start), Some(day)) = (dated(first), dated(found)) else { return };
        let bare = matches!(self.time(found.to.max(1) - 1), TimeWord::Weekday(_));
        if start <= today || day >= today || !bare || found.from - first.to > FAR {
            return;
        }
        // what has been, and what a clause of its own tells, is no part of the programme
        let apart = (first.to..found.from).any(|t| {
            let word = self.word(t);
            let stem = word.strip_prefix(['و', 'ف']).unwrap_or(word);
            let past = is_report(stem) || is_past(stem) || is_past(word);
            matches!(word, "." | "!" | "؟" | "؛")
                || self.facts.words.paragraph(t)
                || matches!(stem, "بعد" | "عقب" | "منذ" | "إثر" | "قبل" | "الذي" | "التي" | "كان" | "كانت")
                || past && !self.facts.definite(t) && !word.starts_with("ال")
        });
        if apart || self.facts.words.paragraph(found.from) {
            return;
        }
        // both ends of a pair of days
        let later = |part: &str| -> Option<String> {
            let day: Date = part.get(..10)?.parse().ok()?;
            Some(format!("{}{}", day.checked_add(7.days()).ok()?, part.get(10..)?))
        };
        let moved: Option<Vec<String>> = found.value.split('/').map(later).collect();
        if let Some(moved) = moved {
            found.value = moved.join("/");
        }
    }
}
