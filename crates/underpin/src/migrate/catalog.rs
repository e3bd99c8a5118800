//! Which tables and enumerated types a database has: their names, and whether a name alone leads to them. Not what is in
//! them.

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, sql::CreatedKind};

use super::execute::failure;
use crate::database::{Row, Session};

/// The tables and views of a database, and its enumerated types.
pub(super) struct Catalog {
    dialect: Dialect,
    rows: Vec<Row>,
    /// The schema that a table without one is created in.
    pub(super) current_schema: String,
}

impl Catalog {
    /// Lists them.
    pub(super) async fn read(session: &mut dyn Session) -> Result<Self, Diagnostic> {
        let dialect = session.server().flavour.dialect();
        let unlisted =
            |error| failure::database(&error, "the tables could not be listed").state("nothing was changed");
        let rows = session.fetch(visible_tables(dialect)).await.map_err(unlisted)?;
        let current = session.fetch(current_schema(dialect)).await.map_err(unlisted)?;
        let current_schema = current.first().map(|row| row.text(0).to_owned()).unwrap_or_default();
        Ok(Self { dialect, rows, current_schema })
    }

    /// Whether a table or view (or a type) is there that a statement would mean by this name.
    pub(super) fn has(&self, kind: CreatedKind, schema: Option<&str>, name: &str) -> bool {
        self.of_kind(kind).any(|row| {
            let there = schema.map_or_else(|| row.truth(2), |schema| self.same(row.text(0), schema));
            there && self.same(row.text(1), name)
        })
    }

    /// Whether the name alone leads to the table (or the type) of that schema.
    pub(super) fn sees(&self, kind: CreatedKind, schema: &str, name: &str) -> bool {
        self.of_kind(kind)
            .any(|row| row.truth(2) && self.same(row.text(0), schema) && self.same(row.text(1), name))
    }

    fn of_kind(&self, kind: CreatedKind) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.text(3) == kind.noun())
    }

    /// Names that were read from statements were folded already, as PostgreSQL does it; the others
    /// don't tell cases apart, or only on some systems.
    fn same(&self, one: &str, other: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => one == other,
            Dialect::Sqlite | Dialect::Mysql => one.eq_ignore_ascii_case(other),
        }
    }
}

/// Schema, name, whether the name alone leads there, and what it is.
const fn visible_tables(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "SELECT 'main', name, 1, 'table' FROM sqlite_schema WHERE type IN ('table', 'view')"
        }
        Dialect::Postgres => {
            "SELECT n.nspname, c.relname, pg_table_is_visible(c.oid), 'table' FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') \
             UNION ALL SELECT n.nspname, t.typname, pg_type_is_visible(t.oid), 'type' FROM pg_catalog.pg_type t \
             JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'"
        }
        Dialect::Mysql => {
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_SCHEMA = DATABASE(), 'table' FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')"
        }
    }
}

const fn current_schema(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SELECT 'main'",
        Dialect::Postgres => "SELECT current_schema()",
        Dialect::Mysql => "SELECT DATABASE()",
    }
}
