//! The history's own tables. They are created under the migration lock, never before.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
};

use super::{FORMAT, HistoryTables, clock};

/// The statements that create the history where there is none, in order.
///
/// `IF NOT EXISTS` is no protection against a race, which the lock is; it lets a creation that was
/// cut off half-way on MySQL be continued.
pub(crate) fn create_tables(tables: &HistoryTables, dialect: Dialect, digest: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let types = Types::of(dialect);
    let Types { id, text, short, number, serial, options } = types;
    statements.push(format!(
        "CREATE TABLE IF NOT EXISTS {} (\n  revision {id} NOT NULL PRIMARY KEY,\n  position {number} NOT NULL,\n  \
         checksum {short} NOT NULL,\n  parents {text} NOT NULL,\n  depends_on {text} NOT NULL,\n  message {text} NOT NULL,\n  \
         origin {short} NOT NULL,\n  phase {short},\n  applied_at {short} NOT NULL,\n  duration_ms {number} NOT NULL,\n  \
         run {short} NOT NULL,\n  actor {text} NOT NULL,\n  host {text} NOT NULL,\n  tool {short} NOT NULL,\n  \
         transactional {number} NOT NULL,\n  downgrade {text}\n){options}",
        tables.ledger(dialect)
    ));
    statements.push(format!(
        "CREATE TABLE IF NOT EXISTS {} (\n  id {serial},\n  run {short} NOT NULL,\n  revision {id} NOT NULL,\n  \
         direction {short} NOT NULL,\n  outcome {short} NOT NULL,\n  checksum {short},\n  started_at {short} NOT NULL,\n  \
         finished_at {short} NOT NULL,\n  duration_ms {number} NOT NULL,\n  actor {text} NOT NULL,\n  host {text} NOT NULL,\n  \
         tool {short} NOT NULL,\n  statement {number},\n  error_code {short},\n  error {text}\n){options}",
        tables.log(dialect)
    ));
    if has_journal_from_the_start(dialect) {
        statements.push(tables.create_journal(dialect));
    }
    statements.push(format!(
        "CREATE TABLE IF NOT EXISTS {} (\n  id {number} NOT NULL PRIMARY KEY CHECK (id = 1),\n  format {number} NOT NULL,\n  \
         digest {short} NOT NULL,\n  dirty {id},\n  updated_at {short} NOT NULL\n){options}",
        tables.state(dialect)
    ));
    statements.push(format!(
        "INSERT INTO {} (id, format, digest, dirty, updated_at) VALUES (1, {FORMAT}, '{digest}', NULL, {})",
        tables.state(dialect),
        clock::now(dialect)
    ));
    statements
}

/// Whether the journal is made with the rest. On MySQL and MariaDB each schema change needs it; elsewhere
/// it waits for the first revision outside a transaction, for a table is four files to PostgreSQL.
pub(crate) const fn has_journal_from_the_start(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Mysql => true,
        Dialect::Sqlite | Dialect::Postgres => false,
    }
}

/// The query that finds a schema, and the statement that creates it. It is asked first, because
/// IF NOT EXISTS needs the privilege to create even where there is nothing to create.
pub(crate) fn find_and_create_schema(schema: &str, dialect: Dialect) -> Option<(String, String)> {
    let catalog = match dialect {
        Dialect::Sqlite => return None,
        Dialect::Postgres => "pg_catalog.pg_namespace WHERE nspname",
        Dialect::Mysql => "information_schema.SCHEMATA WHERE SCHEMA_NAME",
    };
    let find = format!("SELECT 1 FROM {catalog} = {}", literal(dialect, schema));
    Some((find, format!("CREATE SCHEMA IF NOT EXISTS {}", quote(dialect, schema))))
}

/// How each engine writes the few types that the history has.
pub(super) struct Types {
    /// A revision's id: 255 characters that differ where their bytes differ.
    pub(super) id: &'static str,
    pub(super) text: &'static str,
    pub(super) short: &'static str,
    pub(super) number: &'static str,
    pub(super) serial: &'static str,
    pub(super) options: &'static str,
}

impl Types {
    pub(super) const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self {
                id: "TEXT",
                text: "TEXT",
                short: "TEXT",
                number: "INTEGER",
                serial: "INTEGER PRIMARY KEY AUTOINCREMENT",
                options: "",
            },
            Dialect::Postgres => Self {
                id: "varchar(255) COLLATE \"C\"",
                text: "text",
                short: "varchar(100)",
                number: "bigint",
                serial: "bigserial PRIMARY KEY",
                options: "",
            },
            Dialect::Mysql => Self {
                id: "varchar(255)",
                text: "longtext",
                short: "varchar(100)",
                number: "bigint",
                serial: "bigint AUTO_INCREMENT PRIMARY KEY",
                options: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC",
            },
        }
    }
}
