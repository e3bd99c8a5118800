//! A start-up whose settings are decided: how it is put together from what the program and the settings
//! say, and how it ends. What it does in between is `act`.

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{
    Health, RevisionSource, Startup, StartupError, StartupOutcome, StartupReport, act, create,
    schema::{self, Tables},
};
use crate::{
    Scope, ScratchServer,
    config::Settings,
    hook::Hooks,
    migrate::{Limits, Migrator},
    policy::{Mode, OnFailure, OnNewer, OnPending, VerifyOnStartup},
    source::{Revisions, ShortIds},
    telemetry::metrics,
};

/// A start-up whose settings are decided.
pub(super) struct Decided {
    pub(super) app_name: String,
    pub(super) require_database: bool,
    pub(super) migrator: Migrator,
    pub(super) mode: Mode,
    pub(super) on_failure: OnFailure,
    pub(super) on_pending: OnPending,
    pub(super) on_newer: OnNewer,
    /// Whether a start ends where creating the tables after a failure fails as well.
    pub(super) fail_on_error: bool,
    /// The tables that may be created without revisions.
    pub(super) tables: Tables,
    /// How often this process says that it is alive, if at all.
    pub(super) heartbeat: Option<Duration>,
    /// What is done about drift.
    pub(super) verify: VerifyOnStartup,
    /// Where the revisions are replayed to find it.
    pub(super) scratch: ScratchServer,
    /// What is compared.
    pub(super) scope: Scope,
    /// What is odd about the settings and no error.
    pub(super) warnings: Vec<String>,
}

impl Startup {
    /// The start-up with its settings decided, or the report of one that never began.
    pub(super) fn decided(&self, start: Instant) -> Result<Decided, StartupError> {
        self.decide().map_err(|error| not_begun(&self.app_name, error, start))
    }

    /// Reads the settings and puts the migrator together.
    fn decide(&self) -> Result<Decided, Diagnostic> {
        let settings = match &self.settings {
            Some(settings) => (**settings).clone(),
            None => self.load_settings()?,
        };
        let creatable = schema::of(self.schema.as_ref(), self.models.as_ref(), &settings)?;
        let mut warnings = settings.warnings().to_vec();
        warnings.extend(schema::unguarded(&settings));
        warnings.extend(creatable.warning());
        let revisions = match &self.revisions {
            Some(RevisionSource::Embedded(embedded)) => Revisions::embedded(embedded),
            Some(RevisionSource::Directory(directory)) => Revisions::read(directory)?,
            Some(RevisionSource::Given(revisions)) => revisions.clone(),
            None => Revisions::read(&settings.revision_directory())?,
        };
        let database = match &self.database {
            Some(database) => database.clone(),
            None => settings.database()?,
        };
        let tables = settings.history_tables(Some(database.dialect()))?;
        let migrator = Migrator {
            database,
            revisions,
            tables,
            limits: limits(&settings),
            on_newer: settings.on_newer(),
            ignore_replicas: false,
            confined: false,
            transaction_mode: settings.transaction_mode(),
            lock_mode: settings.lock_mode(),
            destructive: settings.destructive(),
            refused_hazards: settings.refused_hazards(),
            backups: settings.backups().clone(),
            online: settings.authoring().online,
            service: self.app_name.clone(),
            events: self.observers.clone(),
            hooks: Hooks::from_settings(&settings)?.followed_by(&self.hooks),
            rolls_back: false,
            witness: None,
            summed_up_elsewhere: true,
            stop: self.stop.clone(),
        };
        let scratch = match settings.scratch_url() {
            Some(url) => ScratchServer::of(url.clone()),
            None => ScratchServer::of(migrator.database.clone()),
        };
        Ok(Decided {
            verify: settings.verify_on_startup(),
            scratch,
            scope: settings.scope(),
            app_name: self.app_name.clone(),
            require_database: self.require_database,
            migrator,
            mode: settings.mode(),
            on_failure: settings.on_failure(),
            on_pending: settings.on_pending(),
            on_newer: settings.on_newer(),
            fail_on_error: settings.fail_on_migration_error(),
            tables: creatable,
            heartbeat: settings.heartbeat().filter(|_| self.registers),
            warnings,
        })
    }
}

impl Decided {
    /// Runs the start-up to its end, whichever that is.
    pub(super) async fn run(self, start: Instant) -> Result<(StartupReport, Health), StartupError> {
        let mut report = self.report();
        tracing::debug!(
            target: "underpin::startup",
            app = %report.app_name,
            mode = %report.mode,
            database = %report.database,
            "{}: looking at the database",
            report.app_name
        );
        let mut heartbeat = None;
        if let Err(error) = act::act(&self, &mut report, &mut heartbeat).await {
            let kind = error.kind;
            let lived_with = self.live_with(error, &mut report).await;
            metrics::start_failed(kind);
            if let Err(error) = lived_with {
                if let Some(heartbeat) = heartbeat {
                    heartbeat.leave().await;
                }
                return Err(failed(&mut report, error, start));
            }
        }
        report.finish(start);
        let health = Health::of_report(self.migrator, &report, heartbeat);
        Ok((report, health))
    }

    /// Goes on after an error, if that is the policy.
    async fn live_with(&self, error: Diagnostic, report: &mut StartupReport) -> Result<(), Diagnostic> {
        if error.kind == ErrorKind::Unavailable && !self.require_database {
            report.outcome = StartupOutcome::Skipped;
            report.note_contact(error.kind);
            report.warnings.push(format!("{error}; the service does not need it to start"));
            return Ok(());
        }
        // Whoever asked the service to end does not want it to go on without its database.
        if error.kind == ErrorKind::Interrupted {
            return Err(error);
        }
        match self.on_failure {
            OnFailure::Abort => Err(error),
            OnFailure::Continue => {
                report.take_error(&error, StartupOutcome::Degraded);
                Ok(())
            }
            OnFailure::CreateTables => create::instead(self, error, report).await,
        }
    }

    /// The report of a start-up that has not begun.
    pub(super) fn report(&self) -> StartupReport {
        // An error in the graph is told where it is met; until then nobody knows the latest.
        let latest = self.migrator.revisions.head_ids().unwrap_or_default();
        let database = self.migrator.database.to_string();
        let mut report = StartupReport::new(&self.app_name, self.mode, database, latest);
        report.warnings.clone_from(&self.warnings);
        report.ids = ShortIds::of(&self.migrator.revisions);
        report
    }
}

/// The limits that settings name.
pub(crate) fn limits(settings: &Settings) -> Limits {
    Limits {
        run: Some(settings.timeout()),
        connect: settings.connect_timeout(),
        lock: Some(settings.lock_timeout()),
        statement: settings.statement_timeout(),
        table_lock: settings.table_lock_timeout(),
    }
}

/// A start-up that failed before it had settings.
pub(crate) fn not_begun(app_name: &str, error: Diagnostic, start: Instant) -> StartupError {
    let mut report = StartupReport::new(app_name, Mode::Apply, String::new(), Vec::new());
    failed(&mut report, error, start)
}

fn failed(report: &mut StartupReport, error: Diagnostic, start: Instant) -> StartupError {
    report.take_error(&error, StartupOutcome::Failed);
    report.finish(start);
    StartupError { report: Box::new(report.clone()), error: Box::new(error) }
}
