//! The words that introduce, carry or rule out speech, in four languages.

use std::sync::LazyLock;

use super::verbs::{self, List, one_of};
use crate::doc::TokenKind;
use crate::lex::{Lexicon, Words};

/// What a word does for speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Cue {
    /// Nothing.
    #[default]
    None,
    /// A finite verb of saying: قال.
    Say,
    /// A participle or noun of saying, whose subject went before: مؤكدا, قوله.
    Participle,
    /// "According to": بحسب; the speaker follows.
    According,
    /// The conjunction that brings what is said: أن.
    That,
    /// On behalf: نيابة.
    Behalf,
    /// A pronoun for a person.
    Pronoun,
    /// A preposition: what follows is not the subject.
    Preposition,
    /// The title of a work or an event comes next: بعنوان.
    Title,
    /// A name comes next: صحيفة, شركة.
    Name,
    /// Someone who speaks without a name: مصدر, البيان.
    Source,
    /// A title of a person: الرئيس.
    Office,
}

const SAY_EN: &str = "said says say told tells added adds wrote writes tweeted stated noted notes explained explains \
    argued argues announced asked asks replied continued insisted warned claimed declared responded concluded \
    recalled acknowledged admitted commented remarked posted quipped joked shouted testified vowed pledged called \
    described lambasted argue argues promised promises urged urges denied denies predicted suggested conceded reported confirmed \
    stressed cautioned complained believes saying adding telling writing noting arguing explaining";
const SAY_FR: &str = "déclaré déclare déclarait dit disait affirmé affirme affirmait expliqué explique expliquait ajouté ajoute \
    ajoutait souligné souligne soulignait précisé précise estimé estime estimait indiqué indique annoncé annonce \
    assuré assure confié confie lancé poursuit conclu conclut raconté raconte rappelé rappelle insisté insiste \
    regretté regrette écrit tweeté commenté commente répondu répond martelé dénoncé dénonce salué résume reconnu \
    reconnaît prévenu témoigne témoignait écrivait écrivent promet promis plaide plaidé sourit soupire lâche glisse admet justifie détaille ironise \
    interroge s'exclame exclame prévient avertit tranche relate annoncent estiment déclarant affirmant ajoutant expliquant soulignant précisant estimant indiquant réagit rapporte rapportent révélé révèle réjoui averti";
const SAY_RU: &str = "сказал сказала сказали заявил заявила заявили отметил отметила отметили подчеркнул подчеркнула подчеркнули \
    добавил добавила добавили сообщил сообщила сообщили сообщает рассказал рассказала рассказали пояснил пояснила \
    объяснил объяснила уточнил уточнила считает говорит говорят пишет написал написала ответил ответила напомнил \
    напомнила признался призналась утверждает уверен уверена рассказывает поясняет отмечает подчеркивает добавляет \
    заявляет говорил говорила сообщили сообщается назвал назвала называет цитирует признал признала \
    пообещал пообещала обещает заверил заверила считают убежден убеждена полагает предупредил предупредила потребовал потребовала \
    призвал призвала вспоминает вспоминал вспомнил вспомнила прокомментировал прокомментировала констатировал заключил резюмировал \
    объясняет объяснила указал указала указывает заметил заметила добавляют уточняет уточнили рассказывают признается признают \
    передает передают информирует утверждают пояснили объяснили напомнили заверили пообещали предупредили признали призвали потребовали указали заметили \
    ответили написали подытожил подытожила резюмировала отвечает";

struct Entry {
    cue: Cue,
    /// Whether the word may carry ال and prepositions.
    noun: bool,
}

