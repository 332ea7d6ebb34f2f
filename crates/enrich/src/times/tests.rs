use super::*;
use crate::enriched::Field;
use proptest::prelude::*;

/// 23 November 2026 is a Monday.
const ANCHOR: Option<&str> = Some("2026-11-23");

fn check(language: &str, anchor: Option<&str>, text: &str, expected: &[(&str, &str)]) {
    let doc = Doc::new(Field::Body, text);
    let found = find(&doc, anchor, language);
    let found: Vec<(&str, &str)> = found.iter().map(|t| (t.text.as_str(), t.value.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn arabic_dates() {
    check("ar", None, "في 23 ديسمبر 2017 مساء", &[("23 ديسمبر 2017", "2017-12-23")]);
    check("ar", None, "افتتح في عام 2017 هنا", &[("عام 2017", "2017")]);
    check("ar", None, "وفي حزيران/يونيو 2018", &[("حزيران/يونيو 2018", "2018-06")]);
    check("ar", None, "منذ كانون الثاني (يناير) 2019 هنا", &[("كانون الثاني (يناير) 2019", "2019-01")]);
    check("ar", None, "يوم 14 جانفي 2011", &[("يوم 14 جانفي 2011", "2011-01-14")]);
    check("ar", None, "في القرن الحادي والعشرين", &[("القرن الحادي والعشرين", "20")]);
    check("ar", None, "خلال الربع الثاني من عام 2014", &[("الربع الثاني من عام 2014", "2014-Q2")]);
    check("ar", None, "بتاريخ 15/03/2020 صدر", &[("15/03/2020", "2020-03-15")]);
}

#[test]
fn two_ends_in_one_expression() {
    let days = [("يومي الجمعة والسبت المقبلين", "2026-11-27/2026-11-28")];
    check("ar", ANCHOR, "يلتقيان يومي الجمعة والسبت المقبلين هنا", &days);
    check("ar", ANCHOR, "من 4 حتى 6 مارس 2025", &[("4", "2025-03-04"), ("6 مارس 2025", "2025-03-06")]);
    check("ar", None, "أقيم 26 - 27 أبريل 2024 هنا", &[("26 - 27 أبريل 2024", "2024-04-26/2024-04-27")]);
    check("ar", None, "الحاكم الأسبق (2001-2011) هنا", &[("2001-2011", "2001/2011")]);
    check("ar", None, "للعام الدراسي 1436/ 1437هـ هنا", &[("1436/ 1437هـ", "2015/2016")]);
    check("ar", None, "الموسم (2014-2015) هنا", &[]);
    check("ar", ANCHOR, "غادر ليل الأربعاء الخميس هنا", &[("ليل الأربعاء الخميس", "2026-11-18TNI")]);
}

#[test]
fn days_of_weeks_years_and_nights() {
    let tuesday = [("الثلاثاء من الأسبوع المقبل", "2026-12-01")];
    check("ar", ANCHOR, "يصل الثلاثاء من الأسبوع المقبل إلى هنا", &tuesday);
    check("ar", ANCHOR, "في العام الدراسي المقبل سيبدأ", &[("العام الدراسي المقبل", "2027")]);
    check("ar", ANCHOR, "العمليات المنفذة العام الماضي كثيرة", &[("العام الماضي", "2025")]);
    check("ar", ANCHOR, "الأمين العام السابق هنا", &[]);
    check("ar", ANCHOR, "وصل يوم أمس الأول هنا", &[("يوم أمس الأول", "2026-11-21")]);
    check("ar", ANCHOR, "افتتح هذا الصباح هنا", &[("هذا الصباح", "2026-11-23TMO")]);
    check("ar", ANCHOR, "بعد صلاة الجمعة هنا", &[]);
    check("ar", ANCHOR, "تجرى كل أربع سنوات هنا", &[("كل أربع سنوات", "P4Y")]);
    check("ar", ANCHOR, "منذ حوالي عام ونصف هنا", &[("منذ حوالي عام ونصف", "2025-05")]);
    check("ar", ANCHOR, "مرت عدة أشهر هنا", &[("أشهر", "PXM")]);
    check("ar", None, "ولد عام 568 هنا", &[("عام 568", "0568")]);
    check("ar", None, "يوم الثلاثاء 3 / 11 / 1436هـ هنا", &[("يوم الثلاثاء 3 / 11 / 1436هـ", "2015-08-18")]);
}

#[test]
fn a_modifier_stays_with_its_date() {
    let doc = Doc::new(Field::Body, "انضمت نهاية يونيو 2005 إليها");
    let found = find(&doc, None, "ar");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].text.as_str(), found[0].value.as_str()), ("نهاية يونيو 2005", "2005-06"));
    assert_eq!(found[0].modifier, Some(TimeMod::End));
}

