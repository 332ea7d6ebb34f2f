//! People: the case of a known given name tells that of the surname, and an ending that one case alone has tells itself.

use super::{is_vowel, turned};
use crate::kb::Kb;
use crate::kb::word::Class;

/// The case of a name; those that no surname tells apart are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Nominative,
    /// Of men the accusative too; of women the dative, instrumental and prepositional.
    Genitive,
    Dative,
    /// Of women alone.
    Accusative,
    Instrumental,
    Prepositional,
}
use Case::{Accusative, Dative, Genitive, Instrumental, Nominative, Prepositional};

/// What a given name may have been: ending, that of the nominative, case of a man.
const GIVEN: [(&str, &str, Case); 24] = [
    ("а", "", Genitive),
    ("у", "", Dative),
    ("ом", "", Instrumental),
    ("е", "", Prepositional),
    ("я", "й", Genitive),
    ("ю", "й", Dative),
    ("ем", "й", Instrumental),
    ("е", "й", Prepositional),
    ("и", "й", Prepositional),
    ("я", "ь", Genitive),
    ("ю", "ь", Dative),
    ("ем", "ь", Instrumental),
    ("ла", "ел", Genitive),
    ("лу", "ел", Dative),
    ("лом", "ел", Instrumental),
    ("ьва", "ев", Genitive),
    ("ьву", "ев", Dative),
    ("ы", "а", Genitive),
    ("и", "а", Genitive),
    ("у", "а", Accusative),
    ("ой", "а", Instrumental),
    ("и", "я", Genitive),
    ("ю", "я", Accusative),
    ("ей", "я", Instrumental),
];
/// The dative of a name in а or я, and the names of women in a soft sign.
const GIVEN_MORE: [(&str, &str, Case); 4] =
    [("е", "а", Dative), ("е", "я", Dative), ("и", "ь", Genitive), ("ью", "ь", Instrumental)];
/// Names of men that end as those of women do.
const MEN: [&str; 12] = [
    "Никита",
    "Илья",
    "Кузьма",
    "Фома",
    "Лука",
    "Савва",
    "Данила",
    "Гаврила",
    "Фока",
    "Сила",
    "Мина",
    "Аникита",
];
/// Names of women that end as those of men do.
const WOMEN: [&str; 3] = ["Любовь", "Нинель", "Адель"];

/// The nominative of a person's name of two words or more.
pub(super) fn nominative(kb: &Kb, form: &str, forms: &[String]) -> Option<String> {
    let (given, rest) = form.split_once(' ')?;
    let mut found: Vec<String> = Vec::new();
    for (name, woman, case) in readings(kb, given) {
        let parts: Option<Vec<String>> = rest.split(' ').map(|part| family(part, woman, case)).collect();
        let whole = parts.map(|parts| format!("{name} {}", parts.join(" ")));
        found.extend(whole.filter(|whole| !found.contains(whole)));
    }
    if found.is_empty() && !rest.contains(' ') {
        return by_surname(given, rest);
    }
    if let [one] = found.as_slice() {
        return Some(one.clone());
    }
    // Александра Лунина is a woman, or a man in the genitive: another form may tell
    let last = |name: &str| name.rsplit(' ').next().unwrap_or("").to_owned();
    let told = |name: &String| last(name) != last(form) && forms.iter().any(|f| last(f) == last(name));
    found.into_iter().find(told)
}

/// What a given name may be: its nominative, whether a woman bears it, and its case here.
fn readings(kb: &Kb, word: &str) -> Vec<(String, bool, Case)> {
    let known = |name: &str| is_given_nominative(kb, name);
    let woman = |name: &str| name.ends_with(['а', 'я']) && !MEN.contains(&name) || WOMEN.contains(&name);
    let mut out = Vec::new();
    if known(word) {
        out.push((word.to_owned(), woman(word), Nominative));
    }
    for (end, nominative, case) in GIVEN.into_iter().chain(GIVEN_MORE) {
        let Some(name) = turned(word, &[(end, nominative)]).filter(|name| known(name)) else { continue };
        let case = match (woman(&name), case) {
            (true, Accusative) => Accusative,
            (true, _) => Genitive,
            (false, Accusative) => Genitive,
            (false, case) => case,
        };
        out.push((name.clone(), woman(&name), case));
    }
    out
}

