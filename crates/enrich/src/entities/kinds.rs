//! The type of a name where the knowledge base and a tagger differ.

use std::ops::Range;

use super::settle::Known;
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;
use crate::kb::Kb;
use crate::kb::word::{Class, Classes};
use crate::tagger::Tagged;

/// A reading at least this sure is the only one that the name has.
const ONLY: u8 = 95;

/// Whether the knowledge base's type of a name stands against the tagger's, however sure that is: where the name has no other
/// reading, and nothing that is called so could be of the tagger's type.
pub(super) fn stands(
    kb: &Kb,
    doc: &Doc,
    seen: &[Seen],
    known: &Known,
    tagged: &Tagged,
    all: &[(Tagged, Range<u32>)],
) -> bool {
    use EntityType::{Event, Loc, Misc, Org, Per};
    if known.confidence < ONLY {
        return false;
    }
    let single = known.hit.tokens.len() == 1;
    match (known.kind, tagged.kind) {
        (Per, _) => true,
        // a site may be called by the cup that it is about
        (Event, _) => !behind_cue(doc, seen, known.hit.tokens.start),
        // a club or company may bear the name of a person, and a person the name of a town
        (Org | Misc, Per) => {
            let word = known.hit.tokens.start;
            let given = || seen.get(word).is_some_and(|s| s.classes.any(Class::Given, Class::Surname));
            !(single && (given() || ends_person(doc, word, all)))
        }
        // a platform is a product where nothing says that its company acts: `as on Facebook`
        (Misc, Org) => is_within(doc, known.hit.tokens.start),
        // a team that is named by its country is the country; papers are called by countries, too
        (Loc, Org) => {
            let country = kb.entity(known.entity).is_some_and(|e| e.is_country());
            country && !behind_cue(doc, seen, known.hit.tokens.start)
        }
        _ => false,
    }
}

/// Whether token `i` stands behind a preposition in English, French or Russian, where what is named is no subject.
fn is_within(doc: &Doc, i: usize) -> bool {
    const BEFORE: [&str; 16] = [
        "on",
        "via",
        "in",
        "to",
        "from",
        "into",
        "sur",
        "dans",
        "vers",
        "в",
        "на",
        "через",
        "из",
        "как",
        "like",
        "with",
    ];
    let word = |i: usize| doc.tokens.get(i).map_or("", |t| doc.folded_token(t));
    let at = i
        .checked_sub(1)
        .map(|at| if matches!(word(at), "«" | "“" | "\"") { at.saturating_sub(1) } else { at });
    at.is_some_and(|at| BEFORE.contains(&word(at)))
}

/// Whether the word of token `i` ends the name of a person among `all`.
fn ends_person(doc: &Doc, i: usize, all: &[(Tagged, Range<u32>)]) -> bool {
    let word = |i: usize| doc.tokens.get(i).map_or("", |t| doc.folded_stem(t));
    let last = |t: &Tagged| t.tokens.end.checked_sub(1).map_or("", word);
    all.iter().any(|(t, _)| t.kind == EntityType::Per && t.tokens.len() > 1 && last(t) == word(i))
}

/// Whether the word for a medium, company or club stands before token `i`, perhaps with a quotation mark between.
fn behind_cue(doc: &Doc, seen: &[Seen], i: usize) -> bool {
    let is_mark = |i: &usize| doc.tokens.get(*i).is_some_and(|t| t.kind == TokenKind::Punct);
    let before = |i: usize| i.checked_sub(1);
    // `لموقع` as `موقع`
    let of = |c: Classes| c.any(Class::OrgCue, Class::OrgHead) || c.is(Class::ClubCue);
    let cue = |s: &Seen| of(s.classes) || of(s.inner);
    let at = before(i).and_then(|at| if is_mark(&at) { before(at) } else { Some(at) });
    at.and_then(|at| seen.get(at)).is_some_and(cue)
}

#[cfg(test)]
mod tests {
    use super::super::clues;
    use super::*;
    use crate::enriched::Field;

    /// Whether the type of the first name of the knowledge base in `text` stands against `kind`.
    fn holds(text: &str, kind: EntityType, others: &[(Range<usize>, EntityType)]) -> bool {
        let kb = Kb::embedded();
        let docs = [Doc::new(Field::Body, text)];
        let (seen, clues) = clues(&kb, &docs);
        let known = clues[0].known.first().expect("a name");
        let tagged = |tokens: &Range<usize>, kind| Tagged { tokens: tokens.clone(), kind, probability: 0.9 };
        let all: Vec<_> = others.iter().map(|(tokens, kind)| (tagged(tokens, *kind), 0..0)).collect();
        stands(&kb, &docs[0], &seen[0], known, &tagged(&known.hit.tokens, kind), &all)
    }

    #[test]
    fn names_with_one_reading_keep_their_type() {
        use EntityType::{Misc, Org, Per};
        assert!(holds("She wrote about it on Facebook today.", Org, &[]));
        assert!(!holds("Facebook has announced a new service.", Org, &[]));
        assert!(!holds("Many complained, and Facebook apologised.", Org, &[]));
        assert!(holds("انتهت الحرب العالمية الثانية قبل عقود.", Misc, &[]));
        assert!(holds("صرح الوزير لوكالة فرانس برس بذلك.", Per, &[]));
        assert!(holds("سجلت تشيلي هدفا متأخرا.", Org, &[]));
        // a paper that is called by a country, a site that is called by a cup
        assert!(!holds("ذكرت صحيفة \"إيران\" ذلك.", Org, &[]));
        assert!(!holds("نشر موقع \"أبطال أوروبا\" الصورة.", Misc, &[]));
        assert!(!holds("ظهرت الصورة لموقع \"أبطال أوروبا\" أمس.", Misc, &[]));
        // somebody of that name
        assert!(!holds("أشاد هواوي بزملائه. وكان سالم هواوي قد غاب.", Per, &[(5..7, Per)]));
    }
}
