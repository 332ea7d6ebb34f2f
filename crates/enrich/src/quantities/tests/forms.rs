//! Forms of quantities that articles nobody tuned on have.

use super::*;
use QuantityKind::{Count, Measure, Money, Ordinal, Percent, Score};

const ITEM: Option<Unit> = Some(Unit::Item);

#[test]
fn two_of_a_thing() {
    check("ar", "عثر على جثتين هناك", &[("جثتين", 2.0, ITEM, Count)]);
    check("ar", "فرضت غرامتين هناك", &[("غرامتين", 2.0, ITEM, Count)]);
    check("ar", "قتل شخصان يحملان حقيبة", &[("شخصان", 2.0, Some(Unit::Person), Count)]);
    check("ar", "قال سعد الفوزان إنه رأى فوزان", &[]);
}

#[test]
fn the_noun_that_an_ordinal_belongs_to() {
    check("ar", "في دورة الخليج الثانية هناك", &[("دورة الخليج الثانية", 2.0, ITEM, Ordinal)]);
    check("ar", "فاز بولاية خامسة هناك", &[("ولاية خامسة", 5.0, ITEM, Ordinal)]);
    check("ar", "ترشح لولاية خامسة هناك", &[("ولاية خامسة", 5.0, ITEM, Ordinal)]);
    check("ar", "أصيب شخص ثالث بحروق", &[("شخص ثالث", 3.0, ITEM, Ordinal)]);
    check(
        "ar",
        "في المركزين الأول والثالث هناك",
        &[("الأول", 1.0, ITEM, Ordinal), ("الثالث", 3.0, ITEM, Ordinal)],
    );
    check("ar", "استمع قضاة التحقيق الثلاثة إليه", &[("قضاة التحقيق الثلاثة", 3.0, Some(Unit::Person), Count)]);
    check("ar", "حضر الفريق أول ركن سالم هناك", &[]);
}

#[test]
fn units_and_currencies_completed() {
    check("ar", "تناول 25 ملغ منه", &[("25 ملغ", 25.0, None, Measure)]);
    check("ar", "وزنه 16 كيلو غراما هناك", &[("16 كيلو غراما", 16.0, Some(Unit::Kilogram), Measure)]);
    check("ar", "بقدرة 9.5 غيغاوات هناك", &[("9.5 غيغاوات", 9.5, Some(Unit::Watt), Measure)]);
    check("ar", "دفع 70 شيكلا هناك", &[("70 شيكلا", 70.0, None, Money)]);
    check("ar", "بنسبة 3.095 بالمئة هناك", &[("3.095 بالمئة", 3.095, Some(Unit::Percent), Percent)]);
    check("ar", "أطلقوا 30 قذيفة هاون هناك", &[("30 قذيفة هاون", 30.0, ITEM, Count)]);
    check("ar", "وقعوا ثلاث مذكرات تفاهم هناك", &[("ثلاث مذكرات تفاهم", 3.0, ITEM, Count)]);
}

#[test]
fn numbers_that_count_nothing() {
    for text in [
        "وفق المادة 118 من القانون هناك",
        "خرجت عام 1990 عندما انتهت",
        "وافق ثلاثة أرباع الناس عليه",
        "استخدم 30 جاء بهم هناك",
        "رجل في الـ15 من العمر هناك",
        "لعب وهو بعمر الـ33 هناك",
    ] {
        check("ar", text, &[]);
    }
}

#[test]
fn results_of_basketball() {
    let doc = Doc::new(Field::Body, "فاز الفريق على ضيفه 116-86 في مباراة كرة السلة");
    let found = find(&doc, "ar");
    let found: Vec<_> = found.iter().map(|q| (q.text.as_str(), q.value, q.against, q.kind)).collect();
    assert_eq!(found, [("116-86", 116.0, Some(86.0), Score)]);
}

#[test]
fn words_without_their_hamzas_and_dots() {
    let item = Some(Unit::Item);
    check("ar", "ارتفع 45 فى المئة أمس", &[("45 فى المئة", 45.0, Some(Unit::Percent), Percent)]);
    check("ar", "باللقب العالمى الثانى هنا", &[("اللقب العالمى الثانى", 2.0, item, Ordinal)]);
    check("ar", "إلى المستشفى الثانى هنا", &[("المستشفى الثانى", 2.0, item, Ordinal)]);
    check("ar", "وصل 300 سائق مهنى هنا", &[("300 سائق مهنى", 300.0, Some(Unit::Person), Count)]);
    check("ar", "توج بستة القاب هنا", &[("ستة القاب", 6.0, item, Count)]);
    check("ar", "بحضور خمس دول اوروبية هنا", &[("خمس دول", 5.0, item, Count)]);
}

#[test]
fn fixed_pairs() {
    let item = Some(Unit::Item);
    check("ar", "تضم 300 دار نشر عربية", &[("300 دار نشر", 300.0, item, Count)]);
    check("ar", "في أول رد فعل له", &[("أول رد فعل", 1.0, item, Ordinal)]);
    check("ar", "في أول رد له", &[("أول رد", 1.0, item, Ordinal)]);
    check("ar", "وقعا مذكرتي تفاهم أمس", &[("مذكرتي تفاهم", 2.0, item, Count)]);
    check("ar", "هذه مذكرتي للتاريخ", &[]);
}

#[test]
fn proclitics_and_scales_of_two() {
    check("ar", "تأهل لدور الـ16 هنا", &[("دور الـ16", 16.0, None, Ordinal)]);
    check("ar", "عاد مليونا نازح هنا", &[("مليونا نازح", 2e6, Some(Unit::Person), Count)]);
    check("ar", "بلغ مليونا في العام", &[]);
    check("ar", "رفضوا بصوت واحد ذلك", &[]);
    check("ar", "دفع 20 مليون بات تايلاندي", &[("20 مليون بات", 2e7, None, Money)]);
    check("ar", "دفع 20 دينارا كويتيا", &[("20 دينارا كويتيا", 20.0, Some(Unit::Kwd), Money)]);
}
