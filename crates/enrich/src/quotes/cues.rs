//! The words that introduce, carry or rule out speech, in four languages.

use std::sync::LazyLock;

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

const SAY_AR: &str = "قال قالت قالوا قالا قلت يقول تقول يقولون أكد أكدت أكدوا أكدا يؤكد تؤكد شدد شددت شددوا يشدد تشدد \
    أوضح أوضحت أوضحوا يوضح توضح أضاف أضافت أضافوا يضيف تضيف تابع تابعت تابعوا يتابع صرح صرحت صرحوا يصرح \
    ذكر ذكرت ذكروا أشار أشارت أشاروا يشير تشير لفت لفتت لفتوا يلفت اعتبر اعتبرت اعتبروا يعتبر تعتبر \
    أعلن أعلنت أعلنوا يعلن تعلن كشف كشفت كشفوا يكشف نفى نفت نفوا ينفي أفاد أفادت أفادوا يفيد تفيد نوه نوهت \
    أردف أردفت يردف استطرد استطردت زعم زعمت يزعم ادعى ادعت يدعي حذر حذرت حذروا يحذر كتب كتبت كتبوا يكتب غرد غردت \
    أجاب أجابت سأل سألت تساءل تساءلت وصف وصفت وصفوا يصف رأى رأت يرى ترى توقع توقعت يتوقع أعرب أعربت \
    عبر عبرت علق علقت اختتم اختتمت أقر أقرت اعترف اعترفت تعهد تعهدت هدد هددت استدرك جزم حكى روى ناشد \
    طالب طالبت دعا دعت أشاد أشادت انتقد انتقدت اتهم اتهمت ندد نددت استنكر استنكرت رد ردت واصل أبلغ أبلغت \
    نقل نقلت نقلا استشهد نبه نبهت أبرز بينت مضى ختم زاد خاطب هنأ وعد تمنى أبدى شكر اقترح أخبر أخبرت";
const PARTICIPLE_AR: &str = "قائلا قائلة قائلين مؤكدا مؤكدة مؤكدين مشددا مشددة مشددين موضحا موضحة مضيفا مضيفة متابعا مصرحا \
    ذاكرا مشيرا مشيرة مشيرين لافتا معتبرا معتبرة معلنا معلنة كاشفا نافيا نافية منوها منوهة مردفا محذرا محذرة \
    مجيبا متسائلا متسائلة واصفا واصفة متوقعا معربا معربة معبرا معبرة معلقا متعهدا داعيا داعية مطالبا مطالبة \
    مبينا مبينة مستطردا مستدركا مختتما قوله قولها قولهم القول زاعما مبرزا ناقلا مستشهدا منبها متهما منتقدا مشيدا مخاطبا";
const SAY_EN: &str = "said says say told tells added adds wrote writes tweeted stated states noted notes explained explains \
    argued argues announced asked asks replied continued insisted warned claimed declared responded concluded \
    recalled acknowledged admitted commented remarked posted quipped joked shouted testified vowed pledged called \
    described lambasted saying adding telling writing noting arguing explaining";
const SAY_FR: &str = "déclaré déclare déclarait dit disait affirmé affirme affirmait expliqué explique expliquait ajouté ajoute \
    ajoutait souligné souligne soulignait précisé précise estimé estime estimait indiqué indique annoncé annonce \
    assuré assure confié confie lancé poursuit conclu conclut raconté raconte rappelé rappelle insisté insiste \
    regretté regrette écrit tweeté commenté commente répondu répond martelé dénoncé dénonce salué résume reconnu \
    reconnaît prévenu déclarant affirmant ajoutant expliquant soulignant précisant estimant indiquant";
