//! The map between normalised and original text: runs of equal steps.

use std::ops::Range;

/// Covers the normalised text with runs. In a run every `norm_step` bytes of the normalised text stand
/// for `orig_step` bytes of the original: `1:1` is text that kept its bytes' positions, `1:2` a row of
/// Arabic digits, `2:4` a row of letters with a mark each, `33:3` one ligature. Original text that
/// belongs to no run was removed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Map {
    runs: Vec<Run>,
}

/// A run; it ends where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub norm: u32,
    pub orig: u32,
    pub norm_step: u32,
    pub orig_step: u32,
}

impl Run {
    /// Whether positions inside it differ by a constant.
    pub fn is_verbatim(&self) -> bool {
        self.norm_step == 1 && self.orig_step == 1
    }
}

impl Map {
    pub fn new(runs: Vec<Run>) -> Self {
        Self { runs }
    }

    /// The map of a text of `len` bytes that was not changed.
    pub fn identity(len: usize) -> Self {
        let run = Run { norm: 0, orig: 0, norm_step: 1, orig_step: 1 };
        Self { runs: if len == 0 { Vec::new() } else { vec![run] } }
    }

    /// Maps a range of the normalised text (of `len` bytes) that lies on character boundaries.
    pub fn to_original(&self, start: usize, end: usize, len: usize) -> Range<usize> {
        if start == end {
            // Between two characters: where the next one starts, at the very end where the last one ends.
            let at = match (start < len, start) {
                (true, _) => self.unit(start).start,
                (false, 0) => 0,
                (false, _) => self.unit(start - 1).end,
            };
            return at..at;
        }
        self.unit(start).start..self.unit(end - 1).end
    }

    /// The original bytes of the unit that holds normalised byte `at`.
    fn unit(&self, at: usize) -> Range<usize> {
        let index = match self.runs.as_slice() {
            [_] => 0,
            runs => runs.partition_point(|run| run.norm as usize <= at).saturating_sub(1),
        };
        let Some(run) = self.runs.get(index) else { return 0..0 };
        let unit = (at - run.norm as usize) / run.norm_step as usize;
        let start = run.orig as usize + unit * run.orig_step as usize;
        start..start + run.orig_step as usize
    }

    /// See [`super::AlignedText::offset_map`].
    pub fn published(&self, original: &str, normalised: &str) -> Vec<[u32; 3]> {
        let mut out: Vec<[u32; 3]> = Vec::new();
        let (mut norm_chars, mut orig_chars, mut orig_at) = (0u32, 0u32, 0usize);
        for (index, run) in self.runs.iter().enumerate() {
            let start = run.norm as usize;
            let end = self.runs.get(index + 1).map_or(normalised.len(), |next| next.norm as usize);
            orig_chars += count(original, orig_at..run.orig as usize);
            orig_at = run.orig as usize;
            if run.is_verbatim() {
                let same = original.get(orig_at..orig_at + (end - start)).unwrap_or("");
                for (a, b) in normalised.get(start..end).unwrap_or("").chars().zip(same.chars()) {
                    if a == b {
                        match out.last_mut() {
                            Some(last)
                                if last[0] + last[2] == norm_chars && last[1] + last[2] == orig_chars =>
                            {
                                last[2] += 1;
                            }
                            _ => out.push([norm_chars, orig_chars, 1]),
                        }
                    }
                    norm_chars += 1;
                    orig_chars += 1;
                }
                orig_at += end - start;
            } else {
                norm_chars += count(normalised, start..end);
            }
        }
        out
    }
}

fn count(text: &str, range: Range<usize>) -> u32 {
    text.get(range).map_or(0, |part| part.chars().count() as u32)
}
