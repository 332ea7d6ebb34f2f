//! Wiring: the one place where source, lanes, sink, books and admin server meet. `run` and `demo` both use it.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::Context as _;
use khabar_enrich::Enricher;
use khabar_enrich::kb::Kb;

use crate::admin::{Admin, Sources};
use crate::breaker::Breaker;
use crate::config::Config;
use crate::decode::Decoder;
use crate::encode::{Encoder, PipelineInfo};
use crate::health::Health;
use crate::kafka::consumer::{Drained, KafkaSource};
use crate::kafka::injected::Injected;
use crate::kafka::producer::AtLeastOnce;
use crate::kafka::rebalance::Shared;
use crate::kafka::settings::{Input, Output, OutputKey, Tombstones};
use crate::kafka::sink::KafkaSink;
use crate::kafka::transactions::{self, ExactlyOnce};
use crate::ledger::{Ledger, Snapshot};
use crate::metrics::Metrics;
use crate::outgoing::Finisher;
use crate::pipeline::{self, Lanes, Work};
use crate::samples::Samples;
use crate::shutdown::{Stop, StopReason};
use crate::stages::Stages;
use crate::trace::{self, Tracer};

/// Stack of a lane's thread. Decoding recurses at most `decode.max_depth` deep, in JSON and in markup.
const LANE_STACK: usize = 8 << 20;
/// How long the last commit and leaving the group may take after the drain deadline.
const CLOSING: Duration = Duration::from_secs(10);
/// How long the admin server goes on after the circuit breaker tripped: longer than the time between two scrapes, since at a
/// thousand records a second nobody would have seen it.
const LAST_WORDS: Duration = Duration::from_secs(20);
/// How long the last spans may take to their collector.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// Everything that a service is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where records come from.
    pub input: Input,
    /// Where they go.
    pub output: Output,
    /// How they flow.
    pub pipeline: pipeline::Settings,
    /// Where the admin server listens; `None` for nowhere.
    pub admin: Option<SocketAddr>,
    /// Names that it answers to, beside addresses and `localhost`.
    pub hosts: Vec<String>,
    /// Whether it shows a few of the records.
    pub samples: bool,
    /// What is traced, and where spans go.
    pub tracing: trace::Settings,
    /// The stages.
    pub stages: Arc<Stages>,
    /// Name of the replay, in a replay.
    pub replay: Option<String>,
}

/// A source on its way to its thread.
pub type Source = Box<dyn FnOnce() -> Drained + Send>;

/// The stages that a configuration asks for.
pub fn stages(config: &Config) -> Stages {
    let kb = match config.entities.as_slice() {
        [] => Kb::embedded(),
        own => Kb::embedded().with(own.to_vec()),
    };
    let enricher = Enricher::with_kb(config.enrich.clone(), kb).with_encoder(config.encoder.clone());
    let pipeline = PipelineInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        config: config.content_hash(),
        kb: enricher.kb_version().to_owned(),
        models: enricher.models(),
    };
    Stages {
        decoder: Decoder::new(config.decode.clone()),
        enricher,
        encoder: Encoder::new(pipeline, config.omit_text),
    }
}

/// What makes enriched records ready to send; `replay` is the name of one.
pub fn finisher(stages: &Stages, output: &Output, replay: Option<String>) -> Finisher {
    let info = &stages.encoder.pipeline;
    Finisher {
        pipeline: format!("{} {}", info.version, info.config).into(),
        replay: replay.map(Into::into),
        key_is_id: output.key == OutputKey::Id,
    }
}

/// The service that a configuration asks for.
pub fn parts(config: &Config, stages: Arc<Stages>) -> Parts {
    Parts {
        input: config.input.clone(),
        output: config.output.clone(),
        pipeline: config.pipeline.clone(),
        admin: config.admin,
        hosts: config.hosts.clone(),
        samples: config.samples,
        tracing: config.tracing.clone(),
        stages,
        replay: None,
    }
}

