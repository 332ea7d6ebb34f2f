//! Names of the knowledge base over quotation marks: `شركة "ميشلان"`, `صحيفة "ليزيكو" الفرنسية` are called what is inside the marks.

use super::settle::Known;
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;
use crate::kb::word::Class;

/// Nouns for papers, channels and sites, which are outside of their names, folded.
const MEDIA: [&str; 5] = ["صحيفه", "جريده", "مجله", "قناه", "موقع"];

/// Takes off what the rules of annotation leave outside: the noun before an opening mark with the nation behind the closing one, the
/// nation behind a closing mark alone, and the noun for a medium.
pub(super) fn without(doc: &Doc, seen: &[Seen], known: &mut Known) {
    let tokens = known.hit.tokens.clone();
    if tokens.len() == 1 {
        return;
    }
    let mark = |i: usize| {
        let token = doc.tokens.get(i).filter(|t| t.kind == TokenKind::Punct);
        token.map_or("", |t| doc.normalised_token(t))
    };
    let is_mark = |i: &usize| matches!(mark(*i), "\"" | "«" | "»" | "“" | "”" | "„");
    let nation = |i: usize| i == tokens.end || seen.get(i).is_some_and(|s| s.classes.is(Class::Nation));
    // of most names the first word tells that there are none
    let mut marks = tokens.clone().filter(is_mark);
    match (marks.next(), marks.next()) {
        // `صحيفة "ليزيكو" الفرنسية`, but `جزر "ساندويتش" الجنوبية`
        (Some(open), Some(close))
            if open == tokens.start + 1 && close + 2 >= tokens.end && nation(close + 1) =>
        {
            to(doc, known, open + 1, close);
        }
        // the closing mark is behind the name, or the opening one before it
        (Some(at), None) if at == tokens.start + 1 && is_mark(&tokens.end) => {
            to(doc, known, at + 1, tokens.end)
        }
        (Some(at), None)
            if at + 2 == tokens.end
                && nation(at + 1)
                && tokens.start.checked_sub(1).is_some_and(|i| is_mark(&i)) =>
        {
            to(doc, known, tokens.start, at);
        }
        (None, _) if known.kind == EntityType::Org => {
            let Some(first) = doc.tokens.get(tokens.start) else { return };
            let word = doc.text.folded().get(known.hit.range.start as usize..first.end as usize);
            if word.is_some_and(|word| MEDIA.contains(&word)) {
                to(doc, known, tokens.start + 1, tokens.end);
            }
        }
        _ => {}
    }
}

/// Whether a name of one word is the nation behind a closing mark: `قناة "الإخبارية" السعودية`.
pub(super) fn is_nation(doc: &Doc, seen: &[Seen], known: &Known) -> bool {
    let i = known.hit.tokens.start;
    let nation = known.hit.tokens.len() == 1 && seen.get(i).is_some_and(|s| s.classes.is(Class::Nation));
    let token = |back: usize| i.checked_sub(back).filter(|_| nation).and_then(|i| doc.tokens.get(i));
    let (Some(word), Some(mark)) = (token(2), token(1)) else { return false };
    word.end == mark.start
        && matches!(doc.normalised_token(mark), "\"" | "»" | "”")
        && word.kind != TokenKind::Punct
}

/// Sets what the name covers.
fn to(doc: &Doc, known: &mut Known, start: usize, end: usize) {
    let first = doc.tokens.get(start).filter(|_| start < end);
    let Some((first, last)) = first.zip(end.checked_sub(1).and_then(|i| doc.tokens.get(i))) else { return };
    let hit = &mut known.hit;
    hit.range = if start == hit.tokens.start { hit.range.start } else { first.start }..last.end;
    hit.tokens = start..end;
}

#[cfg(test)]
mod tests {
    use crate::doc::Doc;
    use crate::enriched::Field;
    use crate::kb::Kb;
    use crate::tagger::Taggers;

    /// The outermost names in `text`.
    fn names(text: &str) -> Vec<String> {
        let docs = [Doc::new(Field::Body, text)];
        let found = super::super::find(&Kb::embedded(), &Taggers::default(), &docs, "ar");
        found.to_mentions(&docs).into_iter().filter(|m| m.nested_in.is_none()).map(|m| m.text).collect()
    }

    #[test]
    fn names_are_inside_the_marks() {
        for (text, name) in [
            ("وقعت شركة \"مايكروسوفت\" العقد.", "مايكروسوفت"),
            ("أعلن تنظيم «الدولة الإسلامية» مسؤوليته.", "الدولة الإسلامية"),
            ("ذكرت صحيفة \"القدس العربي\" ذلك.", "القدس العربي"),
            ("ذكرت صحيفة القدس العربي ذلك.", "القدس العربي"),
            ("صرح لشركة مايكروسوفت بذلك.", "شركة مايكروسوفت"),
            ("عبرت السفينة قناة السويس فجرا.", "قناة السويس"),
        ] {
            assert!(names(text).iter().any(|n| n == name), "{name} in {text}: {:?}", names(text));
        }
        assert_eq!(names("ذكرت قناة \"الإخبارية\" السعودية ذلك."), ["الإخبارية"]);
        assert!(names("تقع «نيوم» في السعودية.").iter().any(|n| n == "السعودية"));
    }
}
