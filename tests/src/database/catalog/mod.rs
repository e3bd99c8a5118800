//! What a database holds, as the catalog says, one line a fact, sorted: a witness for comparisons that knows nothing
//! of ours. Unlike a dump it leaves out what no statement can change, such as the order of columns on PostgreSQL.

mod mysql;
mod postgres;
mod sqlite;

use super::{Rows, TestDatabase};
use crate::Engine;

/// The facts of a database, sorted.
pub(super) fn facts(database: &TestDatabase) -> Vec<String> {
    let mut facts = match database.engine() {
        Engine::Sqlite => sqlite::facts(database),
        Engine::Postgres => postgres::facts(database),
        Engine::Mysql | Engine::Mariadb => mysql::facts(database),
    };
    facts.sort();
    facts
}

/// One line a row, its values separated by ` | `; NULL is written `-`.
fn lines(rows: Rows) -> Vec<String> {
    rows.into_iter()
        .map(|row| {
            let values: Vec<_> =
                row.into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect();
            values.join(" | ")
        })
        .collect()
}
