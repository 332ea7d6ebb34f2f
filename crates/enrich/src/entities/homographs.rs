//! Ordinary words that are written like famous names: حماس is eagerness, دوما always, جدّه his grandfather.
//!
//! Three things tell. A word may be written as the name never is (`فوجئ` is no Fuji), or stand in a construction that leaves
//! no room for a name (`الحد الأقصى`): then it is none. Or it needs a sign, a preposition of place or a noun for a kind of
//! place before it; without one it is a name only where the same name has a sign elsewhere in the article.

mod towns;

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::namesakes::Countries;
use crate::clitics;
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::{Hit, Seen};
use crate::kb::word::Class;
use crate::kb::{Kb, KbEntity, Reading};

/// Names of places that are words as often, folded.
const WORDS: [&str; 13] = [
    "دوما",
    "حولي",
    "دامس",
    "الرمادي",
    "ميادين",
    "الميادين",
    "ميدان",
    "نجد",
    "قران",
    "وديا",
    "ديره",
    "سعيده",
    "افران",
];
/// Names that are adjectives behind these nouns, folded; an adjective of origin agrees with any.
const ADJECTIVES: [(&str, &[&str]); 2] = [
    (
        "الاقصي",
        &["الحد", "الشرق", "المغرب", "السقف", "العقوبه", "العدد", "المنفعه", "السعر", "الضغط", "الهدف"],
    ),
    ("الجليل", &["الصحابي", "العالم", "الشيخ", "الامام", "القاضي", "العلامه", "التابعي", "الاستاذ", "العمل"]),
];
/// Two words that mean one thing, the first or the second of which is a name elsewhere, folded.
const IDIOMS: [(&str, &str); 8] = [
    ("مسقط", "راس"),
    ("نجد", "ان"),
    ("جوز", "الهند"),
    ("عقد", "قران"),
    ("من", "حولي"),
    ("حصه", "الاسد"),
    ("الرباط", "الصليبي"),
    ("في", "سبيل"),
];
/// A city so well known is hardly an adjective: الإسكندرية.
const CITY: u32 = 260;
/// Words of place before a name, folded.
const PLACES: [&str; 12] =
    ["في", "الي", "من", "علي", "نحو", "قرب", "باتجاه", "صوب", "بين", "وسط", "داخل", "خارج"];

/// What the article says of names that are words.
pub(super) struct Homographs<'a> {
    kb: &'a Kb,
    docs: &'a [Doc],
    seen: &'a [Vec<Seen>],
    hits: &'a [Vec<Hit>],
    /// Entities that are named with a sign, or by another name, found when first asked for.
    borne: OnceCell<FxHashSet<u32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// The name of this entity.
    Name,
    /// Only where the article bears it out.
    Open,
    /// A word.
    Word,
}

impl<'a> Homographs<'a> {
    pub(super) fn new(kb: &'a Kb, docs: &'a [Doc], seen: &'a [Vec<Seen>], hits: &'a [Vec<Hit>]) -> Self {
        Self { kb, docs, seen, hits, borne: OnceCell::new() }
    }

    /// Whether `hit`, read as `reading`, is no name where it stands.
    pub(super) fn is_word(
        &self,
        doc: &Doc,
        seen: &[Seen],
        hit: &Hit,
        reading: Reading,
        countries: &Countries<'_>,
    ) -> bool {
        match self.sign(doc, seen, hit, reading.entity) {
            Sign::Name => {
                let word = folded(doc, hit);
                word == "حماس" && !self.is_movement(doc, hit, countries)
                    || word == "مجلس الشيوخ" && self.is_elsewhere(countries)
            }
            Sign::Word => true,
            Sign::Open => !self.borne().contains(&reading.entity),
        }
    }

    fn borne(&self) -> &FxHashSet<u32> {
        self.borne.get_or_init(|| {
            let each = self.docs.iter().zip(self.seen).zip(self.hits);
            let named = each.flat_map(|((doc, seen), hits)| {
                let first = |hit: &Hit| self.kb.readings(hit.node).next().map(|r| r.entity);
                hits.iter()
                    .filter_map(move |hit| Some((hit, first(hit)?)))
                    .filter(move |(hit, entity)| self.sign(doc, seen, hit, *entity) == Sign::Name)
            });
            named.map(|(_, entity)| entity).collect()
        })
    }

