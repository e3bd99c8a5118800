//! How the database of a service is, from the first second of its start-up on. The forms that it is
//! told in over HTTP are in `http`.

mod status;
mod watched;

use std::sync::Arc;

use status::Expectation;
use watched::Watched;

pub use status::{
    DatabaseHealth, DeferredHealth, HealthStatus, LastRun, MigrationHealth, ReplicaHealth, ServiceHealth,
};

use super::{StartupHandle, StartupOutcome, StartupReport};
use crate::{migrate::Migrator, replica::Heartbeat};

/// Tells how the database of a service is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Health {
    source: Source,
    version: Arc<str>,
}

#[derive(Clone, Debug)]
enum Source {
    /// A database that is looked at.
    Watched(Arc<Watched>),
    /// A start-up that may still run.
    Spawned(StartupHandle),
}

impl Health {
    /// The health of a service that has started.
    pub(super) fn of_report(
        migrator: Migrator,
        report: &StartupReport,
        heartbeat: Option<Heartbeat>,
    ) -> Self {
        let expectation = Expectation {
            mode: report.mode,
            on_newer: migrator.on_newer,
            degraded: report.outcome == StartupOutcome::Degraded,
            latest: report.latest.clone(),
        };
        Self::watching(Watched::new(migrator, expectation, Some(report.clone())).registered(heartbeat))
    }

    /// The health of a database whose service starts somewhere else; `mode` says what pending
    /// revisions mean there.
    #[cfg(feature = "cli")]
    pub(crate) fn of_migrator(migrator: Migrator, mode: crate::policy::Mode) -> Self {
        // An error in the graph is told by whoever asked for the revisions.
        let latest = migrator.revisions.head_ids().unwrap_or_default();
        let expectation = Expectation { mode, on_newer: migrator.on_newer, degraded: false, latest };
        Self::watching(Watched::new(migrator, expectation, None))
    }

    fn watching(watched: Watched) -> Self {
        Self { source: Source::Watched(Arc::new(watched)), version: Arc::from("") }
    }

    /// The same, for a service of that version.
    #[must_use]
    pub fn version(mut self, version: impl Into<Arc<str>>) -> Self {
        self.version = version.into();
        self
    }

    /// Says that the service ends, so that nobody waits for it: takes it out of the table of the replicas,
    /// if the start-up has registered it there. Without this it counts as alive for three more beats.
    ///
    /// ```no_run
    /// # async fn example(startup: underpin::Startup) -> Result<(), underpin::StartupError> {
    /// let (report, health) = startup.run_with_health().await?;
    /// println!("{report}");
    /// // … serve, until a signal comes …
    /// health.leave().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn leave(&self) {
        match &self.source {
            Source::Watched(watched) => watched.leave().await,
            Source::Spawned(handle) => {
                if let Some(health) = handle.end().and_then(|end| end.health.as_ref()) {
                    Box::pin(health.leave()).await;
                }
            }
        }
    }

    /// What the last start-up did; nothing until it is over.
    pub fn last_run(&self) -> Option<LastRun> {
        self.report().map(LastRun::of)
    }

    /// How the database is, at most a second ago, found out in two seconds at most. While a start-up
    /// runs, its progress is told and the database not asked.
    pub async fn check(&self) -> HealthStatus {
        let status = match &self.source {
            Source::Watched(watched) => watched.check().await,
            Source::Spawned(handle) => spawned(handle).await,
        };
        HealthStatus { version: self.version.to_string(), ..status }
    }

    /// How the start-up ended; nothing until it is over, or where there is none.
    pub(crate) fn report(&self) -> Option<&StartupReport> {
        match &self.source {
            Source::Watched(watched) => watched.report.as_ref(),
            Source::Spawned(handle) => handle.end().map(|end| &end.report),
        }
    }
}

impl From<StartupHandle> for Health {
    fn from(handle: StartupHandle) -> Self {
        Self { source: Source::Spawned(handle), version: Arc::from("") }
    }
}

async fn spawned(handle: &StartupHandle) -> HealthStatus {
    match handle.end() {
        None => HealthStatus::starting(handle.progress(), handle.latest()),
        Some(end) => match &end.health {
            Some(health) => Box::pin(health.check()).await,
            None => HealthStatus::failed(handle.progress(), &end.report),
        },
    }
}
