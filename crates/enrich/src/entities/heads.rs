//! Names that their first word makes certain, whether or not a tagger has found them: `بلدية القريات`, `السفارة الإسرائيلية`,
//! `وزارة العدل`, `مطار الدمام الدولي`.
//!
//! Only nouns that begin nothing but names when such a complement follows: a municipality and its town, an embassy and its
//! nation, a ministry and its matter. What is merely likely is left to the tagger.

mod words;

use std::ops::Range;

use words::*;

use super::settle::Known;
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;
use crate::kb::Kb;
use crate::kb::word::Class;
use crate::patterns::Guess;
use crate::tagger::Tagged;

/// A name found so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sure {
    pub tokens: Range<usize>,
    pub range: Range<u32>,
    pub kind: EntityType,
}

/// What the heads of a field are read from.
pub(super) struct Heads<'a> {
    pub kb: &'a Kb,
    pub doc: &'a Doc,
    pub seen: &'a [Seen],
    /// In order of their starts, as `tagged`.
    pub known: &'a [Known],
    pub tagged: &'a [(Tagged, Range<u32>)],
}

impl Heads<'_> {
    /// The names that neither repeat nor cross what the tagger found.
    pub(super) fn find(&self, guesses: &[Guess]) -> Vec<Sure> {
        let known = self.known.iter().filter(|k| k.kind == EntityType::Loc);
        let known = known.map(|k| self.of_place(&k.hit.tokens, k.hit.range.start, Some(k.entity)));
        let tagged = self.tagged.iter().filter(|(t, _)| t.kind == EntityType::Loc);
        let tagged = tagged.map(|(t, range)| self.of_place(&t.tokens, range.start, None));
        let guessed = guesses.iter().filter(|g| g.kind == EntityType::Org).map(|g| self.of_guess(g));
        let mut found: Vec<Sure> =
            known.chain(tagged).chain(guessed).flatten().filter(|s| self.fits(s)).collect();
        found.sort_by_key(|s| (s.range.start, s.range.end));
        found.dedup();
        found
    }

    /// Whether no name that the tagger found is the same, holds it or crosses it.
    fn fits(&self, sure: &Sure) -> bool {
        let Range { start, end } = sure.range;
        let at = self.tagged.partition_point(|(_, t)| t.end <= start);
        let mut near = self.tagged.get(at..).unwrap_or_default().iter().take_while(|(_, t)| t.start < end);
        let free = near.all(|(_, t)| t.start >= start && t.end <= end && *t != sure.range);
        // `كأس وزارة النقل`
        let head = sure.tokens.start;
        // where a ministry's name ends is for the tagger to say
        let begun = self.is(head, Class::OrgHead)
            && self
                .tagged
                .iter()
                .skip(at)
                .take_while(|(_, t)| t.start <= start)
                .any(|(t, range)| range.start == start && t.kind == sure.kind);
        let of_event = self.joined(head) && head.checked_sub(1).is_some_and(|i| self.is(i, Class::EventHead));
        free && !begun && !of_event
    }

    fn word(&self, i: usize) -> &str {
        self.doc.tokens.get(i).map_or("", |t| self.doc.folded_token(t))
    }

    /// The word behind the proclitics of token `i`, and where it starts.
    fn behind(&self, i: usize) -> Option<(&str, u32)> {
        let (token, seen) = (self.doc.tokens.get(i)?, self.seen.get(i)?);
        let start = seen.start.max(token.start + u32::from(token.proclitic));
        Some((self.doc.text.folded().get(start as usize..token.end as usize)?, start))
    }

    fn joined(&self, i: usize) -> bool {
        self.seen.get(i).is_some_and(|s| s.joined)
    }

    fn is(&self, i: usize, class: Class) -> bool {
        self.seen.get(i).is_some_and(|s| s.classes.is(class))
    }

    /// The body or building that stands before a place.
    fn of_place(&self, place: &Range<usize>, start: u32, entity: Option<u32>) -> Option<Sure> {
        let whole = self.doc.tokens.get(place.start).is_some_and(|t| t.start == start);
        let mut head = place.start.checked_sub(1).filter(|_| whole && self.joined(place.start))?;
        let region = REGIONS.contains(&self.word(head));
        if region {
            head = head.checked_sub(1).filter(|_| self.joined(head))?;
        }
        let (word, start) = self.behind(head)?;
        let (kind, end) = if OF_TOWN.contains(&word)
            && !self.is_country(entity)
            && !(PLACES.contains(&word) && self.is_place(head, entity))
            || region && OF_REGION.contains(&word)
            || !region && OF_COUNTRY.contains(&word) && self.is_country(entity)
        {
            (EntityType::Org, place.end)
        } else if !region && BUILDINGS.contains(&word) {
            let kind = self.joined(place.end) && KINDS.contains(&self.word(place.end));
            (EntityType::Loc, place.end + usize::from(kind))
        } else {
            return None;
        };
        let last = self.doc.tokens.get(end.checked_sub(1)?)?;
        Some(Sure { tokens: head..end, range: start..last.end, kind })
    }

    fn is_country(&self, entity: Option<u32>) -> bool {
        entity.and_then(|e| self.kb.entity(e)).is_some_and(|e| e.is_country())
    }

    /// Whether the municipality or emirate at token `head` is the place itself: in a country where places are called so, behind
    /// a preposition of place, and where nothing says that it acts or is led by somebody.
    fn is_place(&self, head: usize, entity: Option<u32>) -> bool {
        let country = entity.and_then(|e| self.kb.entity(e)).and_then(|e| e.country());
        let Some(before) = head.checked_sub(1).filter(|_| self.joined(head)) else { return entity.is_none() };
        let acts = self.is(before, Class::Office) || self.is(before, Class::Say);
        let inside = self.word(head).starts_with('ب')
            && self.behind(head).is_some_and(|(word, _)| word != self.word(head));
        let placed = inside || matches!(self.word(before), "في" | "من" | "الي" | "عبر" | "بين");
        matches!(country, Some("DZ" | "AE")) || placed || entity.is_none() && !acts
    }

    /// What a pattern found, as far as its head makes it certain.
    fn of_guess(&self, guess: &Guess) -> Option<Sure> {
        let head = guess.tokens.start;
        let (word, start) = self.behind(head).filter(|(_, start)| *start == guess.range.start)?;
        let before = head.checked_sub(1).filter(|_| self.joined(head)).map_or("", |i| self.word(i));
        let end = if word == "وزاره" {
            self.matter(&guess.tokens)?
        } else if let Some((_, kinds)) = COURTS.iter().find(|(court, _)| *court == word)
            && kinds.contains(&self.word(head + 1))
        {
            let nation = self.joined(head + 2) && self.is(head + 2, Class::Nation);
            head + 2 + usize::from(nation)
        } else if OF_NATION.contains(&word)
            && self.is(head + 1, Class::Nation)
            && !self.is(head + 2, Class::Nation)
        {
            // `السياسة الخارجية الأميركية`
            let adjective = matches!(word, "الخارجيه" | "الداخليه") && before.contains("ال");
            // `الرئاسة النمساوية للاتحاد`
            if adjective || self.joined(head + 2) && self.word(head + 2).starts_with("لل") {
                return None;
            }
            let high = word == "المحكمه" && self.joined(head + 2) && self.word(head + 2) == "العليا";
            head + 2 + usize::from(high) + self.of_sport(head + 2)
        } else {
            return None;
        };
        let last = self.doc.tokens.get(end.checked_sub(1)?).filter(|_| end > head + 1)?;
        Some(Sure { tokens: head..end, range: start..last.end, kind: EntityType::Org })
    }

    /// Tokens of the sport that a team or federation plays, at token `i`: `لكرة القدم`.
    fn of_sport(&self, i: usize) -> usize {
        let ball = self.joined(i) && self.word(i) == "لكره" && self.joined(i + 1);
        if ball && matches!(self.word(i + 1), "القدم" | "السله" | "اليد" | "الطايره") {
            2
        } else {
            0
        }
    }

    /// End of a ministry's name: its matter with the adjective that it cannot be without, another that و joins, and the nation.
    fn matter(&self, tokens: &Range<usize>) -> Option<usize> {
        let definite = |i: usize| i < tokens.end && self.word(i).starts_with("ال");
        let adjective = |i: usize| {
            let noun = self.word(i - 1);
            let noun = noun.strip_prefix('و').unwrap_or(noun);
            let word = self.word(i);
            let agrees = word.ends_with("يه") || word.ends_with('ي') || matches!(word, "العامه" | "العامله");
            QUALIFIED.contains(&noun) && definite(i) && agrees && !self.is(i, Class::Nation)
        };
        let mut end = Some(tokens.start + 1).filter(|i| definite(*i))? + 1;
        end += usize::from(adjective(end));
        // `التجارة والصناعة`, `الشؤون البلدية والقروية`
        let qualified = end > tokens.start + 2;
        let joins = |i: usize| {
            let and = self.word(i).strip_prefix('و').unwrap_or("");
            MATTERS.contains(&and) || qualified && and.starts_with("ال") && and.ends_with("يه")
        };
        while end < tokens.end && joins(end) {
            end += 1;
            end += usize::from(adjective(end));
        }
        Some(end + usize::from(definite(end) && self.is(end, Class::Nation)))
    }
}

