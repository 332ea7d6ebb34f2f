use super::*;
use crate::doc::Doc;
use crate::enriched::Field;

/// The proclitics of the words of a text, as letters, in its normalised form.
fn proclitics(text: &str) -> Vec<(String, String)> {
    let doc = Doc::new(Field::Body, text);
    let words = doc.tokens.iter().filter(|token| token.kind == TokenKind::Arabic);
    words
        .map(|token| {
            let word = doc.normalised_token(token);
            let (proclitic, stem) = word.split_at(token.proclitic as usize);
            (proclitic.to_owned(), stem.to_owned())
        })
        .collect()
}

#[track_caller]
fn check(proclitic: &str, words: &str) {
    for word in words.split_whitespace() {
        let found = proclitics(word);
        assert_eq!(found.len(), 1, "{word} is one token");
        assert_eq!(found[0].0, proclitic, "{word} was cut as {found:?}");
    }
}

#[test]
fn whole_words_stay_whole() {
    check(
        "",
        "فلسطين الفلسطينية فلسطيني فاريت فرنسا فرنسية فريق فقط فيينا فيروس فيسبوك فنزويلا فوز فترة فيلم",
    );
    check(
        "",
        "كونستانتين كورونا كابول كندا كوريا كوبا كييف كبير كان كما كانت كل كرة كتاب كيم كاتب كلمة كردستان",
    );
    check(
        "",
        "وزير وزارة وزراء وائل وكالة والد وقت وجود واشنطن وضع وصول وحدة واحد ولاية وفاة وسائل وطن وفد وثيقة",
    );
    check(
        "",
        "بغداد باريس بيان بوتين بريطانيا برنامج بيروت بعد بين برلين بروكسل بلجيكا بطولة بنك بلدية بحر بيت بن",
    );
    check("", "لندن ليبيا لبنان لجنة لقاء لكن ليس لاعب لدى لم لن لا ليفربول لافروف لواء لغة");
    check("", "سوريا سنة سعودي سيارة سياسة سلطان سوق سبتمبر سفير سلام سيناء سويسرا سابق سوف سليمان سان");
    check("", "روسيا القاهرة منظمة الأمين محمد تتارستان صنعاء اليمن");
}

#[test]
fn proclitics_are_cut() {
    check(
        "و",
        "وفلسطين وقال وأضاف وأكد والرئيس وفي ومن وهو وكان ومنظمة وروسيا ولكن وليس وباريس وبغداد وبوتين ولبنان وسوريا",
    );
    check("ف", "فقال فإن فهو فهي فلم فكان");
    check("ب", "بالقاهرة بالعاصمة بمدينة بقيادة بحضور بروسيا ببغداد بمصر بالرياض بمشاركة");
    check("ل", "لروسيا لوزارة لمنظمة لمكافحة لمصر لجميع لوزير لرئيس");
    check("لل", "للمنظمة للأمم للرئيس للاتحاد للقاهرة");
    check("ك", "كالقاهرة كالعادة");
    check("س", "سيقوم سيكون ستكون");
    check("ول", "ولروسيا ولمصر ولوزير");
    check("وب", "وبالقاهرة وبمشاركة وبحضور");
    check("ولل", "وللأمم وللرئيس");
    check("وس", "وسيكون وستكون");
}

#[test]
fn a_lam_of_the_name_stays() {
    assert_eq!(proclitics("لليبيا")[0], ("ل".to_owned(), "ليبيا".to_owned()));
    assert_eq!(proclitics("وللبنان")[0], ("ول".to_owned(), "لبنان".to_owned()));
}

#[test]
fn the_document_decides_on_unknown_words() {
    let alone = proclitics("لتتارستان");
    assert_eq!(alone[0].0, "");
    let known = proclitics("زار تتارستان، ثم عاد. لتتارستان تاريخ");
    assert_eq!(known[4], ("ل".to_owned(), "تتارستان".to_owned()));
}

/// The proclitics of the last word of a text.
fn last(text: &str) -> String {
    proclitics(text).pop().expect("a word").0
}

#[test]
fn behind_a_preposition_stands_no_second_one() {
    for text in
        ["وصل إلى وندسور", "عاش في لندنتاون", "زار قبره في بروسيا", "بحث عن ولفين", "وفي بلجرشي", "#بمصر"]
    {
        assert_eq!(last(text), "", "{text}");
    }
    for (text, expected) in [
        ("السفر من وإلى", "و"),
        ("كل من بالداخل", "ب"),
        ("علي ورئيس", "و"),
        ("كل من سيكون", "س"),
        ("عاش في، ولمصر", "ول"),
        ("وهذا ما في للقاهرة", "لل"),
        ("لا يصل وبغداد", "و"),
    ] {
        assert_eq!(last(text), expected, "{text}");
    }
}

#[test]
fn of_two_words_behind_two_lams_the_known_one() {
    assert_eq!(last("للولايات"), "لل");
    assert_eq!(last("للبيت"), "لل");
    assert_eq!(last("للبنان"), "ل");
    assert_eq!(last("للجنة"), "ل");
}

#[test]
fn readings_offer_every_cut_of_the_grammar() {
    let cuts =
        |word: &str| readings(word).iter().map(|cut| (cut.bytes, cut.article_elided)).collect::<Vec<_>>();
    assert_eq!(cuts("وللامم"), [(2, false), (4, false), (6, true)]);
    assert_eq!(cuts("لتتارستان"), [(2, false)]);
    assert_eq!(cuts("بالقاهره"), [(2, false)]);
    assert_eq!(cuts("ولروسيا"), [(2, false), (4, false)]);
    assert_eq!(cuts("لليبيا"), [(2, false), (4, true)]);
    assert_eq!(cuts("وفلسطين"), [(2, false)]);
    assert!(cuts("فلسطين").is_empty());
    assert!(cuts("القاهره").is_empty());
    assert!(cuts("").is_empty());
    assert!(cuts("و").is_empty());
}

#[test]
fn pronouns_at_the_end_of_a_word() {
    let pronoun = |word: &str| {
        let folded = crate::aligned::AlignedText::new(word).folded().to_owned();
        let bytes = super::enclitic(&folded, word);
        folded[folded.len() - bytes..].to_owned()
    };
    for (word, expected) in [
        ("لها", "ها"),
        ("منهم", "هم"),
        ("رئيسها", "ها"),
        ("مدينتها", "ها"),
        ("رئيسه", "ه"),
        ("عليه", "ه"),
        ("لديهم", "هم"),
        ("مدينة", ""),
        ("المتهم", ""),
        ("متهم", ""),
        ("وزارة", ""),
        ("فيها", "ها"),
        ("بينهما", "هما"),
    ] {
        assert_eq!(pronoun(word), expected, "{word}");
    }
}
