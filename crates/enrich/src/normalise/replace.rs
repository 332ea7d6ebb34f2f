//! Characters that another one stands for.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::class::Class;
use crate::aligned::Writer;

/// What stands for `c`; empty when it stays.
pub(super) fn replacement(c: char) -> &'static str {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    match c {
        '\u{660}'..='\u{669}' => DIGITS[(c as usize - 0x660) % 10],
        '\u{6F0}'..='\u{6F9}' => DIGITS[(c as usize - 0x6F0) % 10],
        '٪' => "%",
        // Persian and Urdu forms of letters that Arabic writes otherwise
        'ک' | 'ڪ' => "ك",
        'ی' | 'ے' | '\u{6CD}' => "ي",
        'ۓ' => "ئ",
        'ہ' | 'ھ' | 'ە' | 'ۀ' | 'ۂ' => "ه",
        'ۃ' => "ة",
        // line ends and spaces
        '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '\u{0}'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => " ",
        // apostrophes; an opening single quotation mark stays what it is
        '’' | 'ʼ' | '´' | '′' | '‛' => "'",
        '″' | '\u{201F}' => "\"",
        '❝' | '〝' => "“",
        '❞' | '〞' => "”",
        // hyphens and dashes
        '‐' | '‑' | '−' | '﹣' | '˗' => "-",
        '‒' => "–",
        '―' | '⸺' | '⸻' => "—",
        _ => "",
    }
}

/// Spells out a presentation form or ligature: its compatibility decomposition, normalised in turn.
pub(super) fn ligature(writer: &mut Writer<'_>, c: char, range: Range<usize>, next: char) {
    let mut text = String::new();
    // ﷺ and ﷻ are phrases of their own even where no space is written around them.
    let phrase = matches!(c, '\u{FDFA}' | '\u{FDFB}');
    // Vowel marks on a space or a tatweel are marks, not spaces.
    let vowels = matches!(c, '\u{FC5E}'..='\u{FC63}' | '\u{FCF2}'..='\u{FCF4}' | '\u{FE70}'..='\u{FE7F}');
    if vowels {
        return super::attach(writer, range.end);
    }
    if phrase {
        text.push(' ');
    }
    for part in std::iter::once(c).nfkc() {
        match super::class::classify(part) {
            Class::Mark | Class::Hamza | Class::Control | Class::Joiner => {}
            Class::Replace => text.push_str(replacement(part)),
            _ => text.push(part),
        }
    }
    if phrase && next.is_alphanumeric() && !is_combining_mark(next) {
        text.push(' ');
    }
    writer.replace(range, &text);
}
