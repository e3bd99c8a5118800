//! Stopping a run from outside: for a signal handler that wants to wait until the run has rolled
//! back and unlocked. Whoever need not wait just drops the run's future.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::watch;
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::database::InterruptHandle;

/// Stops the runs of the migrators that it was given to. Clones are the same switch.
///
/// ```no_run
/// # async fn example() -> Result<(), underpin::Error> {
/// let stop = underpin::StopSwitch::default();
/// let migrator = underpin::Migrator::builder()
///     .url("sqlite://app.db")
///     .directory("migrations")
///     .stop_switch(&stop)
///     .build()
///     .await?;
/// let run = tokio::spawn(async move { migrator.upgrade_to_head().await });
/// stop.stop();
/// // Ends with the kind `Interrupted`, and with nothing left open in the database.
/// let ended = run.await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct StopSwitch(Arc<watch::Sender<bool>>, Arc<AtomicUsize>);

impl Default for StopSwitch {
    fn default() -> Self {
        Self(Arc::new(watch::channel(false).0), Arc::default())
    }
}

/// A part of a run that is brought to an end, or undone, before the run stops.
#[derive(Debug)]
pub(crate) struct Finishing(Arc<AtomicUsize>);

impl Drop for Finishing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl StopSwitch {
    /// Stops the run that is under way, and every later one before it begins. It ends with an
    /// error of the kind `Interrupted`, after its statement was cancelled on the server, its
    /// transaction rolled back and the lock released.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether a run is under way that listens to the switch.
    pub fn is_in_use(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Says that what comes now is brought to an end, or undone, before the run stops; until that is dropped.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "the others hold it in a transaction"))]
    pub(crate) fn finishing(&self) -> Finishing {
        self.1.fetch_add(1, Ordering::Relaxed);
        Finishing(Arc::clone(&self.1))
    }

    /// Whether a run is in a part that is brought to an end, or undone, before it stops.
    #[cfg(feature = "cli")]
    pub(crate) fn is_finishing(&self) -> bool {
        self.1.load(Ordering::Relaxed) > 0
    }

    /// Uses the switch for as long as the receiver is kept, without waiting for it.
    #[cfg(feature = "cli")]
    pub(crate) fn listen(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }

    /// Waits until the switch is used.
    pub(crate) async fn stopped(&self) {
        let mut receiver = self.0.subscribe();
        // The sender lives as long as `self`, so there is no other end to the wait.
        let _ = receiver.wait_for(|stopped| *stopped).await;
    }
}

/// Waits for the task of a run. The handle is dropped with this future, which interrupts the run.
pub(crate) async fn wait<T>(
    mut task: tokio::task::JoinHandle<T>,
    handle: InterruptHandle,
    stop: &StopSwitch,
) -> Result<T, Diagnostic> {
    let ended = tokio::select! {
        ended = &mut task => ended,
        () = stop.stopped() => {
            drop(handle);
            task.await
        }
    };
    ended.map_err(|error| {
        let what =
            if error.is_panic() { "the run panicked" } else { "the runtime was shut down during the run" };
        Diagnostic::new(ErrorKind::Internal, what)
            .state("the transaction that was open is rolled back")
            .hint("please report this with the output of `underpin status`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clone_stops_whoever_waits_now_or_later() {
        let switch = StopSwitch::default();
        assert!(!switch.is_in_use());
        let clone = switch.clone();
        let waiting = tokio::spawn(async move { clone.stopped().await });
        while !switch.is_in_use() {
            tokio::task::yield_now().await;
        }
        switch.clone().stop();
        assert!(waiting.await.is_ok());
        switch.stopped().await;
        assert!(!switch.is_in_use());
    }

    #[cfg(feature = "cli")]
    #[test]
    fn what_is_to_be_finished_is_so_until_nobody_says_it_any_more() {
        let switch = StopSwitch::default();
        let (first, second) = (switch.finishing(), switch.clone().finishing());
        drop(first);
        assert!(switch.is_finishing());
        drop(second);
        assert!(!switch.is_finishing());
    }
}