/// Whether a token may begin a name that goes on from the one before it.
pub(super) fn goes_on(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let Some(token) = doc.tokens.get(i).filter(|t| t.kind == TokenKind::Arabic) else { return false };
    let Some(seen) = seen.get(i).filter(|s| s.joined) else { return false };
    let word = doc.folded_token(token);
    let of_person = seen.classes.any(Class::Title, Class::Speaker)
        || seen.classes.any(Class::Office, Class::Stop)
        || seen.classes.any(Class::Given, Class::Surname);
    let of_body = word.starts_with("لل") || word == "لكره";
    seen.classes.is(Class::Nation) || of_body || word.starts_with("ال") && !of_person
}

#[cfg(test)]
mod tests {
    use super::super::clues;
    use super::*;
    use crate::enriched::Field;

    /// The names in `text` where a tagger finds nothing.
    fn names(text: &str) -> Vec<String> {
        let kb = Kb::embedded();
        let docs = [Doc::new(Field::Body, text)];
        let (seen, mut clues) = clues(&kb, &docs);
        let clues = clues.remove(0);
        let heads = Heads { kb: &kb, doc: &docs[0], seen: &seen[0], known: &clues.known, tagged: &[] };
        let found = heads.find(&clues.guesses);
        found
            .iter()
            .map(|s| docs[0].original(s.range.start as usize..s.range.end as usize).to_owned())
            .collect()
    }

