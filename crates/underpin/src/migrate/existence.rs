//! The database as a whole: made where it is not there, and dropped. Who may ask for that is decided elsewhere.

use std::path::PathBuf;

use tokio::time::timeout;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::{literal, quote},
};

use super::{CLOSING, Migrator, execute::failure, run::reading};
use crate::{
    database::{Access, Errand, Guarded, Interrupt, Session, Stop},
    lock::{LOCK_FILE, Lock},
};

/// What SQLite and we keep beside the file of a database; ours is the last that goes.
const BESIDE: [&str; 4] = ["-wal", "-shm", "-journal", LOCK_FILE];

/// What is done to the database as a whole.
#[derive(Clone, Copy)]
enum Change {
    Create,
    Drop {
        /// Whether the sessions of others are ended for it (PostgreSQL).
        force: bool,
    },
}

impl Migrator {
    /// Makes the database, with the server's defaults; says whether it was not there.
    ///
    /// # Errors
    /// A server that can't be reached, a user that may not create databases, and a time limit.
    pub async fn create_database(&self) -> Result<bool, Diagnostic> {
        let migrator = self.clone();
        self.on_a_task(Errand::to("create the database"), async move |interrupt| {
            match migrator.database_name()? {
                Some(name) => migrator.change(&name, Change::Create, &interrupt).await,
                None => migrator.create_file(&interrupt).await,
            }
        })
        .await
    }

    /// Drops the database with everything in it; says whether it was there. PostgreSQL refuses while somebody
    /// else is connected, a migration too, unless `force` ends their sessions (from version 13 on); elsewhere
    /// it is done under the migration lock.
    ///
    /// # Errors
    /// A server that can't be reached, a user that may not drop it, a database that is in use, and a time limit.
    pub async fn drop_database(&self, force: bool) -> Result<bool, Diagnostic> {
        let migrator = self.clone();
        self.on_a_task(Errand::to("drop the database"), async move |interrupt| {
            match migrator.database_name()? {
                Some(name) => migrator.change(&name, Change::Drop { force }, &interrupt).await,
                None => migrator.remove_file(&interrupt).await,
            }
        })
        .await
    }

    /// What the database is called on its server; nothing for SQLite.
    ///
    /// # Errors
    /// An address without a name. PostgreSQL takes the user's then (manual, 32.1.2 "Parameter Key Words"), and
    /// MySQL none.
    pub(crate) fn database_name(&self) -> Result<Option<String>, Diagnostic> {
        let address = self.database.server_address();
        let named = address.and_then(|address| address.database.clone());
        let name = match self.database.dialect() {
            Dialect::Sqlite => return Ok(None),
            Dialect::Postgres => named.or_else(|| address.and_then(|address| address.user.clone())),
            Dialect::Mysql => named,
        };
        name.map(Some).ok_or_else(|| {
            Diagnostic::new(
                ErrorKind::Unsupported,
                format!("{} has no name to make or drop it by", self.database),
            )
            .state("nothing was changed")
            .hint("give its URL, with the name of the database")
        })
    }

    async fn change(&self, name: &str, change: Change, interrupt: &Interrupt) -> Result<bool, Diagnostic> {
        let mut session = self.beside(interrupt).await?;
        let changed = self.change_on(session.as_mut(), name, change, interrupt).await;
        session.close().await;
        changed.map_err(|error| self.database.redacted(error))
    }

    async fn change_on(
        &self,
        session: &mut dyn Session,
        name: &str,
        change: Change,
        interrupt: &Interrupt,
    ) -> Result<bool, Diagnostic> {
        if reading(interrupt, self.is_there(session, name)).await? == matches!(change, Change::Create) {
            return Ok(false);
        }
        let dialect = self.database.dialect();
        let quoted = quote(dialect, name);
        let statement = match (change, dialect) {
            (Change::Create, _) => format!("CREATE DATABASE {quoted}"),
            (Change::Drop { force: true }, Dialect::Postgres) => {
                format!("DROP DATABASE {quoted} WITH (FORCE)")
            }
            (Change::Drop { .. }, Dialect::Mysql) => {
                return self.drop_locked(session, &format!("DROP DATABASE {quoted}"), interrupt).await;
            }
            (Change::Drop { .. }, _) => format!("DROP DATABASE {quoted}"),
        };
        self.send(session, &statement, change, interrupt).await.map(|()| true)
    }

    /// Drops a database under the migration lock, which a session of its own holds.
    async fn drop_locked(
        &self,
        session: &mut dyn Session,
        statement: &str,
        interrupt: &Interrupt,
    ) -> Result<bool, Diagnostic> {
        let mut holder = self.open(Access::Write, interrupt).await?;
        let dropped = match self.take_lock(holder.as_mut(), interrupt, false).await {
            Ok(lock) => {
                let dropped = self.send(session, statement, Change::Drop { force: false }, interrupt).await;
                let _ = timeout(CLOSING, lock.release(holder.as_mut())).await;
                dropped
            }
            Err(error) => Err(error),
        };
        holder.close().await;
        dropped.map(|()| true)
    }

