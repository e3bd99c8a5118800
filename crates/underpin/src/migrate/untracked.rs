//! A database that has what the revisions would bring, and no history: somebody made it another
//! way, and running the first revision into it could only fail half-way. It is refused before
//! anything is touched. Tables that the revisions don't bring are nobody's concern.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    plan::Plan,
    revision::Direction,
    sql,
};

use super::{Migrator, execute::failure};
use crate::database::Session;

impl Migrator {
    /// Refuses a plan that would create a table which is there already.
    pub(super) async fn refuse_untracked(
        &self,
        session: &mut dyn Session,
        plan: &Plan,
    ) -> Result<(), Diagnostic> {
        let dialect = plan.flavour.dialect();
        let created = created_tables(plan);
        if created.is_empty() {
            return Ok(());
        }
        let rows = session.fetch(visible_tables(dialect)).await.map_err(|error| {
            failure::database(&error, "the tables could not be listed").state("nothing was changed")
        })?;
        let there = |table: &Table| {
            rows.iter().any(|row| {
                let same_schema = match &table.schema {
                    Some(schema) => row.text(0).eq_ignore_ascii_case(schema),
                    None => row.truth(2),
                };
                same_schema && row.text(1).eq_ignore_ascii_case(&table.name)
            })
        };
        match created.iter().find(|table| there(table)) {
            None => Ok(()),
            Some(table) => Err(Diagnostic::new(
                ErrorKind::Untracked,
                format!(
                    "table {:?} already exists, but {} has no history of revisions; revision {} would create it",
                    table.name, self.database, table.revision
                ),
            )
            .state("nothing was changed")
            .hint("if the database has what some revision brings, record that: `underpin stamp REVISION`, or `underpin stamp head` for all")
            .hint("if the tables are left over, remove them or use an empty database")),
        }
    }
}

struct Table {
    schema: Option<String>,
    name: String,
    revision: String,
}

/// The tables that a plan creates without having dropped them first and without IF NOT EXISTS.
fn created_tables(plan: &Plan) -> Vec<Table> {
    let dialect = plan.flavour.dialect();
    let mut created = Vec::new();
    let mut dropped: Vec<String> = Vec::new();
    for step in plan.steps.iter().filter(|step| step.direction == Direction::Upgrade) {
        for statement in &step.statements {
            match sql::created_table(dialect, &statement.text) {
                Some(table) if !table.if_not_exists && !table.temporary && !dropped.contains(&table.name) => {
                    created.push(Table {
                        schema: table.schema,
                        name: table.name,
                        revision: step.revision().to_string(),
                    });
                }
                Some(_) => {}
                None => {
                    let names = sql::object_names(dialect, &statement.text);
                    let moves = |name: &String| {
                        name.eq_ignore_ascii_case("drop") || name.eq_ignore_ascii_case("rename")
                    };
                    if names.iter().any(moves) {
                        dropped.extend(names);
                    }
                }
            }
        }
    }
    created
}

/// Schema, name, and whether the name alone leads there.
fn visible_tables(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SELECT 'main', name, 1 FROM sqlite_schema WHERE type IN ('table', 'view')",
        Dialect::Postgres => {
            "SELECT n.nspname, c.relname, pg_table_is_visible(c.oid) FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        }
        Dialect::Mysql => {
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_SCHEMA = DATABASE() FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')"
        }
    }
}
