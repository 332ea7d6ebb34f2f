//! Number words of Arabic, English, French and Russian.

use crate::facts::Fact;
use crate::lex::Lexicon;

/// What a word is worth as a number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Num {
    /// No number.
    #[default]
    None,
    /// Below a thousand.
    Card(u16),
    /// One, as a word that is mostly an article: counts only before a scale or in a compound.
    Article,
    /// A power of ten from a thousand up; `alone` when it may stand for once itself.
    Scale {
        /// The power.
        power: f64,
        /// Singular.
        alone: bool,
    },
    /// Twice a power: ألفين.
    Dual(f64),
    /// A place in an order.
    Ord(u16),
    /// A fraction that follows with "and": ونصف.
    Part(f64),
    /// "And" between number words.
    And,
}

const CARDINALS: &[(u16, &str)] = &[
    (0, "صفر zero zéro ноль нуль"),
    (1, "واحد واحدة one один одна одно одного одной одному одну"),
    (
        2,
        "двое двоих اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي إثنان إثنين two deux два две двух двум двумя",
    ),
    (3, "трое троих ثلاث ثلاثة three trois три трех трем тремя"),
    (4, "четверо четверых أربع أربعة four quatre четыре четырех четырем четырьмя"),
    (5, "пятеро пятерых خمس خمسة five cinq пять пяти пятью"),
    (6, "шестеро ست ستة six шесть шести шестью"),
    (7, "семеро سبع سبعة seven sept семь семи семью"),
    (8, "ثمان ثمانية ثماني eight huit восемь восьми восемью"),
    (9, "تسع تسعة nine neuf девять девяти девятью"),
    (10, "عشر عشرة ten dix десять десяти десятью"),
    (11, "eleven onze одиннадцать одиннадцати"),
    (12, "twelve douze двенадцать двенадцати"),
    (13, "thirteen treize тринадцать тринадцати"),
    (14, "fourteen quatorze четырнадцать четырнадцати"),
    (15, "fifteen quinze пятнадцать пятнадцати"),
    (16, "sixteen seize шестнадцать шестнадцати"),
    (17, "seventeen семнадцать семнадцати"),
    (18, "eighteen восемнадцать восемнадцати"),
    (19, "nineteen девятнадцать девятнадцати"),
    (20, "عشرون عشرين twenty vingt vingts двадцать двадцати"),
    (30, "ثلاثون ثلاثين thirty trente тридцать тридцати"),
    (40, "أربعون أربعين forty quarante сорок сорока"),
    (50, "خمسون خمسين fifty cinquante пятьдесят пятидесяти"),
    (60, "ستون ستين sixty soixante шестьдесят шестидесяти"),
    (70, "سبعون سبعين seventy septante семьдесят семидесяти"),
    (80, "ثمانون ثمانين eighty huitante восемьдесят восьмидесяти"),
    (90, "تسعون تسعين ninety nonante девяносто девяноста"),
    (100, "مئة مائة hundred cent cents сто ста"),
    (200, "مئتان مئتين مائتان مائتين مئتا مئتي مائتا مائتي двести двухсот"),
    (300, "ثلاثمئة ثلاثمائة триста трехсот"),
    (400, "أربعمئة أربعمائة четыреста четырехсот"),
    (500, "خمسمئة خمسمائة пятьсот пятисот"),
    (600, "ستمئة ستمائة шестьсот шестисот"),
    (700, "سبعمئة سبعمائة семьсот семисот"),
    (800, "ثمانمئة ثمانمائة восемьсот восьмисот"),
    (900, "تسعمئة تسعمائة девятьсот девятисот"),
];

