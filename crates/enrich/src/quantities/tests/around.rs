//! What stands around a number and tells what it counts.

use super::*;
use QuantityKind::{Count, Measure, Ordinal, Percent, Score};

const ITEM: Option<Unit> = Some(Unit::Item);

#[test]
fn nouns_that_looked_like_verbs_and_prepositions() {
    check("ar", "أغلقت أربع منشآت هناك", &[("أربع منشآت", 4.0, ITEM, Count)]);
    check("ar", "استقبل المعهد 800 إمام هناك", &[("800 إمام", 800.0, Some(Unit::Person), Count)]);
    check("ar", "بلغ عددها 1959 فرعا هناك", &[("1959 فرعا", 1959.0, ITEM, Count)]);
    check("ar", "ينتخب المجلس 448 عضوا هناك", &[("448 عضوا", 448.0, Some(Unit::Person), Count)]);
    check("ar", "فحصوا 462 بالغا هناك", &[("462 بالغا", 462.0, Some(Unit::Person), Count)]);
    check("ar", "وزعوا نحو 2000 حبة هناك", &[("2000 حبة", 2000.0, ITEM, Count)]);
    check("ar", "بسماكة 7.5 ميليمترات هناك", &[("7.5 ميليمترات", 7.5, None, Measure)]);
    check("ar", "رابع أيام العيد هناك", &[("رابع أيام", 4.0, ITEM, Ordinal)]);
    check("ar", "رابع أيام عيد الفطر هناك", &[("رابع أيام", 4.0, ITEM, Ordinal)]);
}

#[test]
fn a_scale_in_the_accusative_takes_no_noun() {
    check("ar", "قيمته 12 مليارا جرى الإعلان عنها", &[("12 مليارا", 12e9, ITEM, Count)]);
    check("ar", "أكثر من 35 ألفا وصلوا هناك", &[("35 ألفا", 35e3, ITEM, Count)]);
    check("ar", "يضم مليونا شخص هناك", &[("مليونا شخص", 2e6, Some(Unit::Person), Count)]);
}

#[test]
fn shares_that_are_glued_or_told_in_a_range() {
    let percent = |text, value| (text, value, Some(Unit::Percent), Percent);
    check("ar", "من الرجال و12%من النساء", &[percent("12%", 12.0)]);
    check(
        "ar",
        "تتراوح بين خمسين وستين في المئة هناك",
        &[percent("خمسين", 50.0), percent("ستين في المئة", 60.0)],
    );
}

#[test]
fn numbers_said_again_in_brackets() {
    let text = "شارك ثمانية وعشرون (28) فريقا هناك";
    check("ar", text, &[("ثمانية وعشرون (28) فريقا", 28.0, ITEM, Count)]);
}

#[test]
fn duals_known_by_their_adjective() {
    check("ar", "وجدوا في الحقيبة غزالتين محنطتين هناك", &[("غزالتين محنطتين", 2.0, ITEM, Count)]);
    check("ar", "وصل إلى فلسطين مع بوتين هناك", &[]);
}

#[test]
fn some_of_those_who_belong_to_somebody() {
    check("ar", "برفقة ستة من أعضاء حكومته هناك", &[("ستة من أعضاء حكومته", 6.0, Some(Unit::Person), Count)]);
    check("ar", "انتقده ثلاثة من مؤسسي الحركة", &[("ثلاثة من مؤسسي الحركة", 3.0, Some(Unit::Person), Count)]);
}

#[test]
fn places_in_the_accusative() {
    check("ar", "أضاف زميله هدفا ثالثا هناك", &[("هدفا ثالثا", 3.0, ITEM, Ordinal)]);
    check("ar", "يملك سهما واحدا مسجلا هناك", &[("سهما واحدا", 1.0, ITEM, Count)]);
    check("ar", "ثانيا وثالثا نشكر الجميع", &[]);
}

#[test]
fn digits_behind_the_article_of_a_plural() {
    check("ar", "تأهلت الأندية الـ14 هناك", &[("الأندية الـ14", 14.0, None, Ordinal)]);
    check("ar", "سجل في الدقيقة الـ54 هناك", &[("الدقيقة الـ54", 54.0, None, Ordinal)]);
}

#[test]
fn results_against_nothing_and_with_a_preposition() {
    for (text, result, value, against) in [
        ("فاز بثلاثة أهداف مقابل لا شيء هناك", "ثلاثة أهداف مقابل لا شيء", 3.0, 0.0),
        ("فاز بثلاثة أهداف لهدف واحد هناك", "ثلاثة أهداف لهدف واحد", 3.0, 1.0),
        ("وفاز على ضيفه 3 - 1 هناك", "3 - 1", 3.0, 1.0),
        ("فاز بهدفين للاشيء هناك", "هدفين للاشيء", 2.0, 0.0),
    ] {
        let doc = Doc::new(Field::Body, text);
        let found = find(&doc, "ar");
        let found: Vec<_> = found.iter().map(|q| (q.text.as_str(), q.value, q.against, q.kind)).collect();
        assert_eq!(found, [(result, value, Some(against), Score)], "{text}");
    }
}

