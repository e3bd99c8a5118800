//! Putting a migrator together.

use std::{path::Path, time::Duration};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    lint::LintSettings,
};

use super::{Events, Limits, Migrator, Observer, StopSwitch};
use crate::{
    backup::Backups,
    database::{Database, SafeUrl},
    history::HistoryTables,
    hook::Hooks,
    policy::{Destructive, LockMode, OnNewer, TransactionMode},
    source::{Embedded, Revisions},
};

/// Collects what a [`Migrator`] needs: a database and revisions, and whatever else differs from
/// the defaults.
#[derive(Debug, Default)]
pub struct MigratorBuilder {
    database: Option<Database>,
    url: Option<String>,
    revisions: Option<Result<Revisions, Diagnostic>>,
    tables: HistoryTables,
    limits: Limits,
    on_newer: OnNewer,
    transaction_mode: TransactionMode,
    lock_mode: LockMode,
    destructive: Destructive,
    refused_hazards: Option<LintSettings>,
    backups: Option<Backups>,
    online: Online,
    service: Option<String>,
    events: Events,
    hooks: Hooks,
    stop: StopSwitch,
}

/// Whether generated revisions are in stages.
#[derive(Clone, Copy, Debug)]
struct Online(bool);

impl Default for Online {
    fn default() -> Self {
        Self(true)
    }
}

impl MigratorBuilder {
    /// The database, by its URL.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The database, by the application's own pool. A run makes a connection of its own with the
    /// pool's options.
    #[must_use]
    pub fn pool(self, pool: impl Into<Database>) -> Self {
        self.database(pool)
    }

    /// The database.
    #[must_use]
    pub fn database(mut self, database: impl Into<Database>) -> Self {
        self.database = Some(database.into());
        self
    }

    /// The revisions that are embedded in the program.
    #[must_use]
    pub fn migrations(mut self, embedded: &'static Embedded) -> Self {
        self.revisions = Some(Ok(Revisions::embedded(embedded)));
        self
    }

    /// The revisions of a directory.
    #[must_use]
    pub fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.revisions = Some(Revisions::read(directory.as_ref()));
        self
    }

    /// The revisions.
    #[must_use]
    pub fn revisions(mut self, revisions: Revisions) -> Self {
        self.revisions = Some(Ok(revisions));
        self
    }

    /// Where the history is kept.
    #[must_use]
    pub fn history(mut self, tables: HistoryTables) -> Self {
        self.tables = tables;
        self
    }

    /// All time limits at once.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The time limit of a whole run; 60 seconds if nothing is said.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.run = Some(limit);
        self
    }

    /// What to do when the database has revisions that the program does not know.
    #[must_use]
    pub fn on_newer(mut self, on_newer: OnNewer) -> Self {
        self.on_newer = on_newer;
        self
    }

    /// How revisions are put into transactions.
    #[must_use]
    pub fn transaction_mode(mut self, mode: TransactionMode) -> Self {
        self.transaction_mode = mode;
        self
    }

    /// How long the migration lock is held on PostgreSQL, where a pooler may stand in between.
    #[must_use]
    pub fn lock_mode(mut self, mode: LockMode) -> Self {
        self.lock_mode = mode;
        self
    }

    /// Has upgrades refuse revisions in which lint finds an error on the schema as it stands; the settings
    /// are how bad each rule is taken to be. If nothing is said, nothing is linted.
    #[must_use]
    pub fn refuse_lint_errors(mut self, settings: LintSettings) -> Self {
        self.refused_hazards = Some(settings);
        self
    }

    /// What settings say of the same.
    #[cfg(feature = "cli")]
    pub(crate) fn refused_hazards(mut self, settings: Option<LintSettings>) -> Self {
        self.refused_hazards = settings;
        self
    }

    /// What an upgrade does about revisions that delete data and that nobody has reviewed. If nothing is
    /// said, it refuses them.
    #[must_use]
    pub fn destructive(mut self, destructive: Destructive) -> Self {
        self.destructive = destructive;
        self
    }

    /// When backups are made, how, and what becomes of them. If nothing is said, none are made: a migrator
    /// reads no settings, and writes no files that nobody has asked for. Start-ups and commands, which read
    /// them, make one before a run that deletes data.
    #[must_use]
    pub fn backups(mut self, backups: Backups) -> Self {
        self.backups = Some(backups);
        self
    }

    /// Whether revisions that it generates are in stages that a database in use can live with, which they are
    /// if nothing is said; otherwise each is one revision.
    #[must_use]
    pub fn online(mut self, online: bool) -> Self {
        self.online = Online(online);
        self
    }

    /// The service that is being brought up, as the history and other sessions will see it.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// Somebody who listens to runs.
    #[must_use]
    pub fn observer(mut self, observer: Observer) -> Self {
        self.events.add(observer);
        self
    }

    /// Who is called at the moments of a run, and what it means that somebody fails.
    #[must_use]
    pub fn hooks(mut self, hooks: Hooks) -> Self {
        self.hooks = hooks;
        self
    }

    /// Something that stops runs from outside.
    #[must_use]
    pub fn stop_switch(mut self, switch: &StopSwitch) -> Self {
        self.stop = switch.clone();
        self
    }

    /// Puts the migrator together. Nothing is connected yet.
    ///
    /// # Errors
    /// If there is no database, if its URL can't be read, or if the revisions can't.
    #[allow(
        clippy::unused_async,
        reason = "reading revisions may come to need it, and callers await it already"
    )]
    pub async fn build(self) -> Result<Migrator, Diagnostic> {
        self.assemble()
    }

    pub(crate) fn assemble(self) -> Result<Migrator, Diagnostic> {
        let database = match (self.database, self.url) {
            (Some(database), _) => database,
            (None, Some(url)) => Database::url(SafeUrl::parse(&url)?),
            (None, None) => {
                return Err(Diagnostic::new(ErrorKind::MissingUrl, "no database was given")
                    .hint("call `.url(…)` or `.pool(…)` on the builder"));
            }
        };
        let revisions = self.revisions.unwrap_or_else(|| {
            Err(Diagnostic::new(ErrorKind::Configuration, "no revisions were given")
                .hint("call `.migrations(&MIGRATIONS)` or `.directory(\"migrations\")` on the builder"))
        })?;
        Ok(Migrator {
            database,
            revisions,
            tables: self.tables,
            limits: self.limits,
            on_newer: self.on_newer,
            ignore_replicas: false,
            confined: false,
            transaction_mode: self.transaction_mode,
            lock_mode: self.lock_mode,
            destructive: self.destructive,
            refused_hazards: self.refused_hazards,
            backups: self.backups.unwrap_or_else(Backups::never),
            online: self.online.0,
            service: self.service.unwrap_or_else(crate::config::program_name),
            events: self.events,
            hooks: self.hooks,
            rolls_back: false,
            witness: None,
            summed_up_elsewhere: false,
            stop: self.stop,
        })
    }
}
