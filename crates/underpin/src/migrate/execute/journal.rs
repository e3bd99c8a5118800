//! A step outside a transaction, statement by statement, with the journal: written before each
//! statement that can't share a transaction with it, so that a run killed at any instant is
//! continued exactly once.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    plan::{PlannedStatement, Step},
    sql::{self, Repeat},
};

use super::{
    Event, Execution,
    dirty::{choices, dirty_as_recorded, dirty_at, edited, fate_unknown, shortened},
    failure,
    failure::Failure,
    lasting::Lasting,
    record::undone,
};
use crate::{
    database::{DatabaseError, ErrorClass, Guarded},
    history::{JournalEntry, JournalState, Progress, State, Timing},
    migrate::fingerprint::{self, Fingerprint},
    point::{Point, reach},
};

/// The checksums that the journal compares.
pub(super) struct Checksums {
    /// Of each statement.
    statements: Vec<String>,
    /// Of all statements before each, and, last, of all.
    done: Vec<String>,
    running: Sha256,
}

/// Where a step begins.
pub(super) struct Start {
    pub(super) statement: usize,
    /// Whether something of the step is in the database already.
    pub(super) effects: bool,
}

impl Execution<'_> {
    /// Runs a step from its first statement, or from where `resumed` says that a run was cut off.
    pub(super) async fn run_with_journal(
        &mut self,
        step: &Step,
        resumed: Option<JournalEntry>,
    ) -> Result<(), Failure> {
        let started = Timestamp::now();
        let recorded = resumed.as_ref().map(|entry| dirty_as_recorded(step, entry));
        let fail = |diagnostic| Failure::beside(diagnostic, recorded.as_deref(), started);
        self.write_records().await.map_err(|diagnostic| undone(fail(diagnostic)))?;
        self.leave_transaction().await.map_err(fail)?;
        let result = self.run_statements(step, resumed, started).await;
        let back = self.enter_transaction().await;
        result?;
        back.map_err(fail)
    }

    async fn run_statements(
        &mut self,
        step: &Step,
        resumed: Option<JournalEntry>,
        started: Timestamp,
    ) -> Result<(), Failure> {
        let recorded = resumed.as_ref().map(|entry| dirty_as_recorded(step, entry));
        let fail = |diagnostic| Failure::beside(diagnostic, recorded.as_deref(), started);
        self.check_lock().await.map_err(fail)?;
        let checksums = checksums(self.flavour(), step).map_err(fail)?;
        let mut start = match resumed {
            Some(entry) => self
                .resume(step, &entry, &checksums)
                .await
                .inspect(|start| self.events.resumed(step, start.statement))
                .map_err(|mut diagnostic| {
                    diagnostic.state.get_or_insert_with(|| dirty_as_recorded(step, &entry));
                    let mut failure = fail(diagnostic);
                    failure.dirty = true;
                    failure
                })?,
            None => {
                self.open_journal(step, &checksums).await.map_err(fail)?;
                reach(Point::JournalOpened).await;
                Start { statement: 0, effects: false }
            }
        };
        for index in 0..start.statement {
            self.replay_setting(&step.statements[index]).await.map_err(fail)?;
        }
        while let Some(statement) = step.statements.get(start.statement) {
            let index = start.statement;
            if index > 0 {
                reach(Point::BetweenStatements).await;
            }
            if let Err(stop) = self.interrupt.check() {
                let stopped = Guarded::NotSent(stop);
                return Err(self.leave_dirty(step, &start, &checksums, stopped, started).await);
            }
            self.events.send(&Event::Statement {
                revision: step.revision().clone(),
                statement: index + 1,
                of: step.statements.len(),
                sql: statement.text.clone(),
            });
            match self.run_statement(step, index, &checksums).await {
                Ok(effect) => start = Start { statement: index + 1, effects: start.effects || effect },
                Err(error) => {
                    return Err(self.statement_failed(step, (&start, &checksums, started), error).await);
                }
            }
        }
        reach(Point::StatementsDone).await;
        self.close(step, started).await.map_err(|diagnostic| {
            let mut failure = fail(diagnostic);
            failure.dirty = true;
            failure.diagnostic.state = Some(dirty_at(step, step.statements.len()));
            failure
        })
    }

    /// Ends a step of which the next statement failed.
    pub(super) async fn statement_failed(
        &mut self,
        step: &Step,
        (start, checksums, started): (&Start, &Checksums, Timestamp),
        error: StatementError,
    ) -> Failure {
        let index = start.statement;
        let (mut failure, state) = match error {
            StatementError::Statement(guarded) => {
                return self.leave_dirty(step, start, checksums, guarded, started).await;
            }
            StatementError::Own(diagnostic) => (Failure::new(diagnostic, started), dirty_at(step, index)),
            StatementError::Kept(guarded, lasting) => {
                let guarded = self.by_our_limit(guarded);
                let mut failure = Failure::of_statement(step, index, &guarded, started);
                failure.diagnostic.hints = choices(step, index);
                let state = format!(
                    "{}; what that statement did before it failed is still in {lasting}",
                    dirty_at(step, index)
                );
                (failure, state)
            }
        };
        failure.dirty = true;
        failure.diagnostic.state = Some(state);
        if failure.diagnostic.kind == ErrorKind::MigrationFailed {
            failure.diagnostic.kind = ErrorKind::Dirty;
        }
        failure
    }

    /// Runs one statement with what the journal needs around it; says whether it had an effect.
    pub(super) async fn run_statement(
        &mut self,
        step: &Step,
        index: usize,
        checksums: &Checksums,
    ) -> Result<bool, StatementError> {
        let statement = &step.statements[index];
        let repeat = statement.repeat(self.flavour());
        if repeat == Repeat::Transactional
            && let Some(lasting) =
                self.lasting(std::slice::from_ref(statement)).await.map_err(StatementError::database)?
        {
            return self.run_lasting(step, index, checksums, lasting).await;
        }
        match repeat {
            Repeat::Transactional => {
                let next = Progress {
                    revision: step.revision(),
                    statement: index + 1,
                    total: step.statements.len(),
                    state: JournalState::Ready,
                    done_checksum: &checksums.done[index + 1],
                    statement_checksum: None,
                    fingerprint: None,
                    objects: None,
                };
                let update = next.update(self.tables, self.dialect(), "1 = 1");
                self.send(self.begin(), None).await.map_err(StatementError::of)?;
                reach(Point::StatementStarted).await;
                if let Err(guarded) = self.send_statement(&statement.text).await {
                    let _ = self.send_regardless("ROLLBACK").await;
                    return Err(StatementError::of(guarded));
                }
                reach(Point::StatementDone).await;
                let rest = self.as_ourselves(step, None, &[update]);
                if let Err(guarded) = self.send(&rest, None).await {
                    // Whatever is written next would commit the statement, which no journal knows of.
                    let _ = self.send_regardless("ROLLBACK").await;
                    return Err(StatementError::of(guarded));
                }
                Ok(true)
            }
            Repeat::Harmless => {
                fingerprint::clear_way(self.session, statement).await.map_err(StatementError::database)?;
                self.send_statement(&statement.text).await.map_err(StatementError::of)?;
                Ok(false)
            }
            Repeat::Probed => {
                fingerprint::clear_way(self.session, statement).await.map_err(StatementError::database)?;
                let before = fingerprint::take(self.session, &statement.text)
                    .await
                    .map_err(StatementError::database)?;
                let remainder = fingerprint::remainder(self.session, &statement.text).await;
                let remainder = remainder.map_err(StatementError::database)?;
                self.mark_started(step, index, checksums, Some(&before)).await?;
                reach(Point::StatementStarted).await;
                let text = remainder.as_deref().unwrap_or(&statement.text);
                self.send_statement(text).await.map_err(StatementError::of)?;
                reach(Point::StatementDone).await;
                Ok(true)
            }
            Repeat::Unknown => {
                self.mark_started(step, index, checksums, None).await?;
                self.send_statement(&statement.text).await.map_err(StatementError::of)?;
                Ok(true)
            }
        }
    }

    /// Writes that a statement is being sent, if the lock is still ours.
    pub(super) async fn mark_started(
        &mut self,
        step: &Step,
        index: usize,
        checksums: &Checksums,
        before: Option<&Fingerprint>,
    ) -> Result<(), StatementError> {
        let progress = Progress {
            revision: step.revision(),
            statement: index,
            total: step.statements.len(),
            state: JournalState::Started,
            done_checksum: &checksums.done[index],
            statement_checksum: Some(&checksums.statements[index]),
            fingerprint: before.map(|before| before.hash.as_str()),
            objects: before.map(|before| before.objects.as_str()),
        };
        let update = progress.update(self.tables, self.dialect(), &self.lock.guard());
        match self
            .send_own(step, &update)
            .await
            .map_err(|guarded| StatementError::Own(failure::own(&guarded, JOURNAL)))?
        {
            0 => Err(StatementError::Own(failure::lock_lost())),
            _ => Ok(()),
        }
    }

    pub(super) async fn open_journal(
        &mut self,
        step: &Step,
        checksums: &Checksums,
    ) -> Result<(), Diagnostic> {
        let dialect = self.dialect();
        let state = State { digest: self.state.digest, dirty: Some(step.revision().to_string()) };
        let open = self.tables.open_journal(
            dialect,
            step.revision(),
            step.direction.name(),
            &self.actor.run,
            step.statements.len(),
            &checksums.done[0],
        );
        let script = self.as_ourselves(step, Some(self.begin()), &[open, state.update(self.tables, dialect)]);
        self.own_transaction(&script).await?;
        self.state = state;
        Ok(())
    }

    /// Writes that the step is done, in one transaction.
    pub(super) async fn close(&mut self, step: &Step, started: Timestamp) -> Result<(), Diagnostic> {
        let milliseconds = Timestamp::now().as_millisecond() - started.as_millisecond();
        let (record, state) = self.record(step, Timing::Measured { started, milliseconds });
        let mut words = self.close_words(step).await?;
        words.extend(record);
        let script = self.as_ourselves(step, Some(self.begin()), &words);
        self.own_transaction(&script).await?;
        self.advance(step, state);
        Ok(())
    }

    /// What closes the journal of a step, and forgets how far its parts have come.
    async fn close_words(&mut self, step: &Step) -> Result<Vec<String>, Diagnostic> {
        let progress = self.tables.forget_progress(self.session, step.revision()).await;
        let progress = progress.map_err(|error| failure::database(&error, JOURNAL))?;
        let close = self.tables.close_journal(self.dialect(), step.revision());
        Ok([close].into_iter().chain(progress).collect())
    }

    /// Ends a step whose statement failed: clean if nothing of it is in the database, and
    /// otherwise with the journal at that statement.
    async fn leave_dirty(
        &mut self,
        step: &Step,
        start: &Start,
        checksums: &Checksums,
        guarded: Guarded<DatabaseError>,
        started: Timestamp,
    ) -> Failure {
        let guarded = self.by_our_limit(guarded);
        let mut failure = Failure::of_statement(step, start.statement, &guarded, started);
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
        self.leave(step, start, checksums, failure).await
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
            let progress = Progress {
                revision: step.revision(),
                statement: start.statement,
                total: step.statements.len(),
                state: JournalState::Ready,
                done_checksum: &checksums.done[start.statement],
                statement_checksum: None,
                fingerprint: None,
                objects: None,
            };
            let update = progress.update(self.tables, dialect, "1 = 1");
            self.as_ourselves(step, Some(self.begin()), &[update])
        } else {
            let state = State { digest: self.state.digest, dirty: None };
            let words =
                [self.tables.close_journal(dialect, step.revision()), state.update(self.tables, dialect)];
            self.state = state;
            self.as_ourselves(step, Some(self.begin()), &words)
        };
        let written = self.send_regardless(&script).await.is_ok();
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

    /// Finds the statement at which a step goes on that was cut off.
    pub(super) async fn resume(
        &mut self,
        step: &Step,
        entry: &JournalEntry,
        checksums: &Checksums,
    ) -> Result<Start, Diagnostic> {
        let index = entry.statement;
        if index > step.statements.len() {
            return Err(shortened(step, entry));
        }
        if checksums.done.get(index) != Some(&entry.done_checksum) {
            return Err(edited(step, index));
        }
        if entry.state == JournalState::Ready {
            return Ok(Start { statement: index, effects: index > 0 });
        }
        let Some(statement) = step.statements.get(index) else { return Err(shortened(step, entry)) };
        let unchanged = entry.statement_checksum.as_ref() == checksums.statements.get(index);
        let done = match (&statement.probe, &entry.fingerprint, &entry.objects) {
            (Some(probe), _, _) if unchanged => {
                let rows = self.session.fetch(probe).await;
                let rows =
                    rows.map_err(|error| failure::database(&error, "the probe of the statement failed"))?;
                rows.first().is_some_and(|row| row.truth(0))
            }
            (_, Some(before), Some(objects)) => {
                let begun = fingerprint::remainder(self.session, &statement.text).await;
                let begun =
                    begun.map_err(|error| failure::database(&error, "the catalog could not be read"))?;
                let now = fingerprint::of_objects(self.session, objects).await;
                let now = now.map_err(|error| failure::database(&error, "the catalog could not be read"))?;
                begun.is_none() && now.hash != *before
            }
            _ => return Err(fate_unknown(step, index)),
        };
        match (done, unchanged) {
            (true, true) => Ok(Start { statement: index + 1, effects: true }),
            (true, false) => Err(edited(step, index + 1)),
            (false, _) => Ok(Start { statement: index, effects: index > 0 }),
        }
    }

    /// Settings of the session went with the run that was cut off.
    pub(super) async fn replay_setting(&mut self, statement: &PlannedStatement) -> Result<(), Diagnostic> {
        if !sql::session_setting(self.dialect(), &statement.text) {
            return Ok(());
        }
        let result = self.send_statement(&statement.text).await;
        result.map_err(|guarded| failure::own(&guarded, "a setting of the revision could not be repeated"))
    }
}

