//! The log: a row for each attempt to change what is applied. Rows are only ever added.

use serde::Serialize;
use underpin_core::dialect::Dialect;

use super::{Actor, HistoryTables, Timing, values::Values};
use crate::database::{DatabaseError, Row, Session};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Applied,
    Reverted,
    Stamped,
    Unstamped,
    Resolved,
    /// Failed, and rolled back.
    RolledBack,
    /// Failed, and left where the journal says.
    Dirty,
}

impl Outcome {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Reverted => "reverted",
            Self::Stamped => "stamped",
            Self::Unstamped => "unstamped",
            Self::Resolved => "resolved",
            Self::RolledBack => "rolled_back",
            Self::Dirty => "dirty",
        }
    }
}

/// An attempt that is to be logged.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) revision: &'a str,
    pub(crate) direction: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) checksum: Option<String>,
    /// The statement that failed, counted from 1.
    pub(crate) statement: Option<usize>,
    pub(crate) error_code: Option<&'a str>,
    pub(crate) error: Option<&'a str>,
}

impl Attempt<'_> {
    /// The statement that adds this row.
    pub(crate) fn insert(
        &self,
        tables: &HistoryTables,
        dialect: Dialect,
        actor: &Actor,
        timing: Timing,
    ) -> String {
        tables.insert_into_log(dialect, &[self.row(dialect, actor, timing)])
    }

    /// The row, in parentheses.
    pub(crate) fn row(&self, dialect: Dialect, actor: &Actor, timing: Timing) -> String {
        let mut values = Values::new(dialect);
        values.text(&actor.run).text(self.revision).text(self.direction).text(self.outcome.name());
        values.optional(self.checksum.as_deref());
        values.sql(timing.started(dialect)).sql(timing.ended(dialect)).sql(timing.milliseconds(dialect));
        values.text(&actor.name).text(&actor.host).text(&actor.tool);
        match self.statement {
            Some(statement) => values.sql(statement),
            None => values.optional(None),
        };
        values.optional(self.error_code).optional(self.error);
        values.row()
    }
}

/// An attempt, as the database remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Its number, ascending.
    pub number: i64,
    /// The run that it was part of.
    pub run: String,
    /// The revision.
    pub id: String,
    /// `upgrade`, `downgrade`, `stamp` or `resolve`.
    pub direction: String,
    /// `applied`, `reverted`, `stamped`, `unstamped`, `resolved`, `rolled_back` or `dirty`.
    pub outcome: String,
    /// The checksum of the revision's upgrade.
    pub checksum: Option<String>,
    /// When it started, RFC 3339 in UTC.
    pub started_at: String,
    /// When it ended, RFC 3339 in UTC.
    pub finished_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Who tried.
    pub actor: String,
    /// From which host.
    pub host: String,
    /// With which program.
    pub tool: String,
    /// The statement that failed, counted from 1.
    pub statement: Option<i64>,
    /// The engine's code for the error.
    pub error_code: Option<String>,
    /// The engine's text for the error.
    pub error: Option<String>,
}

impl HistoryTables {
    /// The statement that adds rows.
    pub(crate) fn insert_into_log(&self, dialect: Dialect, rows: &[String]) -> String {
        self.insert_into_log_what(dialect, &format!("VALUES {}", rows.join(", ")))
    }

    /// The same for the rows of a query.
    pub(super) fn insert_into_log_what(&self, dialect: Dialect, what: &str) -> String {
        format!(
            "INSERT INTO {} (run, revision, direction, outcome, checksum, started_at, finished_at, duration_ms, actor, host, \
             tool, statement, error_code, error) {what}",
            self.log(dialect),
        )
    }

    /// Reads the log, oldest first.
    pub(crate) async fn read_log(&self, session: &mut dyn Session) -> Result<Vec<LogEntry>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let sql = format!(
            "SELECT id, run, revision, direction, outcome, checksum, started_at, finished_at, duration_ms, actor, host, tool, \
             statement, error_code, error FROM {} ORDER BY id",
            self.log(dialect)
        );
        Ok(session.fetch(&sql).await?.iter().map(entry).collect())
    }
}

fn entry(row: &Row) -> LogEntry {
    let optional = |index: usize| row.optional(index).map(str::to_owned);
    LogEntry {
        number: row.integer(0).unwrap_or_default(),
        run: row.text(1).to_owned(),
        id: row.text(2).to_owned(),
        direction: row.text(3).to_owned(),
        outcome: row.text(4).to_owned(),
        checksum: optional(5),
        started_at: row.text(6).to_owned(),
        finished_at: row.text(7).to_owned(),
        duration_ms: row.integer(8).unwrap_or_default(),
        actor: row.text(9).to_owned(),
        host: row.text(10).to_owned(),
        tool: row.text(11).to_owned(),
        statement: row.integer(12),
        error_code: optional(13),
        error: optional(14),
    }
}
