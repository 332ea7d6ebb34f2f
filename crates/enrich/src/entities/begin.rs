//! Where the first word of a name begins: behind proclitics, or with letters that look like some.
//!
//! Unknown foreign names begin with و ف ب ك ل س as well. What tells: the place (behind a preposition, a verb of saying or the
//! noun for a kind of thing no conjunction stands, and what is in quotation marks is whole), what is left (a name, a word),
//! and how the article writes the word elsewhere.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::settle::Known;
use crate::clitics;
use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::{self, Seen};
use crate::kb::Kb;
use crate::kb::word::Class;

/// The letters that names of an article begin with.
pub(super) struct Begins<'a> {
    kb: &'a Kb,
    docs: &'a [Doc],
    seen: &'a [Vec<Seen>],
    /// The Arabic words of the article, counted when first asked for.
    words: OnceCell<FxHashMap<&'a str, Written>>,
}

/// How an article writes a word.
#[derive(Debug, Clone, Copy, Default)]
struct Written {
    /// How often.
    times: u32,
    /// Whether once where all of its letters are its own.
    bound: bool,
}

/// Letters cut off the beginning of a name.
struct Cut<'t> {
    /// What is left of the token.
    rest: &'t str,
    /// Whether the segmenter cuts so too.
    told: bool,
    /// Whether what is left is a name that is known.
    strong: bool,
    /// Whether the name has more words.
    several: bool,
}

/// What stands before a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A verb of saying: its subject follows.
    Said,
    /// A noun or title that a name follows.
    Due,
    /// An opening quotation mark.
    Marked,
    /// The beginning of a sentence or clause.
    First,
    Free,
}

/// Verbs of saying that are nouns or particles as often: رأي and رأى fold to one.
const NOUNS: [&str; 6] = ["راي", "بين", "وبين", "كتب", "بحث", "طالب"];
/// Fewer letters than these are hardly a name that letters are written onto.
const SHORT: usize = 3;

impl<'a> Begins<'a> {
    pub(super) fn new(kb: &'a Kb, docs: &'a [Doc], seen: &'a [Vec<Seen>]) -> Self {
        Self { kb, docs, seen, words: OnceCell::new() }
    }

    /// First byte of a name of `kind` in `tokens` of the field `n`; `known` are the names of the knowledge base
    /// there.
    pub(super) fn of(
        &self,
        n: usize,
        tokens: Range<usize>,
        kind: EntityType,
        known: &[Known],
    ) -> Option<u32> {
        let i = tokens.start;
        let (doc, seen) = (self.docs.get(n)?, self.seen.get(n)?);
        let token = doc.tokens.get(i)?;
        let start =
            seen.get(i).map_or(token.start, |s| s.start).max(token.start + u32::from(token.proclitic));
        let told = start - token.start;
        let text = doc.folded_token(token);
        if token.kind != TokenKind::Arabic {
            return Some(if told > 0 { start } else { token.start + foreign(text) });
        }
        // a name of several words that is listed begins where the list says: `لبي بي سي`
        let from = known.partition_point(|k| k.hit.range.start < token.start);
        let mut here = known.iter().skip(from).take_while(|k| k.hit.tokens.start == i);
        let whole = |k: &&Known| k.hit.tokens.len() > 1 || kind != EntityType::Per && told > 0;
        let listed = here.find(whole).map(|k| k.hit.range.start - token.start);
        let cut = match kind {
            _ if let Some(listed) = listed => listed,
            EntityType::Per => self.of_person(text),
            _ if told > 0 => told,
            _ => self.known_begin(text, kind).unwrap_or(0),
        };
        let rest = text.get(cut as usize..).unwrap_or("");
        let from = known.partition_point(|k| k.hit.range.start < token.start + cut);
        let listed = known.get(from).is_some_and(|k| k.hit.range.start == token.start + cut);
        let given = self.kb.word("", rest).is_some_and(|w| w.classes.is(Class::Given));
        let long = rest.chars().count() >= SHORT || text.starts_with('و') || given;
        let strong = listed
            || long && self.is_name(rest)
            || text.get(..cut as usize).is_some_and(|c| c.ends_with("لل"));
        let cut_off = Cut { rest, told: cut == told, strong, several: tokens.len() > 1 };
        let own = cut > 0 && self.are_own(doc, seen, i, &cut_off);
        Some(token.start + if own { 0 } else { cut })
    }