const SAY_RU: &str = "сказал сказала сказали заявил заявила заявили отметил отметила отметили подчеркнул подчеркнула подчеркнули \
    добавил добавила добавили сообщил сообщила сообщили сообщает рассказал рассказала рассказали пояснил пояснила \
    объяснил объяснила уточнил уточнила считает говорит говорят пишет написал написала ответил ответила напомнил \
    напомнила признался призналась утверждает уверен уверена рассказывает поясняет отмечает подчеркивает добавляет \
    заявляет говорил говорила сообщили сообщается назвал назвала называет цитирует признал признала";

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
    add(SAY_AR, verb(Cue::Say));
    add(PARTICIPLE_AR, verb(Cue::Participle));
    add("بقوله بقولها بقولهم بالقول", verb(Cue::Participle));
    add("بحسب حسب وفقا وفق according selon словам мнению", verb(Cue::According));
    add("نيابة", verb(Cue::Behalf));
    for words in [SAY_EN, SAY_FR, SAY_RU] {
        add(words, verb(Cue::Say));
    }
    add("he she they who il elle он она они", verb(Cue::Pronoun));
    add(
        "في من على إلى عن مع ضد بين خلال بعد قبل عند لدى حول عقب أمام تحت منذ ضمن عبر أثناء بشأن تجاه ضرورة",
        verb(Cue::Preposition),
    );
    add(
        "to of with against from by about à de du des avec contre par pour с о об от для к",
        verb(Cue::Preposition),
    );
    add(
        "عنوان بعنوان اسم شعار فيلم كتاب رواية أغنية مسلسل برنامج مسرحية قصيدة ديوان مهرجان معرض مؤتمر ندوة حملة مبادرة \
         جائزة مشروع مقال عبارة كلمة مصطلح وسم هاشتاغ هاشتاق حلقة فيديو ألبوم لوحة بطولة دورة ملتقى منتدى ورشة قاعة",
        noun(Cue::Title),
    );
    add(
        "المسمى المسماة يسمى تسمى سمي سميت الملقب الملقبة لقب يدعى تدعى المعروف المعروفة المعروفين أطلق المسماه بما",
        verb(Cue::Title),
    );
    add(
        "titled entitled called named dubbed film movie book song album novel intitulé intitulée titre film livre roman названием фильм фильма книга книги роман под",
        verb(Cue::Title),
    );
    add(
        "صحيفة قناة وكالة شركة موقع مجموعة منظمة جماعة حركة حزب تنظيم نادي مجلة شبكة ميليشيا مليشيا جريدة إذاعة تطبيق منصة \
         هاتف فندق مؤسسة جمعية مركز هيئة جامعة مدرسة مطعم كتيبة لواء جيش سفينة ملعب استاد حي قرية مدينة منطقة محطة مصنع \
         متجر بنك مصرف فريق منتخب نظام طائرة صاروخ بوابة راديو تلفزيون شارع قصر مستشفى عائلة لعبة سيارة خدمة عملية فيروس",
        noun(Cue::Name),
    );
    add(
        "newspaper magazine agency company group channel site website journal chaîne agence société газета газете канал агентство агентства компания компании группа",
        verb(Cue::Name),
    );
    add(
        "مصدر مصادر بيان وكالة تقرير متحدث متحدثة مسؤول مسؤولون مسؤولين شاهد شهود أحد إحدى بعض آخرون دراسة نشطاء ناشط محلل محللون \
         خبير خبراء مراقبون مدعون مواطن مواطنون",
        noun(Cue::Source),
    );
    add(
        "source sources spokesman spokeswoman spokesperson officials official statement report study witnesses police porte-parole communiqué источник источники пресс-служба",
        verb(Cue::Source),
    );
    add(
        "رئيس وزير أمين ملك أمير نائب سفير مدير قائد مدرب لاعب نجم كاتب باحث دكتور شيخ لواء عميد محامي متحدث وزيرة رئيسة مديرة \
         حركة وكالة وزارة هيئة دبلوماسي مغرد صحفي صحافي مستشار نائبة جنرال عقيد عاهل مسؤول لاعبة ممثل بابا",
        noun(Cue::Office),
    );
    list
});

/// What token `i` does for speech.
pub(super) fn cue(words: &Words<'_>, i: usize) -> Cue {
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
