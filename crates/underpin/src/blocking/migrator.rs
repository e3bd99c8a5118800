//! The migrator, waited for. What it does is written in `migrate`.

use std::{path::Path, time::Duration};

use underpin_core::{
    diagnostic::Diagnostic,
    difference::Difference,
    lint::LintSettings,
    revision::{RevisionId, Target},
    schema::Schema,
};

use super::{hand_on, wait_for};
use crate::{
    Backup, BackupEntry, Backups, Drift, Generated, Rehearsal, RehearsalOptions, RollbackCheck, SchemaSource,
    Scope, ScratchServer, Trial,
    history::HistoryTables,
    migrate::{self, Action, Limits, Observer, PendingRevision, RunReport, Status, StopSwitch},
    policy::{Destructive, LockMode, OnNewer, TransactionMode},
    source::{Embedded, Revisions},
};

/// [`underpin::Migrator`](crate::Migrator) for a program without an asynchronous runtime.
///
/// ```no_run
/// # fn example() -> Result<(), underpin::Error> {
/// let migrator = underpin::blocking::Migrator::builder()
///     .url("sqlite://app.db")
///     .directory("migrations")
///     .build()?;
/// let report = migrator.upgrade_to_head()?;
/// println!("{} revisions applied", report.revisions.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Migrator {
    inner: migrate::Migrator,
}

/// [`underpin::MigratorBuilder`](crate::MigratorBuilder) for a program without an asynchronous
/// runtime.
#[derive(Debug, Default)]
pub struct MigratorBuilder {
    inner: migrate::MigratorBuilder,
}

impl MigratorBuilder {
    hand_on! { "crate::MigratorBuilder":
        url(url: impl Into<String>);
        migrations(embedded: &'static Embedded);
        directory(directory: impl AsRef<Path>);
        revisions(revisions: Revisions);
        history(tables: HistoryTables);
        limits(limits: Limits);
        timeout(limit: Duration);
        on_newer(on_newer: OnNewer);
        transaction_mode(mode: TransactionMode);
        lock_mode(mode: LockMode);
        refuse_lint_errors(settings: LintSettings);
        destructive(destructive: Destructive);
        backups(backups: Backups);
        online(online: bool);
        service(name: impl Into<String>);
        observer(observer: Observer);
        stop_switch(switch: &StopSwitch);
    }

    /// Puts the migrator together. Nothing is connected yet.
    ///
    /// # Errors
    /// As [`MigratorBuilder::build`](crate::MigratorBuilder::build).
    pub fn build(self) -> Result<Migrator, Diagnostic> {
        self.inner.assemble().map(Migrator::from)
    }
}

/// Each call connects, does what it says and returns when it is done. A [`StopSwitch`] stops one from
/// another thread.
impl Migrator {
    /// Begins to put a migrator together.
    pub fn builder() -> MigratorBuilder {
        MigratorBuilder::default()
    }

    /// As [`Migrator::status`](crate::Migrator::status).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn status(&self) -> Result<Status, Diagnostic> {
        wait_for(self.inner.status())?
    }