    /// Sends the statement, which a limit or a signal cancels on the server.
    async fn send(
        &self,
        session: &mut dyn Session,
        statement: &str,
        change: Change,
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        let introduced = interrupt.limit(session.introduce()).await;
        introduced
            .map_err(|stop| {
                stop.diagnostic("while the server was asked who we are").state("nothing was changed")
            })?
            .map_err(|error| failure::database(&error, "the server does not answer"))?;
        let canceller = session.canceller();
        let sent = interrupt.guard(session.execute(statement), &canceller, self.limits.statement).await;
        let dialect = self.database.dialect();
        let stopped = |stop: Stop, state: &str| {
            let error = stop.diagnostic(&format!("while {} was {}", self.database, change.done()));
            hinted(error.state(state), change, dialect)
        };
        match sent {
            // Cancelled too late, or not at all.
            Ok(_) => Ok(()),
            Err(Guarded::Failed(failed)) => {
                let message = format!("{} could not be {}", self.database, change.done());
                let error = failure::database(&failed.error, &message).state("nothing was changed");
                Err(hinted(error, change, dialect))
            }
            Err(Guarded::NotSent(stop)) => Err(stopped(stop, "nothing was changed")),
            Err(Guarded::Cancelled(stop, _) | Guarded::Late(stop)) => {
                Err(stopped(stop, change.cancelled(dialect)))
            }
            Err(Guarded::Abandoned(stop)) => {
                Err(stopped(stop, "the server did not say whether it was done; look with `underpin ping`"))
            }
        }
    }

    /// A session on the server, in a database that is always there.
    async fn beside(&self, interrupt: &Interrupt) -> Result<Box<dyn Session>, Diagnostic> {
        let always = match self.database.dialect() {
            Dialect::Postgres => "postgres",
            Dialect::Mysql | Dialect::Sqlite => "information_schema",
        };
        let server = self.database.beside(always);
        let session = server.connect(Access::Write, self.limits.connect, interrupt).await?;
        session.ok_or_else(|| Diagnostic::new(ErrorKind::Internal, "a server without a session"))
    }

    async fn is_there(&self, session: &mut dyn Session, name: &str) -> Result<bool, Diagnostic> {
        let dialect = self.database.dialect();
        let catalog = match dialect {
            Dialect::Postgres => "pg_catalog.pg_database WHERE datname",
            Dialect::Mysql | Dialect::Sqlite => "information_schema.SCHEMATA WHERE SCHEMA_NAME",
        };
        let found = session.fetch(&format!("SELECT 1 FROM {catalog} = {}", literal(dialect, name))).await;
        found.map(|rows| !rows.is_empty()).map_err(|error| {
            failure::database(&error, "the server's databases can't be read").state("nothing was changed")
        })
    }

    fn file(&self) -> Result<PathBuf, Diagnostic> {
        self.sqlite_file().ok_or_else(|| {
            let message = "a database in memory is made by who connects, and gone with them";
            Diagnostic::new(ErrorKind::Unsupported, message).state("nothing was changed")
        })
    }

    async fn create_file(&self, interrupt: &Interrupt) -> Result<bool, Diagnostic> {
        if self.file()?.exists() {
            return Ok(false);
        }
        self.open(Access::Write, interrupt).await?.close().await;
        Ok(true)
    }

    /// Removes the file and what is beside it under the lock, so that no migration is at work on it, and none
    /// loses what it has made in its place.
    async fn remove_file(&self, interrupt: &Interrupt) -> Result<bool, Diagnostic> {
        let file = self.file()?;
        if !file.exists() {
            return Ok(false);
        }
        let mut session = self.open(Access::Write, interrupt).await?;
        let removed = match self.take_lock(session.as_mut(), interrupt, true).await {
            Ok(lock) => {
                let removed = remove(&file, &lock);
                lock.release(session.as_mut()).await;
                removed
            }
            Err(error) => Err(error),
        };
        session.close().await;
        removed.map(|()| true)
    }
}

impl Change {
    const fn done(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Drop { .. } => "dropped",
        }
    }

    /// What is left of one that was cancelled.
    const fn cancelled(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            // MariaDB drops table after table ("Atomic DDL" in its documentation).
            (Self::Drop { .. }, Dialect::Mysql) => "some of its tables may be gone",
            (Self::Create | Self::Drop { .. }, _) => "nothing was changed",
        }
    }
}

fn hinted(error: Diagnostic, change: Change, dialect: Dialect) -> Diagnostic {
    match (change, dialect) {
        (Change::Drop { force: false }, Dialect::Postgres) => {
            error.hint("--force ends the sessions of those who are connected")
        }
        (Change::Drop { .. } | Change::Create, _) => error,
    }
}

fn remove(file: &std::path::Path, lock: &Lock) -> Result<(), Diagnostic> {
    std::fs::remove_file(file).map_err(|error| {
        Diagnostic::new(ErrorKind::Permission, format!("{} can't be removed: {error}", file.display()))
            .state("nothing was changed")
    })?;
    let ours = matches!(lock, Lock::Sqlite(lock) if lock.try_pass_file().unwrap_or(false));
    for suffix in BESIDE.into_iter().filter(|suffix| ours || *suffix != LOCK_FILE) {
        let mut beside = file.to_owned().into_os_string();
        beside.push(suffix);
        // Most are not there.
        let _ = std::fs::remove_file(beside);
    }
    Ok(())
}