    /// Whether و at the start of token `i`, inside a person's name that begins at `first`, parts two people.
    pub(super) fn parts(&self, n: usize, first: usize, i: usize) -> bool {
        let at = || Some((self.docs.get(n)?, self.docs.get(n)?.tokens.get(i)?));
        let Some((doc, token)) = at().filter(|(_, token)| token.proclitic > 0) else { return false };
        let text = doc.folded_token(token);
        let Some(rest) = text.strip_prefix('و') else { return false };
        // حسن وبن مصطفى, يارا والسابع, عبدالله وفيًّا
        let tanwin = doc.original(token.start as usize..token.end as usize).contains('ً');
        let new = rest == "بن" || rest.starts_with("ال") || tanwin;
        if new || self.is_name(rest) || self.alone(rest) {
            return true;
        }
        // مايكل ويلسون, but `شريف وجاني والبقية`
        let listing =
            doc.tokens.get(i + 1).is_some_and(|t| t.proclitic > 0 && doc.folded_token(t).starts_with('و'));
        let given =
            self.seen.get(n).and_then(|seen| seen.get(first)).is_some_and(|s| s.classes.is(Class::Given));
        let single = first + 1 == i && given && !listing;
        !(single || rest.starts_with('و') || self.written(text).bound)
    }

    /// Whether the letters that were cut off token `i` belong to its name.
    fn are_own(&self, doc: &Doc, seen: &[Seen], i: usize, cut: &Cut<'_>) -> bool {
        let Some(token) = doc.tokens.get(i) else { return false };
        let text = doc.folded_token(token);
        let before = i.checked_sub(1).and_then(|i| doc.tokens.get(i));
        if before.is_some_and(|before| clitics::bound(&doc.text, before, token)) {
            return true;
        }
        let letter = text.chars().next().unwrap_or(' ');
        // it stands before verbs alone
        if text.strip_suffix(cut.rest).is_some_and(|letters| letters.ends_with('س')) {
            return true;
        }
        let place = place(doc, seen, i);
        if cut.strong {
            return place == Place::Said && matches!(letter, 'و' | 'ف' | 'ك');
        }
        let word = self.kb.word("", cut.rest);
        let long = cut.rest.chars().count() >= SHORT;
        let classes = word.map(|w| w.classes).unwrap_or_default();
        let heads = classes.any(Class::PlaceCue, Class::OrgHead)
            || classes.is(Class::PlaceHead)
            || cut.several && classes.is(Class::Particle);
        let is_word = heads
            || long
                && (place != Place::Free || letter != 'ف')
                && (classes.bits() & !(Class::Stop as u32) != 0 || clitics::is_stem(cut.rest));
        let begins = long && word.is_some_and(|w| w.root.is_some());
        let alone = self.alone(cut.rest);
        let written = self.written(text);
        match place {
            Place::Said if matches!(letter, 'و' | 'ف' | 'ك') => true,
            Place::Said if letter == 'ل' => !(alone || is_word || cut.told),
            Place::Said | Place::Due => !(alone || is_word),
            Place::Marked => !alone,
            _ if alone || is_word => false,
            _ if !long || written.bound => true,
            Place::First => written.times > 2 && !begins,
            Place::Free => match letter {
                'و' => written.times > 2 && !begins,
                'ل' => written.times > 1 && !cut.told,
                'ب' | 'ك' => !(cut.told || cut.several && begins),
                _ => !cut.told,
            },
        }
    }

    /// Bytes of proclitics before a person's name: where none is known and the article does not tell, only و is likely.
    fn of_person(&self, text: &str) -> u32 {
        let and =
            || if text.starts_with('و') && text.chars().count() > 3 { 'و'.len_utf8() as u32 } else { 0 };
        let elsewhere = || {
            gazetteer::cuts(text).map(|cut| cut.len).find(|len| {
                let unknown = |rest: &str| {
                    self.kb.word("", rest).is_none_or(|w| w.classes.bits() == 0) && !clitics::is_stem(rest)
                };
                text.get(*len as usize..).is_some_and(|rest| unknown(rest) && self.alone(rest))
            })
        };
        self.known_begin(text, EntityType::Per).or_else(elsewhere).unwrap_or_else(and)
    }

