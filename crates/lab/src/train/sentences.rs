//! Sentences of feature keys and labels.

use std::ops::Range;

use khabar_enrich::doc::Doc;
use khabar_enrich::enriched::Field;
use khabar_enrich::kb::Kb;
use khabar_enrich::tagger::{self, Clusters, OUTSIDE, label};
use rustc_hash::FxHashMap;

use super::apart::HeldOut;
use super::data::Text;

/// Sentences as they are read: all keys.
#[derive(Debug, Default)]
pub struct Sheets {
    keys: Vec<u64>,
    /// Where the keys of each token end.
    ends: Vec<usize>,
    labels: Vec<u8>,
    /// Where the tokens of each sentence end.
    sentences: Vec<usize>,
    /// How often each word comes.
    words: FxHashMap<String, u32>,
    /// Sentences that share words with what is measured on.
    pub left_out: usize,
    /// Of words.
    clusters: Clusters,
}

/// A sentence to train on: numbers of keys, token by token, and labels.
#[derive(Debug)]
pub struct Sentence {
    keys: Vec<u32>,
    ends: Vec<u32>,
    /// A label for each token.
    pub labels: Vec<u8>,
}

impl Sentence {
    /// Of one token.
    #[cfg(test)]
    pub fn new(keys: &[u32], label: u8) -> Self {
        Self { keys: keys.to_vec(), ends: vec![keys.len() as u32], labels: vec![label] }
    }

    /// Tokens.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The keys of a token.
    pub fn keys(&self, i: usize) -> &[u32] {
        let end = |i: usize| self.ends.get(i).map_or(0, |end| *end as usize);
        let start = i.checked_sub(1).map_or(0, end);
        self.keys.get(start..end(i)).unwrap_or_default()
    }
}

/// A text and the label of each of its tokens; [`UNSURE`] where there is none.
pub fn labelled(text: &Text) -> (Doc, Vec<u8>) {
    let doc = Doc::new(Field::Body, &text.text);
    let mut labels = vec![OUTSIDE as u8; doc.tokens.len()];
    let original = |i: usize| {
        let token = doc.tokens.get(i)?;
        Some(doc.text.to_original(token.range()))
    };
    let mut cover = |range: &Range<usize>, of: &dyn Fn(bool) -> u8| {
        // The first token that ends behind the begin of the name, with its proclitics.
        let mut i = doc.tokens.partition_point(|t| doc.text.to_original(t.range()).end <= range.start);
        let first = i;
        while original(i).is_some_and(|token| token.start < range.end) {
            if let Some(label) = labels.get_mut(i) {
                *label = of(i == first);
            }
            i += 1;
        }
    };
    for (range, kind) in &text.spans {
        cover(range, &|begin| label(*kind, begin) as u8);
    }
    for range in &text.unsure {
        cover(range, &|_| UNSURE);
    }
    (doc, labels)
}

/// The sentences of a text, as they are written.
pub fn texts(text: &Text) -> Vec<String> {
    let doc = Doc::new(Field::Body, &text.text);
    doc.sentences.iter().map(|s| doc.original(s.start as usize..s.end as usize).to_owned()).collect()
}

/// Stands for no label.
pub const UNSURE: u8 = u8::MAX;

/// The names of labels: tokens and types.
pub fn spans(labels: &[u8]) -> Vec<(Range<usize>, usize)> {
    let mut spans: Vec<(Range<usize>, usize)> = Vec::new();
    for (i, label) in labels.iter().enumerate().filter(|(_, l)| **l != OUTSIDE as u8 && **l != UNSURE) {
        let (kind, begins) = ((usize::from(*label) - 1) / 2, label % 2 == 1);
        match spans.last_mut() {
            Some(last) if !begins && last.0.end == i && last.1 == kind => last.0.end = i + 1,
            _ => spans.push((i..i + 1, kind)),
        }
    }
    spans
}

impl Sheets {
    /// None yet.
    pub fn new(clusters: Clusters) -> Self {
        Self { clusters, ..Self::default() }
    }

    /// Sentences so far.
    pub fn len(&self) -> usize {
        self.sentences.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }

