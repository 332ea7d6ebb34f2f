//! The records of dead letters by reference, from the topics where they were read first.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sha2::{Digest, Sha256};

use crate::encode::hex;
use crate::envelope::Raw;
use crate::kafka::range::{Error, TopicReader};
use crate::kafka::settings::Cluster;
use crate::letters::{Letter, Omitted};

/// Fetches records from their source topics.
#[derive(Debug)]
pub struct Originals {
    cluster: Cluster,
    /// Readers of the topics that were needed; `None` for a topic that does not exist.
    readers: BTreeMap<String, Option<TopicReader>>,
}

/// Why a record is not to be had any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Gone {
    /// Its topic.
    #[error("its topic does not exist any more")]
    Topic,
    /// Retention, or the topic was made anew.
    #[error("it is not in its topic any more")]
    Record,
    /// What is there now is something else.
    #[error("another record is there now: size or hash are not those of the letter")]
    Changed,
}

impl Originals {
    /// Source topics are looked for in `cluster`.
    pub fn new(cluster: &Cluster) -> Self {
        Self { cluster: cluster.clone(), readers: BTreeMap::new() }
    }

    /// The record of a letter that does not hold it, if it is still what the letter says.
    ///
    /// # Errors
    /// When the cluster does not answer or refuses: then nothing is known.
    pub fn fetch(&mut self, letter: &Letter, omitted: &Omitted) -> Result<Result<Raw, Gone>, Error> {
        let reader = match self.readers.entry(letter.source.topic.to_string()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                free.insert(match TopicReader::open(&self.cluster, &letter.source.topic, None) {
                    Ok(reader) => Some(reader),
                    Err(Error::Missing { .. }) => None,
                    Err(error) => return Err(error),
                })
            }
        };
        let Some(reader) = reader else { return Ok(Err(Gone::Topic)) };
        let Some((_, raw)) = reader.fetch(letter.source.partition, letter.source.offset)? else {
            return Ok(Err(Gone::Record));
        };
        Ok(if is_the_same(&raw, omitted) { Ok(raw) } else { Err(Gone::Changed) })
    }
}

/// A letter without size or hash is of a record without a value.
fn is_the_same(raw: &Raw, omitted: &Omitted) -> bool {
    match &raw.value {
        None => omitted.bytes.is_none() && omitted.sha256.is_none(),
        Some(value) => {
            omitted.bytes == u64::try_from(value.len()).ok()
                && omitted.sha256.as_deref() == Some(hex(&Sha256::digest(value)).as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_known_by_size_and_hash() {
        let raw = |value: &'static str| Raw { value: Some(value.into()), ..Raw::default() };
        let hash = hex(&Sha256::digest("news"));
        let omitted = Omitted { bytes: Some(4), sha256: Some(hash.clone()) };
        assert!(is_the_same(&raw("news"), &omitted));
        assert!(!is_the_same(&raw("olds"), &omitted));
        assert!(!is_the_same(&Raw::default(), &omitted));
        assert!(!is_the_same(&raw("news"), &Omitted { bytes: Some(5), sha256: Some(hash) }));
        assert!(!is_the_same(&raw("news"), &Omitted { bytes: None, sha256: None }));
    }
}
