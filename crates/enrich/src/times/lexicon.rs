//! Time words of Arabic, English, French and Russian.

use crate::enriched::TimeMod;
use crate::facts::Fact;
use crate::lex::Lexicon;

/// What a word is in a time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TimeWord {
    /// Nothing.
    #[default]
    None,
    /// A Gregorian month, 1 to 12.
    Month(u8),
    /// First word of a month of two words (كانون, تشرين): the month with الأول; with الثاني one later.
    Twin(u8),
    /// A Hijri month, 1 to 12.
    Hijri(u8),
    /// First word of a Hijri month of two words; the month with الأول or القعدة.
    HijriTwin(u8),
    /// Second word of a Hijri month: القعدة 11, الحجة 12.
    HijriEnd(u8),
    /// A day of the week, Monday is 1.
    Weekday(u8),
    /// A unit of time.
    Unit(Span, Count),
    /// الماضي
    Past,
    /// المقبل
    Next,
    /// الحالي, هذا
    This,
    /// الأخيرة
    Recent,
    /// Days from the anchor: أمس is −1.
    Day(i8),
    /// الآن
    Now,
    /// مؤخرا
    PastRef,
    /// قريبا
    FutureRef,
    /// A part of the day: `MO`, `MI`, `AF`, `EV`, `NI`.
    Part(&'static str),
    /// مطلع, نهاية
    Mod(TimeMod),
    /// يوميا, السنوي
    Set(Span),
    /// ميلادي, م
    Common,
    /// هجري, هـ
    HijriMark,
    /// قبل, منذ, ago
    Ago,
    /// كل, every
    Every,
    /// A stretch that only an adjective places: الفترة المقبلة.
    Stretch,
    /// The decade that begins with this year of its century: الستينيات.
    Decade(u8),
    /// A preposition that lets a bare year stand: في, منذ.
    In,
    /// يومي, before two days of the week.
    TwoDays,
    /// عمر, before a number of years.
    Age,
    /// غرة: the first of a month.
    FirstDay,
    /// ذلك
    That,
    /// طوال: all of the unit behind it.
    Whole,
    /// يومنا: our day.
    Ours,
    /// A season: `SP`, `SU`, `FA`, `WI`.
    Season(&'static str),
    /// Saturday and Sunday.
    Weekend,
    /// Begins or joins an expression of English, French or Russian: il (y a), dans, per, later.
    Lead,
}

/// Lengths of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Span {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

/// How many a word says there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// One.
    One,
    /// Two, by its form.
    Two,
    /// Several.
    Many,
}

const MONTHS: [&str; 12] = [
    "يناير جانفي january jan январь января январе январю янв",
    "فبراير شباط فيفري february feb февраль февраля феврале февралю фев",
    "مارس آذار марта март марте марту",
    "أبريل إبريل نيسان أفريل april apr апрель апреля апреле апрелю апр",
    "مايو أيار مايس ماي ايار мая мае маю май",
    "يونيو حزيران جوان يونيه june jun июнь июня июне июню",
    "يوليو تموز جويلية يوليوز يوليه july jul июль июля июле июлю",
    "أغسطس آب أوت غشت august aug август августа августе августу авг",
    "سبتمبر أيلول شتنبر september sept sep сентябрь сентября сентябре сентябрю сент",
    "أكتوبر اكتوبر october oct октябрь октября октябре октябрю окт",
    "نوفمبر نونبر november nov ноябрь ноября ноябре ноябрю нояб",
    "ديسمبر دجنبر december dec декабрь декабря декабре декабрю дек",
];
const MONTHS_EN: [(&str, u8); 2] = [("march", 3), ("may", 5)];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const HIJRI: [(u8, &str); 5] = [(1, "محرم"), (2, "صفر"), (7, "رجب"), (8, "شعبان"), (9, "رمضان")];
const WEEKDAYS: [&str; 7] = [
    "اثنين إثنين monday понедельник понедельника понедельнику",
    "ثلاثاء ثلثاء tuesday вторник вторника вторнику",
    "أربعاء wednesday среду среда среды",
    "خميس thursday четверг четверга четвергу",
    "جمعة friday пятница пятницу пятницы",
    "سبت saturday суббота субботу субботы",
    "أحد sunday воскресенье воскресенья",
];
const WEEKDAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const UNITS: [(Span, &str, &str, &str); 9] = [
    (Span::Second, "ثانية second", "ثانيتين ثانيتان", "ثوان ثواني seconds секунд секунды секунду секунда"),
    (Span::Minute, "دقيقة minute минуту минута", "دقيقتين دقيقتان", "دقائق minutes минут минуты"),
    (Span::Hour, "ساعة hour час", "ساعتين ساعتان", "ساعات hours часов часа часы"),
    (
        Span::Day,
        "يوم يوما ليلة day день сутки",
        "يومين يومان",
        "أيام أياما ليال ليالي days дней дня суток дни",
    ),
    (Span::Week, "أسبوع أسبوعا week неделю неделя неделе недели", "أسبوعين أسبوعان", "أسابيع weeks недель"),
    (
        Span::Month,
        "شهر شهرا month месяц месяца месяце месяцу",
        "شهرين شهران",
        "أشهر شهور أشهرا شهورا months месяцев месяцы",
    ),
    (
        Span::Year,
        "عام عاما سنة year год года году годом",
        "عامين عامان سنتين سنتان عامي سنتي",
        "أعوام أعواما سنوات سنين years лет годы годов годам годах",
    ),
    (
        Span::Decade,
        "عقد عقدا decade десятилетие десятилетия",
        "عقدين عقدان",
        "عقود عقودا decades десятилетий",
    ),
    (Span::Century, "قرن قرنا century век века веке", "قرنين قرنان", "قرون قرونا centuries веков"),
];
const UNITS_FR: [(Span, &str, &str); 9] = [
    (Span::Second, "seconde", "secondes"),
    (Span::Minute, "minute", "minutes"),
    (Span::Hour, "heure", "heures"),
    (Span::Day, "jour journée", "jours"),
    (Span::Week, "semaine", "semaines"),
    (Span::Month, "mois", ""),
    (Span::Year, "an année", "ans années"),
    (Span::Decade, "décennie", "décennies"),
    (Span::Century, "siècle", "siècles"),
];

