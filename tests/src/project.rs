//! A directory with revisions in it, as an application has it.
//! The files are written by hand, as a person would: the product's own writer is under test.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Program, TestDatabase};

/// A directory with a directory of revisions, removed when dropped.
#[derive(Debug)]
pub struct Project {
    directory: TempDir,
}

impl Default for Project {
    fn default() -> Self {
        Self::new()
    }
}

impl Project {
    /// Makes one with an empty `migrations/`.
    ///
    /// # Panics
    /// When there is no place for it.
    #[track_caller]
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        let project = Self { directory };
        fs::create_dir(project.migrations()).unwrap_or_else(|error| panic!("no migrations/: {error}"));
        project
    }

    /// Its directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Its `migrations/`.
    pub fn migrations(&self) -> PathBuf {
        self.path().join("migrations")
    }

    /// Writes a file, given by its path from the project's directory, and returns its whole path.
    ///
    /// # Panics
    /// When it can't be written.
    #[track_caller]
    pub fn write(&self, path: impl AsRef<Path>, text: &str) -> PathBuf {
        let path = self.path().join(path);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        }
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// Writes a revision and returns its path; without `downgrade` it is irreversible.
    ///
    /// # Panics
    /// When it can't be written.
    #[track_caller]
    pub fn revision(
        &self,
        id: &str,
        parents: &[&str],
        message: &str,
        upgrade: &str,
        downgrade: Option<&str>,
    ) -> PathBuf {
        let mut sections = vec![("upgrade", upgrade)];
        sections.extend(downgrade.map(|sql| ("downgrade", sql)));
        self.revision_with(id, parents, message, &[], &sections)
    }

    /// Writes a revision with more header lines (`transaction: off`) and any sections (`upgrade mysql`).
    ///
    /// # Panics
    /// When it can't be written.
    #[track_caller]
    pub fn revision_with(
        &self,
        id: &str,
        parents: &[&str],
        message: &str,
        header: &[&str],
        sections: &[(&str, &str)],
    ) -> PathBuf {
        let mut text = format!("-- revision: {id}\n");
        if !parents.is_empty() {
            text.push_str(&format!("-- parents: {}\n", parents.join(", ")));
        }
        text.push_str(&format!("-- message: {message}\n-- created: 2026-11-20T11:03:00Z\n"));
        for line in header {
            text.push_str(&format!("-- {line}\n"));
        }
        for (name, sql) in sections {
            text.push_str(&format!("\n-- underpin: {name}\n{}\n", sql.trim_end()));
        }
        self.write(Path::new("migrations").join(file_name(id, message)), &text)
    }

    /// The command line program, to be run in this project.
    #[track_caller]
    pub fn underpin(&self) -> Program {
        Program::underpin().directory(self.path())
    }

    /// The command line program, to be run in this project against a database.
    #[track_caller]
    pub fn underpin_on(&self, database: &TestDatabase) -> Program {
        self.underpin().database(database.url())
    }
}

/// `<id>_<message>.sql`, the message in lower case with underscores.
fn file_name(id: &str, message: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' }
    };
    let slug: String = message.chars().map(plain).collect();
    format!("{id}_{slug}.sql")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_written_as_a_person_would() {
        let project = Project::new();
        let path = project.revision(
            "0002",
            &["0001", "000x"],
            "Add orders",
            "CREATE TABLE a (i INT);\n",
            Some("DROP TABLE a;"),
        );
        assert!(path.ends_with("migrations/0002_add_orders.sql"), "{}", path.display());
        assert_eq!(
            fs::read_to_string(path).unwrap(),
            "-- revision: 0002\n-- parents: 0001, 000x\n-- message: Add orders\n-- created: 2026-11-20T11:03:00Z\n\n\
             -- underpin: upgrade\nCREATE TABLE a (i INT);\n\n-- underpin: downgrade\nDROP TABLE a;\n"
        );
    }

    #[test]
    fn header_lines_and_dialects_stand_where_they_belong() {
        let project = Project::new();
        let path =
            project.revision_with("1", &[], "x", &["transaction: off"], &[("upgrade mysql", "SELECT 1;")]);
        assert_eq!(
            fs::read_to_string(path).unwrap(),
            "-- revision: 1\n-- message: x\n-- created: 2026-11-20T11:03:00Z\n-- transaction: off\n\n\
             -- underpin: upgrade mysql\nSELECT 1;\n"
        );
    }
}
