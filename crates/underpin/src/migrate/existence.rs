//! The database as a whole: made where it is not there, and dropped. Who may ask for that is decided elsewhere.

use std::path::PathBuf;

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    name::{literal, quote},
};

use super::{Migrator, execute::failure};
use crate::database::{Access, DatabaseError, Interrupt, Session};

/// What SQLite and we keep beside the file of a database.
const BESIDE: [&str; 4] = ["-wal", "-shm", "-journal", ".underpin.lock"];

impl Migrator {
    /// Makes the database, with the server's defaults; says whether it was not there.
    ///
    /// # Errors
    /// A server that can't be reached, and a user that may not create databases.
    pub async fn create_database(&self) -> Result<bool, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Instant::now(), self.limits.run);
        let Some(name) = self.name_on_server()? else { return self.create_file(&interrupt).await };
        let mut session = self.beside(&interrupt).await?;
        let made = async {
            if self.is_there(session.as_mut(), &name).await? {
                return Ok(false);
            }
            let statement = format!("CREATE DATABASE {}", quote(self.database.dialect(), &name));
            session.execute(&statement).await.map(|_| true).map_err(|failure| failure.error)
        };
        let made = made.await.map_err(|error| self.refused(&error, "created"));
        session.close().await;
        made
    }

    /// Drops the database with everything in it; says whether it was there. PostgreSQL refuses while somebody
    /// else is connected, unless `force` ends their sessions (from version 13 on).
    ///
    /// # Errors
    /// A server that can't be reached, a user that may not drop it, and a database that is in use.
    pub async fn drop_database(&self, force: bool) -> Result<bool, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Instant::now(), self.limits.run);
        let Some(name) = self.name_on_server()? else { return self.remove_file(&interrupt).await };
        let mut session = self.beside(&interrupt).await?;
        let dialect = self.database.dialect();
        let forced = if force && dialect == Dialect::Postgres { " WITH (FORCE)" } else { "" };
        let dropped = async {
            if !self.is_there(session.as_mut(), &name).await? {
                return Ok(false);
            }
            let statement = format!("DROP DATABASE {}{forced}", quote(dialect, &name));
            session.execute(&statement).await.map(|_| true).map_err(|failure| failure.error)
        };
        let dropped = dropped.await.map_err(|error| {
            let error = self.refused(&error, "dropped");
            match (dialect, force) {
                (Dialect::Postgres, false) => {
                    error.hint("--force ends the sessions of those who are connected")
                }
                (Dialect::Postgres | Dialect::Sqlite | Dialect::Mysql, _) => error,
            }
        });
        session.close().await;
        dropped
    }

    /// What the database is called on its server; nothing for SQLite.
    fn name_on_server(&self) -> Result<Option<String>, Diagnostic> {
        if self.database.dialect() == Dialect::Sqlite {
            return Ok(None);
        }
        let address = self.database.server_address();
        let name = address.and_then(|address| address.database.clone().or_else(|| address.user.clone()));
        name.map(Some).ok_or_else(|| {
            Diagnostic::new(
                ErrorKind::Unsupported,
                format!("{} has no name to make or drop it by", self.database),
            )
            .state("nothing was changed")
            .hint("give its URL, with the name of the database")
        })
    }

    /// A session on the server, in a database that is always there.
    async fn beside(&self, interrupt: &Interrupt) -> Result<Box<dyn Session>, Diagnostic> {
        let always = match self.database.dialect() {
            Dialect::Postgres => "postgres",
            Dialect::Mysql | Dialect::Sqlite => "information_schema",
        };
        let server = self.database.beside(always);
        let session = server.connect(Access::Read, self.limits.connect, interrupt).await?;
        session.ok_or_else(|| Diagnostic::new(ErrorKind::Internal, "a server without a session"))
    }

    async fn is_there(&self, session: &mut dyn Session, name: &str) -> Result<bool, DatabaseError> {
        let dialect = self.database.dialect();
        let catalog = match dialect {
            Dialect::Postgres => "pg_catalog.pg_database WHERE datname",
            Dialect::Mysql | Dialect::Sqlite => "information_schema.SCHEMATA WHERE SCHEMA_NAME",
        };
        let found = session.fetch(&format!("SELECT 1 FROM {catalog} = {}", literal(dialect, name))).await?;
        Ok(!found.is_empty())
    }

    fn refused(&self, error: &DatabaseError, what: &str) -> Diagnostic {
        let message = format!("{} could not be {what}", self.database);
        let diagnostic = failure::database(error, &message).state("nothing was changed");
        self.database.redacted(diagnostic)
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

    /// Removes the file under the lock, so that no migration is at work on it.
    async fn remove_file(&self, interrupt: &Interrupt) -> Result<bool, Diagnostic> {
        let file = self.file()?;
        if !file.exists() {
            return Ok(false);
        }
        let mut session = self.open(Access::Write, interrupt).await?;
        let lock = self.take_lock(session.as_mut(), interrupt, true).await?;
        let removed = std::fs::remove_file(&file);
        lock.release(session.as_mut()).await;
        session.close().await;
        removed.map_err(|error| {
            Diagnostic::new(ErrorKind::Permission, format!("{} can't be removed: {error}", file.display()))
                .state("nothing was changed")
        })?;
        for suffix in BESIDE {
            let mut beside = file.clone().into_os_string();
            beside.push(suffix);
            // Most are gone with the last connection.
            let _ = std::fs::remove_file(beside);
        }
        Ok(true)
    }
}