    /// Bytes of proclitics before a name that the knowledge base has: of all cuts the first that leaves one, the whole word
    /// before all others (فادي, لارا).
    fn known_begin(&self, text: &str, kind: EntityType) -> Option<u32> {
        let mut cuts = std::iter::once(0).chain(gazetteer::cuts(text).map(|cut| cut.len));
        let begins_name = |word| {
            let word = self.kb.word("", word);
            word.is_some_and(|w| w.root.is_some() || w.classes.any(Class::Given, Class::Surname))
        };
        let known = cuts.find(|len| text.get(*len as usize..).is_some_and(begins_name))?;
        // بعيد is a word, but no holiday's name; وحي one, but no quarter's
        let named = matches!(kind, EntityType::Event | EntityType::Loc) && !self.is_name(text);
        (known == 0 || named || !clitics::is_whole(text)).then_some(known)
    }

    /// Whether the knowledge base has `word` as a name by itself.
    fn is_name(&self, word: &str) -> bool {
        self.kb.word("", word).is_some_and(|w| {
            let listed = w.root.is_some_and(|root| self.kb.readings(root).any(|r| !r.weak));
            listed || w.classes.any(Class::Given, Class::Surname)
        })
    }

    /// Whether the article writes `word` by itself, too.
    fn alone(&self, word: &str) -> bool {
        word.chars().count() >= SHORT && self.written(word).times > 0
    }

    fn written(&self, word: &str) -> Written {
        self.words.get_or_init(|| self.count()).get(word).copied().unwrap_or_default()
    }

    fn count(&self) -> FxHashMap<&'a str, Written> {
        let mut words: FxHashMap<&'a str, Written> = FxHashMap::default();
        for (doc, seen) in self.docs.iter().zip(self.seen) {
            for (i, token) in doc.tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Arabic) {
                let written = words.entry(doc.folded_token(token)).or_default();
                written.times += 1;
                let letter = doc.folded_token(token).chars().next();
                written.bound |= place(doc, seen, i) == Place::Said
                    && matches!(letter, Some('و' | 'ف' | 'ك'))
                    || behind_given(doc, seen, i) && letter != Some('و')
                    || i.checked_sub(1)
                        .and_then(|i| doc.tokens.get(i))
                        .is_some_and(|b| clitics::bound(&doc.text, b, token));
            }
        }
        words
    }
}

/// A letter of one script before a word of another.
fn foreign(text: &str) -> u32 {
    let mut letters = text.chars();
    let first = letters.next().filter(|c| matches!(c, 'و' | 'ف' | 'ب' | 'ك' | 'ل'));
    let latin = letters.next().is_some_and(|c| c.is_ascii_alphanumeric());
    first.filter(|_| latin).map_or(0, |first| first.len_utf8() as u32)
}

/// Whether token `i` stands directly behind a given name, as a family name does.
fn behind_given(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let Some((before, token)) = i.checked_sub(1).and_then(|b| doc.tokens.get(b)).zip(doc.tokens.get(i))
    else {
        return false;
    };
    let given = i
        .checked_sub(1)
        .and_then(|b| seen.get(b))
        .is_some_and(|s| s.classes.is(Class::Given) && !s.classes.any(Class::Common, Class::Stop));
    given && spaced(doc, before, token)
}

/// Whether the title at token `i` is a family's name: حصة آل الشيخ وهدى.
fn of_family(doc: &Doc, i: usize) -> bool {
    i.checked_sub(1).and_then(|i| doc.tokens.get(i)).is_some_and(|t| doc.folded_token(t) == "ال")
}

fn spaced(doc: &Doc, before: &Token, token: &Token) -> bool {
    doc.text.normalised().get(before.end as usize..token.start as usize) == Some(" ")
}

