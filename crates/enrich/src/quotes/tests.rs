use super::*;
use crate::enriched::{Field, QuotedKind};
use proptest::prelude::*;

mod apart;
mod clauses;
mod described;
mod phrases;
mod relatives;
mod reporting;
mod speakers;
mod titles;
mod western;
mod western_subject;
mod who;
mod within;

/// Quotes of `text`, where `*name*` marks a person, `#name#` an organisation and `@name@` a place.
fn said(marked: &str, language: &str) -> (Vec<Quote>, Vec<Quoted>) {
    let mut text = String::new();
    let mut names: Vec<(Range<usize>, char)> = Vec::new();
    let mut open: Option<usize> = None;
    for c in marked.chars() {
        match (c, open) {
            ('*' | '#' | '@', None) => open = Some(text.len()),
            ('*' | '#' | '@', Some(start)) => {
                names.push((start..text.len(), c));
                open = None;
            }
            _ => text.push(c),
        }
    }
    let doc = Doc::new(Field::Body, &text);
    assert_eq!(doc.text.normalised(), text, "the made-up sentences need no normalisation");
    let entities: Vec<String> = names.iter().map(|(range, _)| text[range.clone()].to_owned()).collect();
    let speakers: Vec<Speaker> = names
        .iter()
        .zip(&entities)
        .map(|((range, mark), entity)| Speaker {
            range: range.clone(),
            entity,
            person: *mark == '*',
            place: *mark == '@',
        })
        .collect();
    find(&doc, &speakers, language)
}

/// Checks the direct quotes: speaker (or the words for one) and text.
fn check(language: &str, marked: &str, expected: &[(&str, &str)]) {
    check_kind(QuoteKind::Direct, language, marked, expected);
}

/// Checks the quotes of one kind.
#[track_caller]
fn check_kind(kind: QuoteKind, language: &str, marked: &str, expected: &[(&str, &str)]) {
    let (quotes, _) = said(marked, language);
    let found: Vec<(String, String)> = quotes
        .into_iter()
        .filter(|q| q.kind == kind)
        .map(|q| (q.speaker.or(q.speaker_text).unwrap_or_default(), q.text))
        .collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "{marked}");
}

#[test]
fn a_verb_before_the_quote_brings_its_subject() {
    check("ar", "قال *سامي* إن \"الطريق سيفتح غدا أمام الناس\".", &[("سامي", "الطريق سيفتح غدا أمام الناس")]);
    check("ar", "وأكد الوزير *سامي حداد*، أن «العمل مستمر».", &[("سامي حداد", "العمل مستمر")]);
    check("ar", "وأكدت #وزارة النقل# أن “العمل مستمر ليلا”.", &[("وزارة النقل", "العمل مستمر ليلا")]);
    check("en", "*Mary Hill* said: \"We will go on.\"", &[("Mary Hill", "We will go on.")]);
    check(
        "fr",
        "*Anne Petit* a déclaré : « Nous allons continuer. »",
        &[("Anne Petit", "Nous allons continuer.")],
    );
    check(
        "ru",
        "*Иван Лесной* заявил: «Мы будем работать дальше».",
        &[("Иван Лесной", "Мы будем работать дальше")],
    );
}

#[test]
fn a_verb_behind_the_quote_brings_its_subject() {
    check("en", "\"We will go on,\" said *Mary Hill*.", &[("Mary Hill", "We will go on,")]);
    check("en", "“We will go on,” *Mary Hill* told reporters.", &[("Mary Hill", "We will go on,")]);
    check(
        "fr",
        "« Nous allons continuer », a affirmé *Anne Petit*.",
        &[("Anne Petit", "Nous allons continuer")],
    );
    check(
        "ru",
        "«Мы будем работать дальше», — сказала *Анна Лесная*.",
        &[("Анна Лесная", "Мы будем работать дальше")],
    );
}

#[test]
fn a_dropped_subject_carries_the_last_speaker_on() {
    check(
        "ar",
        "قال *سامي* إن \"الطريق مفتوح\". وتابع: \"سنصل قبل المساء\".",
        &[("سامي", "الطريق مفتوح"), ("سامي", "سنصل قبل المساء")],
    );
    check(
        "en",
        "\"We will go on,\" said *Mary Hill*. \"Nobody will stop us,\" she added.",
        &[("Mary Hill", "We will go on,"), ("Mary Hill", "Nobody will stop us,")],
    );
}

