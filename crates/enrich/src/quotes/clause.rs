//! Subjects that another verb of the sentence brings, before what is said or behind it: كان السفير قد قال, أصدرت الحركة
//! بيانا أكدت فيه, "…"، هذا ما قاله X.

use super::Finder;
use super::cues::{self, Cue};
use super::floor::State;
use super::speaker::Attribution;
use super::subject::Subject;
use super::subordinate::RELATIVE;
use super::topic::LEAD;
use super::verbs::{self, List, one_of};

/// Verbs of publishing something that is quoted afterwards.
const PUBLISH: List<'_> = List::of(
    "نشر نشرت ينشر تنشر أصدر أصدرت أطلق أطلقت وجه وجهت بعث بعثت أرسل أرسلت وزع وزعت أذاع أذاعت بث بثت ألقى ألقت عمم عممت",
);

/// How many tokens a clause that only says whose a quote was may have.
const TAIL: usize = 24;
/// Verbs that look like a noun with the article.
const MET: List<'_> = List::of(
    "التقى التقت التقوا التقيا التحق التحقت التزم التزمت التمس التمست التفت التفتت التقط التقطت التهم التهمت التف التفت",
);
/// Those whom a person has.
const KIN: List<'_> = List::of(
    "والده والدها والدته والدتها والدهم زوجته زوجها شقيقه شقيقها شقيقته شقيقتها ابنه ابنها ابنته ابنتها محاميه محاميها صديقه \
     صديقها صديقته صديقتها جاره جارها جارته",
);