const ORDINALS: &[(u16, &str, &str)] = &[
    (1, "أول أولى حادي حادية first premier première 1er", "перв"),
    (2, "ثاني ثانية second deuxième seconde", "втор"),
    (
        3,
        "ثالث ثالثة third troisième третий третья третье третьего третьей третьему третьем третью третьим",
        "",
    ),
    (4, "رابع رابعة fourth quatrième", "четверт"),
    (5, "خامس خامسة fifth cinquième", "пят"),
    (6, "سادس سادسة sixth sixième", "шест"),
    (7, "سابع سابعة seventh septième", "седьм"),
    (8, "ثامن ثامنة eighth huitième", "восьм"),
    (9, "تاسع تاسعة ninth neuvième", "девят"),
    (10, "عاشر عاشرة tenth dixième", "десят"),
    (11, "eleventh onzième", "одиннадцат"),
    (12, "twelfth douzième", "двенадцат"),
    (13, "thirteenth treizième", "тринадцат"),
    (14, "fourteenth", "четырнадцат"),
    (15, "fifteenth quinzième", "пятнадцат"),
    (16, "sixteenth seizième", "шестнадцат"),
    (17, "seventeenth", "семнадцат"),
    (18, "eighteenth", "восемнадцат"),
    (19, "nineteenth", "девятнадцат"),
    (20, "twentieth vingtième", "двадцат"),
    (30, "thirtieth trentième", "тридцат"),
    (40, "fortieth", "сороков"),
    (50, "fiftieth cinquantième", "пятидесят"),
    (100, "hundredth centième", "сот"),
];

/// Endings of a Russian ordinal.
pub(super) const RUSSIAN_ENDINGS: &[&str] =
    &["ый", "ой", "ая", "ое", "ого", "ому", "ым", "ом", "ую", "ые", "ых", "ыми", "ий"];

const SCALES: &[(f64, &str, &str)] = &[
    (
        1e3,
        "ألف ألفا thousand mille тысяча тысячу тысячи тысяч тысячам тысячами тыс",
        "آلاف ألاف thousands milliers",
    ),
    (1e6, "مليون مليونا million миллион миллиона миллионов миллиону млн mn", "ملايين millions миллионы"),
    (
        1e9,
        "مليار مليارا بليون billion milliard миллиард миллиарда миллиардов млрд bn",
        "مليارات بلايين billions milliards",
    ),
    (1e12, "تريليون تريليونا ترليون trillion триллион триллиона триллионов трлн", "تريليونات trillions"),
];

const DUALS: &[(f64, &str)] = &[
    (2e3, "ألفان ألفين ألفي"),
    (2e6, "مليونان مليونين مليوني مليونا"),
    (2e9, "ملياران مليارين ملياري"),
    (2e12, "تريليونين تريليوني"),
];

/// Adds the number words to `list`; `french` decides words that two languages share.
pub(crate) fn add(list: &mut Lexicon<Fact>, french: bool) {
    let mut put = |words: &str, num: Num| {
        list.merge(words, |fact| {
            if fact.num == Num::None {
                fact.num = num;
            }
        });
    };
    // a proclitic would turn "I am not" into a number
    put("لست", Num::None);
    for (value, words) in CARDINALS {
        put(words, Num::Card(*value));
    }
    put(if french { "un une" } else { "a an" }, Num::Article);
    for (value, words, stem) in ORDINALS {
        put(words, Num::Ord(*value));
        if !stem.is_empty() {
            for ending in RUSSIAN_ENDINGS {
                put(&format!("{stem}{ending}"), Num::Ord(*value));
            }
        }
    }
    for (power, alone, plural) in SCALES {
        put(alone, Num::Scale { power: *power, alone: true });
        put(plural, Num::Scale { power: *power, alone: false });
    }
    for (value, words) in DUALS {
        put(words, Num::Dual(*value));
    }
    put("نصف half demi", Num::Part(0.5));
    put("ربع quarter", Num::Part(0.25));
    put("ثلث", Num::Part(1.0 / 3.0));
    put("полтора полторы", Num::Part(1.5));
    put(if french { "et" } else { "and" }, Num::And);
}
