//! Arabic: people by their names and titles, organisations and places by their first word.

use super::{Guess, View};
use crate::doc::TokenKind;
use crate::enriched::EntityType;
use crate::kb::word::Class;

/// What a word may be inside a person's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Given,
    Surname,
    Particle,
    /// No word that we know: foreign names are such.
    Unknown,
    None,
}

/// Longest name of a person in words.
const MAX_NAME: usize = 9;
/// Longest complement of an organisation in words.
const MAX_COMPLEMENT: usize = 7;

/// A name that begins at token `i`.
pub(super) fn at(view: &View<'_>, i: usize) -> Option<Guess> {
    if view.is(i, Class::OrgHead)
        && let Some(guess) = organisation(view, i)
    {
        return Some(guess);
    }
    if view.is(i, Class::PlaceHead)
        && let Some(guess) = building(view, i)
    {
        return Some(guess);
    }
    if i > 0
        && view.is(i - 1, Class::PlaceCue)
        && let Some(guess) = town(view, i)
    {
        return Some(guess);
    }
    person(view, i)
}

fn part(view: &View<'_>, i: usize, first: bool) -> Part {
    if view.kind(i) != TokenKind::Arabic || (view.cut(i) && !first) {
        return Part::None;
    }
    let classes = view.classes(i);
    let known = view.known(i);
    if known.is_some_and(|(kind, _)| kind != EntityType::Per) {
        return Part::None;
    }
    // على and علي fold to one.
    if classes.is(Class::Stop) && !(classes.is(Class::Given) && view.written(i).ends_with('ي')) {
        return Part::None;
    }
    // Whatever stands before بن is a name: مساعد بن محمد.
    let father = !first || view.joined(i + 1);
    if classes.is(Class::Given)
        || father && view.joined(i + 1) && view.word(i + 1) == "بن" && !classes.is(Class::Say)
    {
        return Part::Given;
    }
    if classes.is(Class::Particle) {
        return Part::Particle;
    }
    if classes.is(Class::Surname) {
        return Part::Surname;
    }
    // Three letters or more that no list has; a name with a proclitic cannot be told from a word.
    if classes.bits() == 0 && !view.cut(i) && view.word(i).len() >= 6 { Part::Unknown } else { Part::None }
}

/// What stands before a name and tells that one follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cue {
    Nothing,
    /// A comma, bracket or the like: an apposition may begin.
    Break,
    /// An adjective of nationality or a verb of saying.
    Weak,
    /// A title or office.
    Title,
}

fn cue(view: &View<'_>, i: usize) -> Cue {
    let Some(before) = i.checked_sub(1) else { return Cue::Nothing };
    if view.kind(before) == TokenKind::Punct {
        // Over a quotation mark or comma: `الأمين العام، يوسف العثيمين`.
        return if matches!(view.written(before), "،" | "," | ":" | "-" | "(") {
            Cue::Break
        } else {
            Cue::Nothing
        };
    }
    let classes = view.classes(before);
    if classes.any(Class::Title, Class::Speaker) {
        Cue::Title
    } else if classes.any(Class::Nation, Class::Say) || classes.is(Class::Office) {
        Cue::Weak
    } else {
        Cue::Nothing
    }
}

fn person(view: &View<'_>, i: usize) -> Option<Guess> {
    let first = part(view, i, true);
    if matches!(first, Part::None) || (first == Part::Particle && !opens(view, i)) {
        return None;
    }
    let cue = cue(view, i);
    let (mut strong, mut unknown, mut linked) = (0, 0, 0);
    let mut given = false;
    let mut end = i;
    let mut j = i;
    while j < i + MAX_NAME && (j == i || view.joined(j)) {
        match part(view, j, j == i) {
            Part::None => break,
            Part::Particle => {
                linked += 1;
                j += 1;
                continue;
            }
            Part::Given => {
                strong += 1;
                given = true;
                linked = 0;
            }
            Part::Surname => {
                strong += 1;
                linked = 0;
            }
            // After two names an unknown word is one only as a family name: with the article or behind بن.
            Part::Unknown if linked == 0 && strong >= 2 && !definite(view, j) => break,
            Part::Unknown => {
                unknown += 1;
                linked = 0;
            }
        }
        j += 1;
        end = j;
        if unknown > 3 {
            return None;
        }
    }
    let length = end.checked_sub(i).filter(|n| *n > 0)?;
    let particles = length - strong - unknown;
    let followed = |k: usize| view.kind(k) == TokenKind::Punct;
    let confidence = match (strong, unknown) {
        (2.., 0) if given || cue >= Cue::Weak || particles > 0 => 85,
        (1.., 0) if particles > 0 => 80,
        (1.., 1..) if given && (first == Part::Given || cue >= Cue::Weak || particles > 0) => 70,
        (1.., 1) if first == Part::Unknown && length == 2 => 65,
        (1.., _) if length >= 2 && cue >= Cue::Weak => 65,
        (0, 2..=3) if cue == Cue::Title => 60,
        (0, 2..=3) if cue == Cue::Weak => 55,
        (_, 1..=3) if length >= 2 && cue == Cue::Break && followed(end) => 55,
        (1, 0) if cue == Cue::Title && length == 1 => 50,
        _ => return None,
    };
    view.guess(i..end, EntityType::Per, confidence)
}

/// Whether a particle may begin a name: أبو, أم, عبد, ابن; not بن or آل.
fn opens(view: &View<'_>, i: usize) -> bool {
    matches!(
        view.doc.text.folded().get(view.start(i) as usize..).map(|s| s.split(' ').next().unwrap_or("")),
        Some("ابو" | "ابي" | "ابا" | "عبد" | "ابن" | "ام")
    ) && view.joined(i + 1)
        && part(view, i + 1, false) != Part::None
}

