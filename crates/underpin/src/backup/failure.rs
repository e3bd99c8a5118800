//! What is said where a backup can't be made, read or brought back.

use std::{fmt::Display, io, path::Path};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

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

/// A program that is not there.
pub(super) fn no_program(name: &str) -> Diagnostic {
    unmade(format!("{name} is not there"))
        .hint(format!("install {name}, or name its directory with UNDERPIN_BACKUP_PROGRAMS"))
        .hint("or name a command of your own that makes the backup with UNDERPIN_BACKUP_COMMAND")
        .hint("or do without backups, where something else makes them: UNDERPIN_BACKUP=never")
}
