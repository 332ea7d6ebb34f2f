//! Keeps tokens from cutting what a reader sees as one character.

use unicode_segmentation::UnicodeSegmentation;

use crate::aligned::AlignedText;
use crate::doc::{Token, TokenKind};

/// Joins tokens that share a grapheme cluster of the original: emoji sequences, flags, a mark on a
/// punctuation mark, a number sign before its digits.
pub(super) fn join(text: &AlignedText, tokens: &mut Vec<Token>) {
    let mut clusters = text.original().grapheme_indices(true).map(|(at, cluster)| at + cluster.len());
    let mut cluster_end = clusters.next().unwrap_or(0);
    let mut kept = 0;
    let mut last_end = 0; // where the last kept token ends in the original
    for index in 0..tokens.len() {
        let token = tokens[index];
        let range = text.to_original(token.range());
        // the cluster in which the last token's last character lies
        while cluster_end < last_end {
            cluster_end = clusters.next().unwrap_or(usize::MAX);
        }
        if kept > 0 && last_end > 0 && range.start < cluster_end && range.start >= last_end {
            let last = &mut tokens[kept - 1];
            last.end = token.end;
            last.kind = if last.kind == TokenKind::Punct { token.kind } else { last.kind };
            last_end = range.end;
            continue;
        }
        last_end = range.end;
        tokens[kept] = token;
        kept += 1;
    }
    tokens.truncate(kept);
}
