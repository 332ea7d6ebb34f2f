//! Which language a text is in: by script, then by letters that only some languages have and by function
//! words.
//!
//! A bounded sample from the start of the text is read, so the cost does not grow with the text. Every
//! language of a script collects points; the confidence is the winner's share, made smaller where there
//! is little to go by. What cannot be told is `None`.

mod evidence;
#[cfg(test)]
mod tests;

use evidence::{Evidence, Lang, Langs, Script};

/// Bytes of text that are looked at: some 130 Arabic or 250 English words.
const SAMPLE: usize = 1_500;

/// A language and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// ISO 639-1 code (639-2 where there is none); `None` when it cannot be told.
    pub code: Option<&'static str>,
    /// 0 to 1, rounded to two decimals.
    pub confidence: f64,
}

/// Detects the language of `original` text.
pub fn detect(original: &str) -> Detected {
    let evidence = Evidence::get();
    let mut counts = Counts::default();
    let mut word = String::with_capacity(64);
    for chunk in sample(original).split([' ', '\n', '\r', '\t', '\u{A0}']) {
        if is_machine_text(chunk) {
            continue;
        }
        for c in chunk.chars() {
            let letter = evidence.letter(c);
            match letter.script {
                Some(script) => {
                    counts.scripts[script as usize] += 1;
                    counts.add(letter.langs, 2);
                    word.push(letter.lower);
                }
                None if letter.is_mark => {}
                None => counts.word(evidence, &mut word),
            }
        }
        counts.word(evidence, &mut word);
    }
    counts.judge()
}

/// Addresses and markup that is left in a body are in no language.
fn is_machine_text(chunk: &str) -> bool {
    chunk.bytes().any(|byte| matches!(byte, b'/' | b'=' | b'%' | b'<' | b'>' | b'@' | b'_' | b'{' | b'}'))
}

/// The start of the text, up to a character boundary.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// What was counted.
struct Counts {
    scripts: [u32; Script::COUNT],
    /// Points of each language: 4 for a function word, 2 for a telling letter.
    points: [u32; Lang::COUNT],
    words: u32,
}

impl Default for Counts {
    fn default() -> Self {
        Self { scripts: [0; Script::COUNT], points: [0; Lang::COUNT], words: 0 }
    }
}

impl Counts {
    fn add(&mut self, langs: Langs, points: u32) {
        for lang in langs.iter() {
            self.points[lang] += points;
        }
    }

    fn word(&mut self, evidence: &Evidence, word: &mut String) {
        if !word.is_empty() {
            self.words += 1;
            self.add(evidence.word(word), 4);
            word.clear();
        }
    }

    fn judge(&self) -> Detected {
        const UNKNOWN: Detected = Detected { code: None, confidence: 0.0 };
        let total: u32 = self.scripts.iter().sum();
        let Some((script, &letters)) =
            self.scripts.iter().enumerate().max_by_key(|&(i, &n)| (n, usize::MAX - i))
        else {
            return UNKNOWN;
        };
        let Some(script) = Script::ALL.get(script).copied().filter(|_| letters >= 3) else { return UNKNOWN };
        let script_share = f64::from(letters) / f64::from(total);
        if let Some(code) = self.by_script(script) {
            return detected(code, script_share * saturating(letters, 4));
        }
        let mut ranked: Vec<(u32, Lang)> = Lang::ALL
            .iter()
            .filter(|lang| lang.script() == script)
            .map(|&l| (self.points[l as usize], l))
            .collect();
        ranked.sort_by_key(|&(points, lang)| (std::cmp::Reverse(points), lang as usize));
        let Some(&(best, lang)) = ranked.first() else { return UNKNOWN };
        if best == 0 {
            // No telling letter and no function word: a name, perhaps. Arabic and Russian are what most news
            // in their script is in; for Latin script nothing can be said.
            let guess = match script {
                Script::Arabic => Lang::Arabic,
                Script::Cyrillic => Lang::Russian,
                _ => return UNKNOWN,
            };
            return detected(guess.code(), 0.5 * script_share * saturating(letters, 8));
        }
        let second = ranked.get(1).map_or(0, |&(points, _)| points);
        let lead = f64::from(best) / f64::from(best + second);
        if lead <= 0.5 {
            return UNKNOWN;
        }
        // Evidence must grow with the text: two function words in a page of another language are chance.
        let density = (f64::from(best) / f64::from(self.words.max(1))).min(0.4) / 0.4;
        let confidence = script_share * (2.0 * lead - 1.0).sqrt() * saturating(best, 3) * density.sqrt();
        if confidence < 0.3 { UNKNOWN } else { detected(lang.code(), confidence) }
    }

    /// The language of scripts that one language (in news) writes.
    fn by_script(&self, script: Script) -> Option<&'static str> {
        let kana = self.scripts[Script::Kana as usize];
        let han = self.scripts[Script::Han as usize];
        Some(match script {
            Script::Arabic | Script::Latin | Script::Cyrillic => return None,
            Script::Greek => "el",
            Script::Hebrew => "he",
            Script::Armenian => "hy",
            Script::Georgian => "ka",
            Script::Devanagari => "hi",
            Script::Bengali => "bn",
            Script::Tamil => "ta",
            Script::Thai => "th",
            Script::Ethiopic => "am",
            Script::Hangul => "ko",
            Script::Kana => "ja",
            Script::Han if kana * 20 > han => "ja",
            Script::Han => "zh",
            Script::Unknown => return None,
        })
    }
}

/// Near 1 for many, small for few.
fn saturating(n: u32, half: u32) -> f64 {
    let (n, half) = (f64::from(n), f64::from(half));
    n * n / (n * n + half * half)
}

fn detected(code: &'static str, confidence: f64) -> Detected {
    Detected { code: Some(code), confidence: (confidence * 100.0).round() / 100.0 }
}
