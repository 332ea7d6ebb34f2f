//! What belongs to a counted noun behind it: `رجال أمن`, `طالب وطالبة`, `رأسا نوويا`, `عبوتين ناسفتين`.

use super::Finder;
use super::nouns::without_dots;
use super::pairs::{is_pair, same_letters};
use super::units::UnitWord;
use crate::doc::TokenKind;
use crate::enriched::Unit;
use crate::times::lexicon::TimeWord;

/// Stems of the adjectives of nations and regions: who somebody is, not what kind of thing is counted.
const NATIONS: &str = "سعود مصر سور لبنان أردن عراق كويت قطر إمارات بحرين عمان يمن ليب تونس جزائر مغرب موريتان سودان صومال فلسطين \
    إسرائيل تركي ترك إيران أميرك أمريك كند مكسيك برازيل أرجنتين بريطان فرنس ألمان إيطال إسبان برتغال هولند بلجيك سويسر سويد نرويج \
    دنمارك روس أوكران بولند يونان صين يابان كور هند باكستان أفغان إندونيس ماليز أسترال نيجير إثيوب كين أوروب عرب إفريق أفريق آسيو \
    أجنب محل غرب شرق خليج دول عالم إسلام مسيح كرد";

/// Adjectives in ي and ية that judge or place and do not name a kind.
const OTHERS: &str = "رئيسية رئيسي أساسية أساسيا إضافية إضافيا إضافي سنوية يومية شهرية أسبوعية متتالية متتاليا متوالية أخرى حالية \
    ماضية نهائية نهائيا رسمية رسميا رسمي حقيقية قوية علنية تقريبا حاليا سنويا يوميا شهريا أسبوعيا يدويا جوا بريا مجانيا تلقائيا \
    قضائيا ماليا عالميا محليا دوليا وطنيا شخصيا هاتفيا تاريخيا تاريخية بمنتهى";

