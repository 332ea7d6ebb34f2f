//! Names that و joins are several: `بلدروز والمقدادية`, `الجيش اليمني والمقاومة الشعبية`; but `وزارة التجارة والصناعة` is one.

use super::settle::Known;
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;
use crate::kb::word::Class;
use crate::tagger::Tagged;

const AND: u32 = 'و'.len_utf8() as u32;

/// Whether a name of its own begins behind the و at the start of token `i` of `tagged`, which is no person.
pub(super) fn begins(doc: &Doc, seen: &[Seen], known: &[Known], tagged: &Tagged, i: usize) -> bool {
    let word = |i: usize| doc.tokens.get(i).map_or("", |t| doc.folded_token(t));
    let Some(token) = doc.tokens.get(i).filter(|t| t.kind == TokenKind::Arabic && t.proclitic > 0) else {
        return false;
    };
    let Some(rest) = word(i).strip_prefix('و').filter(|_| u32::from(token.proclitic) == AND) else {
        return false;
    };
    let start = tagged.tokens.start;
    let here = |kind: EntityType| {
        let at = known.partition_point(|k| k.hit.range.start < token.start + AND);
        known.get(at).is_some_and(|k| k.hit.range.start == token.start + AND && k.kind == kind)
    };
    let definite = rest.starts_with("ال");
    let class =
        |i: usize, class: Class| seen.get(i).is_some_and(|s| s.classes.is(class) || s.inner.is(class));
    match tagged.kind {
        // `مدينة الملك عبدالعزيز للعلوم والتقنية` serves both
        EntityType::Loc if word(i - 1).starts_with("لل") => false,
        EntityType::Loc => here(EntityType::Loc) || definite && !class(i, Class::Nation),
        EntityType::Event => class(i, Class::EventHead) && !definite,
        EntityType::Org => {
            // what ends with its nation is whole
            let adjective = rest.ends_with('ي') || rest.ends_with("يه");
            let closed = i > start + 1 && class(i - 1, Class::Nation) && !is_faith(word(i - 1));
            if closed && definite && !adjective
                || class(i, Class::OrgHead) && !definite && word(i + 1).starts_with("ال")
            {
                return true;
            }
            // `الاتحاد الدستوري والعدالة والتنمية`
            let at = known.partition_point(|k| k.hit.range.start < token.start + AND);
            let listed = known.get(at).filter(|k| k.hit.range.start == token.start + AND);
            if listed.is_some_and(|k| k.kind == EntityType::Org && k.hit.tokens.len() > 1) {
                return true;
            }
            if class(start, Class::OrgHead) {
                return false;
            }
            let from = known.partition_point(|k| k.hit.tokens.start < start);
            let mut at = known.iter().skip(from).take_while(|k| k.hit.tokens.start == start);
            let whole = at.any(|k| k.kind == EntityType::Org && k.hit.tokens.end == i);
            // `أمانة للتأمين والدرع للتأمين`
            let alike = i > start + 1
                && i + 1 < tagged.tokens.end
                && word(i - 1).starts_with("لل")
                && word(i + 1).starts_with("لل");
            whole && (definite || here(EntityType::Org)) || here(EntityType::Org) || alike
        }
        _ => false,
    }
}

/// Whether an adjective of faith or of all Arabs, which rarely ends a name: `وزارة الشؤون الإسلامية والأوقاف`.
fn is_faith(word: &str) -> bool {
    ["الاسلامي", "المسيحي", "العربي"].iter().any(|faith| word.starts_with(faith))
}

#[cfg(test)]
mod tests {
    use super::super::clues;
    use super::*;
    use crate::enriched::Field;
    use crate::kb::Kb;

    /// Whether the whole of `text`, a name, is parted at the word `at`.
    fn parts(text: &str, at: &str, kind: EntityType) -> bool {
        let docs = [Doc::new(Field::Body, text)];
        let (seen, clues) = clues(&Kb::embedded(), &docs);
        let (doc, seen, known) = (&docs[0], &seen[0], &clues[0].known);
        let i = doc.tokens.iter().position(|t| doc.normalised_token(t) == at).expect("it is there");
        let tagged = Tagged { tokens: 0..doc.tokens.len(), kind, probability: 0.6 };
        begins(doc, seen, known, &tagged, i)
    }

    #[test]
    fn places_and_bodies_that_are_several() {
        use EntityType::{Event, Loc, Org};
        for (text, at, kind) in [
            ("الخالدية والرمادي", "والرمادي", Loc),
            ("الخالدية وبغداد", "وبغداد", Loc),
            ("الجيش اليمني والمقاومة الشعبية", "والمقاومة", Org),
            ("اللجنة العلمية ومركز القيادة", "ومركز", Org),
            ("ملاذ للتأمين والدرع للتأمين", "والدرع", Org),
            ("الاتحاد الدستوري والعدالة والتنمية", "والعدالة", Org),
            ("الدوري وكأس فرنسا", "وكأس", Event),
        ] {
            assert!(parts(text, at, kind), "{text}");
        }
        for (text, at, kind) in [
            ("وزارة التجارة والصناعة", "والصناعة", Org),
            ("وزارة الشؤون الإسلامية والأوقاف", "والأوقاف", Org),
            ("الغذاء والدواء", "والدواء", Org),
            ("التحالف السعودي والإماراتي", "والإماراتي", Org),
            ("مدينة الأمير سلطان للعلوم والتقنية", "والتقنية", Loc),
            ("دوري الشباب والناشئين", "والناشئين", Event),
        ] {
            assert!(!parts(text, at, kind), "{text}");
        }
    }
}
