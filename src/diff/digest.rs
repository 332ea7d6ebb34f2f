//! One record as hashes, read in one pass and without building its values.
//!
//! Objects are hashed whatever the order of their members. What only numbers things is replaced by what it
//! stands for, because one more entity moves all numbers behind it: the id of an entity by its type and
//! name, the index of a mention by that mention.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Field;
use crate::encode::SCHEMA;

/// What is kept of a record.
#[derive(Debug, Default)]
pub struct Digest {
    /// Topic, partition and offset of the raw record.
    pub source: Option<(String, i32, i64)>,
    /// The record's id.
    pub id: String,
    /// Hash of each field; 0 where it is absent.
    pub fields: [u64; Field::ALL.len()],
    /// Detected language.
    pub language: Option<String>,
    /// What made it, as JSON.
    pub pipeline: String,
    /// Its entities.
    pub entities: Vec<Entity>,
    /// Its mentions: hashes of where and as what, sorted.
    pub mentions: Vec<u32>,
}

impl Digest {
    /// Hash of what the record holds: not of where it came from, nor of what made it.
    pub fn content(&self) -> u64 {
        self.fields.iter().fold(7, |all, field| join(all, *field))
    }
}

/// An entity of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its type, as the record has it.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Hash of its link.
    pub link: u64,
}

/// Reads a record.
///
/// # Errors
/// What is wrong with it, for people.
pub fn digest(value: &[u8]) -> Result<Digest, String> {
    let mut context = Context::default();
    let mut json = serde_json::Deserializer::from_slice(value);
    let visitor = Hashing { context: &mut context, mode: Mode::Record };
    let read = visitor.deserialize(&mut json).and_then(|_| json.end());
    read.map_err(|error| error.to_string())?;
    if context.schema != SCHEMA {
        return Err(match context.schema.as_str() {
            "" => format!("no record of {SCHEMA}"),
            other => format!("a record of {other}, and this build compares {SCHEMA}"),
        });
    }
    let mut digest = context.digest;
    if digest.source.is_none() && digest.id.is_empty() {
        return Err("has neither source nor id".to_owned());
    }
    digest.mentions.sort_unstable();
    Ok(digest)
}

/// A hash of bytes: eight at a time, by multiplication folded in two. Names and numbers are short and many, and
/// nobody here chooses them to collide.
pub fn hash(bytes: &[u8]) -> u64 {
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        (product >> 64) as u64 ^ product as u64
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let all = words.iter().chain([&last]);
    let start = 0x9e37_79b9_7f4a_7c15 ^ (bytes.len() as u64).wrapping_mul(0xa076_1d64_78bd_642f);
    mix(all.fold(start, |state, word| fold(state ^ u64::from_le_bytes(*word), 0xe703_7ed1_a0b4_28db)))
}

/// Spreads a number over all bits (the finaliser of splitmix64).
pub fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn join(a: u64, b: u64) -> u64 {
    mix(a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b))
}

/// What was read so far.
#[derive(Default)]
struct Context {
    digest: Digest,
    schema: String,
    /// The text of the value that was captured last.
    captured: String,
    /// What the ids of entities stand for.
    entities: FxHashMap<String, u64>,
    /// What the indices of mentions stand for.
    mentions: Vec<u64>,
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The record itself.
    Record,
    /// `language`
    Language,
    /// A list whose items are known.
    List(Field),
    /// An item of it.
    Item(Field),
    /// A scalar that is wanted as it is.
    Capture,
    /// An entity's id.
    Reference,
    /// A mention's index.
    Index,
    /// Anything else.
    Plain,
}

struct Hashing<'c> {
    context: &'c mut Context,
    mode: Mode,
}

