//! Organisations, places and events: the noun at the head and the adjectives before it; what stands behind it keeps its case.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{is_vowel, turned};
use crate::enriched::EntityType;

/// What adjectives agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Feminine,
    Neuter,
}
use Gender::{Feminine, Masculine, Neuter};

/// Nouns that names of organisations, places and events have at their head.
const MASCULINE: &str = "институт университет комитет совет фонд банк центр союз департамент суд парламент клуб завод театр отдел штаб комбинат \
    концерн холдинг альянс чемпионат турнир форум конгресс округ район город остров полуостров проспект вокзал аэропорт порт мост парк храм собор \
    стадион телеканал канал портал сайт журнал проект отряд батальон полк флот лицей колледж техникум диспансер исполком сенат синод кабинет \
    профсоюз фестиваль госпиталь монастырь университет музей край секретариат пансионат институт пляж бульвар переулок посёлок поселок кубок \
    дворец";
const FEMININE: &str = "партия компания корпорация организация федерация ассоциация академия прокуратура полиция служба пресс-служба палата дума рада \
    администрация комиссия коллегия канцелярия больница поликлиника школа библиотека газета группа лига команда мэрия инспекция область республика \
    улица площадь река станция церковь лаборатория фракция коалиция гимназия филармония конференция премия армия бригада дивизия система \
    олимпиада универсиада сборная набережная";
const NEUTER: &str = "министерство ведомство правительство агентство управление отделение учреждение предприятие объединение движение общество \
    посольство консульство издательство сообщество братство товарищество собрание бюро шоссе море озеро представительство училище";
/// Stems of adjectives that are stressed on the ending: городской.
const STRESSED: &str = "городск морск заводск донск тверск людск краев областн окружн миров правов полев больш золот лесн речн страхов молод \
    берегов делов игров трудов цветн запасн степн свят земельн сенн прибрежн";

/// Heads behind which the name itself is declined.
const APPOSED: [&str; 8] =
    ["город", "река", "поселок", "посёлок", "остров", "станция", "республика", "район"];

/// The nominative of every form of a head, and its gender.
static HEADS: LazyLock<FxHashMap<String, (&'static str, Gender)>> = LazyLock::new(|| {
    let mut heads = FxHashMap::default();
    for (words, gender) in [(MASCULINE, Masculine), (FEMININE, Feminine), (NEUTER, Neuter)] {
        for word in words.split_whitespace() {
            for form in cases(word, gender) {
                heads.entry(form).or_insert((word, gender));
            }
        }
    }
    heads
});

/// The singular of a noun, nominative first.
fn cases(word: &str, gender: Gender) -> Vec<String> {
    let with = |stem: &str, ends: &[&str]| ends.iter().map(|end| format!("{stem}{end}")).collect();
    let rest = |end: &str| word.strip_suffix(end);
    match gender {
        Masculine => match (rest("ок"), rest("ец"), rest("й"), rest("ь")) {
            (Some(stem), ..) => with(stem, &["ок", "ка", "ку", "ком", "ке"]),
            (_, Some(stem), ..) => with(stem, &["ец", "ца", "цу", "цом", "це"]),
            (.., Some(stem), _) => with(stem, &["й", "я", "ю", "ем", "е"]),
            (.., Some(stem)) => with(stem, &["ь", "я", "ю", "ем", "е"]),
            _ => with(word, &["", "а", "у", "ом", "ем", "е"]),
        },
        Feminine => match (rest("ия"), rest("ая"), rest("ь"), rest("а"), rest("я")) {
            (Some(stem), ..) => with(stem, &["ия", "ии", "ию", "ией"]),
            (_, Some(stem), ..) => with(stem, &["ая", "ой", "ую"]),
            (.., Some(stem), _, _) if word == "церковь" => {
                with(stem, &["ь", "ью"]).into_iter().chain(with("церкв", &["и"])).collect()
            }
            (.., Some(stem), _, _) => with(stem, &["ь", "и", "ью"]),
            (.., Some(stem), _) => with(stem, &["а", "ы", "и", "е", "у", "ой", "ей"]),
            (.., Some(stem)) => with(stem, &["я", "и", "е", "ю", "ей"]),
            _ => vec![word.to_owned()],
        },
        Neuter => match (rest("ие"), rest("о").or(rest("е"))) {
            _ if matches!(word, "бюро" | "шоссе") => vec![word.to_owned()],
            (Some(stem), _) => with(stem, &["ие", "ия", "ию", "ием", "ии"]),
            (_, Some(stem)) => {
                let mut all = vec![word.to_owned()];
                all.extend(with(stem, &["а", "у", "ом", "е", "я", "ю", "ем"]) as Vec<String>);
                all
            }
            _ => vec![word.to_owned()],
        },
    }
}

