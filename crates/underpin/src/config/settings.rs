//! The settings as they are in force, typed, each with its origin. They are plain data: nothing is
//! read again.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    lint::LintSettings,
    model::Naming,
};

use crate::{
    Backups, HistoryTables, Scope,
    author::FileTemplate,
    database::SafeUrl,
    hook::Moment,
    policy::{
        Destructive, IdStyle, LockMode, Mode, OnFailure, OnHookFailure, OnNewer, OnPending, TransactionMode,
        VerifyOnStartup,
    },
};

use super::{directory, key::Key, origin::Origin, url::UrlSetting};

/// A setting as `config show` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The setting.
    pub key: Key,
    /// Its value as it is shown, a URL without its password; empty for none.
    pub value: String,
    /// Where the value came from.
    pub origin: Origin,
}

impl Entry {
    /// The name of the setting.
    pub const fn name(&self) -> &'static str {
        self.key.name()
    }
}

/// An environment whose name chooses defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Production,
    Development,
}

impl Profile {
    /// The profile of an environment's name, in any case.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "production" => Some(Self::Production),
            "development" => Some(Self::Development),
            _ => None,
        }
    }

    pub(super) const fn on_failure(self) -> OnFailure {
        match self {
            Self::Production => OnFailure::Abort,
            Self::Development => OnFailure::Continue,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) run: Duration,
    pub(super) connect: Duration,
    pub(super) lock: Option<Duration>,
    pub(super) statement: Option<Duration>,
    pub(super) table_lock: Duration,
}

/// The hooks that settings name, and how they are called.
#[derive(Clone)]
pub(crate) struct NamedHooks {
    pub(crate) command: Option<String>,
    pub(crate) url: Option<String>,
    /// A file of the authorities that the URL's host is trusted by.
    #[cfg_attr(not(feature = "hooks"), allow(dead_code, reason = "nobody is called"))]
    pub(crate) authorities: Option<PathBuf>,
    #[cfg_attr(not(feature = "hooks"), allow(dead_code, reason = "nobody is called"))]
    pub(crate) moments: Vec<Moment>,
    pub(crate) on_failure: OnHookFailure,
    pub(crate) limit: Duration,
    pub(crate) slow_lock: Duration,
    pub(crate) sql: bool,
}

/// A command and a URL may hold what is nobody else's business.
impl fmt::Debug for NamedHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedHooks")
            .field("command", &self.command.is_some())
            .field("url", &self.url.is_some())
            .finish_non_exhaustive()
    }
}

/// What settings say about the writing of revisions.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the commands write revisions"))]
pub(crate) struct Authoring {
    pub(crate) template: Option<PathBuf>,
    pub(crate) author: Option<String>,
    /// The words of each command that is run after a file was written.
    pub(crate) after_write: Vec<Vec<String>>,
    pub(crate) after_write_limit: Duration,
    /// Whether generated revisions are in stages that a database in use can live with.
    pub(crate) online: bool,
}

/// Every setting as it is in force.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) url: UrlSetting,
    pub(super) directory: PathBuf,
    pub(super) environment: Option<String>,
    pub(super) mode: Mode,
    pub(super) on_failure: OnFailure,
    pub(super) fail_on_error: bool,
    pub(super) on_pending: OnPending,
    pub(super) on_newer: OnNewer,
    pub(super) schema_file: Option<PathBuf>,
    pub(super) scratch_url: Option<SafeUrl>,
    pub(super) schemas: Vec<String>,
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
    pub(super) verify_on_startup: VerifyOnStartup,
    pub(super) heartbeat: Option<Duration>,
    pub(super) limits: Limits,
    pub(super) hooks: NamedHooks,
    pub(super) destructive: Destructive,
    pub(super) backups: Backups,
    pub(super) transaction_mode: TransactionMode,
    pub(super) lock_mode: LockMode,
    pub(super) history_schema: Option<String>,
    pub(super) history_prefix: String,
    pub(super) id_style: IdStyle,
    pub(super) file_template: FileTemplate,
    pub(super) authoring: Authoring,
    pub(super) naming: Naming,
    pub(super) lint: LintSettings,
    pub(super) lint_since: Option<String>,
    pub(super) refuse_lint_errors: bool,
    pub(super) log: Option<String>,
    pub(super) entries: Vec<Entry>,
    pub(super) warnings: Vec<String>,
    pub(super) overridden: Vec<String>,
}

impl Settings {
    /// The database.
    ///
    /// # Errors
    /// `MissingUrl` if there is no URL, naming every place that was looked at; `Configuration` if
    /// what there is can't be read.
    pub fn database_url(&self) -> Result<&SafeUrl, Diagnostic> {
        self.url.get()
    }

    /// The directory of the revisions, as it is configured.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The directory that holds the revisions: the configured one, or its subdirectory `versions`
    /// where only that one holds any. This looks at the disk.
    pub fn revision_directory(&self) -> PathBuf {
        directory::revisions(&self.directory)
    }

    /// The environment's name, as it was given.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// Whether the environment is explicitly production. Where nothing is said, it is not, though
    /// the defaults are the same.
    pub fn is_production(&self) -> bool {
        self.environment().and_then(Profile::of) == Some(Profile::Production)
    }

    /// What a start-up does about pending revisions.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What a start-up does when migrating fails.
    pub fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    /// Whether a start-up ends where creating the tables, as [`OnFailure::CreateTables`] has it,
    /// fails too.
    pub fn fail_on_migration_error(&self) -> bool {
        self.fail_on_error
    }

    /// What a start-up in mode `check` does about pending revisions.
    pub fn on_pending(&self) -> OnPending {
        self.on_pending
    }

