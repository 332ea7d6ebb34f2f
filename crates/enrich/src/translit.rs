//! Arabic and Cyrillic to Latin letters by rule: an English name for what nobody has listed.
//!
//! Arabic leaves short vowels out, so this cannot be right in general: it writes an `a` between two
//! consonants that no language puts at the start of a word together, and says in the record
//! (`name_en_from`) that it is a transliteration.

/// The name in Latin letters, each word capitalised; what is in Latin letters already stays as it is, and so do digits:
/// `компания Ford`, `Евро-2020`. `None` when nothing of it can be written so.
pub fn to_latin(name: &str) -> Option<String> {
    let words: Vec<String> = name.split_whitespace().map(word).filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn word(word: &str) -> String {
    if word.contains('-') {
        return word.split('-').map(self::word).collect::<Vec<_>>().join("-");
    }
    if !word.chars().any(foreign) {
        // a word in Latin letters, a number; marks alone are nothing
        let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
        return inside.chars().map(|c| kept(c).unwrap_or(c)).collect();
    }
    // И.В.
    let initials = || word.split('.').all(|part| part.chars().nth(1).is_none());
    if word.contains('.') && initials() {
        return word.split('.').map(self::word).collect::<Vec<_>>().join(".");
    }
    match word {
        "بن" | "ابن" => return "bin".to_owned(),
        "بنت" => return "bint".to_owned(),
        "آل" => return "Al".to_owned(),
        "أبو" | "ابو" => return "Abu".to_owned(),
        "عبد" => return "Abd".to_owned(),
        "محمد" => return "Mohammed".to_owned(),
        _ => {}
    }
    if let Some(rest) = word.strip_prefix("ال").filter(|r| r.chars().count() >= 2) {
        return format!("Al-{}", capitalised(&letters(rest)));
    }
    if let Some(rest) = word.strip_prefix("عبدال").filter(|r| r.chars().count() >= 2) {
        return format!("Abdul{}", letters(rest));
    }
    capitalised(&letters(word))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn letters(word: &str) -> String {
    let chars: Vec<char> = word.chars().filter(|c| !('\u{64B}'..='\u{652}').contains(c)).collect();
    let mut out = String::new();
    let mut vowel_before = false;
    for (i, c) in chars.iter().enumerate() {
        let next = chars.get(i + 1).copied();
        let at_end = next.is_none();
        if let Some(kept) = kept(*c) {
            out.push(kept);
            vowel_before = "aeiouyAEIOUY".contains(kept);
            continue;
        }
        let (text, vowel) = sound(*c, i == 0, at_end, vowel_before, next);
        // Two consonants in a row at the start, or three anywhere, get a vowel between.
        let consonant = !vowel && !text.is_empty();
        if consonant && i == 1 && !vowel_before && arabic(*c) {
            out.push('a');
        }
        out.push_str(text);
        if !text.is_empty() {
            vowel_before = vowel;
        }
    }
    out
}

/// A letter of another script than Latin.
fn foreign(c: char) -> bool {
    c.is_alphabetic() && !latin(c)
}

fn latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// What stays as it is: a Latin letter, and a digit in the form that Latin script has.
fn kept(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '٠'..='٩' => char::from_digit(c as u32 - '٠' as u32, 10),
        '۰'..='۹' => char::from_digit(c as u32 - '۰' as u32, 10),
        _ => latin(c).then_some(c),
    }
}

/// Whether all letters of a name are Latin, and it has some.
pub(crate) fn is_latin(name: &str) -> bool {
    name.chars().any(latin) && !name.chars().any(foreign)
}

fn arabic(c: char) -> bool {
    ('\u{621}'..='\u{64A}').contains(&c)
}

fn vowel(c: Option<char>) -> bool {
    matches!(c, Some('ا' | 'ي' | 'و' | 'ى' | 'آ'))
}

/// Letters for one character, and whether they end in a vowel.
fn sound(c: char, first: bool, last: bool, after_vowel: bool, next: Option<char>) -> (&'static str, bool) {
    match c {
        'ا' | 'أ' | 'إ' if first => (if c == 'إ' { "i" } else { "a" }, true),
        'آ' | 'ا' | 'أ' | 'ى' => ("a", true),
        'إ' => ("i", true),
        'و' if first || after_vowel && !last || vowel(next) && after_vowel => ("w", false),
        'و' => (if vowel(next) { "w" } else { "u" }, !vowel(next)),
        'ي' if first => ("y", false),
        'ي' if vowel(next) && !after_vowel => ("iy", false),
        'ي' => (if after_vowel { "y" } else { "i" }, !after_vowel),
        'ة' | 'ه' if last => ("a", true),
        'ء' | 'ع' if first => ("a", true),
        'ء' | 'ع' | 'ئ' | 'ؤ' => (if after_vowel { "'" } else { "a" }, !after_vowel),
        _ => (consonant(c), "аеёиоуыэюя".contains(c) || "aeiouy".contains(c)),
    }
}

fn consonant(c: char) -> &'static str {
    match c {
        'ب' | 'پ' => "b",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' => "dh",
        'ر' => "r",
        'ز' | 'ظ' | 'ژ' => "z",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ڤ' => "v",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        _ => cyrillic(c.to_lowercase().next().unwrap_or(c)),
    }
}

fn cyrillic(c: char) -> &'static str {
    const LETTERS: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
        "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
    ];
    match c {
        'ё' => "yo",
        'а'..='я' => LETTERS.get(c as usize - 'а' as usize).copied().unwrap_or(""),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{is_latin, to_latin};

    #[test]
    fn names_read_like_names() {
        let latin = |name| to_latin(name).unwrap_or_default();
        assert_eq!(latin("يوسف بن أحمد العثيمين"), "Yusf bin Ahmd Al-Athimin");
        assert_eq!(latin("رمضان عبد اللطيبوف"), "Ramdan Abd Al-Latibuf");
        assert_eq!(latin("Захарова"), "Zakharova");
        assert_eq!(to_latin("«»"), None);
    }

    #[test]
    fn what_is_latin_stays() {
        let latin = |name| to_latin(name).unwrap_or_default();
        assert_eq!(latin("компания Ford"), "Kompaniya Ford");
        assert_eq!(latin("Кубок-2030"), "Kubok-2030");
        assert_eq!(latin("قناة ٢٤"), "Qanaa 24");
        assert_eq!(latin("И.В. Лунин"), "I.V. Lunin");
        assert_eq!(latin("Новый iPhone 5S"), "Novyy iPhone 5S");
        assert!(is_latin("Hélène Château-Roy") && !is_latin("канал RT") && !is_latin("24"));
    }
}