    /// As [`Migrator::current`](crate::Migrator::current).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn current(&self) -> Result<Vec<RevisionId>, Diagnostic> {
        wait_for(self.inner.current())?
    }

    /// As [`Migrator::pending`](crate::Migrator::pending).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn pending(&self) -> Result<Vec<PendingRevision>, Diagnostic> {
        wait_for(self.inner.pending())?
    }

    /// As [`Migrator::upgrade_to_head`](crate::Migrator::upgrade_to_head).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn upgrade_to_head(&self) -> Result<RunReport, Diagnostic> {
        wait_for(self.inner.upgrade_to_head())?
    }

    /// As [`Migrator::upgrade`](crate::Migrator::upgrade).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn upgrade(&self, target: Target) -> Result<RunReport, Diagnostic> {
        wait_for(self.inner.upgrade(target))?
    }

    /// As [`Migrator::downgrade`](crate::Migrator::downgrade).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn downgrade(&self, target: Target) -> Result<RunReport, Diagnostic> {
        wait_for(self.inner.downgrade(target))?
    }

    /// As [`Migrator::backup`](crate::Migrator::backup).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn backup(&self) -> Result<Backup, Diagnostic> {
        wait_for(self.inner.backup())?
    }

    /// As [`Migrator::backup_to`](crate::Migrator::backup_to).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn backup_to(&self, file: impl AsRef<Path>) -> Result<Backup, Diagnostic> {
        wait_for(self.inner.backup_to(file))?
    }

    /// As [`Migrator::restore`](crate::Migrator::restore).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn restore(&self, file: impl AsRef<Path>) -> Result<(), Diagnostic> {
        wait_for(self.inner.restore(file))?
    }

    /// As [`Migrator::backups`](crate::Migrator::backups).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn backups(&self) -> Result<Vec<BackupEntry>, Diagnostic> {
        wait_for(self.inner.backups())?
    }

    /// As [`Migrator::create_database`](crate::Migrator::create_database).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn create_database(&self) -> Result<bool, Diagnostic> {
        wait_for(self.inner.create_database())?
    }

    /// As [`Migrator::drop_database`](crate::Migrator::drop_database).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn drop_database(&self, force: bool) -> Result<bool, Diagnostic> {
        wait_for(self.inner.drop_database(force))?
    }

    /// As [`Migrator::ensure_ready`](crate::Migrator::ensure_ready).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn ensure_ready(&self) -> Result<Action, Diagnostic> {
        wait_for(self.inner.ensure_ready())?
    }

    /// As [`Migrator::inspect`](crate::Migrator::inspect).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn inspect(&self, scope: &Scope) -> Result<Schema, Diagnostic> {
        wait_for(self.inner.inspect(scope))?
    }

    /// As [`Migrator::diff`](crate::Migrator::diff).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn diff(
        &self,
        to: &SchemaSource,
        server: &ScratchServer,
        scope: &Scope,
    ) -> Result<Difference, Diagnostic> {
        wait_for(self.inner.diff(to, server, scope))?
    }

    /// As [`Migrator::verify`](crate::Migrator::verify).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn verify(&self, server: &ScratchServer, scope: &Scope) -> Result<Drift, Diagnostic> {
        wait_for(self.inner.verify(server, scope))?
    }

    /// As [`Migrator::test_revisions`](crate::Migrator::test_revisions).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn test_revisions(&self, server: &ScratchServer, scope: &Scope) -> Result<Trial, Diagnostic> {
        wait_for(self.inner.test_revisions(server, scope))?
    }

    /// As [`Migrator::rehearse`](crate::Migrator::rehearse).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn rehearse(&self, options: &RehearsalOptions) -> Result<Rehearsal, Diagnostic> {
        wait_for(self.inner.rehearse(options))?
    }

    /// As [`Migrator::rollback_check`](crate::Migrator::rollback_check).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn rollback_check(&self, targets: Vec<Target>) -> Result<RollbackCheck, Diagnostic> {
        wait_for(self.inner.rollback_check(targets))?
    }

    /// As [`Migrator::generate`](crate::Migrator::generate).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn generate(
        &self,
        wanted: &SchemaSource,
        after: &[Target],
        servers: &[ScratchServer],
        scope: &Scope,
    ) -> Result<Generated, Diagnostic> {
        wait_for(self.inner.generate(wanted, after, servers, scope))?
    }

    /// As [`Migrator::ping`](crate::Migrator::ping).
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn ping(&self) -> Result<String, Diagnostic> {
        wait_for(self.inner.ping())?
    }
}

/// A migrator that was put together already. One with a pool should keep it out of this: a pool
/// belongs to the runtime that it was made in.
impl From<migrate::Migrator> for Migrator {
    fn from(inner: migrate::Migrator) -> Self {
        Self { inner }
    }
}
