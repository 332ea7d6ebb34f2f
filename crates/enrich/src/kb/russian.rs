//! Regular declension of Russian names: enough to find `Москве`, `Саудовской Аравией`, `Путина`.
//!
//! Forms that do not exist do no harm (no text has them), so a doubtful ending gets every paradigm
//! that it could have.

/// All case forms of a name, the nominative first, each once.
///
/// In a person's name every word is declined; elsewhere the adjectives before the first noun and
/// that noun (`Организация Объединённых Наций` keeps its last words).
pub fn decline(name: &str, person: bool) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let head = words.iter().position(|w| adjective(w).is_none()).unwrap_or(words.len() - 1);
    let declined: Vec<Vec<[String; 6]>> = words
        .iter()
        .enumerate()
        .map(|(i, w)| if person || i <= head { word(w, words.len() > 1) } else { vec![same(w)] })
        .collect();
    let mut forms = vec![name.to_owned()];
    for case in 0..6 {
        let mut partial = vec![String::new()];
        for variants in &declined {
            partial = partial
                .iter()
                .flat_map(|p| {
                    variants
                        .iter()
                        .map(move |v| if p.is_empty() { v[case].clone() } else { format!("{p} {}", v[case]) })
                })
                .collect();
            partial.sort();
            partial.dedup();
        }
        for form in partial {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// What the cases of a name have in common, in lower case: `садыков` of `Садыкова`, `мар` of `Мария`. Endings that many
/// names have are cut, so that other names may share it; what is left has three letters at least.
pub fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 21] = [
        "ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ою", "ею", "ых", "их", "ым", "им", "ом",
        "ем", "ам", "ям", "ах", "ях", "й",
    ];
    let long = |rest: &str| rest.chars().nth(2).is_some();
    let cut = ENDINGS.iter().find_map(|end| word.strip_suffix(end)).filter(|rest| long(rest));
    let mut rest = cut.unwrap_or(word);
    for _ in 0..2 {
        let Some(shorter) =
            rest.strip_suffix(['а', 'е', 'и', 'о', 'у', 'ы', 'ь', 'ю', 'я']).filter(|rest| long(rest))
        else {
            break;
        };
        rest = shorter;
    }
    rest
}

fn same(word: &str) -> [String; 6] {
    std::array::from_fn(|_| word.to_owned())
}

/// The paradigms that a word could follow: nominative, genitive, dative, accusative, instrumental, prepositional.
fn word(word: &str, in_phrase: bool) -> Vec<[String; 6]> {
    // Of a hyphenated word the last part is declined: Нью-Йорка.
    if let Some((first, last)) = word.rsplit_once('-') {
        return self::word(last, in_phrase).into_iter().map(|p| p.map(|f| format!("{first}-{f}"))).collect();
    }
    if in_phrase && let Some((stem, endings)) = adjective(word) {
        return vec![paradigm(word, stem, endings)];
    }
    let Some(last) = word.chars().last() else { return vec![same(word)] };
    let stem = &word[..word.len() - last.len_utf8()];
    let before = stem.chars().last().unwrap_or(' ');
    let soft = "гкхжшчщ".contains(before);
    let sibilant = "жшчщц".contains(before);
    match last {
        'а' => vec![
            paradigm(
                word,
                stem,
                [if soft { "и" } else { "ы" }, "е", "у", if sibilant { "ей" } else { "ой" }, "е"],
            ),
            // Feminine surnames: Захарова, Захаровой
            paradigm(word, stem, ["ой", "ой", "у", "ой", "ой"]),
        ],
        'я' if before == 'и' => vec![paradigm(word, stem, ["и", "и", "ю", "ей", "и"])],
        'я' => vec![paradigm(word, stem, ["и", "е", "ю", "ей", "е"])],
        'ь' => vec![
            paradigm(word, stem, ["я", "ю", "ь", "ем", "е"]),
            paradigm(word, stem, ["я", "ю", "я", "ем", "е"]),
            paradigm(word, stem, ["и", "и", "ь", "ью", "и"]),
        ],
        'й' if before == 'и' && !in_phrase => {
            vec![paradigm(word, stem, ["я", "ю", "я", "ем", "и"]), adjectival(word)]
        }
        'й' => vec![
            paradigm(word, stem, ["я", "ю", "я", "ем", "е"]),
            paradigm(word, stem, ["я", "ю", "й", "ем", "е"]),
        ],
        'ы' | 'и' if word.chars().count() > 4 => vec![
            same(word),
            paradigm(word, stem, ["ов", "ам", "ы", "ами", "ах"]),
            paradigm(word, stem, ["", "ам", "ы", "ами", "ах"]),
        ],
        c if "бвгдзклмнпрстфхжшчщц".contains(c) => {
            let hiss = "жшчщц".contains(c);
            let mut all = vec![
                paradigm(word, word, ["а", "у", "", if hiss { "ем" } else { "ом" }, "е"]),
                paradigm(word, word, ["а", "у", "а", if hiss { "ем" } else { "ом" }, "е"]),
            ];
            if ["ов", "ев", "ёв", "ин", "ын"].iter().any(|e| word.ends_with(e)) {
                all.push(paradigm(word, word, ["а", "у", "а", "ым", "е"]));
            }
            all
        }
        _ => vec![same(word)],
    }
}

fn adjectival(word: &str) -> [String; 6] {
    adjective(word).map_or_else(|| same(word), |(stem, endings)| paradigm(word, stem, endings))
}

/// Stem and endings of a word that looks like an adjective in the nominative.
fn adjective(word: &str) -> Option<(&str, [&'static str; 5])> {
    let table: [(&str, [&'static str; 5]); 10] = [
        ("кий", ["кого", "кому", "кий", "ким", "ком"]),
        ("гий", ["гого", "гому", "гий", "гим", "гом"]),
        ("ний", ["него", "нему", "ний", "ним", "нем"]),
        ("ый", ["ого", "ому", "ый", "ым", "ом"]),
        ("ой", ["ого", "ому", "ой", "ым", "ом"]),
        ("ая", ["ой", "ой", "ую", "ой", "ой"]),
        ("яя", ["ей", "ей", "юю", "ей", "ей"]),
        ("ое", ["ого", "ому", "ое", "ым", "ом"]),
        ("ые", ["ых", "ым", "ые", "ыми", "ых"]),
        ("ие", ["их", "им", "ие", "ими", "их"]),
    ];
    table.iter().find_map(|(end, endings)| {
        let stem = word.strip_suffix(end)?;
        (stem.chars().count() >= 2).then_some((stem, *endings))
    })
}

fn paradigm(word: &str, stem: &str, [gen_, dat, acc, ins, pre]: [&str; 5]) -> [String; 6] {
    let form = |e: &str| format!("{stem}{e}");
    [word.to_owned(), form(gen_), form(dat), form(acc), form(ins), form(pre)]
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn the_cases_of_a_name_have_one_stem() {
        for cases in [
            "садыков садыкова садыкову садыковым садыкове",
            "сергей сергея сергею сергеем",
            "мария марии марию марией",
            "лавровский лавровского лавровским",
            "казань казани казанью",
            "соколова соколовой соколову",
        ] {
            let stems: Vec<&str> = cases.split(' ').map(stem).collect();
            assert!(stems.iter().all(|other| *other == stems[0]), "{stems:?}");
        }
        assert_eq!(stem("ли"), "ли");
        assert_eq!(stem(""), "");
    }
}
