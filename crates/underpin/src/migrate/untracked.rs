//! A database that has what the revisions would bring, and no history: somebody made it another
//! way, and running the first revision into it could only fail half-way. It is refused before
//! anything is touched. Tables that the revisions don't bring are nobody's concern.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::Plan,
    revision::Direction,
    sql::{self, CreatedKind},
};

use super::{Migrator, catalog::Catalog};
use crate::database::Session;

impl Migrator {
    /// Refuses a plan that would create a table which is there already, unless it is one of
    /// `leaving`, which are about to go.
    pub(super) async fn refuse_untracked(
        &self,
        session: &mut dyn Session,
        plan: &Plan,
        leaving: &[&str],
    ) -> Result<(), Diagnostic> {
        let mut created = created_tables(plan);
        created.retain(|table| !leaving.iter().any(|name| table.name.eq_ignore_ascii_case(name)));
        if created.is_empty() {
            return Ok(());
        }
        let catalog = Catalog::read(session).await?;
        match created.iter().find(|table| catalog.has(CreatedKind::Table, table.schema.as_deref(), &table.name)) {
            None => Ok(()),
            Some(table) => Err(left_by_restores(session, plan, Diagnostic::new(
                ErrorKind::Untracked,
                format!(
                    "table {:?} already exists, but {} has no history of revisions; revision {} would create it",
                    table.name, self.database, table.revision
                ),
            )
            .state("nothing was changed"))
            .await
            .hint("if the database has what some revision brings, record that: `underpin stamp REVISION`, or `underpin stamp head` for all")
            .hint("if the tables are left over, remove them or use an empty database")),
        }
    }
}

/// Adds that a restore was killed before the history was there again, where one has left what it replaced.
async fn left_by_restores(session: &mut dyn Session, plan: &Plan, refused: Diagnostic) -> Diagnostic {
    #[cfg(feature = "mysql")]
    if plan.flavour.dialect() == underpin_core::dialect::Dialect::Mysql
        && let Ok(rows) = session.fetch("SELECT DATABASE()").await
        && let Some(live) = rows.first().map(|row| row.text(0))
        && let Ok(names) = crate::backup::left_aside(session, live).await
    {
        return names
            .iter()
            .fold(refused, |refused, name| refused.hint(crate::backup::about_left_aside(name)));
    }
    let _ = (session, plan);
    refused
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
