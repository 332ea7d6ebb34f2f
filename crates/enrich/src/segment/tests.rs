use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::Field;

fn words(text: &str) -> Vec<String> {
    let doc = Doc::new(Field::Body, text);
    doc.tokens.iter().map(|token| doc.normalised_token(token).to_owned()).collect()
}

fn kinds(text: &str) -> Vec<TokenKind> {
    Doc::new(Field::Body, text).tokens.iter().map(|token| token.kind).collect()
}

/// Checks tokens, written with `|` between them.
#[track_caller]
fn check_tokens(expected: &str, text: &str) {
    assert_eq!(words(text).join("|"), expected);
}

/// Checks sentences, written one a line.
#[track_caller]
fn check_sentences(expected: &[&str], text: &str) {
    let doc = Doc::new(Field::Body, text);
    let found: Vec<&str> =
        doc.sentences.iter().map(|s| &doc.text.normalised()[s.start as usize..s.end as usize]).collect();
    assert_eq!(found, expected);
}

#[test]
fn scripts_numbers_and_marks_are_told_apart() {
    use TokenKind::*;
    check_tokens("زار|Putin|Москву|في|2016|،|東京", "زار Putin Москву في 2016، 東京");
    assert_eq!(kinds("زار Putin Москву 2016، 東京"), [Arabic, Latin, Cyrillic, Number, Punct, Other]);
    check_tokens("COVID|-|19", "COVID-19");
    check_tokens("روسيا|-|العالم", "روسيا-العالم");
    check_tokens("F|16|.", "F16.");
}

#[test]
fn numbers_keep_inner_separators() {
    check_tokens("1,5|و|20.000|و|123|.", "1,5 و20.000 و١٢٣.");
    check_tokens("3٫5|%", "٣٫٥٪");
    check_tokens("1|,|2|.|.|3", "1, 2..3");
    check_tokens("17|:|30|/|5", "17:30/5");
}

#[test]
fn apostrophes_go_with_the_language() {
    check_tokens("l'|Iran|et|l'|Irak", "l’Iran et l'Irak");
    check_tokens("Iran|'s|ally|doesn|'t", "Iran's ally doesn’t");
    check_tokens("O'Brien|aujourd'hui", "O'Brien aujourd’hui");
    check_tokens("qu'|il|D'|Angelo", "qu'il D'Angelo");
    check_tokens("м'яч|об'єкт", "м'яч об’єкт");
    check_tokens("'|word|'", "'word'");
}

#[test]
fn initials_are_one_token() {
    check_tokens("U.S.|and|the|U.N.|,|e.g.", "U.S. and the U.N., e.g.");
    check_tokens("أ.ف.ب|و|أ|.|محمد", "أ.ف.ب و أ. محمد");
    check_tokens("В.В.|Путин|т.е.", "В.В.Путин т.е.");
    check_tokens("www|.|bbc|.|com", "www.bbc.com");
    check_tokens("J|.|Smith", "J. Smith");
}

#[test]
fn graphemes_stay_together() {
    check_tokens("👨\u{1F3FD}|🇫🇷", "👨\u{1F3FD} 🇫🇷");
    check_tokens("a|👩👧|b", "a 👩\u{200D}👧 b"); // the joiner is normalised away
    check_tokens("कि|क्ष", "कि क्ष");
}

#[test]
fn sentences_end_at_terminators_and_lines() {
    check_sentences(
        &["قال ذلك أمس.", "هل عاد؟", "نعم!", "عنوان", "نص"],
        "قال ذلك أمس. هل عاد؟ نعم!\nعنوان\r\n\r\nنص",
    );
    check_sentences(&["One.", "Two?", "Three…", "Four"], "One. Two? Three… Four");
    check_sentences(&["انتهى الاجتماع.", "وعاد الوزير"], "انتهى الاجتماع.وعاد الوزير");
    check_sentences(&["Он приехал.", "Она уехала."], "Он приехал. Она уехала.");
}

#[test]
fn abbreviations_and_numbers_do_not_end_sentences() {
    check_sentences(&["Dr. Smith met Mr. J. Doe in St. Louis."], "Dr. Smith met Mr. J. Doe in St. Louis.");
    check_sentences(&["It cost 1.5 million.", "So be it."], "It cost 1.5 million. So be it.");
    check_sentences(&["وصل د. أحمد و أ. محمد إلى القاهرة."], "وصل د. أحمد و أ. محمد إلى القاهرة.");
    check_sentences(&["В г. Москве на ул. Ленина.", "Он там."], "В г. Москве на ул. Ленина. Он там.");
    check_sentences(&["Это было в 2016 г.", "Потом он уехал."], "Это было в 2016 г. Потом он уехал.");
    check_sentences(&["А.С. Пушкин родился здесь."], "А.С. Пушкин родился здесь.");
    check_sentences(&["The U.S. Army left.", "Fine."], "The U.S. Army left. Fine.");
    check_sentences(&["He lives in the U.S.", "He likes it."], "He lives in the U.S. He likes it.");
    check_sentences(&["1. First point", "2. Second point"], "1. First point\n2. Second point");
    check_sentences(&["See example.com for more."], "See example.com for more.");
}

#[test]
fn quotes_and_ellipses_go_with_their_sentence() {
    check_sentences(&["“Go away.”", "He left."], "“Go away.” He left.");
    check_sentences(&["“Why?” he asked."], "“Why?” he asked.");
    check_sentences(&["قال: «انتهى كل شيء.»", "ثم عاد."], "قال: «انتهى كل شيء.» ثم عاد.");
    check_sentences(&["قال: \"انتهى كل شيء\".", "ثم عاد."], "قال: \"انتهى كل شيء\". ثم عاد.");
    check_sentences(&["«انتهى!»، قال الوزير."], "«انتهى!»، قال الوزير.");
    check_sentences(&["Well... maybe not."], "Well... maybe not.");
    check_sentences(&["Well...", "Maybe."], "Well... Maybe.");
    check_sentences(&["بالصور .. شاهد المشروع"], "بالصور .. شاهد المشروع");
    check_sentences(&["What?!", "No."], "What?! No.");
}

#[test]
fn limiting_cuts_tokens_and_sentences() {
    let mut doc = Doc::new(Field::Body, "One two. Three four. Five");
    assert_eq!(doc.limit(100), None);
    assert_eq!(doc.limit(4), Some(15));
    assert_eq!(doc.tokens.len(), 4);
    assert_eq!(doc.sentences, [0..8, 9..14]);
}

#[test]
fn a_token_knows_its_stem() {
    let token = Token { start: 4, end: 10, kind: TokenKind::Arabic, proclitic: 2 };
    assert_eq!((token.range(), token.stem()), (4..10, 6..10));
}
