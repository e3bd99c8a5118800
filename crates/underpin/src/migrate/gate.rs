//! Waiting for the migration lock: with a deadline, with the holder named, and without ever taking
//! it if somebody else has done the work meanwhile.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{Event, Events, Limits, Migrator, event::milliseconds, execute::failure, limits::in_words};
use crate::{
    database::{DatabaseError, ErrorClass, Interrupt, Session, Stop},
    history::{HistoryTables, Snapshot, SnapshotError, read_snapshot},
    hook::{Happening, Occasion},
    lock::{self, Lock, LockHolder},
};

/// How long is waited before it is said, and between two times of saying it.
const FIRST_WORD: Duration = Duration::from_secs(1);
const NEXT_WORD: Duration = Duration::from_secs(10);

/// How long is waited for readers to be let in, where no limit is set for the lock.
const READING: Duration = Duration::from_secs(30);

/// How long the answer to a try may take beyond the limit.
const ANSWER: Duration = Duration::from_secs(1);

/// How the wait ended.
pub(crate) enum Gate {
    /// The lock is ours, and this is what the database says now.
    Locked(Box<Snapshot>),
    /// There is nothing left to do, and the lock was never ours.
    Overtaken,
}

/// What a wait is for.
pub(crate) struct Waiting<'a> {
    pub(crate) lock: &'a Lock,
    pub(crate) tables: &'a HistoryTables,
    pub(crate) limits: Limits,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) events: &'a Events,
    /// Who wants to know that it takes long, if anybody.
    pub(crate) occasion: Option<&'a Occasion>,
    /// Whether something of the plan runs outside of a transaction.
    pub(crate) leaves_transactions: bool,
}

impl Migrator {
    /// A wait for the lock of what leaves no transaction, and of which no hook hears.
    pub(super) fn waiting<'a>(&'a self, lock: &'a Lock, interrupt: &'a Interrupt) -> Waiting<'a> {
        Waiting {
            lock,
            tables: &self.tables,
            limits: self.limits,
            interrupt,
            events: &self.events,
            occasion: None,
            leaves_transactions: false,
        }
    }
}

impl Waiting<'_> {
    /// Takes the lock, or finds that `is_done` holds.
    pub(crate) async fn pass(
        mut self,
        session: &mut dyn Session,
        is_done: impl Fn(&Snapshot) -> bool,
    ) -> Result<Gate, Diagnostic> {
        let start = Instant::now();
        let mut next_word = FIRST_WORD;
        let mut holder = None;
        let mut tries = 0;
        let mut slow = self.occasion.and_then(Occasion::slow_lock);
        loop {
            let (interrupt, limit) = (self.interrupt, self.limits.lock);
            let tried = within(limit, start, self.try_or_look(session, &is_done));
            let tried = match interrupt.limit(tried).await {
                Ok(tried) => tried,
                Err(stop) => return Err(stopped(stop, holder.or_else(|| self.lock.remembered()).as_ref())),
            };
            match tried {
                Ok(tried) => match tried? {
                    Some(Gate::Locked(snapshot)) => {
                        self.events.send(&Event::Locked { milliseconds: milliseconds(start.elapsed()) });
                        return Ok(Gate::Locked(snapshot));
                    }
                    Some(Gate::Overtaken) => return Ok(Gate::Overtaken),
                    None => {}
                },
                Err(limit) => {
                    return Err(self.expired(limit, holder.or_else(|| self.lock.remembered()).as_ref()));
                }
            }
            if tries == 0 {
                self.events.send(&Event::Queued);
            }
            if slow.is_some_and(|slow| start.elapsed() >= slow) {
                slow = None;
                holder = self.lock.holder(session).await.or(holder);
                self.tell_slow(&holder, start);
            }
            if start.elapsed() >= next_word {
                holder = self.lock.holder(session).await.or(holder);
                self.say(&holder, start);
                next_word = start.elapsed() + NEXT_WORD;
            }
            let mut pause = lock::pause(tries);
            tries += 1;
            if let Some(limit) = self.limits.lock {
                let left = limit.saturating_sub(start.elapsed());
                if left.is_zero() {
                    holder = self.lock.holder(session).await.or(holder);
                    return Err(self.expired(limit, holder.as_ref()));
                }
                pause = pause.min(left);
            }
            if let Err(stop) = self.interrupt.pause(pause).await {
                holder = self.lock.holder(session).await.or(holder);
                return Err(stopped(stop, holder.as_ref()));
            }
        }
    }

    /// Tries to take the lock, and otherwise looks whether somebody has done the work.
    async fn try_or_look(
        &mut self,
        session: &mut dyn Session,
        is_done: impl Fn(&Snapshot) -> bool,
    ) -> Result<Option<Gate>, Diagnostic> {
        if let Some(snapshot) = self.try_lock(session).await? {
            return Ok(Some(Gate::Locked(Box::new(snapshot))));
        }
        let snapshot = look(session, self.tables).await?;
        Ok(snapshot.filter(is_done).map(|_| Gate::Overtaken))
    }

    async fn try_lock(&mut self, session: &mut dyn Session) -> Result<Option<Snapshot>, Diagnostic> {
        let not_locked = |error: DatabaseError| {
            failure::database(&error, "the migration lock could not be taken").state("nothing was changed")
        };
        if let Lock::Sqlite(lock) = self.lock
            && self.leaves_transactions
            && !lock.try_hold_file().map_err(not_locked)?
        {
            return Ok(None);
        }
        if !self.lock.try_acquire(session).await.map_err(not_locked)? {
            return Ok(None);
        }
        if let Lock::Sqlite(lock) = self.lock {
            let passed = lock.try_pass_file().map_err(not_locked);
            if !matches!(passed, Ok(true)) {
                // Somebody else is about to take the transaction again.
                self.lock.release(session).await;
                return passed.map(|_| None);
            }
        }
        let snapshot = match look(session, self.tables).await {
            Ok(Some(snapshot)) => snapshot,
            Ok(None) => {
                self.lock.release(session).await;
                return Ok(None);
            }
            Err(error) => {
                self.lock.release(session).await;
                return Err(error);
            }
        };
        let dirty = snapshot.state.as_ref().is_some_and(|state| state.dirty.is_some());
        if dirty && !self.leaves_transactions && matches!(self.lock, Lock::Sqlite(_)) {
            // Somebody is outside of a transaction, or was killed there: only the lock file tells.
            self.lock.release(session).await;
            self.leaves_transactions = true;
            return Ok(None);
        }
        Ok(Some(snapshot))
    }

    fn tell_slow(&self, holder: &Option<LockHolder>, start: Instant) {
        let Some(occasion) = self.occasion else { return };
        occasion.tell_aside(Happening::SlowLock {
            holder: holder.as_ref().map(ToString::to_string),
            waited_ms: milliseconds(start.elapsed()),
        });
    }

    fn expired(&self, limit: Duration, holder: Option<&LockHolder>) -> Diagnostic {
        Diagnostic::new(
            ErrorKind::LockTimeout,
            format!("the migration lock was not free within {}: {} holds it", in_words(limit), named(holder)),
        )
        .state("nothing was changed")
        .hint(format!("wait for it with a longer --lock-timeout, or {}", self.lock.way_out(holder)))
    }

    fn say(&self, holder: &Option<LockHolder>, start: Instant) {
        self.events.send(&Event::Waiting {
            holder: holder.as_ref().map(ToString::to_string),
            milliseconds: milliseconds(start.elapsed()),
        });
    }
}

