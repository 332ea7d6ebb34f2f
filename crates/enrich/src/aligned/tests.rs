use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::doc::Doc;
use crate::enriched::Field;

fn original_of(text: &str, part: &str) -> String {
    let aligned = AlignedText::new(text);
    let at = aligned.normalised().find(part).expect("the part is in the normalised text");
    text[aligned.to_original(at..at + part.len())].to_owned()
}

#[test]
fn marks_belong_to_their_letters() {
    assert_eq!(original_of("وقد أكّدَ ذلك", "أكد"), "أكّدَ");
    assert_eq!(original_of("وزيرِ", "زير"), "زيرِ");
    assert_eq!(original_of("منظـــمة التعاون", "منظمة"), "منظـــمة");
    assert_eq!(original_of("سنة 1446 هـ تقريبا", "ه"), "هـ");
    assert_eq!(original_of("cafe\u{301} noir", "café"), "cafe\u{301}");
}

#[test]
fn controls_around_a_word_stay_outside() {
    assert_eq!(original_of("\u{202B}روسيا\u{202C} ", "روسيا"), "روسيا");
    assert_eq!(original_of("رو\u{200F}سيا\u{200F}", "روسيا"), "رو\u{200F}سيا");
    assert_eq!(original_of("\u{FEFF}Iran", "Iran"), "Iran");
    assert_eq!(original_of("ل\u{640}روسيا", "روسيا"), "روسيا");
}

#[test]
fn folding_makes_spellings_equal() {
    let folded = |text: &str| AlignedText::new(text).folded().to_owned();
    assert_eq!(folded("إلى مكة المؤتمر قائد ٱلله"), "الي مكه الموتمر قايد الله");
    assert_eq!(folded("МОСКВА Ёлка Ўзбек Україна Ґ"), "москва елка ўзбек україна ґ");
    assert_eq!(folded("ÉCOLE Straße ŁÓDŹ İzmir ẞ"), "école straße łódź İzmir ẞ");
    assert_eq!(folded("Αθήνα"), "αθήνα");
}

#[test]
fn offset_map_lists_what_is_the_same() {
    assert_eq!(AlignedText::new("abc").offset_map(), [[0, 0, 3]]);
    assert_eq!(AlignedText::new("أكّد\r\nx").offset_map(), [[0, 0, 1], [2, 3, 1], [4, 6, 1]]);
    assert_eq!(AlignedText::new("١a").offset_map(), [[1, 1, 1]]);
    assert!(AlignedText::new("").offset_map().is_empty());
}

#[test]
fn any_range_is_answered() {
    let aligned = AlignedText::new("é\u{64B}ﷺ");
    for start in 0..60 {
        for end in 0..60 {
            let range = aligned.to_original(start..end);
            assert!(aligned.original().get(range).is_some());
        }
    }
}

