//! What a replay reads, and how far it is: pure.
//!
//! A replay is a set of [`Range`]s, fixed when it begins. How far each is, is kept with the offset that the
//! replay's own group commits, as that commit's metadata ([`State`]): so a resume after a crash knows the ends,
//! the counts and the build, and nothing else has to be kept anywhere.

use serde::{Deserialize, Serialize};

use crate::offsets::Passed;

/// Where a range begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// At the first record that is there.
    Earliest,
    /// Behind the last record that is there now.
    Latest,
    /// At an offset.
    Offset(i64),
    /// At the first record with this Kafka timestamp (milliseconds since the epoch) or a later one.
    Time(i64),
}

impl Bound {
    /// Whether a range from here to there could have nothing in it, whatever the topic holds.
    pub fn is_behind(self, end: Self) -> bool {
        match (self, end) {
            (Bound::Offset(from), Bound::Offset(to)) | (Bound::Time(from), Bound::Time(to)) => from > to,
            (Bound::Latest, _) | (_, Bound::Earliest) => self != end,
            _ => false,
        }
    }

    /// Reads `earliest`, `latest`, an offset, a time in RFC 3339, a date (midnight UTC), or a time ago such as
    /// `36h` or `30d`.
    ///
    /// # Errors
    /// What is allowed.
    pub fn parse(text: &str, now: jiff::Timestamp) -> Result<Self, String> {
        let text = text.trim();
        match text {
            "earliest" => return Ok(Bound::Earliest),
            "latest" => return Ok(Bound::Latest),
            _ => {}
        }
        if let Ok(offset) = text.parse::<u64>() {
            return i64::try_from(offset).map(Bound::Offset).map_err(|_| "is no offset".to_owned());
        }
        if let Some(seconds) = ago(text) {
            return Ok(Bound::Time(now.as_millisecond().saturating_sub(seconds.saturating_mul(1000))));
        }
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return Ok(Bound::Time(time.as_millisecond()));
        }
        // A date with a time behind it reads as a date, too, and as one that leaves the time out.
        let is_date = text.len() == "2026-11-01".len();
        let day = text.parse::<jiff::civil::Date>().ok();
        if day.is_some() && !is_date {
            return Err("has a time without its zone: put a Z behind it for UTC, or +03:00".to_owned());
        }
        let midnight = |day: jiff::civil::Date| jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
        day.and_then(midnight).map(|time| Bound::Time(time.as_millisecond())).ok_or_else(|| {
            "is no bound: give \"earliest\", \"latest\", an offset, a time such as \"2026-11-01\" or \
             \"2026-11-01T06:00:00Z\", or a time ago such as \"36h\" or \"30d\""
                .to_owned()
        })
    }
}

/// Seconds of `90s`, `30m`, `36h`, `30d`, `4w`.
fn ago(text: &str) -> Option<i64> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(at);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(seconds)
}

/// Partitions to read, and from where to where, if other than the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Topic; `None` for each.
    pub topic: Option<String>,
    /// Partition.
    pub partition: i32,
    /// Where to begin.
    pub from: Option<Bound>,
    /// Where to end.
    pub to: Option<Bound>,
}

impl Selection {
    /// Reads `3`, `news.raw/3`, `3:1000..2000`, `news.raw/3:2026-11-01..latest`; either bound may be left out.
    ///
    /// # Errors
    /// What is allowed.
    pub fn parse(text: &str, now: jiff::Timestamp) -> Result<Self, String> {
        const ALLOWED: &str =
            "is no selection: give PARTITION, TOPIC/PARTITION, or one of these with :FROM..TO";
        let (name, range) = text.split_once(':').map_or((text, None), |(name, range)| (name, Some(range)));
        let (topic, partition) = match name.rsplit_once('/') {
            Some((topic, partition)) => (Some(topic.to_owned()), partition),
            None => (None, name),
        };
        let partition = partition.trim().parse::<i32>().ok().filter(|p| *p >= 0).ok_or(ALLOWED)?;
        let bound = |text: &str| (!text.is_empty()).then(|| Bound::parse(text, now)).transpose();
        let (from, to) = match range.map(|range| range.split_once("..").ok_or(ALLOWED)).transpose()? {
            Some((from, to)) => (bound(from)?, bound(to)?),
            None => (None, None),
        };
        Ok(Self { topic, partition, from, to })
    }
}

