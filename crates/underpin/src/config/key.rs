//! The one table of settings: their names everywhere, their kinds, their defaults, their meaning.
//! It is read by the loader, by `help env` and by the reference; it resolves nothing itself.

use std::fmt;

use crate::{
    hook::Moment,
    policy::{
        BackupPolicy, Destructive, IdStyle, LockMode, Mode, OnFailure, OnHookFailure, OnNewer, OnPending,
        TransactionMode, VerifyOnStartup,
    },
};

/// What a value of a setting must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The URL of a database; never shown with its password.
    Url,
    /// The path of a directory or a file.
    Path,
    /// Any text.
    Text,
    /// A filter for log messages, or a level.
    Log,
    /// A name that can be part of a table's name.
    Identifier,
    /// The name of a file with tokens of Alembic's in it.
    FileTemplate,
    /// `true` or `false`, also spelt `1`, `yes`, `on` and `0`, `no`, `off`.
    Boolean,
    /// A span of time, greater than zero.
    Duration,
    /// A span of time, which may be zero.
    DurationOrZero,
    /// A span of time, or `none`.
    DurationOrNone,
    /// A number greater than zero, or `all`.
    CountOrAll,
    /// Names or patterns, separated by commas; in a file also as an array.
    List,
    /// The name of a constraint or an index, with tokens in it.
    NamePattern,
    /// Commands with their arguments, one a line; in a file an array.
    Commands,
    /// Moments of a run, separated by commas, or `all`.
    Moments,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// Everything that is known about a setting.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The setting.
    pub key: Key,
    /// Its name in messages and in `underpin.toml`.
    pub name: &'static str,
    /// The table of `underpin.toml` that it belongs to; empty for the top level.
    pub table: &'static str,
    /// Its flag on the command line, without the dashes; empty if it has none.
    pub flag: &'static str,
    /// Its names in the environment, the most specific first.
    pub environment: &'static [&'static str],
    /// What its values look like.
    pub kind: Kind,
    /// Its value when nothing says otherwise, as it would be written; empty for none.
    pub default: &'static str,
    /// What it means, in one sentence without a full stop.
    pub meaning: &'static str,
}

macro_rules! settings {
    ($(
        $key:ident {
            $name:literal, $table:literal, $flag:literal, [$($environment:literal),*], $kind:expr, $default:literal,
            $meaning:literal
        }
    )+) => {
        /// A setting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Key {
            $(#[doc = $meaning] $key,)+
        }

        impl Key {
            /// Every setting, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$key,)+];

            /// Everything that is known about this setting.
            pub const fn definition(self) -> &'static Definition {
                match self {
                    $(Self::$key => const { &Definition {
                        key: Self::$key,
                        name: $name,
                        table: $table,
                        flag: $flag,
                        environment: &[$($environment),*],
                        kind: $kind,
                        default: $default,
                        meaning: $meaning,
                    } },)+
                }
            }
        }
    };
}