#[test]
fn a_participle_takes_the_subject_of_its_clause() {
    check(
        "ar",
        "التقى *سامي* وفدا من التجار، مؤكدا على أن السوق \"لا تزال مفتوحة\".",
        &[("سامي", "لا تزال مفتوحة")],
    );
}

#[test]
fn who_is_spoken_to_is_not_the_speaker() {
    check("ar", "قال *سامي* في حديث مع *نادر*: \"سنعمل معا\".", &[("سامي", "سنعمل معا")]);
}

#[test]
fn sources_without_a_name_keep_their_words() {
    check("ar", "وقال مصدر أمني في المدينة إن \"الوضع هادئ الآن\".", &[("مصدر أمني", "الوضع هادئ الآن")]);
}

#[test]
fn a_speech_read_on_behalf_belongs_to_who_wrote_it() {
    let (quotes, _) = said(
        "أما رئيس البلدية *سامي حداد*، والذي ألقى كلمته نيابة عنه نائبه *نادر سعد*، فأكد على أن \"المدينة ترحب بكم جميعا\".",
        "ar",
    );
    let quote = quotes.iter().find(|q| q.kind == QuoteKind::Direct).expect("a direct quote");
    assert_eq!(quote.speaker.as_deref(), Some("سامي حداد"));
    assert_eq!(quote.read_by.as_deref(), Some("نادر سعد"));
}

#[test]
fn reported_speech_runs_to_the_end_of_its_sentence() {
    let (quotes, _) = said("وأوضح *سامي* أن الطريق سيفتح غدا أمام الناس. ثم غادر.", "ar");
    assert_eq!(quotes.len(), 1);
    assert_eq!(quotes[0].kind, QuoteKind::Indirect);
    assert_eq!(quotes[0].text, "الطريق سيفتح غدا أمام الناس");
    assert_eq!(quotes[0].speaker.as_deref(), Some("سامي"));
    assert_eq!(quotes[0].cue.as_deref(), Some("أوضح"));
}

#[test]
fn titles_names_and_scare_quotes_are_no_speech() {
    for (text, kind) in [
        ("أقيمت الندوة تحت عنوان \"مستقبل الزراعة في البلاد\" أمس.", QuotedKind::Title),
        ("وقال المذيع في قناة \"الأفق الجديد\" شيئا.", QuotedKind::Name),
        ("هذه ليست \"أزمة\" كما يرى.", QuotedKind::Scare),
        ("تعمل شركة «نسيم» هنا.", QuotedKind::Name),
    ] {
        let (quotes, quoted) = said(text, "ar");
        assert!(quotes.iter().all(|q| q.kind != QuoteKind::Direct), "{text}");
        assert_eq!(quoted.iter().map(|q| q.kind).collect::<Vec<_>>(), [kind], "{text}");
    }
}

#[test]
fn markup_is_neither() {
    let (quotes, quoted) = said("<a href=\"x y z\" target=\"_blank\">", "ar");
    assert!(quotes.is_empty() && quoted.is_empty());
}

