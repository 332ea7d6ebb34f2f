use super::*;
use crate::enriched::Field;
use proptest::prelude::*;

fn check(language: &str, text: &str, expected: &[(&str, f64, Option<Unit>, QuantityKind)]) {
    let doc = Doc::new(Field::Body, text);
    let found = find(&doc, language);
    let found: Vec<_> = found.iter().map(|q| (q.text.as_str(), q.value, q.unit, q.kind)).collect();
    assert_eq!(found, expected, "{text}");
}

use QuantityKind::{Count, Duration, Measure, Money, Ordinal, Percent};

#[test]
fn counted_people_and_things() {
    check("ar", "يعيش هناك 20 مليون مسلم اليوم", &[("20 مليون مسلم", 2e7, Some(Unit::Person), Count)]);
    check("ar", "وصل شخصان إلى هنا", &[("شخصان", 2.0, Some(Unit::Person), Count)]);
    check("ar", "توفر «72» وظيفة جديدة", &[("«72» وظيفة", 72.0, Some(Unit::Item), Count)]);
    check("ar", "حقق فوزه التاسع عشر هنا", &[("فوزه التاسع عشر", 19.0, Some(Unit::Item), Ordinal)]);
    check("ar", "افتتحوا (12) مدرسة جديدة", &[("(12) مدرسة", 12.0, Some(Unit::Item), Count)]);
    check("en", "with five lawyers present", &[("five lawyers", 5.0, Some(Unit::Person), Count)]);
    check("fr", "les 20.000 migrants", &[("20.000 migrants", 20_000.0, Some(Unit::Person), Count)]);
    check("ru", "здесь 1613 человек", &[("1613 человек", 1613.0, Some(Unit::Person), Count)]);
}

#[test]
fn what_belongs_to_the_counted_noun_stays_with_it() {
    let item = Some(Unit::Item);
    check("ar", "قتل أربعة رجال أمن هناك", &[("أربعة رجال أمن", 4.0, Some(Unit::Person), Count)]);
    check("ar", "نجح 90 طالبا وطالبة هناك", &[("90 طالبا وطالبة", 90.0, Some(Unit::Person), Count)]);
    check("ar", "نجح 90 ألف طالب وطالبة هناك", &[("90 ألف طالب وطالبة", 9e4, Some(Unit::Person), Count)]);
    check("ar", "ضبط 17 جهازا ومنتجا هناك", &[("17 جهازا ومنتجا", 17.0, item, Count)]);
    check("ar", "قتل ثلاثة من العاملين هناك", &[("ثلاثة من العاملين", 3.0, Some(Unit::Person), Count)]);
    check("ar", "تكليف 6 من قادة المدارس هناك", &[("6 من قادة المدارس", 6.0, Some(Unit::Person), Count)]);
    check("ar", "زار إحدى عشرة مدينة هناك", &[("إحدى عشرة مدينة", 11.0, item, Count)]);
    check("ar", "هبطت طائرتان هناك", &[("طائرتان", 2.0, item, Count)]);
    check("ar", "أثنى رئيس النادي عليه", &[]);
}

#[test]
fn old_commas_and_rates() {
    check("ar", "بنسبة 4ر95% أمس", &[("4ر95%", 95.4, Some(Unit::Percent), Percent)]);
    check("ar", "رياح 60 كم/ساعة أمس", &[("60 كم/ساعة", 60.0, Some(Unit::KilometrePerHour), Measure)]);
}

#[test]
fn shares() {
    for text in ["38.2%", "38.2 في المئة", "38.2 بالمئة", "%38.2"] {
        check("ar", &format!("بنسبة {text} أمس"), &[(text, 38.2, Some(Unit::Percent), Percent)]);
    }
    check("en", "up 41 percent", &[("41 percent", 41.0, Some(Unit::Percent), Percent)]);
    check("fr", "de 5 pour cent", &[("5 pour cent", 5.0, Some(Unit::Percent), Percent)]);
    check("ru", "на 7 процентов", &[("7 процентов", 7.0, Some(Unit::Percent), Percent)]);
}

#[test]
fn money() {
    check("ar", "بقيمة 7.3 مليون دولار هناك", &[("7.3 مليون دولار", 7.3e6, Some(Unit::Usd), Money)]);
    check("ar", "دفع 30 دينار كويتي", &[("30 دينار كويتي", 30.0, Some(Unit::Kwd), Money)]);
    check("en", "worth $5.9 million", &[("$5.9 million", 5.9e6, Some(Unit::Usd), Money)]);
    check("en", "with EGP 15bn there", &[("EGP 15bn", 1.5e10, Some(Unit::Egp), Money)]);
    check("ru", "80 млн гривен", &[("80 млн гривен", 8e7, Some(Unit::Uah), Money)]);
}

