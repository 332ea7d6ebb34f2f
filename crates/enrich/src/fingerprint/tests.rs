use super::*;
use crate::enriched::Field;

fn fingerprint(text: &str) -> Fingerprint {
    of(&Doc::new(Field::Body, text))
}

#[test]
fn marks_space_case_and_punctuation_change_nothing() {
    let plain = fingerprint("أكد وزير الخارجية، في موسكو، أن المفاوضات مستمرة. The U.S. and l'Iran agree");
    let noisy = fingerprint(
        "\u{202B}أَكّدَ وزيـــر  الخارجية\u{200F} في «موسكو»\r\nأنّ المفاوضات مستمرة؛ the US and L Iran agree!",
    );
    assert_eq!(plain, noisy);
    assert_ne!(plain.normalised, fingerprint("أكد وزير الخارجية").normalised);
}

#[test]
fn the_exact_hash_is_sha256_of_the_folded_words() {
    assert_eq!(
        fingerprint("Hello,  World!").normalised,
        "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9" // of "hello world"
    );
    assert_eq!(fingerprint("...").normalised, fingerprint("").normalised);
    assert!(fingerprint("!?").minhash.is_empty());
}

#[test]
fn numbers_keep_their_separators() {
    assert_ne!(fingerprint("1.5").normalised, fingerprint("15").normalised);
}

fn shared(a: &str, b: &str) -> usize {
    let (a, b) = (fingerprint(a).minhash, fingerprint(b).minhash);
    a.iter().filter(|band| b.contains(band)).count()
}

#[test]
fn near_duplicates_share_bands_and_others_do_not() {
    let words = |from: usize, to: usize| (from..to).map(|i| format!("word{i} ")).collect::<String>();
    let original = words(0, 300);
    assert_eq!(shared(&original, &original), BANDS);
    assert!(shared(&original, &(words(0, 300) + "with a line added by the agency at its end")) > 0);
    assert!(shared(&original, &words(10, 300)) > 0);
    assert_eq!(shared(&original, &words(1000, 1300)), 0);
    assert_eq!(shared("short text", "short text!"), BANDS);
    assert_eq!(shared("short text", "another text"), 0);
}

#[test]
fn how_often_bands_are_shared_follows_the_curve() {
    // 200 pairs of texts that share the first 60 % of their words: Jaccard about 0.43.
    let mut hits = 0;
    for seed in 0..200 {
        let text = |tail: &str| -> String {
            (0..200)
                .map(|i| if i < 120 { format!("w{seed}x{i} ") } else { format!("{tail}{seed}x{i} ") })
                .collect()
        };
        hits += usize::from(shared(&text("a"), &text("b")) > 0);
    }
    assert!((50..120).contains(&hits), "{hits} of 200 pairs share a band");
}
