//! The Arabic verbs of saying with their forms, and whether a form wants a man, a woman or several.

/// Verbs whose forms are regular: past, present without its prefix, active participle; `-` where a form means
/// something else as a rule (ناقلة, مجددا).
const REGULAR: &str = "أكد ؤكد مؤكد|شدد شدد مشدد|أوضح وضح موضح|أضاف ضيف مضيف|تابع تابع متابع|صرح صرح مصرح|أشار شير مشير|\
    لفت لفت -|اعتبر عتبر معتبر|أعلن علن معلن|كشف كشف -|أفاد فيد -|نوه نوه منوه|أردف ردف مردف|\
    استطرد ستطرد مستطرد|زعم زعم زاعم|حذر حذر محذر|كتب كتب -|غرد غرد -|أجاب جيب مجيب|تساءل تساءل متسائل|\
    وصف صف واصف|توقع توقع متوقع|أعرب عرب معرب|اختتم ختتم مختتم|أقر قر -|اعترف عترف معترف|تعهد تعهد متعهد|\
    هدد - -|استدرك ستدرك مستدرك|ناشد ناشد مناشد|طالب طالب مطالب|أشاد شيد مشيد|انتقد نتقد منتقد|اتهم تهم -|\
    ندد ندد مندد|استنكر ستنكر مستنكر|أبلغ - -|نبه نبه منبه|أبرز برز مبرز|رحب رحب مرحب|أدان دين -|\
    أيد ؤيد -|حث حث -|أقسم قسم مقسم|أصر صر -|ألمح لمح ملمح|استبعد ستبعد مستبعد|رجح رجح مرجح|اقترح قترح -|\
    خلص خلص -|شكك شكك مشكك|برر برر مبرر|جادل جادل مجادل|أظهر - -|توصل - -|تحدث تحدث -|ردد ردد مردد|خاطب خاطب -|استغرب ستغرب مستغرب|\
    شرح شرح شارح|نصح نصح ناصح|أفصح فصح مفصح|كرر كرر مكرر|فسر فسر مفسر|أنذر نذر منذر|سخر سخر -|\
    استشهد ستشهد مستشهد|ذكر ذكر -|- - رافض|علق - -|واصل - -|استهل ستهل مستهل";
const PAST: [&str; 3] = ["", "ت", "وا"];
const PARTICIPLE: [&str; 4] = ["ا", "ة", "ين", "تين"];

/// Finite forms that no rule makes.
pub(super) const SAY: &str = "قال قالت قالوا قالا قلت يقول تقول يقولون يقولوا أكدا نفى نفت نفوا ينفي تنفي ينفون ادعى ادعت ادعوا يدعي \
    سأل سألت رأى رأت رأوا يرى ترى يرون عبر عبرت عبروا جزم حكى حكت يحكي تحكي روى روت يروي تروي ناشد دعا دعت دعوا يدعو \
    تدعو يدعون رد ردت ردوا نقل نقلت نقلوا ينقل تنقل بينت بينوا مضى ختم زاد هنأ هنأت وعد تمنى تمنت أبدى أبدت يبدي شكر شكرت \
    أخبر أخبرت أثنى أثنت أثنوا يثني اشتكى اشتكت اكتفى اكتفت طمأن عزا عزت يعزو نعى نعت يعلق جدد جددت وصفه وصفها وصفهم \
    وصفته وصفتها وصفتهم يصفه يصفها تصفه تصفها اعتبره اعتبرها اعتبرته اعتبرتها أعلنه أعلنته أكده أكدته قاله قالته ذكره ذكرته \
    نقلته نقلتها أوردت أورده أوردته ارتأى ارتأت أعاد هتف هتفت هتفوا يهتف يهتفون دانت دانوا شجب شجبت شجبوا استهجن استهجنت حض حضت حضوا توعد توعدت يتوعد أسفت صرخ صرخت صاح صاحت \
    أوصى أوصت أوصوا يوصي توصي أجمع أجمعت أجمعوا يجمع تجمع لاحظ لاحظت يلاحظ تلاحظ أورد أكمل أكملت استكمل استكملت \
    وصفوه وصفوها وصفوهم يصفونه يصفونها يصفونهم اعتبروه اعتبروها يعتبره يعتبرها تعتبره تعتبرها يعتبرونه يعتبرونها أسماه أسمته أسموه سماه سمته يسميه تسميه يسمونه \
    وثق وثقت يوثق توثق";
