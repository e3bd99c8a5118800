//! The migration lock: one migrator at a time, across processes and hosts. It is polled with short
//! questions and never waited for inside the server, because a session that waits inside
//! `pg_advisory_lock` holds a snapshot and deadlocks CREATE INDEX CONCURRENTLY.

mod cluster;
mod lease;
mod mysql;
mod postgres;
mod sqlite;

use std::time::Duration;

pub(crate) use cluster::Cluster;
pub(crate) use sqlite::{LOCK_FILE, writer};

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect};

use crate::{
    database::{Database, DatabaseError, ScriptError, Session},
    history::{HistoryTables, Snapshot},
};

/// The shortest and the longest pause between two questions.
const PAUSE: (Duration, Duration) = (Duration::from_millis(30), Duration::from_secs(1));

/// For how long a lock is ours that was confirmed: well below the time after which it is taken from who shows no life.
pub(crate) const SURE: Duration = Duration::from_secs(10);

/// The lock of one history in one database.
#[derive(Clone, Debug)]
pub(crate) enum Lock {
    Sqlite(sqlite::SqliteLock),
    Postgres(postgres::PostgresLock),
    Mysql(mysql::MysqlLock),
}

/// Who holds the lock, as far as the engine tells.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LockHolder {
    /// The engine's number for the session, or the process on SQLite.
    pub session: Option<String>,
    /// The program: an application name, a user, or a process's name.
    pub program: Option<String>,
    /// Where it connects from.
    pub host: Option<String>,
    /// Since when it is connected.
    pub since: Option<String>,
}

impl std::fmt::Display for LockHolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.program.as_deref().unwrap_or("another session"))?;
        if let Some(session) = &self.session {
            write!(f, ", session {session}")?;
        }
        if let Some(host) = &self.host {
            write!(f, ", from {host}")?;
        }
        if let Some(since) = &self.since {
            write!(f, ", since {since}")?;
        }
        Ok(())
    }
}

impl LockHolder {
    /// The number of its session at the server that was asked.
    fn number(&self) -> Option<i64> {
        self.session.as_deref()?.parse().ok()
    }
}

/// What a session needs around the lock.
#[derive(Clone, Debug)]
pub(crate) struct LockSettings {
    /// The service, for the name that other sessions see.
    pub(crate) service: String,
    pub(crate) run: String,
    pub(crate) statement_timeout: Option<Duration>,
}

impl LockSettings {
    /// The name that other sessions see: the program, the service, the revision that is running, and the run.
    pub(crate) fn session_name(&self, revision: Option<&str>) -> String {
        let mut name = format!("underpin:{}:", self.service);
        if let Some(revision) = revision {
            name.push_str(revision);
            name.push(':');
        }
        name.push_str(&self.run);
        // PostgreSQL would cut it off by itself, with a notice ("application_name" in the manual).
        name.chars()
            .scan(0, |bytes, character| {
                *bytes += character.len_utf8();
                (*bytes < 64).then_some(character)
            })
            .collect()
    }
}

impl Lock {
    pub(crate) fn new(snapshot: &Snapshot, file: Option<std::path::PathBuf>) -> Self {
        let database = snapshot.database.as_deref().unwrap_or_default();
        match snapshot.server.flavour.dialect() {
            Dialect::Sqlite => Self::Sqlite(sqlite::SqliteLock::new(file)),
            Dialect::Postgres => Self::Postgres(postgres::PostgresLock::new(database, &snapshot.tables)),
            Dialect::Mysql => Self::Mysql(mysql::MysqlLock::new(database, &snapshot.tables)),
        }
    }

    /// The same lock, held for one transaction after the other instead of for the session, which a
    /// pooler may give to somebody else in between. Only PostgreSQL's can be.
    pub(crate) fn within_transactions(self, settings: &LockSettings) -> Self {
        match self {
            Self::Postgres(lock) => Self::Postgres(lock.within_transactions(settings)),
            Self::Sqlite(_) | Self::Mysql(_) => self,
        }
    }