/// Text dense in what normalisation changes, and any other text.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "ا", "و", "ي", "ى", "أ", "ة", "ک", "ی", "ـ", "\u{64E}", "\u{651}", "\u{653}", "\u{654}", "\u{655}",
        "\u{670}", "\u{200C}", "\u{200D}", "\u{200F}", "\u{202B}", "\u{FE0F}", "\u{AD}", "ﷺ", "ﷲ", "ﻻ",
        "\u{FC5E}", "\u{FE77}", "١", "۵", "٫", "\r", "\n", "\r\n", " ", "\u{A0}", "\u{0}", "e", "\u{301}",
        "\u{323}", "\u{327}", "é", "ﬁ", "’", "«", "»", "“", "-", ".", "…", "1", "A", "Я", "ё", "\u{F900}",
        "\u{1100}", "\u{1161}", "\u{11A8}", "각", "क", "\u{94D}", "ष", "\u{958}", "👨", "👩", "🇫", "🇷", "🏽",
        "\u{600}", "\u{6DD}", "\u{9C7}", "\u{9BE}", "\u{344}", "\u{E01}", "\u{E33}",
    ]);
    prop_oneof![
        prop::collection::vec(special, 0..24).prop_map(|parts| parts.concat()),
        any::<String>(),
        "[\u{600}-\u{6FF}\u{FB50}-\u{FEFF} .]{0,24}",
        "[\u{300}-\u{36F}a-e\u{1100}-\u{11FF}]{0,16}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn folded_is_parallel(text in texts()) {
        let aligned = AlignedText::new(&text);
        let (normalised, folded) = (aligned.normalised(), aligned.folded());
        prop_assert_eq!(normalised.len(), folded.len());
        for at in 0..=normalised.len() {
            prop_assert_eq!(normalised.is_char_boundary(at), folded.is_char_boundary(at));
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(text in texts()) {
        let once = AlignedText::new(&text);
        let twice = AlignedText::new(once.normalised());
        prop_assert_eq!(once.normalised(), twice.normalised());
        prop_assert!(unicode_normalization::is_nfc(once.normalised()));
    }

    #[test]
    fn positions_map_to_boundaries_in_order(text in texts()) {
        let aligned = AlignedText::new(&text);
        prop_assert_eq!(aligned.original(), &text);
        let mut before = 0..0;
        for (at, c) in aligned.normalised().char_indices() {
            let range = aligned.to_original(at..at + c.len_utf8());
            prop_assert!(range.start < range.end);
            prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
            prop_assert!(range == before || range.start >= before.end, "{:?} after {:?}", range, before);
            before = range;
        }
    }

    #[test]
    fn characters_that_stay_are_found_again(text in "[a-zа-яا-غ \u{64B}-\u{652}\u{200F}١٢«»]{0,40}") {
        let aligned = AlignedText::new(&text);
        for (at, c) in aligned.normalised().char_indices() {
            let part = &text[aligned.to_original(at..at + c.len_utf8())];
            prop_assert!(part.starts_with(c) || c.is_ascii_digit());
        }
    }

    #[test]
    fn published_runs_are_equal_in_both_texts(text in texts()) {
        let aligned = AlignedText::new(&text);
        let original: Vec<char> = text.chars().collect();
        let normalised: Vec<char> = aligned.normalised().chars().collect();
        let mut ends = (0, 0);
        for [n, o, len] in aligned.offset_map() {
            let (n, o, len) = (n as usize, o as usize, len as usize);
            prop_assert!(n >= ends.0 && o >= ends.1 && len > 0);
            prop_assert_eq!(&normalised[n..n + len], &original[o..o + len]);
            ends = (n + len, o + len);
        }
    }

    #[test]
    fn tokens_cut_no_grapheme_and_spans_agree(text in texts()) {
        let doc = Doc::new(Field::Body, &text);
        let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let mut end = 0;
        for token in &doc.tokens {
            prop_assert!(token.start >= end && token.end > token.start);
            end = token.end;
            let span = doc.span(token.range());
            let [from, to] = span.byte.map(|at| at as usize);
            prop_assert!(boundaries.contains(&from), "{:?} starts inside a grapheme of {:?}", &text[from..to], text);
            prop_assert!(boundaries.contains(&to), "{:?} ends inside a grapheme of {:?}", &text[from..to], text);
            prop_assert_eq!(&text[from..to], doc.original(token.range()));
            let units = |to: usize| (text[..to].chars().count() as u32, text[..to].encode_utf16().count() as u32);
            prop_assert_eq!((span.char[0], span.utf16[0]), units(from));
            prop_assert_eq!((span.char[1], span.utf16[1]), units(to));
        }
        let mut covered = doc.tokens.iter();
        for sentence in &doc.sentences {
            prop_assert!(sentence.start < sentence.end);
            let inside: Vec<_> = covered.by_ref().take_while(|t| t.end < sentence.end).collect();
            prop_assert!(inside.iter().all(|t| t.start >= sentence.start));
        }
        prop_assert!(covered.next().is_none());
    }
}