impl Finder<'_> {
    /// The subject of the verb at token `i` where it stands behind كان, or with a title, at the
    /// head of the sentence: وكان السفير قد قال.
    pub(super) fn behind_was(
        &self,
        i: usize,
        sentence: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let was = (sentence..i.min(sentence + 3))
            .find(|&t| matches!(self.words.word(t), "كان" | "كانت" | "وكان" | "وكانت" | "فكان" | "فكانت"));
        // المستشار في الديوان قال, لكن السلطات تقول
        let lead = (sentence..i.min(sentence + 3)).find(|&t| !one_of(&LEAD, self.words.word(t)));
        let first = lead.unwrap_or(sentence);
        let titled = || {
            let noun = self.cues[sentence] == Cue::Office && first == sentence || self.is_subject_noun(first);
            first.checked_sub(1).filter(|_| noun)
        };
        let was = was.or_else(titled)?;
        if !self.verb_first || i > was + 16 || i < was + 2 {
            return None;
        }
        let plain = verbs::bare(self.words.word(i)) == self.words.word(i);
        let kin = i == was + 2 && one_of(&KIN, self.words.word(was + 1));
        if plain && kin {
            // والده قال
            return Some(by.spoken(self.words.start(was + 1)..self.words.end(was + 1), 0.6));
        }
        let clause = (was + 1..i).any(|t| {
            matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle)
                || matches!(self.words.word(t), "،" | ",")
        });
        if !plain || clause {
            return None;
        }
        // وكانت أوساط مقربة من X قد قالت
        let had = || {
            let had = i > was + 2
                && matches!(self.words.word(i - 1), "قد" | "لقد")
                && self.words.word(was).contains("كان");
            let noun = self.noun_behind(was, i).filter(|_| had)?;
            Some(by.spoken(self.noun_phrase(noun, i - 1)?, 0.6))
        };
        self.subject_of(was, i, by, state).or_else(had)
    }

    /// Whether a noun at token `t`, which begins its sentence, can only be the subject of the verb behind it: السلطات.
    fn is_subject_noun(&self, t: usize) -> bool {
        let word = self.words.word(t);
        let kind = matches!(self.cues[t], Cue::None | Cue::Source | Cue::Office);
        let relative = one_of(&RELATIVE, verbs::bare(word));
        kind && cues::definite(self.words, t)
            && !relative
            && !one_of(&MET, verbs::bare(word))
            && !self.is_time(t)
            || one_of(&KIN, verbs::bare(word))
    }

    /// Who published the document that the verb at token `i` tells of: `أصدرت X بيانا، أكدت فيه`.
    pub(super) fn publisher(
        &self,
        i: usize,
        sentence: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let published = (sentence..i)
            .take(20)
            .find(|&t| self.verb_first && one_of(&PUBLISH, verbs::bare(self.words.word(t))))?;
        if let Some(speaker) = self.right_before(published, sentence) {
            // صحيفة X نشرت تقريرا كشفت فيه
            return Some(by.named(speaker, 0.7));
        }
        let document = (published + 2..i).take(30).find(|&t| {
            let word = self.words.word(t);
            let word = word.strip_suffix("ًا").or(word.strip_suffix('ا')).unwrap_or(word);
            one_of(&cues::DOCUMENTS, word.strip_prefix("ال").unwrap_or(word))
        })?;
        let subject = self.subject_of(published, document, by, state)?;
        Some(Attribution { confidence: subject.confidence * 0.85, base: subject.base * 0.9, ..subject })
    }

    /// Who speaks by a cue behind the quote that ends before token `to`: `", said X`.
    pub(super) fn after(&self, to: usize, last: Option<&Attribution>) -> Option<Attribution> {
        let cue = self.after_cue(to)?;
        // بحسب ما قاله X
        let i = if self.verb_first && self.cues[cue] == Cue::According && self.is_clause(cue + 1) {
            cue + 2
        } else {
            cue
        };
        let by = Attribution { cue: Some(self.cue_range(i)), ..Attribution::default() };
        let end = self.subject_end(i);
        if !self.verb_first {
            return self.western_after(i, to, &by, last);
        }
        if self.cues[i] != Cue::Say
            && let Some(speaker) = self.nearest_before(i, to)
        {
            return Some(by.named(speaker, 0.9));
        }
        match self.subject_behind(i, end) {
            Some(Subject::Named(speaker, confidence)) => return Some(by.named(speaker, confidence)),
            Some(Subject::Words(text, confidence)) => return Some(by.spoken(text, confidence)),
            None => {}
        }
        let head = self.noun_behind(i, end);
        if let Some(speaker) = head.and_then(|head| self.named_before(head, None)) {
            return Some(by.named(speaker, 0.7));
        }
        // وفقا لعلماء: a source needs no article
        let text = self.nominal(i, end, self.cues[i] == Cue::According)?;
        Some(by.spoken(text, 0.6))
    }

    /// Whether the verb at token `cue`, behind a quote that ends before token `to`, only says whose it was: `"…"، كما قال X.`;
    /// not: `"…"، كما نفى X أن`, which tells of something else.
    pub(super) fn looks_back(&self, cue: usize, to: usize) -> bool {
        const SAID: List<'_> = List::of("قال قالت قالوا يقول تقول ذكر ذكرت وصفه وصفها وصفته وصفتها");
        let end = (cue + 1..self.words.len().min(cue + TAIL))
            .find(|&t| self.words.paragraph(t) || self.sentence_ends(t));
        let more = |t: usize| {
            matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle) || self.words.word(t) == ":"
        };
        self.verb_first
            && cue > to
            && self.cues[cue] == Cue::Say
            && self.words.word(cue - 1) == "كما"
            && one_of(&SAID, self.words.word(cue))
            && end.is_some_and(|end| !(cue + 1..end).any(more))
    }

    /// The cue that follows the quote ending before token `to`, within its clause.
    pub(super) fn after_cue(&self, to: usize) -> Option<usize> {
        let mut commas = 0;
        for t in to..(to + 10).min(self.words.len()) {
            if self.words.paragraph(t) || self.sentence_ends(t) || self.cues[t] == Cue::That {
                return None;
            }
            let word = self.words.word(t);
            if matches!(word, "،" | "," | "—" | "–" | "-")
                && !(self.words.glued(t) && self.words.glued(t + 1))
            {
                commas += 1;
                if commas > 2 || (t > to && self.verb_first) {
                    return None;
                }
            }
            // in Arabic a verb with و begins the next sentence, it does not look back
            let and = verbs::bare(word) != word && word.starts_with('و');
            if self.verb_first && self.cues[t] == Cue::Say && and {
                return None;
            }
            // "…"، هذا ما قاله X
            let of_it = word.ends_with('ه') || self.words.word(t + 1) == "به";
            let what = t == to + 3 && self.words.word(t - 1) == "ما" && of_it;
            let begins = and && self.cues[t] != Cue::According;
            let near = t <= to + if self.cues[t] == Cue::According { 4 } else { 2 };
            let looks_back = !self.verb_first || (near && !begins) || what;
            if matches!(self.cues[t], Cue::Say | Cue::According) && looks_back {
                // "… ", he said: "…" brings the next quote all the same
                return Some(t);
            }
        }
        None
    }
}