impl Finder<'_> {
    /// The token behind the counted noun at token `at` with what belongs to it.
    pub(super) fn longer(&self, at: usize) -> usize {
        let words = self.words();
        if !self.same(at + 1) || words.kind(at) != TokenKind::Arabic {
            return at + 1;
        }
        let (noun, next) = (words.word(at), words.word(at + 1));
        // ركلتي جزاء is a pair as ركلة جزاء is
        let stem = self.stem(at);
        let one = stem.strip_suffix("تي").filter(|one| one.chars().count() > 2).map(|one| format!("{one}ة"));
        if is_pair(stem, next) || one.is_some_and(|one| is_pair(&one, next)) {
            return at + 2;
        }
        let Some(other) = next.strip_prefix('و') else { return self.of_kind(at) };
        // طالب وطالبة, طالبا وطالبة
        let feminine = other
            .strip_suffix('ة')
            .is_some_and(|stem| stem == noun || noun.strip_suffix('ا').is_some_and(|noun| noun == stem));
        // شركات ومؤسسات
        let plurals =
            noun.ends_with("ات") && other.ends_with("ات") && self.facts.unit(at + 1) != UnitWord::Stop;
        // قائدة ووكيلة
        let known = |t: usize| matches!(self.facts.unit(t), UnitWord::Noun(Unit::Person, false));
        let women = noun.ends_with('ة') && other.ends_with('ة') && known(at) && known(at + 1);
        // مهاجرين ولاجئين: plurals of people
        let people = |word: &str| word.ends_with("ين") && super::people::is_person(word, 3.0, 0);
        let women = women || people(noun) && people(other) && self.facts.unit(at + 1) != UnitWord::Stop;
        let both = accusative(noun) && accusative(other) && self.facts.unit(at + 1) != UnitWord::Stop;
        if both || feminine || women || plurals {
            self.of_kind(at + 1)
        } else if self.proclitic(at + 1) == 0 {
            // وزارية begins with a letter of its own
            self.of_kind(at)
        } else {
            at + 1
        }
    }

    /// The token behind the noun at token `at` and the adjective that says what kind of thing it is.
    fn of_kind(&self, at: usize) -> usize {
        let t = at + 1;
        if !self.same(t) || self.words().kind(t) != TokenKind::Arabic {
            return t;
        }
        let (noun, word) = (self.words().word(at), self.words().word(t));
        let known = self.facts.hit(t).is_some_and(|hit| {
            hit.value.time != TimeWord::None || !matches!(hit.value.unit, UnitWord::None | UnitWord::Noun(..))
        });
        let mut stem =
            ["ية", "يا", "ي"].iter().find_map(|end| word.strip_suffix(end).map(|stem| (stem, *end)));
        if without_dots(word) {
            stem = word.strip_suffix('ى').map(|stem| (stem, "ي"));
        }
        let Some((stem, end)) = stem.filter(|(stem, _)| stem.chars().count() >= 2) else { return t };
        // the adjective follows its noun: accusative behind accusative, feminine behind feminine or a plural
        let agrees = match end {
            "يا" => accusative(noun),
            "ي" => !noun.ends_with(['ا', 'ة']),
            _ => !accusative(noun),
        };
        let listed = |list: &str, word: &str| list.split_whitespace().any(|other| same_letters(other, word));
        // محطات لتنقية: no adjective begins so
        let plain =
            !known && agrees && self.proclitic(t) == 0 && !word.starts_with("ال") && !word.starts_with("لت");
        t + usize::from(plain && !listed(NATIONS, stem) && !listed(OTHERS, word))
    }

    /// The token behind the dual noun at token `at` and the dual adjectives behind it: سفارتين جديدتين.
    pub(super) fn two_of_kind(&self, at: usize) -> usize {
        let words = self.words();
        let end = |t: usize| {
            let word = words.word(t);
            ["ين", "ان"].iter().any(|end| word.ends_with(end)) && word.chars().count() > 4
        };
        let t = at + 1;
        let fits = self.same(t)
            && words.kind(t) == TokenKind::Arabic
            && end(at)
            && end(t)
            // both of one case, and no verb: رجلان يحملان
            && words.word(at).ends_with("ان") == words.word(t).ends_with("ان")
            && !(words.word(t).starts_with(['ي', 'ت']) && words.word(t).ends_with("ان"))
            && words.word(at).ends_with("تين") == words.word(t).ends_with("تين")
            && words.word(at).ends_with("تان") == words.word(t).ends_with("تان")
            && !words.word(t).starts_with("ال")
            && self.facts.hit(t).is_none_or(|hit| {
                hit.lead == 0 && matches!(hit.value.time, TimeWord::None) && hit.value.unit != UnitWord::Stop
            })
            && self.proclitic(t) == 0;
        t + usize::from(fits)
    }

    /// Whether a dual at token `i` is no adjective or predicate of another word before it: شركتين كبيرتين, هما مختلفان.
    fn heads(&self, i: usize) -> bool {
        if i == 0 || !self.same(i) {
            return true;
        }
        let before = self.words().word(i - 1);
        let two =
            ["ين", "ان", "تا", "تي"].iter().any(|end| before.ends_with(end)) && before.chars().count() > 3;
        let and =
            self.facts.hit(i).is_some_and(|hit| hit.clitic.and) || self.words().word(i).starts_with('و');
        let copula =
            matches!(before, "هما" | "نحن" | "غير" | "وهما" | "ليسا" | "كانا" | "أنهما" | "إنهما" | "لأنهما");
        // a participle behind a known noun is its predicate: القسوة والتعذيب متبعان, قدماه مقيدتان
        let known = super::behind::with_article(before) || before.ends_with("اه") || before.ends_with("اها");
        let participle = known && !and && self.words().word(i).starts_with('م');
        !(two && !and || copula || participle)
    }

    /// Whether a feminine dual that no list holds stands at token `i`: one with an adjective of the same ending behind it
    /// is nothing else, غزالتين محنطتين.
    pub(super) fn two_and_two(&self, i: usize) -> bool {
        if !self.heads(i) {
            return false;
        }
        let word = self.words().word(i);
        // مراهقان فلسطينيان
        let t = i + 1;
        let people = word.ends_with("ان")
            && !word.starts_with(['ي', 'ت', 'أ', 'إ', 'ا'])
            && self.same(t)
            && self.words().word(t).ends_with("ان")
            && self.proclitic(i) == 0
            && matches!(self.facts.unit(t), UnitWord::Noun(Unit::Person, true));
        if people && word.chars().count() > 5 && self.facts.hit(i).is_none() {
            return true;
        }
        let dual = ["تين", "تان"].iter().any(|end| word.ends_with(end)) && word.chars().count() > 4;
        dual && self.facts.hit(i).is_none() && self.two_of_kind(i) > i + 1
    }

    /// Proclitic bytes of token `t`, as the document has them.
    pub(super) fn proclitic(&self, t: usize) -> usize {
        self.words().doc.tokens.get(t).map_or(0, |token| usize::from(token.proclitic))
    }
}

/// Whether a word is the adjective of a nation: تايلاندي is none that is listed, كويتية is.
pub(super) fn of_nation(word: &str) -> bool {
    let stem = ["ية", "يا", "ي"].iter().find_map(|end| word.strip_suffix(end));
    stem.is_some_and(|stem| NATIONS.split_whitespace().any(|nation| same_letters(nation, stem)))
}

/// Whether a noun ends as an accusative does: طالبا.
fn accusative(word: &str) -> bool {
    word.chars().count() > 3 && word.ends_with('ا') && !word.ends_with("وا") && !word.ends_with("ها")
}
