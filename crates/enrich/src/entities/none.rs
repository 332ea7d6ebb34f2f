//! What the taggers take for names and what is none by the rules of annotation: God, money, a noun that only begins names.

use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;
use crate::kb::word::Class;
use crate::tagger::Tagged;

/// Nouns of money, folded, without the article.
const MONEY: [&str; 23] = [
    "يورو",
    "دولار",
    "دولارا",
    "درهم",
    "درهما",
    "دراهم",
    "ريال",
    "ريالا",
    "ريالات",
    "جنيه",
    "جنيها",
    "ليره",
    "ليرات",
    "دينار",
    "دينارا",
    "روبل",
    "روبيه",
    "ين",
    "يوان",
    "فرنك",
    "شيكل",
    "سنت",
    "سنتا",
];
/// Further nouns that begin names and are none alone, folded.
const NOUNS: [&str; 9] = ["مبادره", "حمله", "مشروع", "كتاب", "موشر", "مسابقه", "ماراثون", "ماراتون", "جائزه"];

/// Whether what a tagger found is no name.
pub(super) fn is_none(doc: &Doc, seen: &[Seen], tagged: &Tagged) -> bool {
    let first = tagged.tokens.start;
    let Some(token) = doc.tokens.get(first).filter(|t| t.kind == TokenKind::Arabic) else { return false };
    let single = tagged.tokens.len() == 1;
    let word = seen
        .get(first)
        .and_then(|s| doc.text.folded().get(s.start as usize..token.end as usize))
        .unwrap_or_default();
    // `كتاب الله الكريم`; people are named after Him behind another word, and parties
    if matches!(word, "الله" | "لله") && matches!(tagged.kind, EntityType::Misc | EntityType::Org) {
        return true;
    }
    single
        && (is_money(doc, seen, tagged, word)
            || is_adverb(doc, seen, first)
            || is_noun(doc, seen, first, word))
}

/// Whether it is money: `1.5 يورو`, `سعر صرف الريال الإيراني`; but اليورو is a championship as well, and الريال a club.
fn is_money(doc: &Doc, seen: &[Seen], tagged: &Tagged, word: &str) -> bool {
    if !MONEY.contains(&word.strip_prefix("ال").unwrap_or(word)) {
        return false;
    }
    let i = tagged.tokens.start;
    let near = |i: Option<usize>| i.and_then(|i| doc.tokens.get(i));
    let counted = near(i.checked_sub(1)).is_some_and(|t| {
        t.kind == TokenKind::Number
            || matches!(
                doc.folded_token(t),
                "مليون" | "مليار" | "الف" | "الاف" | "ملايين" | "مليارات" | "تريليون"
            )
    });
    // but `لاعب ريال الويلزي`
    let of_nation =
        word.starts_with("ال") && seen.get(i + 1).is_some_and(|s| s.joined && s.classes.is(Class::Nation));
    // الريال الإسباني is the club: the riyal is of these countries
    let of_riyal = word != "الريال"
        || near(Some(i + 1)).is_some_and(|t| {
            let nation = doc.folded_token(t);
            ["السعودي", "القطري", "العماني", "اليمني", "الايراني", "البرازيلي"].contains(&nation)
        });
    let of_nation = of_nation && of_riyal;
    counted || of_nation || tagged.kind == EntityType::Misc
}

/// Whether it has the ending of an adverb, which no foreign name has, and few native ones where they are not inflected.
fn is_adverb(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let Some(token) = doc.tokens.get(i) else { return false };
    let ending = doc.original(token.start as usize..token.end as usize).contains('\u{64B}');
    ending && !seen.get(i).is_some_and(|s| s.classes.any(Class::Given, Class::Surname))
}

/// Whether it is a noun that names begin with, and stands there without an article and outside of quotation marks: a name
/// needs what such a noun is joined to.
fn is_noun(doc: &Doc, seen: &[Seen], i: usize, word: &str) -> bool {
    let classes = seen.get(i).map(|s| s.classes).unwrap_or_default();
    let head = classes.any(Class::OrgHead, Class::EventHead)
        || classes.any(Class::PlaceHead, Class::OrgCue)
        || NOUNS.contains(&word);
    let named = classes.any(Class::Given, Class::Surname);
    let before = i.checked_sub(1).and_then(|i| doc.tokens.get(i));
    let marked = before
        .is_some_and(|t| t.kind == TokenKind::Punct && !matches!(doc.normalised_token(t), "،" | "," | "."));
    // `محافظة حقل` is a town
    let town = i.checked_sub(1).and_then(|i| seen.get(i)).is_some_and(|s| s.classes.is(Class::PlaceCue));
    head && !named && !word.starts_with("ال") && !marked && !town
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::Token;
    use crate::enriched::Field;
    use crate::gazetteer;
    use crate::kb::Kb;

    fn none(text: &str, word: &str, kind: EntityType) -> bool {
        let doc = Doc::new(Field::Body, text);
        let (seen, _) = gazetteer::see(&Kb::embedded(), &doc);
        let written = |t: &Token| doc.original(t.start as usize..t.end as usize) == word;
        let i = doc.tokens.iter().position(written).expect("it is there");
        is_none(&doc, &seen, &Tagged { tokens: i..i + 1, kind, probability: 0.9 })
    }

    #[test]
    fn god_money_adverbs_and_bare_nouns_are_no_names() {
        use EntityType::{Event, Loc, Misc, Org};
        for (text, word, kind) in [
            ("نجا الطفل بفضل الله من الحادث.", "الله", Misc),
            ("بلغ سعر التذكرة 15 درهم أمس.", "درهم", Misc),
            ("تراجع سعر الريال الإيراني أمام العملات.", "الريال", Org),
            ("كلف المشروع مئة مليون يورو.", "يورو", Org),
            ("نظر الرجل أفقيا وعموديًا إلى الخريطة.", "وعموديًا", Loc),
            ("انتقدت المعارضة أداء حكومة البلاد.", "حكومة", Org),
            ("بدأت فعاليات مهرجان «ورد الطائف» أمس.", "مهرجان", Event),
        ] {
            assert!(none(text, word, kind), "{text}");
        }
        for (text, word, kind) in [
            ("سجل الريال هدفين في الشوط الأول.", "الريال", Org),
            ("خسر الفريق نهائي اليورو بركلات الترجيح.", "اليورو", Event),
            ("سافر الوفد إلى محافظة حقل صباحا.", "حقل", Loc),
            ("يحمل المصنع اسم \"مركز\" منذ عام.", "مركز", Org),
            ("تأسست شركة سابك قبل عقود.", "سابك", Org),
        ] {
            assert!(!none(text, word, kind), "{text}");
        }
    }
}
