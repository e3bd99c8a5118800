//! The migrator, waited for. What it does is written in `migrate`.

use std::{path::Path, time::Duration};

use underpin_core::{
    diagnostic::Diagnostic,
    difference::Difference,
    forecast::Forecast,
    lint::LintSettings,
    plan::Plan,
    revision::{RevisionId, Target},
    schema::Schema,
};

use super::{hand_on, wait_for};
use crate::{
    Backup, BackupEntry, Backups, Detected, Drift, Generated, Hooks, LedgerEntry, LockHolder, LogEntry,
    Obstacle, Pushed, Rehearsal, RehearsalOptions, Replica, RollbackCheck, SchemaSource, Scope,
    ScratchServer, Trial,
    database::Database,
    history::HistoryTables,
    migrate::{
        self, Action, Limits, Observer, PendingRevision, PlannedRun, Resolution, RunReport, Status,
        StopSwitch,
    },
    policy::{Destructive, LockMode, OnNewer, TransactionMode},
    source::{Embedded, Revisions},
};

/// Calls that are waited for.
macro_rules! waited {
    ($($method:ident($($name:ident: $kind:ty),*) -> $answer:ty;)+) => { $(
        #[doc = concat!("As [`Migrator::", stringify!($method), "`](crate::Migrator::", stringify!($method), ").")]
        ///
        /// # Errors
        /// As there; also where a Tokio runtime runs.
        pub fn $method(&self $(, $name: $kind)*) -> Result<$answer, Diagnostic> {
            wait_for(self.inner.$method($($name),*))?
        }
    )+ };
}

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
        hooks(hooks: Hooks);
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

    waited! {
        replicas() -> Vec<Replica>;
        status() -> Status;
        current() -> Vec<RevisionId>;
        pending() -> Vec<PendingRevision>;
        upgrade_to_head() -> RunReport;
        run_migrations() -> RunReport;
        upgrade(target: Target) -> RunReport;
        upgrade_to(targets: Vec<Target>) -> RunReport;
        downgrade(target: Target) -> RunReport;
        plan(target: Target) -> PlannedRun;
        plan_to(targets: Vec<Target>) -> PlannedRun;
        plan_downgrade(target: Target) -> PlannedRun;
        forecast(plan: &Plan, settings: &LintSettings) -> Forecast;
        foretell(server: &ScratchServer, planned: PlannedRun) -> PlannedRun;
        obstacles(planned: &PlannedRun) -> Vec<Obstacle>;
        rehearse(options: &RehearsalOptions) -> Rehearsal;
        rollback_check(targets: Vec<Target>) -> RollbackCheck;
        ensure_ready() -> Action;
        stamp(targets: Vec<Target>, purge: bool) -> Vec<RevisionId>;
        stamp_over(targets: Vec<Target>) -> Vec<RevisionId>;
        resolve(resolution: Resolution) -> Vec<RevisionId>;
        ledger() -> Vec<LedgerEntry>;
        log() -> Vec<LogEntry>;
        lock_holder() -> Option<LockHolder>;
        unlock() -> Option<LockHolder>;
        backup() -> Backup;
        backup_to(file: impl AsRef<Path>) -> Backup;
        restore(file: impl AsRef<Path>) -> ();
        backups() -> Vec<BackupEntry>;
        create_database() -> bool;
        drop_database(force: bool) -> bool;
        ping() -> String;
        inspect(scope: &Scope) -> Schema;
        diff(to: &SchemaSource, server: &ScratchServer, scope: &Scope) -> Difference;
        push(difference: &Difference) -> Pushed;
        create_missing_tables(wanted: &SchemaSource, server: &ScratchServer, scope: &Scope) -> Pushed;
        verify(server: &ScratchServer, scope: &Scope) -> Drift;
        detect(server: &ScratchServer, scope: &Scope) -> Detected;
        test_revisions(server: &ScratchServer, scope: &Scope) -> Trial;
        generate(
            wanted: &SchemaSource,
            after: &[Target],
            servers: &[ScratchServer],
            scope: &Scope
        ) -> Generated;
        write_operations(
            generated: Generated,
            after: &[Target],
            servers: &[ScratchServer],
            scope: &Scope
        ) -> Generated;
    }

    hand_on! { "crate::Migrator":
        ignoring_replicas();
        allowing_destructive();
        restoring_in_place();
        without_backups();
    }

    /// Runs a plan that was shown, as [`PlannedRun::apply`].
    ///
    /// # Errors
    /// As there; also where a Tokio runtime runs.
    pub fn apply(planned: PlannedRun) -> Result<RunReport, Diagnostic> {
        wait_for(planned.apply())?
    }

    /// As [`Migrator::revisions`](crate::Migrator::revisions).
    pub fn revisions(&self) -> &Revisions {
        self.inner.revisions()
    }

    /// As [`Migrator::database`](crate::Migrator::database).
    pub fn database(&self) -> &Database {
        self.inner.database()
    }

    /// As [`Migrator::service`](crate::Migrator::service).
    pub fn service(&self) -> &str {
        self.inner.service()
    }
}

/// A migrator that was put together already. One with a pool should keep it out of this: a pool
/// belongs to the runtime that it was made in.
impl From<migrate::Migrator> for Migrator {
    fn from(inner: migrate::Migrator) -> Self {
        Self { inner }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The names of the public functions that are declared with these words in a directory of the sources.
    fn declared(directory: &str, words: &str) -> Vec<String> {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(directory);
        let files = fs::read_dir(directory).expect("sources").flatten().map(|entry| entry.path());
        let texts = files.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).expect("text"));
        let lines: Vec<String> =
            texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        let name = |line: &String| line.trim().strip_prefix(words).map(str::to_owned);
        lines
            .iter()
            .filter_map(name)
            .map(|rest| rest.split(['(', '<']).next().unwrap_or("").to_owned())
            .collect()
    }

    #[test]
    fn everything_that_a_migrator_does_can_be_waited_for() {
        let here = include_str!("migrator.rs");
        let asynchronous =
            ["migrate", "rehearse"].map(|directory| declared(directory, "pub async fn ")).concat();
        assert!(asynchronous.len() > 40, "{asynchronous:?}");
        for name in asynchronous {
            assert!(here.contains(&format!(" {name}(")), "{name} is missing");
        }
    }
}
