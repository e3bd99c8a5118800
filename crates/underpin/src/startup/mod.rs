//! The start-up call: what a service does with its database before it serves, or behind it while it
//! answers that it is not ready. It reads the settings, looks, migrates if that is wanted, and
//! reports; it prints nothing and ends no process.

mod act;
mod contact;
mod create;
mod decided;
mod handle;
mod health;
mod progress;
mod report;
mod schema;
mod spawn;
mod table;

#[cfg(feature = "cli")]
pub(crate) use decided::limits;
pub(crate) use decided::not_begun;
pub use handle::StartupHandle;
pub use health::{
    DatabaseHealth, DeferredHealth, Health, HealthStatus, LastRun, MigrationHealth, ReplicaHealth,
    ServiceHealth,
};
pub use progress::{Progress, StartupPhase};
pub use report::{DatabaseStatus, ReportedError, StartupError, StartupOutcome, StartupReport, Timings};
pub use spawn::SpawnedStartup;
pub use table::StatusTable;

use std::{borrow::Cow, path::PathBuf, sync::Arc, time::Duration};

use tokio::time::Instant;
use underpin_core::diagnostic::Diagnostic;

use decided::Decided;

use crate::{
    Backups, Models,
    config::{Key, Loader, Settings},
    database::Database,
    hook::{Hook, SharedHook},
    migrate::{Observer, StopSwitch},
    policy::{
        BackupPolicy, Destructive, Mode, OnFailure, OnHookFailure, OnNewer, OnPending, VerifyOnStartup,
    },
    source::{Embedded, Revisions},
};

/// The start-up of a service. Every setting here is a default that configuration and environment
/// may override, unless it is [pinned](Startup::pinned).
///
/// ```no_run
/// # use underpin::{Embedded, Startup};
/// # async fn example(migrations: &'static Embedded) -> Result<(), underpin::StartupError> {
/// let report = Startup::new("shop")
///     .migrations(migrations)
///     .default_url("sqlite:///./data/shop.db")
///     .run()
///     .await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Startup {
    app_name: String,
    revisions: Option<RevisionSource>,
    schema: Option<schema::SchemaText>,
    models: Option<Models>,
    database: Option<Database>,
    values: Vec<BuilderValue>,
    prefix: Option<String>,
    settings: Option<Box<Settings>>,
    require_database: bool,
    /// Whether the process may register as a replica that is alive.
    registers: bool,
    observers: crate::migrate::Events,
    hooks: Vec<SharedHook>,
    stop: StopSwitch,
}

/// A default that the program gives.
#[derive(Clone, Debug)]
struct BuilderValue {
    key: Key,
    value: String,
    pinned: bool,
}

#[derive(Clone, Debug)]
enum RevisionSource {
    Embedded(&'static Embedded),
    Directory(PathBuf),
    Given(Revisions),
}

impl Startup {
    /// The start-up of the service `app_name`.
    pub fn new(app_name: impl Into<String>) -> Self {
        Self {
            app_name: app_name.into(),
            revisions: None,
            schema: None,
            models: None,
            database: None,
            values: Vec::new(),
            prefix: None,
            settings: None,
            require_database: true,
            registers: true,
            observers: crate::migrate::Events::default(),
            hooks: Vec::new(),
            stop: StopSwitch::default(),
        }
    }

    /// The revisions that are embedded in the program.
    #[must_use]
    pub fn migrations(mut self, embedded: &'static Embedded) -> Self {
        self.revisions = Some(RevisionSource::Embedded(embedded));
        self
    }

    /// The revisions of a directory, read when the start-up runs.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.revisions = Some(RevisionSource::Directory(directory.into()));
        self
    }

    /// Revisions that were loaded already.
    #[must_use]
    pub fn revisions(mut self, revisions: Revisions) -> Self {
        self.revisions = Some(RevisionSource::Given(revisions));
        self
    }

    /// The tables that are created where they are missing, if [`Mode::Create`] or
    /// [`OnFailure::CreateTables`] say so: CREATE TABLE statements with the indexes and triggers of
    /// each, for every dialect or in the sections that revision files have.
    ///
    /// ```
    /// let startup = underpin::Startup::new("shop")
    ///     // A service has it in a file: .schema_sql(include_str!("../schema.sql"))
    ///     .schema_sql("CREATE TABLE orders (id BIGINT PRIMARY KEY);");
    /// # let _ = startup;
    /// ```
    #[must_use]
    pub fn schema_sql(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.values.retain(|value| value.key != Key::SchemaFile);
        self.schema = Some(schema::SchemaText { text: text.into(), pinned: false });
        self
    }

