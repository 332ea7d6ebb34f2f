//! One side of a comparison: a topic or a file.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cmd::enrich::open;
use crate::cmd::progress;
use crate::diff::Place;
use crate::envelope::Headers;
use crate::input::{self, Limits, Records, Shape};
use crate::kafka::range::{Span, TopicReader};
use crate::kafka::settings::Cluster;

/// Largest record of a file, in bytes.
const LARGEST: usize = 256 << 20;

/// A side that can be read.
pub enum Side {
    /// A file of JSON lines, or standard input.
    File(PathBuf),
    /// A topic as it was at the start.
    Topic {
        /// Reads it.
        reader: TopicReader,
        /// What is in it.
        spans: Vec<Span>,
    },
}

/// What is at a place.
pub enum Found<'a> {
    /// A record.
    Record {
        /// Its Kafka key.
        key: Option<&'a [u8]>,
        /// Its value.
        value: &'a [u8],
    },
    /// A record without a value, and the source that it names: topic, partition, offset.
    Tombstone(Option<(&'a str, i32, i64)>),
    /// Something that is not even that.
    Unreadable(String),
}

impl Side {
    /// A file where there is one of that name, else a topic. `letter` is the argument's name.
    ///
    /// # Errors
    /// When the name is neither, or the topic cannot be looked at.
    pub fn open(letter: &str, name: &str, cluster: &Cluster) -> anyhow::Result<Self> {
        let path = Path::new(name);
        if path.is_dir() {
            bail!("{letter}: {name} is a folder: give a file or a topic");
        }
        if name == "-" || path.exists() {
            return Ok(Side::File(path.to_owned()));
        }
        let is_path = name.contains('/') || name.ends_with(".jsonl") || name.ends_with(".gz");
        if is_path {
            // No topic is called that.
            File::open(path).with_context(|| format!("{letter}: cannot read {name}"))?;
        }
        crate::config::check_topic(letter, name)?;
        let reader = TopicReader::open(cluster, name, None).with_context(|| {
            format!("{letter}: there is no file {name}, and as a topic it cannot be read")
        })?;
        let spans = reader.spans()?;
        Ok(Side::Topic { reader, spans })
    }

    /// Visits every record.
    ///
    /// # Errors
    /// When it cannot be read to its end.
    pub fn each(&mut self, mut visit: impl FnMut(Place, Found<'_>)) -> anyhow::Result<()> {
        match self {
            Side::File(path) => lines(path, |line, found| {
                visit(Place::Line(line), found);
                true
            }),
            Side::Topic { reader, spans } => {
                let bar = progress::of_offsets(spans.iter().map(Span::offsets).sum(), reader.topic());
                let mut reading = reader.read(spans)?;
                while let Some((position, raw)) = reading.next_record()? {
                    bar.inc(1);
                    let place = Place::At { partition: position.partition, offset: position.offset };
                    visit(
                        place,
                        match raw.value.as_deref() {
                            Some(value) => Found::Record { key: raw.key.as_deref(), value },
                            None => Found::Tombstone(source(&raw.headers)),
                        },
                    );
                }
                bar.finish_and_clear();
                Ok(())
            }
        }
    }

    /// The values at some places, as far as they are still there.
    ///
    /// # Errors
    /// When reading fails.
    pub fn fetch(&mut self, places: &[Place]) -> anyhow::Result<Vec<(Place, Vec<u8>)>> {
        let mut found = Vec::new();
        match self {
            Side::File(path) => {
                let mut wanted: BTreeSet<u64> = BTreeSet::new();
                wanted.extend(places.iter().filter_map(|place| match place {
                    Place::Line(line) => Some(*line),
                    Place::At { .. } => None,
                }));
                if wanted.is_empty() {
                    return Ok(found);
                }
                lines(path, |line, record| {
                    if let Found::Record { value, .. } = record
                        && wanted.remove(&line)
                    {
                        found.push((Place::Line(line), value.to_vec()));
                    }
                    !wanted.is_empty()
                })?;
            }
            Side::Topic { reader, .. } => {
                for place in places {
                    let Place::At { partition, offset } = *place else { continue };
                    let record = reader.fetch(partition, offset)?;
                    if let Some(value) = record.and_then(|(_, raw)| raw.value) {
                        found.push((*place, value.to_vec()));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Where a tombstone says that it comes from.
fn source(headers: &Headers) -> Option<(&str, i32, i64)> {
    let topic = headers.get_str("khabar-source-topic")?;
    let partition = headers.get_str("khabar-source-partition")?.parse().ok()?;
    Some((topic, partition, headers.get_str("khabar-source-offset")?.parse().ok()?))
}

/// Visits the lines of a file until `visit` has seen enough.
fn lines(path: &Path, mut visit: impl FnMut(u64, Found<'_>) -> bool) -> anyhow::Result<()> {
    let failed = || format!("cannot read {}", path.display());
    let bar = progress::of_files(&[path.to_owned()], false);
    let input: Box<dyn Read + Send> = open(path, &bar).with_context(failed)?;
    let limits = Limits { record: LARGEST, decompressed: None };
    for (place, found) in Records::new(path, input, Some(Shape::Lines), limits).with_context(failed)? {
        let line = place.line.unwrap_or_default();
        let go_on = match found {
            input::Found::Record(raw) => {
                visit(line, Found::Record { key: None, value: raw.value.as_deref().unwrap_or_default() })
            }
            // Half a compressed file is no file: what is missing would look lost.
            input::Found::Refused(reject) if reject.reason != crate::envelope::Reason::TooLarge => {
                bail!("{}: {}", path.display(), reject.message)
            }
            input::Found::Refused(reject) => visit(line, Found::Unreadable(reject.message)),
            input::Found::Unreadable(error) => return Err(error).with_context(failed),
        };
        if !go_on {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(())
}
