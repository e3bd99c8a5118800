//! What a service knows of its start-up while that runs behind it: how far it is, how it ended, and a
//! way to stop it. It does none of the work.

use std::sync::{Arc, OnceLock};

use tokio::sync::watch;
use underpin_core::revision::RevisionId;

use super::{Health, Progress, StartupPhase, StartupReport};
use crate::migrate::{Observer, StopSwitch};

/// What is known of a start-up that was [spawned](super::Startup::spawn). Clones know the same.
///
/// ```no_run
/// # async fn example(startup: underpin::Startup) {
/// let handle = startup.spawn().handle();
/// println!("{}", handle.progress());
/// let report = handle.ended().await;
/// println!("{report}");
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct StartupHandle(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    app_name: String,
    stop: StopSwitch,
    /// Told last of all, so that whoever sees that the start-up is over finds its end.
    progress: watch::Sender<Progress>,
    latest: OnceLock<Vec<RevisionId>>,
    end: OnceLock<End>,
}

/// How a start-up ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) report: StartupReport,
    /// What tells how the database is from now on; nothing if the service may not serve.
    pub(super) health: Option<Health>,
}

impl StartupHandle {
    pub(super) fn new(app_name: &str, stop: &StopSwitch) -> Self {
        Self(Arc::new(Shared {
            app_name: app_name.to_owned(),
            stop: stop.clone(),
            progress: watch::Sender::default(),
            latest: OnceLock::new(),
            end: OnceLock::new(),
        }))
    }

    /// The service.
    pub fn app_name(&self) -> &str {
        &self.0.app_name
    }

    /// How far the start-up is.
    pub fn progress(&self) -> Progress {
        self.0.progress.borrow().clone().now()
    }

    /// What the start-up is at.
    pub fn phase(&self) -> StartupPhase {
        self.0.progress.borrow().phase
    }

    /// Whether the start-up is over and the service may serve.
    pub fn is_ready(&self) -> bool {
        self.phase() == StartupPhase::Done
    }

    /// Waits until the progress is what is waited for, or the start-up is over, and returns it.
    pub async fn wait_for(&self, wanted: impl Fn(&Progress) -> bool) -> Progress {
        let mut receiver = self.0.progress.subscribe();
        let found = receiver.wait_for(|progress| wanted(progress) || progress.phase.is_over()).await;
        // The sender lives as long as `self`, so there is no other end to the wait.
        found.map_or_else(|_| self.progress(), |progress| progress.clone())
    }

    /// Waits for the end of the start-up, whichever it is, and returns its report;
    /// [`success`](StartupReport::success) says whether the service may serve.
    pub async fn ended(&self) -> StartupReport {
        let mut receiver = self.0.progress.subscribe();
        let _ = receiver.wait_for(|progress| progress.phase.is_over()).await;
        match self.0.end.get() {
            Some(end) => end.report.clone(),
            // What is over has an end: the one is told after the other.
            None => std::future::pending().await,
        }
    }

    /// Stops the start-up: its statement is cancelled on the server, its transaction rolled back and
    /// the lock released. It then ends with an error of the kind `Interrupted`. It is the
    /// [`StopSwitch`] of the start-up, so whatever else has that is stopped, too.
    pub fn stop(&self) {
        self.0.stop.stop();
    }

    /// What tells how the service's database is, while the start-up runs and afterwards.
    pub fn health(&self) -> Health {
        Health::from(self.clone())
    }

    /// The heads of the revisions that the program knows, as soon as it has read them.
    pub(super) fn latest(&self) -> &[RevisionId] {
        self.0.latest.get().map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn end(&self) -> Option<&End> {
        self.0.end.get()
    }

    pub(super) fn know_latest(&self, latest: Vec<RevisionId>) {
        // It is decided once.
        let _ = self.0.latest.set(latest);
    }

    /// Follows a run. What comes after the end of the start-up is nobody's progress.
    pub(super) fn observer(&self) -> Observer {
        let shared = Arc::downgrade(&self.0);
        Arc::new(move |event| {
            let Some(shared) = shared.upgrade() else { return };
            shared.progress.send_if_modified(|progress| {
                if progress.phase.is_over() {
                    return false;
                }
                let before = progress.clone();
                progress.take(event);
                *progress != before
            });
        })
    }

    /// Tells the end; the first one counts.
    pub(super) fn finish(&self, end: End) {
        let applied = end.report.applied.len();
        let phase = if end.report.success { StartupPhase::Done } else { StartupPhase::Failed };
        if self.0.end.set(end).is_ok() {
            self.0.progress.send_modify(|progress| progress.end(phase, applied));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{migrate::Event, policy::Mode};

    fn end(success: bool) -> End {
        let mut report = StartupReport::new("shop", Mode::Apply, String::new(), Vec::new());
        report.success = success;
        End { report, health: None }
    }

    #[tokio::test]
    async fn whoever_waits_is_told_the_end_and_the_first_one_counts() {
        let handle = StartupHandle::new("shop", &StopSwitch::default());
        let waiting = tokio::spawn({
            let handle = handle.clone();
            async move { handle.ended().await }
        });
        handle.finish(end(false));
        handle.finish(end(true));
        assert!(!waiting.await.expect("the task ends").success);
        assert_eq!((handle.phase(), handle.is_ready()), (StartupPhase::Failed, false));
    }

    #[tokio::test]
    async fn what_comes_after_the_end_changes_nothing() {
        let handle = StartupHandle::new("shop", &StopSwitch::default());
        let observer = handle.observer();
        observer(&Event::Verified);
        assert_eq!(handle.wait_for(|progress| progress.has_connected()).await.phase, StartupPhase::Verify);
        handle.finish(end(true));
        observer(&Event::Verified);
        assert_eq!(handle.phase(), StartupPhase::Done);
    }
}
