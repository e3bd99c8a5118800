//! What there is to say about a service's database, and how it is judged: plain data, and functions
//! that ask nobody. It holds no address, no credentials and no text of a server.

use std::time::Duration;

use serde::Serialize;
use underpin_core::{diagnostic::ErrorKind, revision::RevisionId};

use crate::{
    history::Replica,
    migrate::{Deferred, Status},
    policy::{Mode, OnNewer},
    startup::{Progress, StartupOutcome, StartupReport, contact::Contact},
};

/// How a service is, as far as its database is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceHealth {
    /// All is well.
    Healthy,
    /// It serves, or would, and something is not as it should be.
    Degraded,
    /// It can't serve.
    Unhealthy,
    /// It does not serve yet.
    Starting,
}

/// Whether the database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseHealth {
    /// It answers.
    Connected,
    /// It does not, or has not yet.
    Unreachable,
    /// Nobody has asked it: the start-up failed before, such as on its settings.
    NotAsked,
}

/// How the migrations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationHealth {
    /// The database is at the head.
    Current,
    /// Revisions are not applied.
    Pending,
    /// They are being applied, or are about to be.
    Running,
    /// They failed, or the history contradicts the revisions.
    Failed,
    /// Nobody could find out.
    Unknown,
}

/// How the database of a service is, for `/health` and `/db-status`.
#[derive(Clone, Debug, Serialize)]
pub struct HealthStatus {
    /// How the service is.
    pub status: ServiceHealth,
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
    /// What is not applied, where it could be read; nothing where it could not, and while a start-up changes it.
    pub pending: Option<Vec<RevisionId>>,
    /// The contract revisions among that which wait for older replicas to end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deferred: Vec<DeferredHealth>,
    /// The tables that a start-up made without revisions, and that no revision has brought since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provisional: Vec<String>,
    /// The version of the service.
    pub version: String,
    /// How far the start-up is, until it is over, and where it ended if the service may not serve.
    #[serde(flatten)]
    pub progress: Option<Progress>,
    /// Whether traffic should be sent.
    #[serde(skip)]
    pub ready: bool,
    /// When this was so, RFC 3339 in UTC.
    #[serde(skip)]
    pub time: String,
    /// How long the database took to answer.
    #[serde(skip)]
    pub latency: Option<Duration>,
}

/// A contract revision that waits, and for whom; not on which hosts these run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeferredHealth {
    /// The revision.
    pub revision: RevisionId,
    /// The replicas that don't know it.
    pub replicas: Vec<ReplicaHealth>,
}

/// A replica as anybody may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplicaHealth {
    /// The service.
    pub service: String,
    /// Its name among all that ever were.
    pub instance: String,
}

impl From<Deferred> for DeferredHealth {
    fn from(deferred: Deferred) -> Self {
        let replica =
            |replica: Replica| ReplicaHealth { service: replica.service, instance: replica.instance };
        Self { revision: deferred.revision, replicas: deferred.replicas.into_iter().map(replica).collect() }
    }
}

/// What the last start-up did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastRun {
    /// How it ended.
    pub outcome: StartupOutcome,
    /// How many revisions it applied.
    pub applied: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

impl LastRun {
    pub(super) fn of(report: &StartupReport) -> Self {
        let (outcome, applied) = (report.outcome, report.applied.len());
        Self { outcome, applied, duration_ms: report.timings.total_ms }
    }
}

/// What a service was to do about its migrations, against which its database is judged.
#[derive(Clone, Debug)]
pub(super) struct Expectation {
    pub(super) mode: Mode,
    pub(super) on_newer: OnNewer,
    /// Whether the start-up failed and the service went on.
    pub(super) degraded: bool,
    /// The heads of what the program knows.
    pub(super) latest: Vec<RevisionId>,
}

impl Expectation {
    /// The health of a database that answered.
    pub(super) fn seen(&self, status: Status) -> HealthStatus {
        let migrations = self.migrations(&status);
        let (word, ready) = match self.is_refused(&status) {
            true => (ServiceHealth::Degraded, false),
            false => self.judge(migrations, !status.deferred.is_empty()),
        };
        HealthStatus {
            status: word,
            database: DatabaseHealth::Connected,
            migrations,
            current_migration: joined(&status.current),
            latest_migration: joined(&status.heads),
            current_heads: status.current,
            migrations_up_to_date: status.at_head,
            pending: Some(status.pending),
            deferred: status.deferred.into_iter().map(DeferredHealth::from).collect(),
            provisional: status.provisional.into_iter().map(|table| table.name).collect(),
            ready,
            ..HealthStatus::unknown()
        }
    }

    /// Whether what was found is a failure for this service.
    pub(super) fn failed(&self, status: &Status) -> bool {
        self.migrations(status) == MigrationHealth::Failed
    }

