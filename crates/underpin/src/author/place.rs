//! Putting a text into a file that was not there. Nothing that is there is ever overwritten.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

/// Creates a file with this text, or leaves none.
///
/// # Errors
/// Whatever the file system says; [`io::ErrorKind::AlreadyExists`] if there is such a file.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a file would be taken for a revision; that it can't be removed changes nothing.
        let _ = fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("a.sql");
        create(&path, "one").expect("a new file");
        let error = create(&path, "two").expect_err("it is there");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one");
    }
}
