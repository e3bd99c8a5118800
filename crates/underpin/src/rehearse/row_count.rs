//! How many rows the tables of a copy have, before and after. Rows are counted, and not looked at.

use serde::Serialize;
use tokio::time::Instant;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    name::{quote, quote_in},
};

use crate::{
    HistoryTables,
    database::{Access, DatabaseError, Errand, Interrupt, Session},
    migrate::{Migrator, failed_to},
};

/// The tables that have rows themselves: namespace, name, and the name that is shown.
const fn tables(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "SELECT NULL, name, name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        }
        Dialect::Postgres => {
            "SELECT n.nspname, c.relname, CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' \
               AND n.nspname <> 'information_schema' ORDER BY 3"
        }
        Dialect::Mysql => {
            "SELECT NULL, TABLE_NAME, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() \
             AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME"
        }
    }
}

/// How many rows a table had before a rehearsal, and has after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// The table.
    pub table: String,
    /// Before; nothing where it was not there.
    pub before: Option<i64>,
    /// After; nothing where it is not there any more.
    pub after: Option<i64>,
}

impl Migrator {
    /// How many rows each table has, without the history's.
    pub(super) async fn row_counts(&self) -> Result<Vec<(String, i64)>, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Errand::REHEARSE, Instant::now(), self.limits.run);
        let session = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let Some(mut session) = session else { return Ok(Vec::new()) };
        let counts = interrupt.limit(count_rows(session.as_mut(), &self.tables)).await;
        session.close().await;
        counts
            .map_err(|stop| stop.diagnostic("while rows were counted"))?
            .map_err(|error| failed_to(&error, "the rows of the copy could not be counted"))
    }
}

async fn count_rows(
    session: &mut dyn Session,
    history: &HistoryTables,
) -> Result<Vec<(String, i64)>, DatabaseError> {
    let dialect = session.server().flavour.dialect();
    let is_own = |name: &str| history.owns(name);
    let mut counts = Vec::new();
    for row in session.fetch(tables(dialect)).await?.iter().filter(|row| !is_own(row.text(1))) {
        let table = match row.optional(0) {
            Some(schema) => quote_in(dialect, Some(schema), row.text(1)),
            None => quote(dialect, row.text(1)),
        };
        let rows = session.fetch(&format!("SELECT count(*) FROM {table}")).await?;
        let count = rows.first().and_then(|row| row.integer(0)).unwrap_or_default();
        counts.push((row.text(2).to_owned(), count));
    }
    Ok(counts)
}

/// The tables that have another number of rows than before, in the order of their names.
pub(super) fn changes(before: &[(String, i64)], after: &[(String, i64)]) -> Vec<RowChange> {
    let of = |counts: &[(String, i64)], table: &str| {
        counts.iter().find(|(name, _)| name == table).map(|(_, count)| *count)
    };
    let mut names: Vec<&str> = before.iter().chain(after).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let change = |table: &str| RowChange {
        table: table.to_owned(),
        before: of(before, table),
        after: of(after, table),
    };
    names.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_of_whose_number_of_rows_has_changed() {
        let counts = |pairs: &[(&str, i64)]| -> Vec<(String, i64)> {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
        };
        let before = counts(&[("gone", 3), ("less", 5), ("same", 7)]);
        let after = counts(&[("less", 4), ("new", 0), ("same", 7)]);
        let told: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| (change.table, change.before, change.after))
            .collect();
        let expected = [("gone", Some(3), None), ("less", Some(5), Some(4)), ("new", None, Some(0))];
        assert_eq!(told, expected.map(|(table, before, after)| (table.to_owned(), before, after)));
    }
}