#[test]
fn measures_and_lengths_of_time() {
    check("ar", "على بعد 60 كم منها", &[("60 كم", 60.0, Some(Unit::Kilometre), Measure)]);
    check("ar", "مليون برميل يوميا", &[("مليون برميل يوميا", 1e6, Some(Unit::BarrelPerDay), Measure)]);
    check("ar", "بمساحة 50 متر مربع", &[("50 متر مربع", 50.0, Some(Unit::SquareMetre), Measure)]);
    check("ar", "15 عاما من العمل", &[("15 عاما", 15.0, Some(Unit::Year), Duration)]);
    check("ru", "560 кг", &[("560 кг", 560.0, Some(Unit::Kilogram), Measure)]);
}

#[test]
fn places_in_an_order() {
    check("ar", "في المركز التاسع", &[("المركز التاسع", 9.0, Some(Unit::Item), Ordinal)]);
    check("ar", "في الدقيقة 69 سجل", &[("الدقيقة 69", 69.0, Some(Unit::Item), Ordinal)]);
    check("ar", "أعمال المؤتمر الـ 32 لوزراء", &[("المؤتمر الـ 32", 32.0, None, Ordinal)]);
    check("ar", "العربي الـ23 هنا", &[("الـ23", 23.0, None, Ordinal)]);
    check("ar", "لاعب الفريق الأول هنا", &[]);
    check("ar", "انطلقت أول رحلة", &[("أول رحلة", 1.0, Some(Unit::Item), Ordinal)]);
    check("en", "the second half", &[("second half", 2.0, Some(Unit::Item), Ordinal)]);
}

#[test]
fn places_with_adjectives_and_before_nouns() {
    let item = Some(Unit::Item);
    check("ar", "في المرحلة السادسة والثلاثين هنا", &[("المرحلة السادسة والثلاثين", 36.0, item, Ordinal)]);
    check(
        "ar",
        "وصلت الطائرة الإغاثية السعودية الرابعة",
        &[("الطائرة الإغاثية السعودية الرابعة", 4.0, item, Ordinal)],
    );
    check("ar", "بلغ دور الستة عشر هنا", &[("دور الستة عشر", 16.0, item, Ordinal)]);
    check("ar", "في ثاني أكبر مدينة روسية", &[("ثاني أكبر مدينة", 2.0, item, Ordinal)]);
    check("ar", "من أول يوم في الدراسة", &[("أول يوم", 1.0, item, Ordinal)]);
    check("ar", "انتخبت ولاية رابعة هنا", &[("ولاية رابعة", 4.0, item, Ordinal)]);
    check("ar", "سجل هدفه رقم 28 هنا", &[("هدفه رقم 28", 28.0, item, Ordinal)]);
    check("ar", "بناء على المادة (16) هنا", &[("المادة (16)", 16.0, item, Ordinal)]);
    for text in [
        "نشرت الصفحات الأولى هنا",
        "بطولة الرابطة المحترفة الأولى",
        "التمويل الأولي هنا",
        "الحرب العالمية الثانية",
        "والجندي أول محمد",
        "حمد آل ثاني أمير",
    ] {
        check("ar", text, &[]);
    }
}

#[test]
fn what_kind_of_thing_is_counted() {
    let item = Some(Unit::Item);
    check("ar", "يحمل 20 رأسا نوويا هنا", &[("20 رأسا نوويا", 20.0, item, Count)]);
    check("ar", "فككت عبوتين ناسفتين هنا", &[("عبوتين ناسفتين", 2.0, item, Count)]);
    check("ar", "استقبل 932 لاجئا سوريا", &[("932 لاجئا", 932.0, Some(Unit::Person), Count)]);
    check("ar", "محاكمة معتمرين اثنين هنا", &[("معتمرين اثنين", 2.0, Some(Unit::Person), Count)]);
    check("ar", "في السبع مراحل الأخيرة", &[("السبع مراحل", 7.0, item, Count)]);
}

