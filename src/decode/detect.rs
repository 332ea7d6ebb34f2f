//! Which character set undeclared bytes are in.
//!
//! `chardetng` decides, except where letters stand beside letters above ASCII, as Arabic and Cyrillic
//! words do: there the sets differ only in where each letter sits, `chardetng` has little to go by in a
//! short text, and how often each letter occurs in the language settles it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, IBM866, ISO_8859_5, ISO_8859_6, KOI8_R, UTF_8, WINDOWS_1251, WINDOWS_1256};

/// Bytes that are looked at: enough for any language, and bounded.
const SAMPLE: usize = 64 << 10;
/// Mean log-probability of a letter below which a reading is no Arabic or Russian. Real text has −2.7
/// to −3.2, the same text in a wrong set below −4.5.
const PLAUSIBLE: f64 = -4.0;
/// Log-probability of a character that these languages do not have.
const FOREIGN: f64 = -11.0;
/// Log-probability of quotation marks, dashes and the like: no evidence either way.
const NEUTRAL: f64 = -4.0;
/// An upper-case letter after a lower-case one: KOI8-R and windows-1251 swap cases.
const CASE_BREAK: f64 = -8.0;
/// How much rarer capitals are.
const CAPITAL: f64 = -3.0;

/// Letters of news text per ten thousand, commonest first.
const ARABIC: &[(char, u16)] = &[
    ('ا', 1280),
    ('ل', 1160),
    ('ي', 700),
    ('م', 620),
    ('و', 590),
    ('ن', 570),
    ('ر', 500),
    ('ت', 480),
    ('ب', 360),
    ('ع', 350),
    ('ة', 330),
    ('د', 320),
    ('ه', 290),
    ('ف', 280),
    ('س', 260),
    ('ق', 260),
    ('أ', 220),
    ('ك', 220),
    ('ح', 180),
    ('ج', 140),
    ('إ', 100),
    ('ش', 100),
    ('ص', 100),
    ('ى', 90),
    ('ط', 90),
    ('خ', 90),
    ('ذ', 70),
    ('ض', 60),
    ('ث', 60),
    ('ز', 60),
    ('ئ', 50),
    ('غ', 50),
    ('ء', 40),
    ('ظ', 20),
    ('ؤ', 20),
    ('آ', 20),
];
const RUSSIAN: &[(char, u16)] = &[
    ('о', 1097),
    ('е', 845),
    ('а', 801),
    ('и', 735),
    ('н', 670),
    ('т', 626),
    ('с', 547),
    ('р', 473),
    ('в', 454),
    ('л', 440),
    ('к', 349),
    ('м', 321),
    ('д', 298),
    ('п', 281),
    ('у', 262),
    ('я', 201),
    ('ы', 190),
    ('ь', 174),
    ('г', 170),
    ('з', 165),
    ('б', 159),
    ('ч', 144),
    ('й', 121),
    ('х', 97),
    ('ж', 94),
    ('ш', 73),
    ('ю', 64),
    ('ц', 48),
    ('щ', 36),
    ('э', 32),
    ('ф', 26),
    ('ъ', 4),
    ('ё', 4),
];

/// The likeliest character set of bytes that are no UTF-8; `None` when they are too few to tell.
pub fn detect(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(SAMPLE))?;
    if let Some(set) = by_letters(sample) {
        return Some(set);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    (guess != UTF_8).then_some(guess)
}

fn by_letters(sample: &[u8]) -> Option<&'static Encoding> {
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    let neighbours = sample.windows(2).filter(|w| matches!(w, [a, b] if *a >= 0x80 && *b >= 0x80)).count();
    // Accented Latin letters seldom touch; here at least every second one does.
    if high < 6 || neighbours * 2 < high {
        return None;
    }
    let sets = [
        (WINDOWS_1256, ARABIC),
        (ISO_8859_6, ARABIC),
        (WINDOWS_1251, RUSSIAN),
        (KOI8_R, RUSSIAN),
        (ISO_8859_5, RUSSIAN),
        (IBM866, RUSSIAN),
    ];
    let scored = sets.into_iter().map(|(set, letters)| (score(sample, set, letters), set));
    let (best, set) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best > PLAUSIBLE).then_some(set)
}

/// Mean log-probability of the characters above ASCII.
fn score(sample: &[u8], set: &'static Encoding, letters: &[(char, u16)]) -> f64 {
    let table: Vec<f64> = (0x80..=0xFFu8).map(|byte| log_probability(byte, set, letters)).collect();
    let lower: Vec<bool> = (0x80..=0xFFu8).map(|byte| character(byte, set).is_lowercase()).collect();
    let upper: Vec<bool> = (0x80..=0xFFu8).map(|byte| character(byte, set).is_uppercase()).collect();
    let (mut sum, mut count, mut after_lower) = (0.0, 0u32, false);
    for byte in sample {
        let Some(at) = byte.checked_sub(0x80).map(usize::from) else {
            after_lower = false;
            continue;
        };
        let flag = |flags: &[bool]| flags.get(at).copied().unwrap_or(false);
        sum += table.get(at).copied().unwrap_or(FOREIGN);
        if after_lower && flag(&upper) {
            sum += CASE_BREAK;
        }
        after_lower = flag(&lower);
        count += 1;
    }
    sum / f64::from(count.max(1))
}

fn character(byte: u8, set: &'static Encoding) -> char {
    let bytes = [byte];
    let (text, _) = set.decode_without_bom_handling(&bytes);
    text.chars().next().unwrap_or('\u{FFFD}')
}

fn log_probability(byte: u8, set: &'static Encoding, letters: &[(char, u16)]) -> f64 {
    let c = character(byte, set);
    let small = c.to_lowercase().next().unwrap_or(c);
    let share = letters.iter().find(|(letter, _)| *letter == small).map(|(_, n)| f64::from(*n) / 10_000.0);
    match share {
        Some(share) if c == small => share.ln(),
        Some(share) => share.ln() + CAPITAL,
        None if "«»“”„‘’–—…،؛؟№\u{a0}\u{640}".contains(c) => NEUTRAL,
        None => FOREIGN,
    }
}
