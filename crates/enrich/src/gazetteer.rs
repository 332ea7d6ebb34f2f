//! Names of the knowledge base in a text: one pass over the tokens, one hash look-up a token.
//!
//! A name begins where a token begins or behind its proclitics and ends where a token ends. Both
//! readings of a token are tried (`لندن` is a name, `لروسيا` is ل and a name); the longer match
//! stands, and of equal ones the one that cuts nothing off.

use std::ops::Range;

use crate::clitics;
use crate::doc::{Doc, Token, TokenKind};
use crate::kb::word::{Class, Classes};
use crate::kb::{Kb, Node, Word};

/// A token as the knowledge base sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// First byte of the reading that `classes` describes: behind proclitics, if it has some.
    pub start: u32,
    /// What kind of word that is.
    pub classes: Classes,
    /// What kind of word stands behind the proclitics that the segmenter found, whatever the whole is.
    pub inner: Classes,
    /// The whole token, where the knowledge base has it.
    whole: Option<Word>,
    /// Whether only white space stands between it and the token before.
    pub joined: bool,
}

/// A place where a name of the knowledge base stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Tokens it covers, the first perhaps in part.
    pub tokens: Range<usize>,
    /// Bytes it covers.
    pub range: Range<u32>,
    /// The name.
    pub node: Node,
}

/// Longest name in tokens that is looked for.
const MAX_WORDS: usize = 14;

/// A word behind the proclitics of a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Behind {
    /// The token.
    token: usize,
    /// Bytes of the proclitics.
    len: u32,
    word: Word,
}

/// Looks every token up, whole and behind its proclitics.
pub(crate) fn see(kb: &Kb, doc: &Doc) -> (Vec<Seen>, Vec<Behind>) {
    let folded = doc.text.folded();
    let mut words = look_up(kb, doc).into_iter().peekable();
    let mut end = 0;
    let mut behind: Vec<Behind> = Vec::new();
    let see_token = |(i, t): (usize, &Token)| {
        let gap = folded.get(end as usize..t.start as usize).unwrap_or("-");
        end = t.end;
        let joined = gap.chars().all(char::is_whitespace);
        let first = behind.len();
        let mut whole = None;
        while let Some(found) = words.next_if(|found| found.token == i) {
            match found.len {
                0 => whole = Some(found.word),
                // With the article that لل has lost, before the bare word.
                len if behind.last().is_some_and(|last| (last.token, last.len) == (i, len)) => {}
                _ => behind.push(found),
            }
        }
        let classes = whole.map(|w| w.classes).unwrap_or_default();
        let cut_off = behind.get(first..).unwrap_or_default();
        let inner = cut_off.iter().find(|b| b.len == u32::from(t.proclitic)).map(|b| b.word.classes);
        let seen = Seen { start: t.start, classes, inner: inner.unwrap_or_default(), whole, joined };
        if classes != Classes::default() || t.kind != TokenKind::Arabic {
            return seen;
        }
        // The first cut that leaves a word with classes; the segmenter's own cut otherwise, and where that leaves a
        // word of names: لبنان in `للبنان`, not بنان.
        let own = |b: &&Behind| b.len == u32::from(t.proclitic);
        match cut_off.iter().find(|b| own(b) || b.word.classes != Classes::default()) {
            Some(b) => Seen { start: t.start + b.len, classes: b.word.classes, ..seen },
            None => Seen { start: t.start + u32::from(t.proclitic), ..seen },
        }
    };
    let seen = doc.tokens.iter().enumerate().map(see_token).collect();
    (seen, behind)
}

/// The words of the knowledge base that the tokens are, whole (`len` 0) and behind proclitics, in text order. All are
/// asked for before the first is waited for.
fn look_up(kb: &Kb, doc: &Doc) -> Vec<Behind> {
    let folded = doc.text.folded();
    let mut asked = Vec::with_capacity(doc.tokens.len());
    for (token, t) in doc.tokens.iter().enumerate() {
        if t.kind == TokenKind::Punct {
            continue;
        }
        let Some(text) = folded.get(t.start as usize..t.end as usize) else { continue };
        let mut ask = |len: u32, lost: &'static str| {
            let rest = text.get(len as usize..).unwrap_or("");
            asked.extend(kb.ask(lost, rest).map(|asked| (token, len, lost, rest, asked)));
        };
        ask(0, "");
        if t.kind == TokenKind::Arabic {
            let mut cuts = cuts(text).peekable();
            let before = token.checked_sub(1).and_then(|before| doc.tokens.get(before));
            let bound = |before| clitics::bound(&doc.text, before, t);
            if cuts.peek().is_none() || before.is_some_and(bound) {
                continue;
            }
            for cut in cuts {
                if !cut.lost.is_empty() {
                    ask(cut.len, cut.lost);
                }
                ask(cut.len, "");
            }
        }
    }
    for (.., asked) in &mut asked {
        kb.fetch(asked);
    }
    let answer =
        |(token, len, lost, rest, asked)| Some(Behind { token, len, word: kb.answer(&asked, lost, rest)? });
    asked.into_iter().filter_map(answer).collect()
}

