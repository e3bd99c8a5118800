//! The file of a dump of MySQL or MariaDB: whether it is whole, and whether it stays in the database that it is
//! given to. What is in it otherwise is the server's business.

use std::{
    fs,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use underpin_core::{diagnostic::Diagnostic, dump::Findings};

use super::{super::failure, filtered};

/// How a dump ends that was written to its end ("mysqldump" in the manual, `--comments`).
const COMPLETED: &str = "-- Dump completed";

/// Whether a dump was written to its end; what is wrong with it if not.
pub(super) fn readable(file: &Path) -> Result<(), String> {
    const END: u64 = 200;
    let read = || -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(file)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    let end = read().map_err(|error| error.to_string())?;
    let last = String::from_utf8_lossy(&end).trim_end().lines().next_back().unwrap_or_default().to_owned();
    match last.starts_with(COMPLETED) {
        true => Ok(()),
        false => Err(format!("its last line is not \"{COMPLETED}\": it was cut off, or is no dump")),
    }
}

/// Checks a backup that is to be brought back, before anything is changed.
///
/// # Errors
/// One that was cut off, and one that would be written into the database that it names, whichever was meant.
pub(super) async fn check(file: &Path) -> Result<Findings, Diagnostic> {
    readable(file).map_err(failure::unrestored)?;
    filtered::findings(file).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_that_was_cut_off_is_told() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("dump.sql");
        fs::write(&file, format!("CREATE TABLE a (i int);\n{COMPLETED} on 2026-11-22  3:15:00\n"))
            .expect("written");
        assert_eq!(readable(&file), Ok(()));
        fs::write(&file, format!("CREATE TABLE a (c text DEFAULT '{COMPLETED}')")).expect("written");
        assert!(readable(&file).is_err());
        fs::write(&file, "").expect("written");
        assert!(readable(&file).is_err());
    }
}
