//! The forms in plain JSON, with the names that people use already: `/health`, `/db-status` and
//! `/health/startup`. Errors are told by their class; a server's own words stay in the log.

use serde::Serialize;
use underpin_core::revision::RevisionId;

use crate::{
    policy::Mode,
    startup::{
        DatabaseHealth, DeferredHealth, HealthStatus, LastRun, MigrationHealth, Progress, ServiceHealth,
        StartupOutcome, StartupReport, Timings,
    },
};

/// `/health` and `/health/ready`.
#[derive(Debug, Serialize)]
pub(super) struct Summary<'a> {
    status: ServiceHealth,
    database: DatabaseHealth,
    migrations: MigrationHealth,
    current_migration: Option<&'a str>,
    latest_migration: Option<&'a str>,
    migrations_up_to_date: bool,
    version: &'a str,
    #[serde(flatten)]
    progress: Option<&'a Progress>,
}

impl<'a> Summary<'a> {
    pub(super) fn of(status: &'a HealthStatus) -> Self {
        Self {
            status: status.status,
            database: status.database,
            migrations: status.migrations,
            current_migration: status.current_migration.as_deref(),
            latest_migration: status.latest_migration.as_deref(),
            migrations_up_to_date: status.migrations_up_to_date,
            version: &status.version,
            progress: status.progress.as_ref(),
        }
    }
}

/// `/db-status`.
#[derive(Debug, Serialize)]
pub(super) struct Detail<'a> {
    database_connected: bool,
    current_migration: Option<&'a str>,
    /// As all lists here, nothing where nobody could look.
    current_heads: Option<&'a [RevisionId]>,
    latest_migration: Option<&'a str>,
    migrations_up_to_date: bool,
    pending: Option<&'a [RevisionId]>,
    deferred: Option<&'a [DeferredHealth]>,
    /// Tables that a start-up made without revisions.
    provisional: Option<&'a [String]>,
    last_run: Option<LastRun>,
    #[serde(flatten)]
    progress: Option<&'a Progress>,
}

impl<'a> Detail<'a> {
    pub(super) fn of(status: &'a HealthStatus, last_run: Option<LastRun>) -> Self {
        let looked = status.pending.is_some();
        Self {
            database_connected: status.database == DatabaseHealth::Connected,
            current_migration: status.current_migration.as_deref(),
            current_heads: told(&status.current_heads, looked),
            latest_migration: status.latest_migration.as_deref(),
            migrations_up_to_date: status.migrations_up_to_date,
            pending: status.pending.as_deref(),
            deferred: told(&status.deferred, looked),
            provisional: told(&status.provisional, looked),
            last_run,
            progress: status.progress.as_ref(),
        }
    }
}

/// A list, unless it is empty because nobody could look.
fn told<T>(list: &[T], looked: bool) -> Option<&[T]> {
    (looked || !list.is_empty()).then_some(list)
}

/// `/health/startup` once the start-up is over: its report, without what only its operators may see.
#[derive(Debug, Serialize)]
pub(super) struct Started<'a> {
    app_name: &'a str,
    success: bool,
    outcome: StartupOutcome,
    mode: Mode,
    database_status: StartedDatabase<'a>,
    applied: &'a [RevisionId],
    pending: Option<&'a [RevisionId]>,
    latest: &'a [RevisionId],
    timings: Timings,
}

#[derive(Debug, Serialize)]
struct StartedDatabase<'a> {
    success: bool,
    migrations_applied: bool,
    database_healthy: bool,
    current_revision: Option<&'a str>,
    pending_migrations: Option<usize>,
    /// The classes of the errors.
    errors: Vec<&'a str>,
    auto_migrate_enabled: bool,
}

impl<'a> Started<'a> {
    pub(super) fn of(report: &'a StartupReport) -> Self {
        let database = &report.database_status;
        Self {
            app_name: &report.app_name,
            success: report.success,
            outcome: report.outcome,
            mode: report.mode,
            database_status: StartedDatabase {
                success: database.success,
                migrations_applied: database.migrations_applied,
                database_healthy: database.database_healthy,
                current_revision: database.current_revision.as_deref(),
                pending_migrations: database.pending_migrations,
                errors: report.errors.iter().map(|error| error.code.as_str()).collect(),
                auto_migrate_enabled: database.auto_migrate_enabled,
            },
            applied: &report.applied,
            pending: report.pending.as_deref(),
            latest: &report.latest,
            timings: report.timings,
        }
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::diagnostic::{Diagnostic, ErrorKind};

    use super::*;

    #[test]
    fn tables_without_revisions_stand_beside_what_is_pending() {
        let mut status = HealthStatus::starting(Progress::default(), &[]);
        status.provisional.push("notes".to_owned());
        let json = serde_json::to_value(Detail::of(&status, None)).expect("JSON");
        assert_eq!(json["provisional"], serde_json::json!(["notes"]));
    }

    #[test]
    fn what_nobody_could_look_at_is_no_empty_list() {
        let status = HealthStatus::starting(Progress::default(), &[]);
        let json = serde_json::to_value(Detail::of(&status, None)).expect("JSON");
        for name in ["current_heads", "pending", "deferred", "provisional"] {
            assert!(json[name].is_null(), "{name}: {json}");
        }
        let report = StartupReport::new("shop", Mode::Apply, String::new(), Vec::new());
        let json = serde_json::to_value(Started::of(&report)).expect("JSON");
        assert!(json["pending"].is_null() && json["database_status"]["pending_migrations"].is_null());
    }

    #[test]
    fn a_report_goes_out_with_the_class_of_its_errors_and_nothing_else_of_them() {
        let database = "postgresql://db.internal:5432/shop".to_owned();
        let mut report = StartupReport::new("shop", Mode::Apply, database, Vec::new());
        let error =
            Diagnostic::new(ErrorKind::MigrationFailed, "Key (email)=(ada@example.com) already exists")
                .state("rolled back")
                .hint("SELECT 1");
        report.take_error(&error, StartupOutcome::Failed);
        report.warnings.push("can't connect to db.internal".to_owned());
        let json = serde_json::to_value(Started::of(&report)).expect("JSON");
        assert_eq!(json["database_status"]["errors"], serde_json::json!(["migration_failed"]));
        assert_eq!((&json["outcome"], &json["success"]), (&"failed".into(), &false.into()));
        let text = json.to_string();
        for secret in ["ada@", "db.internal", "SELECT", "rolled back"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
