//! Whose words a cue brings.

use super::Finder;
pub(super) use super::attribution::Attribution;
use super::cues::{self, Cue};
use super::epithets::ORGANISATIONS;
use super::floor::State;
use super::subject::Subject;
use super::verbs::{self, Agreement, List, one_of};

/// Verbs that carry on with what the last speaker says.
pub(super) const GOES_ON: List<'_> = List::of(
    "أضاف أضافت أضافوا يضيف تضيف تابع تابعت تابعوا يتابع أردف أردفت يردف استطرد استطردت مضى واصل زاد ختم اختتم اختتمت \
    استدرك استدركت",
);
/// Definite nouns that are nobody's title.
pub(super) const THINGS: List<'_> = List::of(
    "جيش بيان مجلس تقرير حزب نادي مركز بنك مصرف برلمان قضاء تحالف اتحاد ائتلاف وفد فريق موقع حساب نص مرصد مكتب كرملين \
    بنتاغون ادعاء قانون دفاع أمن تنظيم تيار شرطة دراسة لجنة محكمة نيابة كنيسة عائلة أسرة صحيفة حركة جماعة هيئة منظمة شركة وزارة حكومة إدارة \
    خارجية داخلية رئاسة وكالة سفارة سلطات قوات مفوضية قناة شبكة مجموعة مؤسسة جمعية نقابة بعثة مذكرة رسالة وثيقة معارضة",
);