#[test]
fn numbers_whose_noun_was_said_before() {
    let item = Some(Unit::Item);
    check("ar", "يستقبلون أقل من 200 ألف.", &[("200 ألف", 2e5, item, Count)]);
    check(
        "ar",
        "وقعت 386 حادثة من أصل 546.",
        &[("386 حادثة", 386.0, item, Count), ("546", 546.0, item, Count)],
    );
    check(
        "ar",
        "فتحت 39 تمثيلية، 16 منها هنا",
        &[("39 تمثيلية", 39.0, item, Count), ("16", 16.0, item, Count)],
    );
    check("ar", "أكثر من نصف مليون شخص", &[("نصف مليون شخص", 5e5, Some(Unit::Person), Count)]);
    check("ar", "آيفون 8 بلس وويندوز 10 مجانا ثم 3 تمكنت", &[]);
}

#[test]
fn dates_codes_and_bare_numbers_are_no_quantities() {
    check("ar", "في 23 ديسمبر 2017", &[]);
    check("ar", "منذ 2011 هنا", &[]);
    check("ar", "articles/65/%D8%A7%D9%84", &[]);
    check("ar", "الرقم 5.", &[]);
    check("ar", &"7".repeat(100_000), &[]);
    check("ar", &"1,".repeat(50_000), &[]);
}

proptest! {
    #[test]
    fn spans_are_in_range_ordered_and_values_finite(
        text in "([0-9٠-٩]{1,6}|[/:.,%$€() -]|ألف|مليون|دولار|في المئة|شخص|ال|الثاني|عام|trois|и|\\PC){0,60}",
        language in prop::sample::select(vec!["ar", "en", "fr", "ru"]),
    ) {
        let doc = Doc::new(Field::Body, &text);
        let mut before = 0;
        for quantity in find(&doc, language) {
            let [start, end] = quantity.span.byte;
            prop_assert!(start >= before);
            before = end;
            prop_assert_eq!(&text[start as usize..end as usize], quantity.text.as_str());
            prop_assert!(quantity.value.is_finite() && !quantity.text.is_empty());
        }
    }
}

#[test]
fn results_of_games() {
    for (text, words, value, against) in [
        ("خسر أمامه 3-صفر هنا", "3-صفر", 3.0, 0.0),
        ("إثر فوزه 2 / صفر على لاتسيو", "2 / صفر", 2.0, 0.0),
        ("فاز بستة أهداف مقابل هدفين هناك", "ستة أهداف مقابل هدفين", 6.0, 2.0),
        ("خسرها بهدفين مقابل هدف وحيد.", "هدفين مقابل هدف وحيد", 2.0, 1.0),
        ("فاز عليه بهدف نظيف على ملعبه", "هدف نظيف", 1.0, 0.0),
        ("فاز فيها بخماسية نظيفة هنا", "خماسية نظيفة", 5.0, 0.0),
        ("فاز بثلاثة أهداف دون رد هنا", "ثلاثة أهداف دون رد", 3.0, 0.0),
    ] {
        let doc = Doc::new(Field::Body, text);
        let found = find(&doc, "ar");
        let found: Vec<_> = found.iter().map(|q| (q.text.as_str(), q.value, q.against, q.kind)).collect();
        assert_eq!(found, [(words, value, Some(against), QuantityKind::Score)], "{text}");
    }
    check(
        "ar",
        "بين 12 - 14 عاما",
        &[("12", 12.0, Some(Unit::Year), Duration), ("14 عاما", 14.0, Some(Unit::Year), Duration)],
    );
    check("ar", "في الصفحة 4-2 من الكتاب", &[]);
    check("ar", "انبعاثات غاز ثاني أكسيد الكربون هنا", &[]);
}

#[test]
fn what_a_side_has_is_told_by_the_game() {
    for (text, unit) in [
        ("فاز الفريق 3-2 على ضيفه", Some(Unit::Goal)),
        ("فاز الفريق 98-87 على ضيفه", Some(Unit::Point)),
        ("فاز الفريق 32-28 على ضيفه", Some(Unit::Goal)),
        ("فاز بعد قرعة مجموعات الكأس 2-0 هنا", Some(Unit::Goal)),
        ("فاز الفريق 6-1 و3-0 في الدوري", Some(Unit::Goal)),
        ("فازت في بطولة التنس 3-2 هنا", None),
        ("فازت على منافستها 6-2 و6-4 هنا", None),
        ("فاز ذهابا 2-1 و3-1 إيابا هنا", Some(Unit::Goal)),
    ] {
        let doc = Doc::new(Field::Body, text);
        let found = find(&doc, "ar");
        assert!(
            !found.is_empty() && found.iter().all(|q| q.kind == QuantityKind::Score && q.unit == unit),
            "{text}: {found:?}"
        );
    }
}

mod around;
mod forms;
mod people;
mod understood;
mod western;
