//! Units and counted nouns of Arabic, English, French and Russian.

use crate::enriched::{QuantityKind, Unit};
use crate::facts::Fact;
use crate::lex::Lexicon;

/// What a word is behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum UnitWord {
    /// Nothing known.
    #[default]
    None,
    /// A unit of measure or money.
    Unit(Unit, QuantityKind),
    /// A counted noun; two of them by its form when the flag is set.
    Noun(Unit, bool),
    /// A unit of measure or money that the vocabulary of units lacks.
    Other(QuantityKind),
    /// A noun of one thing that is no unit: what a proclitic is told from.
    Thing,
    /// A noun that a number in digits follows as its place in an order: الدقيقة 69.
    Place,
    /// A country that makes a currency: أميركي.
    Nation(Unit),
    /// A word that cannot be counted: prepositions, verbs, conjunctions.
    Stop,
    /// يوميا behind a unit: a rate, which stays with the unit.
    Rate,
}

const MONEY: &[(Unit, &str)] = &[
    (Unit::Usd, "دولار دولارا دولارات دولاران دولارين dollar dollars доллар доллара долларов долл usd"),
    (Unit::Eur, "يورو euro euros евро eur"),
    (Unit::Rub, "روبل روبلا rouble roubles ruble rubles рубль рубля рублей руб rub"),
    (Unit::Egp, "جنيه جنيها جنيهات egp"),
    (Unit::Sar, "ريال ريالا ريالات ريالين sar"),
    (Unit::Aed, "درهم درهما دراهم dirham dirhams aed"),
    (Unit::Gbp, "pound pounds sterling gbp фунтов"),
    (Unit::Kwd, "kwd"),
    (Unit::Dzd, "دينار دينارا دنانير دج dinar dinars dzd"),
    (Unit::Cny, "يوان yuan yuans юаней cny"),
    (Unit::Jpy, "ين yen yens иен jpy"),
    (Unit::Try, "ليرة ليرات lira лир"),
    (Unit::Chf, "فرنك فرنكا franc francs"),
    (Unit::Uah, "гривен гривна гривны грн hryvnia"),
    (Unit::Inr, "روبية rupee rupees"),
    (Unit::Cent, "سنت سنتا سنتات цент центов"),
];

/// Currencies and their parts that have no unit of their own.
const OTHER_MONEY: &str = "شيكل شيقل شيكلا شواكل وون كرونة كرونات كرون زلوتي فورنت راند بيزو تومان بات رينغيت رينجيت قرش قرشا قروش هللة هللات \
    فلس فلسا فلوس سنتيم سنتيما سنتيمات بنس بنسا مليم بيتكوين";
/// Measures that have no unit of their own.
const OTHER_MEASURES: &str = "ملغ ملغم مليغرام ملليجرام ميليغرام مجم ميكروغرام مليلتر ملليلتر ميليلتر أونصة أونصات أوقية أوقيات رطل رطلا أرطال \
    قيراط قيراطا قراريط غالون جالون غالونا جالونا غالونات دونم دونما دونمات ياردة ياردات هرتز كيلوهرتز ميغاهرتز ميجاهرتز غيغاهرتز جيجاهرتز \
    فولت فولط أمبير كيلوجول جول عقدة ديسيبل بكسل بيكسل ميغابكسل ميجابكسل ميغابيكسل ميجابيكسل ميجابت ميغابت ميغابايت نانومتر ميكرون \
    ريختر بوشل ميليمترات مليمترات ملليمترات ملمتر ghz mhz mah";

const NATIONS: &[(Unit, &str)] = &[
    (Unit::Usd, "أميركي أمريكي أميركيا أمريكيا сша américain américains"),
    (Unit::Cad, "كندي كنديا canadian"),
    (Unit::Aud, "أسترالي australian"),
    (Unit::Sar, "سعودي سعوديا"),
    (Unit::Egp, "مصري مصريا"),
    (Unit::Gbp, "إسترليني استرليني"),
    (Unit::Aed, "إماراتي إماراتيا"),
    (Unit::Mad, "مغربي مغربيا"),
    (Unit::Kwd, "كويتي كويتيا"),
    (Unit::Dzd, "جزائري جزائريا"),
    (Unit::Tnd, "تونسي تونسيا"),
    (Unit::Jod, "أردني أردنيا"),
    (Unit::Iqd, "عراقي عراقيا"),
    (Unit::Qar, "قطري قطريا"),
    (Unit::Yer, "يمني يمنيا"),
    (Unit::Omr, "عماني عمانيا"),
    (Unit::Chf, "سويسري سويسريا suisses"),
    (Unit::Lbp, "لبنانية"),
    (Unit::Syp, "سورية"),
    (Unit::Try, "تركية"),
];

