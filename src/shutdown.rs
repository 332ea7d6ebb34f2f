//! Why and when the service ends: signals and failures become one token; the first reason counts, but for a
//! failure during an orderly end, which takes its place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Why the service ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// SIGTERM, SIGINT, or the end of what there was to do: drain, commit, exit code 0.
    Asked(&'static str),
    /// Something that cannot go on without losing or hiding records: commit nothing further, exit code 1.
    Failed(String),
    /// Too many records in a row were rejected: commit nothing further, exit code 4.
    CircuitBreaker(String),
}

/// Shared by everything that can end the service or must notice its end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    reason: Mutex<Option<StopReason>>,
    /// Whether `reason` is a failure, readable for every record.
    disorderly: AtomicBool,
    notify: Notify,
}

impl Stop {
    /// Ends the service. The first reason counts; a failure while it is being ended in order takes its place,
    /// so that the exit code tells of it.
    pub fn stop(&self, reason: StopReason) {
        let mut known = self.lock();
        match &*known {
            None => {}
            Some(StopReason::Asked(_)) if !matches!(reason, StopReason::Asked(_)) => {}
            Some(_) => return,
        }
        let disorderly = !matches!(reason, StopReason::Asked(_));
        *known = Some(reason);
        self.0.disorderly.store(disorderly, Ordering::SeqCst);
        drop(known);
        self.0.notify.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Option<StopReason>> {
        self.0.reason.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reason, once there is one.
    pub fn reason(&self) -> Option<StopReason> {
        self.lock().clone()
    }

    /// Whether what is in flight may still be sent, waited for and committed.
    pub fn is_orderly(&self) -> bool {
        !self.0.disorderly.load(Ordering::SeqCst)
    }

    /// Waits for the end.
    pub async fn wait(&self) -> StopReason {
        loop {
            let notified = self.0.notify.notified();
            if let Some(reason) = self.reason() {
                return reason;
            }
            notified.await;
        }
    }

    /// The same as [`on_signals`](Self::on_signals), on a thread of its own.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn listen(&self) -> std::io::Result<()> {
        let stop = self.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("khabar-signals".to_owned()).spawn(move || {
            if let Err(error) = runtime.block_on(stop.on_signals()) {
                tracing::error!(%error, "signals cannot be received: the command ends only by being killed");
            }
        })?;
        Ok(())
    }

    /// Stops on SIGTERM or SIGINT; a second signal ends the process at once.
    pub async fn on_signals(self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut next = async || {
            tokio::select! { _ = term.recv() => "SIGTERM", _ = int.recv() => "SIGINT" }
        };
        self.stop(StopReason::Asked(next().await));
        let name = next().await;
        tracing::warn!("second signal ({name}): stopping at once; what is in flight will be read again");
        std::process::exit(1);
    }
}
