//! Whether what is counted are people: `12 كاتبا`, `عشرة أفغان`, `ستة من مرافقيه`, `النساء الثلاث`, `ثلاثة منهم`.
//!
//! This decides the unit alone, never what is a quantity: a noun that is missing here is counted as a thing.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::units::UnitWord;
use super::{Finder, Found, phrase};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::words::Num;

/// Masculine singulars whose other forms are regular: كاتب, كاتبا, كاتبين, كاتبون, كاتبة, كاتبات.
const REGULAR: &str = "كاتب مستخدم متظاهر مغرد مرشح ممثل مولود حرفي صياد شرطي حوثي متحدث متابع مستثمر مساهم مشاهد مستمع قارئ مزارع مهندس \
    محامي مدرب مدير موظف معلم مدرس مربي مشرف مراقب مفتش محقق مترجم مؤلف مخرج مصور رسام فنان نحات مطرب مغني موسيقي شاعر \
    ناقد صحفي صحافي إعلامي مراسل محرر مذيع مدون ناشط حقوقي سياسي برلماني دبلوماسي قيادي مسؤول نقابي حزبي معارض موالي متمرد \
    انفصالي مسلح إرهابي انتحاري جهادي سلفي داعشي تكفيري مقاتل محارب فدائي ضابط جندي عسكري دركي أمني رقيب طيار غواص سائق \
    ملاح مضيف مسافر راكب عابر مار مشيع مصل معتمر حاج طائف معتكف صائم زائر سائح نزيل مقيم وافد مهاجر لاجئ نازح مشرد منكوب \
    متضرر ناج مفقود غريق مختطف محتجز رهين أسير معتقل موقوف محكوم سجين متهم مشتبه مطلوب مجرم مهرب مروج مدمن لص محتال قاصر \
    يتيم مسن معاق مصاب جريح مريض حامل مخالط متعاف متبرع طبيب ممرض مسعف صيدلي استشاري أخصائي اختصاصي فني تقني مبرمج مطور \
    مخترع باحث أكاديمي جامعي خريج طالب تلميذ متدرب متعلم حافظ متسابق متنافس مشارك متأهل فائز لاعب مهاجم محترف هداف مشجع \
    متفرج رياضي عداء سباح ملاكم مصارع دراج فارس بطل عامل أجير متقاعد متطوع متعاون مستفيد عميل زبون مشترك مستهلك تاجر بائع \
    مقاول مالك مستأجر ساكن قاطن جار نسمة مواطن مقترع مصوت ناخب نائب عضو مندوب مبعوث سفير قنصل وزير مستشار خبير محلل معلق \
    قاض وكيل كفيل شيخ إمام خطيب داعية مفت قس راهب مسلم مسيحي قبطي يهودي بوذي هندوسي شيعي سني كردي بدوي قروي مدني أجنبي \
    غريب صديق زميل رفيق مرافق حارس مساعد معاون متعهد منظم مؤسس شريك ضيف حاضر متواجد متغيب شخص فرد إنسان مراهق بالغ رضيع \
    خادم طباخ خياط نجار حداد سباك ميكانيكي كهربائي جزار خباز حلاق صائغ راع حطاب قتيل شهيد هارب فار متسلل منشق مقرب منتسب \
    منخرط مجند متخصص موهوب مبدع مبتكر رائد ثائر محتج معتصم شاهد عريس أعزب مطلق أرمل متقدم كشاف مدان تابع رحالة";

