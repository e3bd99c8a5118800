//! A step as one transaction with its record in the history: one round trip on PostgreSQL, one
//! savepoint of the run's transaction on SQLite.

use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::literal,
    plan::Step,
    sql,
};

use super::{
    Execution, announce,
    failure::{self, Failure},
    script::Script,
};
use crate::{
    database::{DatabaseError, ErrorClass, Guarded, Row, ScriptError},
    history::{FLUSH, State, Timing, remember_start},
    lock::Lock,
    migrate::orphans::Orphans,
    point::{Point, reach},
    policy::TransactionMode,
};

/// The bytes that are sent to SQLite at once: it copies what is left of a script for each of its
/// statements (`sqlite3_prepare_v3`, with a length, in its documentation).
pub(super) const SQLITE_SCRIPT: usize = 16 * 1024;

/// What it means that a cancelled script says it is done.
#[derive(Clone, Copy)]
enum Late {
    /// It ends with the commit, so it is.
    IsDone,
    /// It is undone.
    IsStopped,
}

/// Who knows when a step starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// We do: it starts when it is sent.
    Ours,
    /// Only the engine does, as others are sent along before it.
    Engine,
}

/// What opens, closes and undoes the transaction of one step.
pub(super) struct Envelope {
    pub(super) open: Vec<String>,
    pub(super) close: Vec<String>,
    pub(super) undo: Option<&'static str>,
}

