//! SQLite's schema is what `sqlite_schema` says: the statements that made it.
//! Indexes that SQLite makes by itself have no statement and follow from their tables.

use super::{OWN, TestDatabase, lines};

/// The schema of a database.
pub(super) fn schema(database: &TestDatabase) -> String {
    lines(database.query(&format!(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema \
         WHERE substr(tbl_name, 1, {}) <> '{OWN}' AND sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' \
         ORDER BY type, name",
        OWN.len()
    )))
}
