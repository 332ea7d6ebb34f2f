//! The first set as an index, the second held against it.

use rustc_hash::FxHashMap;

use super::changes::changes;
use super::counts::{OfLanguage, Pairs, Side, only};
use super::digest::{Digest, digest, hash};
use super::index::{Index, Key, Keys, Slot, numbers};
use super::lowest::Lowest;
use super::names::Names;
use super::report::{Example, KeyExample, Report, SideReport};
use super::{Field, Place};

/// What to compare, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Names of the two sides, for people.
    pub names: [String; 2],
    /// Records belong together by their ids, not by their sources.
    pub by_id: bool,
    /// The fields that count.
    pub fields: Vec<Field>,
    /// The part of all records that is compared, above 0 and at most 1.
    pub sample: f64,
    /// Most examples of each kind of finding.
    pub examples: usize,
}

/// A changed record to show: the first side's value is still to be fetched.
#[derive(Debug)]
pub struct Wanted {
    /// Where the first side's value is.
    pub place: Place,
    source: String,
    other: Place,
    value: Vec<u8>,
}

/// Everything about one record that both sides have in common to note.
struct Noted {
    key: Key,
    digest: Digest,
    bytes: u64,
    kafka_key: u64,
}

/// A comparison while records come in: all of the first side, then all of the second.
#[derive(Debug)]
pub struct Comparison {
    settings: Settings,
    keys: Keys,
    names: Names,
    index: Index,
    languages: Vec<String>,
    sides: [Side; 2],
    pairs: Pairs,
    /// Records of the second side alone: their keys and hashes of what they hold.
    alone: FxHashMap<Key, u64>,
    alone_examples: Lowest<String>,
    key_examples: Lowest<KeyExample>,
    wanted: Lowest<Wanted>,
}

impl Comparison {
    /// Nothing read yet.
    pub fn new(settings: Settings) -> Self {
        let most = settings.examples;
        Self {
            keys: Keys::new(settings.by_id),
            settings,
            names: Names::default(),
            index: Index::default(),
            languages: Vec::new(),
            sides: [Side::default(), Side::default()],
            pairs: Pairs::default(),
            alone: FxHashMap::default(),
            alone_examples: Lowest::new(most),
            key_examples: Lowest::new(most),
            wanted: Lowest::new(most),
        }
    }

    /// A record of the first side.
    pub fn first(&mut self, place: Place, kafka_key: Option<&[u8]>, value: &[u8]) {
        let Some(noted) = self.note(0, place, kafka_key, value) else { return };
        let Noted { key, digest, bytes, kafka_key } = noted;
        let language = self.language(&digest);
        let slot = Slot::new(&digest, bytes, kafka_key, place, language);
        match self.index.insert(key, slot, &digest, &mut self.names) {
            None => self.sides[0].compared(&digest),
            Some(first) => self.sides[0].repeat(first != digest.fields),
        }
    }

    /// A record that cannot be read at all, with the reason.
    pub fn unreadable(&mut self, side: usize, place: Place, why: String) {
        let most = self.settings.examples;
        let name = self.settings.names.get(side).map_or("", String::as_str);
        let place = place.of(name);
        if let Some(side) = self.sides.get_mut(side) {
            side.read += 1;
            side.unreadable(place, why, most);
        }
    }

    /// A record of the second side.
    pub fn second(&mut self, place: Place, kafka_key: Option<&[u8]>, value: &[u8]) {
        let Some(noted) = self.note(1, place, kafka_key, value) else { return };
        let Noted { key, digest, bytes, kafka_key } = noted;
        let content = digest.content();
        let earlier = match self.index.get(key) {
            Some(slot) => slot.other.replace(content),
            None => self.alone.insert(key, content),
        };
        if let Some(earlier) = earlier {
            self.sides[1].repeat(earlier != content);
            // The first one counts.
            match self.index.get(key) {
                Some(slot) => slot.other = Some(earlier),
                None => drop(self.alone.insert(key, earlier)),
            }
            return;
        }
        self.sides[1].compared(&digest);
        let Some(slot) = self.index.get(key).cloned() else {
            let here = place.of(&self.settings.names[1]);
            let what = self.keys.describe(&digest);
            return self.alone_examples.add(key.spread(), || format!("{what} ({here})"));
        };
        self.pair(&slot, &Noted { key, digest, bytes, kafka_key }, place, value);
    }

    /// A record without a value, of this source if it says so.
    pub fn tombstone(&mut self, side: usize, source: Option<(&str, i32, i64)>) {
        let Some(counts) = self.sides.get_mut(side) else { return };
        counts.read += 1;
        let is_new = |(topic, partition, offset): (&str, i32, i64)| {
            counts.deleted.insert(hash(format!("{topic}/{partition}@{offset}").as_bytes()))
        };
        if source.is_none_or(is_new) {
            counts.tombstones += 1;
        } else {
            counts.repeat(false);
        }
    }

