//! Numbers whose noun stands elsewhere, technical units, and numbers that only look like years or places.

use super::*;
use QuantityKind::{Count, Measure, Ordinal, Score};

const ITEM: Option<Unit> = Some(Unit::Item);

fn place(text: &'static str, value: f64) -> (&'static str, f64, Option<Unit>, QuantityKind) {
    (text, value, ITEM, Ordinal)
}

#[test]
fn several_minutes_and_rounds() {
    let minute = |text, value| (text, value, Some(Unit::Minute), Ordinal);
    check("ar", "سجل في الدقيقتين 12 و63 هنا", &[minute("12", 12.0), minute("63", 63.0)]);
    check("ar", "سجل في الدقيقتين الثامنة و30 هنا", &[minute("الثامنة", 8.0), minute("30", 30.0)]);
    check("ar", "في الدقائق 8 و40 و71 هنا", &[minute("8", 8.0), minute("40", 40.0), minute("71", 71.0)]);
    check("ar", "في الجولتين 5 و6 هنا", &[place("5", 5.0), place("6", 6.0)]);
    check("ar", "أهدر الدقائق 10 الأخيرة هنا", &[]);
    check("ar", "احتل المراكز العشرة الأولى هنا", &[("المراكز العشرة", 10.0, ITEM, Count)]);
}

#[test]
fn places_whose_noun_is_understood() {
    check("ar", "وهذه الجائزة هي الثالثة لها هنا", &[place("الثالثة", 3.0)]);
    check("ar", "أحرز هدفه الخامس والثاني له هنا", &[place("هدفه الخامس", 5.0), place("الثاني", 2.0)]);
    check(
        "ar",
        "أنجز مشروعه السابع والثامن والحادي عشر هنا",
        &[place("مشروعه السابع", 7.0), place("الثامن", 8.0), place("الحادي عشر", 11.0)],
    );
    check(
        "ar",
        "نال الأول كأسا، والثاني على درع، والثالث على وسام",
        &[place("الثاني", 2.0), place("الثالث", 3.0)],
    );
    // worthier, and a place that stands alone
    check("ar", "هي الأولى بالعناية هنا", &[]);
    check("ar", "وجاء الثاني إلى هنا", &[]);
    check("ar", "هذا العام هو الثاني له هنا", &[]);
}

#[test]
fn among_those_just_told() {
    let person = |text, value| (text, value, Some(Unit::Person), Count);
    check("ar", "سقط 40 جنديا، بينهم سبعة أصيبوا", &[person("40 جنديا", 40.0), person("سبعة", 7.0)]);
    check("ar", "سقط 40 جنديا، بينهم سبعة ضباط", &[person("40 جنديا", 40.0), person("سبعة ضباط", 7.0)]);
    check("ar", "ومنهم كثيرون، بينهم نحو ألفين يعملون", &[person("ألفين", 2000.0)]);
    check("ar", "جرح كثيرون بينهم 17 من العمال", &[person("17 من العمال", 17.0)]);
    check(
        "ar",
        "بينهم 30 في المئة يعملون",
        &[("30 في المئة", 30.0, Some(Unit::Percent), QuantityKind::Percent)],
    );
}

#[test]
fn technical_units() {
    check("ar", "بدقة 12 ميجا بيكسل هنا", &[("12 ميجا بيكسل", 12.0, None, Measure)]);
    check("ar", "بتردد 2.4 جيجا هيرتز هنا", &[("2.4 جيجا هيرتز", 2.4, None, Measure)]);
    check("ar", "سعتها 3 جيجا بايت هنا", &[("3 جيجا بايت", 3.0, Some(Unit::Byte), Measure)]);
    check("ar", "سرعتها 512 كيلوبت/ثانية هنا", &[("512 كيلوبت/ثانية", 512.0, None, Measure)]);
    check("ar", "على بعد 7 كيلو متر هنا", &[("7 كيلو متر", 7.0, Some(Unit::Kilometre), Measure)]);
    check("ar", "اشترى 7 كيلو سكر هنا", &[("7 كيلو", 7.0, Some(Unit::Kilogram), Measure)]);
    check("ar", "على بعد كيلومتر ونصف هنا", &[("كيلومتر ونصف", 1.5, Some(Unit::Kilometre), Measure)]);
}

#[test]
fn scores_of_one_side_and_of_both() {
    for (text, words, value, against) in [
        ("تعادلا بهدفين لمثلهما هنا", "هدفين لمثلهما", 2.0, 2.0),
        ("فاز على ضيفه بهدف وحيد حمله", "هدف وحيد", 1.0, 0.0),
    ] {
        let doc = Doc::new(Field::Body, text);
        let found = find(&doc, "ar");
        let found: Vec<_> = found.iter().map(|q| (q.text.as_str(), q.value, q.against, q.kind)).collect();
        assert_eq!(found, [(words, value, Some(against), Score)], "{text}");
    }
    check("ar", "جاء بهدف وحيد هو إرضاء الناس", &[]);
}

#[test]
fn heads_behind_which_more_stands() {
    check("ar", "سجل من ركلتي جزاء في اللقاء", &[("ركلتي جزاء", 2.0, ITEM, Count)]);
    check("ar", "هذه ركلتي الأخيرة هنا", &[]);
    check("ar", "ليس هنا معرض زراعي واحد اليوم", &[("معرض زراعي واحد", 1.0, ITEM, Count)]);
    check("ar", "نريد رؤية أفريقية واحدة هنا", &[("رؤية أفريقية واحدة", 1.0, ITEM, Count)]);
    check("ar", "بقي واحد من الرجال هنا", &[]);
    check("ar", "قرأها في حلقاته الثلاثين هنا", &[("حلقاته الثلاثين", 30.0, ITEM, Count)]);
    check("ar", "كانت شركة النقل الأولى هنا", &[place("شركة النقل الأولى", 1.0)]);
    check("ar", "ويعد ثامن صفقة هنا", &[place("ثامن صفقة", 8.0)]);
    check("ar", "وثاني المبررات هو الخوف", &[place("ثاني المبررات", 2.0)]);
    check("ar", "خسر في مباراته الأولى هنا", &[place("مباراته الأولى", 1.0)]);
    // the early stages are many
    check("ar", "ما زالت في مراحلها الأولى هنا", &[]);
    check("ar", "باتت قاب قوسين من الفوز", &[]);
}

#[test]
fn what_is_counted_is_no_year() {
    check("ar", "بعدد 2000 غرفة هنا", &[("2000 غرفة", 2000.0, ITEM, Count)]);
    check(
        "ar",
        "ما بين 1500 و2000 حبة من القمح",
        &[("1500", 1500.0, ITEM, Count), ("2000 حبة", 2000.0, ITEM, Count)],
    );
    check("ar", "بين 1990 و2000 كانت حرب", &[]);
    check("ar", "نجا الطلاب السبعة عام 1996 هنا", &[("الطلاب السبعة", 7.0, Some(Unit::Person), Count)]);
}
