//! What each metric is: name, type, labels and meaning, in the order of `docs/metrics.md`, which is made from this.

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [Label],
    /// What it says, as `# HELP` and the documentation have it.
    pub help: &'static str,
}

/// The type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rises from 0 until the process ends.
    Counter,
    /// A value of this moment.
    Gauge,
    /// Counts by size; comes as `_bucket`, `_sum` and `_count`.
    Histogram,
}

impl Kind {
    /// Its name, as `# TYPE` has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        }
    }
}

/// A label and all values that it can take; none where they come from the configuration or the code of another module.
pub type Label = (&'static str, &'static [&'static str]);

const fn counter(name: &'static str, labels: &'static [Label], help: &'static str) -> Definition {
    Definition { name, kind: Kind::Counter, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [Label], help: &'static str) -> Definition {
    Definition { name, kind: Kind::Gauge, labels, help }
}

const fn histogram(name: &'static str, labels: &'static [Label], help: &'static str) -> Definition {
    Definition { name, kind: Kind::Histogram, labels, help }
}

/// Languages as labels: a bounded set.
pub const LANGUAGES: &[&str] = &["ar", "en", "fr", "ru", "other", "unknown"];

const REASON: &[Label] = &[("reason", &[])];
const PARTITION: &[Label] = &[("topic", &[]), ("partition", &[])];
const STAGE: &[Label] = &[("stage", &["decode", "extract", "encode"])];

// The books.

pub const CONSUMED: Definition = counter("khabar_records_consumed_total", &[], "records polled and admitted");
pub const CONSUMED_BYTES: Definition =
    counter("khabar_bytes_consumed_total", &[], "their bytes, key and value");
pub const PUBLISHED: Definition = counter(
    "khabar_records_published_total",
    &[],
    "records acknowledged in the output topic, tombstones included",
);
pub const PUBLISHED_BYTES: Definition = counter(
    "khabar_bytes_published_total",
    &[],
    "bytes of acknowledged enriched records, before compression",
);
pub const DEAD_LETTERED: Definition = counter(
    "khabar_records_dead_lettered_total",
    REASON,
    "records acknowledged in the dead-letter topic; every reason has a series from the start",
);
pub const DROPPED: Definition = counter(
    "khabar_records_dropped_total",
    REASON,
    "records dropped on purpose: `tombstone`, with `output.tombstones` set to drop; `filtered`, in a redrive that leaves records out",
);
pub const ABANDONED: Definition = counter(
    "khabar_records_abandoned_total",
    &[],
    "records given up by a revoke or a stop, to be read again",
);
pub const LATE_REPORTS: Definition =
    counter("khabar_late_reports_total", &[], "delivery reports for partitions given up before");
pub const EXPIRED: Definition = counter(
    "khabar_expired_total",
    &[],
    "offsets that retention removed before they were read; counted once more when the partition changes hands before anything behind them is committed",
);
pub const IN_FLIGHT: Definition =
    gauge("khabar_in_flight_records", &[], "records polled whose end is not known");
pub const IN_FLIGHT_BYTES: Definition =
    gauge("khabar_in_flight_bytes", &[], "bytes charged to the memory budget");
pub const MEMORY_BUDGET: Definition =
    gauge("khabar_memory_budget_bytes", &[], "bytes that may be in flight (`pipeline.memory_budget`)");
pub const PAUSED: Definition = gauge(
    "khabar_paused",
    &[("cause", &["budget", "partition"])],
    "`budget`: 1 while all partitions are paused for want of memory; `partition`: how many are paused because too many of their offsets are in flight",
);

// Partitions.

pub const ASSIGNED: Definition = gauge("khabar_assigned_partitions", &[], "partitions owned");
pub const LAG: Definition = gauge("khabar_lag", PARTITION, "records of the partition that are not complete");
pub const TIME_LAG: Definition = gauge(
    "khabar_time_lag_seconds",
    PARTITION,
    "age of the oldest record that was read and is not complete, by its Kafka timestamp; while there are records and none was read, how long that has been so; 0 when all are complete",
);
pub const COMMITTED: Definition = gauge("khabar_committed_offset", PARTITION, "committed offset");
pub const WATERMARK: Definition =
    gauge("khabar_watermark_offset", PARTITION, "lowest offset that is not complete: what is committed next");
pub const IDLE: Definition =
    gauge("khabar_seconds_without_progress", PARTITION, "since the watermark moved while there is work");
pub const WAITING: Definition = gauge(
    "khabar_waiting_partitions",
    &[("cause", &["stuck", "slow_stage", "budget", "output", "broker", "transaction"])],
    "partitions without progress for `watchdog.stuck_after`, by what holds them up",
);
pub const HEALS: Definition = counter(
    "khabar_heals_total",
    &[("action", &["seek", "consumer"])],
    "what was done about stuck partitions: `seek` (read anew), `consumer` (a new one)",
);
pub const REBALANCES: Definition = counter(
    "khabar_rebalances_total",
    &[("kind", &["assign", "revoke", "lost"])],
    "rebalances, by what they did to this instance",
);

// The way of a record.

pub const STAGE_SECONDS: Definition =
    histogram("khabar_stage_seconds", STAGE, "seconds that a stage took for a record");
pub const QUEUE_DEPTH: Definition = gauge("khabar_queue_depth", STAGE, "records waiting before a stage");
pub const END_TO_END: Definition = histogram(
    "khabar_end_to_end_seconds",
    &[],
    "from the record's Kafka timestamp to its acknowledgement in the output topic",
);

// Kafka.

pub const PRODUCER_QUEUE: Definition = gauge(
    "khabar_producer_queue_messages",
    &[],
    "messages that the producer holds, acknowledgement not yet seen",
);
pub const OUTPUT_SILENT: Definition = gauge(
    "khabar_output_silent_seconds",
    &[],
    "for how long the output has been given records and has acknowledged none",
);
pub const BROKERS_DOWN: Definition = gauge(
    "khabar_brokers_down_seconds",
    &[("cluster", &["input", "output"])],
    "for how long no broker of a cluster has answered this instance; 0 while one does, and for an output that is given nothing",
);
pub const TRANSACTIONS_FAILING: Definition = gauge(
    "khabar_transactions_failing_seconds",
    &[],
    "with exactly-once: for how long one transaction after the other has failed",
);
pub const PRODUCER_RENEWALS: Definition = counter(
    "khabar_producer_renewals_total",
    &[],
    "producers made in place of one that was of no use any more",
);
pub const TRANSACTIONS: Definition = counter(
    "khabar_transactions_total",
    &[("outcome", &["committed", "aborted", "unknown"])],
    "with exactly-once: transactions by how they ended; `unknown`: it had to be found out",
);
pub const COMMIT_FAILURES: Definition =
    counter("khabar_commit_failures_total", &[], "offset commits that failed; the next one covers them");
pub const CLIENT_ERRORS: Definition = counter(
    "khabar_client_errors_total",
    &[("client", &["consumer", "producer"])],
    "errors that a client reported",
);

// The circuit breaker.

pub const BREAKER_REJECTED: Definition = gauge(
    "khabar_breaker_rejected_ratio",
    &[],
    "rejected ones among the last records, as a share of a full `breaker.window`; 0 with the breaker off",
);
pub const BREAKER_LIMIT: Definition = gauge(
    "khabar_breaker_limit_ratio",
    &[],
    "the share at which the circuit breaker stops the service (`breaker.ratio`); 0 with the breaker off",
);
pub const BREAKER_TRIPPED: Definition = gauge(
    "khabar_breaker_tripped",
    &[],
    "1 when the circuit breaker has stopped the service, for the 20 s until the process ends, and after a start while \
     a probe reads what tripped it before",
);

// The text.

pub const ARTICLES: Definition =
    counter("khabar_articles_total", &[("language", LANGUAGES)], "articles by detected language");
pub const CHARACTERS: Definition =
    counter("khabar_characters_total", &[("language", LANGUAGES)], "characters of articles, title and body");
pub const ENTITIES: Definition = counter(
    "khabar_entities_total",
    &[("type", &["PER", "ORG", "LOC", "EVENT", "MISC"]), ("language", LANGUAGES)],
    "entities found",
);
pub const EMPTY_RESULTS: Definition = counter(
    "khabar_empty_results_total",
    &[("reason", &["extraction_off", "no_text", "language_unsupported", "language_unknown", "no_entities"])],
    "articles without entities",
);
pub const UNATTRIBUTED_QUOTES: Definition =
    counter("khabar_unattributed_quotes_total", &[], "direct quotes without a speaker");
pub const UNRESOLVED_TIMES: Definition =
    counter("khabar_unresolved_times_total", &[], "time expressions without a full value");

// Traces.

pub const SPANS: Definition = counter(
    "khabar_spans_total",
    &[("outcome", &["exported", "dropped", "failed"])],
    "spans of sampled records: `exported`, taken by the collector; `dropped`, because too many waited for it; `failed`, refused by it or given up because it did not answer",
);

// The process.

pub const BUILD_INFO: Definition = gauge(
    "khabar_build_info",
    &[("version", &[]), ("knowledge_base", &[]), ("replay", &[])],
    "what runs here; always 1. `replay` is the name of a replay, and empty for the live service",
);
pub const START_TIME: Definition =
    gauge("khabar_start_time_seconds", &[], "start of the process, seconds since the epoch");
pub const PROCESS_CPU: Definition =
    counter("process_cpu_seconds_total", &[], "processor time, of user and system together");
pub const PROCESS_MEMORY: Definition = gauge("process_resident_memory_bytes", &[], "resident memory");
pub const PROCESS_FILES: Definition = gauge("process_open_fds", &[], "open file descriptors");

/// Every metric, in groups with a title.
pub const ALL: &[(&str, &[Definition])] = &[
    (
        "Records",
        &[
            CONSUMED,
            CONSUMED_BYTES,
            PUBLISHED,
            PUBLISHED_BYTES,
            DEAD_LETTERED,
            DROPPED,
            ABANDONED,
            LATE_REPORTS,
            EXPIRED,
            IN_FLIGHT,
            IN_FLIGHT_BYTES,
            MEMORY_BUDGET,
            PAUSED,
        ],
    ),
    ("Partitions", &[ASSIGNED, LAG, TIME_LAG, COMMITTED, WATERMARK, IDLE, WAITING, HEALS, REBALANCES]),
    ("Stages", &[STAGE_SECONDS, QUEUE_DEPTH, END_TO_END]),
    (
        "Kafka",
        &[
            PRODUCER_QUEUE,
            OUTPUT_SILENT,
            BROKERS_DOWN,
            TRANSACTIONS_FAILING,
            PRODUCER_RENEWALS,
            TRANSACTIONS,
            COMMIT_FAILURES,
            CLIENT_ERRORS,
        ],
    ),
    ("The circuit breaker", &[BREAKER_REJECTED, BREAKER_LIMIT, BREAKER_TRIPPED]),
    ("The text", &[ARTICLES, CHARACTERS, ENTITIES, EMPTY_RESULTS, UNATTRIBUTED_QUOTES, UNRESOLVED_TIMES]),
    ("Traces", &[SPANS]),
    ("The process", &[BUILD_INFO, START_TIME, PROCESS_CPU, PROCESS_MEMORY, PROCESS_FILES]),
];