    fn note(&mut self, side: usize, place: Place, kafka_key: Option<&[u8]>, value: &[u8]) -> Option<Noted> {
        let most = self.settings.examples;
        let name = self.settings.names.get(side).cloned().unwrap_or_default();
        let counts = self.sides.get_mut(side)?;
        counts.read += 1;
        let digest = match digest(value) {
            Ok(digest) => digest,
            Err(why) => {
                counts.unreadable(place.of(&name), why, most);
                return None;
            }
        };
        let key = self.keys.of(&digest);
        if key.spread() as f64 / u64::MAX as f64 > self.settings.sample {
            counts.outside_sample += 1;
            return None;
        }
        // Without a Kafka key it is 0, which is as good a hash as any.
        let kafka_key = kafka_key.map_or(0, hash);
        Some(Noted { key, digest, bytes: hash(value), kafka_key })
    }

    fn pair(&mut self, slot: &Slot, noted: &Noted, place: Place, value: &[u8]) {
        let Noted { key, digest, bytes, kafka_key } = noted;
        let language =
            digest.language.clone().or_else(|| self.languages.get(usize::from(slot.language)).cloned());
        let language = language.filter(|code| !code.is_empty()).unwrap_or_else(|| "unknown".to_owned());
        let what = || self.keys.describe(digest);
        let places = [slot.place.of(&self.settings.names[0]), place.of(&self.settings.names[1])];
        self.pairs.both += 1;
        // A file has no keys.
        let have_keys = matches!((slot.place, place), (Place::At { .. }, Place::At { .. }));
        if have_keys && slot.kafka_key != *kafka_key {
            self.pairs.keys_differ += 1;
            let [a, b] = places;
            self.key_examples.add(key.spread(), || KeyExample { source: what(), a, b });
        }
        let index = |field: &Field| *field as usize;
        let differs = |field: &&Field| slot.fields.get(index(field)) != digest.fields.get(index(field));
        let changed: Vec<_> = self.settings.fields.iter().filter(differs).copied().collect();
        let mut of_language = OfLanguage { both: 1, ..OfLanguage::default() };
        if changed.is_empty() {
            let same = if slot.bytes == *bytes { &mut self.pairs.identical } else { &mut self.pairs.same };
            *same += 1;
        } else {
            of_language.changed = 1;
            self.wanted.add(key.spread(), || Wanted {
                place: slot.place,
                source: what(),
                other: place,
                value: value.to_vec(),
            });
        }
        for field in &changed {
            if let Some(count) = self.pairs.fields.get_mut(index(field)) {
                *count += 1;
            }
        }
        self.pairs.changed += of_language.changed;
        if changed.contains(&Field::Entities) {
            let numbers = numbers(digest, &mut self.names);
            let (entities, _) = self.index.lists(slot);
            let [gained, lost] = self.pairs.entities(&self.names, entities, &numbers);
            (of_language.gained, of_language.lost) = (gained, lost);
        }
        if changed.contains(&Field::Mentions) {
            let (_, mentions) = self.index.lists(slot);
            let [lost, gained] = only(mentions, &digest.mentions).map(|some| some.len() as u64);
            self.pairs.mentions_lost += lost;
            self.pairs.mentions_gained += gained;
        }
        self.pairs.languages.entry(language).or_default().add(&of_language);
    }

    /// The number of a record's language; all beyond the first 255 are one.
    fn language(&mut self, digest: &Digest) -> u8 {
        let code = digest.language.as_deref().unwrap_or_default();
        let known = self.languages.iter().position(|known| known == code).unwrap_or_else(|| {
            self.languages.push(code.to_owned());
            self.languages.len() - 1
        });
        u8::try_from(known).unwrap_or(u8::MAX)
    }

    /// Where the values of the first side are that the examples need.
    pub fn wanted(&self) -> Vec<Place> {
        self.wanted.iter().map(|wanted| wanted.place).collect()
    }

    /// The result. `values` are those of the first side that were [`wanted`](Self::wanted), as far as they
    /// could be had again.
    pub fn finish(self, values: &[(Place, Vec<u8>)]) -> Report {
        let [a, b] = self.settings.names.clone();
        let mut only_a = Lowest::new(self.settings.examples);
        let mut alone = 0;
        for (key, slot) in self.index.iter().filter(|(_, slot)| slot.other.is_none()) {
            alone += 1;
            only_a.add(key.spread(), || slot.place.of(&a));
        }
        let fields = &self.settings.fields;
        let examples = self.wanted.into_items().map(|wanted| {
            let value = values.iter().find(|(place, _)| *place == wanted.place).map(|(_, value)| value);
            let changes = value.map(|value| changes(value, &wanted.value, fields));
            Example { source: wanted.source, a: wanted.place.of(&a), b: wanted.other.of(&b), changes }
        });
        let [first, second] = self.sides;
        let deleted_alike = first.deleted == second.deleted;
        let mut report = Report {
            a: SideReport::new(&a, first),
            b: SideReport::new(&b, second),
            by: if self.settings.by_id { "id" } else { "source" },
            sample: self.settings.sample,
            only_a: alone,
            only_b: self.alone.len() as u64,
            only_a_examples: only_a.into_items().collect(),
            only_b_examples: self.alone_examples.into_items().collect(),
            key_examples: self.key_examples.into_items().collect(),
            examples: examples.collect(),
            ..Report::default()
        };
        report.pairs(&self.pairs, &self.names, fields);
        report.different |= !deleted_alike;
        report
    }
}