/// A running service.
pub struct Service {
    /// Ends it.
    pub stop: Stop,
    /// Its books.
    pub ledger: Arc<Ledger>,
    /// Its admin server, where one is wanted.
    pub admin: Option<Admin>,
    /// Faults, for tests.
    pub injected: Arc<Injected>,
    source: mpsc::Receiver<Drained>,
    drain_deadline: Duration,
    lanes: Vec<tokio::task::JoinHandle<()>>,
    sink: Arc<KafkaSink>,
    tracer: Option<Arc<Tracer>>,
    runtime: tokio::runtime::Runtime,
}

/// How a service ended.
#[derive(Debug)]
pub struct Ended {
    /// Why.
    pub reason: StopReason,
    /// The last drain.
    pub drained: Drained,
    /// The books at the end.
    pub books: Snapshot,
}

impl Service {
    /// Starts everything; records flow when it returns.
    ///
    /// # Errors
    /// When the admin address cannot be bound or a librdkafka property is invalid.
    pub fn start(parts: Parts) -> anyhow::Result<Self> {
        let input = parts.input.clone();
        Self::start_with(parts, move |shared, lanes, stages, injected| {
            let source = KafkaSource::start(&input, shared, lanes, stages, injected)
                .context("the consumer cannot start: look at [input.kafka.properties]")?;
            Ok(Box::new(move || source.run()))
        })
    }

    /// Starts everything, with another source than the group's.
    ///
    /// # Errors
    /// As [`start`](Self::start), and what `source` says.
    pub fn start_with(
        parts: Parts,
        source: impl FnOnce(Shared, Lanes, Arc<Stages>, Arc<Injected>) -> anyhow::Result<Source>,
    ) -> anyhow::Result<Self> {
        let Parts { input, output, pipeline, admin, hosts, samples, tracing, stages, replay } = parts;
        let info = &stages.encoder.pipeline;
        let metrics = Arc::new(Metrics::new(&info.version, &info.kb, replay.as_deref()));
        metrics.memory_budget.set(i64::try_from(pipeline.memory_budget).unwrap_or(i64::MAX));
        let (ledger, health, stop) = (Ledger::new(), Arc::new(Health::default()), Stop::default());
        // Without an admin server nobody would see them.
        let samples = Arc::new(Samples::new(samples && admin.is_some()));
        let breaker = Arc::new(Breaker::new(pipeline.breaker, stop.clone()));
        let sources = Sources {
            pipeline: info.clone(),
            ledger: Arc::clone(&ledger),
            metrics: Arc::clone(&metrics),
            health: Arc::clone(&health),
            samples: Arc::clone(&samples),
            breaker: Arc::clone(&breaker),
        };
        let admin = admin.map(|listen| Admin::start(listen, &hosts, sources)).transpose()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(pipeline.lanes.max(1))
            .thread_name("khabar-lane")
            .thread_stack_size(LANE_STACK)
            .enable_all()
            .build()
            .context("cannot start the lanes")?;
        let signals = stop.clone();
        runtime.spawn(async move {
            if let Err(error) = signals.on_signals().await {
                tracing::error!(%error, "signals cannot be received: the service ends only by being killed");
            }
        });
        let sink = Arc::new(match &output.transactions {
            None => KafkaSink::AtLeastOnce(
                AtLeastOnce::start(&output, &metrics, &health, &stop, &samples, runtime.handle())
                    .context("the producer cannot start: look at [output.kafka.properties]")?,
            ),
            Some(settings) => KafkaSink::ExactlyOnce(
                ExactlyOnce::start(transactions::Shared {
                    settings: settings.clone(),
                    output: output.clone(),
                    ledger: Arc::clone(&ledger),
                    memory_budget: pipeline.memory_budget,
                    breaker: Arc::clone(&breaker),
                    metrics: Arc::clone(&metrics),
                    health: Arc::clone(&health),
                    samples: Arc::clone(&samples),
                    stop: stop.clone(),
                })
                .context("the transaction thread cannot start")?,
            ),
        });
        let about = trace::About {
            group: input.group,
            instance: input.instance_id.unwrap_or_default(),
            output: output.topic.clone(),
            dead_letters: output.dead_letter_topic.clone(),
            replay: replay.clone(),
        };
        let tracer = Tracer::start(&tracing, about, &metrics).context("spans cannot be exported")?;
        let work = Work {
            finisher: finisher(&stages, &output, replay),
            stages: Arc::clone(&stages),
            drop_tombstones: output.tombstones == Tombstones::Drop,
            metrics: Arc::clone(&metrics),
            breaker: Arc::clone(&breaker),
            stop: stop.clone(),
            memory_budget: pipeline.memory_budget,
            tracer: tracer.clone(),
        };
        let drain_deadline = pipeline.drain_deadline;
        let (lanes, tasks) = Lanes::start(&pipeline, &work, &sink, runtime.handle());
        let shared = Shared {
            ledger: Arc::clone(&ledger),
            sink: Arc::clone(&sink),
            breaker,
            metrics,
            health,
            stop: stop.clone(),
            settings: pipeline,
        };
        let injected = Arc::new(Injected::default());
        let source = source(shared, lanes, stages, Arc::clone(&injected))?;
        let watched = stop.clone();
        let (done, ended) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .name("khabar-poll".to_owned())
            .spawn(move || {
                let _guard = Watch(watched);
                // Nobody is left to be told only when the service took too long and has ended without it.
                let _ = done.send(source());
            })
            .context("cannot start the poll thread")?;
        Ok(Self {
            stop,
            ledger,
            admin,
            injected,
            source: ended,
            drain_deadline,
            lanes: tasks,
            sink,
            tracer,
            runtime,
        })
    }