/// Offsets `from..end` of a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// First offset.
    pub from: i64,
    /// The offset behind the last.
    pub end: i64,
}

impl Range {
    /// How many offsets it has; not all of them need have a record.
    pub fn offsets(&self) -> u64 {
        u64::try_from(self.end - self.from).unwrap_or(0)
    }
}

/// How far one range is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The range.
    pub range: Range,
    /// Everything below is done.
    pub position: i64,
    /// How the records below ended.
    pub passed: Passed,
}

impl State {
    /// A range that nothing was read of.
    pub fn new(range: Range) -> Self {
        Self { position: range.from, range, passed: Passed::default() }
    }

    /// Whether it is read to its end.
    pub fn is_done(&self) -> bool {
        self.position >= self.range.end
    }

    /// Offsets below the position that have no record: control records of transactions, and what compaction or
    /// retention took away.
    pub fn gaps(&self) -> u64 {
        u64::try_from(self.position - self.range.from).unwrap_or(0).saturating_sub(self.passed.records())
    }

    /// What is committed with the position.
    pub fn metadata(&self, job: &Job) -> String {
        let Passed { published, dead_lettered, dropped } = self.passed;
        let kept = Kept {
            khabar: VERSION,
            from: self.range.from,
            end: self.range.end,
            published,
            dead_lettered,
            dropped,
            job: job.clone(),
        };
        // Plain data: it has no map whose keys could fail.
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// The state that was committed at `offset` with `metadata`; `None` when that is none of ours.
    pub fn restore(topic: &str, partition: i32, offset: i64, metadata: &str) -> Option<(Self, Job)> {
        let kept: Kept = serde_json::from_str(metadata).ok().filter(|kept: &Kept| kept.khabar == VERSION)?;
        let range = Range { topic: topic.to_owned(), partition, from: kept.from, end: kept.end };
        let Kept { published, dead_lettered, dropped, .. } = kept;
        let passed = Passed { published, dead_lettered, dropped };
        Some((Self { range, position: offset, passed }, kept.job))
    }
}

/// Of the form of [`Kept`].
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Kept {
    khabar: u32,
    from: i64,
    end: i64,
    published: u64,
    dead_lettered: u64,
    dropped: u64,
    #[serde(flatten)]
    job: Job,
}

/// What a replay is, the same for all its ranges: a resume must not change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Version, configuration, knowledge base and models: what decides about the bytes that are written.
    pub build: String,
    /// What was asked for, in the words of the command line.
    pub asked: String,
    /// Where enriched records go.
    pub output: String,
    /// Where dead letters go.
    pub dead_letters: String,
}

/// The sums over all ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Ranges.
    pub ranges: usize,
    /// Those that are read to their end.
    pub done: usize,
    /// Offsets of all ranges.
    pub offsets: u64,
    /// Offsets below the positions.
    pub passed: u64,
    /// How the records below the positions ended.
    pub records: Passed,
    /// Offsets below the positions that have no record.
    pub gaps: u64,
}

impl Sums {
    /// Of these.
    pub fn of(states: &[State]) -> Self {
        let mut sums = Self { ranges: states.len(), ..Self::default() };
        for state in states {
            sums.done += usize::from(state.is_done());
            sums.offsets += state.range.offsets();
            sums.passed += u64::try_from(state.position - state.range.from).unwrap_or(0);
            sums.records.published += state.passed.published;
            sums.records.dead_lettered += state.passed.dead_lettered;
            sums.records.dropped += state.passed.dropped;
            sums.gaps += state.gaps();
        }
        sums
    }

