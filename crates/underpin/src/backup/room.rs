//! Whether there is room for a backup, looked at before anything is written.

use std::path::Path;

use underpin_core::diagnostic::Diagnostic;

use super::failure;
use crate::disk;

/// How much room a backup needs, of ten parts of what the database takes. It may take less: nobody knows
/// before.
const TENTHS: u64 = 12;

/// Refuses to begin where the file system of a directory has not the room that a database of this size
/// needs.
pub(super) fn check(directory: &Path, size: u64) -> Result<(), Diagnostic> {
    disk::room_for(directory, size.saturating_mul(TENTHS) / 10).map_err(|why| {
        failure::unmade(why).hint("make room, or name another place with UNDERPIN_BACKUP_DIRECTORY")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_none_another_place_is_named() {
        let error = check(Path::new("."), u64::MAX).expect_err("nobody has that much");
        assert!(error.message.contains(". has room for ") && error.hints.len() == 1, "{error}");
        assert!(check(Path::new("."), 0).is_ok());
    }
}
