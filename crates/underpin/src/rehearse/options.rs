//! What a rehearsal is asked for: how far, where, and with which rows. Not how it is done.

use std::path::{Path, PathBuf};

use underpin_core::revision::Target;

use crate::ScratchServer;

/// What a rehearsal is asked for.
///
/// ```
/// use underpin::{RehearsalOptions, SafeUrl, ScratchServer};
///
/// # fn main() -> Result<(), underpin::Error> {
/// let server = ScratchServer::of(SafeUrl::parse("postgres://localhost/shop")?);
/// let options = RehearsalOptions::on(server).sample(1_000);
/// # let _ = options;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RehearsalOptions {
    pub(super) server: ScratchServer,
    pub(super) targets: Vec<Target>,
    pub(super) rows: Rows,
}

/// Which rows the copy has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// All on SQLite; on a server, those that the revisions insert.
    Usual,
    /// Those of the newest backup in the directory of backups.
    LatestBackup,
    /// Those of a backup.
    Backup(PathBuf),
    /// So many of each table, and those that they refer to.
    Sample(u64),
}

impl RehearsalOptions {
    /// A rehearsal of everything that is pending (`head`), in a scratch database that is made there.
    pub fn on(server: ScratchServer) -> Self {
        Self { server, targets: vec![Target::Head], rows: Rows::Usual }
    }

    /// How far; instead of `head`.
    #[must_use]
    pub fn targets(mut self, targets: impl IntoIterator<Item = Target>) -> Self {
        self.targets = targets.into_iter().collect();
        self
    }

    /// Restores this backup instead of making the copy in the usual way.
    #[must_use]
    pub fn from_backup(mut self, file: impl AsRef<Path>) -> Self {
        self.rows = Rows::Backup(file.as_ref().to_owned());
        self
    }

    /// Restores the newest backup in the migrator's directory of backups.
    #[must_use]
    pub fn from_latest_backup(mut self) -> Self {
        self.rows = Rows::LatestBackup;
        self
    }

    /// Copies up to so many rows of each table, by the order of its key, and those that they refer to. Not for
    /// SQLite, where the copy has all of them.
    #[must_use]
    pub fn sample(mut self, rows: u64) -> Self {
        self.rows = Rows::Sample(rows);
        self
    }
}