    /// The same, read from a file when the start-up runs.
    #[must_use]
    pub fn schema_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.schema = None;
        self.value(Key::SchemaFile, path.into().to_string_lossy().into_owned())
    }

    /// The models of the program. They are the tables that are created where they are missing, if no
    /// `schema.sql` is named.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// #[derive(underpin::Table)]
    /// #[table(name = "customers")]
    /// struct Customer {
    ///     #[column(primary_key, auto_increment)]
    ///     id: i64,
    /// }
    ///
    /// let startup = underpin::Startup::new("shop").models(underpin::models![Customer]);
    /// # let _ = startup;
    /// # }
    /// ```
    #[must_use]
    pub fn models(mut self, models: Models) -> Self {
        self.models = Some(models);
        self
    }

    /// The database where configuration and environment name none.
    #[must_use]
    pub fn default_url(self, url: impl Into<String>) -> Self {
        self.value(Key::DatabaseUrl, url.into())
    }

    /// The same as [`default_url`](Self::default_url).
    #[must_use]
    pub fn url(self, url: impl Into<String>) -> Self {
        self.default_url(url)
    }

    /// The database by the application's own pool, whatever configuration and environment say. A
    /// run makes a connection of its own with the pool's options.
    #[must_use]
    pub fn pool(mut self, pool: impl Into<Database>) -> Self {
        self.database = Some(pool.into());
        self
    }

    /// What to do with pending revisions.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Self {
        self.value(Key::Mode, mode.to_string())
    }

    /// What to do when something fails.
    #[must_use]
    pub fn on_failure(self, on_failure: OnFailure) -> Self {
        self.value(Key::OnFailure, on_failure.to_string())
    }

    /// Whether pending revisions fail a start that only looks.
    #[must_use]
    pub fn on_pending(self, on_pending: OnPending) -> Self {
        self.value(Key::OnPending, on_pending.to_string())
    }

    /// What to do when the database has revisions that the program does not know.
    #[must_use]
    pub fn on_newer(self, on_newer: OnNewer) -> Self {
        self.value(Key::OnNewer, on_newer.to_string())
    }

    /// What to do about revisions that delete data and that nobody has reviewed; if nothing is said, they are
    /// refused.
    #[must_use]
    pub fn destructive(self, destructive: Destructive) -> Self {
        self.value(Key::Destructive, destructive.to_string())
    }

    /// Before which runs a backup is made; if nothing is said, before those that delete data.
    #[must_use]
    pub fn backup(self, policy: BackupPolicy) -> Self {
        self.value(Key::Backup, policy.to_string())
    }

    /// Where backups are kept.
    #[must_use]
    pub fn backup_directory(self, directory: impl Into<PathBuf>) -> Self {
        self.value(Key::BackupDirectory, directory.into().to_string_lossy().into_owned())
    }

    /// When backups are made, how, and what becomes of them: all that [`Backups`] says, but
    /// for how one is restored, which no start-up does.
    ///
    /// ```
    /// use underpin::{BackupPolicy, Backups, Startup};
    ///
    /// let backups = Backups::new(BackupPolicy::BeforeAny).programs("/opt/postgres/bin").keep(3);
    /// let startup = Startup::new("shop").backups(backups);
    /// # let _ = startup;
    /// ```
    #[must_use]
    pub fn backups(self, backups: Backups) -> Self {
        let path = |path: PathBuf| path.to_string_lossy().into_owned();
        let Backups { policy, directory, command, programs, keep, keep_for, in_place: _ } = backups;
        let keep = keep.map_or_else(|| "all".to_owned(), |count| count.to_string());
        let keep_for =
            keep_for.map_or_else(|| "none".to_owned(), |age| format!("{}ms", age.as_millis().max(1)));
        let said = [
            (Key::BackupDirectory, directory.map(path)),
            (Key::BackupCommand, command),
            (Key::BackupPrograms, programs.map(path)),
            (Key::BackupKeep, Some(keep)),
            (Key::BackupKeepFor, Some(keep_for)),
        ];
        let said = said.into_iter().filter_map(|(key, value)| Some((key, value?)));
        said.fold(self.backup(policy), |startup, (key, value)| startup.value(key, value))
    }

    /// Whether an upgrade refuses revisions in which lint finds an error; if nothing is said, it does not.
    /// How bad a rule is taken to be, the settings say.
    #[must_use]
    pub fn refuse_lint_errors(self, refuse: bool) -> Self {
        self.value(Key::RefuseLintErrors, refuse.to_string())
    }

    /// What is done about a database that is not what its revisions make of an empty one.
    #[must_use]
    pub fn verify_on_startup(self, verify: VerifyOnStartup) -> Self {
        self.value(Key::VerifyOnStartup, verify.to_string())
    }

    /// The time limit of the whole start-up; 60 seconds if nothing is said.
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        self.value(Key::Timeout, format!("{}ms", limit.as_millis()))
    }

    /// How long the migration lock is waited for.
    #[must_use]
    pub fn lock_timeout(self, limit: Duration) -> Self {
        self.value(Key::LockTimeout, format!("{}ms", limit.as_millis()))
    }

    /// The time limit of each statement.
    #[must_use]
    pub fn statement_timeout(self, limit: Duration) -> Self {
        self.value(Key::StatementTimeout, format!("{}ms", limit.as_millis()))
    }

    /// How long a revision is tried again while others hold a lock that it needs; 5 minutes if nothing is
    /// said, and never beyond the time limit of the whole start-up.
    #[must_use]
    pub fn table_lock_timeout(self, limit: Duration) -> Self {
        self.value(Key::TableLockTimeout, format!("{}ms", limit.as_millis()))
    }

    /// How long a database that does not answer is tried again.
    #[must_use]
    pub fn connect_timeout(self, limit: Duration) -> Self {
        self.value(Key::ConnectTimeout, format!("{}ms", limit.as_millis()))
    }

    /// Environment variables that start with this count first: with `HIVE_`, `HIVE_DATABASE_URL`.
    #[must_use]
    pub fn env_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Makes what was set until here final: configuration and environment can't override it. What is
    /// set afterwards is a default again.
    #[must_use]
    pub fn pinned(mut self) -> Self {
        for value in &mut self.values {
            value.pinned = true;
        }
        if let Some(schema) = &mut self.schema {
            schema.pinned = true;
        }
        self
    }

    /// Settings that were loaded already, instead of loading them.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(Box::new(settings));
        self
    }

    /// Whether the service needs its database to start; if not, one that can't be reached is
    /// skipped.
    #[must_use]
    pub fn require_database(mut self, required: bool) -> Self {
        self.require_database = required;
        self
    }

    /// Somebody who listens to the run.
    #[must_use]
    pub fn observer(mut self, observer: Observer) -> Self {
        self.observers.add(observer);
        self
    }

    /// Somebody who is called at the moments of the run, behind those that the settings name. What it
    /// means that a hook fails, and how long it may take, are settings, too.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(SharedHook(Arc::new(hook)));
        self
    }

    /// What it means for the run that a hook fails.
    #[must_use]
    pub fn on_hook_failure(self, on_failure: OnHookFailure) -> Self {
        self.value(Key::HookOnFailure, on_failure.to_string())
    }

    /// Registers this process as a replica that is alive, again and again, so that a contract revision
    /// waits while it needs what that takes away. Without this, or the setting `heartbeat`, it is not.
    #[must_use]
    pub fn heartbeat(self, every: Duration) -> Self {
        self.value(Key::Heartbeat, format!("{}ms", every.as_millis()))
    }

    /// Registers nothing, whatever the settings say: for a process that ends when it has migrated, and for
    /// which nobody has to wait.
    #[must_use]
    pub fn without_heartbeat(mut self) -> Self {
        self.registers = false;
        self
    }

    /// Something that stops the run from outside.
    #[must_use]
    pub fn stop_switch(mut self, switch: &StopSwitch) -> Self {
        self.stop = switch.clone();
        self
    }

    #[cfg(feature = "cli")]
    pub(crate) fn shared_hooks(mut self, hooks: &[SharedHook]) -> Self {
        self.hooks.extend_from_slice(hooks);
        self
    }

    pub(crate) fn app_name(&self) -> &str {
        &self.app_name
    }

    fn value(mut self, key: Key, value: String) -> Self {
        self.values.push(BuilderValue { key, value, pinned: false });
        self
    }

    /// Runs the start-up to its end.
    ///
    /// # Errors
    /// Whatever keeps the service from starting under the policy that is in force. A report comes
    /// with the error, too.
    pub async fn run(self) -> Result<StartupReport, StartupError> {
        self.run_with_health().await.map(|(report, _)| report)
    }

    /// Runs the start-up to its end, and returns what can tell how the database is later.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_with_health(self) -> Result<(StartupReport, Health), StartupError> {
        let start = Instant::now();
        // On the heap: whoever calls this would carry all of it, and compilers have a limit for how deep that is.
        Box::pin(self.decided(start)?.run(start)).await
    }

    /// The settings that the start-up will follow, for an application that opens a pool of its own on
    /// the same database. Handed back by [`settings`](Self::settings), they are not read again.
    ///
    /// # Errors
    /// If a configuration file can't be read, or a setting is not of its kind.
    pub fn load_settings(&self) -> Result<Settings, Diagnostic> {
        let mut loader = Loader::from_process();
        if let Some(prefix) = &self.prefix {
            loader = loader.prefix(prefix.clone());
        }
        for BuilderValue { key, value, pinned } in &self.values {
            loader = loader.builder_value(*key, value.clone(), *pinned);
        }
        loader.load()
    }
}

impl Settings {
    /// The database that the settings name, with where they have it from.
    ///
    /// # Errors
    /// If they name none.
    pub fn database(&self) -> Result<Database, Diagnostic> {
        let url = self.database_url()?.clone();
        Ok(Database::url(url).origin(self.origin(Key::DatabaseUrl).to_string()))
    }
}
