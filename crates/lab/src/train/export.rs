//! The table that the service reads.

use khabar_enrich::tagger::model::{BUCKET, Model, ROW, ROWS, place};
use khabar_enrich::tagger::{Clusters, LABELS, follows};

use sha2::{Digest, Sha256};

use super::crf::Crf;
use super::sentences::Numbers;
use super::vocabulary::Vocabulary;

/// A model as bytes.
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many keys found room.
    pub kept: usize,
}

/// Steps of one unit of weight; more than 127 steps are cut.
const SCALE: f32 = 24.0;

/// Rounds the weights and adds a hash of them to the name; where a bucket has more keys than room, those stay
/// whose weights are the largest and that occur the most.
/// `frequent` are the words whose sums are made when the model is loaded.
pub fn build(
    crf: &Crf,
    numbers: &Numbers,
    frequent: &[String],
    vocabulary: &Vocabulary,
    bits: u32,
    name: &str,
) -> Built {
    let mut keys: Vec<(f32, u64, u32)> = numbers
        .iter()
        .map(|(key, number)| (crf.row(number).iter().map(|w| w.abs()).fold(0.0, f32::max), key, number))
        .filter(|(weight, ..)| weight * SCALE * crf.kept() >= 0.5)
        .map(|(weight, key, number)| (worth(weight, numbers.count(number)), key, number))
        .collect();
    keys.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut table = vec![0_u8; BUCKET << bits];
    let mut kept = 0;
    for (_, key, number) in keys {
        let (bucket, mark) = place(key, bits);
        let marks = ROW * ROWS;
        let bucket = &mut table[bucket * BUCKET..(bucket + 1) * BUCKET];
        let free = (0..ROWS).find(|row| bucket[marks + 4 * row..marks + 4 * row + 4] == [0; 4]);
        let taken = (0..ROWS).any(|row| bucket[marks + 4 * row..marks + 4 * row + 4] == mark.to_le_bytes());
        let Some(row) = free.filter(|_| !taken) else { continue };
        bucket[marks + 4 * row..marks + 4 * row + 4].copy_from_slice(&mark.to_le_bytes());
        let from = ROW * row;
        for (to, weight) in bucket[from..from + LABELS].iter_mut().zip(crf.row(number)) {
            *to = (weight * SCALE * crf.kept()).round().clamp(-127.0, 127.0) as i8 as u8;
        }
        kept += 1;
    }
    let mut transitions = [[0; LABELS]; LABELS];
    for (from, row) in transitions.iter_mut().enumerate() {
        for (to, weight) in row.iter_mut().enumerate().filter(|(to, _)| follows(from, *to)) {
            *weight = (crf.transition(from, to) * SCALE).round().clamp(-30_000.0, 30_000.0) as i16;
        }
    }
    let clusters = Clusters::write(&vocabulary.words, &vocabulary.coarse);
    let sum = Sha256::new()
        .chain_update(&table)
        .chain_update(&clusters)
        .chain_update(format!("{transitions:?}"))
        .finalize();
    let name = format!("{name}-{:02x}{:02x}{:02x}{:02x}", sum[0], sum[1], sum[2], sum[3]);
    let bytes = Model::write(&name, SCALE, &frequent.join("\n"), &clusters, &transitions, bits, &table);
    Built { bytes, kept }
}

/// What is lost with a key: how far it moves scores, and how often in the text; annotated sentences count once, however often they
/// are trained on.
fn worth(weight: f32, count: u32) -> f32 {
    weight * weight * count as f32
}