/// All names, in order of their start; where several begin at one token, the longest.
pub(crate) fn find(kb: &Kb, doc: &Doc, seen: &[Seen], behind: &[Behind]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut behind = behind.iter().peekable();
    let folded = doc.text.folded();
    for (i, token) in doc.tokens.iter().enumerate() {
        if token.kind == TokenKind::Punct {
            continue;
        }
        let Some(text) = folded.get(token.start as usize..token.end as usize) else { continue };
        let whole = seen.get(i).and_then(|s| s.whole);
        let mut best = whole.and_then(|w| walk(kb, doc, seen, i, w, token.start, token.end));
        // A cut that leaves nothing but the rest of another word is no name: فرقة is none of الرقة.
        let other_word = |whole: Word| whole.classes != Classes::default() || whole.root.is_some();
        let ordinary = whole.is_some_and(|w| w.classes.any(Class::Common, Class::Given))
            || token.proclitic == 0 && (whole.is_some_and(other_word) || clitics::is_whole(text));
        let mut try_cut = |start: u32, end: u32, word: Word| {
            let Some(hit) = walk(kb, doc, seen, i, word, start, end) else { return };
            if ordinary && hit.tokens.len() == 1 {
                return;
            }
            if best.as_ref().is_none_or(|b| hit.range.end > b.range.end) {
                best = Some(hit);
            }
        };
        match token.kind {
            TokenKind::Arabic => {
                while let Some(cut) = behind.next_if(|b| b.token <= i) {
                    // س stands before verbs alone
                    if text.get(..cut.len as usize).is_some_and(|letters| letters.ends_with('س')) {
                        continue;
                    }
                    try_cut(token.start + cut.len, token.end, cut.word);
                }
            }
            TokenKind::Latin => {
                for part in parts(text) {
                    if let Some(word) = text.get(part.clone()).and_then(|p| kb.word("", p)) {
                        let (start, end) = (token.start + part.start as u32, token.start + part.end as u32);
                        try_cut(start, end, word);
                    }
                }
            }
            _ => {}
        }
        hits.extend(best);
    }
    hits
}

/// Follows the words of names from token `i`, read as `word` over `start..end`.
fn walk(kb: &Kb, doc: &Doc, seen: &[Seen], i: usize, word: Word, start: u32, end: u32) -> Option<Hit> {
    let mut node = word.root?;
    let mut best = None;
    let mut last = i;
    let mut end = end;
    // The mark that would close a quotation opened inside the name.
    let mut open = None;
    loop {
        if kb.readings(node).len() != 0 && fits(kb, doc, node, start..end) {
            let closing = open.is_some_and(|mark| {
                doc.tokens.get(last + 1).is_some_and(|t| t.start == end && doc.normalised_token(t) == mark)
            });
            let (tokens, end) = if closing {
                (i..last + 2, end + open.map_or(0, str::len) as u32)
            } else {
                (i..last + 1, end)
            };
            best = Some(Hit { tokens, range: start..end, node });
        }
        // Over the next gap: white space, or one mark that names are written with.
        let mut next = last + 1;
        let mut gap = Gap::default();
        while let Some(t) = doc.tokens.get(next).filter(|t| t.kind == TokenKind::Punct) {
            gap.add(doc, end, t);
            open = quote(doc.normalised_token(t), open);
            next += 1;
            if gap.broken {
                break;
            }
        }
        let Some(t) = doc.tokens.get(next) else { break };
        gap.close(doc, end, t.start);
        let whole = seen.get(next).and_then(|s| s.whole);
        let Some(on) =
            whole.filter(|_| !gap.broken && next - i < MAX_WORDS).and_then(|w| kb.next(node, w.id))
        else {
            break;
        };
        (node, last, end) = (on, next, t.end);
    }
    best
}