const MEASURES: &[(Unit, &str)] = &[
    (
        Unit::Kilometre,
        "كيلومتر كيلومترا كيلومترات كلم كم kilometre kilometres kilometer kilometers km kilomètre kilomètres километр километра километров км",
    ),
    (Unit::Metre, "متر مترا أمتار مترين metre metres meter meters m mètre mètres метр метра метров м"),
    (
        Unit::Centimetre,
        "سنتيمتر سنتيمترا سم centimetre centimetres centimeters cm centimètres сантиметров см",
    ),
    (Unit::Millimetre, "مليمتر ملم ميليمتر ميلليمتر ملليمتر millimetres mm millimètres миллиметров мм"),
    (Unit::SquareMetre, "م2 م² m2 m² м2 м²"),
    (Unit::SquareKilometre, "كم2 كم² km2 km² км2"),
    (Unit::Mile, "ميل ميلا أميال mile miles миль"),
    (Unit::Foot, "قدم قدما أقدام feet ft"),
    (Unit::Inch, "بوصة بوصات إنش inch inches pouces дюймов"),
    (
        Unit::Kilogram,
        "كيلوغرام كيلوجرام كيلو كغ كغم كجم كلغ كيلوغرامات كيلوجرامات كيلوغراما كيلوجراما kilogram kilograms kg kilo kilos kilogrammes килограмм килограммов кг",
    ),
    (Unit::Gram, "غرام جرام غراما جراما غرامات جرامات gram grams grammes грамм граммов г"),
    (Unit::Tonne, "طن طنا أطنان طنين ton tons tonne tonnes тонна тонны тонн т"),
    (Unit::Litre, "لتر لترا لترات litre litres liter liters литр литра литров л"),
    (Unit::Barrel, "برميل برميلا براميل barrel barrels baril barils баррель барреля баррелей"),
    (Unit::Hectare, "هكتار هكتارا هكتارات hectare hectares гектар гектара гектаров га"),
    (Unit::Feddan, "فدان فدانا أفدنة feddan feddans"),
    (Unit::Acre, "acre acres акров"),
    (Unit::Degree, "درجة درجات degree degrees degré degrés градус градуса градусов"),
    (
        Unit::Watt,
        "ميغاواط ميجاوات ميجاواط غيغاواط غيغاوات جيجاواط جيجاوات تيراواط ميغاوات كيلووات كيلوواط واط وات megawatts mw мвт",
    ),
    (
        Unit::Byte,
        "غيغابايت جيجابايت تيرابايت كيلوبايت بايت ميغابايتا غيغابايتا ميغابايت ميجابايت gigabytes gb mb гб",
    ),
    (Unit::Point, "نقطة نقاط point points очков пунктов"),
];

const PEOPLE: &str = "شخص شخصا أشخاص شخصان مسلم مسلما مسلمين نسمة مواطن مواطنا مواطنين مهاجر مهاجرا مهاجرين لاجئ لاجئا لاجئين \
    قتيل قتيلا قتلى جريح جريحا جرحى شهيد شهيدا شهداء مصاب مصابا مصابين ضحية ضحايا طفل طفلا أطفال امرأة نساء رجل رجلا رجال \
    عامل عاملا عمال موظف موظفا موظفين طالب طالبا طلاب طلبة طالبة طالبات معلم معلما معلمين معلمة معلمات جندي جنديا جنود \
    عسكري عسكريا عسكريين مسلح مسلحا مسلحين راكب راكبا ركاب لاعب لاعبا لاعبين مشارك مشاركا مشاركين متطوع متطوعا متطوعين \
    حاج حاجا حجاج معتمر معتمرا معتمرين زائر زائرا زوار سائح سائحا سياح ناخب ناخبا ناخبين نائب نائبا نواب مدني مدنيا مدنيين \
    أسير أسيرا أسرى صحفي صحفيا صحفيين صحافيا صحافيين طبيب طبيبا أطباء مريض مريضا مرضى متهم متهما متهمين معتقل معتقلا معتقلين \
    محكوما فلسطيني فلسطينيا فلسطينيين سعوديا سعوديين سعودي إرهابي إرهابيا إرهابيين مقاتل مقاتلا مقاتلين آخرين شخصية مدرس مدرسا \
    مستفيد مستفيدا مستفيدين خريج خريجا خريجين باحث باحثا باحثين مشترك مشتركا مشتركين متفرج متفرجا متفرجين شاب شابا شبان \
    وكيلا وكيلة وكيلات قائدا قائدة عنصر عنصرا عناصر سجين سجينا سجناء مشجع مشجعا مشجعين طائف مقيما مقيمين أمني \
    person persons people migrants migrant workers worker children child women woman men man soldiers soldier students student \
    residents users user passengers voters refugees refugee members lawyers victims civilians police officers fans players \
    personne personnes migrant migrants femmes femme enfants enfant hommes homme soldats étudiants habitants membres blessés \
    morts policiers élèves salariés électeurs réfugiés victimes civils \
    человек человека людей люди детей женщин мужчин пользователей пользователям пользователя жителей солдат студентов военных медика \
    медиков пациентов участников беженцев мигрантов граждан школьников";
