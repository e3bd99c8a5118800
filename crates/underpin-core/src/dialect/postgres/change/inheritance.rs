//! Columns that a child or partition shares with its parent: what happens to them when the parent's
//! comes or goes. Not where tables are attached.

use super::{column, conversion::Way, plan::Plan, side::Unit, table};
use crate::{
    difference::Statement,
    schema::{Column, ObjectId, Table},
};

/// Takes a column from a table, and from those of its children that are not to keep it. The server
/// takes it from all that have it from here alone ("DROP COLUMN" in the manual's "ALTER TABLE").
pub(super) fn column_dropped(plan: &Plan<'_>, owner: &ObjectId, column: &Column) -> Vec<Statement> {
    let children: Vec<(&ObjectId, &Table, &Table)> = plan
        .from
        .children(owner)
        .filter_map(|(child, before)| Some((child, before, plan.to.schema.table(child)?)))
        .filter(|(child, _, after)| after.inherits.contains(owner) && !plan.action(child).drops())
        .collect();
    let keeps = |after: &Table| after.column(&column.name).is_some();
    let only = children.iter().any(|(_, _, after)| keeps(after));
    let is_local = |before: &Table| {
        let shared = before.column(&column.name);
        shared.and_then(|shared| shared.options.get("inherited")).is_some_and(|how| how == "local")
    };
    let mut statements = vec![column::drop(owner, column, only)];
    for (child, before, after) in children {
        if !keeps(after) && before.column(&column.name).is_some() && (only || is_local(before)) {
            statements.push(column::drop(child, column, false));
        }
    }
    statements
}

/// What a column that has come with the parent's has not got from there: its own default, comment and
/// privileges, and that it is never null.
pub(super) fn column_made(plan: &Plan<'_>, unit: &Unit<'_>, column: &Column) -> Vec<Statement> {
    let id = &unit.object.id;
    let parent = unit.table().and_then(|table| table::parent_column(table, &column.name, plan.to.schema));
    let Some(parent) = parent else { return Vec::new() };
    let mut before = Column { nullable: parent.nullable, comment: None, ..column.clone() };
    before.grants.clear();
    if super::step::not_null(&plan.to, id, &column.name).is_some() {
        before.nullable = column.nullable;
    }
    let mut statements = Vec::new();
    if column.default != parent.default {
        let only = plan.has_children(id);
        statements.push(match column.default {
            Some(_) => column::set_default(id, column, only),
            None => column::drop_default(id, column, only),
        });
    }
    statements.extend(column::alter(id, &before, column, Way::Cast));
    statements
}
