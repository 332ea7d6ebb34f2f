//! The series that are set anew at each scrape, from one view of the books.

use prometheus::{GaugeVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Registry};

use super::catalogue;
use super::make::Maker;

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
    /// Age of the oldest record that is not complete, in seconds; absent while unknown.
    pub time_lag_seconds: Option<f64>,
    /// Committed offset; absent while unknown.
    pub committed: Option<i64>,
    /// Lowest offset not complete; absent before the first record.
    pub watermark: Option<i64>,
    /// Seconds without progress while there is work.
    pub idle_seconds: f64,
}

#[derive(Debug)]
pub struct BookSeries {
    pub registry: Registry,
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
    time_lag: GaugeVec,
    committed: IntGaugeVec,
    watermark: IntGaugeVec,
    idle: GaugeVec,
}

impl BookSeries {
    pub fn new() -> Self {
        let registry = Registry::new();
        let make = Maker(&registry);
        Self {
            consumed: make.counter(&catalogue::CONSUMED),
            consumed_bytes: make.counter(&catalogue::CONSUMED_BYTES),
            published: make.counter(&catalogue::PUBLISHED),
            dead_lettered: make.counters(&catalogue::DEAD_LETTERED),
            dropped: make.counters(&catalogue::DROPPED),
            abandoned: make.counter(&catalogue::ABANDONED),
            late_reports: make.counter(&catalogue::LATE_REPORTS),
            expired: make.counter(&catalogue::EXPIRED),
            in_flight: make.gauge(&catalogue::IN_FLIGHT),
            in_flight_bytes: make.gauge(&catalogue::IN_FLIGHT_BYTES),
            assigned: make.gauge(&catalogue::ASSIGNED),
            lag: make.gauges(&catalogue::LAG),
            time_lag: make.floats(&catalogue::TIME_LAG),
            committed: make.gauges(&catalogue::COMMITTED),
            watermark: make.gauges(&catalogue::WATERMARK),
            idle: make.floats(&catalogue::IDLE),
            registry,
        }
    }

    pub fn set(&self, books: &Books) {
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
        self.time_lag.reset();
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
            if let Some(seconds) = p.time_lag_seconds {
                self.time_lag.with_label_values(&labels).set(seconds);
            }
        }
    }
}

fn clamp(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
