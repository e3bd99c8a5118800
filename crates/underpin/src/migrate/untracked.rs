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
        self.refuse_broken_off(session, plan).await?;
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

impl Migrator {
    /// Refuses a database with tables whose history a restore has yet to bring: revisions that don't make them
    /// would be run for a second time.
    #[cfg(feature = "mysql")]
    async fn refuse_broken_off(&self, session: &mut dyn Session, plan: &Plan) -> Result<(), Diagnostic> {
        const TABLES: &str = "SELECT EXISTS (SELECT 1 FROM information_schema.TABLES \
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'underpin\\_%')";
        if plan.flavour.dialect() != underpin_core::dialect::Dialect::Mysql {
            return Ok(());
        }
        let has_tables =
            session.fetch(TABLES).await.is_ok_and(|rows| rows.first().is_some_and(|row| row.truth(0)));
        let names = if has_tables { replaced(session).await } else { Vec::new() };
        if names.is_empty() {
            return Ok(());
        }
        let message =
            format!("{} has tables and no history of revisions, and a restore was broken off", self.database);
        let refused = Diagnostic::new(ErrorKind::Untracked, message).state("nothing was changed");
        Err(names.iter().fold(refused, |refused, name| refused.hint(crate::backup::about_left_aside(name))))
    }

    #[cfg(not(feature = "mysql"))]
    #[allow(clippy::unused_async, reason = "as with the feature")]
    async fn refuse_broken_off(&self, _: &mut dyn Session, _: &Plan) -> Result<(), Diagnostic> {
        Ok(())
    }
}

/// Adds that a restore was killed before the history was there again, where one has left what it replaced.
async fn left_by_restores(session: &mut dyn Session, plan: &Plan, refused: Diagnostic) -> Diagnostic {
    #[cfg(feature = "mysql")]
    if plan.flavour.dialect() == underpin_core::dialect::Dialect::Mysql {
        let names = replaced(session).await;
        return names
            .iter()
            .fold(refused, |refused, name| refused.hint(crate::backup::about_left_aside(name)));
    }
    let _ = (session, plan);
    refused
}

/// The databases that have what restores of this one have replaced, as far as the server tells.
#[cfg(feature = "mysql")]
async fn replaced(session: &mut dyn Session) -> Vec<String> {
    let Ok(rows) = session.fetch("SELECT DATABASE()").await else { return Vec::new() };
    let Some(live) = rows.first().map(|row| row.text(0)) else { return Vec::new() };
    crate::backup::left_aside(session, live).await.unwrap_or_default()
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
