//! Creating tables without revisions: as the mode of a start-up, or instead of revisions that failed.
//! Nothing is recorded as applied, and what is made is provisional.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    sql::CreatedKind,
};

use super::{
    Decided, act,
    report::{StartupOutcome, StartupReport},
};
use crate::{
    history::ProvisionalRecord,
    migrate::{Created, list},
};

/// A start-up that creates what is missing and applies nothing.
pub(super) async fn only(decided: &Decided, report: &mut StartupReport) -> Result<(), Diagnostic> {
    let status = act::look(decided).await?;
    report.server = status.server();
    report.take_standing(&status.current, &status.pending);
    report.database_status.database_healthy = status.at_head;
    act::refuse_conflicts(decided, &status)?;
    if !status.unknown.is_empty() {
        // A newer version may have done away with what this one would bring back.
        report.outcome = StartupOutcome::Ahead;
        report.warnings.push(format!("{}; no table is created", act::newer(&status)));
        return Ok(());
    }
    let created = missing(decided, report).await?;
    report.outcome = match (created.tables.is_empty(), status.pending.is_empty()) {
        (false, _) => StartupOutcome::Created,
        (true, false) => StartupOutcome::Pending,
        (true, true) => StartupOutcome::UpToDate,
    };
    if !status.pending.is_empty() {
        let needed = act::needed(&status);
        report.warnings.push(format!("{needed}; apply them with `underpin upgrade head`"));
    }
    Ok(())
}

/// Creates what is missing after migrating failed with `error`. If that fails too, the policy on
/// failures decides as it does without it.
pub(super) async fn instead(
    decided: &Decided,
    error: Diagnostic,
    report: &mut StartupReport,
) -> Result<(), Diagnostic> {
    let second = if helps(error.kind) {
        match missing(decided, report).await {
            Ok(_) => {
                report.take_error(&error, StartupOutcome::Degraded);
                report.fallback_used = true;
                return Ok(());
            }
            Err(second) if second.kind == ErrorKind::Interrupted => return Err(second),
            Err(second) => Some(second),
        }
    } else {
        None
    };
    if decided.fail_on_error {
        return Err(match second {
            Some(second) => error.hint(format!("creating the missing tables instead failed, too: {second}")),
            None => error,
        });
    }
    report.take_error(&error, StartupOutcome::Degraded);
    if let Some(second) = second {
        report.take_error(&second, StartupOutcome::Degraded);
    }
    Ok(())
}

/// Whether creating tables can help after an error: not where the database can't be reached, and not
/// where a newer version has gone on, which may have done away with what this one would bring back.
const fn helps(error: ErrorKind) -> bool {
    !matches!(
        error,
        ErrorKind::Unavailable
            | ErrorKind::Authentication
            | ErrorKind::DatabaseNotFound
            | ErrorKind::DatabaseNewer
            | ErrorKind::Interrupted
    )
}

/// Creates what is missing, and tells of what is provisional now.
async fn missing(decided: &Decided, report: &mut StartupReport) -> Result<Created, Diagnostic> {
    let created = decided.migrator.create_missing(decided.tables.schema()?).await?;
    report.server.clone_from(&created.server);
    if !created.tables.is_empty() {
        tracing::warn!(target: "underpin::startup", tables = ?created.tables, "created tables without revisions");
    }
    let status = act::look(decided).await?;
    // No other server has such types.
    let is_type = |record: &ProvisionalRecord| record.kind(Dialect::Postgres) == CreatedKind::Enum;
    let noun = match &status.provisional[..] {
        [record] if !is_type(record) => "table",
        records if records.iter().all(is_type) => "types",
        records if records.iter().any(is_type) => "tables and types",
        _ => "tables",
    };
    report.provisional = status.provisional.into_iter().map(|table| table.name).collect();
    if !report.provisional.is_empty() {
        report.warnings.push(format!(
            "provisional {noun} without revisions: {}; the next upgrade that brings them replaces them while they are empty",
            list(&report.provisional)
        ));
    }
    Ok(created)
}