/// Participles and verbal nouns that no rule makes.
pub(super) const PARTICIPLE_OR_NOUN: &str = "قائلا قائلة قائلين قائلتين ذاكرا نافيا نافية معبرا معبرة داعيا داعية مبينا مبينة قوله قولها قولهم القول \
    زاعما ناقلا متهما تعبيره تعبيرها تعبيرهم متمنيا متمنية مهنئا مهنئة مبديا مبدية مثنيا مثنية مكتفيا مكتفية شاكرا جازما \
    بقوله بقولها بقولهم بقول بالقول لافتا لافتة لافتين مغردا مغردة مهددا متحدثا مخاطبا مخاطبة ساخرا ساخرة معلقا معلقة مواصلا هاتفا هاتفين تعليقه مستهجنا مطمئنا مازحا";

/// All finite forms, then all participles, of the regular verbs, separated by blanks.
pub(super) fn regular() -> (String, String) {
    let (mut say, mut participle) = (String::new(), String::new());
    for verb in REGULAR.split('|') {
        let mut forms = verb.split_whitespace();
        let [past, present, active] = [(); 3].map(|()| forms.next().unwrap_or("-"));
        for end in PAST.iter().filter(|_| past != "-") {
            say.extend([past, end, " "]);
        }
        if present != "-" {
            for (start, end) in [("ي", ""), ("ت", ""), ("ي", "ون")] {
                say.extend([start, present, end, " "]);
            }
        }
        if active != "-" {
            for end in PARTICIPLE {
                participle.extend([active, end, " "]);
            }
        }
    }
    (say, participle)
}

/// Verbs of saying only where what is said comes at once: زاد, مضى قائلا.
pub(super) fn is_weak(word: &str) -> bool {
    const WEAK: List<'_> = List::of(
        "يعتبر تعتبر خاطب خاطبت زاد مضى ختم واصل أبرز وعد تمنى شكر سخر ردد أعاد جدد أظهر أظهرت أقر كرر أيد أيدت استهل نصح شرح أصر أورد أوردت يعلق \
         أجمع أجمعت أجمعوا يجمع تجمع لاحظ لاحظت يلاحظ تلاحظ أكمل أكملت استكمل استكملت وثق وثقت يوثق توثق",
    );
    one_of(&WEAK, bare(word))
}

/// Verbs whose subject is what stands behind them, since what is said about something comes with a preposition or أن.
pub(super) fn has_no_object(word: &str) -> bool {
    const NONE: List<'_> = List::of(
        "قال قالت يقول تقول أشاد أشادت يشيد تشيد شدد شددت يشدد تشدد أشار أشارت يشير تشير لفت لفتت يلفت صرح صرحت علق علقت \
        غرد غردت أفاد أفادت رحب رحبت أثنى أثنت ندد نددت نوه نوهت تساءل تساءلت تحدث تحدثت خلص خلصت توصلت ألمح ألمحت وصفها وصفه وصفته \
        وصفتها اعتبرته اعتبرها اعتبره اعتبرتها",
    );
    one_of(&NONE, bare(word))
}

/// Verbs that take an object, which is not to be taken for their subject: وصف القرار بأنه.
pub(super) fn has_object(word: &str) -> bool {
    const OBJECT: List<'_> = List::of(
        "وصف يصف تصف انتقد ينتقد تنتقد اتهم يتهم تتهم دعا دعت يدعو تدعو نفت طالب يطالب تطالب أبلغ حذر يحذر تحذر ناشد يناشد تناشد \
        خاطب هنأ شكر أخبر يبرر تبرر يكشف تكشف يشرح تشرح يوضح توضح أدان دان استنكر هدد اعتبر نفى أيد حث يحث تحث رد اقترح كشف أكد أوضح شرح يعتبر تعتبر أبدى تمنى حض يحض تحض أوصى برر",
    );
    let word = bare(word);
    one_of(&OBJECT, word) || word.strip_suffix('ت').is_some_and(|word| one_of(&OBJECT, word))
}