#[test]
fn years_streets_and_hours_count_nothing() {
    for text in [
        "تشهد البلاد منذ 2007 تمردا هناك",
        "قرب شارع الـ100 هناك",
        "عند الساعة الـ11 مساء هناك",
        "وهو رقم واحد في العالم",
    ] {
        check("ar", text, &[]);
    }
}

#[test]
fn two_people_by_their_adjective_and_a_season_by_its_owner() {
    let text = "لقي مراهقان فلسطينيان حتفهما هناك";
    check("ar", text, &[("مراهقان فلسطينيان", 2.0, ITEM, Count)]);
    check("ar", "يخوض موسمه الـ16 هناك", &[("موسمه الـ16", 16.0, None, Ordinal)]);
}

#[test]
fn no_two_by_their_ending_alone() {
    for text in [
        "تحوي غلوتين هنا وهناك",
        "صنع جيلاتين هنا",
        "زار القديس أوغستين هنا",
        "كلمنتين هنا",
        "وقف كابتان الفريق هنا",
        "جلسوا ساكتين هنا",
        "ظلوا منصتين له هنا",
        "نحن مختلفان في الرأي",
        "قدماه مقيدتان هنا",
        "الرأي والفعل متلازمان هنا",
        "اشترت فستان السهرة",
        "زار أفغانستان أمس",
    ] {
        check("ar", text, &[]);
    }
}

#[test]
fn no_number_out_of_the_tail_of_a_clock() {
    check("ar", "أنهى السباق بزمن 1:58:20 متقدما على غيره", &[]);
    check("ar", "فاز بزمن 9:58 ثوان هنا", &[]);
    check("ar", "النتيجة:5 أهداف هنا", &[("5 أهداف", 5.0, ITEM, Count)]);
}

#[test]
fn occasions_in_tens_and_both_of_two_places() {
    let item = Some(Unit::Item);
    check("ar", "في الذكرى الخمسين للتأسيس", &[("الذكرى الخمسين", 50.0, item, Ordinal)]);
    check("ar", "بعيد ميلاده الثلاثين هنا", &[("عيد ميلاده الثلاثين", 30.0, item, Ordinal)]);
    check("ar", "اجتمعت مجموعة الدول العشرين هنا", &[]);
    check(
        "ar",
        "في المرحلتين الأولى والثانية هنا",
        &[("الأولى", 1.0, item, Ordinal), ("الثانية", 2.0, item, Ordinal)],
    );
    check("ar", "التجربة الأولى من نوعها", &[("التجربة الأولى", 1.0, item, Ordinal)]);
    check("ar", "وهي الأولى من نوعها", &[("الأولى", 1.0, item, Ordinal)]);
    check("ar", "وهي الأولى من دونه", &[]);
}

#[test]
fn some_of_all_and_one_of_a_unit() {
    let item = Some(Unit::Item);
    check("ar", "اثنان من بين الكتب هنا", &[("اثنان", 2.0, item, Count)]);
    check("ar", "5 كتب من أصل 20 من مكتبته", &[("5 كتب", 5.0, item, Count), ("20", 20.0, item, Count)]);
    check("ar", "لم يدفع ريالا واحدا هنا", &[("ريالا واحدا", 1.0, Some(Unit::Sar), Money)]);
    check("ar", "عند دورات مياه رقم 6 هنا", &[]);
    check("ar", "زار 9 شركات ومؤسسات هنا", &[("9 شركات ومؤسسات", 9.0, item, Count)]);
    check("ar", "صدرت 8 قرارات وزارية هنا", &[("8 قرارات وزارية", 8.0, item, Count)]);
}

#[test]
fn heads_that_count_and_heads_that_do_not() {
    let item = Some(Unit::Item);
    check("ar", "على الطريق الوطنية رقم 7 هنا", &[("الطريق الوطنية رقم 7", 7.0, item, Ordinal)]);
    check("ar", "تصدر الترتيب للأسبوع الـ12 هنا", &[("أسبوع الـ12", 12.0, None, Ordinal)]);
    check("ar", "خلال الساعات الـ24 الماضية", &[]);
    check(
        "ar",
        "320 من حملة الماجستير و45 من حملة الدكتوراه",
        &[("320 من حملة الماجستير", 320.0, item, Count), ("45 من حملة الدكتوراه", 45.0, item, Count)],
    );
    for text in ["نقلت صحيفة اليوم السابع ذلك", "قائد اللواء الثالث هنا", "يكتفي واحد هنا", "رقم 3 تعاقد معه"]
    {
        check("ar", text, &[]);
    }
}

#[test]
fn both_of_two_in_digits_and_purposes() {
    check(
        "ar",
        "في الجولتين الـ11 والـ12 هنا",
        &[("الـ11", 11.0, None, Ordinal), ("الـ12", 12.0, None, Ordinal)],
    );
    check("ar", "دشن 3 محطات لتنقية المياه", &[("3 محطات", 3.0, ITEM, Count)]);
}