/// Whether a word is a given name in the nominative. The knowledge base has all its cases, so another one tells that it is none
/// of them: of a name in а the instrumental, else the genitive.
fn is_given_nominative(kb: &Kb, name: &str) -> bool {
    let known = |word: &str| kb.word("", word).is_some_and(|w| w.classes.is(Class::Given));
    let folded = name.to_lowercase().replace('ё', "е");
    let other = |end: char, cases: &[&str]| {
        folded.strip_suffix(end).map(|stem| cases.iter().any(|case| known(&format!("{stem}{case}"))))
    };
    known(&folded)
        && other('а', &["ой", "ей"])
            .or_else(|| other('я', &["ей"]))
            .or_else(|| other('й', &["я"]))
            .or_else(|| other('ь', &["я", "и"]))
            .unwrap_or_else(|| folded.ends_with(|c: char| !is_vowel(c)) && known(&format!("{folded}а")))
}

/// The nominative of a surname or a patronymic in that case; `None` where it is in another, or several would do.
fn family(word: &str, woman: bool, case: Case) -> Option<String> {
    if let Some((first, last)) = word.split_once('-') {
        return Some(format!("{}-{}", family(first, woman, case)?, family(last, woman, case)?));
    }
    if woman { of_woman(word, case) } else { of_man(word, case) }
}

fn of_woman(word: &str, case: Case) -> Option<String> {
    let turned = |ends: &[(&str, &str)]| turned(word, ends);
    match case {
        Nominative => {
            let other =
                ["ого", "его", "ому", "ему", "овым", "евым", "иным", "ским", "овой", "евой", "ской", "цкой"];
            (!other.iter().any(|end| word.ends_with(end)) && !is_father(word)).then(|| word.to_owned())
        }
        Accusative => turned(&[("скую", "ская"), ("цкую", "цкая"), ("ую", "ая"), ("у", "а"), ("ю", "я")])
            .or_else(|| unchanged(word)),
        _ => turned(&[
            ("овой", "ова"),
            ("евой", "ева"),
            ("ёвой", "ёва"),
            ("иной", "ина"),
            ("ыной", "ына"),
            ("ской", "ская"),
            ("цкой", "цкая"),
            ("овны", "овна"),
            ("овне", "овна"),
            ("овной", "овна"),
            ("евны", "евна"),
            ("евне", "евна"),
            ("евной", "евна"),
            ("ы", "а"),
        ])
        .or_else(|| unchanged(word).filter(|_| !word.ends_with(['й', 'е', 'у', 'ю']))),
    }
}

fn of_man(word: &str, case: Case) -> Option<String> {
    let turned = |ends: &[(&str, &str)]| turned(word, ends);
    // Глинки is of Глинка, or is it of Росси's kind?
    let either = ["ки", "ги", "хи", "жи", "ши", "чи"].iter().any(|end| word.ends_with(end));
    let stays = || unchanged(word).filter(|_| word.ends_with(['о', 'и', 'э', 'х']) && !either);
    match case {
        Nominative => {
            let other = ["ого", "его", "ому", "ему", "ова", "ева", "ина", "ской", "овым", "евым", "овой"];
            let bare =
                word.ends_with(|c: char| !is_vowel(c)) || word.ends_with(['о', 'и', 'у', 'е', 'э', 'ю']);
            (bare && !other.iter().any(|end| word.ends_with(end))).then(|| word.to_owned())
        }
        Genitive => turned(&[
            ("ского", "ский"),
            ("цкого", "цкий"),
            ("кого", "кий"),
            ("него", "ний"),
            ("ии", "ия"),
            ("ы", "а"),
        ])
        .or_else(|| bare(word, "а", "я"))
        .or_else(stays),
        Dative => {
            turned(&[("скому", "ский"), ("цкому", "цкий"), ("кому", "кий"), ("нему", "ний"), ("ии", "ия")])
                .or_else(|| bare(word, "у", "ю"))
                .or_else(stays)
        }
        Instrumental => turned(&[
            ("ским", "ский"),
            ("цким", "цкий"),
            ("ким", "кий"),
            ("ним", "ний"),
            ("овым", "ов"),
            ("евым", "ев"),
            ("ёвым", "ёв"),
            ("иным", "ин"),
            ("ыным", "ын"),
            ("ой", "а"),
        ])
        .or_else(|| bare(word, "ом", "ем"))
        .or_else(stays),
        Prepositional => turned(&[
            ("ском", "ский"),
            ("цком", "цкий"),
            ("ове", "ов"),
            ("еве", "ев"),
            ("ине", "ин"),
            ("иче", "ич"),
        ])
        .or_else(stays),
        Accusative => None,
    }
}