impl<'de> DeserializeSeed<'de> for Hashing<'_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Hashing<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.mode == Mode::Record { "an enriched record" } else { "JSON" })
    }

    fn visit_unit<E>(self) -> Result<u64, E> {
        Ok(1)
    }

    fn visit_bool<E>(self, value: bool) -> Result<u64, E> {
        Ok(2 + u64::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<u64, E> {
        Ok(join(4, value.cast_unsigned()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<u64, E> {
        let of_mention = || self.context.mentions.get(usize::try_from(value).unwrap_or(usize::MAX)).copied();
        let meant = if self.mode == Mode::Index { of_mention() } else { None };
        Ok(meant.unwrap_or_else(|| join(4, value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<u64, E> {
        // 1.0 is 1: writers of JSON do not agree on it.
        let whole = value as i64;
        let is_whole = whole as f64 == value && whole.unsigned_abs() < 1 << 53;
        Ok(if is_whole { join(4, whole.cast_unsigned()) } else { join(5, value.to_bits()) })
    }

    fn visit_str<E>(self, value: &str) -> Result<u64, E> {
        if self.mode == Mode::Capture {
            self.context.captured.push_str(value);
        }
        let meant =
            if self.mode == Mode::Reference { self.context.entities.get(value).copied() } else { None };
        Ok(meant.unwrap_or_else(|| hash(value.as_bytes())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<u64, A::Error> {
        self.refuse_unless_object()?;
        let mode = if let Mode::List(field) = self.mode { Mode::Item(field) } else { Mode::Plain };
        let mut all = 6;
        while let Some(item) = list.next_element_seed(Hashing { context: self.context, mode })? {
            all = join(all, item);
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<u64, A::Error> {
        match self.mode {
            Mode::Record => self.record(map),
            Mode::Item(Field::Entities) => self.entity(map),
            Mode::Item(Field::Mentions) => self.mention(map),
            mode => self.object(map, |name| match (mode, name) {
                (Mode::Language, "detected") => Mode::Capture,
                (Mode::Item(field), name) if field.references().contains(&name) => Mode::Reference,
                _ => Mode::Plain,
            }),
        }
    }
}

impl Hashing<'_> {
    fn refuse_unless_object<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.mode == Mode::Record { Err(E::custom("a list, and no enriched record")) } else { Ok(()) }
    }

    /// An object: each member by its name, whatever their order. `mode` says what its members are.
    fn object<'de, A: MapAccess<'de>>(
        self,
        mut map: A,
        mode: impl Fn(&str) -> Mode,
    ) -> Result<u64, A::Error> {
        let mut all = 7u64;
        while let Some((name, mode)) =
            map.next_key_seed(Name(|name: &str| (hash(name.as_bytes()), mode(name))))?
        {
            let value = map.next_value_seed(Hashing { context: self.context, mode })?;
            all = all.wrapping_add(join(name, value));
        }
        Ok(mix(all))
    }

    fn capture<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<u64, A::Error> {
        self.context.captured.clear();
        map.next_value_seed(Hashing { context: self.context, mode: Mode::Capture })
    }

    fn plain<'de, A: MapAccess<'de>>(&mut self, map: &mut A, mode: Mode) -> Result<u64, A::Error> {
        map.next_value_seed(Hashing { context: self.context, mode })
    }

    fn record<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<u64, A::Error> {
        while let Some(name) = map.next_key_seed(Name(str::to_owned))? {
            match name.as_str() {
                "schema" => {
                    self.capture(&mut map)?;
                    self.context.schema = std::mem::take(&mut self.context.captured);
                }
                "source" => {
                    self.context.digest.source = map.next_value::<Option<Source>>()?.map(Source::parts)
                }
                "pipeline" => {
                    let pipeline: serde_json::Value = map.next_value()?;
                    self.context.digest.pipeline = pipeline.to_string();
                }
                name => {
                    let field = Field::named(name).unwrap_or(Field::Other);
                    let value = match field {
                        Field::Id => {
                            let value = self.capture(&mut map)?;
                            self.context.digest.id = std::mem::take(&mut self.context.captured);
                            value
                        }
                        Field::Language => {
                            self.context.captured.clear();
                            let value = self.plain(&mut map, Mode::Language)?;
                            let detected = std::mem::take(&mut self.context.captured);
                            self.context.digest.language = Some(detected).filter(|code| !code.is_empty());
                            value
                        }
                        Field::Entities | Field::Mentions | Field::Roles | Field::Quotes | Field::Places => {
                            self.plain(&mut map, Mode::List(field))?
                        }
                        _ => self.plain(&mut map, Mode::Plain)?,
                    };
                    let slot = self.context.digest.fields.get_mut(field as usize);
                    let slot = slot.ok_or_else(|| A::Error::custom("no place for a field"))?;
                    // Several unknown members share one place, in any order.
                    let value =
                        if field == Field::Other { join(hash(name.as_bytes()), value) } else { value };
                    *slot = slot.wrapping_add(value);
                }
            }
        }
        Ok(0)
    }

    fn entity<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<u64, A::Error> {
        let (mut id, mut kind, mut name, mut link) = (String::new(), String::new(), String::new(), 0);
        let mut all = 7u64;
        while let Some(member) = map.next_key_seed(Name(str::to_owned))? {
            let value = match member.as_str() {
                "id" => {
                    self.capture(&mut map)?;
                    id = std::mem::take(&mut self.context.captured);
                    continue;
                }
                // Which they are is in the field of that name.
                "mentions" => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                "type" | "name" => {
                    let value = self.capture(&mut map)?;
                    let text = std::mem::take(&mut self.context.captured);
                    *(if member == "type" { &mut kind } else { &mut name }) = text;
                    value
                }
                "link" => {
                    link = self.plain(&mut map, Mode::Plain)?;
                    link
                }
                _ => self.plain(&mut map, Mode::Plain)?,
            };
            all = all.wrapping_add(join(hash(member.as_bytes()), value));
        }
        // Not by its link: one link that changes would change all that the entity says and does.
        let meant = join(hash(kind.as_bytes()), hash(name.as_bytes()));
        self.context.entities.insert(id, meant);
        self.context.digest.entities.push(Entity { kind, name, link });
        Ok(mix(all))
    }

    fn mention<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<u64, A::Error> {
        let (mut all, mut identity) = (7u64, 7u64);
        while let Some(member) = map.next_key_seed(Name(str::to_owned))? {
            let mode = match member.as_str() {
                "entity" => Mode::Reference,
                "nested_in" => Mode::Index,
                _ => Mode::Plain,
            };
            let value = join(hash(member.as_bytes()), self.plain(&mut map, mode)?);
            all = all.wrapping_add(value);
            if matches!(member.as_str(), "field" | "char" | "type") {
                identity = identity.wrapping_add(value);
            }
        }
        let identity = mix(identity);
        self.context.mentions.push(identity);
        self.context.digest.mentions.push((identity >> 32) as u32);
        Ok(mix(all))
    }
}

/// `source`, or what is enough of it.
#[derive(serde::Deserialize)]
struct Source {
    topic: String,
    partition: i32,
    offset: i64,
}

impl Source {
    fn parts(self) -> (String, i32, i64) {
        (self.topic, self.partition, self.offset)
    }
}

/// A member's name, and what is made of it.
struct Name<F>(F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Name<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Name<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}
