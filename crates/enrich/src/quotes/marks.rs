//! Pairs of quotation marks, in one pass over the text.
//!
//! Marks pair within a paragraph. `"` says by its neighbours whether it opens or closes; where they
//! do not tell, it closes what is open. Marks without a partner survive as what they are worth: an
//! opening one reaches to the end of its paragraph, a closing one is passed over.

use std::ops::Range;

/// Marks nested deeper than this pair as if they stood on this level.
const DEEPEST: usize = 4;

/// A quoted stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// Inside the marks, white space trimmed.
    pub inner: Range<usize>,
    /// With the marks.
    pub outer: Range<usize>,
    /// Whether the closing mark is there.
    pub closed: bool,
    /// Whether it lies inside another pair.
    pub nested: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    /// `"` and its look-alikes.
    Double,
    /// « ».
    Angle,
    /// ‘ ’ and '.
    Single,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    Either,
}

struct Open {
    family: Family,
    outer: usize,
    inner: usize,
}

/// All pairs in order of their opening mark.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    let mut out = Vec::new();
    if !text.contains(['"', '«', '»', '“', '”', '„', '‘', '’', '\'', '`', '‟']) {
        return out;
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut before = '\n';
    let mut two_before = '\n';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        if c == '\n' {
            close_paragraph(text, &mut stack, at, &mut out);
        } else if let Some(family) = family(c) {
            // doubled marks (`""`, ``` `` ```, `''`) are one mark
            while let Some(&(next, same)) = chars.peek() {
                if same != c || matches!(c, '«' | '»') {
                    break;
                }
                end = next + same.len_utf8();
                chars.next();
            }
            let doubled = end - at > c.len_utf8();
            let family = if family == Family::Single && doubled { Family::Double } else { family };
            let after = chars.peek().map_or('\n', |&(_, next)| next);
            let empty = c == '"' && end - at == 2 && stack.is_empty() && !after.is_alphanumeric();
            if c == '`' && !doubled || empty {
                // a lone backtick, or "" with nothing inside
            } else if let Some(side) = side(c, family, two_before, before, after, &stack) {
                // "نعم "وأضاف "لا": what looks like an opening one closes, when a verb and another mark follow
                let turned = c == '"' && side == Side::Opens && brings_next(text, end);
                let side = if turned && stack.iter().any(|open| open.family == family) {
                    Side::Closes
                } else {
                    side
                };
                mark(text, &mut stack, (at, end), family, side, &mut out);
            }
        }
        two_before = before;
        before = c;
    }
    close_paragraph(text, &mut stack, text.len(), &mut out);
    out.retain(|pair| !pair.inner.is_empty());
    out.sort_by_key(|pair| pair.outer.start);
    if out.first().is_some_and(|pair| is_wrapping(text, pair)) {
        out.remove(0);
    }
    let mut reach = 0;
    for pair in &mut out {
        pair.nested = pair.outer.start < reach;
        reach = reach.max(pair.outer.end);
    }
    out
}

/// Whether a pair holds the whole text, several sentences: so a field of a table is written, which doubles the marks within.
fn is_wrapping(text: &str, pair: &Pair) -> bool {
    let inside = || text.get(pair.inner.clone()).unwrap_or("").trim_end_matches(['.', '"', ' ']);
    pair.closed && pair.outer.len() == text.trim().len() && inside().matches(". ").count() > 1
}

fn family(c: char) -> Option<Family> {
    match c {
        '"' | '“' | '”' | '„' | '‟' | '`' | '″' => Some(Family::Double),
        '«' | '»' => Some(Family::Angle),
        '‘' | '’' | '\'' => Some(Family::Single),
        _ => None,
    }
}

