//! What a start-up found and did, as plain data: for the terminal, for logs, for `/health` and for
//! programs that read the names that earlier start-up code used.

use std::{fmt, time::Duration};

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::RevisionId,
};

use super::{contact::Contact, table::StatusTable};
use crate::{
    migrate::RunReport,
    policy::Mode,
    source::ShortIds,
    telemetry::{SUMMARY, Summary},
};

/// How a start-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StartupOutcome {
    /// Nothing was to be done.
    UpToDate,
    /// Revisions were applied.
    Applied,
    /// Revisions are pending, and the mode is to look only.
    Pending,
    /// The database has revisions that the program does not know, and the policy is to live with it.
    Ahead,
    /// Tables were created without revisions, as the mode is.
    Created,
    /// Nothing was to be done but contract revisions, which wait for older replicas to end.
    Deferred,
    /// Something failed, and the policy is to go on.
    Degraded,
    /// Something failed.
    Failed,
    /// The database was not looked at.
    Skipped,
}

impl StartupOutcome {
    /// The name, as it stands in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UpToDate => "up_to_date",
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Ahead => "ahead",
            Self::Created => "created",
            Self::Deferred => "deferred",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// The same for a person.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::UpToDate => "up to date",
            Self::Applied => "migrated",
            Self::Pending => "migrations pending",
            Self::Ahead => "newer than this program",
            Self::Created => "tables created without revisions",
            Self::Deferred => "waiting for older replicas",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
            Self::Skipped => "not looked at",
        }
    }
}

impl fmt::Display for StartupOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a start-up found and did.
#[derive(Clone, Debug, Serialize)]
pub struct StartupReport {
    /// The service.
    pub app_name: String,
    /// Whether the service may go on.
    pub success: bool,
    /// How it ended.
    pub outcome: StartupOutcome,
    /// What was asked for.
    pub mode: Mode,
    /// What is known of the database.
    pub database_status: DatabaseStatus,
    /// The revisions that this start applied.
    pub applied: Vec<RevisionId>,
    /// The revisions that are not applied now; nothing where nobody could look.
    pub pending: Option<Vec<RevisionId>>,
    /// The heads of the revisions that the program knows.
    pub latest: Vec<RevisionId>,
    /// The tables that were made without revisions, by this start or one before.
    pub provisional: Vec<String>,
    /// Whether migrating failed, and the missing tables were created instead.
    pub fallback_used: bool,
    /// What is to be known and is no error.
    pub warnings: Vec<String>,
    /// How long it took.
    pub timings: Timings,
    /// The database, without credentials.
    pub database: String,
    /// The server, such as `PostgreSQL 16.4`; empty if it was never reached.
    pub server: String,
    /// What went wrong, in parts; the messages are those of `database_status`.
    pub errors: Vec<ReportedError>,
    /// What became of asking the database.
    #[serde(skip)]
    pub(crate) contact: Contact,
    /// The short forms of the revisions' ids.
    #[serde(skip)]
    pub(crate) ids: ShortIds,
}

/// What is known of the database.
#[derive(Clone, Debug, Serialize)]
pub struct DatabaseStatus {
    /// Whether nothing went wrong with it.
    pub success: bool,
    /// Whether this start applied anything.
    pub migrations_applied: bool,
    /// Whether it was reached, is at the head, and nothing is wrong with its history.
    pub database_healthy: bool,
    /// The head of what is applied; several, joined by commas, where branches are not merged.
    pub current_revision: Option<String>,
    /// The number of revisions that are not applied; nothing where nobody could look.
    pub pending_migrations: Option<usize>,
    /// What went wrong.
    pub errors: Vec<String>,
    /// Whether revisions are applied without being asked for.
    pub auto_migrate_enabled: bool,
}

/// How long a start-up took.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timings {
    /// All of it, in milliseconds.
    pub total_ms: u64,
}

/// The parts of an error that a report keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedError {
    /// The name of its [kind](underpin_core::diagnostic::ErrorKind), as in every other error.
    pub kind: String,
    /// The same, for those who look for it under this name.
    pub code: String,
    /// What happened and, if it happened in a file, where.
    pub message: String,
    /// The file, line and column that it happened at, as `file:line:column`.
    pub source: Option<String>,
    /// The state that the database was left in.
    pub state: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// Whatever else can be done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_hints: Vec<String>,
}

impl ReportedError {
    /// Everything that can be done, the first first.
    pub(super) fn hints(&self) -> impl Iterator<Item = &str> {
        self.hint.iter().chain(&self.more_hints).map(String::as_str)
    }
}