/// Waits for a try; the limit, where it takes longer than that. A cluster answers nobody while a schema change holds it
/// up.
async fn within<T>(
    limit: Option<Duration>,
    start: Instant,
    work: impl Future<Output = T>,
) -> Result<T, Duration> {
    let Some(limit) = limit else { return Ok(work.await) };
    timeout(limit.saturating_sub(start.elapsed()) + ANSWER, work).await.map_err(|_| limit)
}

fn stopped(stop: Stop, holder: Option<&LockHolder>) -> Diagnostic {
    stop.diagnostic(&format!("while {} held the migration lock", named(holder))).state("nothing was changed")
}

/// Reads the state; nothing while a writer keeps readers out, as SQLite's do when they commit.
async fn look(session: &mut dyn Session, tables: &HistoryTables) -> Result<Option<Snapshot>, Diagnostic> {
    match read_snapshot(session, tables).await {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(SnapshotError::Database(error)) if error.class == ErrorClass::Busy => Ok(None),
        Err(error) => Err(error.diagnostic()),
    }
}

impl Migrator {
    /// Reads the state, and waits where a writer keeps readers out, as one of SQLite's may: no longer than for the
    /// migration lock.
    pub(crate) async fn look_patiently(&self, session: &mut dyn Session) -> Result<Snapshot, Diagnostic> {
        let (start, patience) = (Instant::now(), self.limits.lock.unwrap_or(READING));
        let (mut tries, mut next_word) = (0, FIRST_WORD);
        loop {
            match read_snapshot(session, &self.tables).await {
                Err(SnapshotError::Database(error)) if error.class == ErrorClass::Busy => {}
                Ok(snapshot) => return Ok(snapshot),
                Err(error) => return Err(error.diagnostic()),
            }
            let waited = start.elapsed();
            if waited >= patience {
                return Err(kept_out(patience, self.writer().as_ref()));
            }
            if waited >= next_word {
                let holder = self.writer().map(|writer| writer.to_string());
                self.events.send(&Event::Waiting { holder, milliseconds: milliseconds(waited) });
                next_word = waited + NEXT_WORD;
            }
            tokio::time::sleep(lock::pause(tries).min(patience - waited)).await;
            tries += 1;
        }
    }

    /// Who writes to a file of SQLite, where the system tells.
    fn writer(&self) -> Option<LockHolder> {
        self.sqlite_file().and_then(|file| lock::writer(&file))
    }
}

fn kept_out(patience: Duration, writer: Option<&LockHolder>) -> Diagnostic {
    let message =
        format!("the history could not be read within {}: {} writes", in_words(patience), named(writer));
    Diagnostic::new(ErrorKind::LockTimeout, message)
        .state("nothing was changed")
        .hint("wait for it with a longer --lock-timeout, or look at what the writer is busy with")
}

impl SnapshotError {
    /// The diagnostic for a history that can't be read.
    pub(crate) fn diagnostic(self) -> Diagnostic {
        match self {
            Self::Diagnostic(diagnostic) => diagnostic,
            Self::Database(error) => {
                failure::database(&error, "the history could not be read").state("nothing was changed")
            }
        }
    }
}

fn named(holder: Option<&LockHolder>) -> String {
    holder.map_or_else(|| "another session".to_owned(), ToString::to_string)
}
