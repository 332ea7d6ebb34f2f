//! Folding for matching keys: one character for one of the same length, so offsets stay.

/// `text` with letters that writers mix up made equal: أإآٱ→ا, ى→ي, ة→ه, ؤ→و, ئ→ي, Persian letters to the
/// Arabic ones that stand for them, lower case for Latin, Greek and Cyrillic, ё→е.
pub(super) fn fold(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        at += match lead {
            0..0x80 => {
                bytes[at] = lead.to_ascii_lowercase();
                1
            }
            0xD8..=0xDB => fold_arabic(&mut bytes, at),
            0xD0 | 0xD1 => fold_cyrillic(&mut bytes, at),
            _ => fold_other(text, &mut bytes, at),
        };
    }
    // Only whole characters were exchanged, so this is valid; were it not, unfolded text is the safe side.
    match simdutf8::basic::from_utf8(&bytes) {
        Ok(folded) => folded.to_owned(),
        Err(_) => text.to_owned(),
    }
}

fn fold_arabic(bytes: &mut [u8], at: usize) -> usize {
    if let Some([lead, trail]) = bytes.get_mut(at..at + 2) {
        (*lead, *trail) = match (*lead, *trail) {
            (0xD8, 0xA2 | 0xA3 | 0xA5) | (0xD9, 0xB1) => (0xD8, 0xA7), // آ أ إ ٱ -> ا
            (0xD8, 0xA4) => (0xD9, 0x88),                              // ؤ -> و
            (0xD8, 0xA6) | (0xD9, 0x89) => (0xD9, 0x8A),               // ئ ى -> ي
            (0xD8, 0xA9) => (0xD9, 0x87),                              // ة -> ه
            (0xD9, 0xBE) => (0xD8, 0xA8),                              // پ -> ب
            (0xDA, 0x86) => (0xD8, 0xAC),                              // چ -> ج
            (0xDA, 0x98) => (0xD8, 0xB2),                              // ژ -> ز
            (0xDA, 0xA4 | 0xA8) => (0xD9, 0x81),                       // ڤ ڨ -> ف
            (0xDA, 0xAF | 0xAD) => (0xD9, 0x83),                       // گ ڭ -> ك
            other => other,
        };
    }
    2
}

fn fold_cyrillic(bytes: &mut [u8], at: usize) -> usize {
    if let Some([lead, trail]) = bytes.get_mut(at..at + 2) {
        (*lead, *trail) = match (*lead, *trail) {
            (0xD0, 0x81) | (0xD1, 0x91) => (0xD0, 0xB5), // Ё ё -> е
            (0xD0, t @ 0x80..=0x8F) => (0xD1, t + 0x10),
            (0xD0, t @ 0x90..=0x9F) => (0xD0, t + 0x20),
            (0xD0, t @ 0xA0..=0xAF) => (0xD1, t - 0x20),
            (0xD1, t @ 0xA0..=0xBF) => (0xD1, t | 1),
            other => other,
        };
    }
    2
}

/// Lower case by Unicode where it is one character of the same length.
fn fold_other(text: &str, bytes: &mut [u8], at: usize) -> usize {
    let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { return 1 };
    let len = c.len_utf8();
    let mut lower = c.to_lowercase();
    if let (Some(small), None) = (lower.next(), lower.next())
        && small != c
        && small.len_utf8() == len
        && let Some(place) = bytes.get_mut(at..at + len)
    {
        small.encode_utf8(place);
    }
    len
}
