//! Bringing a backup back: which engine's it is, whether it is whole, and only then putting it in the place
//! of what is there. Who may ask for that is decided elsewhere.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
};

use super::{Backups, failure, make, phase::Broken, place, retention};
use crate::{
    database::{Database, Interrupt, Session},
    history::HistoryTables,
    lock::Lock,
    migrate::{Events, StopSwitch},
};

/// How a database file of SQLite begins (sqlite.org, "Database File Format").
const SQLITE: &[u8] = b"SQLite format 3\0";
/// How an archive of `pg_dump` begins, in its custom format.
const POSTGRES: &[u8] = b"PGDMP";

/// What brings one backup back.
#[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "the others hold all of it in a transaction"))]
pub(crate) struct Restorer<'a> {
    pub(crate) database: &'a Database,
    pub(crate) backups: &'a Backups,
    pub(crate) file: PathBuf,
    /// Whether the database is a scratch one, which may belong to another user, and which nothing may lead
    /// out of.
    pub(crate) confined: bool,
    /// The history's tables, which come last where no transaction holds all of it.
    pub(crate) tables: &'a HistoryTables,
    pub(crate) events: &'a Events,
    /// What is told where something has to be finished before the run may stop.
    pub(crate) stop: &'a StopSwitch,
    pub(crate) interrupt: &'a Interrupt,
}

impl Restorer<'_> {
    /// Looks whether the file is a backup of this engine, by how it begins; before anything is connected.
    ///
    /// # Errors
    /// A file that can't be read, or is something else.
    pub(crate) fn look(&self) -> Result<(), Diagnostic> {
        look(self.database, &self.file)
    }

    /// Looks whether the backup is whole, and whether everything is at hand that brings it back; before the
    /// lock is taken.
    ///
    /// # Errors
    /// What is wrong with it, or missing. Nothing was changed.
    pub(crate) async fn check(&self, session: &mut dyn Session) -> Result<(), Diagnostic> {
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        let programs = self.backups.dump_programs(self.interrupt);
        match session.server().flavour {
            #[cfg(feature = "sqlite")]
            Flavour::Sqlite => super::sqlite::open(session, &self.file, self.interrupt).await,
            #[cfg(feature = "postgres")]
            Flavour::Postgres => super::postgres::check(self.database, programs, &self.file).await,
            #[cfg(feature = "mysql")]
            Flavour::Mysql | Flavour::Mariadb => {
                super::mysql::check(session, self.database, programs, &self.file).await
            }
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            _ => Ok(()),
        }
    }

    /// Puts the backup in the place of what is there; the caller holds the lock, on SQLite with a transaction
    /// that it commits. A session that is needed in the place of a lost one takes the lock again.
    ///
    /// # Errors
    /// What went wrong, with the state that the database is in.
    pub(crate) async fn replace(&self, session: &mut dyn Session, lock: &Lock) -> Result<(), Diagnostic> {
        self.replace_on(session, lock).await.map_err(|broken| match self.confined {
            // Whatever is in it, it is gone shortly.
            true => broken.untold(),
            false => broken.diagnostic(),
        })
    }

    #[cfg_attr(
        not(feature = "mysql"),
        allow(unused_variables, reason = "elsewhere a lost session has changed nothing")
    )]
    async fn replace_on(&self, session: &mut dyn Session, lock: &Lock) -> Result<(), Broken> {
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        let programs = self.backups.dump_programs(self.interrupt);
        match session.server().flavour {
            #[cfg(feature = "sqlite")]
            Flavour::Sqlite => {
                super::sqlite::replace(session, self.interrupt).await.map_err(Broken::untouched)
            }
            #[cfg(feature = "postgres")]
            Flavour::Postgres => super::postgres::restore(session, self, programs).await,
            #[cfg(feature = "mysql")]
            flavour @ (Flavour::Mysql | Flavour::Mariadb) => {
                super::mysql::restore(session, (self, lock), flavour, programs).await
            }
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            flavour => {
                let why = format!("this program knows no {}", flavour.title());
                Err(Broken::untouched(failure::unrestored(why)))
            }
        }
    }
}

/// Looks whether a file is a backup of the engine of a database, by how it begins.
///
/// # Errors
/// A file that can't be read, is something else, or has a path that can't be told.
pub(crate) fn look(database: &Database, file: &Path) -> Result<(), Diagnostic> {
    place::check(file, failure::unrestored)?;
    let ours = database.dialect();
    if is_the_database(database, file) {
        let why = format!("{} is the database itself", file.display());
        return Err(failure::unrestored(why).hint("name a backup of it: `underpin backup --list` shows some"));
    }
    match dialect(file)? {
        Some(dialect) if dialect == ours => Ok(()),
        Some(dialect) => Err(failure::unrestored(format!(
            "{} is a backup of {dialect}, and {database} is of {ours}",
            file.display()
        ))),
        None => Err(failure::unrestored(format!(
            "{} is no backup that this program knows: a database of SQLite, an archive of pg_dump or a dump of mysqldump",
            file.display()
        ))),
    }
}

/// Whether a file is that of a database: everything in it would be dropped before it is read.
fn is_the_database(database: &Database, file: &Path) -> bool {
    #[cfg(feature = "sqlite")]
    if let (Some(live), Ok(file)) = (database.sqlite_file(), file.canonicalize()) {
        return live.canonicalize().is_ok_and(|live| live == file);
    }
    let _ = (database, file);
    false
}

/// The newest backup of a database in the directory of its backups.
///
/// # Errors
/// There is none.
pub(crate) fn latest(database: &Database, backups: &Backups) -> Result<PathBuf, Diagnostic> {
    let (directory, names) = make::kept(database, backups);
    retention::newest(&directory, &names).ok_or_else(|| {
        let message = format!("there is no backup of {database} in {}", directory.display());
        Diagnostic::new(ErrorKind::BackupFailed, message)
            .state("nothing was changed")
            .hint("make one with `underpin backup`, or name a file")
            .hint("UNDERPIN_BACKUP_DIRECTORY says where backups are kept")
    })
}

/// Which engine a backup is of, by how it begins.
///
/// # Errors
/// A file that can't be read.
fn dialect(file: &Path) -> Result<Option<Dialect>, Diagnostic> {
    const BEGINNING: u64 = 64;
    let mut beginning = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning))
        .map_err(|error| failure::unrestored(format!("can't read {}: {error}", file.display())))?;
    let begins = |with: &[u8]| beginning.starts_with(with);
    Ok(if begins(SQLITE) {
        Some(Dialect::Sqlite)
    } else if begins(POSTGRES) {
        Some(Dialect::Postgres)
    } else if begins(b"-- MySQL dump") || begins(b"-- MariaDB dump") || begins(b"/*M!999999") {
        Some(Dialect::Mysql)
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_known_by_how_it_begins() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("backup");
        for (text, meant) in [
            (&b"SQLite format 3\0\x10\0"[..], Some(Dialect::Sqlite)),
            (b"PGDMP\x01\x0e", Some(Dialect::Postgres)),
            (b"-- MySQL dump 10.13  Distrib 9.7.4\n", Some(Dialect::Mysql)),
            (b"/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19", Some(Dialect::Mysql)),
            (b"rubbish", None),
            (b"", None),
        ] {
            fs::write(&file, text).expect("written");
            assert_eq!(dialect(&file).expect("readable"), meant);
        }
        assert!(dialect(&directory.path().join("nothing")).is_err());
    }
}
