//! How the database is now: asked when somebody wants to know, with a time limit, and not more
//! often than once a second. Plain data; the HTTP forms are in `http`.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use tokio::{sync::Mutex, time::Instant};
use underpin_core::{diagnostic::ErrorKind, revision::RevisionId};

use super::report::{StartupOutcome, StartupReport};
use crate::{
    migrate::{Migrator, Status},
    policy::Mode,
};

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(1);
/// How long a look at the database may take: less than probes commonly wait.
const LIMIT: Duration = Duration::from_secs(2);

/// Tells how the database of a service is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Health(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    migrator: Migrator,
    mode: Mode,
    /// Whether the start-up failed and the service went on.
    degraded: bool,
    latest: Vec<RevisionId>,
    version: String,
    last: Mutex<Option<(Instant, Arc<HealthStatus>)>>,
    last_run: LastRun,
}

/// What the last start-up did.
#[derive(Clone, Debug, Serialize)]
pub struct LastRun {
    /// How it ended.
    pub outcome: StartupOutcome,
    /// How many revisions it applied.
    pub applied: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Whether the database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseHealth {
    /// It answers.
    Connected,
    /// It does not.
    Unreachable,
}

/// How the migrations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationHealth {
    /// The database is at the head.
    Current,
    /// Revisions are not applied.
    Pending,
    /// They failed, or the history contradicts the revisions.
    Failed,
    /// Nobody could find out.
    Unknown,
}

/// How the database is, for `/health` and `/db-status`. Holds no address, no credentials and no
/// text of a server.
#[derive(Clone, Debug, Serialize)]
pub struct HealthStatus {
    /// `healthy`, `degraded` or `unhealthy`.
    pub status: &'static str,
    /// Whether the database answers.
    pub database: DatabaseHealth,
    /// How the migrations are.
    pub migrations: MigrationHealth,
    /// The head of what is applied; several, joined by commas, where branches are not merged.
    pub current_migration: Option<String>,
    /// The heads of what is applied.
    pub current_heads: Vec<RevisionId>,
    /// The head of what the program knows.
    pub latest_migration: Option<String>,
    /// Whether the two are the same, and nothing is wrong between them.
    pub migrations_up_to_date: bool,
    /// What is not applied.
    pub pending: Vec<RevisionId>,
    /// The version of the service.
    pub version: String,
    /// Whether traffic should be sent.
    #[serde(skip)]
    pub ready: bool,
}

impl Health {
    pub(super) fn new(migrator: Migrator, report: &StartupReport) -> Self {
        let last_run = LastRun {
            outcome: report.outcome,
            applied: report.applied.len(),
            duration_ms: report.timings.total_ms,
        };
        Self(Arc::new(Inner {
            migrator,
            mode: report.mode,
            degraded: report.outcome == StartupOutcome::Degraded,
            latest: report.latest.clone(),
            version: String::new(),
            last: Mutex::new(None),
            last_run,
        }))
    }

    /// The same, for a service of that version.
    #[must_use]
    pub fn version(self, version: impl Into<String>) -> Self {
        let inner = &self.0;
        Self(Arc::new(Inner {
            migrator: inner.migrator.clone(),
            mode: inner.mode,
            degraded: inner.degraded,
            latest: inner.latest.clone(),
            version: version.into(),
            last: Mutex::new(None),
            last_run: inner.last_run.clone(),
        }))
    }

    /// What the last start-up did.
    pub fn last_run(&self) -> &LastRun {
        &self.0.last_run
    }

    /// How the database is, at most a second ago.
    pub async fn check(&self) -> Arc<HealthStatus> {
        let mut last = self.0.last.lock().await;
        if let Some((at, status)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return Arc::clone(status);
        }
        let status = Arc::new(self.0.look().await);
        *last = Some((Instant::now(), Arc::clone(&status)));
        status
    }
}

impl Inner {
    async fn look(&self) -> HealthStatus {
        let mut migrator = self.migrator.clone();
        // One attempt: a probe wants to know now.
        migrator.limits.connect = Duration::ZERO;
        match tokio::time::timeout(LIMIT, migrator.status()).await {
            // The file of an SQLite database is gone, so that nobody could tell a version.
            Ok(Ok(status)) if status.server_version.is_empty() => self.unseen(DatabaseHealth::Unreachable),
            Ok(Ok(status)) => self.of_status(status),
            Ok(Err(error)) => {
                tracing::warn!(target: "underpin::health", error = %error.message, "the database could not be looked at");
                self.unseen(database_of(error.kind))
            }
            Err(_) => {
                tracing::warn!(target: "underpin::health", "the database did not answer within {} seconds", LIMIT.as_secs());
                self.unseen(DatabaseHealth::Unreachable)
            }
        }
    }

    fn of_status(&self, status: Status) -> HealthStatus {
        let migrations = self.migrations(&status);
        let (word, ready) = self.judge(migrations);
        HealthStatus {
            status: word,
            database: DatabaseHealth::Connected,
            migrations,
            current_migration: joined(&status.current),
            latest_migration: joined(&status.heads),
            current_heads: status.current,
            migrations_up_to_date: status.at_head,
            pending: status.pending,
            version: self.version.clone(),
            ready,
        }
    }

    fn migrations(&self, status: &Status) -> MigrationHealth {
        let dirty = status.dirty.is_some() || !status.consistent;
        let conflict = !status.edited.is_empty() || dirty || status.heads.len() > 1;
        match (status.at_head, status.pending.is_empty()) {
            (true, _) => MigrationHealth::Current,
            // The start-up has failed, and nobody has put right since what it failed on.
            (false, _) if conflict || self.degraded => MigrationHealth::Failed,
            (false, false) => MigrationHealth::Pending,
            // Ahead: every revision that this program knows is there, and more.
            (false, true) => MigrationHealth::Unknown,
        }
    }

    /// The word for it, and whether traffic should be sent.
    fn judge(&self, migrations: MigrationHealth) -> (&'static str, bool) {
        match migrations {
            MigrationHealth::Current => ("healthy", true),
            // A service that only looks was told to live with what it finds.
            MigrationHealth::Pending => ("degraded", self.mode != Mode::Apply),
            // While a newer version is rolled out, the older one goes on serving.
            MigrationHealth::Unknown => ("degraded", true),
            MigrationHealth::Failed => ("degraded", false),
        }
    }

    /// The status of a database whose history could not be read.
    fn unseen(&self, database: DatabaseHealth) -> HealthStatus {
        HealthStatus {
            status: if self.degraded { "degraded" } else { "unhealthy" },
            database,
            migrations: MigrationHealth::Unknown,
            current_migration: None,
            current_heads: Vec::new(),
            latest_migration: joined(&self.latest),
            migrations_up_to_date: false,
            pending: Vec::new(),
            version: self.version.clone(),
            ready: false,
        }
    }
}

/// What an error of looking says about the database: one that answers with a refusal is there.
fn database_of(error: ErrorKind) -> DatabaseHealth {
    match error {
        ErrorKind::Unavailable
        | ErrorKind::Authentication
        | ErrorKind::DatabaseNotFound
        | ErrorKind::Timeout => DatabaseHealth::Unreachable,
        _ => DatabaseHealth::Connected,
    }
}

fn joined(ids: &[RevisionId]) -> Option<String> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}