    #[test]
    fn bodies_are_called_by_their_town_region_country_or_nation() {
        for (text, name) in [
            ("التقى الأهالي رئيس بلدية القريات أمس.", "بلدية القريات"),
            ("ضبطت صحة منطقة جازان مستوصفا مخالفا.", "صحة منطقة جازان"),
            ("وقالت حكومة اليونان إنها موافقة.", "حكومة اليونان"),
            ("غادر مهاجم منتخب الأرجنتين المعسكر.", "منتخب الأرجنتين"),
            ("وأكدت السفارة الفرنسية في بيان ذلك.", "السفارة الفرنسية"),
            ("استعد المنتخب السويدي لكرة القدم للبطولة.", "المنتخب السويدي لكرة القدم"),
            ("ونددت الخارجية الروسية بالقرار.", "الخارجية الروسية"),
            ("رفضت المحكمة العليا الطعن.", "المحكمة العليا"),
            ("تأجلت الرحلات من مطار الدمام الدولي أمس.", "مطار الدمام الدولي"),
        ] {
            assert!(names(text).iter().any(|n| n == name), "{name} in {text}: {:?}", names(text));
        }
        for text in [
            // a commune, an emirate: the places themselves
            "وقع الحادث ببلدية القريات ليلا.",
            "تقام الدورة في إمارة دبي غدا.",
            "ارتفعت صحة جازان المالية.",
            // a town has no team of the country's, and no government
            "اجتمع لاعبو منتخب جدة في القاعة.",
            "انتقد الكاتب السياسة الخارجية الروسية.",
            "تنتهي الرئاسة النمساوية للاتحاد قريبا.",
            "سار الجمهور خلف الملعب إلى جدة.",
        ] {
            assert_eq!(names(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn ministries_end_where_their_matter_ends() {
        for (text, name) in [
            ("حذرت وزارة العدل الموظفين من التأخر.", "وزارة العدل"),
            ("أعلنت وزارة التجارة والصناعة ضوابط جديدة.", "وزارة التجارة والصناعة"),
            ("وجهت وزارة الشؤون البلدية والقروية المقاولين.", "وزارة الشؤون البلدية والقروية"),
            ("طالب وزارة التعليم والمعلمين بالحزم.", "وزارة التعليم"),
            ("شكر وزارة الزراعة الرامية إلى الدعم.", "وزارة الزراعة"),
        ] {
            let found = names(text);
            assert!(found.is_empty() || found.iter().any(|n| n == name), "{name} in {text}: {found:?}");
        }
        assert_eq!(names("نظمت اللجنة كأس وزارة العدل للفروسية."), Vec::<String>::new());
    }
}
