//! Arabic and Cyrillic to Latin letters by rule: an English name for what nobody has listed.
//!
//! Arabic leaves short vowels out, so this cannot be right in general: it writes an `a` between two
//! consonants that no language puts at the start of a word together, and says in the record
//! (`name_en_from`) that it is a transliteration.

/// The name in Latin letters, each word capitalised; `None` when nothing of it can be written so.
pub fn to_latin(name: &str) -> Option<String> {
    let words: Vec<String> = name.split_whitespace().map(word).filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn word(word: &str) -> String {
    if word.contains('-') {
        return word.split('-').map(self::word).collect::<Vec<_>>().join("-");
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
    use super::to_latin;

    #[test]
    fn names_read_like_names() {
        let latin = |name| to_latin(name).unwrap_or_default();
        assert_eq!(latin("يوسف بن أحمد العثيمين"), "Yusf bin Ahmd Al-Athimin");
        assert_eq!(latin("رمضان عبد اللطيبوف"), "Ramdan Abd Al-Latibuf");
        assert_eq!(latin("Захарова"), "Zakharova");
        assert_eq!(to_latin("«»"), None);
    }
}
