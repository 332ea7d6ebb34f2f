//! Language codes as inputs write them, to ISO 639-1.

/// Three-letter codes (both sets of ISO 639-2) of languages that have a two-letter one.
const THREE: &[(&str, &str)] = &[
    ("afr", "af"),
    ("alb", "sq"),
    ("sqi", "sq"),
    ("amh", "am"),
    ("ara", "ar"),
    ("arm", "hy"),
    ("hye", "hy"),
    ("aze", "az"),
    ("baq", "eu"),
    ("eus", "eu"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bos", "bs"),
    ("bul", "bg"),
    ("bur", "my"),
    ("mya", "my"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("chi", "zh"),
    ("zho", "zh"),
    ("cym", "cy"),
    ("wel", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ger", "de"),
    ("dut", "nl"),
    ("nld", "nl"),
    ("ell", "el"),
    ("gre", "el"),
    ("eng", "en"),
    ("est", "et"),
    ("fas", "fa"),
    ("per", "fa"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("geo", "ka"),
    ("kat", "ka"),
    ("gle", "ga"),
    ("glg", "gl"),
    ("guj", "gu"),
    ("hau", "ha"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("ice", "is"),
    ("isl", "is"),
    ("ind", "id"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kaz", "kk"),
    ("khm", "km"),
    ("kir", "ky"),
    ("kor", "ko"),
    ("kur", "ku"),
    ("lao", "lo"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mac", "mk"),
    ("mkd", "mk"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("may", "ms"),
    ("msa", "ms"),
    ("mlt", "mt"),
    ("mon", "mn"),
    ("nep", "ne"),
    ("nor", "no"),
    ("nob", "nb"),
    ("nno", "nn"),
    ("pan", "pa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("pus", "ps"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slo", "sk"),
    ("slv", "sl"),
    ("som", "so"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swa", "sw"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tat", "tt"),
    ("tel", "te"),
    ("tgk", "tg"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("uig", "ug"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("yor", "yo"),
    ("zul", "zu"),
];

/// Names, for the sources that write one.
const NAMES: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("العربية", "ar"),
    ("arabe", "ar"),
    ("english", "en"),
    ("anglais", "en"),
    ("french", "fr"),
    ("français", "fr"),
    ("francais", "fr"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("german", "de"),
    ("deutsch", "de"),
    ("spanish", "es"),
    ("español", "es"),
    ("italian", "it"),
    ("portuguese", "pt"),
    ("turkish", "tr"),
    ("persian", "fa"),
    ("farsi", "fa"),
    ("hebrew", "he"),
    ("chinese", "zh"),
    ("japanese", "ja"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("hindi", "hi"),
];

/// The ISO 639-1 code of a tag (`ar-EG`), a three-letter code or a language's name; a three-letter
/// code that has no shorter one stays. `None` for what is no language.
pub fn normalise(declared: &str) -> Option<String> {
    let declared = declared.trim().to_lowercase();
    let primary = declared.split(['-', '_', '.']).next()?;
    let found = |table: &[(&str, &str)], key: &str| {
        table.iter().find(|(k, _)| *k == key).map(|(_, code)| (*code).to_owned())
    };
    match primary.len() {
        // Codes withdrawn in 1989 that old software still writes.
        2 => match primary {
            "iw" => Some("he".to_owned()),
            "in" => Some("id".to_owned()),
            "ji" => Some("yi".to_owned()),
            _ => primary.bytes().all(|b| b.is_ascii_lowercase()).then(|| primary.to_owned()),
        },
        3 if matches!(primary, "und" | "mul" | "zxx" | "mis") => None,
        3 if primary.bytes().all(|b| b.is_ascii_lowercase()) => {
            Some(found(THREE, primary).unwrap_or_else(|| primary.to_owned()))
        }
        _ => found(NAMES, &declared),
    }
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn codes_tags_and_names() {
        for (declared, code) in [
            ("ar-EG", "ar"),
            ("ara", "ar"),
            ("ENG", "en"),
            ("fra", "fr"),
            ("rus", "ru"),
            ("fr_FR.UTF-8", "fr"),
            ("zh-Hans-CN", "zh"),
            ("Arabic", "ar"),
            ("iw", "he"),
            ("arz", "arz"),
            (" en ", "en"),
        ] {
            assert_eq!(normalise(declared).as_deref(), Some(code), "{declared}");
        }
        for nothing in ["", "und", "x", "12", "unknown language"] {
            assert_eq!(normalise(nothing), None, "{nothing}");
        }
    }
}
