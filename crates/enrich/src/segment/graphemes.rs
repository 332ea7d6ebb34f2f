//! Keeps tokens from cutting what a reader sees as one character.

use unicode_segmentation::UnicodeSegmentation;

use crate::aligned::AlignedText;
use crate::doc::{Token, TokenKind};

/// Joins tokens that share a grapheme cluster of the original: emoji sequences, flags, a mark on a
/// punctuation mark, a number sign before its digits. A token that shares one with white space or with
/// something removed (a number sign before a space) goes the way of that.
pub(super) fn join(text: &AlignedText, tokens: &mut Vec<Token>) {
    let mut clusters = text.original().grapheme_indices(true).map(|(at, cluster)| (at, at + cluster.len()));
    let mut cluster = clusters.next().unwrap_or((0, 0));
    // Where the last kept token ends in the original; `cluster` is the one that holds its last character.
    let mut last_end = 0;
    let mut kept = 0;
    for index in 0..tokens.len() {
        let token = tokens[index];
        let range = text.to_original(token.range());
        let cut = kept > 0 && last_end < cluster.1;
        let shares_unit = kept > 0 && cluster.0 < range.start && range.start < last_end;
        let joins = shares_unit || (cut && range.start < cluster.1);
        if joins {
            let last = &mut tokens[kept - 1];
            last.end = token.end;
            last.kind = if last.kind == TokenKind::Punct { token.kind } else { last.kind };
        } else {
            kept -= usize::from(cut);
            while cluster.1 <= range.start {
                cluster = clusters.next().unwrap_or((range.start, usize::MAX));
            }
            if cluster.0 < range.start && last_end <= cluster.0 {
                last_end = cluster.0;
                continue;
            }
            tokens[kept] = token;
            kept += 1;
        }
        last_end = range.end;
        while cluster.1 < last_end {
            cluster = clusters.next().unwrap_or((last_end, usize::MAX));
        }
    }
    kept -= usize::from(kept > 0 && last_end < cluster.1);
    tokens.truncate(kept);
}
