//! Numbers written in digits.

/// Longest token that is read as a number, in bytes; longer ones are codes, not quantities.
const LONGEST: usize = 24;

/// The value of a token of digits and separators.
///
/// A separator repeated, or the first of two kinds, groups thousands. A single one groups where
/// three digits follow and the language writes thousands so, and marks the fraction elsewhere.
/// `scaled` says that a scale word follows (`2.345 million`), which makes it a fraction.
pub(crate) fn value(token: &str, language: &str, scaled: bool) -> Option<f64> {
    if token.len() > LONGEST || !token.starts_with(|c: char| c.is_numeric()) {
        return None;
    }
    let mut separators = token.char_indices().filter(|(_, c)| !c.is_numeric());
    let (first, last) = match (separators.next(), separators.next_back()) {
        (None, _) => return plain(token),
        (Some(first), last) => (first, last),
    };
    let decimal = match last {
        Some(last) if last.1 != first.1 => Some(last),
        Some(_) => None,
        None => {
            let behind = token.len() - first.0 - first.1.len_utf8();
            let grouping = match first.1 {
                ',' | '،' => !matches!(language, "fr" | "ru"),
                '.' => language != "en",
                '٬' | '\'' | '’' | '\u{a0}' | '\u{202f}' => true,
                _ => false,
            };
            let groups = behind == 3 && grouping && !scaled && !token.starts_with('0') && first.0 <= 3;
            (!groups).then_some(first)
        }
    };
    let (whole, fraction) = match decimal {
        Some((at, c)) => (&token[..at], &token[at + c.len_utf8()..]),
        None => (token, ""),
    };
    if fraction.chars().any(|c| !c.is_numeric()) {
        return None;
    }
    let mut groups = whole.split(|c: char| !c.is_numeric());
    let head = groups.next().unwrap_or("");
    let mut digits = head.to_owned();
    for group in groups {
        if group.len() != 3 || head.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    if !fraction.is_empty() {
        digits.push('.');
        digits.push_str(fraction);
    }
    plain(&digits)
}

fn plain(digits: &str) -> Option<f64> {
    if digits.is_ascii() {
        return digits.parse().ok().filter(|value: &f64| value.is_finite());
    }
    // digits of another script that normalisation left alone
    let ascii: Option<String> = digits
        .chars()
        .map(|c| match c {
            '٠'..='٩' => char::from_digit(c as u32 - '٠' as u32, 10),
            '۰'..='۹' => char::from_digit(c as u32 - '۰' as u32, 10),
            '0'..='9' | '.' => Some(c),
            _ => None,
        })
        .collect();
    ascii?.parse().ok().filter(|value: &f64| value.is_finite())
}
