//! The first files of a project: the directory of revisions with an example in it, and
//! `underpin.toml`. It never touches what is there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Serialize;
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{
    library::unwritable,
    new_revision::{NewRevision, WrittenRevision},
    place,
};
use crate::policy::IdStyle;

const EXAMPLE_UPGRADE: &str =
    "CREATE TABLE example (\n    id BIGINT PRIMARY KEY,\n    note VARCHAR(200) NOT NULL\n);";

const EXAMPLE_DOWNGRADE: &str = "DROP TABLE example;";

/// A project that is to be set up.
#[derive(Clone, Debug)]
pub struct NewProject {
    directory: PathBuf,
    configuration: PathBuf,
    id_style: IdStyle,
}

/// A project that was set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WrittenProject {
    /// The directory of the revisions.
    pub directory: String,
    /// The configuration file.
    pub configuration: String,
    /// Whether the configuration file was there already, and was left as it is.
    pub configuration_kept: bool,
    /// The file of the first revision.
    pub file: String,
    /// The first revision.
    #[serde(skip)]
    pub revision: WrittenRevision,
}

impl NewProject {
    /// A project with its revisions in `directory` and its settings in the file `configuration`.
    pub fn new(directory: impl Into<PathBuf>, configuration: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            configuration: configuration.into(),
            id_style: IdStyle::default(),
        }
    }

    /// How the ids of its revisions are made.
    #[must_use]
    pub fn id_style(mut self, style: IdStyle) -> Self {
        self.id_style = style;
        self
    }

    /// Writes the files. A configuration file that is there is left as it is.
    ///
    /// # Errors
    /// If the directory is there and not empty, or something can't be written.
    pub fn write(&self) -> Result<WrittenProject, Diagnostic> {
        let made = self.make_directory()?;
        let result = self.write_files();
        if result.is_err() && made {
            // Only what is empty is removed; what could be written before the failure stays.
            let _ = fs::remove_dir(&self.directory);
        }
        result
    }

    fn write_files(&self) -> Result<WrittenProject, Diagnostic> {
        let revision = NewRevision::new("first example")
            .id_style(self.id_style)
            .upgrade(EXAMPLE_UPGRADE)
            .downgrade(EXAMPLE_DOWNGRADE)
            .write(&self.directory)?;
        let configuration_kept = match place::create(&self.configuration, &self.settings()) {
            Ok(()) => false,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => true,
            Err(error) => return Err(unwritable(&self.configuration, error)),
        };
        Ok(WrittenProject {
            directory: self.directory.display().to_string(),
            configuration: self.configuration.display().to_string(),
            configuration_kept,
            file: revision.file.clone(),
            revision,
        })
    }

    /// Makes the directory, or finds it empty; says whether it was made.
    fn make_directory(&self) -> Result<bool, Diagnostic> {
        let shown = self.directory.display();
        match fs::read_dir(&self.directory) {
            Ok(mut entries) => match entries.next() {
                None => Ok(false),
                Some(_) => {
                    Err(Diagnostic::new(ErrorKind::Usage, format!("the directory {shown} is not empty"))
                        .hint("name another directory; if it holds revisions, `underpin history` shows them"))
                }
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(&self.directory).map_err(|error| unwritable(&self.directory, error))?;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                Err(Diagnostic::new(ErrorKind::Usage, format!("{shown} is not a directory"))
                    .hint("name a directory that is empty or not there yet"))
            }
            Err(error) => Err(unwritable(&self.directory, error)),
        }
    }

    fn settings(&self) -> String {
        let beside = self.configuration.parent().unwrap_or(Path::new(""));
        let directory = self.directory.strip_prefix(beside).unwrap_or(&self.directory);
        // A string of JSON is a string of TOML, too.
        let directory = serde_json::Value::from(directory.display().to_string().replace('\\', "/"));
        format!(
            "# The settings of Underpin; `underpin help env` lists them all, and their names in the environment.\n\
             directory = {directory}\n\
             id_style = \"{}\"\n\
             \n\
             # The database. DATABASE_URL, in the environment or in .env, wins over this.\n\
             # database_url = \"sqlite://app.db\"\n",
            self.id_style
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Loader, source::Revisions};

    #[test]
    fn a_new_project_has_a_revision_and_settings_that_are_read_back() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let directory = root.path().join("db/migrations");
        let project =
            NewProject::new(&directory, root.path().join("underpin.toml")).id_style(IdStyle::Sequence);
        let written = project.write().expect("a project");
        assert!(!written.configuration_kept);
        let settings = Loader::new().working_directory(root.path()).load().expect("settings");
        assert_eq!((settings.directory(), settings.id_style()), (&*directory, IdStyle::Sequence));
        let revisions = Revisions::read(settings.directory()).expect("revisions");
        assert_eq!(revisions.head_ids().expect("a head")[0].as_str(), "0001");
        for flavour in underpin_core::dialect::Flavour::ALL {
            assert!(revisions.checksum("0001", flavour).is_ok());
        }
    }

    #[test]
    fn a_directory_with_anything_in_it_is_refused() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let configuration = root.path().join("underpin.toml");
        fs::write(root.path().join("notes.txt"), "").expect("a file");
        let error = NewProject::new(root.path(), &configuration).write().expect_err("not empty");
        assert_eq!(error.kind, ErrorKind::Usage);
        let file = root.path().join("notes.txt");
        let error = NewProject::new(&file, &configuration).write().expect_err("no directory");
        assert!(error.message.ends_with("is not a directory"), "{error}");
        assert!(!configuration.exists());
    }

    #[test]
    fn settings_that_are_there_are_kept() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let configuration = root.path().join("underpin.toml");
        fs::write(&configuration, "mode = \"check\"\n").expect("a file");
        fs::create_dir(root.path().join("m")).expect("an empty directory");
        let written = NewProject::new(root.path().join("m"), &configuration).write().expect("a project");
        assert!(written.configuration_kept);
        assert_eq!(fs::read_to_string(&configuration).expect("the file"), "mode = \"check\"\n");
    }
}