/// Which side a mark is of; `None` for an apostrophe.
fn side(c: char, family: Family, two: char, before: char, after: char, stack: &[Open]) -> Option<Side> {
    let free_before = !before.is_alphanumeric() && before != 'ـ';
    let free_after = !after.is_alphanumeric();
    match c {
        // inches, unless it closes what is open
        '″' => return stack.iter().any(|open| open.family == family).then_some(Side::Closes),
        '«' | '„' | '‟' => return Some(Side::Opens),
        '»' => return Some(Side::Closes),
        '’' | '\'' if !free_before && !free_after => return None,
        '’' if stack.iter().any(|open| open.family == Family::Single) => return Some(Side::Closes),
        '\'' | '‘' if free_before && !free_after => return Some(Side::Opens),
        '\'' if stack.iter().any(|open| open.family == Family::Single) => return Some(Side::Closes),
        '‘' => return Some(Side::Opens),
        '’' | '\'' => return None,
        _ => {}
    }
    let is_open = stack.iter().any(|open| open.family == family);
    // a proclitic is written onto the mark: بـ"…", و"…"
    let clitic = before == 'ـ' || matches!(before, 'و' | 'ب' | 'ل' | 'ك' | 'ف') && !two.is_alphanumeric();
    let shape =
        match (before.is_whitespace() || before == '(' || before == ':' || clitic, after.is_whitespace()) {
            (true, false) if after.is_alphanumeric() || after == '(' || after == '#' => Side::Opens,
            (false, true) => Side::Closes,
            _ => Side::Either,
        };
    Some(match (c, shape) {
        ('“', Side::Closes) if is_open => Side::Closes,
        ('“', _) => {
            if is_open && shape == Side::Either {
                Side::Closes
            } else {
                Side::Opens
            }
        }
        ('”', Side::Opens) if !is_open => Side::Opens,
        // قال: ” نعم
        ('”', _) if !is_open && (before == ':' || two == ':' && before == ' ') => Side::Opens,
        ('”', _) => Side::Closes,
        (_, Side::Closes) if !is_open => Side::Opens,
        _ => shape,
    })
}

fn mark(
    text: &str,
    stack: &mut Vec<Open>,
    (at, end): (usize, usize),
    family: Family,
    side: Side,
    out: &mut Vec<Pair>,
) {
    let partner = stack.iter().rposition(|open| open.family == family);
    match (side, partner) {
        (Side::Closes | Side::Either, Some(index)) => {
            // what was opened inside and never closed is no pair
            stack.truncate(index + 1);
            if let Some(open) = stack.pop() {
                out.push(pair(text, open.inner..at, open.outer..end, true));
            }
        }
        (Side::Closes, None) => {}
        (Side::Opens, _) | (Side::Either, None) => {
            if stack.len() >= DEEPEST {
                stack.truncate(DEEPEST - 1);
            }
            stack.push(Open { family, outer: at, inner: end });
        }
    }
}

/// Whether a word brings what is said, and goes on with it.
fn is_verb(word: &str) -> bool {
    const VERBS: [&str; 25] = [
        "وأضاف",
        "وأضافت",
        "واضاف",
        "واضافت",
        "وأضافوا",
        "وتابع",
        "وتابعت",
        "وقال",
        "وقالت",
        "وأكد",
        "وأكدت",
        "وأوضح",
        "وأوضحت",
        "وأردف",
        "وختم",
        "واستطرد",
        "قائلا",
        "قائلة",
        "مضيفا",
        "مضيفة",
        "مؤكدا",
        "مؤكدة",
        "متابعا",
        "موضحا",
        "موضحة",
    ];
    let word =
        word.strip_suffix("ًا").or(word.strip_suffix("اً")).map_or(word.to_owned(), |stem| format!("{stem}ا"));
    VERBS.contains(&word.as_str())
}

/// Whether a verb of saying and the mark that it brings stand at byte `at`.
fn brings_next(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    rest.starts_with('و')
        && rest.char_indices().take(24).find(|&(_, c)| c == '"').is_some_and(|(mark, _)| {
            let word = rest.get(..mark).unwrap_or("").trim_end_matches([' ', ':']);
            is_verb(word)
        })
}

