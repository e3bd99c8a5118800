//! The copy that a rehearsal runs on: made of the database itself, of the revisions, of a backup, or with a sample
//! of the rows. What is run on it is not decided here.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::RevisionId,
};

use super::{
    drift::replayable,
    named,
    options::Rows,
    sample::{self, CopiedTable},
};
use crate::{
    backup,
    database::{Access, Database, Errand, Interrupt, Session},
    disk,
    inspect::database_size,
    migrate::{Migrator, failed_to},
};

/// What the copy of a rehearsal was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "of", rename_all = "snake_case")]
#[non_exhaustive]
pub enum RehearsalCopy {
    /// The database itself, with all rows (SQLite).
    Database,
    /// The revisions that are applied, with the rows that they insert.
    Revisions,
    /// A backup.
    Backup {
        /// Its file.
        file: PathBuf,
        /// The revisions that the database has and the backup had not, which were applied to the copy first.
        caught_up: Vec<RevisionId>,
    },
    /// The revisions that are applied, and rows of the database.
    Sample {
        /// How many rows of each table at most, without those that others refer to.
        limit: u64,
        /// What there is of each table that has rows.
        tables: Vec<CopiedTable>,
    },
}

impl RehearsalCopy {
    /// Whether rows of the database are in it.
    pub const fn has_rows(&self) -> bool {
        match self {
            Self::Database | Self::Backup { .. } | Self::Sample { .. } => true,
            Self::Revisions => false,
        }
    }
}

/// A copy that can be made, as far as that is known before there is a scratch database.
pub(super) enum Intended {
    Database,
    Revisions,
    Backup(PathBuf),
    Sample(u64),
}

impl Migrator {
    /// What the copy is to be made of.
    ///
    /// # Errors
    /// A backup that is not there or of another engine, and a sample of what has none.
    pub(super) fn intended_copy(&self, rows: &Rows) -> Result<Intended, Diagnostic> {
        let of_sqlite = self.database.dialect() == Dialect::Sqlite;
        let file = match rows {
            Rows::Usual if of_sqlite => return Ok(Intended::Database),
            Rows::Usual => return Ok(Intended::Revisions),
            Rows::Sample(0) => return Err(sample::of_nothing()),
            Rows::Sample(_) if of_sqlite => return Err(sample::whole_already()),
            Rows::Sample(limit) => return Ok(Intended::Sample(*limit)),
            Rows::LatestBackup => backup::latest(&self.database, &self.backups)?,
            Rows::Backup(file) => file.clone(),
        };
        backup::look(&self.database, &file).map_err(|error| error.state("nothing was changed"))?;
        Ok(Intended::Backup(file))
    }

    /// Makes the copy in a scratch database.
    pub(super) async fn make_copy(
        &self,
        copy: &Database,
        intended: &Intended,
    ) -> Result<RehearsalCopy, Diagnostic> {
        match intended {
            Intended::Database => {
                self.copy_file(copy).await?;
                Ok(RehearsalCopy::Database)
            }
            Intended::Revisions => {
                self.replay(copy).await?;
                Ok(RehearsalCopy::Revisions)
            }
            Intended::Backup(file) => self.restore_copy(copy, file).await,
            Intended::Sample(limit) => {
                self.replay(copy).await?;
                let tables = self.fill_with_sample(copy, *limit).await?;
                Ok(RehearsalCopy::Sample { limit: *limit, tables })
            }
        }
    }

    /// Applies to a scratch database what is applied here.
    pub(super) async fn replay(&self, copy: &Database) -> Result<(), Diagnostic> {
        let status = self.status().await?;
        replayable(&status)?;
        if !status.current.is_empty() {
            self.elsewhere(copy).upgrade_to(named(&status.current)).await?;
        }
        Ok(())
    }

    /// Copies an SQLite database as it is at one moment, whoever writes to it meanwhile ("VACUUM INTO" in its
    /// documentation). One that is not there yet has nothing to be copied.
    async fn copy_file(&self, copy: &Database) -> Result<(), Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Errand::REHEARSE, Instant::now(), self.limits.run);
        let session = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let (Some(mut session), Some(file)) = (session, copy.sqlite_file()) else { return Ok(()) };
        let copied = self.copy_with_room(session.as_mut(), &file, &interrupt).await;
        session.close().await;
        copied.map_err(|error| error.state("nothing was changed"))
    }

    async fn copy_with_room(
        &self,
        session: &mut dyn Session,
        file: &Path,
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        let failed = |error| failed_to(&error, "the database could not be copied");
        // A copy has no pages that are free, and so never more of them.
        let size = database_size(session).await.map_err(failed)?;
        disk::room_for(&disk::nearest(file), size).map_err(|why| {
            Diagnostic::new(ErrorKind::Unavailable, format!("the database could not be copied: {why}"))
                .hint("make room, or let TMPDIR name another directory")
        })?;
        let copied = backup::copy_sqlite(session, file, interrupt).await;
        copied.map_err(|stop| stop.diagnostic("while the database was copied"))?.map_err(failed)
    }
}