/// Other nouns and plurals, as they stand.
const WHOLE: &str = "أفراد أشخاص ناس أناس بشر سكان أهالي أعضاء كتاب تلاميذ تلامذة طلاب طلبة علماء خبراء شعراء أدباء زملاء شركاء وكلاء سفراء وزراء \
    رؤساء مدراء أمراء نواب نوابا مستشارين قادة سادة قضاة محامون محامين دعاة رواة هواة مشاة حكام تجار عمال حراس جنود ضباط شرطة شبان شباب شابا شابات \
    فتية فتيان فتيات بنات أبناء بنين أولاد ولد ولدا صبية صبيا صبي أطفال رضع أيتام يتامى مسنين شيوخ شيوخا أئمة رجال رجل رجلا نساء سيدات سيدة نسوة امرأة \
    فتاة أم أمهات آباء أخوة إخوة أخوات أشقاء شقيقا شقيق شقيقة شقيقات أقارب أصدقاء ضيوف ضيفا زبائن عملاء سياح سائحا زوار حجاج ركاب مصلون بحارة طيارين \
    صيادين فنانين أبطال ضحايا زوجة زوجات مدافعا ضحية قتلى جرحى أسرى مرضى شهداء سجناء رهائن رهينة لصوص عناصر قاصرين يافعين مغنين أطباء صيادلة ممرضات \
    أفغان أفغانيا أتراك أكراد عرب ألمان روس هنود يهود رهبان فرسان رعاة سجانين أمناء أقباط بدو أرمن صرب شيشان أوزبك طاجيك ترك فرس أحباش أمازيغ بربر غجر زنوج أجانب غرباء مغاربة \
    مصارية شوام تونسة قائدا قائد قائدة قائدات وكيلا طباخين حاجا عضوا أبا خليجيين مشايخ وجهاء نشطاء رواد كوادر كادرا خصوم ملاك ورثة نزلاء";

/// Sound plurals and words like them that are no people, and words that end so by chance.
const THINGS: &str = "ملايين بلايين تريليونين سنين عشرين قوانين عناوين ميادين بساتين تمارين قرابين موازين شياطين ثعابين سكاكين دكاكين براكين مضامين \
    دواوين فساتين شرايين طواحين براهين بيتكوين تلفزيون تليفزيون تلفون تليفون ميكروفون إلكترون الكترون ماراثون بنطلون بروتين فيتامين تموين تأمين \
    تكوين تدوين تلوين تمرين عرجون كرسيين نوويين مؤسسة مؤسسات منظمة منظمات مشاركة مشاركات مدرسة حاملة حاملات حاجة حكمة حافظة \
    دراجة دراجات مقاتلة مقاتلات سباحة ملاحة مراقبة نجارة حدادة طيارة طيارات عابرة عابرات مصورة مطلقا مقيما منظما مؤلفات مشاهدة مشاهدات \
    تابعة عالميا محليا دوليا عربيا آسيويا أوروبيا إفريقيا أفريقيا خليجيا شرقيا غربيا";

/// Words with their endings and the article cut, as [`is_person`] asks for them.
static PEOPLE: LazyLock<[FxHashSet<&str>; 3]> =
    LazyLock::new(|| [REGULAR, WHOLE, THINGS].map(|words| words.split_whitespace().collect()));

impl Finder<'_> {
    /// Gives a count of people its unit.
    pub(super) fn of_people(&self, found: &mut Found, from: usize) {
        if found.kind != QuantityKind::Count || found.unit != Some(Unit::Item) || self.facts.language != "ar"
        {
            return;
        }
        if self.counts_people(from, found) {
            found.unit = Some(Unit::Person);
        }
    }

    /// Whether the noun of a count that begins at token `from` is one of people.
    fn counts_people(&self, from: usize, found: &Found) -> bool {
        let words = self.words();
        // the noun may stand before the token at which the number was seen
        let mut from = from;
        while from > 0 && words.start(from - 1) >= found.range.start {
            from -= 1;
        }
        // a number without its noun may have it next: 20 مليونا من مستخدميه
        let end = if words.word(found.to) == "من" && self.same(found.to) { found.to + 2 } else { found.to };
        for t in from..end {
            let word = words.word(t);
            // it may be quoted or bracketed: ثلاثة (أطباء)
            if words.kind(t) != TokenKind::Arabic || matches!(word, "من" | "بين" | "غير" | "ال" | "لل")
            {
                continue;
            }
            if matches!(word, "منهم" | "منهن") {
                return true;
            }
            let listed = matches!(self.facts.unit(t), UnitWord::Noun(Unit::Person, _));
            // أربعة من الجانبين
            if matches!(self.facts.unit(t), UnitWord::Noun(Unit::Item, true)) {
                return false;
            }
            if !listed && self.facts.num(t) != Num::None {
                continue;
            }
            return self.same(t) && (listed || is_person(word, found.value, self.proclitic(t)));
        }
        false
    }
}