/// Verbs that cannot do without an object: `اتهم X ب…` tells whom, not who.
pub(super) fn wants_object(word: &str) -> bool {
    const OBJECT: List<'_> =
        List::of("وصف يصف تصف اتهم يتهم تتهم ناشد يناشد تناشد هنأ يهنئ تهنئ خاطب يخاطب تخاطب");
    let word = bare(word);
    one_of(&OBJECT, word) || word.strip_suffix('ت').is_some_and(|word| one_of(&OBJECT, word))
}

/// Verbs whose object is a person who listens: أبلغ أعضاء اللجنة.
pub(super) fn has_listener(word: &str) -> bool {
    const LISTENED: List<'_> = List::of(
        "أبلغ أبلغت أخبر أخبرت طمأن دعا دعت يدعو تدعو طالب طالبت يطالب تطالب ناشد ناشدت اتهم اتهمت انتقد انتقدت وصف وصفت هنأ هنأت شكر شكرت حث حثت هدد هددت سأل سألت",
    );
    one_of(&LISTENED, bare(word))
}

/// Verbs of saying again, which take what is said again for their object: جدد التأكيد على.
pub(super) fn repeats(word: &str) -> bool {
    const AGAIN: List<'_> =
        List::of("جدد جددت يجدد تجدد كرر كررت يكرر تكرر أعاد أعادت يعيد تعيد واصل واصلت يواصل تواصل");
    one_of(&AGAIN, bare(word))
}

/// Who a form speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Agreement {
    /// Anybody.
    #[default]
    Unknown,
    Masculine,
    Feminine,
    Plural,
}

impl Agreement {
    /// Whether both can speak of the same one.
    pub(super) fn with(self, other: Self) -> bool {
        self == Self::Unknown || other == Self::Unknown || self == other
    }
}

/// What a form of saying agrees with.
pub(super) fn agreement(word: &str) -> Agreement {
    const MASCULINE: List<'_> = List::of("لفت بين تابع تساءل توقع تعهد تحدث تمنى توصل قلت");
    let word = bare(word);
    if one_of(&MASCULINE, word) {
        return Agreement::Masculine;
    }
    let verb = word.strip_suffix("ها").or(word.strip_suffix('ه')).unwrap_or(word);
    let noun = word.strip_prefix('ب').unwrap_or(word);
    if matches!(noun, "القول") {
        Agreement::Unknown
    } else if matches!(noun, "قولها" | "تعبيرها") || verb.ends_with('ت') || word.ends_with('ة')
    {
        Agreement::Feminine
    } else if ["وا", "ون", "ين"].iter().any(|end| word.ends_with(end)) || matches!(noun, "قولهم" | "تعبيرهم")
    {
        Agreement::Plural
    } else if word.starts_with('ت') {
        Agreement::Feminine
    } else {
        Agreement::Masculine
    }
}

/// The form without the conjunction written onto it.
pub(super) fn bare(word: &str) -> &str {
    let rest = word.strip_prefix(['و', 'ف']).unwrap_or(word);
    let own = ["وصف", "وعد", "واصف", "واصل", "فسر", "وثق"].iter().any(|stem| word.starts_with(stem));
    if own || rest.chars().count() < 2 { word } else { rest }
}

/// Whether a word is "that" with the pronoun of whoever is spoken of: أنه, لكنها.
pub(super) fn is_that_he(word: &str) -> bool {
    let stem = word.strip_suffix("ها").or_else(|| word.strip_suffix('ه')).unwrap_or("");
    matches!(stem, "أن" | "إن" | "بأن" | "وأن" | "وإن" | "لأن" | "فإن" | "لكن" | "ولكن")
}

/// A short list of words.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    /// Separated by blanks.
    words: &'a str,
    /// A bit for each of them: nearly all words that are asked for are none of the list, and seen to be none by it. So many bits
    /// that the longest lists fill a tenth of them.
    marks: [u64; 16],
}