static CUES: LazyLock<Lexicon<(Cue, bool)>> = LazyLock::new(|| {
    let mut list = Lexicon::new();
    let mut add = |words: &str, Entry { cue, noun }| list.add(words, (cue, noun));
    let verb = |cue| Entry { cue, noun: false };
    let noun = |cue| Entry { cue, noun: true };
    // words that a proclitic would turn into something else
    add("لأن كان كأن لكن لن فإن عنوة وإن وصفي", verb(Cue::None));
    add(
        "أن إن أنه أنها أنهم أننا إنه إنها إنهم إننا إنني أنني بأن بأنه بأنها بأنهم بأننا بأنني أنّ إنّ إنك",
        verb(Cue::That),
    );
    add("that que qu что", verb(Cue::That));
    let (say, participle) = verbs::regular();
    add("بحسب حسب وفقا وفق برأي according selon словам мнению", verb(Cue::According));
    for words in [verbs::SAY, say.as_str()] {
        add(words, verb(Cue::Say));
    }
    for words in [verbs::PARTICIPLE_OR_NOUN, participle.as_str()] {
        add(words, verb(Cue::Participle));
    }
    add("نيابة", verb(Cue::Behalf));
    for words in [SAY_EN, SAY_FR, SAY_RU] {
        add(words, verb(Cue::Say));
    }
    add("he she they who il elle ils elles он она они", verb(Cue::Pronoun));
    add(
        "في من على إلى عن مع ضد بين خلال بعد قبل عند لدى حول عقب أمام تحت منذ ضمن عبر أثناء بشأن تجاه ضرورة",
        verb(Cue::Preposition),
    );
    add(
        "to of with against from by about à de du des avec contre par pour с о об от для к",
        verb(Cue::Preposition),
    );
    add(
        "موضوع عنوان بعنوان مسمى اسم شعار فيلم كتاب رواية أغنية مسلسل برنامج مسرحية قصيدة ديوان مهرجان معرض مؤتمر ندوة حملة مبادرة \
         عبارتي كلمتي برنامجي مسلسلي فيلمي مهرجاني جائزة مشروع مقال عبارة كلمة مصطلح وسم هاشتاغ هاشتاق حلقة فيديو ألبوم لوحة بطولة دورة ملتقى منتدى ورشة قاعة",
        noun(Cue::Title),
    );
    add(
        "حملته حملتها حملتهم مبادرته مبادرتها مشروعه مشروعها مهرجانه مهرجانها كتابه كتابها مؤلفه مؤلفها روايته روايتها فيلمه فيلمها أغنيته أغنيتها ألبومه ألبومها ديوانه قصيدته مقاله",
        verb(Cue::Title),
    );
    add(
        "تعني يعني معنون معنونة المعنون المعنونة اسمه اسمها المسمى المسماة يسمى تسمى سمي سميت الملقب الملقبة لقب يدعى تدعى المعروف المعروفة المعروفين أطلق المسماه بما",
        verb(Cue::Title),
    );
    add(
        "titled entitled called named dubbed film movie book song album novel intitulé intitulée titre film livre roman названием фильм фильма книга книги роман под",
        verb(Cue::Title),
    );
    add(
        "صحيفة قناة وكالة شركة موقع مجموعة منظمة جماعة حركة حزب تنظيم نادي مجلة شبكة ميليشيا مليشيا جريدة إذاعة تطبيق منصة \
         مراسل مراسلة كاميرا ميكروفون موفد هاتف فندق مؤسسة جمعية مركز هيئة جامعة مدرسة مطعم كتيبة لواء جيش سفينة ملعب استاد حي قرية مدينة منطقة محطة مصنع \
         متجر بنك مصرف فريق منتخب نظام طائرة صاروخ بوابة راديو تلفزيون شارع قصر مستشفى عائلة لعبة سيارة خدمة عملية فيروس",
        noun(Cue::Name),
    );
    add(
        "newspaper magazine agency company group channel site website journal chaîne agence société газета газете канал агентство агентства компания компании группа",
        verb(Cue::Name),
    );
    add(
        "مصدر مصادر بيان وكالة تقرير متحدث متحدثة مسؤول مسؤولون مسؤولين شاهد شهود أحد إحدى أحدهم إحداهن أحدهما بعضهم بعض آخرون دراسة نشطاء ناشط محلل محللون \
         خبير خبراء مراقبون مدعون مواطن مواطنون ناشطون مسؤولان دبلوماسيون محققون سكان أهالي متظاهرون حقوقيون وسائل تقارير \
         سلطات شرطة ادعاء محكمة استطلاع عدد كثيرون منظمون",
        noun(Cue::Source),
    );
    add(
        "source sources spokesman spokeswoman spokesperson officials official statement report study witnesses police porte-parole communiqué источник источники пресс-служба",
        verb(Cue::Source),
    );
    add(
        "مخرج مخرجة حارس مهاجم مطرب مطربة مغني مغنية شاعر شاعرة مؤلف طبيب طبيبة ضابط طالبة سيدة شاب فتاة رجل مرأة ناقد \
         أكاديمي مؤرخ مسؤولة ممثلة منسقة مبعوثة مبعوث منسق متحدثة ناطق ناطقة كاتبة فنان فنانة نجمة ملكة أميرة مستشارة باحثة خبيرة ناشطة سفيرة قاضي قاضية \
         مرشح مرشحة دكتورة زعيم زعيمة محافظ والي مفوض مفوضة مدعي نجمة إعلامي إعلامية محلل رئيس وزير أمين ملك أمير نائب سفير مدير قائد مدرب لاعب نجم كاتب باحث دكتور شيخ لواء عميد محامي متحدث وزيرة رئيسة مديرة \
         ولي مندوب مندوبة نقيب قنصل عمدة مفتي مقرر مقررة حاكم حاكمة سيناتور مطران بطريرك مدافع مدافعة هداف مذيع مذيعة بروفيسور سكرتير قائدة \
         حركة وكالة وزارة هيئة دبلوماسي مغرد صحفي صحافي خادم مستشار نائبة جنرال عقيد عاهل مسؤول لاعبة ممثل بابا",
        noun(Cue::Office),
    );
    list
});

