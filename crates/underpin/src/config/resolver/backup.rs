//! What the settings say about backups.

use underpin_core::diagnostic::Diagnostic;

use super::Resolver;
use crate::{
    Backups,
    backup::KEEP,
    config::{key::Key, value},
    policy::BackupPolicy,
};

impl Resolver {
    pub(super) fn backups(&mut self) -> Result<Backups, Diagnostic> {
        let count = |count: &Option<usize>| count.map_or_else(|| "all".to_owned(), |count| count.to_string());
        Ok(Backups {
            policy: self.choice::<BackupPolicy>(Key::Backup)?,
            directory: self.optional_path(Key::BackupDirectory)?,
            command: self.hidden_text(Key::BackupCommand)?,
            programs: self.optional_path(Key::BackupPrograms)?,
            keep: self.take(Key::BackupKeep, value::count_or_all, Some(KEEP), count)?,
            keep_for: self.limit(Key::BackupKeepFor, None)?,
            in_place: false,
        })
    }
}
