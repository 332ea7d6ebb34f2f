//! What the tagger sees of a token: keys of weights.
//!
//! A key is a hash of a template and of one or two properties of tokens; it is the same on any machine, since the
//! weights were trained under it.

use std::ops::Range;

use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;

use super::clusters::{Clusters, Pair, Place};
use super::frequent::NONE;
use super::item::{EDGE, Item, Keys, LONGEST_NUMBER, Part};

/// What other layers say of each token, as small numbers; 0 says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Of names in the knowledge base.
    known: Vec<u8>,
    /// Of names by pattern.
    guessed: Vec<u8>,
}

impl Evidence {
    /// For `tokens` tokens of which nothing is known yet.
    pub(crate) fn new(tokens: usize) -> Self {
        Self { known: vec![0; tokens], guessed: vec![0; tokens] }
    }

    /// A name of the knowledge base; `sure` as its confidence is high, middling or none at all (0: it was not
    /// believed).
    pub(crate) fn known(&mut self, tokens: Range<usize>, kind: EntityType, sure: u8) {
        Self::mark(&mut self.known, tokens, kind, sure);
    }

    /// A name by pattern.
    pub(crate) fn guessed(&mut self, tokens: Range<usize>, kind: EntityType) {
        Self::mark(&mut self.guessed, tokens, kind, 0);
    }

    /// The stronger stays, then the earlier.
    fn mark(codes: &mut [u8], tokens: Range<usize>, kind: EntityType, sure: u8) {
        let kind = match kind {
            EntityType::Per => 0,
            EntityType::Org => 1,
            EntityType::Loc => 2,
            EntityType::Event => 3,
            EntityType::Misc => 4,
        };
        let first = tokens.start;
        for i in tokens {
            if let Some(code) = codes.get_mut(i) {
                let new = 1 + 20 * sure.min(3) + 2 * kind + u8::from(i != first);
                if *code == 0 || (*code - 1) / 20 < sure.min(3) {
                    *code = new;
                }
            }
        }
    }
}

/// The keys of all tokens of a field.
#[derive(Debug)]
pub struct Features {
    items: Vec<Item>,
    /// Stands before the first and behind the last token.
    edge: Item,
    /// Whether words have clusters.
    clustered: bool,
    /// Whether what clusters say is summed elsewhere.
    summed: bool,
}

impl Features {
    /// Properties of all tokens of `doc`.
    pub(crate) fn new(doc: &Doc, seen: &[Seen], evidence: &Evidence) -> Self {
        let item = |(i, token): (usize, &Token)| {
            let code = |codes: &[u8]| u64::from(codes.get(i).copied().unwrap_or_default());
            let seen = seen.get(i);
            let start = seen.map_or(token.start, |s| s.start).max(token.start + u32::from(token.proclitic));
            let mut item = Item::new(doc, token, start);
            item.from = start;
            item.classes = seen.map_or(0, |s| u64::from(s.classes.bits()));
            item.known = code(&evidence.known);
            item.guessed = code(&evidence.guessed);
            item
        };
        let items = doc.tokens.iter().enumerate().map(item).collect();
        Self { items, edge: EDGE, clustered: false, summed: false }
    }

    fn at(&self, i: usize, by: isize) -> &Item {
        i.checked_add_signed(by).and_then(|i| self.items.get(i)).unwrap_or(&self.edge)
    }

    /// Looks up the clusters of all words.
    pub fn cluster(&mut self, clusters: &Clusters) {
        self.clustered = !clusters.is_empty();
        if self.clustered {
            self.edge.cluster.1 = clusters.coarse(self.edge.cluster.0);
            for item in &mut self.items {
                item.cluster = clusters.find(item.stem);
            }
        }
    }

    /// Looks up which words are frequent; their keys are then left out, and those of clusters.
    pub(super) fn look_up(&mut self, number: impl Fn(u64) -> u16) {
        for item in &mut self.items {
            item.frequent = number(item.stem);
        }
        self.summed = true;
    }

    /// Clusters of the token before the one at `i`, its own, and of the token behind it.
    pub(super) fn clusters(&self, i: usize) -> [(u16, u8); 3] {
        [-1, 0, 1].map(|by| self.at(i, by).cluster)
    }

