//! A statement in batches: each is one transaction with the place that it has come to, so that a run that is
//! killed at any instant goes on behind the last batch, and every row is met once. How large a batch is and
//! what stands in its condition is decided in `core::backfill`.

mod step;
mod table;

use std::time::{Duration, Instant};

use underpin_core::{
    backfill::{Backfill, Cursor, Keys, next_rows},
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    plan::Step,
};

use super::{Execution, failure, journal::JOURNAL};
use crate::{
    database::{Cause, DatabaseError, ErrorClass, Guard, Guarded, Row, ScriptError},
    migrate::{Event, event::milliseconds},
    point::{Point, reach},
};

/// How often a batch is tried that others are in the way of.
const TRIES: u32 = 20;
/// How long a batch waits for a row that somebody else has locked: so long it keeps others from its own.
const PATIENCE: Duration = Duration::from_secs(2);

/// A part of a revision that is done in batches.
pub(crate) struct Part<'a> {
    /// Its name among the parts of the revision: `statement 3`.
    pub(crate) name: &'a str,
    /// What it does.
    pub(crate) backfill: &'a Backfill,
    /// What is written in the transaction of its last batch; the last of these statements changes a row
    /// as long as the lock is ours.
    pub(crate) end: &'a [String],
}

/// Why a part did not come to its end.
pub(crate) enum PartError {
    /// It can't be run in these batches on this table. Nothing was done now.
    Refused(Box<Diagnostic>),
    /// A batch failed, or it was time to stop; with how far the batches before it have come, if there
    /// were any.
    Batch(Guarded<DatabaseError>, Option<Box<Cursor>>),
    /// Something of ours around it.
    Own(Box<Diagnostic>),
}

impl PartError {
    fn of(guarded: Guarded<DatabaseError>, cursor: &Cursor) -> Self {
        Self::Batch(guarded, cursor.reached.is_some().then(|| Box::new(cursor.clone())))
    }

    /// The same with how far the batches have come.
    fn at(self, cursor: &Cursor) -> Self {
        match self {
            Self::Batch(guarded, _) => Self::of(guarded, cursor),
            Self::Refused(_) | Self::Own(_) => self,
        }
    }

    /// A place that could not be written; others may have been in the way, as who reads is on SQLite.
    fn unwritten(guarded: Guarded<ScriptError>) -> Self {
        match guarded {
            Guarded::Failed(failure) if failure.error.class == ErrorClass::Busy => {
                Self::Batch(Guarded::Failed(failure.error), None)
            }
            guarded => Self::own(failure::own(&guarded, JOURNAL)),
        }
    }

    fn own(diagnostic: Diagnostic) -> Self {
        Self::Own(Box::new(diagnostic))
    }

    fn unreadable(error: DatabaseError) -> Self {
        match error.class {
            ErrorClass::ConnectionLost => Self::Batch(Guarded::Failed(error), None),
            _ => Self::own(failure::database(&error, "the table of the batches could not be read")),
        }
    }
}

/// A batch that is to be done.
struct Batch {
    to: Vec<String>,
    /// How many rows it holds, if there are as many as were asked for.
    full: Option<u64>,
}

