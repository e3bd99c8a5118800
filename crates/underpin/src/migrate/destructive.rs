//! What becomes of a plan that deletes data: whether it may be run, and what exactly it would delete. What
//! a statement's words tell of that is the core's; the columns of a table that is made anew, only the
//! database knows.

use futures_util::future::BoxFuture;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    loss::{Loss, lost_precision},
    name::literal,
    plan::{self, Plan, PlannedLoss},
    revision::{Direction, Language},
};

use super::{Migrator, execute::failure};
use crate::{database::Session, policy::Destructive};

/// How many losses are named.
const NAMED: usize = 5;

impl Migrator {
    /// What a plan deletes. A revision that is gone on with (`dirty`) was let through when it was begun. It is
    /// on the heap from the beginning, so that planning is not larger for it.
    pub(super) fn losses<'a>(
        &'a self,
        session: &'a mut dyn Session,
        plan: &'a Plan,
        dirty: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<PlannedLoss>, Diagnostic>> {
        Box::pin(async move {
            let mut losses = Vec::new();
            for found in plan::losses(plan) {
                if Some(found.revision.as_str()) == dirty {
                    continue;
                }
                match &found.loss {
                    Loss::Rebuild { table, kept } => {
                        let lost = not_copied(session, table, kept).await?;
                        let of = |column| Loss::Column { table: table.clone(), column };
                        losses.extend(
                            lost.into_iter().map(|column| PlannedLoss { loss: of(column), ..found.clone() }),
                        );
                    }
                    Loss::Conversion { table, column, data_type, cast } => {
                        let now = column_type(session, table, column).await?;
                        let dialect = session.server().flavour.dialect();
                        let lost = now.and_then(|now| lost_precision(dialect, &now, data_type, *cast));
                        losses.extend(lost.map(|lost| {
                            let part = format!("{lost} in {column}");
                            PlannedLoss { loss: Loss::Part { table: table.clone(), part }, ..found.clone() }
                        }));
                    }
                    Loss::Table { .. }
                    | Loss::Column { .. }
                    | Loss::Rows { .. }
                    | Loss::Part { .. }
                    | Loss::Container { .. }
                    | Loss::Dependents { .. } => losses.push(found),
                }
            }
            Ok(losses)
        })
    }

    /// Refuses upgrades that delete data where nobody has said that this is meant. To take a revision back
    /// is a person's word already.
    pub(super) fn refuse_losses(&self, plan: &Plan, losses: &[PlannedLoss]) -> Result<(), Diagnostic> {
        match self.destructive {
            Destructive::Allow => Ok(()),
            Destructive::Confirm | Destructive::Deny => refuse(plan, losses),
        }
    }
}

/// The losses that nobody has said are meant.
pub(crate) fn unreviewed(losses: &[PlannedLoss]) -> impl Iterator<Item = &PlannedLoss> {
    losses.iter().filter(|loss| loss.direction == Direction::Upgrade && !loss.reviewed)
}

fn refuse(plan: &Plan, losses: &[PlannedLoss]) -> Result<(), Diagnostic> {
    let mut unreviewed = unreviewed(losses);
    let Some(first) = unreviewed.next() else { return Ok(()) };
    let step = &plan.steps[first.step];
    let message = format!(
        "revision {} deletes data, and nobody has said that this is meant: {} would be gone",
        step.title(),
        first.loss
    );
    let header = match step.language {
        Language::Sql => "-- destructive: reviewed",
        Language::Rust => "//! destructive: reviewed",
    };
    let mut error =
        Diagnostic::new(ErrorKind::Destructive, message).at(first.place.clone()).state("nothing was changed");
    let others: Vec<&PlannedLoss> = unreviewed.collect();
    for other in others.iter().take(NAMED) {
        let place = format!("{}:{}", other.place.file, other.place.line);
        error = error.hint(format!("revision {} too, at {place}: {}", other.revision, other.loss));
    }
    if others.len() > NAMED {
        error = error.hint(format!("and {} more", others.len() - NAMED));
    }
    Err(error
        .hint(format!("where that is meant, write `{header}` into the header of {}", step.file))
        .hint("or allow it this once: --allow-destructive, or UNDERPIN_DESTRUCTIVE=allow"))
}

/// The columns of a table whose names are not among these; none where it is not there yet.
async fn not_copied(
    session: &mut dyn Session,
    table: &str,
    kept: &[String],
) -> Result<Vec<String>, Diagnostic> {
    let dialect = session.server().flavour.dialect();
    let [schema, name] = literals(dialect, table);
    let sql = match dialect {
        Dialect::Sqlite => format!("SELECT name FROM pragma_table_xinfo({name}) WHERE hidden = 0"),
        Dialect::Postgres => format!(
            "SELECT column_name FROM information_schema.columns WHERE table_name = {name} AND table_schema = {schema} \
             AND is_generated = 'NEVER'"
        ),
        Dialect::Mysql => format!(
            "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_NAME = {name} AND TABLE_SCHEMA = {schema} \
             AND GENERATION_EXPRESSION = ''"
        ),
    };
    let rows = session.fetch(&sql).await.map_err(|error| {
        failure::database(&error, "the columns of a table could not be read").state("nothing was changed")
    })?;
    let is_kept = |column: &str| kept.iter().any(|name| name.eq_ignore_ascii_case(column));
    Ok(rows.iter().map(|row| row.text(0).to_owned()).filter(|column| !is_kept(column)).collect())
}

/// The type of a column, as the database writes it; none where it is not there yet.
async fn column_type(
    session: &mut dyn Session,
    table: &str,
    column: &str,
) -> Result<Option<String>, Diagnostic> {
    let dialect = session.server().flavour.dialect();
    let [schema, name] = literals(dialect, table);
    let column = literal(dialect, column);
    let sql = match dialect {
        Dialect::Sqlite => format!("SELECT type FROM pragma_table_xinfo({name}) WHERE name = {column}"),
        Dialect::Postgres => format!(
            "SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = {name} AND n.nspname = {schema} \
             AND a.attname = {column} AND NOT a.attisdropped"
        ),
        Dialect::Mysql => format!(
            "SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_NAME = {name} AND TABLE_SCHEMA = {schema} \
             AND COLUMN_NAME = {column}"
        ),
    };
    let rows = session.fetch(&sql).await.map_err(|error| {
        failure::database(&error, "the type of a column could not be read").state("nothing was changed")
    })?;
    Ok(rows.first().map(|row| row.text(0).to_owned()))
}

/// The schema and the name of a table as texts of SQL; the schema is the usual one where none is said.
fn literals(dialect: Dialect, table: &str) -> [String; 2] {
    let usual = match dialect {
        Dialect::Sqlite => "'main'",
        Dialect::Postgres => "current_schema()",
        Dialect::Mysql => "DATABASE()",
    };
    match table.rsplit_once('.') {
        Some((schema, name)) => [literal(dialect, schema), literal(dialect, name)],
        None => [usual.to_owned(), literal(dialect, table)],
    }
}
