//! Every metric, in one struct, with typed labels. Imports nothing of ours.
//!
//! Counts of records come from the ledger: at each scrape one [`Books`] is read and all its series are
//! set from it, so that the accounting identity holds within every scrape. Series of partitions that are
//! no longer owned disappear, because the partition series are made anew each time.

mod labels;
pub mod read;

use std::sync::Mutex;

use prometheus::core::Collector;
use prometheus::{
    Encoder, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder,
};

pub use labels::{StageLabel, language_label};

/// What one scrape reads from the ledger.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Records polled.
    pub consumed: u64,
    /// Their bytes.
    pub consumed_bytes: u64,
    /// Records acknowledged in the output topic.
    pub published: u64,
    /// Dead letters by reason; every reason, zeros included.
    pub dead_lettered: Vec<(&'static str, u64)>,
    /// Dropped on purpose by reason; every reason, zeros included.
    pub dropped: Vec<(&'static str, u64)>,
    /// Given up by a revoke or a stop.
    pub abandoned: u64,
    /// Reports for partitions given up before.
    pub late_reports: u64,
    /// Offsets that retention removed unread.
    pub expired: u64,
    /// Records in flight.
    pub in_flight: u64,
    /// Bytes charged to the budget.
    pub in_flight_bytes: u64,
    /// Owned partitions.
    pub partitions: Vec<PartitionSeries>,
}

/// What one scrape reads of one partition.
#[derive(Debug, Clone, Default)]
pub struct PartitionSeries {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Records not yet complete, as the broker's end says; absent while unknown.
    pub lag: Option<i64>,
    /// Committed offset; absent while unknown.
    pub committed: Option<i64>,
    /// Lowest offset not complete; absent before the first record.
    pub watermark: Option<i64>,
    /// Seconds without progress while there is work.
    pub idle_seconds: f64,
}

/// All metrics.
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
    /// Rebalance events, by kind (assign, revoke, lost).
    pub rebalances: IntCounterVec,
    /// Commits that failed.
    pub commit_failures: IntCounter,
    /// Errors that clients reported, by client (consumer, producer).
    pub client_errors: IntCounterVec,
    /// Messages in the producer's queue.
    pub producer_queue: IntGauge,
    /// Producers made in place of one that met a fatal error, or did not say how a transaction ended.
    pub producer_renewals: IntCounter,
    /// Transactions, by outcome (committed, aborted, unknown).
    pub transactions: IntCounterVec,
    /// What was done about stuck partitions, by action (seek, consumer).
    pub heals: IntCounterVec,
    /// Partitions that make no progress, by cause.
    pub waiting_partitions: IntGaugeVec,
    /// Bytes allowed in flight.
    pub memory_budget: IntGauge,
    /// 1 while consumption is paused, by cause (budget, partition).
    pub paused: IntGaugeVec,
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
    /// Their characters.
    pub characters: IntCounterVec,
}

#[derive(Debug)]
struct BookSeries {
    registry: Registry,
    consumed: IntCounter,
    consumed_bytes: IntCounter,
    published: IntCounter,
    dead_lettered: IntCounterVec,
    dropped: IntCounterVec,
    abandoned: IntCounter,
    late_reports: IntCounter,
    expired: IntCounter,
    in_flight: IntGauge,
    in_flight_bytes: IntGauge,
    assigned: IntGauge,
    lag: IntGaugeVec,
    committed: IntGaugeVec,
    watermark: IntGaugeVec,
    idle: GaugeVec,
}

fn make<C: Collector + Clone + 'static>(registry: &Registry, metric: prometheus::Result<C>) -> C {
    // Names and labels are literals of this file; a mistake in one shows in the first test that scrapes.
    match metric {
        Ok(metric) => {
            if let Err(error) = registry.register(Box::new(metric.clone())) {
                tracing::error!(%error, "a metric could not be registered");
            }
            metric
        }
        Err(error) => unreachable!("metric definitions are literals: {error}"),
    }
}

