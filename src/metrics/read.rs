//! Metrics read back, for those who show them: what is shown is what is scraped.

use std::collections::BTreeMap;

use prometheus::core::Collector;
use prometheus::{Histogram, IntCounterVec, IntGaugeVec};

/// The values of a counter by one of its labels, summed over its others; those above 0.
pub fn counts(counters: &IntCounterVec, label: &str) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for (labels, value) in series(counters, |metric| metric.get_counter().get_value()) {
        if let Some(name) = labels.get(label).filter(|_| value > 0.0) {
            *found.entry(name.clone()).or_default() += value as u64;
        }
    }
    found
}

/// The values above 0 of a counter with two labels.
pub fn by_labels(counters: &IntCounterVec, labels: [&str; 2]) -> BTreeMap<[String; 2], u64> {
    let all = series(counters, |metric| metric.get_counter().get_value());
    let pair = |of: &BTreeMap<String, String>| Some([of.get(labels[0])?.clone(), of.get(labels[1])?.clone()]);
    all.into_iter()
        .filter(|(_, value)| *value > 0.0)
        .filter_map(|(of, value)| Some((pair(&of)?, value as u64)))
        .collect()
}

/// The values of a gauge with one label.
pub fn levels(gauges: &IntGaugeVec, label: &str) -> BTreeMap<String, i64> {
    let all = series(gauges, |metric| metric.get_gauge().get_value());
    all.into_iter().filter_map(|(mut labels, value)| Some((labels.remove(label)?, value as i64))).collect()
}

fn series(
    metric: &impl Collector,
    value: impl Fn(&prometheus::proto::Metric) -> f64,
) -> Vec<(BTreeMap<String, String>, f64)> {
    let families = metric.collect();
    let all = families.iter().flat_map(|family| family.get_metric());
    all.map(|metric| {
        let labels = metric.get_label().iter().map(|pair| (pair.name().to_owned(), pair.value().to_owned()));
        (labels.collect(), value(metric))
    })
    .collect()
}

/// A histogram at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Buckets {
    /// Upper bounds with the number of observations up to each.
    pub upto: Vec<(f64, u64)>,
    /// All observations.
    pub count: u64,
}

impl Buckets {
    /// A histogram as it is now.
    pub fn of(histogram: &Histogram) -> Self {
        let families = histogram.collect();
        let metric = families.iter().flat_map(|family| family.get_metric()).next();
        metric.map_or_else(Self::default, |metric| {
            let histogram = metric.get_histogram();
            let buckets = histogram.get_bucket().iter();
            Self {
                upto: buckets.map(|b| (b.upper_bound(), b.cumulative_count())).collect(),
                count: histogram.get_sample_count(),
            }
        })
    }

    /// What was observed since an earlier moment.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let before = |at: usize| earlier.upto.get(at).map_or(0, |(_, count)| *count);
        let upto = self.upto.iter().enumerate();
        Self {
            upto: upto.map(|(at, (bound, count))| (*bound, count.saturating_sub(before(at)))).collect(),
            count: self.count.saturating_sub(earlier.count),
        }
    }

    /// The value below which `share` (0 to 1) of the observations lie, interpolated within a bucket as
    /// Prometheus' `histogram_quantile` does; the highest bound for what lies beyond it. `None` without any.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let rank = share * self.count as f64;
        let (mut low, mut below) = (0.0, 0u64);
        for &(bound, count) in self.upto.iter().filter(|(bound, _)| bound.is_finite()) {
            if count as f64 >= rank && count > below {
                return Some(low + (bound - low) * (rank - below as f64) / (count - below) as f64);
            }
            (low, below) = (bound, count);
        }
        Some(low)
    }
}

#[cfg(test)]
mod tests {
    use prometheus::{HistogramOpts, Opts};

    use super::*;

    #[test]
    fn counts_are_summed_over_the_other_labels() {
        let counters = IntCounterVec::new(Opts::new("a", "b"), &["type", "language"]).unwrap();
        counters.with_label_values(&["PER", "ar"]).inc_by(3);
        counters.with_label_values(&["PER", "fr"]).inc_by(4);
        counters.with_label_values(&["LOC", "ar"]).inc_by(5);
        let expected = |pairs: [(&str, u64); 2]| pairs.map(|(name, n)| (name.to_owned(), n)).into();
        assert_eq!(counts(&counters, "type"), expected([("LOC", 5), ("PER", 7)]));
        assert_eq!(counts(&counters, "language"), expected([("ar", 8), ("fr", 4)]));
    }

    #[test]
    fn quantiles_are_those_of_prometheus() {
        let histogram =
            Histogram::with_opts(HistogramOpts::new("a", "b").buckets(vec![1.0, 2.0, 4.0])).unwrap();
        assert_eq!(Buckets::of(&histogram).quantile(0.5), None);
        histogram.observe(100.0);
        let before = Buckets::of(&histogram);
        assert_eq!(before.quantile(0.5), Some(4.0), "beyond the last bound");
        for value in [0.5, 0.5, 1.5, 1.5, 3.0, 3.0, 3.0, 3.0] {
            histogram.observe(value);
        }
        let since = Buckets::of(&histogram).since(&before);
        assert_eq!(since.count, 8);
        assert_eq!(since.quantile(0.25), Some(1.0));
        assert_eq!(since.quantile(0.5), Some(2.0));
        assert_eq!(since.quantile(0.75), Some(3.0));
        assert_eq!(since.quantile(1.0), Some(4.0));
    }
}
