//! What the history gets of a step that is done: at once, with the step itself, or, where the whole
//! run is one transaction, later in that transaction. Not the journal, which is written before.

use jiff::Timestamp;
use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, plan::Step, revision::Direction, sql::Digest};

use super::{
    Execution,
    failure::{self, Failure},
};
use crate::history::{Attempt, LedgerOrigin, LedgerRecord, Outcome, State, Timing};

/// After how many steps their records are written, so that they don't pile up.
const MOST: usize = 100;

/// Records of steps that are done in a transaction that is still open. One statement for many rows
/// costs SQLite a fraction of what as many statements do.
#[derive(Debug, Default)]
pub(crate) struct Unwritten {
    ledger: Vec<String>,
    /// Statements that take revisions out of the ledger.
    forgotten: Vec<String>,
    log: Vec<String>,
}

impl Execution<'_> {
    /// The statements that record that a step is done, and the state that they lead to.
    pub(super) fn record(&self, step: &Step, timing: Timing) -> (Vec<String>, State) {
        self.record_after(step, timing, &self.state.digest, self.position)
    }

    /// The same for a step that others are sent before: they lead to a digest and a position.
    pub(super) fn record_after(
        &self,
        step: &Step,
        timing: Timing,
        before: &Digest,
        position: i64,
    ) -> (Vec<String>, State) {
        let dialect = self.dialect();
        let state = State::after(before, step);
        let ledger = match step.direction {
            Direction::Upgrade => {
                self.ledger_record(step, position).insert(self.tables, dialect, self.actor, timing)
            }
            Direction::Downgrade => self.tables.forget(dialect, step.revision()),
        };
        let log = attempt(step).insert(self.tables, dialect, self.actor, timing);
        let record = match dialect {
            Dialect::Postgres => {
                let update = state.replace(self.tables, before);
                vec![at_once(&ledger, &log, &update)]
            }
            Dialect::Sqlite | Dialect::Mysql => vec![ledger, log, state.update(self.tables, dialect)],
        };
        (record, state)
    }

    /// Keeps the record of a step that is done, for later in the same transaction.
    pub(super) async fn keep_record(
        &mut self,
        step: &Step,
        state: State,
        started: Timestamp,
    ) -> Result<(), Failure> {
        let milliseconds = Timestamp::now().as_millisecond() - started.as_millisecond();
        self.keep_measured_record(step, state, (started, milliseconds)).await
    }

    /// The same for a step that took so many milliseconds; `state` is what it leads to.
    pub(super) async fn keep_measured_record(
        &mut self,
        step: &Step,
        state: State,
        (started, milliseconds): (Timestamp, i64),
    ) -> Result<(), Failure> {
        let dialect = self.dialect();
        let timing = Timing::Measured { started, milliseconds };
        match step.direction {
            Direction::Upgrade => {
                let row = self.ledger_record(step, self.position).row(dialect, self.actor, timing);
                self.unwritten.ledger.push(row);
            }
            Direction::Downgrade => {
                self.unwritten.forgotten.push(self.tables.forget(dialect, step.revision()))
            }
        }
        self.unwritten.log.push(attempt(step).row(dialect, self.actor, timing));
        self.advance(step, state);
        if self.unwritten.log.len() < MOST {
            return Ok(());
        }
        self.write_records().await.map_err(|diagnostic| undone(Failure::new(diagnostic, started)))
    }

    /// Writes the records that were kept; if that fails, the whole transaction is rolled back.
    pub(super) async fn write_records(&mut self) -> Result<(), Diagnostic> {
        let script = self.take_records();
        if script.is_empty() {
            return Ok(());
        }
        let Err(failed) = self.send_regardless(&script.join(";\n")).await else { return Ok(()) };
        let _ = self.send_regardless("ROLLBACK").await;
        Err(failure::database(&failed.error, "the history could not be written")
            .state("rolled back; nothing of this run was kept"))
    }

    /// The statements that write the records that were kept, for who writes them; none where there are none.
    pub(super) fn take_records(&mut self) -> Vec<String> {
        let Unwritten { ledger, forgotten, log } = std::mem::take(&mut self.unwritten);
        if log.is_empty() {
            return Vec::new();
        }
        let dialect = self.dialect();
        let mut script = forgotten;
        if !ledger.is_empty() {
            script.push(self.tables.insert_into_ledger(dialect, &ledger));
        }
        script.push(self.tables.insert_into_log(dialect, &log));
        script.push(self.state.update(self.tables, dialect));
        script
    }

    /// Writes the records of the steps before a failed one, or drops them with the steps.
    pub(super) async fn write_or_undo(&mut self, failure: Failure) -> Failure {
        if failure.everything_undone || failure.connection_lost {
            self.unwritten = Unwritten::default();
            return failure;
        }
        match self.write_records().await {
            Ok(()) => failure,
            Err(error) => {
                tracing::warn!(target: "underpin::migrate", %error, "the revisions before the failed one are undone as well");
                undone(failure)
            }
        }
    }

    pub(super) fn ledger_record<'a>(&self, step: &'a Step, position: i64) -> LedgerRecord<'a> {
        LedgerRecord {
            revision: step.revision(),
            position,
            checksum: step.checksum,
            parents: &step.header.parents,
            depends_on: &step.header.depends_on,
            message: &step.header.message,
            phase: step.header.phase,
            transactional: step.header.transaction,
            downgrade: step.downgrade.as_deref(),
            origin: LedgerOrigin::Upgrade,
        }
    }
}

/// One statement for all that records a step on PostgreSQL, which is planned and started once.
pub(super) fn at_once(ledger: &str, log: &str, state: &str) -> String {
    format!("WITH ledger_row AS ({ledger}), log_row AS ({log}) {state}")
}

pub(super) fn undone(mut failure: Failure) -> Failure {
    failure.everything_undone = true;
    failure
}

pub(super) fn attempt(step: &Step) -> Attempt<'_> {
    Attempt {
        revision: step.revision(),
        direction: step.direction.name(),
        outcome: match step.direction {
            Direction::Upgrade => Outcome::Applied,
            Direction::Downgrade => Outcome::Reverted,
        },
        checksum: Some(step.checksum.to_string()),
        statement: None,
        error_code: None,
        error: None,
    }
}
