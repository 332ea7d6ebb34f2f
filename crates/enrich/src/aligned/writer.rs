//! The only way to write normalised text: every method says which original bytes the text stands for.

use std::ops::Range;

use super::map::{Map, Run};

/// Writes normalised text and its map, from the start of the original to its end.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    original: &'a str,
    out: String,
    runs: Vec<Run>,
    /// Where the original bytes of the last unit end.
    tail: usize,
}

impl<'a> Writer<'a> {
    /// A writer for the normalised form of `original`.
    pub fn new(original: &'a str) -> Self {
        Self { original, out: String::with_capacity(original.len()), runs: Vec::new(), tail: 0 }
    }

    /// Keeps a stretch of the original as it is.
    pub fn keep(&mut self, range: Range<usize>) {
        let Some(text) = self.original.get(range.clone()).filter(|text| !text.is_empty()) else { return };
        self.unit(range.start, 1, 1);
        self.out.push_str(text);
        self.tail = range.end;
    }

    /// Puts `text` in the place of the original bytes in `range`. What it stands for is not divided
    /// further, except where one character replaces one of the same length.
    pub fn replace(&mut self, range: Range<usize>, text: &str) {
        if text.is_empty() || range.is_empty() {
            return;
        }
        let single = |text: &str| text.chars().nth(1).is_none();
        let same_length = text.len() == range.len() && self.original.get(range.clone()).is_some_and(single);
        match same_length && single(text) {
            true => self.unit(range.start, 1, 1),
            false => self.unit(range.start, text.len(), range.len()),
        }
        self.out.push_str(text);
        self.tail = range.end;
    }

    /// Lets the last character stand for the original up to `end` too: for a mark that was removed.
    pub fn extend_last(&mut self, end: usize) {
        if let Some((text_len, start)) = self.detach_last() {
            let text_start = self.out.len() - text_len;
            self.unit_at(text_start, start, text_len, end - start);
            self.tail = end;
        }
    }

    /// Takes the last character (or indivisible unit) back: its text, and where its original starts.
    pub fn take_last(&mut self) -> Option<(String, usize)> {
        let (text_len, start) = self.detach_last()?;
        let text = self.out.split_off(self.out.len() - text_len);
        self.tail = start;
        Some((text, start))
    }

    /// The last character written.
    pub fn last(&self) -> Option<char> {
        self.out.chars().next_back()
    }

    /// Where the original bytes of the last unit end.
    pub fn tail(&self) -> usize {
        self.tail
    }

    /// The normalised text and its map.
    pub(super) fn finish(self) -> (String, Map) {
        (self.out, Map::new(self.runs))
    }

    /// Separates the last character or unit from its run: its length in the normalised text and the
    /// start of its original. Its text stays in `out`.
    fn detach_last(&mut self) -> Option<(usize, usize)> {
        let run = *self.runs.last()?;
        let (text_len, orig_len) = if run.is_verbatim() {
            let len = self.last()?.len_utf8();
            (len, len)
        } else {
            (run.norm_step as usize, run.orig_step as usize)
        };
        if run.norm as usize + text_len == self.out.len() {
            self.runs.pop();
        }
        Some((text_len, self.tail - orig_len))
    }

    fn unit(&mut self, orig: usize, norm_step: usize, orig_step: usize) {
        self.unit_at(self.out.len(), orig, norm_step, orig_step);
    }

    /// A unit at `norm`: goes on with the last run where that has the same steps and ends here.
    fn unit_at(&mut self, norm: usize, orig: usize, norm_step: usize, orig_step: usize) {
        let run = Run {
            norm: norm as u32,
            orig: orig as u32,
            norm_step: norm_step as u32,
            orig_step: orig_step as u32,
        };
        if let Some(last) = self.runs.last()
            && (last.norm_step, last.orig_step) == (run.norm_step, run.orig_step)
            && last.orig + (run.norm - last.norm) / last.norm_step * last.orig_step == run.orig
        {
            return;
        }
        self.runs.push(run);
    }
}
