//! Tables: made by one statement, and changed by one statement wherever the server allows it.

use super::{Phases, alteration::TableChange, column, constraint, index, name, option, partition};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    difference::{Alteration, Difference},
    schema::{Body, Constraint, ConstraintKind, ObjectId, ObjectKind, Options, Table},
};

/// The statement that makes a table with these of its constraints.
pub(super) fn create(
    flavour: Flavour,
    id: &ObjectId,
    table: &Table,
    constraints: &[&Constraint],
    comment: Option<&str>,
) -> String {
    let mut parts: Vec<String> =
        table.columns.iter().map(|column| column::definition(flavour, column)).collect();
    let (keys, others): (Vec<&&Constraint>, Vec<&&Constraint>) =
        constraints.iter().partition(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }));
    parts.extend(keys.iter().map(|key| constraint::definition(flavour, key)));
    parts.extend(table.indexes.iter().map(|index| index::definition(flavour, index)));
    for (period, columns) in option::periods_without(&table.options, &Options::new()) {
        parts.push(format!("PERIOD FOR {} ({columns})", option::period(period)));
    }
    parts.extend(others.iter().map(|one| constraint::definition(flavour, one)));
    let mut sql = format!("CREATE TABLE {} (\n  {}\n)", name(id), parts.join(",\n  "));
    for end in [Some(option::of_new_table(&table.options, comment)), partition::definition(table)] {
        if let Some(end) = end.filter(|end| !end.is_empty()) {
            sql.push(' ');
            sql.push_str(&end);
        }
    }
    sql
}

/// Writes the statements that change a table, its foreign keys apart.
///
/// # Errors
/// Something that is a table on one side only, and what the server does not change.
pub(super) fn alter(
    difference: &Difference,
    alteration: &Alteration,
    phases: &mut Phases,
) -> Result<(), Diagnostic> {
    let (Body::Table(from), Body::Table(to)) = (&alteration.from.body, &alteration.to.body) else {
        let message = format!("{} is no table on both sides", alteration.to.id);
        return Err(Diagnostic::new(ErrorKind::Internal, message));
    };
    if alteration.is_rename() {
        let (old, new) = (name(&alteration.from.id), name(&alteration.to.id));
        phases.rename_tables.push(format!("RENAME TABLE {old} TO {new}"));
    }
    let change = TableChange::new(difference, alteration, from, to);
    if let Some(column) = column::period_that_changes(alteration, from, to) {
        let message = format!(
            "{} holds the period of the system's own versions, and the server changes no such column",
            alteration.to.id.part(ObjectKind::Column, column)
        );
        return Err(Diagnostic::new(ErrorKind::Unsupported, message).state("nothing was changed").hint(
            "drop the versions and make them anew, if what they hold may go, in a revision written by hand",
        ));
    }
    phases.drop_checks.extend(change.early_drops());
    phases.alter_tables.extend(change.statements());
    Ok(())
}