    /// The health of a database whose history could not be read.
    pub(super) fn unseen(&self, database: DatabaseHealth) -> HealthStatus {
        HealthStatus {
            status: if self.degraded { ServiceHealth::Degraded } else { ServiceHealth::Unhealthy },
            database,
            latest_migration: joined(&self.latest),
            ..HealthStatus::unknown()
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

    /// Whether something is applied that this program does not know and can't live with, so that it would not
    /// start any more.
    fn is_refused(&self, status: &Status) -> bool {
        !status.incompatible.is_empty() && self.on_newer == OnNewer::Refuse && self.mode != Mode::Off
    }

    /// The word for it, and whether traffic should be sent.
    fn judge(&self, migrations: MigrationHealth, deferred: bool) -> (ServiceHealth, bool) {
        match migrations {
            MigrationHealth::Current => (ServiceHealth::Healthy, true),
            // A service that only looks was told to live with what it finds; and what waits for an
            // older replica must not keep a newer one from serving.
            MigrationHealth::Pending => (ServiceHealth::Degraded, deferred || self.mode != Mode::Apply),
            // While a newer version is rolled out, the older one goes on serving.
            MigrationHealth::Unknown => (ServiceHealth::Degraded, true),
            MigrationHealth::Running | MigrationHealth::Failed => (ServiceHealth::Degraded, false),
        }
    }
}

impl HealthStatus {
    /// The health of a service whose start-up is under way.
    pub(crate) fn starting(progress: Progress, latest: &[RevisionId]) -> Self {
        let connected = progress.has_connected();
        Self {
            status: ServiceHealth::Starting,
            database: if connected { DatabaseHealth::Connected } else { DatabaseHealth::Unreachable },
            migrations: if connected { MigrationHealth::Running } else { MigrationHealth::Unknown },
            current_migration: joined(&progress.current),
            current_heads: progress.current.clone(),
            latest_migration: joined(latest),
            progress: Some(progress),
            ..Self::unknown()
        }
    }

    /// The health of a service that may not serve, because its start-up failed.
    pub(super) fn failed(progress: Progress, report: &StartupReport) -> Self {
        let database = match (report.server.is_empty(), report.contact) {
            (false, _) => DatabaseHealth::Connected,
            (true, Contact::NotAsked) => DatabaseHealth::NotAsked,
            (true, Contact::Unanswered | Contact::Refused) => DatabaseHealth::Unreachable,
        };
        let connected = database == DatabaseHealth::Connected;
        Self {
            status: ServiceHealth::Unhealthy,
            database,
            migrations: if connected { MigrationHealth::Failed } else { MigrationHealth::Unknown },
            current_migration: report.database_status.current_revision.clone(),
            current_heads: heads(report),
            latest_migration: joined(&report.latest),
            pending: report.pending.clone(),
            progress: Some(progress),
            ..Self::unknown()
        }
    }

    /// Nothing is known of anything.
    fn unknown() -> Self {
        Self {
            status: ServiceHealth::Unhealthy,
            database: DatabaseHealth::Unreachable,
            migrations: MigrationHealth::Unknown,
            current_migration: None,
            current_heads: Vec::new(),
            latest_migration: None,
            migrations_up_to_date: false,
            pending: None,
            deferred: Vec::new(),
            provisional: Vec::new(),
            version: String::new(),
            progress: None,
            ready: false,
            time: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            latency: None,
        }
    }
}

/// What an error of looking says about the database: one that answers with a refusal is there.
pub(super) fn database_of(error: ErrorKind) -> DatabaseHealth {
    match error {
        ErrorKind::Unavailable
        | ErrorKind::Authentication
        | ErrorKind::DatabaseNotFound
        | ErrorKind::Timeout => DatabaseHealth::Unreachable,
        _ => DatabaseHealth::Connected,
    }
}

fn heads(report: &StartupReport) -> Vec<RevisionId> {
    let current = report.database_status.current_revision.as_deref().unwrap_or_default();
    current.split(", ").filter_map(|id| RevisionId::new(id).ok()).collect()
}

fn joined(ids: &[RevisionId]) -> Option<String> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

#[cfg(test)]
mod tests {
    use underpin_core::diagnostic::Diagnostic;

    use super::*;
    use crate::migrate::Dirty;

    fn id(text: &str) -> RevisionId {
        RevisionId::new(text).expect("an id")
    }

    fn status(change: impl FnOnce(&mut Status)) -> Status {
        let mut status = Status {
            schema: 1,
            connected: true,
            dialect: "sqlite".to_owned(),
            flavour: "sqlite".to_owned(),
            server_version: "3.50".to_owned(),
            database: None,
            url: String::new(),
            current: vec![id("0002")],
            heads: vec![id("0002")],
            pending: Vec::new(),
            unknown: Vec::new(),
            incompatible: Vec::new(),
            edited: Vec::new(),
            deferred: Vec::new(),
            replicas: Vec::new(),
            provisional: Vec::new(),
            dirty: None,
            consistent: true,
            at_head: true,
        };
        change(&mut status);
        status
    }

    fn behind(status: &mut Status) {
        (status.at_head, status.pending) = (false, vec![id("0002")]);
    }

    fn waiting(status: &mut Status) {
        behind(status);
        status.deferred = vec![Deferred { revision: id("0002"), replicas: Vec::new() }];
    }

    fn interrupted(status: &mut Status) {
        behind(status);
        let (revision, direction, since) = ("0002".to_owned(), "upgrade".to_owned(), String::new());
        status.dirty = Some(Dirty { revision, direction, statement: 1, of: 2, since, batches: None });
    }

    #[test]
    fn a_database_is_judged_by_what_the_service_was_to_do() {
        use MigrationHealth::{Current, Failed, Pending, Unknown};
        use ServiceHealth::{Degraded, Healthy};
        let ahead = |status: &mut Status| (status.at_head, status.unknown) = (false, vec![id("9999")]);
        let contracted = |status: &mut Status| {
            ahead(status);
            status.incompatible = vec![id("9999")];
        };
        for (seen, mode, degraded, migrations, word, ready) in [
            (status(|_| {}), Mode::Apply, false, Current, Healthy, true),
            (status(|_| {}), Mode::Apply, true, Current, Healthy, true),
            (status(behind), Mode::Apply, false, Pending, Degraded, false),
            (status(waiting), Mode::Apply, false, Pending, Degraded, true),
            (status(behind), Mode::Check, false, Pending, Degraded, true),
            (status(behind), Mode::Off, false, Pending, Degraded, true),
            (status(behind), Mode::Check, true, Failed, Degraded, false),
            (status(ahead), Mode::Apply, false, Unknown, Degraded, true),
            (status(contracted), Mode::Apply, false, Unknown, Degraded, false),
            (status(contracted), Mode::Check, false, Unknown, Degraded, false),
            (status(contracted), Mode::Off, false, Unknown, Degraded, true),
            (status(interrupted), Mode::Check, false, Failed, Degraded, false),
        ] {
            let on_newer = OnNewer::Refuse;
            let expectation = Expectation { mode, on_newer, degraded, latest: Vec::new() };
            let is_refused = expectation.is_refused(&seen);
            let lenient = Expectation { on_newer: OnNewer::Warn, ..expectation.clone() };
            assert!(lenient.seen(seen.clone()).ready || !is_refused, "{mode}");
            assert_eq!(expectation.failed(&seen), migrations == Failed, "{mode} {degraded}");
            let health = expectation.seen(seen);
            let judged = (health.migrations, health.status, health.ready);
            assert_eq!(judged, (migrations, word, ready), "{mode} {degraded}");
        }
    }

    #[test]
    fn a_start_that_runs_is_starting_and_tells_how_far_it_is() {
        let health = HealthStatus::starting(Progress::default(), &[id("0002")]);
        assert_eq!((health.status, health.ready), (ServiceHealth::Starting, false));
        assert_eq!(health.database, DatabaseHealth::Unreachable);
        assert_eq!(health.latest_migration.as_deref(), Some("0002"));
        let json = serde_json::to_value(&health).expect("a status is JSON");
        assert_eq!(
            (&json["phase"], &json["applied"], &json["total"]),
            (&"connect".into(), &0.into(), &0.into())
        );
    }

    #[test]
    fn a_database_that_nobody_asked_is_not_unreachable() {
        for (kind, database) in [
            (ErrorKind::Configuration, "not_asked"),
            (ErrorKind::NoRevisions, "not_asked"),
            (ErrorKind::Unavailable, "unreachable"),
            (ErrorKind::Timeout, "unreachable"),
            (ErrorKind::Authentication, "unreachable"),
        ] {
            let mut report = StartupReport::new("shop", Mode::Apply, String::new(), Vec::new());
            report.take_error(&Diagnostic::new(kind, "no"), StartupOutcome::Failed);
            let health = HealthStatus::failed(Progress::default(), &report);
            assert_eq!(serde_json::to_value(health.database).expect("a word"), database, "{kind}");
            assert_eq!((health.migrations, health.ready), (MigrationHealth::Unknown, false), "{kind}");
        }
    }

    #[test]
    fn a_start_that_failed_is_unhealthy_and_keeps_the_words_of_the_server_to_itself() {
        let mut report =
            StartupReport::new("shop", Mode::Apply, "postgresql://db/shop".to_owned(), vec![id("0002")]);
        let error = Diagnostic::new(ErrorKind::MigrationFailed, "relation \"secret\" already exists");
        report.take_error(&error, StartupOutcome::Failed);
        let health = HealthStatus::failed(Progress::default(), &report);
        assert_eq!(
            (health.migrations, health.database),
            (MigrationHealth::Unknown, DatabaseHealth::Unreachable)
        );
        report.server = "PostgreSQL 16.4".to_owned();
        report.database_status.current_revision = Some("0001, ae10".to_owned());
        let health = HealthStatus::failed(Progress::default(), &report);
        assert_eq!(
            (health.migrations, health.database),
            (MigrationHealth::Failed, DatabaseHealth::Connected)
        );
        assert_eq!((health.status, health.ready), (ServiceHealth::Unhealthy, false));
        assert_eq!(health.current_heads, [id("0001"), id("ae10")]);
        let json = serde_json::to_string(&health).expect("a status is JSON");
        assert!(!json.contains("secret") && !json.contains("db/shop"), "{json}");
    }
}
