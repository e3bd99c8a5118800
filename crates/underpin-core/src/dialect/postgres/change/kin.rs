//! Columns that several tables have in common, because something below inherits the column from all of them: the
//! server changes neither their type nor their name from one of them alone, but from a table above them all
//! ("ALTER TABLE" in the manual, Notes). Such a table is made for that time. Not columns of one parent.

use std::collections::BTreeSet;

use super::{
    column::{self, altering},
    conversion::Way,
    plan::Plan,
    side::Unit,
    table::aside,
    text::{qualified, quote},
};
use crate::{
    difference::Statement,
    schema::{Column, ObjectId, Schema, Table},
};

/// The outermost tables that have to change a column together; none where one can by itself.
pub(super) fn outermost<'a>(schema: &'a Schema, table: &'a ObjectId, column: &str) -> Vec<&'a ObjectId> {
    let has = |id: &ObjectId| schema.table(id).is_some_and(|table| table.column(column).is_some());
    let parents = |table: &'a Table| table.inherits.iter().filter(|parent| has(parent));
    let mut kin = BTreeSet::from([table]);
    loop {
        let before = kin.len();
        for (id, child) in schema.tables().filter(|(id, _)| has(id)) {
            if kin.contains(id) || parents(child).any(|parent| kin.contains(parent)) {
                kin.insert(id);
                kin.extend(parents(child));
            }
        }
        if kin.len() == before {
            break;
        }
    }
    kin.retain(|id| schema.table(id).is_some_and(|table| parents(table).next().is_none()));
    if kin.len() > 1 { kin.into_iter().collect() } else { Vec::new() }
}

/// Gives the column of several tables its other type at once, when it is the first one's turn; nothing where it
/// changes by itself.
pub(super) fn retyped(
    plan: &Plan<'_>,
    unit: &Unit<'_>,
    from: &Column,
    to: &Column,
    way: Way,
) -> Option<Vec<Statement>> {
    let kin = outermost(plan.from.schema, &unit.object.id, &to.name);
    let first = *kin.first()?;
    if !column::changes_type(from, to) || way == Way::Names || to.generated.is_some() {
        return None;
    }
    if *first != unit.object.id {
        return Some(Vec::new());
    }
    let (old, mut new) = (plain(&from.name, from), plain(&from.name, to));
    // An operation says how values become others; no catalog does.
    new.options = to
        .options
        .iter()
        .filter(|(name, _)| *name == "using")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Some(below(&kin, &old, |above| column::alter(above, &old, &new, way)))
}

/// Gives the column of several tables its other name at once.
pub(super) fn renamed(kin: &[&ObjectId], column: &Column, name: &str) -> Vec<Statement> {
    let plain = plain(&column.name, column);
    let rename = format!("RENAME COLUMN {} TO {}", quote(&column.name), quote(name));
    below(kin, &plain, |above| vec![altering(above, &rename)])
}

/// A column of this type, and nothing else of it.
fn plain(name: &str, column: &Column) -> Column {
    Column {
        name: name.to_owned(),
        data_type: column.data_type.clone(),
        nullable: true,
        collation: column.collation.clone(),
        ..Column::default()
    }
}

/// Changes a table that is above these for as long as that takes.
fn below(kin: &[&ObjectId], column: &Column, change: impl Fn(&ObjectId) -> Vec<Statement>) -> Vec<Statement> {
    let Some(first) = kin.first() else { return Vec::new() };
    let above = first.renamed(&aside(&first.name));
    let definition = column::definition(column, false);
    let mut statements = vec![Statement::new(format!("CREATE TABLE {} ({definition})", qualified(&above)))];
    let parent = qualified(&above);
    statements.extend(kin.iter().map(|id| altering(id, &format!("INHERIT {parent}"))));
    statements.extend(change(&above));
    statements.extend(kin.iter().map(|id| altering(id, &format!("NO INHERIT {parent}"))));
    statements.push(Statement::new(format!("DROP TABLE {parent}")));
    statements
}