    /// Waits for the end: a signal, a failure, or somebody's [`Stop`].
    ///
    /// # Errors
    /// When the poll thread panicked.
    pub fn wait(self) -> anyhow::Result<Ended> {
        self.runtime.block_on(self.stop.wait());
        if !self.stop.is_orderly() {
            // What the producer has not sent yet stays uncommitted, so it must not be sent either.
            self.sink.finish();
        }
        let drained = match self.source.recv_timeout(self.drain_deadline + CLOSING) {
            Ok(drained) => drained,
            Err(mpsc::RecvTimeoutError::Disconnected) => anyhow::bail!("the poll thread panicked"),
            // librdkafka waits for a coordinator for as long as a session lasts; a supervisor would not.
            Err(mpsc::RecvTimeoutError::Timeout) => {
                self.stop.stop(StopReason::Failed(
                    "the brokers did not answer the last commit in time: records since the one before are read again".to_owned(),
                ));
                Drained { abandoned: self.ledger.snapshot().in_flight, ..Drained::default() }
            }
        };
        if drained.commit_failed {
            self.stop.stop(StopReason::Failed(
                "the last commit failed: records since the one before are read again".to_owned(),
            ));
        }
        self.sink.finish();
        for lane in &self.lanes {
            lane.abort();
        }
        if self.admin.is_some() && matches!(self.stop.reason(), Some(StopReason::CircuitBreaker(_))) {
            self.runtime.block_on(last_words());
        }
        self.runtime.shutdown_timeout(Duration::from_secs(2));
        if let Some(tracer) = self.tracer {
            tracer.finish(LAST_SPANS);
        }
        // A failure during the drain has taken the place of what it began with.
        let unknown = || StopReason::Failed("the service ended without a reason".to_owned());
        let reason = self.stop.reason().unwrap_or_else(unknown);
        Ok(Ended { reason, drained, books: self.ledger.snapshot() })
    }
}

/// Waits until a scrape has most likely seen how it ended, or a signal comes.
async fn last_words() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tracing::error!(
        seconds = LAST_WORDS.as_secs(),
        "the circuit breaker tripped: metrics say so for a moment, then the process ends"
    );
    tokio::select! {
        () = tokio::time::sleep(LAST_WORDS) => {}
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

/// Stops the service when the poll thread ends by itself, by a panic for instance.
struct Watch(Stop);

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() || self.0.reason().is_none() {
            self.0.stop(StopReason::Failed("the poll thread ended before its time".to_owned()));
        }
    }
}