#[test]
fn hijri_dates_keep_their_calendar() {
    let doc = Doc::new(Field::Body, "الرياض 25 شوال 1436 هـ الموافق 10 أغسطس 2015");
    let found = find(&doc, None, "ar");
    let values: Vec<_> = found.iter().map(|t| (t.value.as_str(), t.calendar)).collect();
    assert_eq!(values, [("2015-08-10", Calendar::Hijri), ("2015-08-10", Calendar::Gregorian)]);
}

#[test]
fn hijri_months_and_years_are_placed() {
    let anchor = Some("2015-07-26");
    check("ar", None, "بتاريخ 29/9/1436هـ هنا", &[("29/9/1436هـ", "2015-07-16")]);
    check("ar", anchor, "في شهر رمضان", &[("شهر رمضان", "2015-06-18/2015-07-16")]);
    check("ar", anchor, "نهاية شهر ذي القعدة المقبل", &[("نهاية شهر ذي القعدة المقبل", "2015-09")]);
    check("ar", None, "لموسم حج 1446هـ هناك", &[("1446هـ", "2025")]);
    check("ar", None, "في عام 1435هـ", &[("عام 1435هـ", "2014")]);
    // no such day
    check("ar", None, "بتاريخ 31/2/1436هـ هنا", &[("1436هـ", "2015")]);
}

#[test]
fn lengths_go_on_in_smaller_units() {
    check("ar", None, "استمر ثلاث ساعات و54 دقيقة هناك", &[("ثلاث ساعات و54 دقيقة", "PT3H54M")]);
    check("en", None, "for 2 hours and 5 minutes", &[("2 hours and 5 minutes", "PT2H5M")]);
    check("ar", None, "خلال أعوام 2025 ـ 2030م هنا", &[("أعوام 2025 ـ 2030م", "2025/2030")]);
}

#[test]
fn an_arabic_week_begins_on_sunday() {
    // a Sunday
    check("ar", Some("2015-07-26"), "في الأسبوع الماضي هنا", &[("الأسبوع الماضي", "2015-W30")]);
    check("en", Some("2015-07-26"), "it fell last week", &[("last week", "2015-W29")]);
}

#[test]
fn a_name_is_no_month() {
    check("ar", None, "قال رمضان إنه سعيد", &[]);
    check("ar", None, "وقف قرب باب الدار", &[]);
    check("ar", None, "يبدأ شهر رمضان قريبا", &[("شهر رمضان", "XXXX-09"), ("قريبا", "FUTURE_REF")]);
    check("ar", None, "كان قريبا منهم", &[]);
    check("ar", None, "في محافظة إب هنا", &[]);
    check("ar", ANCHOR, "قال رئيس حزب الغد وقائد جيش المستقبل", &[]);
    check("ar", ANCHOR, "قال سعد الشهري هنا", &[]);
}

#[test]
fn days_of_a_told_month() {
    check("ar", ANCHOR, "يقام في 12 من الشهر الجاري هنا", &[("12 من الشهر الجاري", "2026-11-12")]);
    check("ar", ANCHOR, "يقام في 21 الحالي هنا", &[("21 الحالي", "2026-11-21")]);
    check("ar", ANCHOR, "جرت في الـ20 من الشهر الماضي هنا", &[("الـ20 من الشهر الماضي", "2026-10-20")]);
    check("ar", ANCHOR, "في الـ22 من أغسطس 2018 هنا", &[("الـ22 من أغسطس 2018", "2018-08-22")]);
    let days = [("19 - 21 شوال 1436هـ", "2015-08-04/2015-08-06")];
    check("ar", ANCHOR, "خلال الفترة من 19 - 21 شوال 1436هـ هنا", &days);
    check("ar", ANCHOR, "في غرة جوان 2017 هنا", &[("غرة جوان 2017", "2017-06-01")]);
    check("ar", ANCHOR, "في يوليو من العام الماضي هنا", &[("يوليو من العام الماضي", "2025-07")]);
    check("ar", ANCHOR, "خلال الربع الثاني من العام الحالي", &[("الربع الثاني من العام الحالي", "2026-Q2")]);
    let same = [("يونيو 2016", "2016-06"), ("أكتوبر من نفس السنة", "2016-10")];
    check("ar", ANCHOR, "زار الملك في يونيو 2016 ثم في أكتوبر من نفس السنة", &same);
}

#[test]
fn years_in_names_are_none() {
    check("ar", ANCHOR, "تأهل إلى كأس العالم 2018 هنا", &[]);
    check("ar", ANCHOR, "تتوافق مع رؤية المملكة 2030 هنا", &[]);
    check("ar", ANCHOR, "انتهى موسم 2017 هنا", &[]);
    check("ar", ANCHOR, "فاز بكأس العالم عام 2018 هنا", &[("عام 2018", "2018")]);
    check("ar", ANCHOR, "ارتفعت بنسبة 2000 في المائة هنا", &[]);
}

