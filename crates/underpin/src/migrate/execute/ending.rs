//! How a run that failed ends: what is kept of it, the attempt in the log, and the error with what was in the
//! way. What becomes of a half-done step is decided elsewhere.

use std::time::Duration;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    plan::Step,
    revision::{Direction, RevisionId},
    sql::Digest,
};

use super::{Execution, Finished, failure};
use crate::{
    database::ErrorClass,
    history::{Attempt, Outcome, Timing, create_tables},
    migrate::at,
    policy::TransactionMode,
    telemetry::metrics,
};

impl Execution<'_> {
    /// Logs a failed attempt, so that it is known even though it was undone.
    async fn log_failure(&mut self, attempted: Option<&Step>, failure: &failure::Failure) {
        // What was only tried is no attempt.
        let Some(step) = attempted.filter(|_| !self.rolls_back) else { return };
        let dialect = self.dialect();
        let diagnostic = &failure.diagnostic;
        let engine = diagnostic.place.as_ref().and_then(|place| place.label.as_deref());
        let error = match engine {
            Some(engine) => format!("{}: {engine}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let attempt = Attempt {
            revision: step.revision(),
            direction: step.direction.name(),
            outcome: if failure.dirty { Outcome::Dirty } else { Outcome::RolledBack },
            checksum: Some(step.checksum.to_string()),
            statement: failure.statement.map(|index| index + 1),
            error_code: failure.code.as_deref(),
            error: Some(&error),
        };
        let timing = Timing::Measured { started: failure.started, milliseconds: failure.elapsed() };
        let insert = attempt.insert(self.tables, dialect, self.actor, timing);
        let mut logged = self.send_regardless(&insert).await;
        if logged.as_ref().is_err_and(|failed| failed.error.class == ErrorClass::UndefinedTable)
            && dialect == Dialect::Sqlite
        {
            // The history was made in the transaction that is undone, with all that was in it. It comes with the
            // attempt, in one transaction that waits for the disk once.
            let tables = create_tables(self.tables, dialect, &Digest::EMPTY.to_string()).join(";\n");
            logged = self.send_regardless(&format!("BEGIN IMMEDIATE;\n{tables};\n{insert};\nCOMMIT")).await;
        }
        if let Err(error) = logged {
            tracing::warn!(target: "underpin::migrate", error = %error.error, "the failure could not be logged");
        }
    }

    /// Somebody stopped the run behind a revision. What is done stays, unless the run is one transaction.
    pub(super) async fn stopped_behind(
        &mut self,
        done: Option<&Finished>,
        mut failure: failure::Failure,
    ) -> failure::Failure {
        if self.mode == TransactionMode::All {
            let _ = self.send_regardless("ROLLBACK").await;
            failure.everything_undone = true;
        } else if let Some(done) = done.filter(|_| !self.rolls_back) {
            failure.stopped_behind = Some(stopped_behind(done));
        }
        failure
    }

    /// Keeps what is to be kept of a failed run, logs the failure and completes its diagnostic: that of the step
    /// that the run has come to, and of the attempt that there was, if any.
    pub(super) async fn end_failed_run(
        &mut self,
        (step, attempted): (&Step, Option<&Step>),
        mut failure: failure::Failure,
    ) -> Diagnostic {
        self.name_blockers(&mut failure);
        if self.lock.is_transaction() && !failure.connection_lost && self.mode != TransactionMode::All {
            // What was done before the failing step stays. Where the engine has undone all of it
            // already, this fails, and the log is written outside of a transaction.
            self.log_failure(attempted, &failure).await;
            let _ = self.send_regardless("COMMIT").await;
        } else if !failure.connection_lost {
            self.log_failure(attempted, &failure).await;
        }
        let outcome = if failure.dirty { Outcome::Dirty } else { Outcome::RolledBack };
        let elapsed = Duration::from_millis(u64::try_from(failure.elapsed()).unwrap_or_default());
        if let Some(attempted) = attempted.filter(|_| !self.rolls_back) {
            metrics::revision(attempted, elapsed, outcome);
        }
        let obstacle = self.obstacle(step, &failure).await;
        let mut diagnostic = failure.diagnostic;
        if let Some(obstacle) = obstacle {
            diagnostic
                .hints
                .insert(0, format!("{obstacle}; mend the rows first, in the same revision or by hand"));
        }
        if diagnostic.state.is_none() {
            let cut_off = failure.connection_lost && self.dialect() != Dialect::Sqlite;
            self.undone.retain(|undone| undone != step.revision());
            diagnostic.state = Some(match (cut_off, failure.stopped_behind) {
                (true, _) => failure::cut_off(&self.heads),
                (false, Some(stopped)) if !failure.everything_undone => stopped,
                (false, Some(_) | None) => failure::rolled_back_with(&self.undone, &self.heads),
            });
        }
        diagnostic
    }
}

/// The step that a failed run has made an attempt at: that which failed, or the last one of those that are undone
/// where the run was stopped before another was begun. `kept` are those that nothing undoes.
pub(super) fn attempted<'s>(
    steps: &'s [Step],
    index: usize,
    kept: usize,
    failure: &failure::Failure,
) -> Option<&'s Step> {
    match (failure.begun, failure.everything_undone) {
        (true, _) => steps.get(index).or(steps.last()),
        (false, true) if index > kept => steps.get(index - 1),
        (false, _) => None,
    }
}

/// The state after a hook that refused behind the last revision.
pub(super) fn everything_done(heads: &[RevisionId]) -> String {
    format!("every revision of the plan is applied; the database is at {}", at(heads))
}

/// The state of a database whose run somebody stopped behind this revision.
fn stopped_behind(done: &Finished) -> String {
    let what = match done.direction {
        Direction::Upgrade => "is applied",
        Direction::Downgrade => "is taken back",
    };
    format!("{} {what}; the run stopped there", done.revision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_before_a_stop_is_not_called_rolled_back() {
        for (direction, said) in [
            (Direction::Upgrade, "0001 is applied; the run stopped there"),
            (Direction::Downgrade, "0001 is taken back; the run stopped there"),
        ] {
            let revision = RevisionId::new("0001").expect("an id");
            let (message, duration) = (String::new(), Duration::ZERO);
            let done = Finished { revision, message, direction, statements: 1, duration };
            assert_eq!(stopped_behind(&done), said);
        }
    }
}
