//! A step outside a transaction, statement by statement, with the journal: written before each
//! statement that can't share a transaction with it, so that a run killed at any instant is
//! continued exactly once.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    plan::{PlannedStatement, Step},
    sql::{self, Repeat},
};

use super::{
    Event, Execution,
    dirty::{dirty_as_recorded, dirty_at, edited, fate_unknown, shortened},
    failed::{Known, StatementError},
    failure,
    failure::Failure,
    record::undone,
};
use crate::{
    database::{ErrorClass, Guarded},
    history::{JournalEntry, JournalState, Progress, State, Timing},
    lock::SURE,
    migrate::fingerprint::{self, Fingerprint},
    point::{Point, reach},
};

/// The checksums that the journal compares.
pub(super) struct Checksums {
    /// Of each statement.
    pub(super) statements: Vec<String>,
    /// Of all statements before each, and, last, of all.
    pub(super) done: Vec<String>,
    running: Sha256,
}

/// Where a step begins.
#[derive(Clone, Copy)]
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
        let known = Known { checksums: &checksums, recorded: recorded.as_deref(), started };
        let resuming = resumed.is_some();
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
                self.check_batches(step).await.map_err(fail)?;
                self.open_journal(step, &checksums).await.map_err(fail)?;
                reach(Point::JournalOpened).await;
                Start { statement: 0, effects: false }
            }
        };
        if resuming {
            start.effects |= self.has_progress(step).await.map_err(fail)?;
        }
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
                return Err(self.leave_dirty(step, &start, stopped, &known).await);
            }
            self.events.send(&Event::Statement {
                revision: step.revision().clone(),
                statement: index + 1,
                of: step.statements.len(),
                sql: statement.text.clone(),
            });
            match self.run_statement_patiently(step, index, &checksums).await {
                Ok(effect) => start = Start { statement: index + 1, effects: start.effects || effect },
                Err(error) => {
                    return Err(self.fail_statement(step, start, error, &known).await);
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

    /// Runs one statement, again and again while others hold a lock that it needs; says whether it had an
    /// effect.
    pub(super) async fn run_statement_patiently(
        &mut self,
        step: &Step,
        index: usize,
        checksums: &Checksums,
    ) -> Result<bool, StatementError> {
        loop {
            let ran = match self.limit_statement(step, index).await {
                Ok(()) => self.run_statement(step, index, checksums).await,
                Err(guarded) => Err(StatementError::of(guarded)),
            };
            match ran {
                Ok(effect) => {
                    self.got_through();
                    return Ok(effect);
                }
                Err(error) if self.may_repeat_statement(&step.statements[index], &error).await => {
                    self.interrupt
                        .check()
                        .map_err(|stop| StatementError::Statement(Guarded::NotSent(stop)))?;
                }
                Err(error) => {
                    self.clear_after(step, index, &error).await;
                    return Err(error);
                }
            }
        }
    }

    /// Removes what a statement has left that failed by itself: an invalid index is no use to anybody, and
    /// every write has to keep it up. Whatever is in the way of that is left to the next run.
    async fn clear_after(&mut self, step: &Step, index: usize, error: &StatementError) {
        let StatementError::Statement(Guarded::Failed(failed)) = error else { return };
        let lost = failed.class == ErrorClass::ConnectionLost || self.dialect() != Dialect::Postgres;
        if !lost && self.limit_clearing().await.is_ok() {
            let cleared = fingerprint::clear_way(self.session, &step.statements[index]).await;
            if let Err(error) = cleared {
                tracing::warn!(target: "underpin::migrate", %error, "an invalid index is left behind");
            }
        }
    }

    /// Runs one statement with what the journal needs around it; says whether it had an effect.
    async fn run_statement(
        &mut self,
        step: &Step,
        index: usize,
        checksums: &Checksums,
    ) -> Result<bool, StatementError> {
        let statement = &step.statements[index];
        if let Some(backfill) = statement.backfill() {
            return self.run_statement_in_batches(step, index, checksums, &backfill).await;
        }
        let repeat = statement.repeat(self.flavour());
        if repeat == Repeat::Transactional
            && let Some(lasting) =
                self.lasting(std::slice::from_ref(statement)).await.map_err(StatementError::database)?
        {
            return self.run_lasting(step, index, checksums, lasting).await;
        }
        match repeat {
            Repeat::Transactional => {
                let next = Progress::ready(
                    step.revision(),
                    index + 1,
                    step.statements.len(),
                    &checksums.done[index + 1],
                );
                let update = next.update(self.tables, self.dialect(), "1 = 1");
                let begin = self.begin_limited(step, index);
                self.send(&begin, None).await.map_err(StatementError::of)?;
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
                let marked = self.mark_started(step, index, checksums, Some(&before)).await?;
                reach(Point::StatementStarted).await;
                self.confirm_again(marked).await?;
                let text = remainder.as_deref().unwrap_or(&statement.text);
                self.send_statement(text).await.map_err(StatementError::of)?;
                reach(Point::StatementDone).await;
                Ok(true)
            }
            Repeat::Unknown => {
                let marked = self.mark_started(step, index, checksums, None).await?;
                self.confirm_again(marked).await?;
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
    ) -> Result<Instant, StatementError> {
        let marked = Instant::now();
        self.confirm().await?;
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
            _ => Ok(marked),
        }
    }

    /// Makes sure of the lock where it can be lost without the session: what is sent outside of a transaction can't be
    /// kept back by the database.
    async fn confirm(&mut self) -> Result<(), StatementError> {
        let Some(confirmation) = self.lock.confirmation() else { return Ok(()) };
        let sent = self.send(&confirmation, None).await;
        sent.map(drop).map_err(|guarded| StatementError::Own(failure::own(&guarded, JOURNAL)))
    }

    /// The same where it has taken too long since.
    pub(super) async fn confirm_again(&mut self, confirmed: Instant) -> Result<(), StatementError> {
        if confirmed.elapsed() < SURE { Ok(()) } else { self.confirm().await }
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
        let there = self.tables.has_journal(self.session).await;
        let there = there.map_err(|error| failure::database(&error, JOURNAL))?;
        let create = (!there).then(|| self.tables.create_journal(dialect));
        let words: Vec<String> =
            create.into_iter().chain([open, state.update(self.tables, dialect)]).collect();
        let script = self.as_ourselves(step, Some(self.begin()), &words);
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

    /// Whether parts of a step have come somewhere, which is in the database already.
    async fn has_progress(&mut self, step: &Step) -> Result<bool, Diagnostic> {
        let parts = self.tables.read_progress(self.session, step.revision()).await;
        let parts = parts.map_err(|error| failure::database(&error, "the history could not be read"))?;
        Ok(!parts.is_empty())
    }

    /// What closes the journal of a step, and forgets how far its parts have come.
    async fn close_words(&mut self, step: &Step) -> Result<Vec<String>, Diagnostic> {
        let progress = self.tables.forget_progress(self.session, step.revision()).await;
        let progress = progress.map_err(|error| failure::database(&error, JOURNAL))?;
        let close = self.tables.close_journal(self.dialect(), step.revision());
        Ok([close].into_iter().chain(progress).collect())
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
        result
            .map(drop)
            .map_err(|guarded| failure::own(&guarded, "a setting of the revision could not be repeated"))
    }
}

pub(super) const JOURNAL: &str = "the journal could not be written";

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
    /// Leaves out what the step does not have any more.
    pub(super) fn truncate(&mut self, step: &Step) {
        self.statements.truncate(step.statements.len());
        self.done.truncate(step.statements.len() + 1);
        self.running = Sha256::new();
        for checksum in &self.statements {
            self.running.update(checksum.as_bytes());
        }
    }

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
