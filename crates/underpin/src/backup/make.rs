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

use super::{
    Backup, Backups,
    destination::Destination,
    directory::{self, Names},
    failure, own_command,
    question::During,
    retention, room,
};
use crate::{
    database::{Database, Interrupt, Session},
    inspect::database_size,
};

/// Why a backup is not made where a question about the database has no answer.
const UNREAD: &str = "the database could not be read";

/// What makes the backups of one run. Its caller holds the migration lock.
pub(crate) struct Maker<'a> {
    pub(crate) database: &'a Database,
    pub(crate) backups: &'a Backups,
    /// The run, as the log has it.
    pub(crate) run: &'a str,
    pub(crate) interrupt: &'a Interrupt,
}

impl Maker<'_> {
    /// Whether there is nothing to keep: a database in memory goes with its process, and one without a table
    /// is as good new, unless somebody has named a file for it.
    ///
    /// # Errors
    /// A database that can't be read.
    pub(crate) async fn is_superfluous(
        &self,
        session: &mut dyn Session,
        to: Option<&Path>,
    ) -> Result<bool, Diagnostic> {
        Ok(is_in_memory(self.database) || (to.is_none() && self.is_empty(session).await?))
    }

    /// Makes a backup, in a file that is named or in the directory of backups.
    ///
    /// # Errors
    /// Whatever keeps a backup from being made or read; no file is left then.
    pub(crate) async fn make(
        &self,
        session: &mut dyn Session,
        to: Option<&Path>,
    ) -> Result<Backup, Diagnostic> {
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
            let canceller = session.canceller();
            let asked = self.interrupt.guarded(database_size(session), &canceller).await;
            let size = During::Backup.answer(asked, UNREAD)?;
            room::check(destination.path().parent().unwrap_or(&directory), size)?;
        }
        self.write(session.server().flavour, destination.path()).await?;
        let (path, bytes) = match destination.size() {
            None if self.backups.command.is_some() => (None, 0),
            None => return Err(failure::unreadable("it is not there")),
            // A command that has not failed and leaves an empty file is `pg_dump … || true` on a full disk.
            Some(0) => return Err(failure::unreadable("it is empty")),
            Some(bytes) => (Some(destination.finish()?), bytes),
        };
        let started_at = format!("{started:.3}");
        Ok(Backup { path, bytes, started_at, duration: begun.elapsed() })
    }

    /// Removes the backups of this database that need not be kept, once another is made and noted.
    pub(crate) fn clear_away(&self, made: &Backup) {
        let (directory, names) = kept(self.database, self.backups);
        let (keep, keep_for) = (self.backups.keep, self.backups.keep_for);
        retention::remove_superfluous(&directory, &names, made.path.as_deref(), keep, keep_for);
    }

    async fn write(&self, flavour: Flavour, file: &Path) -> Result<(), Diagnostic> {
        if let Some(command) = &self.backups.command {
            return own_command::make(command, self.database, file, self.interrupt).await;
        }
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        let programs = self.backups.dump_programs(self.interrupt);
        match flavour {
            #[cfg(feature = "sqlite")]
            Flavour::Sqlite => super::sqlite::make(self.database, file, self.interrupt).await,
            #[cfg(feature = "postgres")]
            Flavour::Postgres => super::postgres::make(self.database, programs, file).await,
            #[cfg(feature = "mysql")]
            Flavour::Mysql | Flavour::Mariadb => {
                super::mysql::make(self.database, flavour, programs, file).await
            }
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            _ => Err(failure::unmade(format!("this program knows no backup of {}", flavour.title()))),
        }
    }

    /// Whether the database has nothing that could be lost.
    async fn is_empty(&self, session: &mut dyn Session) -> Result<bool, Diagnostic> {
        let sql = match session.server().flavour.dialect() {
            Dialect::Sqlite => "SELECT 1 FROM sqlite_schema LIMIT 1",
            Dialect::Postgres => {
                "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relkind IN ('r', 'p', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 1"
            }
            Dialect::Mysql => {
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() LIMIT 1"
            }
        };
        let rows = During::Backup.ask(session, self.interrupt, sql, UNREAD).await?;
        Ok(rows.is_empty())
    }
}

/// Whether a database goes with its process.
pub(super) fn is_in_memory(database: &Database) -> bool {
    database.dialect() == Dialect::Sqlite && sqlite_file(database).is_none()
}

/// The directory that the backups of a database are kept in, and how they are called there.
pub(super) fn kept(database: &Database, backups: &Backups) -> (PathBuf, Names) {
    let file = sqlite_file(database);
    let directory = directory::directory(backups.directory.as_deref(), file.as_deref());
    let dialect = database.dialect();
    let Some(file) = file else {
        let place = database.place_on_server();
        let name = place.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("database");
        return (directory, Names::of(name, &place, dialect));
    };
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let place = file.canonicalize().or_else(|_| std::path::absolute(&file)).unwrap_or(file);
    let names = Names::of(stem.as_deref().unwrap_or("database"), &place.to_string_lossy(), dialect);
    (directory, names)
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
