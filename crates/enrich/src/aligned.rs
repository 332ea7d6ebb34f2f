//! Original text, normalised text and the map between them, as one type.
//!
//! All layers work in byte offsets of the *normalised* text. `folded` is byte-parallel to it: the
//! same length and the same character boundaries, so one offset serves both.

mod fold;
mod map;
#[cfg(test)]
pub(crate) mod tests;
mod writer;

use std::ops::Range;

use map::Map;
pub(crate) use writer::Writer;

/// A text and its normalised form, aligned.
///
/// The only way to make one is [`AlignedText::new`], and normalisation rules can write only through
/// a [`Writer`], which keeps the map: text and map cannot fall apart.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedText {
    original: String,
    /// `None` where normalising changes nothing.
    normalised: Option<String>,
    folded: String,
    map: Map,
}

impl AlignedText {
    /// Normalises `original`, in one pass.
    pub fn new(original: &str) -> Self {
        let (normalised, map) = match crate::normalise::normalise(original) {
            Some(writer) => {
                let (text, map) = writer.finish();
                (Some(text), map)
            }
            None => (None, Map::identity(original.len())),
        };
        let folded = fold::fold(normalised.as_deref().unwrap_or(original));
        Self { original: original.to_owned(), normalised, folded, map }
    }

    /// The text as it came.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// For display and for rules.
    pub fn normalised(&self) -> &str {
        self.normalised.as_deref().unwrap_or(&self.original)
    }

    /// For matching keys, never published: byte-parallel to `normalised`.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether normalising changed nothing.
    pub fn is_unchanged(&self) -> bool {
        self.normalised.is_none()
    }

    /// Byte range of the normalised text to byte range of the original.
    ///
    /// The result holds whole characters, the marks and tatweels written on and between the letters of
    /// the range included, and no control characters before or after them. A range that cuts a
    /// character is widened to it, one past the end is shortened. An empty range gives an empty one.
    /// Costs a binary search among the places where the text was changed.
    pub fn to_original(&self, normalised: Range<usize>) -> Range<usize> {
        let text = self.normalised();
        let start = floor_boundary(text, normalised.start.min(text.len()));
        let end = ceil_boundary(text, normalised.end.clamp(start, text.len()));
        self.map.to_original(start, end, text.len())
    }

    /// Runs `[normalised start, original start, length]` in code points where both texts are the same;
    /// what lies between runs was changed, added or removed.
    pub fn offset_map(&self) -> Vec<[u32; 3]> {
        self.map.published(&self.original, self.normalised())
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
