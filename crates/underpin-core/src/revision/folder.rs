//! Which files of a directory are revisions, for the macro that embeds them and the program that
//! reads them alike. Not the reading itself: whoever has a file system lends it as a [`Folder`].

use std::{
    io,
    path::{Path, PathBuf},
};

use super::Language;
use crate::diagnostic::{Diagnostic, ErrorKind};

/// The subdirectory that is looked into when a directory has no revision file itself, because
/// Alembic keeps its revisions there.
const SUBDIRECTORY: &str = "versions";

/// What there is in a directory, and what its files hold.
pub trait Folder {
    /// The entries of a directory, in any order.
    ///
    /// # Errors
    /// Whatever the file system says.
    fn entries(&self, directory: &Path) -> io::Result<Vec<Entry>>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Whatever the file system says.
    fn read(&self, file: &Path) -> io::Result<Vec<u8>>;
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; a name that is not Unicode with replacement characters in it.
    pub name: String,
    /// Whether it is a directory, or a link to one.
    pub is_directory: bool,
}

/// The text of a revision file, not parsed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionText {
    /// The file as its user would name it, with `/` between directories.
    pub file: String,
    /// The file as the file system names it.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

/// Reads the revision files of a directory, sorted by name; `shown` is the directory's name in
/// messages.
///
/// Revision files are those whose names end in `.sql` or `.rs` and do not start with a dot. If there is none
/// in the directory itself, those of its subdirectory `versions` are taken. Nothing else is read.
///
/// # Errors
/// One diagnostic for the directory, or one for each file that can't be read: see the
/// kinds [`ErrorKind::DirectoryNotFound`] and [`ErrorKind::RevisionFile`].
pub fn read_folder(
    folder: &impl Folder,
    directory: &Path,
    shown: &str,
) -> Result<Vec<RevisionText>, Vec<Diagnostic>> {
    let list = |directory: &Path, shown: &str| {
        folder.entries(directory).map_err(|error| vec![directory_error(shown, error)])
    };
    let entries = list(directory, shown)?;
    let names = revision_names(&entries);
    if names.is_empty() && entries.iter().any(|entry| entry.is_directory && entry.name == SUBDIRECTORY) {
        let (directory, shown) = (directory.join(SUBDIRECTORY), join(shown, SUBDIRECTORY));
        let names = revision_names(&list(&directory, &shown)?);
        return read_files(folder, &directory, &shown, names);
    }
    read_files(folder, directory, shown, names)
}

fn revision_names(entries: &[Entry]) -> Vec<String> {
    let names = entries.iter().filter(|entry| !entry.is_directory).map(|entry| &entry.name);
    let mut names: Vec<String> =
        names.filter(|name| !name.starts_with('.') && is_revision(name)).cloned().collect();
    names.sort_unstable();
    names
}

/// Whether a file can be a revision. `mod.rs` is none: it is how Rust names what a directory holds.
fn is_revision(name: &str) -> bool {
    Language::known(name).is_some() && name != "mod.rs"
}