impl Metrics {
    /// All metrics, with `khabar_build_info`.
    pub fn new(version: &str, kb: &str) -> Self {
        let r = Registry::new();
        let counter = |name: &str, help: &str| make(&r, IntCounter::new(name, help));
        let counters = |name: &str, help: &str, labels: &[&str]| {
            make(&r, IntCounterVec::new(Opts::new(name, help), labels))
        };
        let gauge = |name: &str, help: &str| make(&r, IntGauge::new(name, help));
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            make(&r, IntGaugeVec::new(Opts::new(name, help), labels))
        };
        let stage_buckets = vec![
            0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05,
            0.25, 1.0, 5.0,
        ];
        let wait_buckets = vec![
            0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0,
        ];
        let build = gauges("khabar_build_info", "What runs here; always 1", &["version", "knowledge_base"]);
        build.with_label_values(&[version, kb]).set(1);
        let start = make(
            &r,
            Gauge::new("khabar_start_time_seconds", "Start of the process, seconds since the epoch"),
        );
        start.set(
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0.0, |d| d.as_secs_f64()),
        );
        let metrics = Self {
            stage_seconds: make(
                &r,
                HistogramVec::new(
                    HistogramOpts::new("khabar_stage_seconds", "Seconds a stage took for a record")
                        .buckets(stage_buckets),
                    &["stage"],
                ),
            ),
            queue_depth: gauges("khabar_queue_depth", "Records waiting before a stage", &["stage"]),
            end_to_end_seconds: make(
                &r,
                Histogram::with_opts(
                    HistogramOpts::new(
                        "khabar_end_to_end_seconds",
                        "Seconds from a record's Kafka timestamp to its acknowledgement in the output topic",
                    )
                    .buckets(wait_buckets),
                ),
            ),
            published_bytes: counter(
                "khabar_bytes_published_total",
                "Bytes of acknowledged enriched records",
            ),
            rebalances: counters("khabar_rebalances_total", "Rebalance events", &["kind"]),
            commit_failures: counter("khabar_commit_failures_total", "Offset commits that failed"),
            client_errors: counters(
                "khabar_client_errors_total",
                "Errors reported by Kafka clients",
                &["client"],
            ),
            producer_queue: gauge("khabar_producer_queue_messages", "Messages in the producer's queue"),
            producer_renewals: counter(
                "khabar_producer_renewals_total",
                "Producers made in place of one that was of no use any more",
            ),
            transactions: counters("khabar_transactions_total", "Transactions", &["outcome"]),
            heals: counters("khabar_heals_total", "What was done about stuck partitions", &["action"]),
            waiting_partitions: gauges(
                "khabar_waiting_partitions",
                "Partitions that make no progress, by cause",
                &["cause"],
            ),
            memory_budget: gauge("khabar_memory_budget_bytes", "Bytes of records that may be in flight"),
            paused: gauges("khabar_paused", "Partitions paused, by cause", &["cause"]),
            entities: counters("khabar_entities_total", "Entities found", &["type", "language"]),
            empty_results: counters("khabar_empty_results_total", "Articles without entities", &["reason"]),
            unattributed_quotes: counter(
                "khabar_unattributed_quotes_total",
                "Direct quotes without a speaker",
            ),
            unresolved_times: counter(
                "khabar_unresolved_times_total",
                "Time expressions without a full value",
            ),
            articles: counters("khabar_articles_total", "Articles by detected language", &["language"]),
            characters: counters(
                "khabar_characters_total",
                "Characters of articles, title and body, by detected language",
                &["language"],
            ),
            books: Mutex::new(BookSeries::new()),
            registry: r,
        };
        for stage in [StageLabel::Decode, StageLabel::Extract, StageLabel::Encode] {
            metrics.stage_seconds.with_label_values(&[stage.as_str()]);
            metrics.queue_depth.with_label_values(&[stage.as_str()]);
        }
        for kind in ["assign", "revoke", "lost"] {
            metrics.rebalances.with_label_values(&[kind]);
        }
        for client in ["consumer", "producer"] {
            metrics.client_errors.with_label_values(&[client]);
        }
        for outcome in ["committed", "aborted", "unknown"] {
            metrics.transactions.with_label_values(&[outcome]);
        }
        for action in ["seek", "consumer"] {
            metrics.heals.with_label_values(&[action]);
        }
        for cause in ["stuck", "slow_stage", "budget", "output", "broker", "transaction"] {
            metrics.waiting_partitions.with_label_values(&[cause]);
        }
        for cause in ["budget", "partition"] {
            metrics.paused.with_label_values(&[cause]);
        }
        metrics
    }

    /// Everything in the text format of Prometheus.
    ///
    /// # Errors
    /// When the encoder fails, which says that a metric is defined wrongly.
    pub fn render(&self, books: &Books) -> Result<Vec<u8>, prometheus::Error> {
        let mut out = Vec::with_capacity(16 << 10);
        let series = self.books.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        series.set(books);
        TextEncoder::new().encode(&series.registry.gather(), &mut out)?;
        drop(series);
        TextEncoder::new().encode(&self.registry.gather(), &mut out)?;
        Ok(out)
    }
}