/// What each token does for speech.
pub(super) fn cues(words: &Words<'_>, verb_first: bool) -> Vec<Cue> {
    let mut cues: Vec<Cue> = (0..words.len()).map(|i| cue(words, i)).collect();
    if verb_first {
        // from the end, so that what stands behind a word is settled before the word
        for i in (0..cues.len()).rev() {
            cues[i] = in_context(words, &cues, i);
        }
    } else {
        for (i, cue) in cues.iter_mut().enumerate().skip(1) {
            if *cue == Cue::Say && is_noun(words, i) {
                *cue = Cue::None;
            }
        }
    }
    cues
}

/// Whether the English or French word at token `i` is a noun or an adjective by what stands before it: `a reported loss`,
/// `cette annonce`; but: `comme l'annonce X`.
fn is_noun(words: &Words<'_>, i: usize) -> bool {
    if words.paragraph(i) {
        return false;
    }
    let before = words.word(i - 1);
    if matches!(before, "a" | "an" | "the" | "A" | "The" | "its" | "their" | "his") {
        // a dit
        return words.word(i).is_ascii()
            && !matches!(words.word(i), "dit" | "promis" | "admis" | "ironise")
            && words.word(i).ends_with("ed");
    }
    let determined = matches!(
        before,
        "une" | "cette" | "son" | "sa" | "leur" | "d'" | "d’" | "première" | "toute" | "aucune"
    );
    let article = matches!(before, "l'" | "l’" | "L'" | "L’");
    let clause = i > 1 && matches!(words.word(i - 2), "comme" | "Comme" | "que" | "ainsi" | "tel" | "telle");
    matches!(words.word(i), "annonce" | "écrit" | "estime" | "commente") && (determined || article && !clause)
}

/// Nouns for what is written or said, in which something "comes".
pub(super) const DOCUMENTS: List<'_> = List::of(
    "بيان تقرير نص دراسة رسالة مقال تغريدة كلمة خطاب حكم قرار وثيقة تدوينة منشور تصريح تصريحات تغريدات حوار \
    مقابلة حديث تعليق خبر مذكرة برقية افتتاحية لقاء مقطع",
);

