//! Backups: when one is made, how, where it is kept and for how long; and how one is brought back. What
//! makes it is the engine itself (SQLite), its dump program, or a command of the user's; nothing here knows
//! what a revision does.

mod destination;
mod directory;
mod failure;
mod make;
#[cfg(feature = "mysql")]
mod mysql;
mod own_command;
mod phase;
mod place;
#[cfg(feature = "postgres")]
mod postgres;
mod question;
#[cfg(feature = "cli")]
mod readiness;
mod restore;
mod retention;
mod room;
#[cfg(feature = "sqlite")]
mod sqlite;

pub(crate) use make::Maker;
#[cfg(feature = "mysql")]
pub(crate) use mysql::{about_left_aside, left_aside};
#[cfg(feature = "cli")]
pub(crate) use readiness::readiness;
pub(crate) use restore::{Restorer, latest, look};
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::copy as copy_sqlite;

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Serialize;

use crate::policy::BackupPolicy;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::{database::Interrupt, program::Programs};

/// How many backups of a database are kept, if nothing else is said.
pub(crate) const KEEP: usize = 10;

/// When backups are made, how, and what becomes of them.
///
/// ```
/// use underpin::{BackupPolicy, Backups};
///
/// let backups = Backups::new(BackupPolicy::BeforeAny).directory("/var/backups/shop").keep(5);
/// # let _ = backups;
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Backups {
    pub(crate) policy: BackupPolicy,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) command: Option<String>,
    pub(crate) programs: Option<PathBuf>,
    pub(crate) keep: Option<usize>,
    pub(crate) keep_for: Option<Duration>,
    /// Whether a restore may drop everything before it loads the backup.
    pub(crate) in_place: bool,
}

impl Default for Backups {
    fn default() -> Self {
        Self::new(BackupPolicy::default())
    }
}

/// A command may hold what is nobody else's business.
impl fmt::Debug for Backups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backups")
            .field("policy", &self.policy)
            .field("directory", &self.directory)
            .field("command", &self.command.is_some())
            .finish_non_exhaustive()
    }
}

impl Backups {
    /// Backups before these runs, where the defaults say, of which ten are kept.
    pub fn new(policy: BackupPolicy) -> Self {
        Self {
            policy,
            directory: None,
            command: None,
            programs: None,
            keep: Some(KEEP),
            keep_for: None,
            in_place: false,
        }
    }

    /// No backups.
    pub fn never() -> Self {
        Self::new(BackupPolicy::Never)
    }

    /// Where they are kept.
    #[must_use]
    pub fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_owned());
        self
    }

    /// A command that makes them, run by the shell. It finds the file to write in `UNDERPIN_BACKUP_FILE`
    /// and how to connect in variables too; that it leaves no file there is no error, and that it leaves an
    /// empty one is. A blank text is no command.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into()).filter(|command| !command.trim().is_empty());
        self
    }

    /// The directory of the dump programs.
    #[must_use]
    pub fn programs(mut self, directory: impl AsRef<Path>) -> Self {
        self.programs = Some(directory.as_ref().to_owned());
        self
    }

    /// How many of a database are kept; at least the last one is.
    #[must_use]
    pub fn keep(mut self, count: usize) -> Self {
        self.keep = Some(count.max(1));
        self
    }

    /// All of a database are kept.
    #[must_use]
    pub fn keep_all(mut self) -> Self {
        self.keep = None;
        self
    }

    /// For how long one is kept; the last one always is.
    #[must_use]
    pub fn keep_for(mut self, age: Duration) -> Self {
        self.keep_for = Some(age);
        self
    }

    /// Lets a restore on MySQL and MariaDB drop everything before it loads the backup, where there can be no second
    /// database to load it into. No transaction holds that together: what fails in the middle leaves a part.
    #[must_use]
    pub fn restored_in_place(mut self) -> Self {
        self.in_place = true;
        self
    }

    /// The programs that write and read them.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn dump_programs<'a>(&'a self, interrupt: &'a Interrupt) -> Programs<'a> {
        Programs { directory: self.programs.as_deref(), interrupt }
    }

    /// Whether one is made before a run that deletes data, or does not.
    pub(crate) const fn wanted(&self, deletes: bool) -> bool {
        match self.policy {
            BackupPolicy::BeforeDestructive => deletes,
            BackupPolicy::BeforeAny => true,
            BackupPolicy::Never => false,
        }
    }
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// The file; nothing where a command of the user's has put it elsewhere.
    pub path: Option<PathBuf>,
    /// Its size.
    pub bytes: u64,
    /// When it was begun, RFC 3339 in UTC.
    pub started_at: String,
    /// How long it took.
    #[serde(serialize_with = "crate::migrate::as_milliseconds", rename = "duration_ms")]
    pub duration: Duration,
}

impl Backup {
    /// Where it is, in words.
    pub fn place(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "where the backup command has put it".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_decides_before_which_runs_one_is_made() {
        for (policy, before_any, before_destructive) in [
            (BackupPolicy::BeforeDestructive, false, true),
            (BackupPolicy::BeforeAny, true, true),
            (BackupPolicy::Never, false, false),
        ] {
            let backups = Backups::new(policy);
            assert_eq!((backups.wanted(false), backups.wanted(true)), (before_any, before_destructive));
        }
    }

    #[test]
    fn a_blank_command_is_none() {
        assert_eq!(Backups::default().command(" ").command, None);
        assert!(Backups::default().command("true").command.is_some());
    }

    #[test]
    fn a_command_is_in_no_log() {
        let text = format!("{:?}", Backups::default().command("curl -u me:s3cret https://backup"));
        assert!(!text.contains("s3cret"), "{text}");
    }
}
