//! The rows of a database, so that it can be said whether they survived. Not the schema.

use std::collections::BTreeMap;

use underpin_tests::{Engine, TestDatabase};

use crate::case::Case;

/// For each table its columns, and for each row their values.
pub(crate) struct Rows(BTreeMap<String, Table>);

struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

impl Rows {
    /// The rows of every table, by its name with its namespace.
    pub(crate) fn of(database: &TestDatabase) -> Self {
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in database.query(columns(database.engine())) {
            let [Some(table), Some(column)] = row.as_slice() else { continue };
            tables.entry(table.clone()).or_default().push(column.clone());
        }
        let read = |columns: &[String], table: &str| {
            let list = columns.iter().map(|column| as_text(database.engine(), column)).collect::<Vec<_>>();
            database.query(&format!("SELECT {} FROM {table}", list.join(", ")))
        };
        Self(
            tables
                .into_iter()
                .map(|(name, columns)| {
                    let rows = read(&columns, &name);
                    (name, Table { columns, rows })
                })
                .collect(),
        )
    }

    /// What is lost of these rows in the later ones: nothing in tables and columns that are there no longer.
    pub(crate) fn lost(&self, later: &Self, case: &Case) -> Vec<String> {
        let bare = |name: &str| name.replace(['"', '`'], "").trim_start_matches("public.").to_owned();
        let mut lost = Vec::new();
        for (name, before) in &self.0 {
            let Some(after) = later.0.get(name) else { continue };
            if case.loses.contains(&bare(name)) {
                continue;
            }
            let common: Vec<&String> = before
                .columns
                .iter()
                .filter(|column| after.columns.contains(column))
                .filter(|column| !case.changes.contains(&format!("{}.{}", bare(name), bare(column))))
                .collect();
            let (before, after) = (before.projected(&common), after.projected(&common));
            if before != after {
                lost.push(format!("{name} {common:?}\n  before {before:?}\n  after  {after:?}"));
            }
        }
        lost
    }
}

impl Table {
    fn projected(&self, columns: &[&String]) -> Vec<Vec<Option<String>>> {
        let places: Vec<usize> =
            columns.iter().filter_map(|column| self.columns.iter().position(|own| own == *column)).collect();
        let mut rows: Vec<Vec<Option<String>>> = self
            .rows
            .iter()
            .map(|row| places.iter().map(|place| row.get(*place).cloned().flatten()).collect())
            .collect();
        rows.sort();
        rows
    }
}

/// Tables and columns that hold values of their own, quoted.
fn columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT printf('\"%w\"', t.name), printf('\"%w\"', c.name) FROM pragma_table_list t, pragma_table_xinfo(t.name) c \
             WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' AND c.hidden IN (0, 1)"
        }
        Engine::Postgres => {
            "SELECT format('%I.%I', n.nspname, c.relname), format('%I', a.attname) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\\_%' \
             AND n.nspname <> 'information_schema' \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' \
             WHERE c.relkind IN ('r', 'p')"
        }
        Engine::Mysql | Engine::Mariadb => {
            "SELECT concat('`', c.table_name, '`'), concat('`', c.column_name, '`') FROM information_schema.columns c \
             JOIN information_schema.tables t USING (table_schema, table_name) \
             WHERE c.table_schema = database() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') \
             AND c.generation_expression IS NULL OR c.table_schema = database() AND c.generation_expression = '' \
             AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
        }
    }
}

fn as_text(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => format!("CAST({column} AS TEXT)"),
        Engine::Postgres => format!("{column}::text"),
        Engine::Mysql | Engine::Mariadb => column.to_owned(),
    }
}
