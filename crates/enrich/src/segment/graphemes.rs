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
    // The last kept token in the original; `cluster` is the one that holds its last character.
    let mut last = 0..0;
    let mut kept = 0;
    for index in 0..tokens.len() {
        let token = tokens[index];
        let range = text.to_original(token.range());
        let cut = kept > 0 && last.end < cluster.1;
        // The words of a ligature stand for the same original; other overlaps come from joining.
        let overlaps = kept > 0 && range.start < last.end && range != last;
        let joins = overlaps || (cut && range.start < cluster.1);
        if joins {
            let joined = &mut tokens[kept - 1];
            joined.end = token.end;
            joined.kind = if joined.kind == TokenKind::Punct { token.kind } else { joined.kind };
            last.end = range.end;
        } else {
            kept -= usize::from(cut);
            while cluster.1 <= range.start {
                cluster = clusters.next().unwrap_or((range.start, usize::MAX));
            }
            if cluster.0 < range.start && last.end <= cluster.0 {
                last = cluster.0..cluster.0;
                continue;
            }
            tokens[kept] = token;
            kept += 1;
            last = range;
        }
        while cluster.1 < last.end {
            cluster = clusters.next().unwrap_or((last.end, usize::MAX));
        }
    }
    kept -= usize::from(kept > 0 && last.end < cluster.1);
    tokens.truncate(kept);
}