/// Whether a noun, of which there are `count`, names people. `lead` are the bytes of its proclitics.
pub(super) fn is_person(word: &str, count: f64, lead: usize) -> bool {
    let [regular, whole, things] = &*PEOPLE;
    let rest = word.get(lead..).unwrap_or(word);
    let bare = rest.strip_prefix("ال").or_else(|| rest.strip_prefix("لل")).filter(|bare| bare.len() > 4);
    let bare = bare.unwrap_or(rest);
    let listed = |word: &str| whole.contains(word) || regular.contains(word);
    if things.contains(bare) {
        return false;
    }
    // three to ten take a plural: ثلاثة مرافق are facilities
    let one = (3.0..=10.0).contains(&count) && bare == rest && !whole.contains(bare);
    if listed(bare) {
        return !one;
    }
    // حوثيا, كاتبا, مهندسة, ممرضات, مهندسين, مهندسون
    let ending = ["ا", "ة", "ات", "ين", "ون"].iter().find_map(|end| bare.strip_suffix(end));
    if ending.is_some_and(|stem| regular.contains(stem)) {
        return true;
    }
    if phrase::of_nation(bare) && bare.ends_with("يا") && count > 10.0 && !(1900.0..=2100.0).contains(&count)
    {
        return true;
    }
    // مرافقيه: a sound plural before a pronoun
    let owned = ["هما", "ها", "هم", "هن", "نا", "كم", "ه"].iter().find_map(|end| bare.strip_suffix(end));
    if owned
        .is_some_and(|stem| listed(stem) || stem.strip_suffix('ي').is_some_and(|one| regular.contains(one)))
    {
        return true;
    }
    // مشجعي الفريق
    if bare.strip_suffix('ي').is_some_and(|one| regular.contains(one)) {
        return true;
    }
    // Plurals in ين and ون are of people; those of things that end so are broken: قوانين. Two of a thing end so, too.
    let letters = bare.chars().count();
    let sound = (bare.ends_with("ين") || bare.ends_with("ون")) && letters > 5;
    let broken = letters == 6 && bare.chars().nth(2) == Some('ا');
    sound && !broken && count >= 3.0
}

#[cfg(test)]
mod tests {
    use super::is_person;

    #[test]
    fn people_are_told_by_lists_and_by_sound_plurals() {
        for (word, count) in [
            ("كاتبا", 12.0),
            ("عضوا", 30.0),
            ("أفغان", 9.0),
            ("مرافقيه", 4.0),
            ("جنودهم", 4.0),
            ("الحوثيين", 17.0),
            ("مستكشفين", 5.0),
            ("النساء", 3.0),
            ("حرفية", 100.0),
            ("رومانيا", 15.0),
        ] {
            // a nation that is not listed is no person for certain
            let expected = word != "رومانيا";
            assert_eq!(is_person(word, count, 0), expected, "{word}");
        }
    }

    #[test]
    fn things_are_not() {
        for (word, count) in [
            ("سيارة", 12.0),
            ("قوانين", 5.0),
            ("عناوين", 7.0),
            ("ملايين", 5.0),
            ("كرسيا", 40.0),
            ("صندوقين", 2.0),
            ("كتابا", 20.0),
            ("تلفزيون", 20.0),
            ("مكتبات", 3.0),
        ] {
            assert!(!is_person(word, count, 0), "{word}");
        }
    }
}
