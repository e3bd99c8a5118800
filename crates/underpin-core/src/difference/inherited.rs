//! A column that gets another name gets it in every table below its own: partitions, and children that inherit it
//! ("ALTER TABLE" in the manual of PostgreSQL).

use super::{Rename, Renames};
use crate::schema::{ObjectId, ObjectKind, Schema, Table};

/// The renames of columns in tables below those of which somebody has said it.
pub(super) fn columns(renames: &Renames, from: &Schema, to: &Schema) -> Vec<Rename> {
    let is_column = |rename: &&Rename| rename.to.kind == ObjectKind::Column && rename.to.table.is_some();
    let mut found: Vec<Rename> = renames.0.iter().filter(is_column).cloned().collect();
    let said = found.len();
    let mut next = 0;
    while let Some(above) = found.get(next).cloned() {
        next += 1;
        for (id, child) in from.tables() {
            let new = renames.new_id(id);
            let column = Rename {
                to: new.part(ObjectKind::Column, &above.to.name),
                from: above.from.clone(),
                schema: None,
            };
            let is_below = parents(child).any(|parent| is_table_of(&renames.new_id(parent), &above.to));
            let is_there = child.column(&above.from).is_some()
                && to.table(&new).is_some_and(|table| table.column(&above.to.name).is_some());
            if is_below && is_there && !found.contains(&column) {
                found.push(column);
            }
        }
    }
    found.split_off(said)
}

fn parents(table: &Table) -> impl Iterator<Item = &ObjectId> {
    table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits)
}

fn is_table_of(table: &ObjectId, column: &ObjectId) -> bool {
    column.table.as_ref() == Some(&table.name) && column.schema == table.schema
}