impl<'a> List<'a> {
    /// Of words that are separated by single blanks.
    pub(super) const fn of(words: &'a str) -> Self {
        let bytes = words.as_bytes();
        let mut marks = [0; 16];
        let (mut from, mut at) = (0, 0);
        while at <= bytes.len() {
            if at == bytes.len() || bytes[at] == b' ' {
                let mark = Self::mark(bytes, from, at);
                marks[mark as usize >> 6] |= 1 << (mark & 63);
                from = at + 1;
            }
            at += 1;
        }
        Self { words, marks }
    }

    /// By the length, the last two letters and the first, alike with a hamza and without.
    const fn mark(bytes: &[u8], from: usize, to: usize) -> u16 {
        let (last, before) = (Self::byte(bytes, from, to, 1), Self::byte(bytes, from, to, 3));
        let first = if to < from + 2 { 0 } else { Self::byte(bytes, from, to, to - from - 1) };
        let mixed = ((to - from) as u32).wrapping_mul(0x9E37_79B1)
            ^ (last as u32).wrapping_mul(0x85EB_CA77)
            ^ (before as u32).wrapping_mul(0xC2B2_AE3D)
            ^ (first as u32).wrapping_mul(0x27D4_EB2F);
        (mixed >> 22) as u16
    }

    const fn byte(bytes: &[u8], from: usize, to: usize, back: usize) -> u8 {
        if to < from + back {
            return 0;
        }
        match bytes[to - back] {
            // the second bytes of آ أ إ, and that of ا
            0xA2 | 0xA3 | 0xA5 => 0xA7,
            byte => byte,
        }
    }

    #[inline]
    fn may_have(&self, word: &str) -> bool {
        let mark = Self::mark(word.as_bytes(), 0, word.len());
        self.marks[usize::from(mark) >> 6] >> (mark & 63) & 1 == 1
    }
}

/// Whether the list has the word; a hamza may be left out.
#[inline]
pub(super) fn one_of(list: &List<'_>, word: &str) -> bool {
    list.may_have(word) && has(list.words, word)
}

fn has(words: &str, word: &str) -> bool {
    let plain = |c| if matches!(c, 'أ' | 'إ' | 'آ') { 'ا' } else { c };
    // with a hamza or without, a letter has two bytes
    let same = |other: &str| other == word || other.chars().map(plain).eq(word.chars().map(plain));
    !word.is_empty() && words.split(' ').any(|other| other.len() == word.len() && same(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_made_and_agree() {
        let (say, participle) = regular();
        for form in ["أكدت", "يؤكدون", "تشير", "لفتت", "أدانت"] {
            assert!(one_of(&List::of(&say), form), "{form}");
        }
        assert!(one_of(&List::of(&participle), "مؤكدين") && !one_of(&List::of(&participle), "مجددا"));
        assert_eq!(agreement("وقالت"), Agreement::Feminine);
        assert_eq!(agreement("فأكد"), Agreement::Masculine);
        assert_eq!(agreement("وتابع"), Agreement::Masculine);
        assert_eq!(agreement("تؤكد"), Agreement::Feminine);
        assert_eq!(agreement("ووصفته"), Agreement::Feminine);
        assert_eq!(agreement("وأضافوا"), Agreement::Plural);
        assert_eq!(agreement("قولها"), Agreement::Feminine);
        assert_eq!(agreement("موضحة"), Agreement::Feminine);
    }

    #[test]
    fn a_list_has_its_words_with_hamza_and_without() {
        let words = "أكد إلى قرأ بدا آخر و سأل ألمح أ x";
        let list = List::of(words);
        for word in words.split(' ') {
            assert!(one_of(&list, word), "{word}");
            let plain = word.replace(['أ', 'إ', 'آ'], "ا");
            assert!(one_of(&list, &plain), "{plain}");
        }
        for other in ["", " ", "كد", "أكدت", "بدأت", "y", "أكد إلى"] {
            assert!(!one_of(&list, other), "{other}");
        }
    }
}