/// The seed article with the mentions of its gold annotation.
#[test]
fn the_seed_article_has_its_five_quotes_and_none_of_its_traps() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/000_374f6dea2bdb99e4");
    let body = std::fs::read_to_string(format!("{dir}.txt")).expect("the seed is there");
    let gold = std::fs::read_to_string(format!("{dir}.gold.json")).expect("its annotation is there");
    let gold: serde_json::Value = serde_json::from_str(&gold).expect("it is JSON");
    let doc = Doc::new(Field::Body, &body);
    let mut bytes = std::collections::HashMap::new();
    for (at, c) in doc.text.normalised().char_indices() {
        let range = doc.text.to_original(at..at + c.len_utf8());
        bytes.entry(range.start as u64).or_insert(at);
        bytes.insert(range.end as u64, at + c.len_utf8());
    }
    let people: Vec<&str> = gold["entities"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|e| e["type"] == "PER")
        .filter_map(|e| e["id"].as_str())
        .collect();
    let mut speakers: Vec<Speaker> = gold["mentions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|m| m["level"] == "NAM")
        .filter_map(|m| {
            let at = |key: &str| bytes.get(&m[key].as_u64()?).copied();
            let entity = m["entity"].as_str()?;
            Some(Speaker {
                range: at("byte_start")?..at("byte_end")?,
                entity,
                person: people.contains(&entity),
                place: false,
            })
        })
        .collect();
    speakers.sort_by_key(|s| s.range.start);
    let (quotes, quoted) = find(&doc, &speakers, "ar");
    let direct: Vec<(u64, u64, &str)> = quotes
        .iter()
        .filter(|q| q.kind == QuoteKind::Direct)
        .map(|q| (q.span.char[0].into(), q.span.char[1].into(), q.speaker.as_deref().unwrap_or("")))
        .collect();
    let wanted: Vec<(u64, u64, &str)> = gold["quotes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|q| Some((q["start"].as_u64()?, q["end"].as_u64()?, q["speaker"].as_str()?)))
        .collect();
    assert_eq!(wanted.len(), 5);
    assert_eq!(direct, wanted);
    let traps: Vec<(u64, u64)> = gold["quoted_non_speech"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|q| Some((q["start"].as_u64()?, q["end"].as_u64()?)))
        .collect();
    let listed: Vec<(u64, u64)> =
        quoted.iter().map(|q| (q.span.char[0].into(), q.span.char[1].into())).collect();
    assert_eq!(listed, traps);
    let reported =
        quotes.iter().find(|q| q.kind == QuoteKind::Indirect && q.speaker.as_deref() == Some("MIN"));
    assert_eq!(reported.and_then(|q| q.read_by.as_deref()), Some("MUK"));
}

#[test]
fn floods_of_marks_and_cues_take_linear_time_and_end() {
    for flood in ["\"", " \"a ", "« ", "قال ", "قال \"أ ", "نيابة عنه قال ", "' a '", ": \"", "وقال أن "]
    {
        let text = flood.repeat(20_000);
        let doc = Doc::new(Field::Body, &text);
        let (quotes, _) = find(&doc, &[], "ar");
        assert!(quotes.len() <= 20_000);
    }
}

proptest! {
    #[test]
    fn spans_are_in_range_ordered_and_say_their_text(
        text in "([\"«»“”„‘’': .،\nقالأنعسي]|قال |مؤكدا |said |أن |\\PC){0,80}",
        language in prop::sample::select(vec!["ar", "en", "fr", "ru", "zz"]),
    ) {
        let doc = Doc::new(Field::Body, &text);
        let (quotes, quoted) = find(&doc, &[], language);
        let spans = quotes.iter().map(|q| (q.span, &q.text)).chain(quoted.iter().map(|q| (q.span, &q.text)));
        for (span, said) in spans {
            prop_assert_eq!(&text[span.byte[0] as usize..span.byte[1] as usize], said.as_str());
        }
        let starts: Vec<u32> = quotes.iter().map(|q| q.span.byte[0]).collect();
        prop_assert!(starts.is_sorted());
        prop_assert!(quotes.iter().all(|q| (0.0..=1.0).contains(&q.confidence)));
    }
}

#[test]
fn a_subject_that_is_no_known_name_is_not_somebody_else() {
    check(
        "ar",
        "قال *سامي حداد*: \"بدأنا العمل أمس\". وأضاف مون أن \"الطريق طويل جدا أمامنا\".",
        &[("سامي حداد", "بدأنا العمل أمس"), ("مون", "الطريق طويل جدا أمامنا")],
    );
    check(
        "ar",
        "قال المتحدث باسم الشركة *سامي حداد*: \"بدأنا العمل أمس\". وصل *عمر ناجي*. وقال المتحدث: \"انتهينا اليوم منه\".",
        &[("سامي حداد", "بدأنا العمل أمس"), ("سامي حداد", "انتهينا اليوم منه")],
    );
}

#[test]
fn a_dropped_subject_agrees_with_its_verb() {
    check(
        "ar",
        "قالت الوزيرة *ليلى سعد*: \"بدأنا العمل أمس\". وقال *سامي حداد*: \"نحن معكم دائما\". وأضافت: \"سنكمل العمل غدا\".",
        &[("ليلى سعد", "بدأنا العمل أمس"), ("سامي حداد", "نحن معكم دائما"), ("ليلى سعد", "سنكمل العمل غدا")],
    );
}

#[test]
fn an_agency_hands_on_what_its_source_says() {
    check(
        "ar",
        "ونقلت #وكالة الشمال# عن *سامي حداد* قوله إن \"الطريق مفتوح الآن\".",
        &[("سامي حداد", "الطريق مفتوح الآن")],
    );
    check(
        "ar",
        "ونقلت #وكالة الشمال# عن مصدر عسكري قوله إن \"الطريق مفتوح الآن\".",
        &[("مصدر عسكري", "الطريق مفتوح الآن")],
    );
    check(
        "ar",
        "ونقل بيان عن #وزارة النقل# \"فتح الطريق أمام الناس\".",
        &[("وزارة النقل", "فتح الطريق أمام الناس")],
    );
}

#[test]
fn whose_widow_or_office_speaks_does_not_speak() {
    check(
        "ar",
        "وأكدت زوجة الرئيس *سامي حداد*، *ليلى سعد*، أنها \"بخير والحمد لله\".",
        &[("ليلى سعد", "بخير والحمد لله")],
    );
    check("ar", "قال أحد أقرباء *حداد* إن \"الطريق مفتوح الآن\".", &[("أحد أقرباء حداد", "الطريق مفتوح الآن")]);
}

#[test]
fn a_source_in_passing_does_not_take_the_floor() {
    check(
        "ar",
        "قال *سامي حداد*: \"الطريق مفتوح الآن\". ووصلت القافلة مساء، حسبما أكدت مصادر محلية. وأضاف: \"سنصل غدا إليكم\".",
        &[("سامي حداد", "الطريق مفتوح الآن"), ("سامي حداد", "سنصل غدا إليكم")],
    );
}

#[test]
fn what_a_document_says_is_its_owners_or_its_own() {
    check("ar", "وجاء في الدراسة \"أن الأمر صعب على الجميع\".", &[("الدراسة", "أن الأمر صعب على الجميع")]);
    check(
        "ar",
        "وردت أنباء عن الخلاف. جاء ذلك في تغريدة ل*سامي حداد* على صفحته حيث قال: \"لا خلاف بيننا أبدا\".",
        &[("سامي حداد", "لا خلاف بيننا أبدا")],
    );
}

#[test]
fn a_name_before_a_colon_speaks() {
    check(
        "ar",
        "قال *نادر*: \"نعم سنعمل معكم\".\n*سامي حداد*: \"لن نعمل معهم\".",
        &[("نادر", "نعم سنعمل معكم"), ("سامي حداد", "لن نعمل معهم")],
    );
}

#[test]
fn a_title_behind_the_name_points_to_it() {
    check(
        "ar",
        "وصل *سامي حداد* رئيس بلدية الشمال أمس. وزار *نادر سعد* المدينة. وقال رئيس البلدية إن \"الطريق مفتوح الآن\".",
        &[("سامي حداد", "الطريق مفتوح الآن")],
    );
}

#[test]
fn an_object_is_no_subject() {
    check(
        "ar",
        "قال *سامي حداد*: \"لن نعمل معهم\". ووصف الخطوة بأنها \"خطأ كبير لن يغتفر\".",
        &[("سامي حداد", "لن نعمل معهم"), ("سامي حداد", "خطأ كبير لن يغتفر")],
    );
    check(
        "ar",
        "انتقدت #منظمة الأمل# القرار ووصفته بأنه \"غير مبرر أبدا\".",
        &[("منظمة الأمل", "غير مبرر أبدا")],
    );
}

#[test]
fn words_that_only_look_like_verbs_of_saying_bring_nobody() {
    check(
        "ar",
        "قال *سامي حداد* في تغريدة عبر حسابه أمس: \"سنعمل على كشف الحقيقة\".",
        &[("سامي حداد", "سنعمل على كشف الحقيقة")],
    );
    check("ar", "رابط الخبر بصحيفة الشمال: «بلدية جدة» تفتح الطريق.", &[]);
}
