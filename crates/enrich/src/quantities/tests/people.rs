//! People among what is counted, and the money that a country makes of a common name.

use super::*;
use QuantityKind::{Count, Money};

const ITEM: Option<Unit> = Some(Unit::Item);
const PERSON: Option<Unit> = Some(Unit::Person);

#[test]
fn nouns_of_people() {
    for (text, words, value) in [
        ("شارك 14 كاتبا هناك", "14 كاتبا", 14.0),
        ("وصل سبعة أفغان هناك", "سبعة أفغان", 7.0),
        ("سجلت 8 ملايين مستخدم هناك", "8 ملايين مستخدم", 8e6),
        ("أوقف 31 حوثيا هناك", "31 حوثيا", 31.0),
        ("قتل خمسة من مرافقيه هناك", "خمسة من مرافقيه", 5.0),
        ("اعتقال 19 من الحوثيين هناك", "19 من الحوثيين", 19.0),
        ("كرمت النساء الثلاث هناك", "النساء الثلاث", 3.0),
        ("كرمت النساء الشابات الثلاث هناك", "النساء الشابات الثلاث", 3.0),
        ("نجا الرهبان الفرنسيون الستة هناك", "الرهبان الفرنسيون الستة", 6.0),
        ("نقل عشرة مهاجرين ولاجئين هناك", "عشرة مهاجرين ولاجئين", 10.0),
        ("فحص أربعة (أطباء) هناك", "أربعة (أطباء)", 4.0),
        ("وصل خمسة عشر \"راكبا\" هناك", "خمسة عشر \"راكبا\"", 15.0),
        ("بلغ المليون نسمة هناك", "المليون نسمة", 1e6),
        ("أصيب 7 من رجال حرس الجبال هناك", "7 من رجال حرس الجبال", 7.0),
    ] {
        check("ar", text, &[(words, value, PERSON, Count)]);
    }
}

#[test]
fn things_that_look_like_them() {
    for (text, words, value) in [
        ("أنشئت 14 مؤسسة هناك", "14 مؤسسة", 14.0),
        ("نددت 9 منظمات هناك", "9 منظمات", 9.0),
        ("أقر خمسة قوانين هناك", "خمسة قوانين", 5.0),
        ("رمم ثلاثة مرافق هناك", "ثلاثة مرافق", 3.0),
        ("بيع 40 كرسيا هناك", "40 كرسيا", 40.0),
    ] {
        check("ar", text, &[(words, value, ITEM, Count)]);
    }
    // a country in brackets is nothing that is counted
    check("ar", "شارك أربعة (مصر) هناك", &[]);
}

#[test]
fn a_number_is_of_the_people_or_the_money_beside_it() {
    check("ar", "شمل 20 مليونا من مستخدميه", &[("20 مليونا", 2e7, PERSON, Count)]);
    check("ar", "بيع 20 مليونا من أجهزته", &[("20 مليونا", 2e7, ITEM, Count)]);
    let usd = |text, value| (text, value, Some(Unit::Usd), Money);
    check(
        "ar",
        "يحتاج 12 مليار دولار هنا، ونحو 30 مليارا هناك",
        &[usd("12 مليار دولار", 12e9), usd("30 مليارا", 30e9)],
    );
    // another sentence, another scale
    check(
        "ar",
        "أنفق 12 مليار دولار هنا. وعدد النجوم 30 مليارا",
        &[usd("12 مليار دولار", 12e9), ("30 مليارا", 30e9, ITEM, Count)],
    );
    let rub = |text, value| (text, value, Some(Unit::Rub), Money);
    check("ar", "كلف 15 ألفا و20 ألف روبل هنا", &[rub("15 ألفا", 15e3), rub("20 ألف روبل", 20e3)]);
}

#[test]
fn a_number_with_a_scale_of_its_own_is_another() {
    let egp = |text, value| (text, value, Some(Unit::Egp), Money);
    check("ar", "دفع 3 ملايين و200 ألف جنيه هنا", &[egp("3 ملايين و200 ألف جنيه", 3.2e6)]);
    check("ar", "دفع خمسة آلاف ومئتي جنيه هنا", &[egp("خمسة آلاف ومئتي جنيه", 5200.0)]);
    check(
        "ar",
        "دفع خمسة آلاف وستة آلاف جنيه هنا",
        &[("خمسة آلاف", 5e3, ITEM, Count), egp("ستة آلاف جنيه", 6e3)],
    );
}

#[test]
fn whose_money_it_is() {
    let sum = |unit| [("7 مليارات دينار", 7e9, Some(unit), Money)];
    check("ar", "في الكويت قالت الكويت إنها دفعت 7 مليارات دينار", &sum(Unit::Kwd));
    // named once, or beside another as often, a country decides nothing
    check("ar", "في الكويت دفعت 7 مليارات دينار", &sum(Unit::Dzd));
    check("ar", "بين تونس والكويت وتونس والكويت 7 مليارات دينار", &sum(Unit::Dzd));
    let rial = |unit| ("9 ريالات", 9.0, unit, Money);
    check(
        "ar",
        "سعره 40 ريالا عمانيا ثم 9 ريالات",
        &[("40 ريالا عمانيا", 40.0, Some(Unit::Omr), Money), rial(Some(Unit::Omr))],
    );
    check("ar", "في إيران وحدها، وإيران كبيرة، 9 ريالات", &[rial(None)]);
}
