//! Scripts, telling letters and function words.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

macro_rules! closed {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name { $($variant),+ }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            pub const COUNT: usize = Self::ALL.len();
        }
    };
}

closed! {
    /// Writing systems that are told apart.
    Script {
        Arabic, Latin, Cyrillic, Greek, Hebrew, Armenian, Georgian, Devanagari, Bengali, Tamil, Thai, Ethiopic, Hangul,
        Kana, Han, Unknown,
    }
}

closed! {
    /// Languages that share their script with others.
    Lang {
        Arabic, Persian, Urdu, Pashto, Kurdish, Uyghur, English, French, German, Spanish, Italian, Portuguese, Dutch,
        Turkish, Polish, Romanian, Swedish, Danish, Norwegian, Finnish, Czech, Hungarian, Indonesian, Vietnamese,
        Swahili, Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian, Kazakh, Kyrgyz, Tatar, Tajik, Mongolian,
    }
}

impl Lang {
    pub fn code(self) -> &'static str {
        self.row().0
    }

    pub fn script(self) -> Script {
        match self as usize {
            n if n <= Lang::Uyghur as usize => Script::Arabic,
            n if n <= Lang::Swahili as usize => Script::Latin,
            _ => Script::Cyrillic,
        }
    }

    /// Code, telling letters (in lower case), function words.
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Lang::Arabic => (
                "ar",
                "ةىأإ",
                "في من على إلى الى أن ان عن التي الذي هذا هذه كان كانت بعد قال مع ما لا لم قد كما بين ذلك أو او ولا وفي وقد وقال خلال حول هو هي عند منذ أي كل غير عام رئيس",
            ),
            Lang::Persian => (
                "fa",
                "پچژگی",
                "است که از را این با می به برای آن در و شد کرد خود یک تا هم شده بود کند ها های گفت نیز ما یا هر",
            ),
            Lang::Urdu => (
                "ur",
                "ٹڈڑںےہھگچ",
                "ہے کے میں کی نے سے کا کو اور پر ہیں یہ کہ اس نہیں بھی ہو تھا کیا گیا ایک",
            ),
            Lang::Pashto => ("ps", "ټډړښږځڅېۍڼ", "په او د چې له کې هم سره دی ته يې يو"),
            Lang::Kurdish => ("ckb", "ەۆێڵڕڤ", "لە بە بۆ ئەم کە و لەگەڵ ئەو"),
            Lang::Uyghur => ("ug", "ۇۈۋېڭ", "ۋە بىلەن بۇ ئۇ"),
            Lang::English => (
                "en",
                "",
                "the of and to in a is was for that on with as by it from at his be he has are have an this which not were but they their its who will been had said would after about or more one up out what when there than you we i",
            ),
            Lang::French => (
                "fr",
                "éèêàçùœîôûëâ",
                "le la les de des du et en un une est que qui dans pour par sur au aux pas plus ce cette il elle ne se sont avec son sa ses été mais ou nous vous leur l d qu n c s a ont fait comme",
            ),
            Lang::German => (
                "de",
                "äöüß",
                "der die das und ist nicht von zu den mit ein eine einen auf für im dem des sich als auch es an werden aus er hat sie nach wird bei sind noch war wie am einer über vor zum zur hatte",
            ),
            Lang::Spanish => (
                "es",
                "ñáóúí¿¡",
                "el la los las de del que y en un una por con para no se es lo su al como más pero sus este ha fue son está también o muy sobre desde entre",
            ),
            Lang::Italian => (
                "it",
                "àèìòù",
                "il lo la gli le di del della dei delle che e è in un una per con non si da al alla nel nella sono ha anche come più dal ma suo sua questo",
            ),
            Lang::Portuguese => (
                "pt",
                "ãõçáêóí",
                "o a os as de do da dos das que e em um uma para com não se por no na ao mais foi como mas é são pelo pela também sua seu",
            ),
            Lang::Dutch => (
                "nl",
                "",
                "de het een van en in is dat op te zijn voor met niet aan er om ook als bij door maar naar uit hij wordt deze nog over werd",
            ),
            Lang::Turkish => (
                "tr",
                "ğşıçöü",
                "ve bir bu için ile da de olarak olan daha çok gibi kadar sonra en her ne var değil ancak",
            ),
            Lang::Polish => (
                "pl",
                "łąęśżźćńó",
                "w i na z do się nie że jest to od po o za jak przez dla oraz ale przy tym są był",
            ),
            Lang::Romanian => (
                "ro",
                "țșăţşâî",
                "și de la în a cu că pe din nu pentru o un care este mai au fost s sau prin după",
            ),
            Lang::Swedish => (
                "sv",
                "åäö",
                "och i att det som en på är av för med till den har de inte om ett han men var sig från",
            ),
            Lang::Danish => (
                "da",
                "æøå",
                "og i at det som en på er af for med til den har de ikke om et han men var sig fra der blev efter",
            ),
            Lang::Norwegian => (
                "no",
                "æøå",
                "og i at det som en på er av for med til den har de ikke om et han men var seg fra ble etter",
            ),
            Lang::Finnish => {
                ("fi", "äö", "ja on ei se että oli hän ovat kun myös mutta joka tai ole sen hänen mukaan jo")
            }
            Lang::Czech => {
                ("cs", "ěřůčšžýáí", "a v se na je že to z s do o i k za by pro jako ale po který jsou byl od")
            }
            Lang::Hungarian => (
                "hu",
                "őűáéöüó",
                "a az és hogy nem is egy volt meg de el csak már ez mint még van ki azt szerint",
            ),
            Lang::Indonesian => (
                "id",
                "",
                "yang dan di dengan untuk pada dari ini itu dalam tidak akan adalah oleh ke juga sebagai telah tersebut bisa mereka",
            ),
            Lang::Vietnamese => (
                "vi",
                "ạảấầậắặẻếềệịọốồộớờợụứừựơưđ",
                "và của là có cho được trong với không các những một người này đã khi",
            ),
            Lang::Swahili => ("sw", "", "ya wa na kwa ni katika la za cha kuwa hiyo huo baada alisema"),
            Lang::Russian => (
                "ru",
                "ыэъё",
                "и в не на что с он по к но из за от это как его для о а то у было так до был при также если уже или только чтобы еще ее их году об под этом после все мы она они",
            ),
            Lang::Ukrainian => (
                "uk",
                "іїєґ",
                "і в не на що з він по але із за від це як його для та до у був при також якщо вже або тільки про є які який було року після",
            ),
            Lang::Belarusian => (
                "be",
                "ўі",
                "і ў не на што з ён па але за ад гэта як яго для да у быў пры таксама калі або пра",
            ),
            Lang::Bulgarian => (
                "bg",
                "щъ",
                "и в на не да е се за от че са с по като ще това си към има този който след бе до",
            ),
            Lang::Serbian => ("sr", "јљњћђџ", "и у на је да се за од су са не који то као је би из о али ће"),
            Lang::Macedonian => ("mk", "ѓќѕјљњџ", "и на во да се од за не со е ги што како ќе го ја"),
            Lang::Kazakh => ("kk", "әғқңөұүһі", "және мен бұл бір үшін да де бойынша деп болып"),
            Lang::Kyrgyz => ("ky", "ңөү", "жана менен бул бир үчүн да деп боюнча болгон"),
            Lang::Tatar => ("tt", "әөүҗңһ", "һәм белән бу бер өчен да дә дип булып"),
            Lang::Tajik => ("tg", "ғӣқӯҳҷ", "ва дар аз ба ки бо барои ин ҳам аст"),
            Lang::Mongolian => ("mn", "өү", "нь энэ байна юм болон гэж байгаа улсын"),
        }
    }
}