/// Whether a Russian unit of time stands in the case that tells how much earlier or later something was: `годом ранее`.
pub(crate) fn is_instrumental(word: &str) -> bool {
    matches!(word, "годом" | "месяцем" | "неделей" | "днем" | "днём" | "часом")
}

/// Whether a word of Latin or Cyrillic script is a day of the week.
pub(crate) fn weekday(word: &str) -> bool {
    WEEKDAYS_FR.contains(&word)
        || WEEKDAYS.iter().any(|day| day.split(' ').any(|other| other.eq_ignore_ascii_case(word)))
}

/// Adds the time words to `list`; `french` decides words that two languages share.
pub(crate) fn add(list: &mut Lexicon<Fact>, french: bool) {
    let mut put = |words: &str, time: TimeWord| {
        list.merge(words, |fact| {
            if fact.time == TimeWord::None {
                fact.time = time;
            }
        });
    };
    for (month, words) in (1..).zip(MONTHS) {
        put(words, TimeWord::Month(month));
    }
    for (month, words) in (1..).zip(MONTHS_FR) {
        if french {
            put(words, TimeWord::Month(month));
        }
    }
    if !french {
        for (word, month) in MONTHS_EN {
            put(word, TimeWord::Month(month));
        }
    }
    put("تشرين", TimeWord::Twin(10));
    put("كانون", TimeWord::Twin(12));
    for (month, word) in HIJRI {
        put(word, TimeWord::Hijri(month));
    }
    put("شوال", TimeWord::Hijri(10));
    put("ربيع", TimeWord::HijriTwin(3));
    put("جمادى", TimeWord::HijriTwin(5));
    put("ذو ذي", TimeWord::HijriTwin(0));
    put("قعدة", TimeWord::HijriEnd(11));
    put("حجة", TimeWord::HijriEnd(12));
    for (day, words) in (1..).zip(WEEKDAYS) {
        put(words, TimeWord::Weekday(day));
    }
    for (day, words) in (1..).zip(WEEKDAYS_FR) {
        put(words, TimeWord::Weekday(day));
    }
    if french {
        for (span, one, many) in UNITS_FR {
            put(one, TimeWord::Unit(span, Count::One));
            put(many, TimeWord::Unit(span, Count::Many));
        }
    }
    for (span, one, two, many) in UNITS {
        put(one, TimeWord::Unit(span, Count::One));
        put(two, TimeWord::Unit(span, Count::Two));
        put(many, TimeWord::Unit(span, Count::Many));
    }
    put(
        "ماضي ماضية ماضيين منصرم منصرمة فائت فائتة فارط فارطة سابق سابقة last past previous прошлый прошлая прошлое прошлой прошлом \
         прошлого прошлую dernier dernière passé passée",
        TimeWord::Past,
    );
    put(
        "مقبل مقبلة مقبلين قادم قادمة قادمين آتي آتية next coming upcoming следующий следующая следующей следующем следующего \
         следующую будущей будущего prochain prochaine",
        TimeWord::Next,
    );
    put(
        "حالي حالية جاري جارية جار هذا هذه this current этот эта это этой этом этого эту нынешнего нынешний текущего текущем",
        TimeWord::This,
    );
    if french {
        put("ce cet cette", TimeWord::This);
        put("derniers dernières récents", TimeWord::Recent);
    }
    put("أخير أخيرة أخيرين قليلة recent последние последних", TimeWord::Recent);
    put("أمس yesterday вчера hier بارحة", TimeWord::Day(-1));
    put("today сегодня aujourd'hui", TimeWord::Day(0));
    put("غد غدا tomorrow завтра demain", TimeWord::Day(1));
    put("послезавтра après-demain", TimeWord::Day(2));
    put("позавчера", TimeWord::Day(-2));
    put("الآن حاليا حالياً now currently сейчас теперь maintenant actuellement راهنا", TimeWord::Now);
    put(
        "مؤخرا حديثا سابقا آنذاك حينها حينذاك وقتها وقتذاك حينئذ recently недавно récemment ранее",
        TimeWord::PastRef,
    );
    put("قريبا قريب مستقبلا مستقبل soon скоро bientôt", TimeWord::FutureRef);
    put("صباح صباحا صبيحة ضحى فجر فجرا morning утром утра matin", TimeWord::Part("MO"));
    put("ظهر ظهرا ظهيرة noon midday midi", TimeWord::Part("MI"));
    put("عصر عصرا زوال زوالا afternoon днем après-midi", TimeWord::Part("AF"));
    put("مساء مساءً عشية سهرة أمسية evening вечером вечера soir soirée", TimeWord::Part("EV"));
    put("ليل ليلا ليلة night ночью ночи ночь nuit tonight", TimeWord::Part("NI"));
    put("مطلع بداية أوائل مستهل beginning early начале начала début", TimeWord::Mod(TimeMod::Start));
    put("منتصف أواسط mid middle середине середины mi milieu", TimeWord::Mod(TimeMod::Mid));
    put("نهاية أواخر ختام موفى end late конце конца fin", TimeWord::Mod(TimeMod::End));
    put("يوميا يومية daily ежедневно quotidien quotidienne quotidiennement", TimeWord::Set(Span::Day));
    put("أسبوعيا أسبوعية أسبوعي weekly еженедельно hebdomadaire", TimeWord::Set(Span::Week));
    put("شهريا شهرية شهري monthly ежемесячно mensuel mensuelle", TimeWord::Set(Span::Month));
    put("سنويا سنوية سنوي annual annually yearly ежегодно annuel annuelle", TimeWord::Set(Span::Year));
    put("م ميلادي ميلادية ميلاديا ad ce", TimeWord::Common);
    put("ه هـ هجري هجرية هجريا ah", TimeWord::HijriMark);
    put("قبل منذ ago назад", TimeWord::Ago);
    put("فترة آونة وقت مرحلة حقبة", TimeWord::Stretch);
    for (decade, word) in [
        (20, "عشرين"),
        (30, "ثلاثين"),
        (40, "أربعين"),
        (50, "خمسين"),
        (60, "ستين"),
        (70, "سبعين"),
        (80, "ثمانين"),
        (90, "تسعين"),
    ] {
        put(&format!("{word}ات {word}يات"), TimeWord::Decade(decade));
    }
    put("يومي", TimeWord::TwoDays);
    put("عمر سن", TimeWord::Age);
    put("غرة فاتح", TimeWord::FirstDay);
    put("ذلك ذاك", TimeWord::That);
    put("طوال طيلة", TimeWord::Whole);
    put("يومنا أيامنا وقتنا عصرنا", TimeWord::Ours);
    put("صيف summer лето лета летом летнего", TimeWord::Season("SU"));
    put("شتاء winter зима зимы зимой зиму", TimeWord::Season("WI"));
    put("spring весна весны весной весну", TimeWord::Season("SP"));
    put("خريف autumn fall осень осени осенью", TimeWord::Season("FA"));
    if french {
        put("été", TimeWord::Season("SU"));
        put("hiver", TimeWord::Season("WI"));
        put("printemps", TimeWord::Season("SP"));
        put("automne", TimeWord::Season("FA"));
        put("il dans par ces minuit", TimeWord::Lead);
        put("de à avant après entre dès vers pour ici", TimeWord::In);
        put("prochains prochaines", TimeWord::Next);
    } else {
        put("of before after through", TimeWord::In);
        put("per later earlier aged few several noon midnight", TimeWord::Lead);
    }
    put("weekend выходные выходных", TimeWord::Weekend);
    put("около к по на полдень полночь несколько", TimeWord::Lead);
    put("ближайшие ближайших предстоящие предстоящих", TimeWord::Next);
    put("минувший минувшие минувшего минувшую минувшей минувшем", TimeWord::Past);
    put("прошедший прошедшие прошедшего прошедшую прошедшей прошедшем", TimeWord::Past);
    put("теперь", TimeWord::Now);
    put("конец концу концом", TimeWord::Mod(TimeMod::End));
    put("началу", TimeWord::Mod(TimeMod::Start));
    put("كل every each каждый каждую каждая chaque", TimeWord::Every);
    put(
        "في حتى بين إلى من منتصف موسم أعوام سنوات عامي in since until by from during between to в с до depuis en jusqu'en",
        TimeWord::In,
    );
}
