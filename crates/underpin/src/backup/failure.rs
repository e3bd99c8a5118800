//! What is said where a backup can't be made, read or brought back.

use std::{fmt::Display, io, path::Path};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::{
    database::Database,
    program::{ProgramError, ProgramFailure},
};

/// A backup that can't be made. The caller says in which state the database is.
pub(super) fn unmade(why: impl Display) -> Diagnostic {
    Diagnostic::new(ErrorKind::BackupFailed, format!("no backup could be made: {why}"))
}

/// A backup that was written and can't be read.
pub(super) fn unreadable(why: impl Display) -> Diagnostic {
    unmade(format!("what was written can't be read again: {why}")).hint(
        "what was written is removed again; look at the disk, and at the program that writes the backup",
    )
}

/// A file or directory that can't be used.
pub(super) fn file(what: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let diagnostic = unmade(format!("{what} {}: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge | io::ErrorKind::QuotaExceeded => {
            diagnostic.hint("make room, or name another place with UNDERPIN_BACKUP_DIRECTORY")
        }
        _ => diagnostic.hint("name a directory that can be written to with UNDERPIN_BACKUP_DIRECTORY"),
    }
}

/// A backup that can't be brought back.
pub(super) fn unrestored(why: impl Display) -> Diagnostic {
    Diagnostic::new(ErrorKind::BackupFailed, format!("the backup could not be restored: {why}"))
}

/// A database that is known by a pool only, which does not tell its password.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn by_pool_only(unable: impl FnOnce(&'static str) -> Diagnostic) -> Diagnostic {
    unable("the database is known by a pool, which does not tell how to connect with another program")
        .hint("give the migrator or the start-up its URL")
}

/// An option file that can't be written.
#[cfg(feature = "mysql")]
pub(super) fn no_option_file(unable: impl FnOnce(String) -> Diagnostic, error: &io::Error) -> Diagnostic {
    unable(format!("the file that tells the programs how to connect can't be written: {error}"))
        .hint("make room there, or let TMPDIR name another directory")
}

/// A `pg_dump` that is older than its server.
#[cfg(feature = "postgres")]
pub(super) fn by_older_program(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.hint(
        "a pg_dump of the server's version or a later one is needed: UNDERPIN_BACKUP_PROGRAMS names its directory",
    )
}

/// A pool, where a backup is to be made.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn unmade_by_pool_only() -> Diagnostic {
    by_pool_only(unmade)
        .hint("or name a command of your own that makes the backup, or do without: UNDERPIN_BACKUP=never")
}

/// A program that did not do its work in making a backup.
pub(super) fn by_program(database: &Database, error: ProgramError) -> Diagnostic {
    let missing = matches!(error.reason, ProgramFailure::Missing(_));
    let diagnostic = of_program(database, error, unmade, "while a backup was made");
    match missing {
        true => diagnostic
            .hint("or name a command of your own that makes the backup with UNDERPIN_BACKUP_COMMAND")
            .hint("or do without backups, where something else makes them: UNDERPIN_BACKUP=never"),
        false => diagnostic,
    }
}

/// A program that could not read again what was written.
#[cfg(feature = "postgres")]
pub(super) fn by_reading_program(database: &Database, error: ProgramError) -> Diagnostic {
    of_program(database, error, unreadable, "while a backup was checked")
}

/// A program that did not do its work in reading a backup, or in bringing one back.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn by_restoring_program(database: &Database, error: ProgramError) -> Diagnostic {
    of_program(database, error, unrestored, "while a backup was restored")
}

fn of_program(
    database: &Database,
    ProgramError { name, reason }: ProgramError,
    unable: impl FnOnce(String) -> Diagnostic,
    during: &str,
) -> Diagnostic {
    match reason {
        ProgramFailure::Missing(directory) => {
            let place = directory.map_or_else(
                || "where the system looks for programs".to_owned(),
                |directory| format!("in {}", directory.display()),
            );
            unable(format!("{name} is not there: it was looked for {place}"))
                .hint(format!("install {name}, or name its directory with UNDERPIN_BACKUP_PROGRAMS"))
        }
        ProgramFailure::Unusable(error) => unable(format!("{name} can't be run: {error}")),
        ProgramFailure::Failed(said) => {
            unable(format!("{name} failed: {}", said.words(|text| database.redact(text))))
        }
        ProgramFailure::Stopped(stop) => stop.diagnostic(during),
    }
}