/// A set of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Langs(u64);

impl Langs {
    /// Their indices.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let index = rest.trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            (index < Lang::COUNT).then_some(index)
        })
    }

    fn insert(&mut self, lang: Lang) {
        self.0 |= 1 << lang as u64;
    }
}

/// What a character says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    /// `None` for what is no letter.
    pub script: Option<Script>,
    /// A mark or joiner inside words.
    pub is_mark: bool,
    /// Lower case.
    pub lower: char,
    /// Languages that it speaks for.
    pub langs: Langs,
}

/// The tables, in the forms that look-ups need.
pub(super) struct Evidence {
    /// Characters below U+0800.
    letters: Vec<Letter>,
    others: FxHashMap<char, Langs>,
    words: FxHashMap<&'static str, Langs>,
}

static EVIDENCE: LazyLock<Evidence> = LazyLock::new(|| {
    let mut evidence =
        Evidence { letters: Vec::new(), others: FxHashMap::default(), words: FxHashMap::default() };
    for &lang in Lang::ALL {
        let (_, letters, words) = lang.row();
        letters.chars().for_each(|c| evidence.others.entry(c).or_default().insert(lang));
        words.split(' ').for_each(|word| evidence.words.entry(word).or_default().insert(lang));
    }
    evidence.letters = (0..0x800).filter_map(char::from_u32).map(|c| evidence.work_out(c)).collect();
    evidence
});

impl Evidence {
    pub fn get() -> &'static Self {
        &EVIDENCE
    }

    /// What `c` says, whatever its case.
    pub fn letter(&self, c: char) -> Letter {
        self.letters.get(c as usize).copied().unwrap_or_else(|| self.work_out(c))
    }

    /// Languages that a word in lower case is a function word of.
    pub fn word(&self, word: &str) -> Langs {
        self.words.get(word).copied().unwrap_or_default()
    }

    fn work_out(&self, c: char) -> Letter {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let langs = self.others.get(&lower).copied().unwrap_or_default();
        Letter { script: script(c), is_mark: is_mark(c), lower, langs }
    }
}

/// The script of a letter; `None` for everything else.
fn script(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '\u{0}'..='\u{7F}' => return None,
        _ if !c.is_alphabetic() || is_mark(c) => return None,
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{530}'..='\u{58F}' => Script::Armenian,
        '\u{590}'..='\u{5FF}' => Script::Hebrew,
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}' => Script::Arabic,
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' => Script::Arabic,
        '\u{900}'..='\u{97F}' => Script::Devanagari,
        '\u{980}'..='\u{9FF}' => Script::Bengali,
        '\u{B80}'..='\u{BFF}' => Script::Tamil,
        '\u{E00}'..='\u{E7F}' => Script::Thai,
        '\u{10A0}'..='\u{10FF}' => Script::Georgian,
        '\u{1200}'..='\u{139F}' => Script::Ethiopic,
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}' => Script::Hangul,
        '\u{3040}'..='\u{30FF}' => Script::Kana,
        '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3134F}' => Script::Han,
        _ => Script::Unknown,
    })
}

/// Marks and joiners inside words.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{300}'..='\u{36F}' | '\u{200C}'..='\u{200F}')
}