#[test]
fn ages_and_lengths_without_a_number_or_a_unit() {
    check("ar", None, "مناسب لعمر 18 فما فوق", &[("عمر 18", "P18Y")]);
    check("ar", None, "عن عمر يناهز الـ80.", &[("الـ80", "P80Y")]);
    check("ar", None, "أطفال دون الرابعة عشرة هنا", &[("الرابعة عشرة", "P14Y")]);
    check("ar", None, "يعمل طوال العام هنا", &[("طوال العام", "P1Y")]);
    check("ar", None, "بعد أسبوع من الحادث", &[("أسبوع", "P1W")]);
    check("ar", None, "غاب لأكثر من شهر ونصف هنا", &[("شهر ونصف", "P1.5M")]);
    check("ar", None, "طوال السنوات الـ49 الماضية هنا", &[("السنوات الـ49 الماضية", "P49Y")]);
    check("ar", None, "يستغرق ساعة و42 دقيقة هنا", &[("ساعة و42 دقيقة", "PT1H42M")]);
    check("ar", ANCHOR, "منذ سبع سنوات ونصف هنا", &[("منذ سبع سنوات ونصف", "2019-05")]);
    check("ar", ANCHOR, "قبل ثلاثة أيام من الاقتراع", &[("ثلاثة أيام", "P3D")]);
    check("ar", ANCHOR, "منذ عدة سنوات هنا", &[("منذ عدة سنوات", "PAST_REF")]);
    check("ar", None, "خسائر ربع سنوية هنا", &[("ربع سنوية", "P3M")]);
}

#[test]
fn days_before_and_times_of_them() {
    check("ar", ANCHOR, "زار مساء أول من أمس المدينة", &[("مساء أول من أمس", "2026-11-21TEV")]);
    let sunday = [("اليوم الأحد", "2026-11-22"), ("أمس", "2026-11-21")];
    check("ar", ANCHOR, "يبدأ اليوم الأحد كما قيل أمس هنا", &sunday);
    check("ar", ANCHOR, "وقع بعد ظهر اليوم هنا", &[("بعد ظهر اليوم", "2026-11-23TAF")]);
    check(
        "ar",
        ANCHOR,
        "يعقد غدا الساعة العاشرة صباحا",
        &[("غدا", "2026-11-24"), ("الساعة العاشرة صباحا", "2026-11-24T10:00")],
    );
    check("ar", None, "عند الساعة السابعة والنصف مساء", &[("الساعة السابعة والنصف مساء", "T19:30")]);
    check(
        "ar",
        None,
        "تغلق في السابعة مساء (17,00 ت غ)",
        &[("السابعة مساء", "T19:00"), ("17,00 ت غ", "T17:00Z")],
    );
    check("ar", ANCHOR, "قال الجمعة إن اللقاء في سنغافورة", &[("الجمعة", "2026-11-20")]);
    check("ar", ANCHOR, "يستضيف الفريق منافسه الأحد هنا", &[("الأحد", "2026-11-29")]);
    check("ar", ANCHOR, "تستضيف روسيا منذ الخميس البطولة", &[("الخميس", "2026-11-19")]);
    check("ar", ANCHOR, "ستعقد القمة الجمعة هنا", &[("الجمعة", "2026-11-27")]);
    check("ar", None, "في تسعينيات القرن الماضي هنا", &[("تسعينيات القرن الماضي", "199")]);
    check(
        "ar",
        None,
        "منذ ذلك الحين وحتى يومنا هذا",
        &[("ذلك الحين", "PAST_REF"), ("يومنا هذا", "PRESENT_REF")],
    );
}

#[test]
fn relative_days_need_the_day_of_publication() {
    check("ar", ANCHOR, "وصل أمس الأحد", &[("أمس الأحد", "2026-11-22")]);
    check("ar", None, "وصل أمس الأحد", &[("أمس الأحد", "XXXX-WXX-7")]);
    check("ar", ANCHOR, "زار المدينة الثلاثاء الماضي", &[("الثلاثاء الماضي", "2026-11-17")]);
    check("ar", ANCHOR, "يعود الخميس المقبل", &[("الخميس المقبل", "2026-11-26")]);
    check("ar", None, "يعود الخميس المقبل", &[("الخميس المقبل", "XXXX-WXX-4")]);
    check("ar", ANCHOR, "يسافر بعد غد", &[("بعد غد", "2026-11-25")]);
    check("en", ANCHOR, "He left yesterday", &[("yesterday", "2026-11-22")]);
    check("en", ANCHOR, "He left on Friday", &[("Friday", "2026-11-20")]);
    check("fr", ANCHOR, "Il est parti hier", &[("hier", "2026-11-22")]);
    check("ru", ANCHOR, "Он уехал вчера", &[("вчера", "2026-11-22")]);
}

