use super::*;

#[track_caller]
fn check(code: impl Into<Option<&'static str>>, text: &str) {
    let found = detect(text);
    assert_eq!(found.code, code.into(), "{found:?} for {text}");
    assert!((0.0..=1.0).contains(&found.confidence));
}

#[test]
fn the_four_languages_of_the_service() {
    check("ar", "أكد وزير الخارجية أن بلاده تدعم الحل السياسي في ليبيا");
    check("ar", "قال الرييس ان الاجتماع كان مثمرا");
    check("en", "The minister said that the talks were useful and that they will go on.");
    check("fr", "Le ministre a déclaré que les négociations se poursuivront la semaine prochaine.");
    check("ru", "Министр заявил, что переговоры были полезными и будут продолжены.");
}

#[test]
fn neighbours_are_not_taken_for_them() {
    check("fa", "وزیر امور خارجه گفت که این مذاکرات برای هر دو کشور مفید بود");
    check("ur", "وزیر خارجہ نے کہا ہے کہ مذاکرات دونوں ملکوں کے لیے مفید ہیں");
    check("uk", "Міністр заявив, що переговори були корисними і триватимуть далі");
    check("be", "Міністр заявіў, што перамовы былі карыснымі і будуць працягвацца ў Мінску");
    check("bg", "Министърът заяви, че преговорите са полезни и ще продължат");
    check("sr", "Министар је изјавио да су преговори били корисни и да ће се наставити");
    check("de", "Der Minister sagte, dass die Gespräche nützlich waren und weitergehen werden.");
    check("es", "El ministro dijo que las conversaciones fueron útiles y que continuarán.");
    check("it", "Il ministro ha detto che i colloqui sono stati utili e che continueranno.");
    check("tr", "Bakan, görüşmelerin yararlı olduğunu ve devam edeceğini söyledi, bu önemli bir adım.");
    check("kk", "Министр келіссөздер пайдалы болды және жалғасады деп мәлімдеді");
    check("zh", "外交部长表示会谈富有成果并将继续进行");
    check("ja", "外相は会談が有益だったと述べました");
    check("he", "שר החוץ אמר כי השיחות היו מועילות");
}

#[test]
fn what_cannot_be_told_is_not_guessed() {
    check(None, "");
    check(None, "12.05.2016 — 17:30");
    check(None, "Xylophon Qwertz");
    check(None, "ab");
    assert!(detect("موسكو").confidence < 0.6);
}

#[test]
fn only_the_start_is_read() {
    let long = "The talks were useful and they will go on. ".repeat(100) + &"قال الوزير إن ".repeat(10_000);
    check("en", &long);
}

#[test]
fn addresses_and_markup_do_not_count() {
    check(
        "ar",
        "أعلنت رئيسة <a href=\"https://www.example.com/articles/the/of/and/%D8%A7%D9%84%D8%A3\"> الوزراء في بيان",
    );
}