settings! {
    DatabaseUrl {
        "database_url", "", "database-url", ["UNDERPIN_DATABASE_URL", "DATABASE_URL"], Kind::Url, "",
        "the database; UNDERPIN_DATABASE_URL is a direct connection for migrations, past a pooler"
    }
    Directory {
        "directory", "", "dir", ["UNDERPIN_DIR"], Kind::Path, "migrations",
        "the directory of the revisions, or the one whose subdirectory `versions` holds them"
    }
    Environment {
        "environment", "", "", ["UNDERPIN_ENVIRONMENT"], Kind::Text, "",
        "production (apply, abort) or development (apply, continue) choose defaults; other names choose none"
    }
    Mode {
        "mode", "startup", "", ["UNDERPIN_MODE"], Kind::Choice(Mode::WORDS), "apply",
        "what a start-up does about pending revisions"
    }
    OnFailure {
        "on_failure", "startup", "", ["UNDERPIN_ON_FAILURE"], Kind::Choice(OnFailure::WORDS), "abort",
        "what a start-up does when migrating fails"
    }
    OnPending {
        "on_pending", "startup", "", ["UNDERPIN_ON_PENDING"], Kind::Choice(OnPending::WORDS), "warn",
        "what a start-up in mode check does about pending revisions"
    }
    OnNewer {
        "on_newer", "startup", "", ["UNDERPIN_ON_NEWER"], Kind::Choice(OnNewer::WORDS), "refuse",
        "what a start-up does about a database that is ahead of the program"
    }
    AutoMigrate {
        "auto_migrate", "startup", "", ["AUTO_MIGRATE_ON_STARTUP"], Kind::Boolean, "true",
        "true is mode apply, false is mode check"
    }
    FailOnMigrationError {
        "fail_on_migration_error", "startup", "", ["FAIL_ON_MIGRATION_ERROR"], Kind::Boolean, "true",
        "true is on_failure abort, false is on_failure continue"
    }
    DevCreateTables {
        "dev_create_tables", "startup", "", ["DEV_CREATE_TABLES"], Kind::Boolean, "false",
        "true creates missing tables: instead of checking, or after a failure; never in production"
    }
    SchemaFile {
        "schema_file", "startup", "", ["UNDERPIN_SCHEMA_FILE"], Kind::Path, "",
        "a schema.sql: what generate, diff, check and push want where there are no models, and the tables that DEV_CREATE_TABLES creates"
    }
    ScratchUrl {
        "scratch_url", "", "", ["UNDERPIN_SCRATCH_URL"], Kind::Url, "",
        "the server that scratch databases are made on, where the database's own does not let us"
    }
    Schemas {
        "schemas", "", "", ["UNDERPIN_SCHEMAS"], Kind::List, "",
        "the schemas that are compared (PostgreSQL); without any, all that are not the server's own"
    }
    Include {
        "include", "", "", ["UNDERPIN_INCLUDE"], Kind::List, "",
        "patterns of the tables and other objects that are compared, such as shop_* or app.*; without any, all"
    }
    Exclude {
        "exclude", "", "", ["UNDERPIN_EXCLUDE"], Kind::List, "",
        "patterns of the tables and other objects that are never compared"
    }
    VerifyOnStartup {
        "verify_on_startup", "startup", "", ["UNDERPIN_VERIFY_ON_STARTUP"], Kind::Choice(VerifyOnStartup::WORDS), "off",
        "what a start-up does about a database that is not what its revisions make"
    }
    Timeout {
        "timeout", "", "timeout", ["UNDERPIN_TIMEOUT"], Kind::Duration, "60s",
        "how long a whole run may take"
    }
    ConnectTimeout {
        "connect_timeout", "", "connect-timeout", ["UNDERPIN_CONNECT_TIMEOUT"], Kind::DurationOrZero, "30s",
        "how long to wait for the database to answer; at most the timeout"
    }
    LockTimeout {
        "lock_timeout", "", "lock-timeout", ["UNDERPIN_LOCK_TIMEOUT"], Kind::DurationOrNone, "none",
        "how long to wait for another migrator; at most the timeout"
    }
    StatementTimeout {
        "statement_timeout", "", "statement-timeout", ["UNDERPIN_STATEMENT_TIMEOUT"], Kind::DurationOrNone, "none",
        "how long one statement may take; at most the timeout"
    }
    TableLockTimeout {
        "table_lock_timeout", "", "", ["UNDERPIN_TABLE_LOCK_TIMEOUT"], Kind::Duration, "5m",
        "how long a revision is tried again while others hold a lock that it needs; at most the timeout"
    }
    Heartbeat {
        "heartbeat", "startup", "", ["UNDERPIN_HEARTBEAT"], Kind::DurationOrNone, "none",
        "how often a service says that it is alive, so that contract revisions wait while it needs what they take away"
    }
    HookCommand {
        "hook_command", "", "", ["UNDERPIN_HOOK_COMMAND"], Kind::Text, "",
        "a command that is called at the moments of a run, with a line of JSON on its standard input"
    }
    HookUrl {
        "hook_url", "", "", ["UNDERPIN_HOOK_URL"], Kind::Text, "",
        "an http:// or https:// URL that the same JSON is posted to; only its presence is shown"
    }
    HookCa {
        "hook_ca", "", "", ["UNDERPIN_HOOK_CA"], Kind::Path, "",
        "a file of certificates (PEM): the authorities that an https:// URL is trusted for; without it, those that browsers trust"
    }
    HookMoments {
        "hook_moments", "", "", ["UNDERPIN_HOOK_MOMENTS"], Kind::Moments, "all",
        "the moments that the command and the URL are called at"
    }
    HookOnFailure {
        "hook_on_failure", "", "", ["UNDERPIN_HOOK_ON_FAILURE"], Kind::Choice(OnHookFailure::WORDS), "warn",
        "what it means for a run that a hook fails"
    }
    HookTimeout {
        "hook_timeout", "", "", ["UNDERPIN_HOOK_TIMEOUT"], Kind::Duration, "5s",
        "how long one call of a hook may take"
    }
    HookSlowLock {
        "hook_slow_lock", "", "", ["UNDERPIN_HOOK_SLOW_LOCK"], Kind::DurationOrZero, "10s",
        "for how long the migration lock is waited for before a hook is called about it"
    }
    HookSql {
        "hook_sql", "", "", ["UNDERPIN_HOOK_SQL"], Kind::Boolean, "false",
        "whether hooks are told the SQL of a revision"
    }
    Destructive {
        "destructive", "", "allow-destructive", ["UNDERPIN_DESTRUCTIVE"], Kind::Choice(Destructive::WORDS), "confirm",
        "what an upgrade does about revisions that delete data and don't say `destructive: reviewed`; confirm asks on a terminal, and refuses elsewhere"
    }
    Backup {
        "backup", "", "backup", ["UNDERPIN_BACKUP"], Kind::Choice(BackupPolicy::WORDS), "before_destructive",
        "before which runs a backup is made; one that can't be made keeps the run from beginning"
    }
    BackupDirectory {
        "backup_directory", "", "", ["UNDERPIN_BACKUP_DIRECTORY"], Kind::Path, "",
        "where backups are kept; without it, in the directory backups: beside an SQLite file, and for a server in the working directory"
    }
    BackupCommand {
        "backup_command", "", "", ["UNDERPIN_BACKUP_COMMAND"], Kind::Text, "",
        "a command of your own that makes the backup, to the file that UNDERPIN_BACKUP_FILE names; only its presence is shown"
    }
    BackupPrograms {
        "backup_programs", "", "", ["UNDERPIN_BACKUP_PROGRAMS"], Kind::Path, "",
        "the directory of pg_dump, pg_restore and psql, of mysqldump and mysql, or of mariadb-dump and mariadb; without it, PATH"
    }
    BackupKeep {
        "backup_keep", "", "", ["UNDERPIN_BACKUP_KEEP"], Kind::CountOrAll, "10",
        "how many backups of a database are kept"
    }
    BackupKeepFor {
        "backup_keep_for", "", "", ["UNDERPIN_BACKUP_KEEP_FOR"], Kind::DurationOrNone, "none",
        "for how long a backup is kept, such as 30d; the last one always is"
    }
    TransactionMode {
        "tx_mode", "", "tx-mode", ["UNDERPIN_TX_MODE"], Kind::Choice(TransactionMode::WORDS), "each",
        "how the revisions of a run share transactions"
    }
    LockMode {
        "lock_mode", "", "", ["UNDERPIN_LOCK_MODE"], Kind::Choice(LockMode::WORDS), "auto",
        "what the migration lock hangs on: transaction is for poolers before PostgreSQL, and auto finds them, and Galera clusters"
    }
    HistorySchema {
        "history_schema", "", "", ["UNDERPIN_HISTORY_SCHEMA"], Kind::Text, "",
        "the schema of the history tables; the connection's own if there is none"
    }
    HistoryPrefix {
        "history_prefix", "", "", ["UNDERPIN_HISTORY_PREFIX"], Kind::Identifier, "underpin",
        "what the names of the history tables start with"
    }
    IdStyle {
        "id_style", "", "id-style", ["UNDERPIN_ID_STYLE"], Kind::Choice(IdStyle::WORDS), "hash",
        "how the id of a new revision is made"
    }
    FileTemplate {
        "file_template", "", "", ["UNDERPIN_FILE_TEMPLATE"], Kind::FileTemplate, "%(rev)s_%(slug)s",
        "how the file of a new revision is named, in Alembic's words, without .sql"
    }
    Template {
        "template", "", "", ["UNDERPIN_TEMPLATE"], Kind::Path, "",
        "the template that the files of new revisions are made from; without it, templates/revision.sql.j2 in the directory, if that is there"
    }
    Author {
        "author", "", "", ["UNDERPIN_AUTHOR"], Kind::Text, "",
        "who writes revisions, for a template that says so"
    }
    Online {
        "online", "", "", ["UNDERPIN_ONLINE"], Kind::Boolean, "true",
        "whether a generated change becomes revisions that a database in use can live with: indexes built, and constraints validated, while others write"
    }
    AfterWrite {
        "after_write", "", "", ["UNDERPIN_AFTER_WRITE"], Kind::Commands, "",
        "what is run after the file of a revision was written, in this order and without a shell, such as sqlfluff fix {file}"
    }
    AfterWriteTimeout {
        "after_write_timeout", "", "", ["UNDERPIN_AFTER_WRITE_TIMEOUT"], Kind::Duration, "60s",
        "how long each of those commands may take"
    }
    NamingPrimaryKey {
        "naming_primary_key", "naming", "", ["UNDERPIN_NAMING_PRIMARY_KEY"], Kind::NamePattern, "",
        "how primary keys are called that have no name, such as pk_{table}; without it, as PostgreSQL would"
    }
    NamingUnique {
        "naming_unique", "naming", "", ["UNDERPIN_NAMING_UNIQUE"], Kind::NamePattern, "",
        "how unique constraints are called that have no name, such as uq_{table}_{columns}; without it, as PostgreSQL would"
    }
    NamingCheck {
        "naming_check", "naming", "", ["UNDERPIN_NAMING_CHECK"], Kind::NamePattern, "",
        "how checks are called that have no name, such as ck_{table}_{column}; without it, as PostgreSQL would"
    }
    NamingForeignKey {
        "naming_foreign_key", "naming", "", ["UNDERPIN_NAMING_FOREIGN_KEY"], Kind::NamePattern, "",
        "how foreign keys are called that have no name, such as fk_{table}_{column}_{referred_table}; without it, as PostgreSQL would"
    }
    NamingIndex {
        "naming_index", "naming", "", ["UNDERPIN_NAMING_INDEX"], Kind::NamePattern, "",
        "how indexes are called that have no name, such as ix_{table}_{columns}; without it, as PostgreSQL would"
    }
    LintErrors {
        "lint_errors", "", "", ["UNDERPIN_LINT_ERRORS"], Kind::List, "",
        "the rules of lint whose findings are errors here, whatever they are by themselves"
    }
    LintWarnings {
        "lint_warnings", "", "", ["UNDERPIN_LINT_WARNINGS"], Kind::List, "",
        "the rules of lint whose findings are warnings here"
    }
    LintNotes {
        "lint_notes", "", "", ["UNDERPIN_LINT_NOTES"], Kind::List, "",
        "the rules of lint whose findings are notes here, which fail nothing"
    }
    LintOff {
        "lint_off", "", "", ["UNDERPIN_LINT_OFF"], Kind::List, "",
        "the rules of lint that are off"
    }
    RefuseLintErrors {
        "refuse_lint_errors", "", "", ["UNDERPIN_REFUSE_LINT_ERRORS"], Kind::Boolean, "false",
        "whether an upgrade refuses revisions in which lint finds an error, on the schema as it stands"
    }
    LintSince {
        "lint_since", "", "", ["UNDERPIN_LINT_SINCE"], Kind::Text, "",
        "the revision up to which lint leaves the revisions alone, where it is introduced later than they were"
    }
    Log {
        "log", "", "", ["UNDERPIN_LOG", "ALEMBIC_LOG_LEVEL", "RUST_LOG"], Kind::Log, "",
        "what is logged: a level, or a filter such as underpin=debug,sqlx=warn"
    }
}