impl From<&Diagnostic> for ReportedError {
    fn from(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.place.as_deref();
        let source = place.map(|place| format!("{}:{}:{}", place.file, place.line, place.column));
        let label = place.and_then(|place| place.label.as_ref()).map(|label| format!(": {label}"));
        let message = match &source {
            Some(source) => format!("{} ({source}){}", diagnostic.message, label.unwrap_or_default()),
            None => diagnostic.message.clone(),
        };
        let mut hints = diagnostic.hints.iter().cloned();
        Self {
            kind: diagnostic.kind.name().to_owned(),
            code: diagnostic.kind.name().to_owned(),
            message,
            source,
            state: diagnostic.state.clone(),
            hint: hints.next(),
            more_hints: hints.collect(),
        }
    }
}

impl StartupReport {
    pub(crate) fn new(app_name: &str, mode: Mode, database: String, latest: Vec<RevisionId>) -> Self {
        Self {
            app_name: app_name.to_owned(),
            success: true,
            outcome: StartupOutcome::Skipped,
            mode,
            database_status: DatabaseStatus {
                success: true,
                migrations_applied: false,
                database_healthy: false,
                current_revision: None,
                pending_migrations: None,
                errors: Vec::new(),
                auto_migrate_enabled: mode == Mode::Apply,
            },
            applied: Vec::new(),
            pending: None,
            latest,
            provisional: Vec::new(),
            fallback_used: false,
            warnings: Vec::new(),
            timings: Timings::default(),
            database,
            server: String::new(),
            errors: Vec::new(),
            contact: Contact::default(),
            ids: ShortIds::default(),
        }
    }

    /// Takes over what a run has done or found.
    pub(crate) fn take_run(&mut self, run: &RunReport) {
        self.server.clone_from(&run.server);
        self.applied = run.revisions.iter().map(|ran| ran.revision.clone()).collect();
        if run.looked {
            self.take_standing(&run.current, &run.pending);
        }
        self.database_status.migrations_applied = !self.applied.is_empty();
    }

    pub(crate) fn take_standing(&mut self, current: &[RevisionId], pending: &[RevisionId]) {
        let current: Vec<&str> = current.iter().map(|id| id.as_str()).collect();
        self.database_status.current_revision = (!current.is_empty()).then(|| current.join(", "));
        self.pending = Some(pending.to_vec());
        self.database_status.pending_migrations = Some(pending.len());
    }

    /// Takes over an error that the service lives with, or that ends it.
    pub(crate) fn take_error(&mut self, error: &Diagnostic, outcome: StartupOutcome) {
        self.note_contact(error.kind);
        let error = ReportedError::from(error);
        self.success = outcome != StartupOutcome::Failed;
        self.outcome = outcome;
        self.database_status.success = false;
        self.database_status.database_healthy = false;
        self.database_status.errors.push(error.message.clone());
        self.errors.push(error);
    }

    /// Takes over what an error says of the database; one that says nothing changes nothing.
    pub(crate) fn note_contact(&mut self, error: ErrorKind) {
        if let Some(contact) = Contact::of(error) {
            self.contact = contact;
        }
    }

    /// The status line and table, with rows of the application's own.
    pub fn table(&self) -> StatusTable {
        StatusTable::of(self)
    }

    /// Tells `tracing` how the start-up ended: one line, which has the summary as JSON in its last field, and
    /// one for each warning and error.
    pub fn log_summary(&self) {
        const TARGET: &str = "underpin::startup";
        for warning in &self.warnings {
            tracing::warn!(target: TARGET, app = %self.app_name, "{warning}");
        }
        for error in &self.errors {
            let (state, hint) = (error.state.as_deref(), error.hint.as_deref());
            tracing::error!(target: TARGET, app = %self.app_name, state, hint, "{}", error.message);
        }
        let revision = self.short_revision();
        tracing::info!(
            target: SUMMARY,
            app = %self.app_name,
            outcome = %self.outcome,
            applied = self.applied.len(),
            pending = self.database_status.pending_migrations,
            elapsed_ms = self.timings.total_ms,
            summary = %Summary::of_startup(self).line(),
            "{}: Database at revision: {revision} ({})",
            self.app_name,
            self.outcome.words()
        );
    }

