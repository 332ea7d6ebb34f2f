use crate::aligned::AlignedText;

/// Checks what becomes of a text.
#[track_caller]
fn check(expected: &str, original: &str) {
    assert_eq!(AlignedText::new(original).normalised(), expected);
}

#[test]
fn plain_text_is_not_copied() {
    for text in ["", "plain text", "نص عادي، بلا تغيير.", "«Текст» — “text”\n\tété"]
    {
        assert!(AlignedText::new(text).is_unchanged(), "{text}");
    }
}

#[test]
fn vowel_marks_and_tatweel_are_removed() {
    check("محمد", "مُحَمَّدٌ");
    check("منظمة", "منظـــمة");
    check("هذا", "هٰذا");
    check("الله", "اللّٰه");
    check("قرآن أكد إلى مؤتمر رئيس", "قرا\u{653}ن ا\u{654}كد ا\u{655}لى مو\u{654}تمر ري\u{654}يس");
}

#[test]
fn presentation_forms_are_spelt_out() {
    check("لا الله", "ﻻ ﷲ");
    check("محمد صلى الله عليه وسلم", "محمدﷺ");
    check("محمد صلى الله عليه وسلم قال", "محمدﷺقال");
    check("كتاب", "ﻛﺘﺎﺏ");
    check("من", "ﻣ\u{FE77}ﻦ");
    check("fin", "ﬁn");
    check("AB1", "ＡＢ１");
}

#[test]
fn invisible_characters_do_not_split_words() {
    check("روسيا", "رو\u{200F}سي\u{200C}ا");
    check("co-op cooperate", "co-op co\u{AD}operate");
    check("text", "\u{FEFF}te\u{200B}xt\u{202C}");
}

#[test]
fn digits_letters_and_spaces_have_one_form() {
    check("2016 و 2017 50%", "٢٠١٦ و ۲۰۱۷ ٥٠٪");
    check("كيهان", "کیهان");
    check("پاكستان", "پاکستان"); // letters that Arabic does not have stay
    check("a b\nc\nd\ne", "a\u{A0}b\r\nc\rd\u{2028}e");
    check("it's — 5-6", "it’s — 5\u{2011}6");
    check("«a» “b” ‘c' \"d\"", "«a» “b” ‘c’ \"d\"");
}

#[test]
fn text_is_composed() {
    check("é ñ й ё", "e\u{301} n\u{303} и\u{306} е\u{308}");
    check("ệ", "e\u{302}\u{323}");
    check("é", "e\u{200D}\u{301}");
    check("각", "\u{1100}\u{1161}\u{11A8}");
    check("豈", "\u{F900}");
    check("\u{301}a", "\u{301}a");
}
