//! Times that lean on others, and units without a number.

use super::{ANCHOR, check};

#[test]
fn words_behind_and_are_the_words_themselves() {
    check("ar", ANCHOR, "وصل وقبل شهرين سافر", &[("قبل شهرين", "2026-09")]);
    check("ar", ANCHOR, "غدا وهذه السنة هنا", &[("غدا", "2026-11-24"), ("هذه السنة", "2026")]);
    // the evening belongs to what follows
    check("ar", ANCHOR, "وصل أمس ومساء الأحد غادر", &[("أمس", "2026-11-22"), ("مساء الأحد", "2026-11-22TEV")]);
    check("ar", ANCHOR, "هنا والليلة الماضية هناك", &[("الليلة الماضية", "2026-11-22TNI")]);
}

#[test]
fn two_units_back() {
    check("ar", ANCHOR, "فاز في العام قبل الماضي هنا", &[("العام قبل الماضي", "2024")]);
    check("ar", ANCHOR, "غادر العام قبل أن يصل", &[]);
}

#[test]
fn hours_in_digits_before_a_part_of_the_day() {
    check("ar", ANCHOR, "مفتوح حتى 5 مساء هنا", &[("5 مساء", "2026-11-23T17:00")]);
    check("ar", ANCHOR, "فاز في 5 مباريات", &[]);
}

#[test]
fn every_week() {
    check("ar", ANCHOR, "يلتقون كل يوم جمعة هنا", &[("كل يوم جمعة", "XXXX-WXX-5")]);
    check("ar", ANCHOR, "يلتقون كل يوم هنا", &[("كل يوم", "P1D")]);
}

#[test]
fn ends_of_ranges() {
    check("ar", ANCHOR, "من الأحد إلى الخميس هنا", &[("الأحد", "2026-11-22"), ("الخميس", "2026-11-26")]);
    check("ar", ANCHOR, "حضر الأحد وغاب الخميس هنا", &[("الأحد", "2026-11-22"), ("الخميس", "2026-11-19")]);
    check(
        "ar",
        ANCHOR,
        "من الخامس إلى التاسع من ديسمبر هنا",
        &[("الخامس", "2026-12-05"), ("التاسع من ديسمبر", "2026-12-09")],
    );
    check("ar", ANCHOR, "من الخامس إلى التاسع في الترتيب", &[]);
    check(
        "ar",
        ANCHOR,
        "من 28 مارس إلى 3 أبريل المقبل",
        &[("28 مارس", "2027-03-28"), ("3 أبريل المقبل", "2027-04-03")],
    );
}

#[test]
fn an_ordinal_that_belongs_to_a_noun_is_no_day() {
    check("ar", ANCHOR, "في الأسبوع الأول من الشهر الجاري هنا", &[("الشهر الجاري", "2026-11")]);
    check("ar", ANCHOR, "في الأول من الشهر الجاري هنا", &[("الأول من الشهر الجاري", "2026-11-01")]);
    check("ar", ANCHOR, "الأربعاء 12 الجاري هنا", &[("الأربعاء 12 الجاري", "2026-11-12")]);
}

#[test]
fn half_a_month_and_half_a_year() {
    check("ar", ANCHOR, "في النصف الأول من شهر مايو هنا", &[("النصف الأول من شهر مايو", "2026-05")]);
    check("ar", ANCHOR, "في النصف الأول من عام 2015 هنا", &[("النصف الأول من عام 2015", "2015-H1")]);
}

#[test]
fn the_year_told_before() {
    check("ar", ANCHOR, "ولد عام 2011 ومات في العام نفسه", &[("عام 2011", "2011"), ("العام نفسه", "2011")]);
    check("ar", ANCHOR, "ومات في العام نفسه", &[]);
}