    /// What a start-up does about a database that is ahead of the program.
    pub fn on_newer(&self) -> OnNewer {
        self.on_newer
    }

    /// The file with the tables that a start-up may create without revisions.
    pub fn schema_file(&self) -> Option<&Path> {
        self.schema_file.as_deref()
    }

    /// The server that scratch databases are made on, if not the database's own.
    pub fn scratch_url(&self) -> Option<&SafeUrl> {
        self.scratch_url.as_ref()
    }

    /// What of a database is compared, apart from the history.
    pub fn scope(&self) -> Scope {
        let scope = self.schemas.iter().fold(Scope::default(), Scope::schema);
        let scope = self.include.iter().fold(scope, Scope::include);
        self.exclude.iter().fold(scope, Scope::exclude)
    }

    /// What a start-up does about a database that is not what its revisions make.
    pub fn verify_on_startup(&self) -> VerifyOnStartup {
        self.verify_on_startup
    }

    /// How long a whole run may take; greater than zero.
    pub fn timeout(&self) -> Duration {
        self.limits.run
    }

    /// How long to wait for the database to answer; at most [`Settings::timeout`].
    pub fn connect_timeout(&self) -> Duration {
        self.limits.connect.min(self.limits.run)
    }

    /// How long to wait for another migrator; at most [`Settings::timeout`].
    pub fn lock_timeout(&self) -> Duration {
        self.limits.lock.map_or(self.limits.run, |limit| limit.min(self.limits.run))
    }

    /// How often a service says that it is alive, if at all.
    pub fn heartbeat(&self) -> Option<Duration> {
        self.heartbeat
    }

    /// How long one statement may take, where that is less than [`Settings::timeout`].
    pub fn statement_timeout(&self) -> Option<Duration> {
        self.limits.statement.filter(|limit| *limit < self.limits.run)
    }

    /// How long a revision is tried again while others hold a lock that it needs; the run's own limit,
    /// [`Settings::timeout`], may end that before.
    pub fn table_lock_timeout(&self) -> Duration {
        self.limits.table_lock
    }

    pub(crate) fn hooks(&self) -> &NamedHooks {
        &self.hooks
    }

    /// What an upgrade does about revisions that delete data and that nobody has reviewed.
    pub fn destructive(&self) -> Destructive {
        self.destructive
    }

    /// When backups are made, how, and what becomes of them.
    pub fn backups(&self) -> &Backups {
        &self.backups
    }

    /// How the revisions of a run share transactions.
    pub fn transaction_mode(&self) -> TransactionMode {
        self.transaction_mode
    }

    /// How long the migration lock is held on PostgreSQL.
    pub fn lock_mode(&self) -> LockMode {
        self.lock_mode
    }

    /// The schema of the history tables; nothing for the connection's own.
    pub fn history_schema(&self) -> Option<&str> {
        self.history_schema.as_deref()
    }

    /// What the names of the history tables start with.
    pub fn history_prefix(&self) -> &str {
        &self.history_prefix
    }

    /// The tables of the history in a database of this dialect; without one, where they are only left out.
    ///
    /// # Errors
    /// A schema on SQLite, which has none.
    pub(crate) fn history_tables(&self, dialect: Option<Dialect>) -> Result<HistoryTables, Diagnostic> {
        if let (Some(schema), Some(Dialect::Sqlite)) = (self.history_schema(), dialect)
            && schema != "main"
        {
            let from = self.origin(Key::HistorySchema).subject(Key::HistorySchema);
            let message = format!("the history can't be kept in the schema {schema}: SQLite has no schemas");
            return Err(Diagnostic::new(ErrorKind::Configuration, message)
                .state("nothing was changed")
                .hint(format!("take {from} away, or let it name no schema")));
        }
        Ok(HistoryTables::new(self.history_schema().map(str::to_owned), self.history_prefix()))
    }

    /// How the id of a new revision is made.
    pub fn id_style(&self) -> IdStyle {
        self.id_style
    }

    /// How the file of a new revision is named.
    pub fn file_template(&self) -> &FileTemplate {
        &self.file_template
    }

    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the commands write revisions"))]
    pub(crate) fn authoring(&self) -> &Authoring {
        &self.authoring
    }

    /// How constraints and indexes of models are called that have no name.
    pub fn naming(&self) -> &Naming {
        &self.naming
    }

    /// How bad each rule of lint is taken to be.
    pub fn lint(&self) -> &LintSettings {
        &self.lint
    }

    /// How bad each rule of lint is taken to be by upgrades, where they refuse what it calls an error.
    pub(crate) fn refused_hazards(&self) -> Option<LintSettings> {
        self.refuses_hazards().then(|| self.lint.clone())
    }

    /// Whether upgrades in which lint finds an error are refused.
    pub(crate) fn refuses_hazards(&self) -> bool {
        self.refuse_lint_errors
    }

    /// The revision up to which lint leaves the revisions alone.
    pub fn lint_since(&self) -> Option<&str> {
        self.lint_since.as_deref()
    }

    /// The filter for log messages, in the form of `RUST_LOG`.
    pub fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }

    /// What the user should know about the settings and what was still no error.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Values that are not of their kind and have no effect, since others win over them.
    pub fn overridden_mistakes(&self) -> &[String] {
        &self.overridden
    }

    /// Every setting as it is shown, in the order of [`Key::ALL`].
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where the value of a setting came from.
    pub fn origin(&self, key: Key) -> &Origin {
        self.entries.iter().find(|entry| entry.key == key).map_or(&Origin::BuiltIn, |entry| &entry.origin)
    }
}

/// One line a setting: its name, its value, its origin.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            writeln!(f, "{} = {} ({})", entry.name(), entry.value, entry.origin)?;
        }
        Ok(())
    }
}