/// A man's surname in a consonant: without the hard ending `hard`, or with the soft one turned into ь or й.
fn bare(word: &str, hard: &str, soft: &str) -> Option<String> {
    let end = |stem: &str| stem.chars().next_back();
    if let Some(stem) = word.strip_suffix(soft) {
        let last = end(stem)?;
        let hiss = "жшчщц".contains(last);
        return match last {
            // Данелия stays, Георгия does not
            'и' => None,
            _ if soft == "ем" && hiss => closed(stem),
            _ if is_vowel(last) => Some(format!("{stem}й")),
            'ь' => None,
            _ => Some(format!("{stem}ь")),
        };
    }
    word.strip_suffix(hard).and_then(closed)
}

/// A stem that may end a word: the vowel that comes and goes before the last consonant is not known (Кравца, Орла).
fn closed(stem: &str) -> Option<String> {
    let mut back = stem.chars().rev();
    let (last, before) = (back.next()?, back.next()?);
    let plain = !is_vowel(last) && !matches!(last, 'ь' | 'й' | 'ъ');
    let fleeting = !is_vowel(before)
        && (last == 'ц' || last == 'л' && before != 'л' || last == 'к' && matches!(before, 'ь' | 'й'));
    (plain && !fleeting && stem.chars().count() > 1).then(|| stem.to_owned())
}

/// A surname that no case changes: Короленко, Росси, Черных, of a woman Штерн.
fn unchanged(word: &str) -> Option<String> {
    (!word.ends_with(['а', 'я', 'ы'])).then(|| word.to_owned())
}

/// Whether a name of two words ends with the father's name.
pub(super) fn ends_with_patronymic(form: &str) -> bool {
    let second = form.split_once(' ').map_or("", |(_, second)| second);
    let stem = second.trim_end_matches(['а', 'у', 'е', 'ы', 'о', 'й', 'м']);
    ["вич", "вн", "ичн"].iter().any(|end| stem.ends_with(end))
}

fn is_father(word: &str) -> bool {
    ["вича", "вичу", "вичем", "виче"].iter().any(|end| word.ends_with(end))
}

/// A name whose surname has an ending of one case alone, whoever bears the given name: `Томаса Лужинского`, `Илоном Бергом`,
/// `А. Б. Луниным`.
fn by_surname(given: &str, surname: &str) -> Option<String> {
    let initial = given.ends_with('.');
    let of = |case: Case| -> Option<String> {
        let name = family(surname, false, case)?;
        let stays = initial || given.ends_with(['о', 'и', 'у', 'э']);
        let first = match case {
            _ if stays => Some(given.to_owned()),
            Genitive => bare(given, "а", "я"),
            Dative => bare(given, "у", "ю"),
            _ => bare(given, "ом", "ем"),
        };
        Some(format!("{} {name}", first?))
    };
    let ends = |ends: &[&str]| ends.iter().any(|end| surname.ends_with(end));
    if ends(&["ского", "цкого", "ича"]) {
        return of(Genitive);
    }
    if ends(&["скому", "цкому", "ичу"]) {
        return of(Dative);
    }
    let both = given.ends_with("ом") && ends(&["ом", "ем"]);
    if both
        || ends(&["ским", "цким", "овым", "евым", "иным"]) && (initial || given.ends_with(['м', 'о', 'и']))
    {
        return of(Instrumental);
    }
    // Мадины Луниной: a woman
    let woman = ends(&["овой", "евой", "иной", "ской", "цкой"]).then(|| of_woman(surname, Genitive))??;
    let first = if initial {
        given.to_owned()
    } else {
        turned(
            given,
            &[
                ("ии", "ия"),
                ("ьи", "ья"),
                ("ки", "ка"),
                ("ги", "га"),
                ("ши", "ша"),
                ("жи", "жа"),
                ("ы", "а"),
                ("ой", "а"),
            ],
        )?
    };
    Some(format!("{first} {woman}"))
}