fn place(doc: &Doc, seen: &[Seen], i: usize) -> Place {
    let Some(at) = i.checked_sub(1) else { return Place::First };
    let (Some(before), Some(token), Some(said)) = (doc.tokens.get(at), doc.tokens.get(i), seen.get(at))
    else {
        return Place::Free;
    };
    if before.kind == TokenKind::Punct {
        let opens = matches!(doc.normalised_token(before), "\"" | "«" | "“" | "„" | "'" | "‘")
            && before.end == token.start
            && at.checked_sub(1).and_then(|i| doc.tokens.get(i)).is_none_or(|t| {
                t.end < before.start || t.kind == TokenKind::Punct || doc.folded_token(t) == "ب"
            });
        return if opens { Place::Marked } else { Place::First };
    }
    if !spaced(doc, before, token) {
        return Place::First;
    }
    let classes = said.classes;
    let definite = doc.folded_token(before).contains("ال");
    let cue = classes.any(Class::PlaceCue, Class::ClubCue)
        || classes.any(Class::OrgCue, Class::OrgHead)
        || classes.any(Class::PlaceHead, Class::EventHead);
    // a second noun may be joined to the office or the adjective, hardly to a title
    let and = doc.folded_token(token).starts_with('و');
    let office = classes.any(Class::Speaker, Class::Nation) && !and;
    if classes.is(Class::Say) && !NOUNS.contains(&doc.folded_token(before)) {
        Place::Said
    } else if cue && !definite || classes.is(Class::Title) && !(and && of_family(doc, at)) || office {
        Place::Due
    } else {
        Place::Free
    }
}

#[cfg(test)]
mod tests {
    use crate::doc::Doc;
    use crate::enriched::Field;
    use crate::kb::Kb;
    use crate::tagger::{Model, Taggers};

    /// The names found in `text`.
    fn names(text: &str) -> Vec<String> {
        let docs = [Doc::new(Field::Body, text)];
        let taggers = Taggers { fast: Model::embedded(), accurate: None };
        let found = super::super::find(&Kb::embedded(), &taggers, &docs, "ar");
        found.to_mentions(&docs).into_iter().map(|m| m.text).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str], absent: &[&str]) {
        let found = names(text);
        for name in expected {
            assert!(found.iter().any(|f| f == name), "{name} in {text}: {found:?}");
        }
        for name in absent {
            assert!(!found.iter().any(|f| f == name), "{name} in {text}: {found:?}");
        }
    }

    #[test]
    fn the_subject_of_a_verb_of_saying_keeps_its_letters() {
        check("وقال وينشتاين إن الفيلم سيعرض قريبا.", &["وينشتاين"], &["ينشتاين"]);
        check("وأضاف كويلر أن الشركة ستغلق المصنع.", &["كويلر"], &[]);
        check("وقال دونالد ترامب لرويترز إنه موافق.", &["رويترز"], &["لرويترز"]);
    }

    #[test]
    fn a_family_name_behind_a_given_name_is_no_second_person() {
        check(
            "وصل الممثل مايكل ويندهام إلى لندن. وقال ويندهام إن الفيلم جاهز.",
            &["مايكل ويندهام", "ويندهام"],
            &["مايكل", "يندهام"],
        );
        check("التقى محمد وأحمد في القاهرة.", &[], &["محمد وأحمد"]);
        check("اجتمع جون كيري وسيرغي لافروف في جنيف.", &["جون كيري", "سيرغي لافروف"], &[]);
    }

    #[test]
    fn behind_prepositions_and_marks_names_are_whole() {
        check("وصل الوفد إلى بيونغ يانع أمس.", &["بيونغ يانع"], &["يونغ يانع"]);
        check("فاز حزب \"فاين دال\" في الانتخابات.", &["فاين دال"], &["اين دال"]);
        check("سافر وفد لليبيا ثم للبنان.", &["ليبيا", "لبنان"], &["يبيا", "بنان"]);
        check("وصل الوزير إلى الرياض وباريس ثم عاد ببطء.", &["الرياض", "باريس"], &["وباريس"]);
    }

    #[test]
    fn the_two_lams_are_outside() {
        check(
            "في زيارة للولايات المتحدة الأمريكية.",
            &["ولايات المتحدة الأمريكية"],
            &["لولايات المتحدة الأمريكية"],
        );
        check("وأفاد بيان للبيت الأبيض أمس.", &["بيت الأبيض"], &["لبيت الأبيض"]);
    }

    #[test]
    fn ordinary_words_hold_no_names() {
        check("وقدمت فرقة موسيقية عرضا في المسرح.", &[], &["رقة"]);
        check("اتهم الرجل بسرقة المتجر.", &[], &["رقة"]);
        check("وصل اللاعب إلى برشلونة قادما من مدريد، ثم عاد بأبها.", &["أبها"], &[]);
    }
}