/// What an Arabic word does where it stands: many verbs of saying are nouns, prepositions or other verbs elsewhere.
fn in_context(words: &Words<'_>, cues: &[Cue], i: usize) -> Cue {
    let word = words.word(i);
    // nearly every word is none of those below, which its first letter tells
    // خسائر معتبرة
    if word == "معتبرة"
        && i > 0
        && words.is_word(i - 1)
        && !words.paragraph(i)
        && cues.get(i + 1) != Some(&Cue::That)
    {
        return Cue::None;
    }
    // رفض ذكر اسمه: "…"
    if cues[i] == Cue::Title && matches!(word, "اسمه" | "اسمها" | "اسمهم") && i > 0 {
        const GIVING: List<'_> = List::of("ذكر كشف نشر عن إعلان إفشاء بذكر بكشف بنشر");
        return if one_of(&GIVING, words.word(i - 1)) { Cue::None } else { Cue::Title };
    }
    // وكتبت معلقة: "…", not: قضايا معلقة
    if word == "معلقة" && !matches!(words.word(i + 1), ":" | "\"" | "«" | "“" | "على") {
        return Cue::None;
    }
    if cues[i] != Cue::Say && !word.starts_with(['ج', 'و', 'ف', 'ي', 'ل', 'ن', 'ت', 'ق', 'ر', 'م'])
    {
        return cues[i];
    }
    let bare = verbs::bare(word);
    let before = i.checked_sub(1).filter(|_| !words.paragraph(i));
    let within = |reach: usize, is: &dyn Fn(usize) -> bool| {
        (i + 1..words.len().min(i + reach))
            .take_while(|&t| !words.paragraph(t) && words.word(t) != ".")
            .any(is)
    };
    let brings = |t: usize| {
        matches!(words.word(t), ":" | "\"" | "«" | "“") || matches!(cues[t], Cue::That | Cue::Participle)
    };
    if one_of(&const { List::of("جاء جاءت ورد وردت يرد") }, bare)
        || one_of(&const { List::of("ورد وردت") }, word)
    {
        let noun = words.word(i + 2);
        let document = one_of(&DOCUMENTS, noun.strip_prefix("ال").unwrap_or(noun));
        if matches!(words.word(i + 1), "في" | "ضمن") {
            let said = document && within(25, &brings);
            return if said { Cue::According } else { Cue::None };
        }
    }
    match bare {
        // مذكرا بأن, not: the memo
        "مذكرا" | "مفيدا" | "مفيدة" | "ملمحا" | "ملمحة"
            if i + 1 < words.len() && cues[i + 1] == Cue::That =>
        {
            return Cue::Participle;
        }
        // وبيّن أن, written without its mark
        "بين" if word != bare && shows(words, cues, i) => return Cue::Say,
        "لسان" if before.is_some_and(|t| words.word(t).ends_with("على")) => return Cue::According,
        // عن متابعة الأمر, بعد مطالبة الحكومة: a verbal noun
        "متابعة" | "مطالبة" | "مناشدة" | "مخاطبة" | "مجادلة"
            if before.is_some_and(|t| cues[t] == Cue::Preposition) =>
        {
            return Cue::None;
        }
        // لافتة إلى أن, not: a sign
        "لافتة" if !matches!(words.word(i + 1), "إلى" | "الى") => return Cue::None,
        "نقلا" if words.word(i + 1) == "عن" => return Cue::According,
        _ => {}
    }
    let after =
        |word: &str| before.is_some_and(|t| words.word(t) == word || verbs::bare(words.word(t)) == word);
    match word {
        // على حد تعبير X, في رأي X, من وجهة نظر X
        "تعبير" | "قول" | "وصف" if after("حد") => return Cue::According,
        "رأي" | "نظر" | "تقدير" if after("في") || after("وجهة") => return Cue::According,
        // حسب وصف X
        "وصف" | "قول" | "تعبير" if before.is_some_and(|t| cues[t] == Cue::According) => {
            return Cue::None;
        }
        _ => {}
    }
    if cues[i] != Cue::Say {
        return cues[i];
    }
    // عدم كشف, يواصل حث: a verbal noun
    const OF_NOUNS: List<'_> =
        List::of("عدم دون رفض محاولة إعادة يواصل تواصل سيواصل ستواصل واصل واصلت مواصلة");
    let noun = before.is_some_and(|t| cues[t] == Cue::Preposition || one_of(&OF_NOUNS, words.word(t)));
    let that = before.is_some_and(|t| matches!(words.word(t), "أن" | "إن" | "بأن" | "ان"));
    let since =
        that && i > 1 && one_of(&const { List::of("بعد قبل منذ سبق دون إلى الى لولا") }, words.word(i - 2));
    let this = || {
        before.is_some_and(|t| one_of(&const { List::of("هذا وهذا ذلك وذلك هذه وهذه مما") }, words.word(t)))
    };
    let done = || {
        let near = (i.saturating_sub(5)..i).rev().take_while(|&t| words.is_word(t) && cues[t] != Cue::That);
        near.into_iter().any(|t| one_of(&const { List::of("تم يتم وتم جرى يجري سيتم تمت") }, words.word(t)))
    };
    let says = match word {
        // تم أمس نقل الركاب
        "نقل" | "ذكر" | "كشف" if done() => return Cue::None,
        // أن نقل الركاب: a noun
        "نقل" | "ذكر" | "كشف" | "رد" | "حث" | "وصف" | "شرح" | "رفض" if that && !since =>
        {
            return Cue::None;
        }
        // يتيح نقل الغاز: a noun behind another verb
        "نقل" if before.is_some_and(|t| words.word(t).starts_with('ي') && cues[t] != Cue::Say) => {
            return Cue::None;
        }
        // ومن الجدير ذكره أن
        "ذكره" if before.is_some_and(|t| words.word(t).ends_with("جدير")) => return Cue::None,
        // وهذا يؤكد أن: nobody says it
        "يؤكد" | "تؤكد" | "يوضح" | "توضح" | "يكشف" | "تكشف" | "يفسر" | "تفسر" | "يعني" | "يبرر" if this() =>
        {
            return Cue::None;
        }
        // حيث يتوقع أن: it is expected
        "يتوقع" | "ويتوقع" | "يزعم" | "ويزعم" if cues.get(i + 1) == Some(&Cue::That) => {
            return Cue::None;
        }
        // ما سماه "…", not: كتاب سماه "…"
        "أسماه" | "أسمته" | "أسموه" | "سماه" | "سمته" | "يسميه" | "تسميه" | "يسمونه"
            if !before.is_some_and(|t| words.word(t).ends_with("ما")) =>
        {
            return Cue::Title;
        }
        _ => true,
    };
    let says = says
        && match bare {
            // ويذكر أن: nobody says it
            "يذكر" => false,
            // here, not: he congratulated
            "هنا" => false,
            // ساكن يدعى X, رد الفعل
            "يدعى" | "تدعى" => false,
            "رد" if matches!(words.word(i + 1), "الفعل" | "فعل") => false,
            // على حد وصفه
            _ if before.is_some_and(|t| t > 0 && words.word(t) == "حد" && words.word(t - 1) == "على") => {
                false
            }
            "عبر" => {
                const PATHS: List<'_> = List::of(
                    "حسابه حسابها حسابهم حساب موقع موقعه موقعها تويتر صفحته صفحتها صفحة منصة الإنترنت الانترنت قناة الهاتف تطبيق \
                وسائل بوابة منافذ الحدود رسالة مواقع برنامج شبكة سلسلة خدمة قناته",
                );
                // the title of whoever speaks may be long
                let apposed = (i + 2..i + 4).any(|t| matches!(words.word(t), "،" | ",")) && word != bare;
                let reach = if apposed || cues.get(i + 1) == Some(&Cue::Office) { 30 } else { 14 };
                !one_of(&PATHS, words.word(i + 1)) && within(reach, &|t| words.word(t) == "عن")
            }
            "نقل" | "نقلت" | "ينقل" | "تنقل" | "نقلوا" => {
                within(16, &|t| words.word(t) == "عن" || brings(t))
            }
            // سخر X من
            "سخر" | "سخرت" | "يسخر" | "تسخر" => {
                within(6, &|t| brings(t) || words.word(t) == "من")
            }
            _ if verbs::is_weak(word) => within(6, &brings),
            _ => true,
        };
    match says && !noun {
        true => Cue::Say,
        // عبر حسابه
        false if bare == "عبر" => Cue::Preposition,
        false => Cue::None,
    }
}

