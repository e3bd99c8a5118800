//! The history that a database keeps of itself: which revisions are applied, every attempt to
//! change that, and how far an interrupted one came. SQL text is made here and run elsewhere.
//!
//! The tables, whose names share a prefix:
//! - `underpin_state`, one row: the format of the history and the digest of what is applied. It is
//!   all that a start at head reads.
//! - `underpin_history`, the ledger: a row for each applied revision, with its downgrade, so that a
//!   program that does not know the revision can still roll it back.
//! - `underpin_log`: a row for each attempt, also for the failed ones. Rows are only ever added.
//! - `underpin_journal`: a row for each revision that is being run outside a transaction, with the
//!   statement that it has reached. On SQLite and PostgreSQL it is made by the first of them.
//!
//! Others are there only where they are needed: `underpin_replica`, the replicas that are alive,
//! `underpin_provisional`, the tables that a start-up made without revisions, `underpin_progress`, how far
//! the parts of a revision have come that are done in several transactions, `underpin_backup`, the
//! backups, and `underpin_lease`, who holds the migration lock in a cluster of writers.

mod backup;
mod clock;
mod journal;
mod lease;
mod ledger;
mod log;
mod prepared;
mod progress;
mod provisional;
mod replica;
mod schema;
mod state;
mod values;

pub use backup::BackupEntry;
pub(crate) use backup::BackupOccasion;
pub(crate) use clock::{Timing, remember_start};
pub(crate) use journal::{JournalEntry, JournalState, Progress};
pub(crate) use lease::{LeaseEntry, Tenant};
pub use ledger::LedgerEntry;
pub(crate) use ledger::{LedgerOrigin, LedgerRecord};
pub use log::LogEntry;
pub(crate) use log::{Attempt, Outcome};
pub(crate) use prepared::{FLUSH, Prepared};
pub use provisional::ProvisionalRecord;
pub use replica::Replica;
pub(crate) use schema::{create_tables, find_and_create_schema, has_journal_from_the_start};
pub(crate) use state::{FORMAT, Snapshot, SnapshotError, State, read_snapshot};

use underpin_core::{dialect::Dialect, name};

/// The names of the history's tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryTables {
    schema: Option<String>,
    prefix: String,
}

impl Default for HistoryTables {
    fn default() -> Self {
        Self { schema: None, prefix: "underpin".to_owned() }
    }
}

impl HistoryTables {
    /// Tables named `<prefix>_state` and so on, in `schema` or, without one, where unqualified
    /// names lead. On MySQL and MariaDB a schema is a database; SQLite knows `main` only.
    pub fn new(schema: Option<String>, prefix: impl Into<String>) -> Self {
        Self { schema, prefix: prefix.into() }
    }

    /// The schema, if one was named.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// The prefix that the names share.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether a table of this name is one of the history's.
    pub(crate) fn owns(&self, name: &str) -> bool {
        name.strip_prefix(self.prefix.as_str()).and_then(|rest| rest.strip_prefix('_')).is_some_and(
            |suffix| {
                [
                    "state",
                    "history",
                    "log",
                    "journal",
                    "replica",
                    "provisional",
                    "progress",
                    "backup",
                    "lease",
                ]
                .contains(&suffix)
            },
        )
    }

    /// The same tables in the schema that they were found in or will be created in.
    pub(crate) fn located(&self, schema: Option<&str>) -> Self {
        Self {
            schema: self.schema.clone().or_else(|| schema.map(str::to_owned)),
            prefix: self.prefix.clone(),
        }
    }

    /// The tables of a history in a scratch database. On MySQL and MariaDB a schema is another database,
    /// and so the live history; there, and on SQLite, which has no schemas, it is left out.
    pub(crate) fn in_scratch(&self, dialect: Dialect) -> Self {
        let schema = match dialect {
            Dialect::Postgres => self.schema.clone(),
            Dialect::Sqlite | Dialect::Mysql => None,
        };
        Self { schema, prefix: self.prefix.clone() }
    }

    pub(crate) fn state(&self, dialect: Dialect) -> String {
        self.table(dialect, "state")
    }

    pub(crate) fn ledger(&self, dialect: Dialect) -> String {
        self.table(dialect, "history")
    }

    pub(crate) fn log(&self, dialect: Dialect) -> String {
        self.table(dialect, "log")
    }

    pub(crate) fn journal(&self, dialect: Dialect) -> String {
        self.table(dialect, "journal")
    }

    /// The query that finds one of the tables that are not always there.
    fn find(&self, dialect: Dialect, suffix: &str) -> String {
        let name = name::literal(dialect, &format!("{}_{suffix}", self.prefix));
        let schema =
            |own: &str| self.schema().map_or_else(|| own.to_owned(), |schema| name::literal(dialect, schema));
        match dialect {
            Dialect::Sqlite => format!("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = {name}"),
            Dialect::Postgres => format!(
                "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relname = {name} AND n.nspname = {}",
                schema("current_schema()")
            ),
            Dialect::Mysql => format!(
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_NAME = {name} AND TABLE_SCHEMA = {}",
                schema("DATABASE()")
            ),
        }
    }

    fn table(&self, dialect: Dialect, suffix: &str) -> String {
        name::quote_in(dialect, self.schema(), &format!("{}_{suffix}", self.prefix))
    }
}

/// Who runs, for the ledger and the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actor {
    /// The same for everything that one run writes.
    pub(crate) run: String,
    /// The operating system's user, and the service if one is named: `app (shop)`.
    pub(crate) name: String,
    pub(crate) host: String,
    /// `underpin 0.1.0`.
    pub(crate) tool: String,
}
