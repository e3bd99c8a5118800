//! What PostgreSQL does when rows change, in the tables that foreign keys lead to as well (`ri_triggers.c`: each
//! row that is written is looked up `FOR KEY SHARE`). Not which partitions rows are sorted into or found in, what triggers and rules do, nor a key of a parent that
//! gets another value.

use super::{
    super::{LockMode, gathering::Gathering},
    constraint, partition,
};
use crate::{
    catalog::{Constraint, Table},
    statement::{ConstraintKind, ObjectName, Reference, RowChange, RowVerb, TableRead},
};

/// `INSERT`, `COPY`, `UPDATE`, `DELETE`, `MERGE`.
pub(super) fn changed(gathering: &mut Gathering<'_>, change: &RowChange) {
    let Some(table) = &change.table else { return gathering.unknown() };
    gathering.lock(table, LockMode::RowExclusive);
    if !change.chosen && matches!(change.verb, RowVerb::Update | RowVerb::Delete) {
        for leaf in partition::leaves(gathering, table, change.only) {
            gathering.lock(&leaf, LockMode::RowExclusive);
            gathering.scan(&leaf);
        }
    }
    if change.verb == RowVerb::Insert {
        read(gathering, &change.reads);
    }
    match change.verb {
        RowVerb::Insert | RowVerb::Update => looked_up(gathering, table, change),
        RowVerb::Delete => deleted(gathering, &mut vec![table.clone()]),
        RowVerb::Merge => {}
    }
}

/// The tables that a query reads to the end, to copy what is in them.
pub(super) fn read(gathering: &mut Gathering<'_>, reads: &[TableRead]) {
    for table in reads.iter().filter(|read| read.every_row).map(|read| &read.table) {
        if gathering.table(table).is_some() {
            constraint::scan(gathering, table);
        }
    }
}

/// The tables that the keys of written rows are looked up in. A column that is not named has its default, mostly
/// null, or keeps its value.
fn looked_up(gathering: &mut Gathering<'_>, table: &ObjectName, change: &RowChange) {
    let every = change.verb == RowVerb::Insert && change.columns.is_empty();
    let written = |columns: &[String]| every || columns.iter().any(|column| change.columns.contains(column));
    // The keys of a partitioned table are its partitions' as well.
    let keys = gathering.catalog.with_parents(table).flat_map(foreign_keys);
    let parents: Vec<ObjectName> =
        keys.filter(|(columns, _)| written(columns)).map(|(_, reference)| reference.table.clone()).collect();
    for parent in parents.iter().filter(|parent| !gathering.catalog.same_table(parent, table)) {
        gathering.lock(parent, LockMode::RowShare);
    }
}

/// The tables that refer to deleted rows: what refers to them is looked for, or deleted as well.
fn deleted(gathering: &mut Gathering<'_>, way: &mut Vec<ObjectName>) {
    let Some(table) = way.last().cloned() else { return };
    let catalog = gathering.catalog;
    for child in catalog.referring(&table) {
        let to_table =
            |(_, reference): &(&[String], &Reference)| catalog.same_table(&reference.table, &table);
        let keys: Vec<_> = foreign_keys(child).filter(to_table).collect();
        // Once for each row that is deleted.
        if child.complete && keys.iter().any(|(columns, _)| !is_found_by_index(child, columns)) {
            gathering.scan(&child.name);
        }
        if keys.iter().any(|(_, reference)| reference.on_delete_cascade) {
            gathering.lock(&child.name, LockMode::RowExclusive);
            if !way.iter().any(|above| catalog.same_table(above, &child.name)) {
                way.push(child.name.clone());
                deleted(gathering, way);
                way.pop();
            }
        } else if !keys.is_empty() {
            gathering.lock(&child.name, LockMode::RowShare);
        }
    }
}

/// Whether rows with these values are found without reading all of them.
fn is_found_by_index(table: &Table, columns: &[String]) -> bool {
    table.indexes.iter().any(|index| {
        let first = index.columns().into_iter().take(columns.len());
        index.valid && !index.partial && columns.iter().all(|column| first.clone().any(|it| it == *column))
    })
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = (&[String], &Reference)> {
    let enforced = table.constraints.iter().filter(|constraint| constraint.enforced);
    enforced.filter_map(|constraint: &Constraint| match &constraint.kind {
        ConstraintKind::ForeignKey { columns, reference } => Some((columns.as_slice(), reference)),
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => None,
    })
}