impl Execution<'_> {
    /// Runs a part of a step in batches, from where an earlier run has come with it.
    ///
    /// # Errors
    /// If the table has no such key, a batch fails, it is time to stop, or the lock is not ours any more.
    pub(crate) async fn run_part(&mut self, step: &Step, part: &Part<'_>) -> Result<(), PartError> {
        let (keys, estimate) = self.keys(&part.backfill.batches).await?;
        let known = self.tables.part_progress(self.session, step.revision(), part.name).await;
        let known = known.map_err(PartError::unreadable)?;
        let Some(mut cursor) = self.cursor(part, &keys, known.as_deref(), estimate).await? else {
            return self.end_part(step, part, None).await;
        };
        if known.is_none() {
            let create = self.tables.create_progress(self.dialect());
            let created = self.send_own(step, &create).await;
            created.map_err(|guarded| PartError::own(failure::own(&guarded, JOURNAL)))?;
        }
        self.wait_less().await?;
        let result = self.run_batches(step, part, &keys, &mut cursor).await;
        self.wait_as_before().await;
        result
    }

    /// Where the batches begin or go on; nowhere if the table is empty.
    async fn cursor(
        &mut self,
        part: &Part<'_>,
        keys: &Keys,
        known: Option<&str>,
        estimate: Option<u64>,
    ) -> Result<Option<Cursor>, PartError> {
        let batches = &part.backfill.batches;
        if let Some(known) = known {
            let cursor: Cursor = serde_json::from_str(known).map_err(|error| {
                let message = format!("how far {} has come can't be read: {error}", part.name);
                PartError::own(Diagnostic::new(ErrorKind::Dirty, message))
            })?;
            if cursor.key != batches.key {
                let message = format!(
                    "{} was begun in batches by {}, and its note says {} now",
                    part.name,
                    cursor.key.join(", "),
                    batches.key_in_words()
                );
                let diagnostic = Diagnostic::new(ErrorKind::EditedRevision, message);
                return Err(PartError::Refused(Box::new(diagnostic.hint("restore the key in the note"))));
            }
            return Ok(Some(cursor));
        }
        let first = self.key_of(&keys.end(false)).await?;
        let last = self.key_of(&keys.end(true)).await?;
        let Some(ends) = first.zip(last) else { return Ok(None) };
        let mut cursor = Cursor::new(batches.key.clone(), ends, batches.pace.first_rows());
        cursor.estimate = estimate;
        Ok(Some(cursor))
    }

    async fn run_batches(
        &mut self,
        step: &Step,
        part: &Part<'_>,
        keys: &Keys,
        cursor: &mut Cursor,
    ) -> Result<(), PartError> {
        let pause = part.backfill.batches.pace.pause(self.dialect());
        let mut tries = 0;
        while !cursor.is_done() {
            self.interrupt.check().map_err(|stop| PartError::of(Guarded::NotSent(stop), cursor))?;
            let batch = self.next_batch(keys, cursor).await?;
            match self.run_batch(step, part, keys, cursor, batch).await {
                Ok(()) => {
                    tries = 0;
                    reach(Point::BetweenBatches).await;
                    if !pause.is_zero() && !cursor.is_done() {
                        let paused = self.interrupt.pause(pause).await;
                        paused.map_err(|stop| PartError::of(Guarded::NotSent(stop), cursor))?;
                    }
                }
                Err(PartError::Batch(guarded, _)) if tries < TRIES && may_be_repeated(&guarded, cursor) => {
                    cursor.rows = (cursor.rows / 2).max(1);
                    let paused = self.interrupt.pause(crate::lock::pause(tries)).await;
                    paused.map_err(|stop| PartError::of(Guarded::NotSent(stop), cursor))?;
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The rows that come next.
    async fn next_batch(&mut self, keys: &Keys, cursor: &Cursor) -> Result<Batch, PartError> {
        let bound = keys.bound(cursor.reached.as_deref(), &cursor.last, cursor.rows);
        let found = self.key_of(&bound).await.map_err(|error| error.at(cursor))?;
        Ok(match found {
            Some(to) => Batch { to, full: Some(cursor.rows) },
            None => Batch { to: cursor.last.clone(), full: None },
        })
    }

    /// Runs one batch in a transaction with the place that it has come to.
    async fn run_batch(
        &mut self,
        step: &Step,
        part: &Part<'_>,
        keys: &Keys,
        cursor: &mut Cursor,
        batch: Batch,
    ) -> Result<(), PartError> {
        let dialect = self.dialect();
        let condition = keys.condition(cursor.reached.as_deref(), &batch.to);
        let text = part.backfill.with_condition(dialect, &condition);
        let began = Instant::now();
        let failed = |guarded: Guarded<ScriptError>, cursor: &Cursor| {
            PartError::of(guarded.map(|failure| failure.error), cursor)
        };
        let begin = self.begin_batch();
        self.send(&begin, None).await.map_err(|guarded| failed(guarded, cursor))?;
        reach(Point::StatementStarted).await;
        let changed = match self.send_statement(&text).await {
            Ok(changed) => changed,
            Err(guarded) => {
                let _ = self.send_regardless("ROLLBACK").await;
                let guarded = self.by_our_limit(guarded.map(|failure| failure.error));
                return Err(PartError::of(in_the_statement(part, dialect, guarded), cursor));
            }
        };
        reach(Point::StatementDone).await;
        let mut next = cursor.clone();
        next.advance(batch.to, batch.full.unwrap_or(changed), changed);
        if batch.full.is_some() {
            next.rows = next_rows(cursor.rows, began.elapsed(), self.target(part));
        }
        self.end_part(step, part, Some(&next)).await.map_err(|error| error.at(cursor))?;
        *cursor = next;
        self.events.send(&Event::Batch {
            revision: step.revision().clone(),
            part: part.name.to_owned(),
            rows: cursor.changed,
            reached: cursor.place(),
            percent: cursor.percent(),
            milliseconds: milliseconds(began.elapsed()),
        });
        Ok(())
    }

    /// Writes where a batch has come to, or that the part is done, and commits; without a cursor in a
    /// transaction of its own.
    async fn end_part(
        &mut self,
        step: &Step,
        part: &Part<'_>,
        cursor: Option<&Cursor>,
    ) -> Result<(), PartError> {
        let dialect = self.dialect();
        let revision = step.revision();
        let words: Vec<String> = match cursor {
            Some(cursor) if !cursor.is_done() => {
                let content = serde_json::to_string(cursor).map_err(|error| {
                    PartError::own(Diagnostic::new(ErrorKind::Internal, error.to_string()))
                })?;
                let guard = self.lock.guard();
                vec![self.tables.put_progress(dialect, revision, part.name, &content, &guard)]
            }
            Some(_) => {
                let forget = self.tables.forget_part(dialect, revision, part.name);
                [forget].into_iter().chain(part.end.iter().cloned()).collect()
            }
            None => part.end.to_vec(),
        };
        let begin = cursor.is_none().then(|| self.begin());
        let script = self.our_words(step, begin, &words);
        let written = match self.send(&script, None).await {
            Ok(0) => Err(PartError::own(failure::lock_lost())),
            Ok(_) => self.send(&self.lock.commit_text(), None).await.map(drop).map_err(PartError::unwritten),
            Err(guarded) => Err(PartError::unwritten(guarded)),
        };
        if written.is_err() {
            // Whatever is written next would commit the batch, which no journal knows of.
            let _ = self.send_regardless("ROLLBACK").await;
        }
        written
    }

    /// The time that a batch may take: well within the limit of a statement.
    fn target(&self, part: &Part<'_>) -> Duration {
        let target = part.backfill.batches.pace.target(self.dialect());
        self.limits.statement.map_or(target, |limit| target.min(limit / 2))
    }

    /// What begins the transaction of a batch.
    fn begin_batch(&self) -> String {
        let begin = self.begin();
        match self.dialect() {
            Dialect::Postgres => format!("{begin}; SET LOCAL lock_timeout = {}", PATIENCE.as_millis()),
            Dialect::Sqlite | Dialect::Mysql => begin.to_owned(),
        }
    }

    /// MySQL's wait for a row is a setting of the session.
    async fn wait_less(&mut self) -> Result<(), PartError> {
        if self.dialect() != Dialect::Mysql {
            return Ok(());
        }
        let set = format!(
            "SET @underpin_lock_wait = @@SESSION.innodb_lock_wait_timeout, SESSION innodb_lock_wait_timeout = {}",
            PATIENCE.as_secs()
        );
        let sent = self.send(&set, None).await;
        sent.map(drop).map_err(|guarded| PartError::own(failure::own(&guarded, JOURNAL)))
    }

    async fn wait_as_before(&mut self) {
        if self.dialect() == Dialect::Mysql {
            let set = "SET SESSION innodb_lock_wait_timeout = @underpin_lock_wait";
            let _ = self.send_regardless(set).await;
        }
    }

    /// The key that a query finds.
    async fn key_of(&mut self, query: &str) -> Result<Option<Vec<String>>, PartError> {
        let rows = self.ask(query).await?;
        Ok(rows.into_iter().next().map(|row| row.0.into_iter().map(Option::unwrap_or_default).collect()))
    }

    /// Reads from the table of the batches, and is cancelled when it is time to stop.
    async fn ask(&mut self, query: &str) -> Result<Vec<Row>, PartError> {
        let canceller = self.session.canceller();
        let limit = self.limits.statement;
        match self.interrupt.guard(self.session.fetch(query), &canceller, limit).await {
            Ok(Guard::Done(rows) | Guard::DoneLate(rows, _)) => Ok(rows),
            Err(Guarded::Failed(error)) => Err(PartError::unreadable(error)),
            Err(guarded) => Err(PartError::Batch(guarded, None)),
        }
    }
}

/// Whether a batch that failed may go well the next time: others were in its way, or it was too large.
fn may_be_repeated(guarded: &Guarded<DatabaseError>, cursor: &Cursor) -> bool {
    match guarded {
        Guarded::Failed(error) => error.class == ErrorClass::Busy,
        Guarded::Cancelled(stop, _) | Guarded::Late(stop) => {
            matches!(stop.cause, Cause::StatementTimeout(_)) && cursor.rows > 1
        }
        Guarded::Abandoned(_) | Guarded::NotSent(_) => false,
    }
}

/// The same error with the place in the statement as its file has it.
fn in_the_statement(
    part: &Part<'_>,
    dialect: Dialect,
    guarded: Guarded<DatabaseError>,
) -> Guarded<DatabaseError> {
    guarded.map(|mut error| {
        error.position = error.position.and_then(|place| part.backfill.character(dialect, place));
        error
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Errand, Stop};

    #[test]
    fn a_batch_is_tried_again_where_that_can_help() {
        let cursor = |rows| Cursor::new(Vec::new(), (Vec::new(), Vec::new()), rows);
        let failed = |class| Guarded::Failed(DatabaseError::new(class, "no"));
        assert!(may_be_repeated(&failed(ErrorClass::Busy), &cursor(1)));
        assert!(!may_be_repeated(&failed(ErrorClass::Violation), &cursor(9)));
        let stop = |cause| Stop { errand: Errand::RUN, cause };
        let limit = stop(Cause::StatementTimeout(PATIENCE));
        assert!(may_be_repeated(&Guarded::Late(limit), &cursor(2)));
        assert!(!may_be_repeated(&Guarded::Late(limit), &cursor(1)));
        assert!(!may_be_repeated(&Guarded::NotSent(stop(Cause::Interrupted)), &cursor(9)));
    }
}
