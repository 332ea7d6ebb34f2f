//! The chain and the table, on models made by hand.

use super::chain::{Chain, WIDTH};
use super::clusters;
use super::model::{BUCKET, Model};
use super::{Clusters, LABELS, follows, label};

fn model(table: &[u8]) -> Model {
    let bytes = Model::write("test", 32.0, "", &Clusters::write(&[], &[]), &[[0; LABELS]; LABELS], 0, table);
    Model::parse(bytes.into()).expect("a model")
}

#[test]
fn the_embedded_model_is_one() {
    assert!(Model::embedded().is_some_and(|model| model.name().starts_with("fast")));
}

#[test]
fn a_name_goes_on_only_in_its_own_type() {
    let allowed: Vec<usize> = (0..LABELS).filter(|next| follows(label(1, true), *next)).collect();
    let begins = (0..5).map(|kind| label(kind, true));
    let mut expected: Vec<usize> = [0, label(1, false)].into_iter().chain(begins).collect();
    expected.sort_unstable();
    assert_eq!(allowed, expected);
    assert!(!follows(0, label(0, false)));
}

#[test]
fn frequent_words_and_clusters_are_summed_beforehand_and_change_nothing() {
    let model = Model::embedded().expect("the model that is shipped");
    let kb = crate::kb::Kb::embedded();
    let (mut words, mut frequent, mut clustered) = (0, 0, 0);
    for text in [
        include_str!("../../../../seeds/000_374f6dea2bdb99e4.txt"),
        "Mr Smith said on 5 May 2021: « C'est 1 000 000 € ». Он сказал, что 12345678 человек — это много.",
    ] {
        let doc = crate::doc::Doc::new(crate::enriched::Field::Body, text);
        let mut plain = super::features(&kb, &doc);
        plain.cluster(model.clusters());
        let mut looked_up = super::features(&kb, &doc);
        model.look_up(&mut looked_up);
        for i in 0..doc.tokens.len() {
            let (a, b) = (model.scores_by_key(&plain, i), model.scores(&looked_up, i));
            assert_eq!(a, b, "token {i}, {:?}", doc.normalised_token(&doc.tokens[i]));
            words += 1;
            clustered += usize::from(plain.clusters(i)[1].0 != super::clusters::UNKNOWN);
            frequent += usize::from(looked_up.of(i).as_slice().len() + 10 < plain.of(i).as_slice().len());
        }
    }
    assert!(frequent * 2 > words, "only {frequent} of {words} words are frequent");
    assert!(clustered * 2 > words, "only {clustered} of {words} words have a cluster");
}

/// Against all sequences, counted one by one.
#[test]
fn spans_and_probabilities_are_those_of_all_sequences() {
    let model = model(&[0; BUCKET]);
    let mut seed = 7_u32;
    for length in 1..5 {
        for _ in 0..5 {
            let mut chain = Chain::default();
            let mut scores = Vec::new();
            for _ in 0..length {
                let mut row = [0; WIDTH];
                for score in row.iter_mut().take(LABELS) {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    *score = (seed >> 24) as i32 - 128;
                }
                chain.push(row);
                scores.push(row);
            }
            let spans = chain.decode(model.transitions());
            let (mut all, mut best, mut top) = (Vec::new(), Vec::new(), i32::MIN);
            for code in 0..LABELS.pow(length) {
                let labels: Vec<usize> = (0..length).map(|i| code / LABELS.pow(i) % LABELS).collect();
                let ok = std::iter::once(&0).chain(&labels).zip(&labels).all(|(a, b)| follows(*a, *b));
                if ok {
                    let score: i32 = labels.iter().zip(&scores).map(|(l, s)| s[*l]).sum();
                    if score > top {
                        (best, top) = (labels.clone(), score);
                    }
                    all.push((labels, f64::from(score) / 32.0));
                }
            }
            let total: f64 = all.iter().map(|(_, s)| s.exp()).sum();
            for span in &spans {
                let has = |labels: &[usize]| {
                    labels[span.tokens.start] == label(span.kind, true)
                        && labels[span.tokens.start + 1..span.tokens.end]
                            .iter()
                            .all(|l| *l == label(span.kind, false))
                        && labels.get(span.tokens.end).is_none_or(|l| *l != label(span.kind, false))
                };
                assert!(has(&best), "{span:?} is not in the best sequence {best:?}");
                let ours: f64 = all.iter().filter(|(l, _)| has(l)).map(|(_, s)| s.exp()).sum();
                let off = (f64::from(span.probability) - ours / total).abs();
                assert!(off < 1e-4, "{span:?} should have {}", ours / total);
            }
            let begun = best.iter().filter(|l| **l % 2 == 1).count();
            assert_eq!(spans.len(), begun, "{best:?}");
        }
    }
}

#[test]
fn what_is_no_model_is_refused() {
    let clusters = Clusters::write(&[(7, 1), (8, 2)], &[1, 1]);
    let good = Model::write("m", 32.0, "a\nb\n", &clusters, &[[0; LABELS]; LABELS], 0, &[0; BUCKET]);
    assert!(Model::parse(good.clone().into()).is_ok());
    for len in 0..good.len() {
        assert!(Model::parse(good[..len].to_vec().into()).is_err(), "cut at {len}");
    }
    for at in 0..24 {
        let mut bad = good.clone();
        bad[at] ^= 0x80;
        let _ = Model::parse(bad.into());
    }
}

#[test]
fn words_find_their_clusters_and_no_others() {
    let words: Vec<(u64, u16)> =
        (0..5_000_u64).map(|n| (clusters::hash_of(&format!("word{n}")), 1 + (n % 7) as u16)).collect();
    let coarse = [1, 2, 1, 2, 3, 3, 3];
    let bytes = Clusters::write(&words, &coarse);
    let read = Clusters::new(&words, &coarse).expect("clusters");
    let whole = Model::write("m", 32.0, "", &bytes, &[[0; LABELS]; LABELS], 0, &[0; BUCKET]);
    let model = Model::parse(whole.into()).expect("a model");
    for of in [&read, model.clusters()] {
        for (word, fine) in &words {
            assert_eq!(of.find(*word), (*fine, coarse[usize::from(*fine) - 1]));
        }
        for n in 5_000..10_000 {
            assert_eq!(of.find(clusters::hash_of(&format!("word{n}"))), (clusters::UNKNOWN, 0), "word{n}");
        }
    }
    for (words, coarse) in [(vec![(1, 0)], vec![1]), (vec![(1, 2)], vec![1]), (vec![(1, 1)], vec![0])] {
        assert!(Clusters::new(&words, &coarse).is_err(), "{words:?} of {coarse:?}");
    }
}
