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
