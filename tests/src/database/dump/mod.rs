//! A schema as text, to be compared with another one: the same text for the same schema, whatever the database's name.
//! It is no backup: it holds no data and cannot be run.

pub(super) mod mysql;
mod postgres;
mod sqlite;

use super::TestDatabase;
use crate::Engine;

/// The tables that are Underpin's own, and that a dump leaves out.
const OWN: &str = "underpin_";

/// The schema of a database.
pub(super) fn schema(database: &TestDatabase) -> String {
    match database.engine() {
        Engine::Sqlite => sqlite::schema(database),
        Engine::Postgres => postgres::schema(database),
        Engine::Mysql | Engine::Mariadb => mysql::schema(database),
    }
}

/// One line a row, its values separated by ` | `; NULL is written `-`.
fn lines(rows: Vec<Vec<Option<String>>>) -> String {
    rows.into_iter()
        .map(|row| row.into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>())
        .map(|values| values.join(" | ") + "\n")
        .collect()
}