    fn sign(&self, doc: &Doc, seen: &[Seen], hit: &Hit, entity: u32) -> Sign {
        let word = folded(doc, hit);
        let first = hit.tokens.start;
        let near = |i: Option<usize>| i.and_then(|i| doc.tokens.get(i)).map_or("", |t| doc.folded_token(t));
        let spaced = seen.get(first).is_some_and(|s| s.joined);
        let before = if spaced { near(first.checked_sub(1)) } else { "" };
        // `العمارة والناصرية` are two towns
        let alone = doc.tokens.get(first).is_some_and(|t| t.start == hit.range.start);
        let articles = ["ال", "وال", "بال", "لل", "فال"];
        let behind_noun = alone && before.len() > 6 && articles.iter().any(|p| before.starts_with(p));
        if hit.tokens.len() > 1 {
            // `السياسة الخارجية الأميركية` is no ministry; `قالت الأربعاء الخارجية الأميركية` is one
            let ministry = word.starts_with("الخارجيه ") || word.starts_with("الداخليه ");
            let agrees = ["ه", "ات", "ون"].iter().any(|end| before.ends_with(end));
            // `وزيرة الخارجية الكندية`: she is Canadian
            let hers = before.ends_with("وزيره");
            return if ministry && (behind_noun && agrees || hers) { Sign::Word } else { Sign::Name };
        }
        let Some(listed) = self
            .kb
            .entity(entity)
            .filter(|_| doc.tokens.get(first).is_some_and(|t| t.kind == TokenKind::Arabic))
        else {
            return Sign::Name;
        };
        let after = near(Some(first + 1));
        let next = near(Some(first + 2));
        let idiom = IDIOMS
            .iter()
            .any(|(a, b)| word == *a && after.starts_with(b) || word == *b && before.ends_with(a))
            || word == "البحرين" && matches!(after, "الاحمر" | "الابيض") && next.starts_with("وال")
            || towns::is_verb_or_thing(word, before, after);
        let range = hit.range.start as usize..hit.range.end as usize;
        let written = doc.text.normalised().get(range.clone()).unwrap_or("");
        let place = listed.kind() == EntityType::Loc;
        let bare = before.strip_prefix(['و', 'ف']).filter(|b| b.len() > 2).unwrap_or(before);
        let placed = PLACES.contains(&bare);
        // no foreign name has the ending of an indefinite noun
        let indefinite = place && !placed && word.ends_with('ا') && doc.original(range).contains('\u{64B}');
        if idiom || indefinite || otherwise_spelled(written, &listed) {
            return Sign::Word;
        }
        // `الحالة المطرية`, but `دخل الجيش المطرية`
        let agrees = word.starts_with("ال")
            && word.ends_with("يه")
            && (before.ends_with('ه') || before.ends_with("ات"));
        let classes = first.checked_sub(1).and_then(|i| seen.get(i)).filter(|_| spaced).map(|s| s.classes);
        let cue = classes.is_some_and(|c| c.is(Class::PlaceCue));
        let acts = classes.is_some_and(|c| c.is(Class::OrgHead));
        let adjective = place && listed.prior() < CITY && agrees && !cue && !acts;
        let noun = |(name, nouns): &(&str, &[&str])| {
            word == *name && nouns.iter().any(|noun| before.ends_with(noun))
        };
        if behind_noun && adjective || ADJECTIVES.iter().any(noun) {
            return Sign::Word;
        }
        if !(WORDS.contains(&word) || place && with_pronoun(written, word, &listed)) {
            return Sign::Name;
        }
        let cut = doc
            .tokens
            .get(first)
            .map_or("", |t| doc.text.folded().get(t.start as usize..hit.range.start as usize).unwrap_or(""));
        // `ميادين القتال`: what is followed by a noun with the article is one of them
        let of_noun = matches!(word, "ميادين" | "ميدان") && after.starts_with("ال");
        if (cue
            || cut.ends_with('ب')
            || placed
            || WORDS.contains(&word) && cut.ends_with('و') && self.behind_place(doc, first))
            && !of_noun
        {
            Sign::Name
        } else {
            Sign::Open
        }
    }

    /// Whether the name of a place ends before token `i`: `بيجي والرمادي`.
    fn behind_place(&self, doc: &Doc, i: usize) -> bool {
        let at = self.docs.iter().position(|d| d.field == doc.field);
        let hits = at.and_then(|n| self.hits.get(n)).map_or(&[][..], Vec::as_slice);
        let end = hits.partition_point(|hit| hit.tokens.start < i);
        let last = end.checked_sub(1).and_then(|n| hits.get(n)).filter(|hit| hit.tokens.end == i);
        let first = last.and_then(|hit| self.kb.readings(hit.node).next());
        first.and_then(|r| self.kb.entity(r.entity)).is_some_and(|e| e.kind() == EntityType::Loc)
    }