fn read_files(
    folder: &impl Folder,
    directory: &Path,
    shown: &str,
    names: Vec<String>,
) -> Result<Vec<RevisionText>, Vec<Diagnostic>> {
    let mut texts = Vec::with_capacity(names.len());
    let mut errors = Vec::new();
    for name in names {
        let (path, file) = (directory.join(&name), join(shown, &name));
        match read_text(folder, &path, &file) {
            Ok(text) => texts.push(RevisionText { file, path, text }),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

fn read_text(folder: &impl Folder, path: &Path, file: &str) -> Result<String, Diagnostic> {
    let bytes = folder.read(path).map_err(|error| {
        let hint = if file.contains(char::REPLACEMENT_CHARACTER) {
            "give it a name in UTF-8"
        } else {
            "see to it that it is there and may be read"
        };
        Diagnostic::new(ErrorKind::RevisionFile, format!("the revision file {file} can't be read: {error}"))
            .hint(hint)
            .caused_by(error)
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let message = format!("the revision file {file} is not UTF-8 text (line {line})");
        Diagnostic::new(ErrorKind::RevisionFile, message).hint("save it as UTF-8").caused_by(error)
    })
}

fn directory_error(shown: &str, error: io::Error) -> Diagnostic {
    let (kind, message, hint) = match error.kind() {
        io::ErrorKind::NotFound => (
            ErrorKind::DirectoryNotFound,
            format!("the revision directory {shown} is not there"),
            "create it with `underpin init`, or name the right one",
        ),
        io::ErrorKind::NotADirectory => (
            ErrorKind::DirectoryNotFound,
            format!("{shown} is not a directory"),
            "name the directory that the revision files are in",
        ),
        _ => (
            ErrorKind::RevisionFile,
            format!("the revision directory {shown} can't be read: {error}"),
            "see to it that it may be read",
        ),
    };
    Diagnostic::new(kind, message).hint(hint).caused_by(error)
}

fn join(directory: &str, name: &str) -> String {
    match directory {
        "" | "." | "./" => name.to_owned(),
        _ => format!("{}/{name}", directory.trim_end_matches(['/', '\\'])),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Files by path; directories are what leads to them.
    struct Files(BTreeMap<&'static str, &'static [u8]>);

    impl Folder for Files {
        fn entries(&self, directory: &Path) -> io::Result<Vec<Entry>> {
            let mut entries = Vec::new();
            for path in self.0.keys() {
                let Ok(rest) = Path::new(path).strip_prefix(directory) else { continue };
                let Some(first) = rest.iter().next() else { return Err(io::ErrorKind::NotADirectory.into()) };
                let entry = Entry {
                    name: first.to_string_lossy().into_owned(),
                    is_directory: rest.iter().count() > 1,
                };
                if !entries.contains(&entry) {
                    entries.insert(0, entry);
                }
            }
            if entries.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(entries) }
        }

        fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
            let found = file.to_str().and_then(|file| self.0.get(file));
            found
                .filter(|bytes| **bytes != b"secret")
                .map(|bytes| bytes.to_vec())
                .ok_or_else(|| io::ErrorKind::PermissionDenied.into())
        }
    }

    fn read<const N: usize>(
        files: [(&'static str, &'static [u8]); N],
    ) -> Result<Vec<String>, Vec<Diagnostic>> {
        let texts = read_folder(&Files(files.into()), Path::new("m"), "m")?;
        Ok(texts.into_iter().map(|text| text.file).collect())
    }

    #[test]
    fn revision_files_are_sorted_and_the_rest_is_left_alone() {
        let files = read([
            ("m/b.sql", b""),
            ("m/a.SQL", b""),
            ("m/.c.sql", b"\xff"),
            ("m/README.md", b"\xff"),
            ("m/sql", b"\xff"),
            ("m/old.sql/x", b"\xff"),
            ("m/versions/d.sql", b"\xff"),
        ]);
        assert_eq!(files.unwrap(), ["m/a.SQL", "m/b.sql"]);
    }

    #[test]
    fn a_directory_without_revision_files_may_have_them_in_versions() {
        assert_eq!(read([("m/env.py", b""), ("m/versions/d.sql", b"")]).unwrap(), ["m/versions/d.sql"]);
        assert_eq!(read([("m/README", b"")]).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_missing_directory_and_a_file_in_its_place_are_told_apart() {
        let missing = read([("n/a.sql", b"")]).unwrap_err().remove(0);
        assert_eq!(missing.kind, ErrorKind::DirectoryNotFound);
        assert_eq!(missing.message, "the revision directory m is not there");
        let file = read([("m", b"")]).unwrap_err().remove(0);
        assert_eq!((file.kind, &*file.message), (ErrorKind::DirectoryNotFound, "m is not a directory"));
    }

    #[test]
    fn every_file_that_cannot_be_read_is_named() {
        let errors = read([("m/a.sql", b"secret"), ("m/b.sql", b"x\ny\xff"), ("m/c.sql", b"")]).unwrap_err();
        let messages: Vec<&str> = errors.iter().map(|error| &*error.message).collect();
        assert_eq!(messages.len(), 2);
        assert!(messages[0].starts_with("the revision file m/a.sql can't be read: "), "{}", messages[0]);
        assert_eq!(messages[1], "the revision file m/b.sql is not UTF-8 text (line 2)");
        assert!(errors.iter().all(|error| error.kind == ErrorKind::RevisionFile && !error.hints.is_empty()));
    }

    #[test]
    fn the_current_directory_is_not_part_of_a_name() {
        assert_eq!(join(".", "a.sql"), "a.sql");
        assert_eq!(join("db/migrations/", "a.sql"), "db/migrations/a.sql");
    }
}