/// The closing mark that is awaited after `mark`.
fn quote(mark: &str, open: Option<&'static str>) -> Option<&'static str> {
    match (mark, open) {
        ("\"", None) => Some("\""),
        ("«", _) => Some("»"),
        ("“" | "„", _) => Some("”"),
        ("\"" | "»" | "”", _) => None,
        _ => open,
    }
}

/// What stands between two words of a name.
#[derive(Default)]
struct Gap {
    marks: u32,
    tight: bool,
    broken: bool,
}

impl Gap {
    fn add(&mut self, doc: &Doc, end: u32, mark: &Token) {
        let text = doc.text.normalised().get(mark.start as usize..mark.end as usize).unwrap_or_default();
        match text {
            "-" | "‐" | "‑" | "–" | "_" | "'" | "’" | "\"" | "«" | "»" | "“" | "”" | "„" | "&" =>
                {}
            "." | "·" | "/" => self.tight = true,
            _ => self.broken = true,
        }
        self.marks += 1;
        // At most a closing and an opening mark; a dot only inside a word.
        self.broken |= self.marks > 2 || (self.tight && mark.start != end);
    }

    fn close(&mut self, doc: &Doc, end: u32, next: u32) {
        let space = doc.text.normalised().get(end as usize..next as usize).unwrap_or_default();
        self.broken |= self.tight && next != end + 1;
        self.broken |= space.len() > 8 || space.matches('\n').count() > 1;
    }
}

/// Whether the letters are as the name wants them: Latin and Cyrillic names begin with a capital,
/// acronyms are all capitals.
fn fits(kb: &Kb, doc: &Doc, node: Node, range: Range<u32>) -> bool {
    let Some(text) = doc.text.normalised().get(range.start as usize..range.end as usize) else {
        return false;
    };
    let Some(first) = text.chars().find(|c| c.is_alphanumeric()) else { return false };
    if !(first.is_lowercase() || first.is_uppercase()) {
        return true;
    }
    if first.is_lowercase() {
        return false;
    }
    let shouting = text.chars().all(|c| !c.is_lowercase());
    shouting || kb.readings(node).any(|r| !r.capitals)
}

/// A way to take proclitics off a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    /// Bytes taken off.
    pub len: u32,
    /// What was lost with them: the article in لل.
    lost: &'static str,
}

/// The cuts that the first letters of an Arabic token allow, shortest first: `و`, `ف`, then one of
/// `ب ك ل س` or `لل`, of which a name may keep the second lam; at least two letters are left.
pub(crate) fn cuts(token: &str) -> impl Iterator<Item = Cut> {
    let bytes = token.as_bytes();
    let letter = |i: usize| bytes.get(2 * i..2 * i + 2).unwrap_or_default();
    let first = letter(0);
    let joins = first == "و".as_bytes() || first == "ف".as_bytes();
    let at = usize::from(joins);
    let prep = |i: usize| ["ب", "ك", "ل", "س"].iter().any(|p| p.as_bytes() == letter(i));
    let double = letter(at) == "ل".as_bytes() && letter(at + 1) == "ل".as_bytes();
    let long_enough = move |letters: usize| bytes.len() >= 2 * letters + 4;
    let cut = move |yes: bool, letters: usize, lost: &'static str| {
        (yes && long_enough(letters)).then_some(Cut { len: 2 * letters as u32, lost })
    };
    [cut(joins, 1, ""), cut(prep(at), at + 1, ""), cut(double, at + 2, "ال")].into_iter().flatten()
}

/// Parts of a Latin token at its apostrophe: `l'Iran`, `Russia's`.
fn parts(token: &str) -> impl Iterator<Item = Range<usize>> {
    let at = token.find(['\'', '’', 'ʼ']);
    let mark = at.and_then(|i| token.get(i..)).and_then(|s| s.chars().next()).map_or(0, char::len_utf8);
    let suffix = at.filter(|i| token.get(i + mark..).is_some_and(|s| s == "s" || s.is_empty())).map(|i| 0..i);
    let prefix = at.filter(|i| *i <= 7).map(|i| i + mark..token.len());
    suffix.or(prefix).into_iter()
}
