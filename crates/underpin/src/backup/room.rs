//! Whether there is room for a backup, looked at before anything is written.

use std::path::Path;

use underpin_core::diagnostic::Diagnostic;

use super::failure;

/// How much room a backup needs, of ten parts of what the database takes. It may take less: nobody knows
/// before.
const TENTHS: u64 = 12;

/// Refuses to begin where the file system of a directory has not the room that a database of this size
/// needs. What can't be found out is left to be found out by writing.
pub(super) fn check(directory: &Path, size: u64) -> Result<(), Diagnostic> {
    match available(directory) {
        Some(available) => decide(directory, size, available),
        None => Ok(()),
    }
}

fn decide(directory: &Path, size: u64, available: u64) -> Result<(), Diagnostic> {
    let needed = size.saturating_mul(TENTHS) / 10;
    if available >= needed {
        return Ok(());
    }
    let why = format!(
        "{} has room for {}, and {} are needed",
        directory.display(),
        in_words(available),
        in_words(needed)
    );
    Err(failure::unmade(why).hint("make room, or name another place with UNDERPIN_BACKUP_DIRECTORY"))
}

#[cfg(unix)]
fn available(directory: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(directory).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn available(_directory: &Path) -> Option<u64> {
    None
}

/// A number of bytes as people read it.
fn in_words(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let (mut value, mut unit) = (bytes, 0);
    while value >= 10_240 && unit + 1 < UNITS.len() {
        value /= 1_024;
        unit += 1;
    }
    format!("{value} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_more_than_the_database_takes_is_needed() {
        let directory = Path::new("/b");
        assert!(decide(directory, 1_000_000, 1_200_000).is_ok());
        let error = decide(directory, 1_000_000, 1_199_999).expect_err("too little");
        assert!(error.message.contains("/b has room for 1171 KiB, and 1171 KiB are needed"), "{error}");
        assert!(decide(directory, 0, 0).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_has_some_room() {
        assert!(available(Path::new("/")).is_some());
        assert_eq!(available(Path::new("/nowhere/at/all")), None);
    }
}