/// Whether the بين with a conjunction at token `i` is the verb: وبين أن, وبين الوزير أنه; but: بين هذا وبين ذاك.
fn shows(words: &Words<'_>, cues: &[Cue], i: usize) -> bool {
    let between = |t: usize| words.word(t).ends_with("بين") || words.word(t).starts_with("بين");
    if (i.saturating_sub(12)..i).rev().take_while(|&t| words.word(t) != ".").any(between) {
        return false;
    }
    let reach = (i + 1..words.len().min(i + 10)).take_while(|&t| {
        !words.paragraph(t)
            && !matches!(words.word(t), "." | ":")
            && (t == i + 1 || !words.word(t).starts_with('و'))
    });
    // between two there is an and
    reach
        .into_iter()
        .find(|&t| cues[t] != Cue::None && !matches!(cues[t], Cue::Office | Cue::Name | Cue::Source))
        .is_some_and(|t| cues[t] == Cue::That)
}

/// What token `i` does for speech, wherever it stands.
fn cue(words: &Words<'_>, i: usize) -> Cue {
    if matches!(words.kind(i), TokenKind::Punct | TokenKind::Number) {
        return Cue::None;
    }
    let Some(hit) = CUES.look(words.word(i), words.folded(i), words.kind(i)) else { return Cue::None };
    let (cue, noun) = hit.value;
    if noun || !(hit.definite || hit.clitic.preposition) { cue } else { Cue::None }
}

/// What an Arabic word does, just as it is written.
pub(super) fn of(word: &str) -> Cue {
    CUES.exact(word).map_or(Cue::None, |(cue, _)| cue)
}

/// Whether token `i` begins with the Arabic article.
pub(super) fn definite(words: &Words<'_>, i: usize) -> bool {
    let word = words.word(i);
    word.starts_with("ال") || word.starts_with("وال")
}