    /// The same lock, held against those at other members too where the server is one of a cluster that knows no
    /// locks in common.
    pub(crate) fn in_cluster(
        self,
        cluster: Cluster,
        database: &Database,
        settings: &LockSettings,
    ) -> Result<Self, Diagnostic> {
        match self {
            Self::Mysql(lock) => Ok(Self::Mysql(lock.in_cluster(cluster, database, settings)?)),
            Self::Sqlite(_) | Self::Postgres(_) => Ok(self),
        }
    }

    /// Whether others may take the lock between two transactions of a run.
    pub(crate) const fn gives_way(&self) -> bool {
        match self {
            Self::Postgres(lock) => lock.is_transaction(),
            Self::Sqlite(_) | Self::Mysql(_) => false,
        }
    }

    /// Gives the session the settings that revisions run with before the first try; SQLite's travel with it.
    pub(crate) async fn prepare_to_acquire(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(lock) => {
                lock.prepare_with_try();
                Ok(())
            }
            Self::Postgres(_) | Self::Mysql(_) => self.prepare(session, settings).await,
        }
    }

    /// Gives the session these settings again, after a revision that has changed any of them.
    pub(crate) async fn prepare(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(lock) => lock.prepare(session).await,
            Self::Postgres(lock) => lock.prepare(session, settings).await,
            Self::Mysql(lock) => lock.prepare(session, settings).await,
        }
    }

    /// The same within the transaction that is the lock.
    pub(crate) async fn prepare_within(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<(), DatabaseError> {
        match self {
            Self::Postgres(lock) => lock.prepare_within(session, settings).await,
            Self::Sqlite(_) | Self::Mysql(_) => self.prepare(session, settings).await,
        }
    }

    /// Tries to take the lock, without waiting.
    pub(crate) async fn try_acquire(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        match self {
            Self::Sqlite(lock) => lock.try_acquire(session).await,
            Self::Postgres(lock) => lock.try_acquire(session).await,
            Self::Mysql(lock) => lock.try_acquire(session).await,
        }
    }

    /// Gives the lock back. Nothing is done about a failure: closing the session, which comes
    /// next, frees the lock on every engine.
    pub(crate) async fn release(&self, session: &mut dyn Session) {
        match self {
            Self::Sqlite(lock) => lock.release(session).await,
            Self::Postgres(lock) => lock.release(session).await,
            Self::Mysql(lock) => lock.release(session).await,
        }
    }

    /// Who holds the lock.
    pub(crate) async fn holder(&self, session: &mut dyn Session) -> Option<LockHolder> {
        match self {
            Self::Sqlite(lock) => lock.holder(),
            Self::Postgres(lock) => lock.holder(session).await,
            Self::Mysql(lock) => lock.holder(session).await,
        }
    }

    /// Who held the lock when it was looked at last, where nobody need be asked: a server that is busy does not answer.
    pub(crate) fn remembered(&self) -> Option<LockHolder> {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => None,
            Self::Mysql(lock) => lock.remembered(),
        }
    }

    /// What to do about a run that hangs while it holds the lock. On SQLite nobody can end it from a
    /// connection, because the lock is the process's own.
    pub(crate) fn way_out(&self, holder: Option<&LockHolder>) -> String {
        match self {
            Self::Sqlite(_) => {
                let process = holder.and_then(|holder| holder.session.as_deref());
                let process = process.unwrap_or("the process that holds it");
                format!("end {process} if it hangs; the lock goes with it")
            }
            Self::Postgres(_) | Self::Mysql(_) => "end its session if it hangs: `underpin unlock`".to_owned(),
        }
    }

    /// A statement that fails if the lock is not ours any more, to be sent in front of a revision
    /// in the same round trip; it evaluates `also` on the way. None is needed where the lock is the
    /// transaction itself.
    pub(crate) fn fence(&self, also: &[String]) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(lock) if lock.is_transaction() => None,
            Self::Postgres(lock) => Some(lock.fence(also)),
            Self::Mysql(_) => None,
        }
    }

    /// The expression of the fence, where there is one.
    pub(crate) fn fence_expression(&self) -> Option<String> {
        match self {
            Self::Postgres(lock) => Some(lock.fence_expression()),
            Self::Sqlite(_) | Self::Mysql(_) => None,
        }
    }

    /// A condition that holds while the lock is ours, for the WHERE of a journal write.
    pub(crate) fn guard(&self) -> String {
        match self {
            Self::Sqlite(_) => "1 = 1".to_owned(),
            Self::Postgres(lock) => lock.guard(),
            Self::Mysql(lock) => lock.guard(),
        }
    }

    /// What commits a transaction of ours: where the lock can be lost without the session, not before it is seen to be
    /// ours.
    pub(crate) fn commit(&self) -> Vec<String> {
        self.confirmation().into_iter().chain(["COMMIT".to_owned()]).collect()
    }

    /// The same, as one script.
    pub(crate) fn commit_text(&self) -> String {
        self.commit().join(";\n")
    }

    /// A statement that fails if the lock is not ours any more, and keeps it ours for at least as long as [`SURE`] from
    /// when it is sent; none is needed where the lock goes with the session.
    pub(crate) fn confirmation(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => None,
            Self::Mysql(lock) => lock.confirmation(),
        }
    }

    /// Whether an error says that the lock is not ours any more: that of the confirmation before a commit.
    pub(crate) fn is_loss(error: &DatabaseError) -> bool {
        error.code.as_deref() == Some("error 1690") && error.message.contains("`fence`")
    }

    /// Whether the lock is the open transaction, so that committing gives it back.
    pub(crate) const fn is_transaction(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(lock) => lock.is_transaction(),
            Self::Mysql(_) => false,
        }
    }

    /// Lets the lock go whose transaction was committed.
    pub(crate) async fn committed(&self, session: &mut dyn Session) {
        match self {
            // Rolling back what is no transaction any more would be a warning in the server's log.
            Self::Postgres(lock) if lock.is_transaction() => session.shield(false),
            Self::Sqlite(lock) => lock.committed(),
            Self::Postgres(_) | Self::Mysql(_) => self.release(session).await,
        }
    }

    /// Ends the session that holds the lock, if the engine lets us, and says whose it was.
    pub(crate) async fn break_off(
        &self,
        session: &mut dyn Session,
    ) -> Result<Option<LockHolder>, DatabaseError> {
        match self {
            Self::Sqlite(lock) => Ok(lock.holder()),
            Self::Postgres(lock) => {
                let holder = lock.holder(session).await;
                if let Some(number) = holder.as_ref().and_then(LockHolder::number) {
                    session.fetch(&format!("SELECT pg_terminate_backend({number})")).await?;
                }
                Ok(holder)
            }
            Self::Mysql(lock) => lock.break_off(session).await,
        }
    }
}

/// The pause before the question after `tries` others, spread so that replicas that were started
/// together don't ask together.
pub(crate) fn pause(tries: u32) -> Duration {
    let base = PAUSE.0.saturating_mul(1 << tries.min(6)).min(PAUSE.1);
    base.mul_f64(0.5 + chance())
}

/// A number between 0 and 1, another one each time. Without randomness the pauses are merely alike.
pub(crate) fn chance() -> f64 {
    let mut byte = [0_u8; 1];
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / 255.0
}

/// SHA-256 over the parts, each ended by a NUL.
fn hash(tables: &HistoryTables, database: &str) -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    let mut hasher = Sha256::new();
    for part in ["underpin", database, tables.schema().unwrap_or_default(), tables.prefix()] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().into()
}

fn only_error(failure: ScriptError) -> DatabaseError {
    failure.error
}
