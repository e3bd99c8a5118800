//! A revision in Rust: its function is called with operations that are done as they come, in the step's
//! transaction or with the journal. What the operations become is decided in `underpin-core`.

mod live;
mod noted;
mod once;

use std::{convert::Infallible, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    plan::{self, Step},
};

use super::{
    Execution,
    failure::{self, Failure},
    journal::JOURNAL,
    script::Script,
    transaction::{Clock, completed},
};
use crate::{
    database::{Guard, Guarded},
    history::{JournalEntry, State, Timing},
    operation::{OperationError, Operations, RevisionFunction},
    point::{Point, reach},
};
use live::Live;
use noted::Journal;

impl Execution<'_> {
    /// Runs a step in Rust; returns it with the statements that were sent.
    pub(super) async fn run_code(
        &mut self,
        step: &Step,
        last: bool,
        resumed: Option<JournalEntry>,
    ) -> Result<Step, Failure> {
        let started = Timestamp::now();
        let function = self.revisions.function(step.revision(), step.direction);
        let function = function
            .ok_or_else(|| Failure::new(plan::needs_application(&step.header, &step.file), started))?;
        // What was planned are words; what is done, the function says.
        let step = Step { statements: Vec::new(), ..step.clone() };
        match step.transactional {
            true => self.run_code_in_transaction(step, function, last, started).await,
            false => self.run_code_with_journal(step, function, resumed, started).await,
        }
    }

    async fn run_code_in_transaction(
        &mut self,
        step: Step,
        function: RevisionFunction,
        last: bool,
        started: Timestamp,
    ) -> Result<Step, Failure> {
        self.limit_transaction(started).await?;
        let envelope = self.envelope(&step, last, Clock::Ours);
        let opening = Script { parts: envelope.open.iter().map(String::as_str).collect() };
        if let Err(guarded) = self.send(&opening.text(0..opening.parts.len()), None).await {
            let failed = (completed(&guarded), guarded);
            let failure = self.locate(&step, &opening, opening.parts.len(), failed, started);
            return Err(self.undo(&envelope, failure).await);
        }
        let mut live = Live::new(self, step, None, started);
        let result = live.call(function).await;
        let Live { step, foreign_keys, .. } = live;
        if let Err(failure) = result {
            return Err(self.undo(&envelope, failure).await);
        }
        let checked = self.foreign_keys_after(&step, foreign_keys.as_deref()).await;
        let seen = if checked.is_ok() { self.be_seen(&step).await } else { checked };
        if let Err(diagnostic) = seen {
            return Err(self.undo(&envelope, Failure::new(diagnostic, started)).await);
        }
        reach(Point::BeforeCommit).await;
        // SQLite's run is one transaction, which gets the records in batches.
        let later = self.lock.is_transaction();
        let (record, state) = match later {
            true => (Vec::new(), State::after(&self.state.digest, &step)),
            false => self.record(&step, Timing::InScript { started }),
        };
        let role =
            (self.dialect() == Dialect::Postgres && self.changes_settings(&step)).then_some("RESET ROLE");
        let words = role.into_iter().chain(record.iter().map(String::as_str));
        let ending = Script { parts: words.chain(envelope.close.iter().map(String::as_str)).collect() };
        if !ending.parts.is_empty()
            && let Err(guarded) = self.send(&ending.text(0..ending.parts.len()), None).await
        {
            let failed = (completed(&guarded).saturating_add(step.statements.len()), guarded);
            let failure = self.locate(&step, &ending, 0, failed, started);
            return Err(self.undo(&envelope, failure).await);
        }
        if later {
            self.keep_record(&step, state, started).await?;
        } else {
            self.advance(&step, state);
        }
        Ok(step)
    }

    async fn run_code_with_journal(
        &mut self,
        step: Step,
        function: RevisionFunction,
        resumed: Option<JournalEntry>,
        started: Timestamp,
    ) -> Result<Step, Failure> {
        let fail = |diagnostic| Failure::new(diagnostic, started);
        self.write_records().await.map_err(|diagnostic| super::record::undone(fail(diagnostic)))?;
        self.leave_transaction().await.map_err(fail)?;
        let result = self.run_code_outside(step, function, resumed, started).await;
        let back = self.enter_transaction().await;
        let step = result?;
        back.map_err(fail)?;
        Ok(step)
    }

    async fn run_code_outside(
        &mut self,
        step: Step,
        function: RevisionFunction,
        resumed: Option<JournalEntry>,
        started: Timestamp,
    ) -> Result<Step, Failure> {
        let fail = |diagnostic| Failure::new(diagnostic, started);
        self.check_lock().await.map_err(fail)?;
        let (step, journal) = Journal::open(self, step, resumed, started).await?;
        let mut live = Live::new(self, step, Some(journal), started);
        let result = live.call(function).await;
        let Live { step, journal, .. } = live;
        if let (Err(failure), Some(journal)) = (result, journal) {
            return Err(match failure.statement {
                Some(_) => failure,
                // The code failed between two statements.
                None => self.leave(&step, &journal.start, &journal.checksums, failure).await,
            });
        }
        reach(Point::StatementsDone).await;
        self.close(&step, started).await.map_err(|diagnostic| {
            let mut failure = fail(diagnostic);
            failure.dirty = true;
            failure.diagnostic.state = Some(super::dirty::dirty_at(&step, step.statements.len()));
            failure
        })?;
        Ok(step)
    }
}

impl Live<'_, '_> {
    /// Calls the function of the revision to its end, or until it is time to stop.
    async fn call(&mut self, function: RevisionFunction) -> Result<(), Failure> {
        let (interrupt, canceller) = (self.execution.interrupt, self.execution.session.canceller());
        let ended = {
            let mut operations = Operations::new(self);
            let work = AssertUnwindSafe(function(&mut operations)).catch_unwind();
            let work = async { Ok::<_, Infallible>(work.await) };
            interrupt.guard(work, &canceller, None).await
        };
        self.undo_work().await;
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let title = self.step.title();
        let (diagnostic, lost) = match ended {
            Ok(Guard::Done(Ok(Ok(())))) => return Ok(()),
            Ok(Guard::Done(Ok(Err(error)))) => (self.own_error(error.into_diagnostic()), false),
            Ok(Guard::Done(Err(panic))) => {
                (self.own_error(OperationError::of_panic(panic.as_ref()).into_diagnostic()), false)
            }
            Ok(Guard::DoneLate(_, stop)) | Err(Guarded::NotSent(stop) | Guarded::Late(stop)) => {
                (stop.diagnostic(&format!("in revision {title}")), false)
            }
            Err(Guarded::Abandoned(stop)) => (stop.diagnostic(&format!("in revision {title}")), true),
            Err(Guarded::Failed(never) | Guarded::Cancelled(_, never)) => match never {},
        };
        let mut failure = Failure::new(diagnostic, self.started);
        failure.connection_lost = lost;
        Err(failure)
    }

    /// What the code of the revision itself has against it.
    fn own_error(&self, mut error: Diagnostic) -> Diagnostic {
        error.message = format!("revision {} failed: {}", self.step.title(), error.message);
        if error.hints.is_empty() {
            error = error.hint(format!("mend {} and run it again", self.step.file));
        }
        error
    }
}

/// An error of the catalog on the way to an operation.
fn unreadable(error: &crate::database::DatabaseError) -> Diagnostic {
    failure::database(error, JOURNAL)
}
