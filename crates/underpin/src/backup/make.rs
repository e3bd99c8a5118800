//! Making a backup: whether there is anything to keep, whether there is room, the file, its check, its name,
//! and what becomes of older ones. How the engine writes it is in a file of its own.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use jiff::Timestamp;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
};

use super::{Backup, Backups, destination::Destination, directory, failure, own_command, retention, room};
use crate::{
    database::{Database, DatabaseError, Interrupt, ServerAddress, Session},
    migrate::failed_to,
};

/// What makes the backups of one run. Its caller holds the migration lock.
pub(crate) struct Maker<'a> {
    pub(crate) database: &'a Database,
    pub(crate) backups: &'a Backups,
    /// The run, as the log has it.
    pub(crate) run: &'a str,
    pub(crate) interrupt: &'a Interrupt,
}

impl Maker<'_> {
    /// Makes a backup, in a file that is named or in the directory of backups. Nothing where there is
    /// nothing to keep: a database in memory goes with its process, and one without a table is as good new.
    ///
    /// # Errors
    /// Whatever keeps a backup from being made or read; no file is left then.
    pub(crate) async fn make(
        &self,
        session: &mut dyn Session,
        to: Option<&Path>,
    ) -> Result<Option<Backup>, Diagnostic> {
        let unreadable = |error: DatabaseError| failed_to(&error, "the database could not be read");
        if self.is_in_memory() || (to.is_none() && is_empty(session).await.map_err(unreadable)?) {
            return Ok(None);
        }
        let (started, begun) = (Timestamp::now(), Instant::now());
        let (directory, names) = kept(self.database, self.backups);
        let target = match to {
            Some(file) => file.to_owned(),
            None => directory.join(names.name(started, self.run)),
        };
        if to.is_none() {
            retention::remove_unfinished(&directory, &names);
        }
        let destination = Destination::create(&target)?;
        if self.backups.command.is_none() {
            let size = size(session).await.map_err(unreadable)?;
            room::check(destination.path().parent().unwrap_or(&directory), size)?;
        }
        self.write(session.server().flavour, destination.path()).await?;
        let bytes = destination.size();
        let path = match bytes {
            0 if self.backups.command.is_some() => None,
            0 => return Err(failure::unreadable("it is empty")),
            _ => Some(destination.finish()?),
        };
        if to.is_none() && path.is_some() {
            retention::remove_superfluous(&directory, &names, self.backups.keep, self.backups.keep_for);
        }
        let started_at = format!("{started:.3}");
        Ok(Some(Backup { path, bytes, started_at, duration: begun.elapsed() }))
    }

    async fn write(&self, flavour: Flavour, file: &Path) -> Result<(), Diagnostic> {
        let programs = self.backups.programs.as_deref();
        if let Some(command) = &self.backups.command {
            return self.limited(own_command::make(command, self.database, file)).await;
        }
        match flavour {
            #[cfg(feature = "sqlite")]
            Flavour::Sqlite => super::sqlite::make(self.database, file, self.interrupt).await,
            #[cfg(feature = "postgres")]
            Flavour::Postgres => {
                let address = address(self.database)?;
                self.limited(super::postgres::make(self.database, address, programs, file)).await
            }
            #[cfg(feature = "mysql")]
            Flavour::Mysql | Flavour::Mariadb => {
                let address = address(self.database)?;
                self.limited(super::mysql::make(self.database, (address, flavour), programs, file)).await
            }
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            _ => Err(failure::unmade(format!("this program knows no backup of {}", flavour.title()))),
        }
    }

    /// Ends a program with the run: it is killed where its future is dropped.
    async fn limited(&self, work: impl Future<Output = Result<(), Diagnostic>>) -> Result<(), Diagnostic> {
        let ended = self.interrupt.limit(work).await;
        ended.unwrap_or_else(|stop| Err(stop.diagnostic("while a backup was made")))
    }

    fn is_in_memory(&self) -> bool {
        self.database.dialect() == Dialect::Sqlite && sqlite_file(self.database).is_none()
    }
}

/// The directory that the backups of a database are kept in, and how they are called there.
pub(super) fn kept(database: &Database, backups: &Backups) -> (PathBuf, directory::Names) {
    let file = sqlite_file(database);
    let directory = directory::directory(backups.directory.as_deref(), file.as_deref());
    // The name of the file without what ends it, or the name on the server.
    let stem = |file: PathBuf| file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let of_server = || database.server_address().and_then(|address| address.database.clone());
    let name = file.and_then(stem).or_else(of_server).unwrap_or_else(|| "database".to_owned());
    (directory, directory::Names::of(&name, database.dialect()))
}

fn sqlite_file(database: &Database) -> Option<PathBuf> {
    #[cfg(feature = "sqlite")]
    return database.sqlite_file();
    #[cfg(not(feature = "sqlite"))]
    {
        let _ = database;
        None
    }
}

/// How to connect with another program.
///
/// # Errors
/// A database that is known by a pool of the application's, which does not tell its password.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn address(database: &Database) -> Result<&ServerAddress, Diagnostic> {
    database.server_address().ok_or_else(|| {
        failure::unmade(
            "the database is known by a pool, which does not tell how to connect with another program",
        )
        .hint("give the migrator or the start-up its URL")
        .hint("or name a command of your own that makes the backup, or do without: UNDERPIN_BACKUP=never")
    })
}

/// Whether a database has nothing that could be lost.
async fn is_empty(session: &mut dyn Session) -> Result<bool, DatabaseError> {
    let sql = match session.server().flavour.dialect() {
        Dialect::Sqlite => "SELECT 1 FROM sqlite_schema LIMIT 1",
        Dialect::Postgres => {
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 1"
        }
        Dialect::Mysql => "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() LIMIT 1",
    };
    Ok(session.fetch(sql).await?.is_empty())
}

/// How many bytes the rows of a database take, as its engine says; of a server without the indexes, which no
/// dump holds.
async fn size(session: &mut dyn Session) -> Result<u64, DatabaseError> {
    let sql = match session.server().flavour.dialect() {
        Dialect::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        Dialect::Postgres => {
            "SELECT coalesce(sum(pg_catalog.pg_table_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        }
        Dialect::Mysql => {
            "SELECT CAST(coalesce(sum(DATA_LENGTH), 0) AS UNSIGNED) FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA = DATABASE()"
        }
    };
    let rows = session.fetch(sql).await?;
    Ok(rows
        .first()
        .and_then(|row| row.integer(0))
        .and_then(|size| u64::try_from(size).ok())
        .unwrap_or_default())
}
