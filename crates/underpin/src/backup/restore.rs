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

use super::{Backups, failure, make, retention};
use crate::database::{Database, Interrupt, Session};

/// How a database file of SQLite begins (sqlite.org, "Database File Format").
const SQLITE: &[u8] = b"SQLite format 3\0";
/// How an archive of `pg_dump` begins, in its custom format.
const POSTGRES: &[u8] = b"PGDMP";

/// What brings one backup back.
pub(crate) struct Restorer<'a> {
    pub(crate) database: &'a Database,
    pub(crate) backups: &'a Backups,
    pub(crate) file: PathBuf,
    /// Whether the database is a scratch one, which may belong to another user, and which nothing may lead
    /// out of.
    pub(crate) confined: bool,
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

    /// Looks whether the backup is whole; before the lock is taken.
    ///
    /// # Errors
    /// What is wrong with it. Nothing was changed.
    pub(crate) async fn check(&self, session: &mut dyn Session) -> Result<(), Diagnostic> {
        match session.server().flavour {
            #[cfg(feature = "sqlite")]
            Flavour::Sqlite => super::sqlite::open(session, &self.file, self.interrupt).await,
            #[cfg(feature = "mysql")]
            flavour @ (Flavour::Mysql | Flavour::Mariadb) => {
                super::make::address(self.database)?;
                super::mysql::check(&self.file)?;
                super::mysql::has_client(flavour, self.backups.programs.as_deref()).await
            }
            // It is read as it is brought back, and what was done by then is undone.
            Flavour::Postgres => Ok(()),
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            _ => Ok(()),
        }
    }

    /// Puts the backup in the place of what is there; the caller holds the lock, on SQLite with a transaction
    /// that it commits.
    ///
    /// # Errors
    /// What went wrong, with the state that the database is in.
    pub(crate) async fn replace(&self, session: &mut dyn Session) -> Result<(), Diagnostic> {
        let programs = self.backups.programs.as_deref();
        let untouched = |error: Diagnostic| error.state("nothing was changed");
        match session.server().flavour {
            #[cfg(feature = "sqlite")]
            Flavour::Sqlite => super::sqlite::replace(session, self.interrupt).await.map_err(untouched),
            #[cfg(feature = "postgres")]
            Flavour::Postgres => {
                let address = super::make::address(self.database)?;
                let into = (address, self.confined);
                let work = super::postgres::restore(self.database, into, programs, &self.file);
                self.limited(work).await.map_err(untouched)
            }
            #[cfg(feature = "mysql")]
            flavour @ (Flavour::Mysql | Flavour::Mariadb) => {
                let address = super::make::address(self.database)?;
                let into = (address, flavour, self.confined);
                let work = super::mysql::restore(session, self.database, into, programs, &self.file);
                self.limited(work).await.map_err(|error| {
                    let state = "the database is emptied, and only a part of the backup is in it";
                    error.state(state).hint("mend what is wrong and run it again: it begins anew")
                })
            }
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            flavour => Err(failure::unrestored(format!("this program knows no {}", flavour.title()))),
        }
    }

    async fn limited(&self, work: impl Future<Output = Result<(), Diagnostic>>) -> Result<(), Diagnostic> {
        let ended = self.interrupt.limit(work).await;
        ended.unwrap_or_else(|stop| Err(stop.diagnostic("while a backup was restored")))
    }
}

/// Looks whether a file is a backup of the engine of a database, by how it begins.
///
/// # Errors
/// A file that can't be read, or is something else.
pub(crate) fn look(database: &Database, file: &Path) -> Result<(), Diagnostic> {
    let ours = database.dialect();
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