#[test]
fn one_unit_that_a_preposition_leads() {
    check("ar", ANCHOR, "عاد بعد أسبوع.", &[("أسبوع", "P1W")]);
    check("ar", ANCHOR, "تنتهي خلال شهر من الآن", &[("شهر", "P1M"), ("الآن", "PRESENT_REF")]);
    check("ar", ANCHOR, "خلال أسبوع الموضة هنا", &[]);
    check("ar", ANCHOR, "في ساعة متأخرة هنا", &[]);
    check("ar", ANCHOR, "يوما بعد يوم.", &[]);
}

#[test]
fn a_month_behind_a_verb_of_the_past_has_been() {
    check("ar", ANCHOR, "بدأت الأزمة في ديسمبر هنا", &[("ديسمبر", "2025-12")]);
    check("ar", ANCHOR, "في 3 ديسمبر أعلن الحزب ذلك", &[("3 ديسمبر", "2025-12-03")]);
    check("ar", ANCHOR, "تولى المنصب في فبراير هنا", &[("فبراير", "2026-02")]);
    check("ar", ANCHOR, "ستبدأ الدورة في ديسمبر هنا", &[("ديسمبر", "2026-12")]);
    check("ar", ANCHOR, "قرر المجلس إجراء الانتخابات في ديسمبر", &[("ديسمبر", "2026-12")]);
    check("ar", ANCHOR, "وتنتهي المهلة الخميس هنا", &[("الخميس", "2026-11-26")]);
}

#[test]
fn midnight_and_one_day_in_two_calendars() {
    check("ar", ANCHOR, "بدأ منتصف ليل الأحد هنا", &[("منتصف ليل الأحد", "2026-11-22T00:00")]);
    // the moon was seen a day later than the tables say
    check(
        "ar",
        ANCHOR,
        "يوم 14 جمادى الآخرة 1448هـ الموافق 25 نوفمبر 2026",
        &[("يوم 14 جمادى الآخرة 1448هـ", "2026-11-25"), ("25 نوفمبر 2026", "2026-11-25")],
    );
    check(
        "ar",
        ANCHOR,
        "بين 14 جمادى الآخرة 1448هـ و25 نوفمبر 2026",
        &[("14 جمادى الآخرة 1448هـ", "2026-11-24"), ("25 نوفمبر 2026", "2026-11-25")],
    );
}

#[test]
fn words_without_their_hamzas_and_dots() {
    check("ar", ANCHOR, "واستعانت بهم فى السابق هنا", &[("السابق", "PAST_REF")]);
    check("ar", ANCHOR, "سيعود فى وقت قريب", &[]);
    check("ar", ANCHOR, "تأجل لساعة اخرى هنا", &[("ساعة اخرى", "PT1H")]);
}

#[test]
fn no_verb_stands_behind_a_preposition() {
    check("ar", ANCHOR, "التقيا في سنغافورة الخميس هنا", &[("الخميس", "2026-11-19")]);
    check("ar", ANCHOR, "من المتوقع أن يصل الخميس هنا", &[("الخميس", "2026-11-26")]);
}

#[test]
fn days_with_their_word_before_them() {
    check("ar", ANCHOR, "يلعب يوم 27 الجاري هنا", &[("يوم 27 الجاري", "2026-11-27")]);
    check("ar", ANCHOR, "وصل يوم 4-6-2018 إلى هنا", &[("يوم 4-6-2018", "2018-06-04")]);
    check("ar", ANCHOR, "في الأول والثاني من مايو هنا", &[("الثاني من مايو", "2026-05-02")]);
}

#[test]
fn whole_units_former_things_and_sales() {
    check("ar", ANCHOR, "قضى سنة كاملة هناك", &[("سنة كاملة", "P1Y")]);
    check("ar", ANCHOR, "لم يعد خلال أسبوع ليسجل هدفا", &[("أسبوع", "P1W")]);
    check("ar", ANCHOR, "كان وزيرا سابقا هناك", &[]);
    check("ar", ANCHOR, "قال سابقا ذلك", &[("سابقا", "PAST_REF")]);
    check("ar", ANCHOR, "تخفيضات الجمعة السوداء هنا", &[]);
    check("ar", ANCHOR, "حضر جائزة الرواية 2016 هنا", &[]);
}