/// The outermost mark that is still open reaches to the end of the paragraph, or to the verb that brings the next quote:
/// `قال "نعم، وأضاف "لا"`.
fn close_paragraph(text: &str, stack: &mut Vec<Open>, end: usize, out: &mut Vec<Pair>) {
    let Some(open) = stack.drain(..).next().filter(|open| open.family != Family::Single) else { return };
    let inside = out.iter().rev().take_while(|pair| pair.outer.end > open.outer);
    match inside.filter_map(|pair| verb_before(text, open.inner, pair.outer.start)).min() {
        Some(verb) => out.push(pair(text, open.inner..verb, open.outer..verb, true)),
        None => out.push(pair(text, open.inner..end, open.outer..end, false)),
    }
}

/// Where the verb begins that stands right before byte `mark` and brings what is said there, behind what was opened at
/// byte `from`.
fn verb_before(text: &str, from: usize, mark: usize) -> Option<usize> {
    let before = text.get(from..mark)?.trim_end_matches([' ', ':']);
    let word = before.rsplit([' ', '"', '،']).next()?;
    let verb = from + before.len() - word.len();
    let said = text.get(from..verb)?.trim_end_matches([' ', '،', ',', '.', '"']);
    (is_verb(word) && said.split_whitespace().nth(1).is_some()).then_some(from + said.len())
}

fn pair(text: &str, inner: Range<usize>, outer: Range<usize>, closed: bool) -> Pair {
    let inside = text.get(inner.clone()).unwrap_or("");
    let start = inner.start + (inside.len() - inside.trim_start().len());
    let end = (start + inside.trim().len()).max(start);
    Pair { inner: start..end, outer, closed, nested: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(text: &str) -> Vec<&str> {
        pairs(text).into_iter().map(|pair| &text[pair.inner]).collect()
    }

    #[test]
    fn marks_of_every_kind_pair() {
        assert_eq!(inside("قال: \"نعم سنعمل\"، ثم خرج"), ["نعم سنعمل"]);
        assert_eq!(inside("قال «نعم» و“لا”"), ["نعم", "لا"]);
        assert_eq!(inside("он сказал: „да“"), ["да"]);
        assert_eq!(inside("he said ‘it’s fine’ and left"), ["it’s fine"]);
        assert_eq!(inside("وقال \" نعم \" ثم"), ["نعم"]);
        assert_eq!(inside("said ``yes`` today"), ["yes"]);
        assert_eq!(inside("بـ\"خطوة\" أولى"), ["خطوة"]);
    }

    #[test]
    fn apostrophes_are_no_marks() {
        assert!(inside("l'homme d’État didn't").is_empty());
        assert!(inside("the dogs' owner").is_empty());
    }

    #[test]
    fn nested_marks_pair_inside() {
        assert_eq!(inside("قال \"إن قناة \"الأفق\" عادت\" أمس"), ["إن قناة \"الأفق\" عادت", "الأفق"]);
        assert_eq!(inside("«он видел „это“ сам»"), ["он видел „это“ сам", "это"]);
    }

    #[test]
    fn marks_around_the_whole_text_are_none() {
        let field = "\"\"\"Снег идет. Ветер стих. \"\"\"\"Пора домой\"\"\"\", - сказал он. Все ушли. \"\"\"";
        assert_eq!(inside(field), ["Пора домой"]);
        assert_eq!(inside("\"Снег идет. Пора домой\""), ["Снег идет. Пора домой"]);
        assert_eq!(inside("\"Снег идет. Ветер стих. Пора\", сказал он."), ["Снег идет. Ветер стих. Пора"]);
    }

    #[test]
    fn unbalanced_marks_survive() {
        assert_eq!(inside("قال \"نعم\nوعاد \"لا\" اليوم"), ["نعم", "لا"]);
        assert_eq!(inside("كلام\" آخر"), ["آخر"]);
        assert!(inside("\"").is_empty());
        assert!(inside("»»»").is_empty());
        assert_eq!(pairs(&"\"".repeat(10_001)).len(), 0);
        assert!(pairs(&"«".repeat(10_000)).len() <= 1);
        assert!(pairs(&" \"a".repeat(10_000)).len() <= 10_000);
    }
}