pub(super) const JOURNAL: &str = "the journal could not be written";

/// Why a statement did not run.
pub(super) enum StatementError {
    Statement(Guarded<DatabaseError>),
    /// The same where what it did before it failed can't be rolled back.
    Kept(Guarded<DatabaseError>, Lasting),
    /// Something of ours around it.
    Own(Diagnostic),
}

impl StatementError {
    fn of(guarded: Guarded<crate::database::ScriptError>) -> Self {
        Self::Statement(guarded.map(|failure| failure.error))
    }

    fn database(error: DatabaseError) -> Self {
        match error.class {
            ErrorClass::ConnectionLost => Self::Statement(Guarded::Failed(error)),
            _ => Self::Own(failure::database(&error, "the catalog could not be read")),
        }
    }
}

pub(super) fn checksums(flavour: Flavour, step: &Step) -> Result<Checksums, Diagnostic> {
    let texts: Vec<&str> = step.statements.iter().map(|statement| statement.text.as_str()).collect();
    checksums_of(flavour, &texts)
}

fn checksums_of(flavour: Flavour, statements: &[&str]) -> Result<Checksums, Diagnostic> {
    let running = Sha256::new();
    let mut checksums = Checksums { statements: Vec::new(), done: vec![hex(&running)], running };
    statements.iter().try_for_each(|statement| checksums.add(flavour, statement))?;
    Ok(checksums)
}

/// Adds the statements of a step that have come since.
pub(super) fn extend_checksums(
    flavour: Flavour,
    step: &Step,
    checksums: &mut Checksums,
) -> Result<(), Diagnostic> {
    let known = checksums.statements.len();
    step.statements[known..].iter().try_for_each(|statement| checksums.add(flavour, &statement.text))
}

impl Checksums {
    fn add(&mut self, flavour: Flavour, statement: &str) -> Result<(), Diagnostic> {
        let checksum = sql::checksum(flavour.dialect(), statement)
            .map_err(|error| Diagnostic::new(ErrorKind::RevisionFile, error.to_string()))?
            .to_string();
        self.running.update(checksum.as_bytes());
        self.statements.push(checksum);
        self.done.push(hex(&self.running));
        Ok(())
    }
}

/// The checksum that the journal has of statements that are done.
pub(crate) fn done_checksum(flavour: Flavour, statements: &[&str]) -> Result<String, Diagnostic> {
    Ok(checksums_of(flavour, statements)?.done.pop().unwrap_or_default())
}

fn hex(hasher: &Sha256) -> String {
    hasher.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
