//! After a run: does the history say what the plan says? Read afresh, after everything was
//! committed, because a run that believes itself proves nothing.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::Plan,
    revision::Direction,
    sql::{Checksum, Digest},
};

use super::run::history_unreadable;
use crate::{
    database::{ErrorClass, ScriptError, Session},
    history::HistoryTables,
    lock::Lock,
};

/// Compares the history with the plan that was run, from one view of it where others may be changing it
/// by now.
///
/// # Errors
/// As [`history`].
pub(super) async fn after(
    session: &mut dyn Session,
    lock: &Lock,
    tables: &HistoryTables,
    plan: &Plan,
) -> Result<(), Diagnostic> {
    if !lock.gives_way() {
        return history(session, tables, plan).await;
    }
    let unreadable = |failure: ScriptError| history_unreadable(failure.error);
    session.shield(false);
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    session.execute(begin).await.map_err(unreadable)?;
    history(session, tables, plan).await?;
    session.execute("COMMIT").await.map_err(unreadable).map(drop)
}

/// Compares the history with the plan that was run.
///
/// # Errors
/// If a revision of the plan is not where the plan leaves it, or if ledger and digest disagree.
pub(super) async fn history(
    session: &mut dyn Session,
    tables: &HistoryTables,
    plan: &Plan,
) -> Result<(), Diagnostic> {
    let (ledger, written) = match tables.read_checksums_and_digest(session).await {
        Err(error) if error.class == ErrorClass::UndefinedTable => {
            return Err(disagreement(format!("a table of the history is gone: {}", error.with_code())));
        }
        read => read.map_err(history_unreadable)?,
    };
    let mut digest = Digest::EMPTY;
    let mut applied = std::collections::HashSet::with_capacity(ledger.len());
    for (revision, checksum) in &ledger {
        if let Ok(checksum) = checksum.parse::<Checksum>() {
            digest.toggle(revision, &checksum);
        }
        applied.insert(revision.as_str());
    }
    for step in &plan.steps {
        let there = applied.contains(step.revision().as_str());
        let problem = match (step.direction, there) {
            (Direction::Upgrade, true) | (Direction::Downgrade, false) => continue,
            (Direction::Upgrade, false) => "was applied, and the history has no row of it",
            (Direction::Downgrade, true) => "was taken back, and the history still has its row",
        };
        return Err(disagreement(format!("revision {} {problem}", step.title())));
    }
    match written.map(|written| written.parse::<Digest>()) {
        Some(Ok(written)) if written == digest => Ok(()),
        Some(_) => Err(disagreement("the digest in the history is not that of its rows".to_owned())),
        None => Err(disagreement("the history has lost its state".to_owned())),
    }
}

fn disagreement(what: String) -> Diagnostic {
    Diagnostic::new(ErrorKind::VerificationFailed, format!("verification failed: {what}"))
        .state("the statements of the plan were committed, and the history is not what it should be")
        .hint("look for triggers or programs that write to the history's tables; `underpin resolve --applied ID` puts a row back")
}
