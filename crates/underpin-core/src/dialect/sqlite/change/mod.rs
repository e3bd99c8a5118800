//! The statements that make one schema into another on SQLite: `ALTER TABLE` where it is enough, and
//! one rebuild for each table where it is not. What differs was decided before; here it is only put
//! in order and written down.

mod column;
mod constraint;
mod copy;
mod index;
mod names;
mod order;
mod program;
mod rebuild;
mod script;
mod table;
mod virtual_table;

use crate::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    difference::{Difference, Statement},
    name,
};

pub(crate) use script::script;

/// The statements that carry out a difference.
///
/// They mean the same inside of a transaction, and foreign keys have to be off while they run: with
/// them on, the `DROP TABLE` of a rebuild deletes the rows of other tables.
///
/// # Errors
/// A virtual table whose rows can't be read, so that a change of it would lose them.
pub(crate) fn statements(difference: &Difference) -> Result<Vec<Statement>, Diagnostic> {
    Ok(order::ordered(difference)?.into_iter().map(Statement::new).collect())
}

fn quote(identifier: &str) -> String {
    name::quote(Dialect::Sqlite, identifier)
}

fn literal(value: &str) -> String {
    name::literal(Dialect::Sqlite, value)
}