    /// The current revision, in eight characters where these are enough to know it by, or `none`; `unknown` if
    /// nobody could look.
    pub(crate) fn short_revision(&self) -> String {
        match &self.database_status.current_revision {
            None if self.pending.is_none() => "unknown".to_owned(),
            None => "none".to_owned(),
            Some(revisions) => {
                revisions.split(", ").map(|revision| self.short(revision)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn short(&self, revision: &str) -> String {
        RevisionId::new(revision).map_or_else(|_| revision.to_owned(), |id| self.ids.short(&id).to_owned())
    }

    pub(crate) fn finish(&mut self, start: tokio::time::Instant) {
        let elapsed: Duration = start.elapsed();
        self.timings.total_ms = crate::migrate::milliseconds(elapsed);
    }
}

/// A summary in words, without colour or frames; see [`StartupReport::table`] for the table.
impl fmt::Display for StartupReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.table(), f)
    }
}

/// A start-up that ended with an error that the service is not to live with.
#[derive(Debug)]
pub struct StartupError {
    /// What was found and done until then.
    pub report: Box<StartupReport>,
    /// The error.
    pub error: Box<Diagnostic>,
}

impl StartupError {
    /// The class of the error.
    pub fn kind(&self) -> underpin_core::diagnostic::ErrorKind {
        self.error.kind
    }

    /// What to do next.
    pub fn hint(&self) -> Option<&str> {
        self.error.first_hint()
    }

    /// The exit code that the service should end with.
    pub fn exit_code(&self) -> ExitCode {
        self.error.exit_code()
    }
}

impl fmt::Display for StartupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl std::error::Error for StartupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.error)
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::diagnostic::Place;

    use super::*;

    fn report() -> StartupReport {
        let latest = vec![RevisionId::new("0002").expect("an id")];
        StartupReport::new("shop", Mode::Apply, "sqlite:./shop.db".to_owned(), latest)
    }

    fn failed() -> StartupReport {
        let mut report = report();
        let place = Place::in_text("migrations/0002.sql", "SELECT no;", 7..9, 9).label("no such column: no");
        let error = Diagnostic::new(ErrorKind::MigrationFailed, "revision 0002 failed at statement 1 of 1")
            .at(place)
            .state("rolled back; the database is still at 0001")
            .hint("mend it")
            .hint("or take it out");
        report.take_error(&error, StartupOutcome::Failed);
        report
    }

    #[test]
    fn the_serialised_names_are_those_that_people_use_already() {
        let json = serde_json::to_value(report()).expect("a report is JSON");
        for name in [
            "app_name",
            "success",
            "database_status",
            "applied",
            "pending",
            "warnings",
            "mode",
            "outcome",
            "timings",
        ] {
            assert!(json.get(name).is_some(), "{name} is not in {json}");
        }
        let status = json["database_status"].as_object().expect("an object");
        let mut names: Vec<&str> = status.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "auto_migrate_enabled",
                "current_revision",
                "database_healthy",
                "errors",
                "migrations_applied",
                "pending_migrations",
                "success"
            ]
        );
        assert_eq!((&json["mode"], &json["outcome"]), (&"apply".into(), &"skipped".into()));
    }

    #[test]
    fn an_error_is_text_for_those_who_knew_text_and_parts_for_the_others() {
        let json = serde_json::to_value(failed()).expect("a report is JSON");
        let message =
            "revision 0002 failed at statement 1 of 1 (migrations/0002.sql:9:8): no such column: no";
        assert_eq!(json["database_status"]["errors"], serde_json::json!([message]));
        assert_eq!(
            json["errors"],
            serde_json::json!([{
                "kind": "migration_failed",
                "code": "migration_failed",
                "message": message,
                "source": "migrations/0002.sql:9:8",
                "state": "rolled back; the database is still at 0001",
                "hint": "mend it",
                "more_hints": ["or take it out"],
            }])
        );
        assert_eq!((&json["success"], &json["outcome"]), (&false.into(), &"failed".into()));
    }

    #[test]
    fn an_outcome_is_named_as_in_json() {
        for outcome in [
            StartupOutcome::UpToDate,
            StartupOutcome::Applied,
            StartupOutcome::Pending,
            StartupOutcome::Ahead,
            StartupOutcome::Created,
            StartupOutcome::Deferred,
            StartupOutcome::Degraded,
            StartupOutcome::Failed,
            StartupOutcome::Skipped,
        ] {
            assert_eq!(serde_json::to_value(outcome).expect("a text"), outcome.name());
        }
    }

    #[test]
    fn a_revision_that_nobody_has_seen_is_not_called_none() {
        let mut report = report();
        assert_eq!(report.short_revision(), "unknown");
        report.take_standing(&[], &[]);
        assert_eq!(report.short_revision(), "none");
        let ids = ["77be41d0aa11", "ae10"].map(|id| RevisionId::new(id).expect("an id"));
        report.ids = ShortIds::of_ids(&ids);
        report.take_standing(&ids, &[]);
        assert_eq!(report.short_revision(), "77be41d0, ae10");
    }
}
