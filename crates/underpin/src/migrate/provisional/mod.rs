//! Tables that are made without revisions, and the enumerated types of their columns: creating those that a schema has and the database has not,
//! and making way for the revisions that bring them later. Which of them go is decided in the core.

mod create;
mod settle;

pub(crate) use create::Created;
pub(super) use settle::{Settlement, Surroundings};

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, name::quote_in, sql::CreatedKind};

use super::{execute::failure, run::history_unreadable};
use crate::{
    database::{DatabaseError, Session},
    history::{HistoryTables, ProvisionalRecord},
};

/// The tables that were made without revisions, that are there, and that no revision has taken over.
pub(super) async fn standing(
    session: &mut dyn Session,
    tables: &HistoryTables,
    applied: impl Fn(&str) -> bool,
) -> Result<Vec<ProvisionalRecord>, Diagnostic> {
    let mut records = tables.read_provisional(session).await.map_err(history_unreadable)?;
    if records.is_empty() {
        return Ok(records);
    }
    let dialect = session.server().flavour.dialect();
    let catalog = super::catalog::Catalog::read(session).await?;
    records.retain(|record| {
        catalog.has(record.kind(dialect), Some(&record.schema), &record.name)
            && !record.adopted_by.as_deref().is_some_and(&applied)
    });
    Ok(records)
}

/// How many rows a table has; a type has none.
async fn rows(session: &mut dyn Session, record: &ProvisionalRecord) -> Result<u64, Diagnostic> {
    let dialect = session.server().flavour.dialect();
    match record.kind(dialect) {
        CreatedKind::Table => {}
        CreatedKind::Enum => return Ok(0),
    }
    let sql = format!("SELECT count(*) FROM {}", quoted(dialect, record));
    let rows = session.fetch(&sql).await.map_err(|error| unsettled(&error))?;
    let count = rows.first().and_then(|row| row.integer(0));
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// The statement that drops it.
fn dropping(dialect: Dialect, record: &ProvisionalRecord) -> String {
    format!("DROP {} {}", record.kind(dialect).keyword(), quoted(dialect, record))
}

/// A name as SQL.
fn quoted(dialect: Dialect, record: &ProvisionalRecord) -> String {
    quote_in(dialect, Some(&record.schema), &record.name)
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn unsettled(error: &DatabaseError) -> Diagnostic {
    failure::database(error, "the provisional tables could not be settled")
}