const PEOPLE_TWO: &str = "شخصين شخصان طفلين طفلان رجلين رجلان جنديين جنديان شابين شابان فلسطينيان امرأتين امرأتان قتيلين قتيلان \
    شقيقين شقيقان شهيدين عنصرين ضابطين ضابطان زوجين عضوين عضوان وزيرين وزيران شرطيين شرطيان تلميذين تلميذان فردين صبيين صبيان \
    مسلحان مسؤولان لاعبان مواطنان مدنيان إرهابيان عسكريان مقاتلان متهمان مصابان انتحاريان موظفان مهاجران مهاجمان ناشطان مرشحان محترفان مراسلان مصوران متحدثان مخرجان طياران سائحان حاجان معتمران طبيبان خبيران معتقلان أسيران سجينان \
    متطوعان عاملان شاهدان مشتبهان مدافعان نائبان مستشاران رئيسان مديران شريكان صديقان صحفيان صحافيان قياديان حارسان";
const THINGS_TWO: &str = "نقطتين نقطتان مباراتين مباراتان هدفين هدفان مرتين مرتان حالتين حالتان دولتين دولتان مدينتين سيارتين \
    صاروخين قنبلتين عبوتين طائرتين جلستين نقابتين بلدين شركتين مرحلتين جولتين لقبين منزلين قلبين نسختين سفينتين كتابين حزبين \
    مجموعتين جائزتين وحدتين طريقتين محافظتين قضيتين زيارتين اسرتين فوزين حربين";
/// Feminine nouns of news in ة and masculine ones of things: two of them by the ending.
const FEMININE: &str = "سيارة طائرة رحلة حكومة لغة ميزة منظمة مناسبة محاولة عبوة ركعة سفارة ولاية مرحلة مباراة مقاطعة قرية مدينة دولة     منطقة محافظة شركة مؤسسة جامعة مدرسة جلسة جولة دورة حلقة طبعة لجنة كلية قاعة صالة غرفة شاحنة حافلة دراجة سفينة ناقلة قاطرة غواصة     مروحية مدمرة فرقاطة قنبلة قذيفة رصاصة ضربة غارة عملية حملة خطة مبادرة اتفاقية معاهدة وثيقة مذكرة رسالة مكالمة صورة نسخة صفحة قصيدة رواية     مجلة صحيفة قناة محطة شبكة نقطة قضية دعوى تهمة عقوبة جريمة شحنة صفقة دفعة مناقصة جائزة ميدالية بطولة مشاركة تمريرة بطاقة هجمة     زيارة ندوة ورشة محاضرة قمة دراسة تجربة عينة جرعة لقاحة حالة إصابة وفاة ولادة عائلة أسرة زوجة سيدة فتاة طالبة لاعبة معلمة ممرضة     كتيبة فرقة وحدة دورية قاعدة جبهة هيئة وزارة دائرة محكمة نقابة جمعية رابطة مجموعة كتلة طريقة مرة وجبة شجرة بئر فترة مواجهة مركبة عربة خسارة هزيمة بلدة كلمة مقابلة منشأة مقبرة حادثة وظيفة مشكلة نتيجة قافلة مسألة مدرعة شاشة فرصة واجهة نظرية فرضية خلية أزمة مديرية لعبة أمسية إدارة جماعة رمية طفلة امرأة إمرأة مبارة ناحية جهة زاوية طبقة     خيمة شقة عمارة حديقة ساحة بوابة جزيرة بحيرة قطعة أغنية مسرحية لوحة حفلة نقلة خطوة ساحبة بعثة قافلة بقرة ناقة بندقية حصة جثة قوة فئة ملعقة كنيسة ورقة مخالفة حقيبة واقعة شريحة سلطة رهينة كرة فقرة دبابة نجمة \
    لمسة قصة عضوة تلميذة تسديدة ركلة مدة علامة طلقة آلة حاوية ثكنة ثورة هدية خدمة فكرة جبهة ندبة صيغة فرضية بنية مهمة مادة \
    سورة آية ضاحية ساقية محمية عيادة صيدلية حضانة رواية صخرة شجيرة نافذة لائحة غرامة مخطوطة لقطة حزمة عمولة وديعة ممثلة \
    مضيفة طبيبة سجينة شابة عاملة زائرة ناشطة مرشحة نائبة وزيرة شقيقة بلدية ملاحظة توصية نبرة درجة منارة";