/// The nominative of a name whose head is known, or whose one word ends as one case alone does.
pub(super) fn nominative(kind: EntityType, form: &str) -> Option<String> {
    let words: Vec<&str> = form.split(' ').collect();
    let head = |word: &str| HEADS.get(&word.to_lowercase()).copied();
    let Some((at, (noun, gender))) =
        words.iter().take(5).enumerate().find_map(|(i, word)| Some((i, head(word)?)))
    else {
        return alone(kind, form).filter(|name| name != form);
    };
    let written = words.get(at)?;
    let same = written.to_lowercase() == noun;
    let next = words.get(at + 1).copied().unwrap_or("");
    let settled = next.ends_with(|c: char| !is_vowel(c) || c == 'о');
    // a name in apposition has a case too (реки Лады, улице Луговой), a coordination has two heads
    let doubtful = APPOSED.contains(&noun) && !next.is_empty() && !settled
        || matches!(noun, "улица" | "площадь" | "набережная") && next.ends_with('й')
        || next == "и";
    if doubtful && !same {
        return None;
    }
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words.get(..at)? {
        out.push(adjective(word, gender, same)?);
    }
    out.push(like(noun, written));
    out.extend(words.get(at + 1..)?.iter().map(|&word| word.to_owned()));
    Some(out.join(" ")).filter(|name| name != form)
}

/// `noun` with the capitals of `written`.
fn like(noun: &str, written: &str) -> String {
    let mut capitals = written.chars().map(char::is_uppercase);
    match (capitals.next(), capitals.next()) {
        (Some(true), Some(true)) => noun.to_uppercase(),
        (Some(true), _) => {
            let mut chars = noun.chars();
            chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
        _ => noun.to_owned(),
    }
}

/// The nominative of an adjective before a noun of `gender`, which stands in the nominative itself when `same`.
fn adjective(word: &str, gender: Gender, same: bool) -> Option<String> {
    // VI, 2-й
    if word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | '0'..='9' | '-' | 'й' | 'я' | 'м')) {
        return Some(word.to_owned());
    }
    let nominative: &[&str] = match gender {
        Masculine => &["ый", "ий", "ой"],
        Feminine => &["ая", "яя"],
        Neuter => &["ое", "ее"],
    };
    if same {
        return nominative.iter().any(|end| word.ends_with(end)).then(|| word.to_owned());
    }
    if gender == Feminine {
        let hiss = turned(word, &[("шей", "шая"), ("щей", "щая"), ("жей", "жая"), ("чей", "чая")]);
        return hiss.or_else(|| turned(word, &[("ой", "ая"), ("ую", "ая"), ("ней", "няя"), ("нюю", "няя")]));
    }
    let (stem, soft) =
        [("ого", false), ("ому", false), ("ым", false), ("ом", false), ("его", true), ("ему", true)]
            .into_iter()
            .chain([("им", true), ("ем", true)])
            .find_map(|(end, soft)| Some((word.strip_suffix(end)?, soft)))?;
    let last = stem.chars().next_back()?;
    let low = stem.to_lowercase();
    let part = low.rsplit('-').next().unwrap_or("");
    let stressed = STRESSED.split_whitespace().any(|s| s == part) || !soft && "жшчщ".contains(last);
    let velar = "гкх".contains(last);
    let end = match (gender, stressed, velar, soft) {
        (Neuter, true, ..) | (Neuter, _, true, _) | (Neuter, _, _, false) => "ое",
        (Neuter, ..) => "ее",
        (_, true, ..) => "ой",
        (_, _, true, _) | (.., true) => "ий",
        _ => "ый",
    };
    (stem.chars().count() > 2).then(|| format!("{stem}{end}"))
}

/// One word whose ending tells its case: `Охотске`, `Калининграда`, `Абхазии`; `Минфина`, `Росстатом`.
fn alone(kind: EntityType, form: &str) -> Option<String> {
    if form.contains(' ') {
        return None;
    }
    // Николаевске-на-Амуре
    if let Some((town, river)) = form.split_once("-на-") {
        return Some(format!("{}-на-{river}", alone(kind, town)?));
    }
    match kind {
        EntityType::Loc => town(form),
        EntityType::Org => office(form),
        _ => None,
    }
}

fn town(form: &str) -> Option<String> {
    let of_ending = |end: &str| {
        ["а", "у", "е"].iter().find_map(|case| {
            let stem = form.strip_suffix(case)?;
            let before = stem.strip_suffix(end)?.chars().next_back()?;
            // Небраска is no case of a town in ск
            let plain = *case != "а" || end != "ск" || !is_vowel(before);
            (plain && stem.chars().count() > end.chars().count() + 1).then(|| stem.to_owned())
        })
    };
    let found = ["ск", "цк", "град", "бург"].into_iter().find_map(of_ending);
    found.or_else(|| turned(form, &[("градом", "град"), ("бургом", "бург"), ("ии", "ия"), ("ией", "ия")]))
}

/// An office of the state in one word: what its last part is declined like.
fn office(form: &str) -> Option<String> {
    let ministry = form.starts_with("Мин");
    if !ministry && !form.starts_with("Рос") {
        return None;
    }
    let ends = [("ства", "ство"), ("ству", "ство"), ("ством", "ство"), ("стве", "ство"), ("строя", "строй")];
    if let Some(name) =
        turned(form, &ends).or_else(|| turned(form, &[("строю", "строй"), ("строем", "строй")]))
    {
        return Some(name);
    }
    if !ministry && let Some(name) = turned(form, &[("ии", "ия"), ("ией", "ия")]) {
        return Some(name);
    }
    // Ростелеком is no case of anything
    let hard: &[&str] = if ministry { &["ом", "а", "у", "е"] } else { &["а", "у", "е"] };
    let stem = hard.iter().find_map(|end| form.strip_suffix(end))?;
    let closed = stem.ends_with(|c: char| !is_vowel(c) && !matches!(c, 'ь' | 'й' | 'ц'));
    (closed && stem.chars().count() > 5).then(|| stem.to_owned())
}
