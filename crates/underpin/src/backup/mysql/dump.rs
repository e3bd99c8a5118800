//! The file of a dump of MySQL or MariaDB: whether it is whole, and whether it stays in the database that it is
//! given to. What is in it otherwise is the server's business.

use std::{
    fs,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use tokio::io::AsyncReadExt as _;
use underpin_core::diagnostic::Diagnostic;

use super::super::failure;

/// How a dump ends that was written to its end ("mysqldump" in the manual, `--comments`).
const COMPLETED: &str = "-- Dump completed";

/// How the lines begin by which a dump goes into a database of its own choice ("mysqldump", `--databases`).
const LEAVING: [&[u8]; 2] = [b"USE `", b"CREATE DATABASE "];

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
pub(super) async fn check(file: &Path) -> Result<(), Diagnostic> {
    readable(file).map_err(failure::unrestored)?;
    let unreadable = |error: io::Error| failure::unrestored(format!("{}: {error}", file.display()));
    let mut dump = tokio::fs::File::open(file).await.map_err(unreadable)?;
    let (mut lines, mut buffer) = (Lines::default(), vec![0; 64 * 1_024]);
    loop {
        let count = dump.read(&mut buffer).await.map_err(unreadable)?;
        if count == 0 {
            return Ok(());
        }
        if let Some(line) = lines.leaving(&buffer[..count]) {
            let why =
                format!("{} names its own database in line {line}, whichever it is given to", file.display());
            return Err(failure::unrestored(why).hint("dump one database, without --databases"));
        }
    }
}

/// The beginnings of lines, of a text that comes in pieces.
#[derive(Debug, Default)]
struct Lines {
    /// How the line begins that is not over.
    beginning: Vec<u8>,
    /// How many lines are over.
    over: usize,
}

impl Lines {
    /// The number of the line that leaves the database, if there is one in the next piece.
    fn leaving(&mut self, piece: &[u8]) -> Option<usize> {
        const LONGEST: usize = 16;
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            let room = LONGEST.saturating_sub(self.beginning.len());
            self.beginning.extend_from_slice(&part[..part.len().min(room)]);
            if LEAVING.iter().any(|words| self.beginning.starts_with(words)) {
                return Some(self.over + 1);
            }
            if part.ends_with(b"\n") {
                self.beginning.clear();
                self.over += 1;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_leads_into_another_database_is_found_wherever_the_pieces_end() {
        let text = b"-- MySQL dump\nINSERT INTO a VALUES ('USE `b`');\nUSE `shop`;\n";
        for size in [1, 2, 7, 100] {
            let mut lines = Lines::default();
            let found = text.chunks(size).find_map(|piece| lines.leaving(piece));
            assert_eq!(found, Some(3), "{size}");
        }
        let mut lines = Lines::default();
        assert_eq!(lines.leaving(b"-- USE `b`\nUSER\n CREATE DATABASE x\n"), None);
        assert_eq!(lines.leaving(b"CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop`"), Some(4));
    }

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