const MASCULINE: &str = "كتاب هدف صاروخ منزل حزب لقب طريق قلب مشروع قرار قانون بيان تقرير اجتماع لقاء مؤتمر برنامج فيلم مسلسل كوكب قمر نجم     هاتف حاسوب جهاز تطبيق موقع ملعب مسجد مسرح متحف مستشفى مركز مصنع متجر فندق مطعم مطار ميناء جسر نفق سد خط أنبوب حقل منجم قارب زورق يخت     قطار باص مسدس رشاش صندوق كيس طرد ملف اتفاق شرط سبب خيار احتمال حادث انفجار تفجير هجوم زلزال حريق انتخاب تعادل شوط جدول     مجمع مبنى برج طابق حي شارع ميدان إقليم لواء فوج معسكر سجن مقعد صوت وسام كأس ميناء جزء فصل باب بند محور اتجاه مسار فريق نوع خيار هجوم رقم اسم منتخب عرض محرك فرع بنك حدث جيل طرف مقطع معرض شعار \
    نظام منهج مقال نص حكم إنجاز مبدأ منتج تصريح اختبار اكتشاف اعتداء لغم صمام مخزن مستودع ملجأ كمين خزان جدار نموذج قسم \
    مكتب مخيم مصرف حصن قصر معبد متنزه منتجع قرض سهم سند ختم ظرف قيد مسح نهر جبل كهف حجر سيف رمح خنجر سكين مدفع لغز \
    حصان جمل أسد كلب نمر فيل تمساح حوت طائر غزال إصبع كتف ذراع رأس \
    مصدر موقف موعد مشهد معيار مؤشر مجال مجلس محل مطلب مدخل مفتاح مصباح مصعد \
    منشور مرسوم مولد جانب جناح جسم جهد حاجز حوار خبر خطأ خطاب خندق درب درس دليل ديوان رصيد \
    ركن سؤال سباق سجل سطح سطر سقف سلاح سوق سيناريو شكل صنف ضرر ضلع طلب طابع عائق عشاء عمل عمود عنوان عيب \
    غرض غلاف فارق فخ فيروس فيديو قالب قرص قسط قطاع قطب قفص قناع قوس كتيب كيان لقاح لوح مثال مثلث مسلك نزاع نصب \
    هاجس هرم هيكل وجه وعد وفد ورم إجراء إنذار إعلان إضراب اقتراح استفتاء استطلاع اتصال احتفال اعتراف امتحان \
    انقلاب التزام بروتوكول بركان بلاغ بيت تسجيل تعديل تحقيق تدريب تيار تصنيف تمثال تهديد تابوت ثقب ثوب جرح حفل \
    حزام حوض خاتم خلاف راتب رهان سرير شريط ضريح عظم فحص قبر قلم قميص كوب كوخ نهج منطاد معطف كرسي";

/// Adjectives of nations that only money takes here.
pub(super) const OF_MONEY: &str = "هندي هندية صيني صينيا ياباني يابانيا روسي روسيا سوداني سودانيا ليبي ليبيا إيراني إيرانيا باكستانية إسرائيلي إسرائيليا \
    لبنانيا سوريا سنغافوري نيوزيلندي أوروبي بحريني بحرينيا سويدية نرويجية دنماركية مكسيكي برازيلي تركيا أفريقي موريتانية أوكرانية";

/// Names that a number stands behind.
pub(super) const PRODUCTS: &str = "آيفون ايفون آيباد ويندوز أندرويد جالاكسي جلاكسي جالكسي غالاكسي نوت إس اس إكس بلايستيشن إكسبوكس بوينغ بوينج إيرباص \
    إيه اف إف ميغ سوخوي سو قناة فرانس كاك داكس نيكاي ستاندرد بورز يوروفرست ستوكس كوفيد مجموعة هاتف تلفون ت فاكس رقم الرقم صفحة ص مادة المادة \
    مؤشر يوروب راسل فورمولا آي أيه نسخة";