    /// The frequent words whose parts stand for the keys of the token at `i`; [`NONE`] says nothing.
    pub(super) fn parts(&self, i: usize) -> [(u16, Part); Part::ALL.len()] {
        let (here, one, back) = (self.at(i, 0), self.at(i, 1), self.at(i, -1));
        let plain = |item: &Item| if item.classes == 0 { here.frequent } else { NONE };
        [
            (here.frequent, Part::Here),
            (plain(back), Part::Behind),
            (plain(one), Part::Before),
            (back.frequent, Part::Back),
            (one.frequent, Part::One),
            (self.at(i, -2).frequent, Part::Back2),
            (self.at(i, 2).frequent, Part::Two),
        ]
    }

    /// The word of the token at `i` as a list of frequent words has it.
    pub fn word<'d>(&self, doc: &'d Doc, i: usize) -> Option<std::borrow::Cow<'d, str>> {
        let (item, token) = (self.items.get(i)?, doc.tokens.get(i)?);
        let stem = doc.text.folded().get(item.from as usize..token.end as usize)?;
        let word = match token.kind {
            TokenKind::Number => "0".repeat(stem.len().min(LONGEST_NUMBER)).into(),
            _ => std::borrow::Cow::Borrowed(stem),
        };
        let same = Item::of_word(&word);
        let is_same = same.stem == item.stem && same.prefix == item.prefix && same.suffix == item.suffix;
        is_same.then_some(word)
    }

    /// The keys of the token at `i`.
    pub fn of(&self, i: usize) -> Keys {
        let mut keys = Keys::default();
        let (here, one, two) = (self.at(i, 0), self.at(i, 1), self.at(i, 2));
        let (back, back2) = (self.at(i, -1), self.at(i, -2));
        keys.add(1, 0, 0);
        let looked_up = here.frequent != NONE;
        if !looked_up {
            keys.add(2, here.stem, 0);
        }
        if here.whole != here.stem {
            keys.add(3, here.whole, 0);
        }
        if !looked_up {
            here.affixes(&mut keys);
        }
        keys.add(12, here.shape, back.shape);
        keys.add(13, here.shape, one.shape);
        for (item, template) in [(back, 14), (one, 15), (back2, 16), (two, 17)] {
            if item.frequent == NONE {
                keys.add(template, item.stem, 0);
            }
        }
        keys.add(18, back.stem, here.stem);
        keys.add(19, here.stem, one.stem);
        keys.add(20, back.stem, one.stem);
        keys.add(21, back2.stem, back.stem);
        keys.add(22, one.stem, two.stem);
        keys.add(23, here.classes, here.shape);
        keys.add(24, back.classes, here.classes);
        keys.add(25, here.classes, one.classes);
        keys.add(26, back2.classes, back.classes);
        if !looked_up || back.classes != 0 {
            here.behind(back.classes, &mut keys);
        }
        if !looked_up || one.classes != 0 {
            keys.add(29, here.stem, one.classes);
        }
        keys.add(30, here.known, here.guessed);
        keys.add(31, here.known, back.known << 8 | one.known << 16);
        keys.add(32, here.guessed, back.guessed << 8 | one.guessed << 16);
        if here.known != 0 {
            keys.add(33, here.known, here.stem);
            keys.add(34, here.known, back.stem);
            keys.add(35, here.known, one.stem);
        }
        for (item, template) in [(back, 36), (one, 37)] {
            if item.frequent == NONE {
                keys.add(template, item.suffix[1], item.prefix[1]);
            }
        }
        if !looked_up {
            keys.add(38, here.prefix[1], here.suffix[1]);
        }
        keys.add(39, here.prefix[1], one.prefix[1]);
        if self.clustered && !self.summed {
            keys.cluster(Place::Here, here.cluster);
            keys.cluster(Place::Back, back.cluster);
            keys.cluster(Place::One, one.cluster);
            keys.pair(Pair::Behind, back.cluster.1, here.cluster.1);
            keys.pair(Pair::Before, here.cluster.1, one.cluster.1);
        }
        keys
    }
}