    /// Whether everything was read, and records and gaps make up the ranges.
    pub fn is_complete(&self) -> bool {
        self.done == self.ranges && self.passed == self.offsets && self.reconciles()
    }

    /// Whether records and gaps make up what was passed.
    pub fn reconciles(&self) -> bool {
        self.records.records() + self.gaps == self.passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> jiff::Timestamp {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn bounds_are_read() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a time").as_millisecond();
        let cases = [
            ("earliest", Bound::Earliest),
            ("latest", Bound::Latest),
            ("1234", Bound::Offset(1234)),
            ("2026-11-01", Bound::Time(at("2026-11-01T00:00:00Z"))),
            ("2026-11-01T06:00:00+02:00", Bound::Time(at("2026-11-01T04:00:00Z"))),
            ("36h", Bound::Time(at("2026-11-22T00:00:00Z"))),
            ("2w", Bound::Time(at("2026-11-09T12:00:00Z"))),
        ];
        for (text, expected) in cases {
            assert_eq!(Bound::parse(text, now()), Ok(expected), "{text}");
        }
        for text in ["", "-5", "yesterday", "5y", "2026-13-01", "2026-11", "2026-11-01T", "2026-11-01T25:00Z"]
        {
            assert!(Bound::parse(text, now()).is_err(), "{text:?} was taken");
        }
        for text in ["2026-11-01T06:00:00", "2026-11-01T06:00", "2026-11-01 06:00:00", "2026-11-01T06"] {
            let why = Bound::parse(text, now()).expect_err(text);
            assert!(why.contains("zone"), "{text}: {why}");
        }
    }

    #[test]
    fn ranges_that_end_before_they_begin_are_told() {
        use Bound::{Earliest, Latest, Offset, Time};
        for (from, to) in
            [(Offset(5), Offset(4)), (Time(5), Time(4)), (Latest, Earliest), (Latest, Offset(9))]
        {
            assert!(from.is_behind(to), "{from:?}..{to:?}");
        }
        for (from, to) in [(Offset(4), Offset(4)), (Earliest, Latest), (Offset(5), Time(4)), (Latest, Latest)]
        {
            assert!(!from.is_behind(to), "{from:?}..{to:?}");
        }
    }

    #[test]
    fn selections_are_read() {
        let read = |text: &str| Selection::parse(text, now());
        let all = Selection { topic: None, partition: 3, from: None, to: None };
        assert_eq!(read("3"), Ok(all.clone()));
        let named = Selection { topic: Some("news.raw".to_owned()), ..all.clone() };
        assert_eq!(read("news.raw/3"), Ok(named.clone()));
        let part = Selection { from: Some(Bound::Offset(10)), to: Some(Bound::Offset(20)), ..all };
        assert_eq!(read("3:10..20"), Ok(part));
        let open = Selection { from: Some(Bound::Offset(10)), ..named };
        assert_eq!(read("news.raw/3:10.."), Ok(open));
        for text in ["", "x", "-1", "3:10", "3:a..b", "t/"] {
            assert!(read(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn a_state_survives_its_commit() {
        let range = Range { topic: "t".to_owned(), partition: 2, from: 100, end: 200 };
        let job = Job {
            build: "0.1.0 9f".to_owned(),
            asked: "from 7d".to_owned(),
            output: "o".to_owned(),
            dead_letters: "d".to_owned(),
        };
        let passed = Passed { published: 30, dead_lettered: 2, dropped: 1 };
        let state = State { range, position: 150, passed };
        assert_eq!(State::restore("t", 2, 150, &state.metadata(&job)), Some((state.clone(), job.clone())));
        assert_eq!(State::restore("t", 2, 150, "khabar: circuit breaker tripped"), None);
        assert_eq!((state.gaps(), state.is_done()), (17, false));
        let sums = Sums::of(&[state.clone(), State { position: 200, ..state }]);
        assert!(sums.reconciles() && !sums.is_complete());
        assert_eq!((sums.done, sums.passed, sums.gaps), (1, 150, 17 + 67));
    }
}
