//! Lone surrogates in `\u` escapes: no Unicode text, yet written by serialisers that cut strings by
//! UTF-16 units. Each becomes `\ufffd`, which is as long, so nothing moves.

use memchr::memchr;

/// The text with each lone surrogate escape replaced by `\ufffd`; `None` when there is none.
pub fn mend(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut lone = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'\\', rest)) {
        let escape = at + found;
        match unit(bytes, escape) {
            Some(0xD800..=0xDBFF) if matches!(unit(bytes, escape + 6), Some(0xDC00..=0xDFFF)) => {
                at = escape + 12;
            }
            Some(0xD800..=0xDFFF) => {
                lone.push(escape);
                at = escape + 6;
            }
            Some(_) => at = escape + 6,
            None => at = escape + 2,
        }
    }
    if lone.is_empty() {
        return None;
    }
    let mut mended = String::with_capacity(text.len());
    let mut copied = 0;
    for escape in lone {
        mended.push_str(text.get(copied..escape)?);
        mended.push_str("\\ufffd");
        copied = escape + 6;
    }
    mended.push_str(text.get(copied..)?);
    Some(mended)
}

/// The UTF-16 unit of the `\uXXXX` at `at`.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::mend;

    #[test]
    fn only_lone_ones_change() {
        assert_eq!(mend(r#""\ud83d\ude00""#), None);
        assert_eq!(mend(r#""\\ud83d""#), None);
        assert_eq!(mend(r#""\ud83d""#).unwrap(), r#""\ufffd""#);
        assert_eq!(mend(r#""\ude00\ud83d\ude00""#).unwrap(), r#""\ufffd\ud83d\ude00""#);
        assert_eq!(mend(r#""\ud83d\ud83d\ude00""#).unwrap(), r#""\ufffd\ud83d\ude00""#);
        assert_eq!(mend(r#""\\\ud83dأ""#).unwrap(), r#""\\\ufffdأ""#);
        assert_eq!(mend(r#""\ud8"#), None);
    }
}