#[test]
fn relative_units_are_as_precise_as_their_unit() {
    check("ar", ANCHOR, "خلال العام الماضي", &[("العام الماضي", "2025")]);
    check("ar", ANCHOR, "في الشهر المقبل", &[("الشهر المقبل", "2026-12")]);
    check("ar", None, "في الشهر المقبل", &[("الشهر المقبل", "XXXX-XX")]);
    check("ar", ANCHOR, "في السنوات الأخيرة", &[("السنوات الأخيرة", "PAST_REF")]);
    check("ar", ANCHOR, "في مايو الماضي", &[("مايو الماضي", "2026-05")]);
    check("ar", ANCHOR, "قبل ثلاث سنوات", &[("قبل ثلاث سنوات", "2023")]);
    check("en", ANCHOR, "It rained last week", &[("last week", "2026-W47")]);
    check("en", ANCHOR, "It began three years ago", &[("three years ago", "2023")]);
    check("fr", ANCHOR, "la semaine dernière", &[("la semaine dernière", "2026-W47")]);
    check("ru", ANCHOR, "пять лет назад", &[("пять лет назад", "2021")]);
}

#[test]
fn durations_and_sets() {
    check("ar", None, "عمره 15 عاما", &[("15 عاما", "P15Y")]);
    check("ar", None, "استمر يومين", &[("يومين", "P2D")]);
    check("ar", None, "خلال السنوات الخمس الماضية", &[("السنوات الخمس الماضية", "P5Y")]);
    check("ar", None, "ينتجون سنويا الكثير", &[("سنويا", "P1Y")]);
    check("ar", None, "يجري كل عام", &[("كل عام", "P1Y")]);
    check("en", None, "a 39-year-old man", &[("39-year-old", "P39Y")]);
    check("fr", None, "âgé de vingt-cinq ans", &[("vingt-cinq ans", "P25Y")]);
    check("ru", None, "работал пять лет там", &[("пять лет", "P5Y")]);
}

#[test]
fn dates_of_the_other_languages() {
    check("en", None, "On March 16, 2025 they met", &[("March 16, 2025", "2025-03-16")]);
    check("en", None, "on 4 May 1964 there", &[("4 May 1964", "1964-05-04")]);
    check("en", None, "in June 2015", &[("June 2015", "2015-06")]);
    check("fr", None, "le 3 juillet 2012 à Paris", &[("3 juillet 2012", "2012-07-03")]);
    check("fr", None, "le 1er mai 2020", &[("1er mai 2020", "2020-05-01")]);
    check("ru", None, "15 февраля 2018 года там", &[("15 февраля 2018 года", "2018-02-15")]);
    check("ru", None, "в 2013 году", &[("2013 году", "2013")]);
}

#[test]
fn times_of_day() {
    check("ar", ANCHOR, "عند الساعة 10 صباحا", &[("الساعة 10 صباحا", "2026-11-23T10:00")]);
    check("ar", ANCHOR, "صباح اليوم الاثنين", &[("صباح اليوم الاثنين", "2026-11-23TMO")]);
    check("ar", None, "بدأت 13:10 هنا", &[("13:10", "T13:10")]);
    check("en", ANCHOR, "on Friday night", &[("Friday night", "2026-11-20TNI")]);
    check("fr", None, "à 16 h 00 précises", &[("16 h 00", "T16:00")]);
}

#[test]
fn addresses_and_counts_hold_no_dates() {
    check("ar", None, "uploads/2021/12/IMG-2021-12-23-at.jpeg", &[]);
    check("ar", None, "بلغ عددهم 2015 شخصا", &[]);
    check("ar", None, "أعلن الأمين العام السابق للحزب", &[]);
}

proptest! {
    #[test]
    fn spans_are_in_range_ordered_and_say_their_text(
        text in "([0-9٠-٩]{1,5}|[/:.,،%() -]|مايو|الماضي|اليوم|الجمعة|عام|سنة|شهر|ألف|نهاية|May|ans|года|منذ|كانون|الثاني|\\PC){0,60}",
        anchor in prop::option::of("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        language in prop::sample::select(vec!["ar", "en", "fr", "ru"]),
    ) {
        let doc = Doc::new(Field::Body, &text);
        let mut before = 0;
        for time in find(&doc, anchor.as_deref(), language) {
            prop_assert!(time.span.byte[0] >= before, "{:?}", time);
            before = time.span.byte[1];
            prop_assert_eq!(&text[time.span.byte[0] as usize..time.span.byte[1] as usize], time.text.as_str());
            prop_assert!(!time.text.is_empty() && !time.value.is_empty());
        }
    }
}

mod around;
mod forms;
mod leaning;
mod recurring;
mod western;
