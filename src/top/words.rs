//! Numbers for people.

use unicode_width::UnicodeWidthStr;

use crate::render::language_name;
use crate::status::{Language, Quality};

/// `1,234,567`
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of records a second.
pub fn rate(value: f64) -> String {
    if value >= 100.0 { count(value.round() as u64) } else { format!("{}", (value * 10.0).round() / 10.0) }
}

/// `3.4 MB`: powers of 1024, as the settings count.
pub fn bytes(mut value: f64) -> String {
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB"] {
        if value < 1000.0 {
            break;
        }
        (value, unit) = (value / 1024.0, larger);
    }
    if unit != "B" && value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// A time in its fitting unit.
pub fn seconds(value: f64) -> String {
    match value {
        v if v < 0.001 => format!("{:.0} µs", v * 1e6),
        v if v < 0.01 => format!("{:.1} ms", v * 1e3),
        v if v < 1.0 => format!("{:.0} ms", v * 1e3),
        v if v < 10.0 => format!("{v:.1} s"),
        v if v < 120.0 => format!("{v:.0} s"),
        v if v < 7200.0 => format!("{:.0} min", v / 60.0),
        v if v < 172_800.0 => format!("{:.0} h", v / 3600.0),
        v => format!("{:.0} days", v / 86_400.0),
    }
}

/// The same where there may be none.
pub fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), seconds)
}

/// Words on lines of at most so many columns; a longer word is cut by the terminal.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let fits = |line: &str| line.width() + 1 + word.width() <= width;
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("  {word}")),
        }
    }
    lines
}

/// Languages by their names, the most frequent first.
pub fn names(quality: &Quality) -> Vec<(&str, &Language)> {
    let mut all: Vec<_> = quality.languages.iter().filter(|(_, language)| language.articles > 0).collect();
    all.sort_by_key(|(_, language)| std::cmp::Reverse(language.articles));
    all.into_iter().map(|(code, language)| (language_name(code), language)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_none_is_lost() {
        assert_eq!(wrapped("one two three four", 9), ["one two", "  three", "  four"]);
        assert_eq!(wrapped("a-very-long-word b", 4), ["a-very-long-word", "  b"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.0, 0.25, 12.34, 1234.5].map(rate), ["0", "0.3", "12.3", "1,235"]);
        assert_eq!([0.0, 999.0, 1000.0, 134_217_728.0].map(bytes), ["0 B", "999 B", "1.0 kB", "128 MB"]);
        let times = [0.000_004_2, 0.0042, 0.5, 4.25, 70.0, 600.0, 10_000.0, 400_000.0];
        let shown = ["4 µs", "4.2 ms", "500 ms", "4.2 s", "70 s", "10 min", "3 h", "5 days"];
        assert_eq!(times.map(seconds), shown);
    }
}