impl Execution<'_> {
    /// Runs a step and its record; `last` says that no other transaction follows in this run.
    pub(super) async fn run_in_transaction(&mut self, step: &Step, last: bool) -> Result<(), Failure> {
        let started = Timestamp::now();
        if self.dialect() == Dialect::Mysql {
            self.check_lock().await.map_err(|diagnostic| Failure::new(diagnostic, started))?;
            self.limit_transaction(started).await?;
        }
        announce::statements(self.events, step);
        let envelope = self.envelope(step, last, Clock::Ours);
        let keys = self.foreign_keys_before(step).await.map_err(|error| Failure::new(error, started))?;
        // SQLite's run is one transaction, which gets the records in batches.
        let later = self.lock.is_transaction();
        let (record, state) = match later {
            true => (Vec::new(), State::after(&self.state.digest, step)),
            false => self.record(step, Timing::InScript { started }),
        };

        let mut script = Script::default();
        script.extend(envelope.open.iter().map(String::as_str));
        let first = script.parts.len();
        script.extend(step.statements.iter().map(|statement| statement.text.as_str()));
        // A revision may have taken on a role that can't write the history.
        let own_role =
            (self.dialect() == Dialect::Postgres && self.changes_settings(step)).then_some("RESET ROLE");
        let ending = own_role
            .into_iter()
            .chain(record.iter().map(String::as_str))
            .chain(envelope.close.iter().map(String::as_str));
        let result = if keys.is_none() && self.dialect() != Dialect::Mysql && self.witness.is_none() {
            script.extend(ending);
            self.send_script(&script, Late::IsDone).await
        } else {
            // SQLite's keys are checked in between, and locks are looked at; and MySQL may take a cancelled
            // statement for done, so that its commit can't be sent along with it.
            match self.send_script(&script, Late::IsStopped).await {
                Ok(()) => {
                    let checked = self.foreign_keys_after(step, keys.as_deref()).await;
                    let seen = if checked.is_ok() { self.be_seen(step).await } else { checked };
                    if let Err(diagnostic) = seen {
                        return Err(self.undo(&envelope, Failure::new(diagnostic, started)).await);
                    }
                    reach(Point::BeforeCommit).await;
                    let mut rest = Script::default();
                    rest.extend(ending);
                    let sent = self.send_script(&rest, Late::IsDone).await;
                    sent.map_err(|(completed, error)| (completed.saturating_add(script.parts.len()), error))
                }
                error => error,
            }
        };
        match result {
            Ok(()) if later => self.keep_record(step, state, started).await,
            Ok(()) => {
                self.advance(step, state);
                Ok(())
            }
            Err(failed) => {
                let failure = self.locate(step, &script, first, failed, started);
                Err(self.undo(&envelope, failure).await)
            }
        }
    }

    /// Limits how long the transaction that comes waits for locks, where that is a setting of the session.
    pub(super) async fn limit_transaction(&mut self, started: Timestamp) -> Result<(), Failure> {
        self.limit_session().await.map_err(|guarded| {
            Failure::new(failure::own(&guarded, "the wait for locks could not be limited"), started)
        })
    }

    pub(super) fn envelope(&self, step: &Step, last: bool, clock: Clock) -> Envelope {
        if self.lock.is_transaction() {
            return self.savepoint(step);
        }
        let mut open = Vec::new();
        let (close, undo) = match (self.dialect(), self.mode) {
            (Dialect::Sqlite, _) => (vec![], None),
            (Dialect::Postgres, TransactionMode::All) => {
                open.extend(self.lock.fence(&[self.lock_limit()]));
                (vec![], None)
            }
            (Dialect::Postgres, _) => {
                return self.transaction_of(Some(step.revision()), last, clock);
            }
            (Dialect::Mysql, _) => {
                open.push("START TRANSACTION".to_owned());
                (self.lock.commit(), Some("ROLLBACK"))
            }
        };
        Envelope { open, close, undo }
    }

    /// What surrounds a step, or several, in a transaction of PostgreSQL of their own.
    pub(super) fn transaction_of(&self, revision: Option<&str>, last: bool, clock: Clock) -> Envelope {
        // One statement for all of it: each costs as much as a small revision's half.
        let mut settings = vec![self.lock_limit()];
        if !last {
            // Nothing is lost by it: the next commit that waits for the disk takes this one along
            // ("Asynchronous Commit" in the manual), and a crash before that takes the revision and its
            // record together.
            settings.push("set_config('synchronous_commit', 'off', true)".to_owned());
        }
        if let Clock::Engine = clock {
            settings.push(remember_start());
            settings.push(FLUSH.to_owned());
        }
        // Where many steps travel together, the query that the server shows is cut off long before the one
        // that runs.
        let name = literal(Dialect::Postgres, &self.settings.session_name(revision));
        settings.push(format!("set_config('application_name', {name}, true)"));
        let mut open = vec!["BEGIN".to_owned()];
        open.extend(self.lock.fence(&settings));
        Envelope { open, close: self.lock.commit(), undo: Some("ROLLBACK") }
    }

    /// What surrounds a step within the transaction that holds the lock.
    fn savepoint(&self, step: &Step) -> Envelope {
        let mut open = Vec::new();
        if self.dialect() == Dialect::Postgres {
            let name = literal(Dialect::Postgres, &self.settings.session_name(Some(step.revision())));
            open.push(format!("SELECT set_config('application_name', {name}, true), {}", self.lock_limit()));
        }
        if self.mode == TransactionMode::All {
            return Envelope { open, close: vec![], undo: None };
        }
        open.push("SAVEPOINT underpin_step".to_owned());
        let undo = Some("ROLLBACK TO underpin_step; RELEASE underpin_step");
        Envelope { open, close: vec!["RELEASE underpin_step".to_owned()], undo }
    }

    /// Sends a script in one go, or statement by statement where only we can time a statement.
    async fn send_script(
        &mut self,
        script: &Script<'_>,
        late: Late,
    ) -> Result<(), (usize, Guarded<ScriptError>)> {
        // PostgreSQL times each statement of a script itself.
        let limit = self.limits.statement.filter(|_| self.dialect() != Dialect::Postgres);
        let most = match (limit, self.dialect()) {
            (Some(_), _) => 0,
            (None, Dialect::Sqlite) => SQLITE_SCRIPT,
            (None, Dialect::Postgres | Dialect::Mysql) => usize::MAX,
        };
        for range in script.pieces(most) {
            let text = script.text(range.clone());
            let result = match late {
                Late::IsDone => self.send(&text, limit).await.map(drop),
                Late::IsStopped => self.send_statement(&text).await.map(drop),
            };
            result.map_err(|guarded| (completed(&guarded).saturating_add(range.start), guarded))?;
        }
        Ok(())
    }

    /// Finds out what failed: a statement of the step, what stands before them or the record after.
    pub(super) fn locate(
        &self,
        step: &Step,
        script: &Script<'_>,
        first: usize,
        (completed, guarded): (usize, Guarded<ScriptError>),
        started: Timestamp,
    ) -> Failure {
        let mut part = completed;
        let mut guarded = guarded.map(|failure| failure.error);
        if let Guarded::Failed(error) = &mut guarded {
            // PostgreSQL counts in the whole script, and reads all of it before it runs any of it.
            if let Some((there, offset)) = error.position.and_then(|position| script.part_at(position)) {
                part = there;
                error.position = Some(offset);
            }
        }
        let guarded = self.by_our_limit(guarded);
        if (first..first + step.statements.len()).contains(&part) {
            return Failure::of_statement(step, part - first, &guarded, started);
        }
        let diagnostic = match &guarded {
            Guarded::Failed(error) if part < first && error.class == ErrorClass::Statement => {
                failure::lock_lost()
            }
            Guarded::Failed(error) if part < first => {
                failure::database(error, "the transaction could not be begun")
            }
            // Only the record divides: another run has moved the state.
            Guarded::Failed(error) if error.code.as_deref() == Some("SQLSTATE 22012") => failure::lock_lost(),
            Guarded::Failed(error) => at_commit(step, error),
            Guarded::Cancelled(stop, _)
            | Guarded::Abandoned(stop)
            | Guarded::NotSent(stop)
            | Guarded::Late(stop) => stop.diagnostic(&format!("in revision {}", step.title())),
        };
        let mut failure = Failure::new(diagnostic, started);
        failure.busy = match &guarded {
            Guarded::Failed(error) => error.busy(),
            Guarded::Cancelled(..) | Guarded::Abandoned(_) | Guarded::NotSent(_) | Guarded::Late(_) => None,
        };
        failure.connection_lost = match &guarded {
            Guarded::Failed(error) | Guarded::Cancelled(_, error) => {
                error.class == ErrorClass::ConnectionLost
            }
            Guarded::Abandoned(_) => true,
            Guarded::NotSent(_) | Guarded::Late(_) => false,
        };
        failure
    }

    pub(super) async fn undo(&mut self, envelope: &Envelope, mut failure: Failure) -> Failure {
        if failure.connection_lost {
            failure.everything_undone = self.mode == TransactionMode::All || self.lock.is_transaction();
            return failure;
        }
        let undone = match envelope.undo {
            Some(undo) => self.send_regardless(undo).await.is_ok(),
            None => false,
        };
        if !undone {
            // The whole run goes: it is one transaction, or SQLite has undone all of it by itself,
            // as it does when it is interrupted while it writes.
            let _ = self.send_regardless("ROLLBACK").await;
            failure.everything_undone = true;
        }
        failure
    }

    /// The violations of foreign keys before a step that may cause some; nothing where the engine
    /// checks them itself, or where the step can't cause any.
    async fn foreign_keys_before(&mut self, step: &Step) -> Result<Option<Vec<Row>>, Diagnostic> {
        let may_break = self.dialect() == Dialect::Sqlite
            && step.statements.iter().any(|statement| sql::may_break_foreign_keys(&statement.text));
        if may_break { self.foreign_key_violations().await.map(Some) } else { Ok(None) }
    }

    pub(super) async fn foreign_keys_after(
        &mut self,
        step: &Step,
        before: Option<&[Row]>,
    ) -> Result<(), Diagnostic> {
        let Some(before) = before else { return Ok(()) };
        let after = self.foreign_key_violations().await?;
        let Some(row) = after.iter().find(|row| !before.contains(row)) else { return Ok(()) };
        if row.is_unchecked() {
            let message = format!(
                "revision {} leaves a foreign key of {} to {} that SQLite can't check: its columns are no key there",
                step.title(),
                row.text(0),
                row.text(1)
            );
            return Err(Diagnostic::new(ErrorKind::MigrationFailed, message)
                .hint("make the columns that it refers to unique in the revision as well"));
        }
        Err(Diagnostic::new(
            ErrorKind::MigrationFailed,
            format!(
                "revision {} leaves {} rows of {} that refer to no row of {}",
                step.title(),
                row.text(2),
                row.text(0),
                row.text(1)
            ),
        )
        .hint("SQLite does not enforce foreign keys while revisions run; change or delete the referring rows in the revision as well"))
    }

    pub(super) async fn foreign_key_violations(&mut self) -> Result<Vec<Row>, Diagnostic> {
        let counted = Orphans::OfKeys.count(self.session).await;
        counted.map_err(|error| failure::database(&error, "foreign keys could not be checked"))
    }
}

fn at_commit(step: &Step, error: &DatabaseError) -> Diagnostic {
    if Lock::is_loss(error) {
        return failure::lock_lost();
    }
    let message = format!("revision {} failed when it was committed: {}", step.title(), error.with_code());
    let kind = match error.class {
        ErrorClass::ConnectionLost => ErrorKind::Unavailable,
        _ => ErrorKind::MigrationFailed,
    };
    Diagnostic::new(kind, message)
        .hint("a constraint that is checked at the end may be violated; mend the rows or the revision")
}

/// How many statements had completed when a script ended; nobody knows where the server did not
/// answer, and then none is named.
pub(super) fn completed(guarded: &Guarded<ScriptError>) -> usize {
    match guarded {
        Guarded::Failed(failure) | Guarded::Cancelled(_, failure) => failure.completed,
        Guarded::Abandoned(_) | Guarded::NotSent(_) | Guarded::Late(_) => usize::MAX,
    }
}
