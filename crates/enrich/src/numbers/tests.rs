use crate::doc::Doc;
use crate::enriched::Field;
use crate::facts::Facts;
use crate::lex::Words;

use super::digits;

/// Value of the number that fills `text`, and whether it is an ordinal.
fn read(text: &str, language: &str) -> Option<(f64, bool)> {
    let doc = Doc::new(Field::Body, text);
    let words = Words::new(&doc);
    let facts = Facts::new(&words, language);
    let number = facts.number(0)?;
    (number.to == doc.tokens.len()).then_some((number.value, number.ordinal))
}

#[test]
fn number_words_add_up() {
    for (language, text, value) in [
        ("ar", "ثلاثة وعشرون", 23.0),
        ("ar", "خمس عشرة", 15.0),
        ("ar", "مئتان", 200.0),
        ("ar", "أحد عشر", 11.0),
        ("ar", "نصف مليون", 500_000.0),
        ("ar", "مليون ونصف المليون", 1_500_000.0),
        ("ar", "ثلاثمائة وخمسون ألفا", 350_000.0),
        ("ar", "مليون ونصف", 1_500_000.0),
        ("ar", "ألفين", 2000.0),
        ("ar", "خمسة آلاف ومئتين", 5200.0),
        ("ar", "مئة وعشرة", 110.0),
        ("ar", "20 مليون", 20_000_000.0),
        ("ar", "٣ ملايين و500 ألف", 3_500_000.0),
        ("en", "twenty-three", 23.0),
        ("en", "one hundred and five", 105.0),
        ("en", "three hundred thousand", 300_000.0),
        ("en", "a million", 1_000_000.0),
        ("en", "1.5 billion", 1.5e9),
        ("fr", "quatre-vingt-dix-sept", 97.0),
        ("fr", "vingt et un", 21.0),
        ("ru", "1 003,5", 1003.5),
        ("ru", "1 234 003,05", 1_234_003.05),
        ("fr", "soixante-douze", 72.0),
        ("fr", "deux cent trois", 203.0),
        ("fr", "1 234 567", 1_234_567.0),
        ("ru", "двадцать три тысячи", 23_000.0),
        ("ru", "сто пять", 105.0),
        ("ru", "полтора миллиона", 1_500_000.0),
        ("ru", "10 тыс", 10_000.0),
    ] {
        assert_eq!(read(text, language), Some((value, false)), "{text}");
    }
}

#[test]
fn ordinals_are_told_from_cardinals() {
    for (language, text, value) in [
        ("ar", "التاسع", 9.0),
        ("en", "third", 3.0),
        ("en", "twenty-first", 21.0),
        ("en", "42nd", 42.0),
        ("fr", "deuxième", 2.0),
        ("fr", "24ème", 24.0),
        ("ru", "вторым", 2.0),
        ("ru", "53-м", 53.0),
    ] {
        assert_eq!(read(text, language), Some((value, true)), "{text}");
    }
}

#[test]
fn what_is_no_number_is_none() {
    for text in ["لست", "كان", "un", "the", "ملايين", "", "و", "%D8"] {
        assert_eq!(read(text, "ar"), None, "{text}");
    }
    assert_eq!(read(&"9".repeat(100_000), "ar"), None);
    assert_eq!(read("un", "fr"), None);
}

#[test]
fn separators_group_or_mark_the_fraction() {
    for (token, language, scaled, value) in [
        ("1,500", "en", false, 1500.0),
        ("1,5", "ar", false, 1.5),
        ("1.500", "en", false, 1.5),
        ("20.000", "fr", false, 20_000.0),
        ("20.000", "ar", false, 20_000.0),
        ("2.345", "ar", true, 2.345),
        ("4,5", "ru", false, 4.5),
        ("1.234.567", "ar", false, 1_234_567.0),
        ("1,234.5", "en", false, 1234.5),
        ("1.234,5", "fr", false, 1234.5),
        ("0.125", "ar", false, 0.125),
        ("٣٫٥", "ar", false, 3.5),
    ] {
        assert_eq!(digits::value(token, language, scaled), Some(value), "{token} {language}");
    }
    for token in ["1.2.3", "1,23,456", "", "a1", "1234,567,890,123,456,789,012"] {
        assert_eq!(digits::value(token, "en", false), None, "{token}");
    }
}
