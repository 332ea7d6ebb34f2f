//! Every metric, in one struct, with typed labels. Imports nothing of ours.
//!
//! Counts of records come from the ledger: at each scrape one [`Books`] is read and all its series are
//! set from it, so that the accounting identity holds within every scrape. Series of partitions that are
//! no longer owned disappear, because the partition series are made anew each time.

mod books;
mod catalogue;
mod labels;
mod make;
mod process;
pub mod read;

use std::sync::Mutex;

use prometheus::{
    Encoder, Gauge, GaugeVec, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec,
    Registry, TextEncoder,
};

use books::BookSeries;
use make::Maker;
use process::Process;

pub use books::{Books, PartitionSeries};
pub use catalogue::{ALL, Definition, Kind, LANGUAGES, Label};
pub use labels::{StageLabel, language_label};

/// Bounds of the buckets for the time that a stage takes, in seconds.
const STAGE_BUCKETS: [f64; 14] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0,
    5.0,
];
/// Bounds of the buckets for the time that a record waits, in seconds.
const WAIT_BUCKETS: [f64; 16] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0];

/// All metrics. What each of them says is in the catalogue.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    books: Mutex<BookSeries>,
    /// Seconds a stage took for a record.
    pub stage_seconds: HistogramVec,
    /// Records waiting before a stage.
    pub queue_depth: IntGaugeVec,
    /// Seconds from a record's Kafka timestamp to its acknowledgement in the output topic.
    pub end_to_end_seconds: Histogram,
    /// Bytes of acknowledged enriched records.
    pub published_bytes: IntCounter,
    /// Rebalance events, by kind.
    pub rebalances: IntCounterVec,
    /// Commits that failed.
    pub commit_failures: IntCounter,
    /// Errors that clients reported, by client.
    pub client_errors: IntCounterVec,
    /// Messages in the producer's queue.
    pub producer_queue: IntGauge,
    /// Seconds in which the output has acknowledged nothing of what it was given.
    pub output_silent: Gauge,
    /// Seconds for which no broker has answered, by cluster.
    pub brokers_down: GaugeVec,
    /// Seconds for which transactions have failed.
    pub transactions_failing: Gauge,
    /// Producers made in place of one that met a fatal error, or did not say how a transaction ended.
    pub producer_renewals: IntCounter,
    /// Transactions, by outcome.
    pub transactions: IntCounterVec,
    /// What was done about stuck partitions, by action.
    pub heals: IntCounterVec,
    /// Partitions that make no progress, by cause.
    pub waiting_partitions: IntGaugeVec,
    /// Bytes allowed in flight.
    pub memory_budget: IntGauge,
    /// 1 while consumption is paused, by cause.
    pub paused: IntGaugeVec,
    /// Share of the breaker's window that was rejected.
    pub breaker_rejected: Gauge,
    /// The share at which the breaker stops the service.
    pub breaker_limit: Gauge,
    /// 1 when the breaker has tripped.
    pub breaker_tripped: IntGauge,
    /// Entities by type and language.
    pub entities: IntCounterVec,
    /// Articles in which nothing was found, by reason.
    pub empty_results: IntCounterVec,
    /// Quotes whose speaker is not known.
    pub unattributed_quotes: IntCounter,
    /// Time expressions without a full value.
    pub unresolved_times: IntCounter,
    /// Articles by detected language.
    pub articles: IntCounterVec,
    process: Process,
    /// Spans, by what became of them.
    pub spans: IntCounterVec,
    /// Their characters.
    pub characters: IntCounterVec,
}

impl Metrics {
    /// All metrics, with `khabar_build_info`; `replay` is the name of a replay.
    pub fn new(version: &str, kb: &str, replay: Option<&str>) -> Self {
        let registry = Registry::new();
        let make = Maker(&registry);
        let build = make.gauges(&catalogue::BUILD_INFO);
        build.with_label_values(&[version, kb, replay.unwrap_or_default()]).set(1);
        make.float(&catalogue::START_TIME).set(
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0.0, |d| d.as_secs_f64()),
        );
        Self {
            stage_seconds: make.histograms(&catalogue::STAGE_SECONDS, &STAGE_BUCKETS),
            queue_depth: make.gauges(&catalogue::QUEUE_DEPTH),
            end_to_end_seconds: make.histogram(&catalogue::END_TO_END, &WAIT_BUCKETS),
            published_bytes: make.counter(&catalogue::PUBLISHED_BYTES),
            rebalances: make.counters(&catalogue::REBALANCES),
            commit_failures: make.counter(&catalogue::COMMIT_FAILURES),
            client_errors: make.counters(&catalogue::CLIENT_ERRORS),
            producer_queue: make.gauge(&catalogue::PRODUCER_QUEUE),
            output_silent: make.float(&catalogue::OUTPUT_SILENT),
            brokers_down: make.floats(&catalogue::BROKERS_DOWN),
            transactions_failing: make.float(&catalogue::TRANSACTIONS_FAILING),
            producer_renewals: make.counter(&catalogue::PRODUCER_RENEWALS),
            transactions: make.counters(&catalogue::TRANSACTIONS),
            heals: make.counters(&catalogue::HEALS),
            waiting_partitions: make.gauges(&catalogue::WAITING),
            memory_budget: make.gauge(&catalogue::MEMORY_BUDGET),
            paused: make.gauges(&catalogue::PAUSED),
            breaker_rejected: make.float(&catalogue::BREAKER_REJECTED),
            breaker_limit: make.float(&catalogue::BREAKER_LIMIT),
            breaker_tripped: make.gauge(&catalogue::BREAKER_TRIPPED),
            entities: make.counters(&catalogue::ENTITIES),
            empty_results: make.counters(&catalogue::EMPTY_RESULTS),
            unattributed_quotes: make.counter(&catalogue::UNATTRIBUTED_QUOTES),
            unresolved_times: make.counter(&catalogue::UNRESOLVED_TIMES),
            articles: make.counters(&catalogue::ARTICLES),
            spans: make.counters(&catalogue::SPANS),
            characters: make.counters(&catalogue::CHARACTERS),
            process: Process::new(&make),
            books: Mutex::new(BookSeries::new()),
            registry,
        }
    }

    /// Everything in the text format of Prometheus.
    ///
    /// # Errors
    /// When the encoder fails, which says that a metric is defined wrongly.
    pub fn render(&self, books: &Books) -> Result<Vec<u8>, prometheus::Error> {
        self.process.observe();
        let mut out = Vec::with_capacity(16 << 10);
        let series = self.books.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        series.set(books);
        TextEncoder::new().encode(&series.registry.gather(), &mut out)?;
        drop(series);
        TextEncoder::new().encode(&self.registry.gather(), &mut out)?;
        Ok(out)
    }
}
