//! How a run that failed ends: what is kept of it, the attempt in the log, and the error with what was in the
//! way. What becomes of a half-done step is decided elsewhere.

use std::time::Duration;

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, plan::Step, sql::Digest};

use super::{Execution, failure};
use crate::{
    database::ErrorClass,
    history::{Attempt, Outcome, Timing, create_tables},
    policy::TransactionMode,
    telemetry::metrics,
};

impl Execution<'_> {
    /// Logs a failed attempt, so that it is known even though it was undone.
    async fn log_failure(&mut self, step: &Step, failure: &failure::Failure) {
        if self.rolls_back {
            // What was only tried is no attempt.
            return;
        }
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
            // The history was made in the transaction that is undone, with all that was in it.
            let mut script = create_tables(self.tables, dialect, &Digest::EMPTY.to_string());
            script.push(insert);
            logged = self.send_regardless(&script.join(";\n")).await;
        }
        if let Err(error) = logged {
            tracing::warn!(target: "underpin::migrate", error = %error.error, "the failure could not be logged");
        }
    }

    /// Keeps what is to be kept of a failed run, logs the failure and completes its diagnostic.
    pub(super) async fn end_failed_run(&mut self, step: &Step, mut failure: failure::Failure) -> Diagnostic {
        self.name_blockers(&mut failure);
        if self.lock.is_transaction() && !failure.connection_lost && self.mode != TransactionMode::All {
            // What was done before the failing step stays. Where the engine has undone all of it
            // already, this fails, and the log is written outside of a transaction.
            self.log_failure(step, &failure).await;
            let _ = self.send_regardless("COMMIT").await;
        } else if !failure.connection_lost {
            self.log_failure(step, &failure).await;
        }
        let outcome = if failure.dirty { Outcome::Dirty } else { Outcome::RolledBack };
        let elapsed = Duration::from_millis(u64::try_from(failure.elapsed()).unwrap_or_default());
        if !self.rolls_back {
            metrics::revision(step, elapsed, outcome);
        }
        let obstacle = self.obstacle(step, &failure).await;
        let mut diagnostic = failure.diagnostic;
        if let Some(obstacle) = obstacle {
            diagnostic
                .hints
                .insert(0, format!("{obstacle}; mend the rows first, in the same revision or by hand"));
        }
        if diagnostic.state.is_none() {
            diagnostic.state = Some(match failure.connection_lost && self.dialect() != Dialect::Sqlite {
                true => failure::cut_off(&self.heads),
                false => {
                    self.undone.retain(|undone| undone != step.revision());
                    failure::rolled_back_with(&self.undone, &self.heads)
                }
            });
        }
        diagnostic
    }
}