impl Finder<'_> {
    /// Who speaks by the cue at token `i`.
    pub(super) fn attribute(&self, i: usize, state: &State) -> Attribution {
        let word = self.words.word(i);
        let to = self.subject_end(i);
        // نقلت الوكالة عن X: the verb agrees with the agency
        let plain = self.verb_first && self.cues[i] != Cue::According && self.source_word(i, to).is_none();
        let agreement = if plain { verbs::agreement(word) } else { self.western_agreement(i) };
        let by = Attribution { cue: Some(self.cue_range(i)), agreement, ..Attribution::default() };
        let found = |speaker, confidence| by.named(speaker, confidence);
        let carry = |from: &Attribution, worth: f64| Attribution {
            cue: by.cue.clone(),
            confidence: from.confidence * worth,
            ..from.clone()
        };
        if self.verb_first && matches!(verbs::bare(word), "قلت" | "قلنا" | "أقول") {
            // whoever wrote the text
            let writer = self.writer().map(|speaker| found(speaker, 0.6));
            return writer.unwrap_or(Attribution { confidence: 0.4, ..by });
        }
        if let Some((speaker, read_by)) = self.on_behalf(state.sentence, i) {
            return Attribution { read_by, ..found(speaker, 0.75) };
        }
        let current = state.current.as_ref().filter(|a| a.known());
        if self.cues[i] == Cue::Participle {
            // the participle's subject is the clause's; قوله may follow its owner
            // قال X … وأمر الرئيس Y بكذا، متحدثا: a man
            let other = || self.person_of(i, state, agreement).filter(|_| self.verb_first);
            if let Some(current) = current {
                let same = agreement.with(current.agreement);
                if !same && let Some(speaker) = other() {
                    return found(speaker, 0.65);
                }
                let by = carry(current, if same { 0.97 } else { 0.85 });
                // نقلت عن X قوله: a man
                let known = by.agreement != Agreement::Unknown;
                return Attribution { agreement: if known { by.agreement } else { agreement }, ..by };
            }
            let person = self.person_before(i, state.sentence);
            let plain = !matches!(person, Some((_, true)));
            if let Some(subject) = self.subject_of_clause(i, state, &by).filter(|by| plain || by.head) {
                return subject;
            }
            // ووجه الشكر إلى X قائلا: whoever spoke goes on
            if let Some(last) =
                plain.then(|| self.resume(i, state, agreement)).flatten().filter(|_| person.is_some())
            {
                return Attribution { cue: by.cue, confidence: last.confidence * 0.92, ..last };
            }
            if let Some((speaker, subject)) = person {
                return found(speaker, if subject { 0.8 } else { 0.5 });
            }
        }
        // قال X إنه يؤيد القرار: the pronoun is the subject, what stands behind the verb is its object
        let before = i.checked_sub(1).map_or("", |t| self.words.word(t));
        if let Some(current) =
            current.filter(|_| self.cues[i] == Cue::Say && self.verb_first && verbs::is_that_he(before))
        {
            return carry(current, if agreement.with(current.agreement) { 0.95 } else { 0.7 });
        }
        let pronoun = self.cues[i] == Cue::Say && self.verb_first && verbs::is_that_he(before);
        if pronoun && verbs::has_object(word) && self.person_before(i, state.sentence).is_none() {
            // رغم أنه وصف الأجواء: he who spoke before
            if let Some(last) = self.resume(i, state, agreement) {
                return Attribution { cue: by.cue, confidence: last.confidence * 0.92, ..last };
            }
        }
        if !self.verb_first
            && let Some(western) = self.western_before(i, state, &by)
        {
            return western;
        }
        // وعن X قال: somebody else speaks about X
        let aside = self.begins_aside(state.sentence, state.last().is_some());
        // وجه كلمة لجمهور الفريق قال فيها: not the team
        let in_it =
            self.verb_first && (i + 1..i + 3).any(|t| one_of(&super::topic::IN_IT, self.words.word(t)));
        let svo = self.right_before(i, state.sentence).filter(|&s| {
            self.verb_first && !aside && (self.cues[i] == Cue::Say && !in_it || self.speakers[s].person)
        });
        if let Some(speaker) = svo.filter(|_| verbs::has_object(word) || matches!(before, "قد" | "لقد"))
        {
            // X اتهم Y, X قد حض Y: what stands behind the verb is its object
            return found(speaker, 0.85);
        }
        let latter = self.verb_first && matches!(before, "الأخير" | "الأخيرة");
        if latter && let Some(speaker) = self.last_person(i) {
            return found(speaker, 0.7);
        }
        // X قال لنظيره Y: to whom follows, who stands before
        let to_whom = self.is_prepositional(i + 1) && self.cues[i] == Cue::Say;
        if let Some(speaker) = svo.filter(|&s| to_whom && self.speakers[s].person) {
            return found(speaker, 0.88);
        }
        // قال في مؤتمر مع X: whoever began the sentence speaks
        let turns =
            self.verb_first && self.cues[i] == Cue::Say && self.cues.get(i + 1) == Some(&Cue::Preposition);
        if turns
            && !aside
            && let Some((speaker, true)) = self.person_before(i, state.sentence).filter(|_| current.is_none())
        {
            return found(speaker, 0.7);
        }
        // نقلت عنه الوكالة: whoever is spoken of already
        let of_him = self.verb_first
            && self.cues[i] == Cue::Say
            && (i + 1..to.min(i + 6)).any(|t| matches!(self.words.word(t), "عنه" | "عنها"));
        if let Some(last) = of_him.then(|| self.resume(i, state, Agreement::Unknown)).flatten() {
            return Attribution { cue: by.cue, confidence: last.confidence * 0.9, ..last };
        }
        if let Some(apart) = self.set_apart(i, state.sentence, &by) {
            return apart;
        }
        if let Some(turn) = self.before_turn(i, state, &by) {
            return turn;
        }
        if let Some(speaker) = self.speaker_in_document(i) {
            return found(speaker, 0.75);
        }
        if let Some(subject) = self.with_object(i, &by) {
            return subject;
        }
        if !latter && let Some(subject) = self.subject_of(i, to, &by, state) {
            return subject;
        }
        // قال X إنه التقى Y، الذي …، وأضاف: X goes on
        let next = current.is_some() && verbs::bare(word) != word;
        if let Some(speaker) = self.owner_of_clause(i).filter(|_| !next) {
            return found(speaker, 0.75);
        }
        if let Some(speaker) = svo {
            return found(speaker, 0.85);
        }
        if let Some(subject) = self.office_before(i, &by) {
            return subject;
        }
        if let Some(subject) = self.antecedent(i, &by).filter(|_| current.is_none()) {
            return subject;
        }
        if let Some(subject) = self.behind_was(i, state.sentence, &by, state).filter(|_| !aside) {
            return subject;
        }
        let source = || self.source_behind_that(i, state.sentence).or_else(|| self.several_before(i));
        if let Some(text) = self.source_before(i, state.sentence).or_else(source) {
            return by.spoken(text, 0.65);
        }
        if let Some(current) = current {
            return carry(current, if agreement.with(current.agreement) { 0.95 } else { 0.7 });
        }
        if let Some(subject) = self.publisher(i, state.sentence, &by, state) {
            return subject;
        }
        let clause = self.subject_of_clause(i, state, &by);
        if let Some(subject) = clause.as_ref().filter(|by| by.head) {
            return subject.clone();
        }
        if self.verb_first
            && let Some(speaker) = self.author(i, state.sentence)
        {
            return found(speaker, 0.78);
        }
        let goes_on = one_of(&GOES_ON, verbs::bare(word));
        if goes_on && let Some(last) = self.resume(i, state, agreement) {
            return Attribution { cue: by.cue, ..last };
        }
        let person = self.person_before(i, state.sentence).filter(|_| !aside);
        // انسحب X بعد أن انتقدت Y ووصفته: the woman
        let woman = (agreement == Agreement::Feminine).then(|| self.person_of(i, state, agreement)).flatten();
        if let Some(speaker) = woman.filter(|&s| person.is_none_or(|(person, _)| person != s)) {
            return found(speaker, 0.6);
        }
        if !matches!(person, Some((_, true))) {
            if let Some(subject) = clause {
                return subject;
            }
            if let Some(speaker) = self.topic(state, agreement) {
                return found(speaker, 0.6);
            }
        }
        match (person, self.resume(i, state, agreement)) {
            (Some((speaker, true)), _) => found(speaker, 0.75),
            (_, Some(last)) => {
                Attribution { cue: by.cue.clone(), confidence: last.confidence * 0.92, ..last }
            }
            (Some((speaker, false)), None) => found(speaker, 0.45),
            (None, None) => Attribution { confidence: 0.4, ..by },
        }
    }

    /// The subject that stands behind the cue at token `i`, before token `to`.
    pub(super) fn subject_of(
        &self,
        i: usize,
        to: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let found = |speaker, confidence| Some(by.named(speaker, confidence));
        let spoken = |text, confidence| Some(by.spoken(text, confidence));
        let taken = |from: Attribution| Some(Attribution { cue: by.cue.clone(), ..from });
        if let Some(honoured) = self.honoured(i + 1, state) {
            return taken(honoured);
        }
        match self.subject_behind(i, to) {
            Some(Subject::Named(speaker, confidence)) => {
                return match self.bearer(speaker, state, by.agreement) {
                    Some(bearer) => found(bearer, confidence.min(0.75)),
                    None => found(speaker, confidence),
                };
            }
            Some(Subject::Words(text, confidence)) => return spoken(text, confidence),
            None => {}
        }
        let head = self.behind_honour(self.noun_behind(i, to)?);
        if self.is_accusative(i, head) || self.is_object_phrase(i, head, to) {
            return None;
        }
        let unnamed = self.is_unnamed_subject(i, to);
        // قال حداد مازحا
        let lone =
            to == head + 1 && self.cues.get(to) == Some(&Cue::Participle) && self.cues[head] == Cue::None;
        if let Some(speaker) = (unnamed || lone).then(|| self.named_by(head, to)).flatten() {
            return found(speaker, 0.8);
        }
        // المتحدث, رئيس الوزراء: who was named with that office before
        let office = match self.cues.get(head) {
            // الوزارة is nobody's title
            Some(Cue::Office) => !one_of(&ORGANISATIONS, self.bare(head)),
            Some(Cue::Source) => {
                let noun = self.words.word(head);
                cues::definite(self.words, head)
                    && one_of(&const { List::of("المتحدث المتحدثة المسؤول") }, noun)
            }
            // صاحب المتجر
            _ => self.is_owner_of(head),
        };
        if let Some(speaker) = office.then(|| self.titled(head)).flatten() {
            return found(speaker, 0.78);
        }
        let later = || self.introduced_later(head, self.token_at(self.noun_phrase(head, to)?.end, head));
        if let Some(speaker) = office.then(later).flatten() {
            return found(speaker, 0.75);
        }
        if let Some(by) = self.described(i, head, by, state) {
            return taken(by);
        }
        let alone = state.last().is_none() && state.current.is_none();
        let any = unnamed || alone || verbs::has_no_object(self.words.word(i));
        let text = self.nominal(i, to, any)?;
        if !cues::definite(self.words, head) {
            let document = one_of(&cues::DOCUMENTS, self.words.word(head));
            if let Some(speaker) = document.then(|| self.owner(head, to)).flatten() {
                return found(speaker, 0.75);
            }
            // بيان لوزير الداخلية
            let of = document
                && self.words.word(head + 1).starts_with('ل')
                && self.cues.get(head + 1) == Some(&Cue::Office);
            if let Some(speaker) = of.then(|| self.titled(head + 1)).flatten() {
                return found(speaker, 0.7);
            }
            return spoken(text, 0.7);
        }
        // الوكالة, الوزير: somebody named before
        if let Some(speaker) = self.named_before(head, Some(state)) {
            return found(speaker, 0.78);
        }
        if let Some(by) = self.spokesman(head, state).or_else(|| self.taken_up(head, state)) {
            return taken(by);
        }
        if let Some(speaker) = self.of_kind(head) {
            return found(speaker, 0.65);
        }
        let noun = self.words.word(head);
        let bare = noun.strip_prefix("ال").unwrap_or(noun);
        if let Some(by) = self.same_words(head, state).or_else(|| self.role_of_last(head, state)) {
            return taken(by);
        }
        if let Some(speaker) = self.official(head) {
            return found(speaker, 0.7);
        }
        if let Some(by) = self.profession_of_last(head, state) {
            return taken(by);
        }
        if self.cues[head] == Cue::Source || one_of(&THINGS, bare) {
            return spoken(text, 0.7);
        }
        let person = |a: &&Attribution| {
            a.speaker.and_then(|s| self.speakers.get(s)).is_some_and(|s| s.person)
                && by.agreement.with(a.agreement)
        };
        // الرجل الذي يرشد الناس: the clause says who
        let told =
            (head + 1..to.min(head + 3)).any(|t| matches!(self.words.word(t), "الذي" | "التي" | "الذين"));
        if told {
            return spoken(text, 0.65);
        }
        if self.cues[head] != Cue::Office {
            let title = by.agreement != Agreement::Plural && by.agreement != Agreement::Unknown;
            let by_title = || self.introduced(head).filter(|_| title);
            if let Some(speaker) = self.named_by(head, head + 1).or_else(by_title) {
                return found(speaker, 0.75);
            }
            if let Some(by) = self.national(i, head, by, state) {
                return taken(by);
            }
            if let Some(speaker) = self.latter(head) {
                return found(speaker, 0.7);
            }
            if let Some(by) = self.carried_on(i, head, by, state) {
                return taken(by);
            }
            // a surname, or a group
            return spoken(text, 0.65);
        }
        let spokesman = one_of(&const { List::of("المتحدث المتحدثة الناطق الناطقة") }, noun);
        let other = |speaker: Option<usize>| {
            speaker.is_some_and(|s| self.has_other_office(s, head) || self.is_other(s, head, state))
        };
        if let Some(last) = state.past().find(person).filter(|last| !spokesman && !other(last.speaker)) {
            return Some(Attribution {
                cue: by.cue.clone(),
                confidence: last.base * 0.75,
                base: last.base * 0.8,
                ..last.clone()
            });
        }
        if spokesman {
            return spoken(text, 0.65);
        }
        let woman = by.agreement == Agreement::Feminine && bare.ends_with('ة');
        match woman.then(|| self.last_woman(i)).flatten() {
            Some(speaker) => found(speaker, 0.6),
            None if !woman => match self.last_person(i).filter(|&s| !other(Some(s))) {
                Some(speaker) => found(speaker, 0.55),
                None => spoken(text, 0.6),
            },
            None => spoken(text, 0.65),
        }
    }
}