    /// Whether حماس is the movement: where it is called so, where the article is about its country, and where no noun with the
    /// article or word for its being there tells whose eagerness it is.
    fn is_movement(&self, doc: &Doc, hit: &Hit, countries: &Countries<'_>) -> bool {
        let near = |i: Option<usize>| i.and_then(|i| doc.tokens.get(i)).map_or("", |t| doc.folded_token(t));
        let before = near(hit.tokens.start.checked_sub(1));
        let whose =
            near(Some(hit.tokens.end)).starts_with("ال") || before == "هناك" || before.ends_with("زاد");
        let about = |word: &str| {
            let word = word.strip_prefix("ال").unwrap_or(word);
            word.starts_with("فلسطيني") || word.starts_with("اسرائيل")
        };
        !whose
            || before.ends_with("حركه")
            || countries.count("PS") + countries.count("IL") > 0
            || self.says(about)
    }

    /// Whether a senate is not the one of the United States: it is called by another nationality, here or elsewhere in the
    /// article, or the article is about another country.
    fn is_elsewhere(&self, countries: &Countries<'_>) -> bool {
        let american = |word: &str| word.contains("امريك") || word.contains("اميرك");
        let about = |word: &str| {
            american(word) || matches!(word, "الكونغرس" | "الكونجرس" | "ترامب" | "اوباما" | "بايدن")
        };
        let (mut here, mut elsewhere) = (false, false);
        for (doc, seen) in self.docs.iter().zip(self.seen) {
            for (tokens, third) in doc.tokens.windows(3).zip(seen.iter().skip(2)) {
                let word = |i: usize| tokens.get(i).map_or("", |t| doc.folded_token(t));
                if word(1) == "الشيوخ" && third.joined && third.classes.is(Class::Nation) {
                    here |= american(word(2));
                    elsewhere |= !american(word(2));
                }
            }
        }
        match (here, elsewhere) {
            (true, _) => false,
            (false, true) => true,
            _ => countries.count("US") == 0 && countries.one() && !self.says(about),
        }
    }

    fn says(&self, is: impl Fn(&str) -> bool) -> bool {
        self.docs.iter().any(|doc| doc.tokens.iter().any(|t| is(doc.folded_token(t))))
    }
}

/// Readings that no article means: الجزيرة is the island or the channel, the capital of Algeria nowhere.
pub(super) fn never(doc: &Doc, hit: &Hit, kind: EntityType) -> bool {
    kind == EntityType::Loc && hit.tokens.len() == 1 && folded(doc, hit) == "الجزيره"
}

fn folded<'d>(doc: &'d Doc, hit: &Hit) -> &'d str {
    doc.text.folded().get(hit.range.start as usize..hit.range.end as usize).unwrap_or("")
}

/// Whether a hamza is written inside the word where the entity's names have none: `فوجئ` and فوجي, `بأول` and باول. At the
/// beginning, and behind the article, writers put it as they like.
fn otherwise_spelled(written: &str, entity: &KbEntity<'_>) -> bool {
    let marked = |c: char| matches!(c, 'ئ' | 'ؤ' | 'أ');
    let inner = |word: &str| word.strip_prefix("ال").unwrap_or(word).chars().skip(1).any(marked);
    if !inner(written) {
        return false;
    }
    let plain = |word: &str| -> String {
        word.chars()
            .map(|c| match c {
                'ئ' | 'ى' => 'ي',
                'ؤ' => 'و',
                'أ' | 'إ' | 'آ' => 'ا',
                c => c,
            })
            .collect()
    };
    let words = entity.name("ar").unwrap_or("").split(' ');
    words.into_iter().any(|word| plain(word) == plain(written) && !inner(word))
}

/// Whether the word is written with ه where the name has ة and what is left without it is a word: جدّه.
fn with_pronoun(written: &str, word: &str, entity: &KbEntity<'_>) -> bool {
    let base = word.strip_suffix('ه').filter(|_| written.ends_with('ه') && !word.starts_with("ال"));
    let ends = entity.name("ar").is_some_and(|name| name.ends_with('ة'));
    let known = |base: &str| clitics::is_word(base) || base.strip_prefix('و').is_some_and(clitics::is_word);
    ends && base.is_some_and(known)
}

#[cfg(test)]
mod tests {
    use crate::doc::Doc;
    use crate::enriched::Field;
    use crate::kb::Kb;
    use crate::tagger::Taggers;