fn definite(view: &View<'_>, i: usize) -> bool {
    view.word(i).starts_with("ال") && !view.cut(i)
}

/// A word that no name goes on with.
fn ends_name(view: &View<'_>, i: usize) -> bool {
    let c = view.classes(i);
    c.any(Class::Stop, Class::Say)
        || (c.any(Class::Title, Class::Office) && !c.is(Class::Given))
        || c.is(Class::Speaker)
}

fn organisation(view: &View<'_>, i: usize) -> Option<Guess> {
    let defined = view.doc.text.folded().get(view.start(i) as usize..).is_some_and(|s| s.starts_with("ال"));
    // `وزير الخارجية السعودي`: the office's complement, not the ministry.
    let ministry = matches!(view.word(i), "الخارجيه" | "الداخليه" | "الدفاع" | "الخزانه" | "الامن");
    if ministry && i > 0 && view.joined(i) && view.is(i - 1, Class::Office) {
        return None;
    }
    let end = complement(view, i, defined)?;
    if ministry && !view.is(i + 1, Class::Nation) {
        return None;
    }
    view.guess(i..end, EntityType::Org, if defined { 60 } else { 70 })
}

fn building(view: &View<'_>, i: usize) -> Option<Guess> {
    let end = complement(view, i, false)?;
    view.guess(i..end, EntityType::Loc, 60)
}

/// End of the words that belong to the head at `i`; `None` when there are none.
fn complement(view: &View<'_>, i: usize, defined: bool) -> Option<usize> {
    let mut end = i + 1;
    let mut proper = false;
    while end <= i + MAX_COMPLEMENT && view.joined(end) && view.kind(end) != TokenKind::Punct {
        if ends_name(view, end) && !(end == i + 1 && honours(view, end)) {
            break;
        }
        let first = end == i + 1;
        if let Some((kind, tokens)) = view.known(end)
            && tokens.start == end
            && !view.cut(end)
        {
            if first && !defined || kind == EntityType::Loc && !first && !proper {
                end = tokens.end;
                proper = true;
                continue;
            }
            if !definite(view, end) {
                break;
            }
        }
        let after_definite = !first
            && (definite(view, end - 1) || ["لل", "وال"].iter().any(|p| view.word(end - 1).starts_with(p)));
        let word = view.word(end);
        let nation = !first && view.is(end - 1, Class::Nation);
        let takes = if definite(view, end) {
            let fits = !defined || (!first && !definite(view, end - 1)) || agrees(view, i, end);
            fits && !nation && (!view.is(end, Class::Title) || first)
        } else if word.starts_with("لل") {
            !first && (after_definite || view.is(end - 1, Class::Nation))
        } else if word.starts_with("وال") {
            after_definite && coordinates(view, end)
        } else if first && !defined {
            honours(view, end) || part(view, end, false) != Part::None || leads(view, end)
        } else {
            // The rest of a person's name: مؤسسة الأمير محمد بن فهد.
            !defined
                && !definite(view, end - 1)
                && matches!(part(view, end, false), Part::Given | Part::Surname | Part::Particle)
                || (honours(view, end - 1) && part(view, end, false) != Part::None)
        };
        if !takes {
            break;
        }
        proper = true;
        end += 1;
    }
    (proper && end > i + 1).then_some(end)
}

/// Whether the word at `end` can be an adjective of a head with the article: `اللجنة الأولمبية`, `البنك المركزي`,
/// not `الغرفة الدعوة`.
fn agrees(view: &View<'_>, head: usize, end: usize) -> bool {
    let head = view.word(head);
    let word = view.word(end);
    let plural = matches!(head, "القوات" | "الخطوط" | "المخابرات" | "الاستخبارات");
    if head.ends_with('ه') || plural || head.ends_with("يه") {
        word.ends_with("يه")
            || matches!(word, "العامه" | "العليا" | "المسلحه" | "الخاصه" | "المشتركه" | "المتحده")
    } else {
        word.ends_with('ي') || matches!(word, "العام" | "الحر" | "المشترك" | "الاسلامي")
    }
}

/// A title inside a name: مركز الملك سلمان.
fn honours(view: &View<'_>, i: usize) -> bool {
    matches!(
        view.word(i),
        "الملك"
            | "الامير"
            | "الشيخ"
            | "الملكه"
            | "الاميره"
            | "الامام"
            | "السلطان"
            | "القديس"
            | "خادم"
    )
}

/// An indefinite ordinary word with a definite one after it: وكالة أنباء الإمارات.
fn leads(view: &View<'_>, i: usize) -> bool {
    view.is(i, Class::Common)
        && !view.cut(i)
        && view.joined(i + 1)
        && definite(view, i + 1)
        && !ends_name(view, i + 1)
}

/// `والبحث` in وزارة التعليم العالي والبحث العلمي, but not `والرئيس`.
fn coordinates(view: &View<'_>, i: usize) -> bool {
    let c = view.classes(i);
    !(c.any(Class::Nation, Class::Title)
        || c.any(Class::Speaker, Class::OrgHead)
        || c.any(Class::Given, Class::Surname))
        && view.known(i).is_none()
}

/// `مدينة X` with a word that no list has.
fn town(view: &View<'_>, i: usize) -> Option<Guess> {
    let plain = view.joined(i) && !view.cut(i) && view.known(i).is_none() && view.classes(i).bits() == 0;
    (plain && view.word(i).len() >= 6).then(|| view.guess(i..i + 1, EntityType::Loc, 55)).flatten()
}