impl BookSeries {
    fn new() -> Self {
        let r = Registry::new();
        let counter = |name: &str, help: &str| make(&r, IntCounter::new(name, help));
        let gauge = |name: &str, help: &str| make(&r, IntGauge::new(name, help));
        let partition = ["topic", "partition"];
        let gauges = |name: &str, help: &str| make(&r, IntGaugeVec::new(Opts::new(name, help), &partition));
        Self {
            consumed: counter("khabar_records_consumed_total", "Records polled"),
            consumed_bytes: counter("khabar_bytes_consumed_total", "Bytes of records polled, key and value"),
            published: counter("khabar_records_published_total", "Records acknowledged in the output topic"),
            dead_lettered: make(
                &r,
                IntCounterVec::new(
                    Opts::new(
                        "khabar_records_dead_lettered_total",
                        "Records acknowledged in the dead-letter topic",
                    ),
                    &["reason"],
                ),
            ),
            dropped: make(
                &r,
                IntCounterVec::new(
                    Opts::new("khabar_records_dropped_total", "Records dropped on purpose"),
                    &["reason"],
                ),
            ),
            abandoned: counter(
                "khabar_records_abandoned_total",
                "Records given up by a revoke or a stop, to be read again",
            ),
            late_reports: counter(
                "khabar_late_reports_total",
                "Delivery reports for partitions given up before",
            ),
            expired: counter("khabar_expired_total", "Offsets that retention removed before they were read"),
            in_flight: gauge("khabar_in_flight_records", "Records polled whose end is not known"),
            in_flight_bytes: gauge("khabar_in_flight_bytes", "Bytes charged to the memory budget"),
            assigned: gauge("khabar_assigned_partitions", "Partitions owned"),
            lag: gauges("khabar_lag", "Records of the partition that are not complete"),
            committed: gauges("khabar_committed_offset", "Committed offset"),
            watermark: gauges("khabar_watermark_offset", "Lowest offset that is not complete"),
            idle: make(
                &r,
                GaugeVec::new(
                    Opts::new(
                        "khabar_seconds_without_progress",
                        "Seconds since the watermark moved while there is work",
                    ),
                    &partition,
                ),
            ),
            registry: r,
        }
    }

    fn set(&self, books: &Books) {
        let set = |counter: &IntCounter, value: u64| {
            counter.reset();
            counter.inc_by(value);
        };
        set(&self.consumed, books.consumed);
        set(&self.consumed_bytes, books.consumed_bytes);
        set(&self.published, books.published);
        set(&self.abandoned, books.abandoned);
        set(&self.late_reports, books.late_reports);
        set(&self.expired, books.expired);
        for (counters, values) in
            [(&self.dead_lettered, &books.dead_lettered), (&self.dropped, &books.dropped)]
        {
            for (label, value) in values {
                set(&counters.with_label_values(&[label]), *value);
            }
        }
        self.in_flight.set(clamp(books.in_flight));
        self.in_flight_bytes.set(clamp(books.in_flight_bytes));
        self.assigned.set(clamp(books.partitions.len() as u64));
        for series in [&self.lag, &self.committed, &self.watermark] {
            series.reset();
        }
        self.idle.reset();
        for p in &books.partitions {
            let number = p.partition.to_string();
            let labels = [p.topic.as_str(), number.as_str()];
            for (series, value) in
                [(&self.lag, p.lag), (&self.committed, p.committed), (&self.watermark, p.watermark)]
            {
                if let Some(value) = value.filter(|v| *v >= 0) {
                    series.with_label_values(&labels).set(value);
                }
            }
            self.idle.with_label_values(&labels).set(p.idle_seconds);
        }
    }
}

fn clamp(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