    /// Whether `text` has a name of the knowledge base that is written `name`.
    fn has(text: &str, name: &str) -> bool {
        let docs = [Doc::new(Field::Body, text)];
        let found = super::super::find(&Kb::embedded(), &Taggers::default(), &docs, "ar");
        found.to_mentions(&docs).iter().any(|m| m.text == name)
    }

    fn english(text: &str, name: &str) -> Option<String> {
        let docs = [Doc::new(Field::Body, text)];
        let found = super::super::find(&Kb::embedded(), &Taggers::default(), &docs, "ar");
        let mention = found.to_mentions(&docs).into_iter().find(|m| m.text == name)?;
        let entity = found.entities.iter().find(|e| e.id == mention.entity)?;
        entity.name_en.clone()
    }

    #[test]
    fn words_are_no_places_without_a_sign() {
        for (text, word) in [
            ("كانت الأم دوما إلى جانب ابنها.", "دوما"),
            ("رأيت الناس من حولي يبكون.", "حولي"),
            ("أبدع في مختلف الميادين.", "الميادين"),
            ("ذهب الجنود إلى ميادين القتال.", "ميادين"),
            ("اختار اللون الأبيض، والرمادي الفاتح.", "الرمادي"),
            ("عندما ننظر إلى الأسعار نجد أن السلع غالية.", "نجد"),
            ("زار مسقط رأسه بعد غياب.", "مسقط"),
            ("روى الصبي عن جده حكاية.", "جده"),
            ("حضر مع والده وجده.", "وجده"),
        ] {
            assert!(!has(text, word), "{text}");
        }
        for (text, word) in [
            ("قصفت الطائرات المدنيين في دوما أمس.", "دوما"),
            ("وصل إلى حولي صباحا.", "حولي"),
            ("دخل الجيش مدينة الرمادي. وقال قائد إن الرمادي آمنة.", "الرمادي"),
            ("زار الوفد مسقط أمس.", "مسقط"),
            ("عاد الحجاج من جدة أمس.", "جدة"),
            ("وصلت الحافلة إلى جده مساء.", "جده"),
            ("انتقل من العمارة والناصرية إلى بغداد.", "الناصرية"),
        ] {
            assert!(has(text, word), "{text}");
        }
    }

    #[test]
    fn adjectives_behind_a_noun_are_no_names() {
        assert!(!has("هذا هو الحد الأقصى للسرعة.", "الأقصى"));
        assert!(has("دخل المصلون الأقصى فجرا.", "الأقصى"));
        assert!(has("دخل الجيش المطرية صباحا.", "المطرية"));
        assert!(!has("شرحت الهيئة الحالة المطرية في الجنوب.", "المطرية"));
        let ministry =
            |text: &str| english(text, "الخارجية الأميركية").is_some_and(|name| name.contains("State"));
        assert!(!ministry("تحدث عن السياسة الخارجية الأميركية."));
        assert!(ministry("قالت الخارجية الأميركية إن الاتفاق قائم."));
        assert!(ministry("وصرحت الأربعاء الخارجية الأميركية بأن الاتفاق قائم."));
    }

    #[test]
    fn a_hamza_that_the_name_has_not() {
        assert!(!has("فوجئ الناس بالخبر.", "فوجئ"));
        assert!(!has("قام الوزير بأول زيارة له.", "بأول"));
        assert!(has("قال جيروم باول إن الفائدة سترتفع.", "جيروم باول"));
    }

    #[test]
    fn eagerness_is_no_movement() {
        assert!(!has("أشعل المغني حماس الجمهور في المسرح.", "حماس"));
        assert!(has("رفضت حماس الاتفاق مع إسرائيل.", "حماس"));
        assert!(has("وصل وفد حماس أمس.", "حماس"));
    }

    #[test]
    fn a_senate_is_not_always_american() {
        let us = |text: &str| english(text, "مجلس الشيوخ").as_deref() == Some("US Senate");
        assert!(us("صوت مجلس الشيوخ على القانون في واشنطن."));
        assert!(us("صوت مجلس الشيوخ على القانون."));
        assert!(!us("أقر مجلس الشيوخ في إيطاليا القانون. وتشهد إيطاليا انتخابات."));
        assert!(!us("أقر مجلس الشيوخ البولندي القانون. ويضم مجلس الشيوخ مئة عضو."));
    }

    #[test]
    fn the_island_is_no_capital() {
        assert!(!has("تقع القرية في كبرى مدن الجزيرة.", "الجزيرة"));
    }
}
