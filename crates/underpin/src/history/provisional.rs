//! The table of the tables (and enumerated types) that a start-up made without revisions. It is made when there is a first
//! such table to remember, so that most databases never get it.

use serde::Serialize;
use underpin_core::{
    dialect::Dialect,
    name::{literal, optional_literal},
    sql::CreatedKind,
};

use super::{HistoryTables, clock, schema::Types};
use crate::database::{DatabaseError, Row, Session};

/// A table, or an enumerated type of its columns, that a start-up made without revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionalRecord {
    /// The schema (or database) that it is in; `main` on SQLite.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// The run that made it.
    pub run: String,
    /// Its place in the order in which they were made.
    #[serde(skip)]
    pub(crate) position: i64,
    /// The statements that made it.
    #[serde(skip)]
    pub(crate) statements: Vec<String>,
    /// What the catalog said of it when it was finished; nothing if that was never recorded.
    #[serde(skip)]
    pub(crate) fingerprint: Option<String>,
    /// The revision that it was given to.
    #[serde(skip)]
    pub(crate) adopted_by: Option<String>,
}

impl ProvisionalRecord {
    /// What it is, as the first of its statements says.
    pub(crate) fn kind(&self, dialect: Dialect) -> CreatedKind {
        self.statements.first().map_or(CreatedKind::Table, |statement| CreatedKind::of(dialect, statement))
    }
}

impl HistoryTables {
    /// The statement that creates the table of provisional tables where there is none.
    pub(crate) fn create_provisional(&self, dialect: Dialect) -> String {
        let Types { id, text, short, number, options, .. } = Types::of(dialect);
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n  schema_name {id} NOT NULL,\n  name {id} NOT NULL,\n  \
             position {number} NOT NULL,\n  statements {text} NOT NULL,\n  fingerprint {short},\n  \
             adopted_by {id},\n  created_at {short} NOT NULL,\n  run {short} NOT NULL,\n  \
             PRIMARY KEY (schema_name, name)\n){options}",
            self.provisional(dialect)
        )
    }

    /// The statement that remembers a table.
    pub(crate) fn remember_provisional(&self, dialect: Dialect, record: &ProvisionalRecord) -> String {
        let text = |value: &str| literal(dialect, value);
        format!(
            "INSERT INTO {} (schema_name, name, position, statements, fingerprint, adopted_by, created_at, run) \
             VALUES ({}, {}, {}, {}, {}, NULL, {}, {})",
            self.provisional(dialect),
            text(&record.schema),
            text(&record.name),
            record.position,
            text(&serde_json::Value::from(record.statements.clone()).to_string()),
            optional_literal(dialect, record.fingerprint.as_deref()),
            clock::now(dialect),
            text(&record.run)
        )
    }

    /// The statement that remembers what the catalog says of a table that is finished.
    pub(crate) fn finish_provisional(
        &self,
        dialect: Dialect,
        record: &ProvisionalRecord,
        fingerprint: &str,
    ) -> String {
        format!(
            "UPDATE {} SET fingerprint = {} WHERE {}",
            self.provisional(dialect),
            literal(dialect, fingerprint),
            of(dialect, record)
        )
    }

    /// The statement that remembers which revision takes a table over.
    pub(crate) fn adopt_provisional(
        &self,
        dialect: Dialect,
        record: &ProvisionalRecord,
        revision: &str,
    ) -> String {
        format!(
            "UPDATE {} SET adopted_by = {} WHERE {}",
            self.provisional(dialect),
            literal(dialect, revision),
            of(dialect, record)
        )
    }

    /// The statement that forgets a table.
    pub(crate) fn forget_provisional(&self, dialect: Dialect, record: &ProvisionalRecord) -> String {
        format!("DELETE FROM {} WHERE {}", self.provisional(dialect), of(dialect, record))
    }

    /// The provisional tables in the order in which they were made; none where there never was one.
    ///
    /// The catalog is asked first whether anything is remembered: whoever looks once a second would
    /// otherwise fill the server's log with an error each time.
    pub(crate) async fn read_provisional(
        &self,
        session: &mut dyn Session,
    ) -> Result<Vec<ProvisionalRecord>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        if session.fetch(&self.find(dialect, "provisional")).await?.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT schema_name, name, created_at, run, statements, fingerprint, adopted_by, position FROM {} ORDER BY position, name",
            self.provisional(dialect)
        );
        Ok(session.fetch(&sql).await?.iter().map(record).collect())
    }

    fn provisional(&self, dialect: Dialect) -> String {
        self.table(dialect, "provisional")
    }
}

fn of(dialect: Dialect, record: &ProvisionalRecord) -> String {
    format!(
        "schema_name = {} AND name = {}",
        literal(dialect, &record.schema),
        literal(dialect, &record.name)
    )
}

fn record(row: &Row) -> ProvisionalRecord {
    ProvisionalRecord {
        schema: row.text(0).to_owned(),
        name: row.text(1).to_owned(),
        created_at: row.text(2).to_owned(),
        run: row.text(3).to_owned(),
        statements: serde_json::from_str(row.text(4)).unwrap_or_default(),
        fingerprint: row.optional(5).map(str::to_owned),
        adopted_by: row.optional(6).map(str::to_owned),
        position: row.integer(7).unwrap_or_default(),
    }
}

/// Its name, as a message has it.
impl std::fmt::Display for ProvisionalRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}
