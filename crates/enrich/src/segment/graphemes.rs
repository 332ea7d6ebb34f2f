//! Keeps tokens from cutting what a reader sees as one character.

use unicode_segmentation::UnicodeSegmentation;

use crate::aligned::AlignedText;
use crate::doc::{Token, TokenKind};

/// Joins tokens that share a grapheme cluster of the original: emoji sequences, flags, a mark on a
/// punctuation mark, a number sign before its digits. A token that shares one with white space (a number
/// sign before a space) goes the way of white space.
pub(super) fn join(text: &AlignedText, tokens: &mut Vec<Token>) {
    let mut clusters = text.original().grapheme_indices(true).map(|(at, cluster)| at + cluster.len());
    // The end of the cluster that holds the last character of the last kept token, and of that token.
    let (mut cluster_end, mut last_end) = (0, 0);
    let mut kept = 0;
    for index in 0..tokens.len() {
        let token = tokens[index];
        let range = text.to_original(token.range());
        let cut = kept > 0 && last_end < cluster_end;
        if cut && range.start < cluster_end {
            let last = &mut tokens[kept - 1];
            last.end = token.end;
            last.kind = if last.kind == TokenKind::Punct { token.kind } else { last.kind };
        } else {
            kept -= usize::from(cut);
            tokens[kept] = token;
            kept += 1;
        }
        last_end = range.end;
        while cluster_end < last_end {
            cluster_end = clusters.next().unwrap_or(usize::MAX);
        }
    }
    kept -= usize::from(kept > 0 && last_end < cluster_end);
    tokens.truncate(kept);
}