const PLACES: &str = "دقيقة دورة مرحلة جولة نسخة مرتبة حلقة طبعة مركز";
const STOPS: &str = "في من على إلى عن مع أن إن أو أم ثم بعد قبل خلال حتى منذ بين ضد عبر لدى عند حول غير كل هو هي هم هما هن كان كانت التي الذي \
    الذين وقد قد لا لم لن ما إذا حيث بينما فيما كما هذا هذه ذلك تلك ليس مقابل بنسبة أمام تحت فوق منها منهم منهما فيها فيه عليها لكل \
    بلغ بلغت قال قالت وقال أكد نحو حوالي تقريبا فقط أيضا عام سنة أعلن تم يتم سيتم كانوا دون هناك بشكل وفق حسب ضمن عما مما \
    منه لها له بها به إليها إليه لهم بهم وهو وهي وهم مجانا تحديدا رسميا حاليا سابقا لاحقا مباشرة معا مثل ومن وفي وعلى وإلى أعلاه أدناه جدا عليه عنه عنها أنها إنها ثنائية ثلاثية رباعية خماسية سداسية سباعية خلف قرب سوى أرباع أخماس أثلاث أسداس أثمان أعشار ثانية فاز سجل حقق بات أصبح كل بعضهم إنه أنه عندما بعدما حينما قبلما ريثما حسبما طالما مثلما إجمالي إجماليا آخرها آخرهم أبرزها أهمها أولها أولهم \
    شرق غرب شمال جنوب إلا إذ لكن لكنه لكنها بعض فإن كي لأن لأنه ربما جاء جاءت ليصل لتصل وصولا مما حيال إزاء رغم وفقا إضافة علاوة فضلا خصوصا خاصة تحديدا \
    عدد قيمة مقارنة بدلا نتيجة بعدها بعده قبلها قبله بينهم بينها ومنها ومنهم فهو فهي وكان وكانت وكذلك كذلك والتي والذي أوعلى \
    of the and or in on at to from by with for as is are was were be been has have had that this which who not than but into \
    over under per before after between against during its their his her our your my he she it they we you i said will would \
    can could may might also about out up when where while if so since until because all more less \
    de la le les des du et ou en dans sur au aux à par pour avec sans sous est sont a ont qui que dont où ne pas plus moins contre entre \
    se sa son ses leur d l qu ce cette selon comme mais \
    и в во на с со из от до по о об за к у не но а или что как это при для его ее их был была были есть против между под над \
    который которые которая уже еще";

/// Adds units and counted nouns to `list`; `french` decides words that two languages share.
pub(crate) fn add(list: &mut Lexicon<Fact>, french: bool) {
    let mut put = |words: &str, unit: UnitWord| {
        list.merge(words, |fact| {
            if fact.unit == UnitWord::None {
                fact.unit = unit;
            }
        });
    };
    for (unit, words) in MONEY {
        put(words, UnitWord::Unit(*unit, QuantityKind::Money));
    }
    put(OTHER_MONEY, UnitWord::Other(QuantityKind::Money));
    put(OTHER_MEASURES, UnitWord::Other(QuantityKind::Measure));
    for (unit, words) in MEASURES {
        put(words, UnitWord::Unit(*unit, QuantityKind::Measure));
    }
    put(
        "بالمئة بالمائة percent pourcent процент процента процентов",
        UnitWord::Unit(Unit::Percent, QuantityKind::Percent),
    );
    for (unit, words) in NATIONS {
        put(words, UnitWord::Nation(*unit));
    }
    put(STOPS, UnitWord::Stop);
    put(PEOPLE_TWO, UnitWord::Noun(Unit::Person, true));
    put(PEOPLE, UnitWord::Noun(Unit::Person, false));
    put(THINGS_TWO, UnitWord::Noun(Unit::Item, true));
    for noun in FEMININE.split_whitespace() {
        if let Some(stem) = noun.strip_suffix('ة') {
            put(&format!("{stem}تين {stem}تان"), UnitWord::Noun(Unit::Item, true));
        }
    }
    put(
        "دورين فنين بلدين رأيين مبنيين ناديين مستشفيين معنيين مستويين بحثين لونين وزنين ظرفين",
        UnitWord::Noun(Unit::Item, true),
    );
    for noun in MASCULINE.split_whitespace().filter(|noun| !noun.ends_with('ى')) {
        put(&format!("{noun}ين {noun}ان"), UnitWord::Noun(Unit::Item, true));
        put(&format!("{noun}ا"), UnitWord::Thing);
    }
    put(PLACES, UnitWord::Place);
    put(FEMININE, UnitWord::Thing);
    put(MASCULINE, UnitWord::Thing);
    put("يوميا سنويا شهريا", UnitWord::Rate);
    if french {
        put("été ans", UnitWord::Stop);
    }
}
