//! What PostgreSQL locks for `DROP` and `TRUNCATE`: the object, and whatever foreign keys tie to it.

use crate::statement::{Drop, ObjectClass, ObjectName};

use super::{
    super::{LockMode, gathering::Gathering},
    cascade, partition, trigger,
};

/// `DROP`.
pub(super) fn gather(gathering: &mut Gathering<'_>, drop: &Drop) {
    for name in &drop.names {
        match drop.class {
            ObjectClass::Table | ObjectClass::ForeignTable => table(gathering, name, drop.cascade),
            ObjectClass::Index => index(gathering, name, drop.concurrently),
            ObjectClass::View | ObjectClass::MaterializedView => {
                gathering.lock(name, LockMode::AccessExclusive);
                if drop.cascade {
                    views_above(gathering, name);
                }
            }
            ObjectClass::Trigger => {
                if let Some(table) = &drop.table {
                    trigger::dropped(gathering, table, &name.name);
                }
            }
            ObjectClass::Policy => {
                if let Some(table) = &drop.table {
                    gathering.lock(table, LockMode::AccessExclusive);
                }
            }
            ObjectClass::Schema if drop.cascade => cascade::schema(gathering, name),
            ObjectClass::Schema | ObjectClass::Database | ObjectClass::Extension | ObjectClass::Owned => {
                gathering.unknown()
            }
            ObjectClass::Sequence => {
                gathering.lock_object(name.clone(), LockMode::AccessExclusive);
                if drop.cascade {
                    cascade::sequence(gathering, name);
                }
            }
            ObjectClass::Type if drop.cascade => columns_of_type(gathering, name),
            ObjectClass::Other(ref class) if drop.cascade && is_function(class) => {
                cascade::function(gathering, name);
            }
            // Columns and views go with it, whose tables the catalog doesn't tell.
            ObjectClass::Other(_) if drop.cascade => gathering.unknown(),
            ObjectClass::Type | ObjectClass::Other(_) => {}
        }
    }
}

fn is_function(class: &str) -> bool {
    matches!(class, "FUNCTION" | "ROUTINE" | "PROCEDURE" | "AGGREGATE")
}

/// `DROP TABLE`.
pub(super) fn table(gathering: &mut Gathering<'_>, name: &ObjectName, cascade: bool) {
    for member in partition::family(gathering, name, false) {
        gathering.lock(&member, LockMode::AccessExclusive);
        partners(gathering, &member);
    }
    let parent = gathering.table(name).and_then(|table| table.partition_of.clone());
    if let Some(parent) = parent {
        gathering.lock(&parent, LockMode::AccessExclusive);
        for sibling in gathering.catalog.partitions(&parent) {
            if sibling.default_partition {
                gathering.lock(&sibling.name, LockMode::AccessExclusive);
            }
        }
    }
    if cascade {
        views_above(gathering, name);
    }
}

/// Locks the views that read a table or view, and those that read them.
pub(super) fn views_above(gathering: &mut Gathering<'_>, name: &ObjectName) {
    let mut above = vec![name.name.clone()];
    let mut next = 0;
    while let Some(read) = above.get(next).cloned() {
        let views: Vec<String> = gathering.catalog.views_of(&read).map(|(view, _)| view.to_owned()).collect();
        for view in views.into_iter().filter(|view| !above.contains(view)).collect::<Vec<_>>() {
            gathering.lock(&ObjectName::plain(&view), LockMode::AccessExclusive);
            above.push(view);
        }
        next += 1;
    }
}

/// Columns of a type or domain that goes go with it.
fn columns_of_type(gathering: &mut Gathering<'_>, name: &ObjectName) {
    for table in super::tables_of_type(gathering, name) {
        for member in partition::family(gathering, &table, false) {
            gathering.lock(&member, LockMode::AccessExclusive);
        }
    }
}

/// The tables that foreign keys tie to this one, either way: their triggers go.
fn partners(gathering: &mut Gathering<'_>, table: &ObjectName) {
    let catalog = gathering.catalog;
    let parents = catalog.table(table).into_iter().flat_map(|table| table.references());
    let children = catalog.referring(table).into_iter().map(|child| &child.name);
    let tied = parents.chain(children).flat_map(|partner| partition::family(gathering, partner, false));
    for partner in tied.collect::<Vec<_>>() {
        gathering.lock(&partner, LockMode::AccessExclusive);
    }
}

fn index(gathering: &mut Gathering<'_>, name: &ObjectName, concurrently: bool) {
    let mode = if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
    let Some((table, _)) = gathering.catalog.index(&name.name) else {
        if !concurrently {
            gathering.lock_object(name.clone(), mode);
        }
        return;
    };
    let only = !table.partitioned;
    for member in partition::family(gathering, &table.name, only) {
        gathering.lock(&member, mode);
    }
}

/// `TRUNCATE`.
pub(super) fn truncated(gathering: &mut Gathering<'_>, tables: &[ObjectName], only: bool, cascade: bool) {
    let mut emptied = tables.to_vec();
    let mut next = 0;
    while let Some(table) = emptied.get(next).cloned() {
        for member in partition::family(gathering, &table, only) {
            gathering.lock(&member, LockMode::AccessExclusive);
        }
        if cascade {
            let referring = gathering.catalog.referring(&table);
            let more: Vec<ObjectName> = referring.into_iter().map(|child| child.name.clone()).collect();
            emptied.extend(more.into_iter().filter(|child| !emptied.contains(child)).collect::<Vec<_>>());
        }
        next += 1;
    }
}
