//! Styled text, wrapped to a width.

use khabar_enrich::enriched::EntityType;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a character looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Coloured as an entity of this type.
    pub kind: Option<EntityType>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
}

impl Style {
    /// As the terminal has it.
    pub const PLAIN: Self = Self { kind: None, bold: false, dim: false, italic: false, underline: false };
    /// For headings.
    pub const BOLD: Self = Self { bold: true, ..Self::PLAIN };
    /// For what is said beside the text.
    pub const DIM: Self = Self { dim: true, ..Self::PLAIN };
    /// For speech.
    pub const ITALIC: Self = Self { italic: true, ..Self::PLAIN };

    /// For a name of this type.
    pub fn of(kind: EntityType) -> Self {
        Self { kind: Some(kind), ..Self::PLAIN }
    }

    /// The SGR sequence that switches from no style to this one. Only the sixteen colours that a
    /// person's theme defines are used.
    fn sgr(self) -> String {
        let color = self.kind.map(|kind| match kind {
            EntityType::Per => "33",
            EntityType::Org => "36",
            EntityType::Loc => "32",
            EntityType::Event => "35",
            EntityType::Misc => "34",
        });
        let codes = [
            self.bold.then_some("1"),
            self.dim.then_some("2"),
            self.italic.then_some("3"),
            self.underline.then_some("4"),
            color,
        ];
        format!("\u{1b}[{}m", codes.into_iter().flatten().collect::<Vec<_>>().join(";"))
    }
}

/// Columns that a text takes on a terminal.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// A paragraph or more, being wrapped.
pub struct Block {
    width: usize,
    indent: usize,
    /// Further spaces before all lines but the first.
    hanging: usize,
    first_line: bool,
    color: bool,
    out: String,
    /// The word that is still growing, and its columns.
    word: Vec<(char, Style)>,
    word_columns: usize,
    /// Spaces owed before it.
    gap: Vec<(char, Style)>,
    /// Columns used on the present line; `None` before its first word.
    used: Option<usize>,
    current: Style,
    blank_lines: usize,
}

impl Block {
    /// A block whose lines begin after `indent` spaces and end before `width` columns.
    pub fn new(width: usize, indent: usize, color: bool) -> Self {
        Self {
            width,
            indent,
            hanging: 0,
            first_line: true,
            color,
            out: String::new(),
            word: Vec::new(),
            word_columns: 0,
            gap: Vec::new(),
            used: None,
            current: Style::PLAIN,
            blank_lines: 0,
        }
    }

    /// The same block with all lines but the first `spaces` further in.
    pub fn hanging(self, spaces: usize) -> Self {
        Self { hanging: spaces, ..self }
    }

    /// Adds words; `\n` ends a line, more than one leaves one line empty.
    pub fn push(&mut self, text: &str, style: Style) {
        for c in text.chars() {
            match c {
                '\n' => {
                    self.end_word();
                    self.end_line();
                }
                c if c.is_whitespace() && c != '\u{a0}' => {
                    self.end_word();
                    self.gap.push((' ', style));
                }
                c => {
                    self.word.push((c, style));
                    self.word_columns += c.width().unwrap_or(0);
                }
            }
        }
    }

    /// Adds spaces.
    pub fn pad(&mut self, spaces: usize) {
        self.push(&" ".repeat(spaces), Style::PLAIN);
    }

    /// The lines, the last one ended.
    pub fn finish(mut self) -> String {
        self.end_word();
        if self.used.is_some() {
            self.end_line();
        }
        self.out
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        if let Some(used) = self.used
            && used + self.gap.len() + self.word_columns > self.room()
        {
            self.end_line();
        }
        if self.used.is_none() {
            if std::mem::take(&mut self.blank_lines) > 1 && !self.out.is_empty() {
                self.out.push('\n');
            }
            self.indent();
            self.gap.clear();
        }
        let mut used = self.used.unwrap_or(0);
        for (c, style) in std::mem::take(&mut self.gap) {
            self.write(c, style);
            used += 1;
        }
        for (c, style) in std::mem::take(&mut self.word) {
            let columns = c.width().unwrap_or(0);
            if used + columns > self.room() {
                self.set(Style::PLAIN);
                self.out.push('\n');
                self.first_line = false;
                self.indent();
                used = 0;
            }
            self.write(c, style);
            used += columns;
        }
        self.word_columns = 0;
        self.used = Some(used);
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.margin()));
    }

    /// Columns for words on the present line.
    fn room(&self) -> usize {
        self.width.saturating_sub(self.margin()).max(1)
    }

    fn margin(&self) -> usize {
        self.indent + if self.first_line { 0 } else { self.hanging }
    }

    fn end_line(&mut self) {
        self.blank_lines += 1;
        self.gap.clear();
        if self.used.take().is_some() {
            self.blank_lines = 1;
            self.first_line = false;
            self.set(Style::PLAIN);
            self.out.push('\n');
        }
    }

    fn write(&mut self, c: char, style: Style) {
        self.set(style);
        self.out.push(c);
    }

    fn set(&mut self, style: Style) {
        if !self.color || style == self.current {
            return;
        }
        if self.current != Style::PLAIN {
            self.out.push_str("\u{1b}[0m");
        }
        if style != Style::PLAIN {
            self.out.push_str(&style.sgr());
        }
        self.current = style;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize, indent: usize) -> String {
        let mut block = Block::new(width, indent, false);
        block.push(text, Style::PLAIN);
        block.finish()
    }

    #[test]
    fn words_wrap_and_long_ones_are_cut() {
        assert_eq!(wrapped("one two three", 8, 0), "one two\nthree\n");
        assert_eq!(wrapped("abcdefghij", 4, 0), "abcd\nefgh\nij\n");
        assert_eq!(wrapped("one two", 7, 2), "  one\n  two\n");
        let mut block = Block::new(9, 1, false).hanging(2);
        block.push("one two three twentyone", Style::PLAIN);
        assert_eq!(block.finish(), " one two\n   three\n   twenty\n   one\n");
    }

    #[test]
    fn paragraphs_stay_and_empty_lines_are_one() {
        assert_eq!(wrapped("a\nb\n\n\n\nc\n", 20, 0), "a\nb\n\nc\n");
    }

    #[test]
    fn no_style_crosses_a_line_end() {
        let mut block = Block::new(4, 0, true);
        block.push("ab cd", Style::BOLD);
        assert_eq!(block.finish(), "\u{1b}[1mab\u{1b}[0m\n\u{1b}[1mcd\u{1b}[0m\n");
    }
}
