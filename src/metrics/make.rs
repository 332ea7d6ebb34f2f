//! From definitions to metrics of a registry.

use prometheus::core::{Collector, MetricVec, MetricVecBuilder};
use prometheus::{
    Counter, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

use super::catalogue::{Definition, Label};

fn register<C: Collector + Clone + 'static>(registry: &Registry, metric: prometheus::Result<C>) -> C {
    // Names and labels are literals of the catalogue; a mistake in one shows in the first test that scrapes.
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

fn names(definition: &Definition) -> Vec<&'static str> {
    definition.labels.iter().map(|(name, _)| *name).collect()
}

/// Every combination of the values of closed labels; none where one of them is open. A series that is there from the
/// start can be alerted on: the first increase of one that appears with it would go unseen.
fn combinations(labels: &[Label]) -> Vec<Vec<&'static str>> {
    let mut all = vec![Vec::new()];
    for (_, values) in labels {
        let longer = |one: &Vec<&'static str>, value: &&'static str| [one.as_slice(), &[*value]].concat();
        all = all.iter().flat_map(|one| values.iter().map(move |value| longer(one, value))).collect();
    }
    all
}

/// Makes metrics and registers them.
pub struct Maker<'a>(pub &'a Registry);

impl Maker<'_> {
    pub fn counter(&self, of: &Definition) -> IntCounter {
        register(self.0, IntCounter::new(of.name, of.help))
    }

    pub fn counters(&self, of: &Definition) -> IntCounterVec {
        self.labelled(of, IntCounterVec::new(Opts::new(of.name, of.help), &names(of)))
    }

    pub fn seconds(&self, of: &Definition) -> Counter {
        register(self.0, Counter::new(of.name, of.help))
    }

    pub fn gauge(&self, of: &Definition) -> IntGauge {
        register(self.0, IntGauge::new(of.name, of.help))
    }

    pub fn gauges(&self, of: &Definition) -> IntGaugeVec {
        self.labelled(of, IntGaugeVec::new(Opts::new(of.name, of.help), &names(of)))
    }

    pub fn float(&self, of: &Definition) -> Gauge {
        register(self.0, Gauge::new(of.name, of.help))
    }

    pub fn floats(&self, of: &Definition) -> GaugeVec {
        self.labelled(of, GaugeVec::new(Opts::new(of.name, of.help), &names(of)))
    }

    pub fn histogram(&self, of: &Definition, buckets: &[f64]) -> Histogram {
        let options = HistogramOpts::new(of.name, of.help).buckets(buckets.to_vec());
        register(self.0, Histogram::with_opts(options))
    }

    pub fn histograms(&self, of: &Definition, buckets: &[f64]) -> HistogramVec {
        let options = HistogramOpts::new(of.name, of.help).buckets(buckets.to_vec());
        self.labelled(of, HistogramVec::new(options, &names(of)))
    }

    /// Registers metrics with labels, with all their series where the labels are closed.
    fn labelled<B>(&self, of: &Definition, metric: prometheus::Result<MetricVec<B>>) -> MetricVec<B>
    where
        B: MetricVecBuilder + 'static,
    {
        let made = register(self.0, metric);
        for values in combinations(of.labels) {
            made.with_label_values(&values);
        }
        made
    }
}
