//! What is SQLite's own: the file and its directory, the journal's mode, room on the disk, and whether
//! that disk is here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tokio::time::Instant;
use underpin_core::diagnostic::ErrorKind;

use super::{
    EXAMINE, Finding,
    server::{one, unasked},
};
use crate::{
    database::{Access, ErrorClass, Interrupt, Session},
    disk,
    migrate::Migrator,
};

/// With less room than this, a migration is a gamble.
const LITTLE: u64 = 100 * 1024 * 1024;

/// What the file system says, before anything is opened.
pub(super) fn files(file: &Path) -> Vec<Finding> {
    let directory = directory_of(file);
    vec![directory_writable(&directory), room(file, &directory)]
}

/// What a session for writing says, which writes nothing.
pub(super) async fn findings(migrator: &Migrator) -> Vec<Finding> {
    let (_handle, interrupt) = Interrupt::new(EXAMINE, Instant::now(), migrator.limits.run);
    let connected = migrator.database.connect(Access::Write, migrator.limits.connect, &interrupt).await;
    let mut session = match connected {
        Ok(Some(session)) => session,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![Finding::failed("writable", &error)],
    };
    let findings = vec![writable(session.as_mut()).await, journal(session.as_mut(), migrator).await];
    session.close().await;
    findings
}

fn directory_writable(directory: &Path) -> Finding {
    if !directory.is_dir() {
        let message = format!("{} is no directory", directory.display());
        return Finding::wrong("directory", ErrorKind::Unavailable, message).hint("mend the path in the URL");
    }
    match disk::try_to_write(directory) {
        Ok(()) => Finding::ok("directory", format!("{} can be written to", directory.display())),
        Err(error) => {
            let message = format!("{} can't be written to: {error}", directory.display());
            Finding::wrong("directory", ErrorKind::Permission, message)
                .hint("SQLite keeps its journal beside the database: let the user write there")
        }
    }
}

/// The directory of the file, or what is nearest above it.
fn directory_of(file: &Path) -> PathBuf {
    disk::nearest(file.parent().unwrap_or(file))
}

fn room(file: &Path, directory: &Path) -> Finding {
    if let Some(system) = disk::network_file_system(directory) {
        let message = format!("{} is on {system}, whose locks can't be relied on", directory.display());
        return Finding::warning("disk", message)
            .hint("move the database to a disk of this machine, or use a server");
    }
    let size = fs::metadata(file).map_or(0, |file| file.len());
    match disk::free(directory) {
        // A table that is rebuilt is there twice.
        Some(free) if free < LITTLE.max(size) => {
            let message =
                format!("only {} MiB are free for a database of {} MiB", mebibytes(free), mebibytes(size));
            Finding::warning("disk", message).hint("make room: rebuilding a table needs its size once more")
        }
        Some(free) => Finding::ok("disk", format!("{} MiB are free", mebibytes(free))),
        None => Finding::ok("disk", "how much is free is not known here"),
    }
}

const fn mebibytes(bytes: u64) -> u64 {
    bytes / (1024 * 1024)
}

async fn writable(session: &mut dyn Session) -> Finding {
    // A transaction alone is not refused where nothing may be written; and nothing of a table that is
    // rolled back has reached the file.
    let script = "PRAGMA busy_timeout = 20; BEGIN IMMEDIATE; CREATE TABLE underpin_doctor (id); ROLLBACK";
    match session.execute(script).await {
        Ok(_) => Finding::ok("writable", "the file can be written to"),
        Err(failure) if failure.error.class == ErrorClass::Busy => {
            Finding::warning("writable", "somebody else is writing to the file just now")
                .hint("ask again when they are done; the next line names them if it is a migration")
        }
        Err(failure) => unasked("writable", &failure.error),
    }
}

async fn journal(session: &mut dyn Session, migrator: &Migrator) -> Finding {
    let mode = match one(session, "PRAGMA journal_mode").await {
        Ok(row) => row.text(0).to_ascii_lowercase(),
        Err(error) => return unasked("journal", &error),
    };
    let directory = migrator.sqlite_file().map(|file| directory_of(&file));
    let network = directory.as_deref().and_then(disk::network_file_system);
    match (mode.as_str(), network) {
        ("wal", Some(system)) => {
            let message = format!("the journal is a WAL, which does not work on {system}");
            Finding::wrong("journal", ErrorKind::Unsupported, message)
                .hint("PRAGMA journal_mode = DELETE, or a disk of this machine")
        }
        ("wal", None) => Finding::ok("journal", "WAL: readers go on while a migration commits"),
        ("off" | "memory", _) => {
            let message =
                format!("journal_mode is {mode}: a crash while a migration runs destroys the database");
            Finding::wrong("journal", ErrorKind::Unsupported, message).hint("PRAGMA journal_mode = WAL")
        }
        _ => Finding::ok(
            "journal",
            format!("{mode}: readers wait while a migration commits; WAL spares them that"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_leaves_nothing_behind() {
        let directory = tempfile::tempdir().expect("a directory");
        let found = files(&directory.path().join("app.db"));
        assert_eq!(found[0].level, crate::doctor::Level::Ok);
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0);
    }
}