    /// Adds the sentences of a text that are sure, and share nothing with what is measured on.
    pub fn add(&mut self, kb: &Kb, text: &Text, held: &HeldOut) {
        let (doc, labels) = labelled(text);
        let mut features = tagger::features(kb, &doc);
        features.cluster(&self.clusters);
        for sentence in tagger::sentences(&doc) {
            let of = labels.get(sentence.clone()).unwrap_or_default();
            let bounds = doc.tokens.get(sentence.start).zip(doc.tokens.get(sentence.end.saturating_sub(1)));
            let written = bounds.map_or("", |(a, b)| doc.original(a.start as usize..b.end as usize));
            if of.is_empty() || of.contains(&UNSURE) {
                continue;
            }
            if held.shares(written) {
                self.left_out += 1;
                continue;
            }
            // A name that the border of a sentence cuts goes on as its own: no sequence begins inside of one.
            let cut = of.first().filter(|label| **label != OUTSIDE as u8 && *label % 2 == 0);
            self.labels.extend(cut.map(|label| label - 1).iter().chain(&of[usize::from(cut.is_some())..]));
            for i in sentence {
                self.keys.extend(features.of(i).as_slice());
                if let Some(word) = features.word(&doc, i) {
                    match self.words.get_mut(word.as_ref()) {
                        Some(times) => *times += 1,
                        None => drop(self.words.insert(word.into_owned(), 1)),
                    }
                }
                self.ends.push(self.keys.len());
            }
            self.sentences.push(self.ends.len());
        }
    }

    /// The most frequent words, most frequent first.
    pub fn frequent(&self, most: usize) -> Vec<String> {
        let is_line = |word: &str| !word.is_empty() && !word.contains(['\n', '\r']);
        let words = self.words.iter().filter(|(word, _)| is_line(word));
        let mut words: Vec<(u32, &str)> = words.map(|(word, times)| (*times, word.as_str())).collect();
        words.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        words.into_iter().take(most).map(|(_, word)| word.to_owned()).collect()
    }

    /// With numbers instead of keys.
    pub fn numbered(self, numbers: &Numbers) -> Vec<Sentence> {
        let mut sentences = Vec::with_capacity(self.sentences.len());
        let (mut from, mut key) = (0, 0);
        for to in self.sentences {
            let mut sentence =
                Sentence { keys: Vec::new(), ends: Vec::new(), labels: self.labels[from..to].to_vec() };
            for end in &self.ends[from..to] {
                let of = self.keys[key..*end].iter().filter_map(|key| numbers.of.get(key));
                sentence.keys.extend(of);
                sentence.ends.push(sentence.keys.len() as u32);
                key = *end;
            }
            sentence.keys.shrink_to_fit();
            sentences.push(sentence);
            from = to;
        }
        sentences
    }
}

/// Numbers of keys that are common enough.
#[derive(Debug)]
pub struct Numbers {
    of: FxHashMap<u64, u32>,
    /// How often each occurs.
    counts: Vec<u32>,
}

/// Counters of the sketch, as a power of two.
const SKETCH: u32 = 28;

impl Numbers {
    /// Numbers the keys that occur at least `cutoff` times, as a sketch counts, in order of appearance.
    pub fn new(sheets: &Sheets, cutoff: u8) -> Self {
        let place = |key: &u64| (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SKETCH)) as usize;
        let mut counts = vec![0_u8; 1 << SKETCH];
        for key in &sheets.keys {
            let count = &mut counts[place(key)];
            *count = count.saturating_add(1);
        }
        let mut numbers = Self { of: FxHashMap::default(), counts: Vec::new() };
        for key in sheets.keys.iter().filter(|key| counts[place(key)] >= cutoff) {
            let next = numbers.of.len() as u32;
            let number = *numbers.of.entry(*key).or_insert(next) as usize;
            numbers.counts.resize(numbers.of.len(), 0);
            numbers.counts[number] += 1;
        }
        numbers
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// How often the key of a number occurs.
    pub fn count(&self, number: u32) -> u32 {
        self.counts.get(number as usize).copied().unwrap_or_default()
    }

    /// Keys with their numbers, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.of.iter().map(|(key, number)| (*key, *number))
    }
}
