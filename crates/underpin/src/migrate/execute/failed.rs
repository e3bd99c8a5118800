//! What becomes of a step whose statement did not run to its end outside of a transaction: what the journal
//! says then, and what people are told. Nothing is tried again here.

use jiff::Timestamp;
use underpin_core::{
    backfill::Cursor,
    diagnostic::{Diagnostic, ErrorKind},
    plan::Step,
    sql::Repeat,
};

use super::{
    Execution,
    dirty::{choices, dirty_at},
    failure::{self, Failure},
    journal::{Checksums, Start},
    lasting::Lasting,
};
use crate::{
    database::{DatabaseError, ErrorClass, Guarded, ScriptError},
    history::{Progress, State},
    lock::Lock,
};

/// Why a statement did not run.
pub(super) enum StatementError {
    Statement(Guarded<DatabaseError>),
    /// The same where what it did before it failed can't be rolled back.
    Kept(Guarded<DatabaseError>, Lasting),
    /// The same where batches of it are done, and have come so far.
    Begun(Guarded<DatabaseError>, Box<Cursor>),
    /// Something of ours around it.
    Own(Diagnostic),
}

impl StatementError {
    pub(super) fn of(guarded: Guarded<ScriptError>) -> Self {
        Self::Statement(guarded.map(|failure| failure.error))
    }

    pub(super) fn database(error: DatabaseError) -> Self {
        match error.class {
            ErrorClass::ConnectionLost => Self::Statement(Guarded::Failed(error)),
            _ => Self::Own(failure::database(&error, "the catalog could not be read")),
        }
    }
}

/// What is known of a step beside its statements.
pub(super) struct Known<'a> {
    pub(super) checksums: &'a Checksums,
    /// How far an earlier run has come with it, in words.
    pub(super) recorded: Option<&'a str>,
    pub(super) started: Timestamp,
}

impl Execution<'_> {
    /// Ends a step at the statement that it has come to.
    pub(super) async fn fail_statement(
        &mut self,
        step: &Step,
        mut start: Start,
        error: StatementError,
        known: &Known<'_>,
    ) -> Failure {
        let index = start.statement;
        match error {
            StatementError::Own(diagnostic) => {
                let mut failure = Failure::beside(diagnostic, known.recorded, known.started);
                failure.dirty = true;
                failure.diagnostic.state = Some(dirty_at(step, index));
                made_dirty(failure)
            }
            StatementError::Kept(guarded, lasting) => {
                let guarded = self.by_our_limit(guarded);
                let mut failure = Failure::of_statement(step, index, &guarded, known.started);
                failure.dirty = true;
                failure.diagnostic.state = Some(format!(
                    "{}; what that statement did before it failed is still in {lasting}",
                    dirty_at(step, index)
                ));
                failure.diagnostic.hints = choices(step, index);
                made_dirty(failure)
            }
            StatementError::Begun(guarded, cursor) => {
                start.effects = true;
                let mut failure = self.leave_dirty(step, &start, guarded, known).await;
                let state = failure.diagnostic.state.take().unwrap_or_else(|| dirty_at(step, index));
                failure.diagnostic.state =
                    Some(format!("{state}; of its own batches, {} are done: {cursor}", cursor.batches));
                failure
            }
            StatementError::Statement(guarded) => self.leave_dirty(step, &start, guarded, known).await,
        }
    }

    /// Ends a step whose statement failed: clean if nothing of it is in the database, and
    /// otherwise with the journal at that statement.
    pub(super) async fn leave_dirty(
        &mut self,
        step: &Step,
        start: &Start,
        guarded: Guarded<DatabaseError>,
        known: &Known<'_>,
    ) -> Failure {
        let guarded = self.by_our_limit(guarded);
        let mut failure = Failure::of_statement(step, start.statement, &guarded, known.started);
        failure.by_statement = true;
        let in_doubt = matches!(guarded, Guarded::Late(_))
            && step.statements.get(start.statement).is_some_and(|statement| {
                matches!(statement.repeat(self.flavour()), Repeat::Probed | Repeat::Unknown)
            });
        if in_doubt {
            // The journal says that it was sent; what became of it, the next run finds out.
            failure.dirty = true;
            failure.diagnostic.state = Some(dirty_at(step, start.statement));
            return failure;
        }
        if failure.connection_lost {
            failure.dirty = true;
            failure.diagnostic.state = Some(format!(
                "statement {} of {} was under way when the connection broke; the next run finds out whether it was done",
                start.statement + 1,
                step.statements.len()
            ));
            return failure;
        }
        self.leave(step, start, known.checksums, failure).await
    }

    /// Ends a step that failed before a statement was sent, or whose statement had no effect.
    pub(super) async fn leave(
        &mut self,
        step: &Step,
        start: &Start,
        checksums: &Checksums,
        mut failure: Failure,
    ) -> Failure {
        let dialect = self.dialect();
        let script = if start.effects {
            let progress = Progress::ready(
                step.revision(),
                start.statement,
                step.statements.len(),
                &checksums.done[start.statement],
            );
            let update = progress.update(self.tables, dialect, "1 = 1");
            self.as_ourselves(step, Some(self.begin()), &[update])
        } else {
            let state = State { digest: self.state.digest, dirty: None };
            let words =
                [self.tables.close_journal(dialect, step.revision()), state.update(self.tables, dialect)];
            self.state = state;
            self.as_ourselves(step, Some(self.begin()), &words)
        };
        let written = self.send_regardless(&script).await;
        if let Err(error) = &written {
            let _ = self.send_regardless("ROLLBACK").await;
            if Lock::is_loss(&error.error) {
                // Whoever has the lock now has gone on with the revision, which is why the statement failed.
                failure.diagnostic = failure::lock_lost().state("another run has gone on with the revision");
                return failure;
            }
        }
        let written = written.is_ok();
        if start.effects || !written {
            failure.dirty = true;
            failure.diagnostic.state = Some(dirty_at(step, start.statement));
            if failure.diagnostic.kind == ErrorKind::MigrationFailed {
                failure.diagnostic.kind = ErrorKind::Dirty;
                failure.diagnostic.hints = vec![format!(
                    "mend statement {} in {} and run it again: it goes on there; `underpin help resolve` has the other ways out",
                    start.statement + 1,
                    step.file
                )];
            } else {
                if failure.diagnostic.kind == ErrorKind::Interrupted {
                    failure.diagnostic.hints.clear();
                }
                failure
                    .diagnostic
                    .hints
                    .push(format!("run it again: it goes on at statement {}", start.statement + 1));
            }
        }
        failure
    }
}

fn made_dirty(mut failure: Failure) -> Failure {
    if failure.diagnostic.kind == ErrorKind::MigrationFailed {
        failure.diagnostic.kind = ErrorKind::Dirty;
    }
    failure
}
