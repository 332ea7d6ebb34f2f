//! A JSON value that borrows from its text, read within limits.
//!
//! `serde_json` does the grammar; its own recursion limit is off and replaced by `max_depth`, because
//! the limit must be a setting and exceeding it must have a name of its own. The deepest recursion is
//! therefore `max_depth`, both when reading and when dropping.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::surrogates;

/// A JSON value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value<'a> {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; whole ones beyond 64 bits have lost digits.
    Float(f64),
    /// A string, unescaped.
    Str(Cow<'a, str>),
    /// An array.
    List(Vec<Value<'a>>),
    /// An object, its members in their order; a repeated key stays, and the last one counts.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The last member under `key`, if it is an object with one.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match self {
            Value::Object(members) => members.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Str(_) => "a string",
            Value::List(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

/// How much one document may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Deepest nesting; a scalar at the top has depth 0.
    pub max_depth: usize,
    /// Most values, keys not counted.
    pub max_nodes: usize,
}

/// Why a text is no acceptable JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nested too deeply.
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
    /// Too many values.
    #[error("more than {0} values")]
    TooManyNodes(usize),
    /// Not JSON. The message names what is wrong and where, and quotes nothing of the text.
    #[error("{0}")]
    Syntax(String),
}

/// A document and what was odd about it.
#[derive(Debug, PartialEq)]
pub struct Document<'a> {
    /// Its value.
    pub value: Value<'a>,
    /// An object has the same key twice.
    pub duplicate_keys: bool,
}

/// Reads one document.
///
/// # Errors
/// [`Error`]: not JSON, or over a limit.
pub fn parse(text: &str, limits: Limits) -> Result<Document<'_>, Error> {
    let guard = Guard {
        limits,
        nodes: Cell::new(0),
        breach: Cell::new(Breach::None),
        duplicate_keys: Cell::new(false),
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let read = Seed { guard: &guard, depth: 0 }.deserialize(&mut reader);
    let read = read.and_then(|value| reader.end().map(|()| value));
    match (read, guard.breach.get()) {
        (_, Breach::Depth) => Err(Error::TooDeep(limits.max_depth)),
        (_, Breach::Nodes) => Err(Error::TooManyNodes(limits.max_nodes)),
        (Ok(value), Breach::None) => Ok(Document { value, duplicate_keys: guard.duplicate_keys.get() }),
        (Err(error), Breach::None) => Err(Error::Syntax(error.to_string())),
    }
}

/// The text with each lone surrogate escape replaced by `\ufffd`, where there is one: what to parse
/// when [`parse`] found a syntax error.
pub fn mend(text: &str) -> Option<String> {
    surrogates::mend(text)
}

#[derive(Clone, Copy, PartialEq)]
enum Breach {
    None,
    Depth,
    Nodes,
}

struct Guard {
    limits: Limits,
    nodes: Cell<usize>,
    breach: Cell<Breach>,
    duplicate_keys: Cell<bool>,
}

impl Guard {
    fn enter<E: de::Error>(&self, depth: usize) -> Result<(), E> {
        if depth >= self.limits.max_depth {
            self.breach.set(Breach::Depth);
            return Err(E::custom("too deep"));
        }
        Ok(())
    }

    fn count<E: de::Error>(&self) -> Result<(), E> {
        let nodes = self.nodes.get() + 1;
        self.nodes.set(nodes);
        if nodes > self.limits.max_nodes {
            self.breach.set(Breach::Nodes);
            return Err(E::custom("too many values"));
        }
        Ok(())
    }

    /// Few keys are compared pairwise, many by sorting: no input makes this quadratic.
    fn look_for_duplicates(&self, members: &[(Cow<'_, str>, Value<'_>)]) {
        if self.duplicate_keys.get() {
            return;
        }
        let found = if members.len() <= 24 {
            members.iter().enumerate().any(|(i, (key, _))| {
                members.get(..i).is_some_and(|before| before.iter().any(|(k, _)| k == key))
            })
        } else {
            let mut keys: Vec<&str> = members.iter().map(|(k, _)| k.as_ref()).collect();
            keys.sort_unstable();
            keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
        };
        self.duplicate_keys.set(found);
    }
}

struct Seed<'g> {
    guard: &'g Guard,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        self.guard.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value<'de>, E> {
        Ok(Value::Int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value<'de>, E> {
        Ok(i64::try_from(v).map_or_else(|_| Value::Str(Cow::Owned(v.to_string())), Value::Int))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value<'de>, E> {
        Ok(Value::Float(v))
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Str(Cow::Borrowed(v)))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value<'de>, E> {
        Ok(Value::Str(Cow::Owned(v.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        self.guard.enter(self.depth)?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Seed { guard: self.guard, depth: self.depth + 1 })? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        self.guard.enter(self.depth)?;
        let mut members = Vec::new();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let value = map.next_value_seed(Seed { guard: self.guard, depth: self.depth + 1 })?;
            members.push((key, value));
        }
        self.guard.look_for_duplicates(&members);
        Ok(Value::Object(members))
    }
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(v))
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { max_depth: 4, max_nodes: 10 };

    #[test]
    fn borrows_what_has_no_escapes() {
        let Value::Object(members) = parse(r#"{"a": "x", "b": "y\n"}"#, LIMITS).unwrap().value else {
            panic!("an object")
        };
        assert!(matches!(&members[0].1, Value::Str(Cow::Borrowed("x"))));
        assert!(matches!(&members[1].1, Value::Str(Cow::Owned(y)) if y == "y\n"));
    }

    #[test]
    fn limits_have_names() {
        assert!(parse("[[[[]]]]", LIMITS).is_ok());
        assert_eq!(parse("[[[[[]]]]]", LIMITS), Err(Error::TooDeep(4)));
        assert!(parse("[1,2,3,4,5,6,7,8,9]", LIMITS).is_ok());
        assert_eq!(parse("[1,2,3,4,5,6,7,8,9,10]", LIMITS), Err(Error::TooManyNodes(10)));
        let deep = "[".repeat(100_000);
        assert_eq!(parse(&deep, LIMITS), Err(Error::TooDeep(4)));
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let document = parse(r#"{"a": 1, "a": 2}"#, LIMITS).unwrap();
        assert!(document.duplicate_keys);
        assert_eq!(document.value.get("a"), Some(&Value::Int(2)));
        assert!(!parse(r#"{"a": 1, "b": {"a": 2}}"#, LIMITS).unwrap().duplicate_keys);
    }

    #[test]
    fn what_is_no_json_says_where() {
        for broken in ["", "{", "{\"a\": NaN}", "{} x", "'a'", "{\"a\": 1e999}", "\"\u{1}\""] {
            let error = parse(broken, LIMITS).unwrap_err();
            assert!(matches!(&error, Error::Syntax(m) if m.contains("line")), "{broken:?}: {error}");
        }
    }
}
