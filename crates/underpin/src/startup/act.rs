//! What a start-up does with the database once its settings are decided: looking, migrating, and
//! what it refuses. Whether the service lives with an error is decided by its caller.

use std::time::Duration;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::Target,
};

use super::{
    Decided, create,
    report::{StartupOutcome, StartupReport},
};
use crate::{
    author::unfilled,
    database::{Cause, Errand, Stop},
    migrate::{Goal, Ran, Status, at, check_status},
    policy::{Mode, OnPending, VerifyOnStartup},
    replica::Heartbeat,
};

/// Does what the mode says, and writes down what it finds; a replica that registers is put into
/// `heartbeat`.
pub(super) async fn act(
    decided: &Decided,
    report: &mut StartupReport,
    heartbeat: &mut Option<Heartbeat>,
) -> Result<(), Diagnostic> {
    looked(decided, report).await?;
    verified(decided, report).await?;
    let Some(every) = decided.heartbeat.filter(|_| decided.mode != Mode::Off) else { return Ok(()) };
    let migrator = &decided.migrator;
    match Heartbeat::begin(migrator, every).await {
        Ok(begun) => *heartbeat = Some(begun),
        // A service that only reads may be at head, and needs no more to serve.
        Err(error) if matches!(error.kind, ErrorKind::ReadOnly | ErrorKind::Permission) => {
            report.warnings.push(format!(
                "{}; nobody waits for this replica before taking away what it still needs",
                error.message
            ));
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    // Who contracts the schema now, under the lock, may not have seen us: look again when it is free.
    while migrator.lock_holder().await?.is_some() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    check_status(&migrator.status().await?, &migrator.revisions, decided.on_newer)
}

/// What a start does that runs no revisions.
const CHECK: Errand = Errand::to("check the database");

/// Compares the database with what its revisions make, where a setting asks for it. What can't be found
/// out is no reason to warn less: it is told as drift would be.
async fn verified(decided: &Decided, report: &mut StartupReport) -> Result<(), Diagnostic> {
    let looked = matches!(decided.mode, Mode::Apply | Mode::Check);
    if !looked || decided.verify == VerifyOnStartup::Off {
        return Ok(());
    }
    let migrator = &decided.migrator;
    let work = async {
        let drift = migrator.verify(&decided.scratch, &decided.scope).await?;
        if drift.is_none() { Ok(()) } else { Err(drift.diagnostic()) }
    };
    let limited = async {
        match migrator.limits.run {
            Some(limit) => tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
                let stop = Stop { errand: CHECK, cause: Cause::Timeout(limit) };
                Err(stop.diagnostic("while it was compared with its revisions"))
            }),
            None => work.await,
        }
    };
    match (limited.await, decided.verify) {
        (Err(error), VerifyOnStartup::Fail) => Err(error),
        (Err(error), VerifyOnStartup::Warn | VerifyOnStartup::Off) => {
            report.warnings.push(error.to_string());
            Ok(())
        }
        (Ok(()), _) => Ok(()),
    }
}

async fn looked(decided: &Decided, report: &mut StartupReport) -> Result<(), Diagnostic> {
    match decided.mode {
        Mode::Off => {
            report.warnings.push("migrations are off: the database was not looked at".to_owned());
            Ok(())
        }
        Mode::Apply => apply(decided, report).await,
        Mode::Check => check(decided, report).await,
        Mode::Create => create::only(decided, report).await,
    }
}

async fn apply(decided: &Decided, report: &mut StartupReport) -> Result<(), Diagnostic> {
    let Ran { report: run, error } = decided.migrator.run(Goal::Upgrade(vec![Target::Head])).await;
    report.take_run(&run);
    if let Some(error) = error {
        return Err(error);
    }
    report.outcome = if run.changed() { StartupOutcome::Applied } else { StartupOutcome::UpToDate };
    for ran in run.revisions.iter().filter(|ran| ran.statements == 0) {
        report.warnings.extend(unfilled(&decided.migrator.revisions.file(&ran.revision)?));
    }
    report.database_status.database_healthy =
        run.pending.len() == run.deferred.len() && run.incompatible.is_empty();
    for deferred in &run.deferred {
        report.outcome = if run.changed() { StartupOutcome::Applied } else { StartupOutcome::Deferred };
        report.warnings.push(deferred.to_string());
    }
    if !run.unknown.is_empty() {
        report.outcome = StartupOutcome::Ahead;
        report.warnings.push(format!("the database is newer than this program: it has {}", at(&run.unknown)));
    }
    Ok(())
}

async fn check(decided: &Decided, report: &mut StartupReport) -> Result<(), Diagnostic> {
    decided.migrator.check_revisions()?;
    let status = look(decided).await?;
    report.server = status.server();
    report.take_standing(&status.current, &status.pending);
    report.database_status.database_healthy = status.at_head;
    refuse_conflicts(decided, &status)?;
    if !status.unknown.is_empty() {
        report.outcome = StartupOutcome::Ahead;
        report.warnings.push(newer(&status));
        return Ok(());
    }
    if status.pending.is_empty() {
        report.outcome = StartupOutcome::UpToDate;
        return Ok(());
    }
    report.outcome = StartupOutcome::Pending;
    let needed = needed(&status);
    match decided.on_pending {
        OnPending::Warn => {
            report.warnings.push(format!("{needed}; apply them with `underpin upgrade head`"));
            Ok(())
        }
        OnPending::Fail => Err(Diagnostic::new(ErrorKind::Pending, needed)
            .state("nothing was changed")
            .hint("apply them with `underpin upgrade head`")),
    }
}

/// What is pending, from where to where.
pub(super) fn needed(status: &Status) -> String {
    let names: Vec<&str> = status.pending.iter().map(|id| id.as_str()).collect();
    format!(
        "Database migrations needed: {} -> {} ({} pending: {})",
        at(&status.current),
        at(&status.heads),
        names.len(),
        names.join(", ")
    )
}

/// What is said where the policy is to live with a newer database.
pub(super) fn newer(status: &Status) -> String {
    format!("the database is newer than this program: it has {}", at(&status.unknown))
}

/// Reads the status within the limit of the whole run, unless somebody stops it.
pub(super) async fn look(decided: &Decided) -> Result<Status, Diagnostic> {
    let migrator = &decided.migrator;
    let expired = async {
        match migrator.limits.run {
            Some(limit) => {
                tokio::time::sleep(limit).await;
                Cause::Timeout(limit)
            }
            None => std::future::pending().await,
        }
    };
    let cause = tokio::select! {
        biased;
        status = migrator.status() => return status,
        () = migrator.stop.stopped() => Cause::Interrupted,
        cause = expired => cause,
    };
    Err(Stop { errand: CHECK, cause }.diagnostic("while it was looked at").state("nothing was changed"))
}

/// What no start goes on with, even if it only looks.
pub(super) fn refuse_conflicts(decided: &Decided, status: &Status) -> Result<(), Diagnostic> {
    if status.heads.len() > 1 {
        return Err(crate::migrate::several_heads(&decided.migrator.revisions)?);
    }
    if let Some(dirty) = &status.dirty {
        return Err(dirty.diagnostic());
    }
    check_status(status, &decided.migrator.revisions, decided.on_newer)
}