impl Key {
    /// The name of this setting in messages and in `underpin.toml`.
    pub const fn name(self) -> &'static str {
        self.definition().name
    }

    /// The setting of a name in `underpin.toml`, where `script_location` is Alembic's name for
    /// the directory.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "script_location" {
            return Some(Self::Directory);
        }
        Self::ALL.iter().copied().find(|key| key.name() == name)
    }

    /// How it is called in its table of `underpin.toml`: `check` in `[naming]`.
    pub fn name_in_table(self) -> &'static str {
        let prefix = if self.definition().table == NAMING { "naming_" } else { "" };
        self.name().strip_prefix(prefix).unwrap_or(self.name())
    }

    /// The names in the environment under a prefix, the most specific first: `UNDERPIN_MODE` is
    /// `HIVE_MODE` or `HIVE_UNDERPIN_MODE` under `HIVE_`. An empty prefix gives the plain names.
    pub fn variables(self, prefix: &str) -> Vec<String> {
        let plain = self.definition().environment.iter().copied();
        if prefix.is_empty() {
            return plain.map(str::to_owned).collect();
        }
        let mut names = Vec::new();
        for name in plain {
            let stem = name.strip_prefix(OWN_PREFIX).unwrap_or(name);
            // The longer form comes first: it can only mean us.
            for name in [format!("{prefix}{name}"), format!("{prefix}{stem}")] {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// The table of the patterns for names.
pub(super) const NAMING: &str = "naming";

/// What our own variables start with.
pub(super) const OWN_PREFIX: &str = "UNDERPIN_";

/// The start of the names that only test suites read.
pub(super) const TEST_PREFIX: &str = "UNDERPIN_TEST_";

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Kind {
    /// What is accepted, for messages and help.
    pub fn accepted(self) -> String {
        match self {
            Self::Url => "a database URL".to_owned(),
            Self::Path => "one path, and no URL".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::FileTemplate => {
                "the name of a file with %(rev)s in it, such as %(year)d_%(month).2d_%(rev)s_%(slug)s"
                    .to_owned()
            }
            Self::Log => "a level (error, warn, info, debug, trace, off) or a filter".to_owned(),
            Self::Identifier => "letters, digits and underscores, at most 40, no digit first".to_owned(),
            Self::Boolean => format!("one of {}", super::value::BOOLEANS),
            Self::Duration => "a time greater than zero, such as 60, 60s, 500ms, 2m, 1h or 1m30s".to_owned(),
            Self::DurationOrZero => "a time, such as 60, 60s, 500ms, 2m, 1h or 1m30s".to_owned(),
            Self::DurationOrNone => {
                "none, or a time greater than zero, such as 60, 60s, 500ms, 2m, 1h or 1m30s".to_owned()
            }
            Self::CountOrAll => "all, or a number greater than zero".to_owned(),
            Self::List => "names, separated by commas".to_owned(),
            Self::NamePattern => {
                "a name with {table}, {columns}, {column}, {referred_table} (of a foreign key) or {name} in it".to_owned()
            }
            Self::Commands => {
                "commands with their arguments, one a line; in a file an array of texts".to_owned()
            }
            Self::Moments => {
                let words: Vec<&str> = Moment::ALL.iter().map(|moment| moment.name()).collect();
                format!("all, or some of {}, separated by commas", words.join(", "))
            }
            Self::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    /// Whether an empty value means that there is none, as templates of deployments produce it.
    pub(super) const fn empty_is_unset(self) -> bool {
        match self {
            Self::Url
            | Self::Path
            | Self::Text
            | Self::Boolean
            | Self::List
            | Self::NamePattern
            | Self::Commands
            | Self::Log => true,
            Self::Identifier
            | Self::FileTemplate
            | Self::Duration
            | Self::DurationOrZero
            | Self::DurationOrNone
            | Self::CountOrAll
            | Self::Moments
            | Self::Choice(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_settings_share_a_name() {
        let mut names: Vec<_> = Key::ALL.iter().map(|key| key.name()).collect();
        let variables = || Key::ALL.iter().flat_map(|key| key.definition().environment.iter().copied());
        let mut flags: Vec<_> = Key::ALL.iter().map(|key| key.definition().flag).collect();
        flags.retain(|flag| !flag.is_empty());
        for list in [&mut names, &mut variables().collect(), &mut flags] {
            let count = list.len();
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), count);
        }
        assert!(Key::ALL.iter().all(|key| Key::from_name(key.name()) == Some(*key)));
    }

    #[test]
    fn a_prefix_replaces_ours_or_stands_before_it() {
        assert_eq!(Key::Mode.variables("HIVE_"), ["HIVE_UNDERPIN_MODE", "HIVE_MODE"]);
        assert_eq!(Key::DatabaseUrl.variables("HIVE_"), ["HIVE_UNDERPIN_DATABASE_URL", "HIVE_DATABASE_URL"]);
        assert_eq!(Key::AutoMigrate.variables("HIVE_"), ["HIVE_AUTO_MIGRATE_ON_STARTUP"]);
        assert_eq!(Key::DatabaseUrl.variables(""), ["UNDERPIN_DATABASE_URL", "DATABASE_URL"]);
    }
}
