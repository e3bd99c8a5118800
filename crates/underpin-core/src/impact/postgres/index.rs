//! What PostgreSQL does for `CREATE INDEX`, `ALTER INDEX` and `REINDEX`. Not for keys, which are
//! constraints.

use crate::statement::{IndexDefinition, ObjectName, Reindex, ReindexScope};

use super::{
    super::{LockMode, gathering::Gathering},
    partition,
};

/// `CREATE INDEX`.
pub(super) fn created(gathering: &mut Gathering<'_>, index: &IndexDefinition) {
    let Some(table) = &index.table else { return };
    let mode = if index.concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
    let there = index.name.as_ref().is_some_and(|name| gathering.catalog.index(&name.name).is_some());
    if index.if_not_exists && there {
        return gathering.lock(table, mode);
    }
    for member in partition::family(gathering, table, stands_alone(gathering, table, index.only)) {
        gathering.lock(&member, mode);
    }
    for leaf in partition::leaves(gathering, table, stands_alone(gathering, table, index.only)) {
        gathering.build(&leaf, 1);
    }
}

/// An index is made on partitions, and not on tables that inherit.
fn stands_alone(gathering: &Gathering<'_>, table: &ObjectName, only: bool) -> bool {
    only || !gathering.table(table).is_some_and(|table| table.partitioned)
}

/// `ALTER INDEX … ATTACH PARTITION`: the partition's index can't be read meanwhile.
pub(super) fn attached(gathering: &mut Gathering<'_>, child: &ObjectName) {
    gathering.lock_object(child.clone(), LockMode::AccessExclusive);
}

/// `ALTER INDEX`: a new name is in nobody's way, a new place in everybody's.
pub(super) fn altered(gathering: &mut Gathering<'_>, index: &ObjectName, tablespace: bool) {
    if tablespace {
        gathering.lock_object(index.clone(), LockMode::AccessExclusive);
    }
}

/// `REINDEX`.
pub(super) fn rebuilt(gathering: &mut Gathering<'_>, reindex: &Reindex) {
    let Some(name) = &reindex.name else { return gathering.unknown() };
    let mode = if reindex.concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
    match reindex.scope {
        ReindexScope::Table => {
            let indexes: Vec<ObjectName> = gathering
                .table(name)
                .into_iter()
                .flat_map(|table| table.indexes.iter().map(|index| ObjectName::plain(index.name.clone())))
                .collect();
            gathering.lock(name, mode);
            gathering.build(name, indexes.len().max(1));
            if !reindex.concurrently {
                for index in indexes {
                    gathering.lock_object(index, LockMode::AccessExclusive);
                }
            }
        }
        ReindexScope::Index => {
            let table = gathering.catalog.index(&name.name).map(|(table, _)| table.name.clone());
            if let Some(table) = table {
                gathering.lock(&table, mode);
                gathering.build(&table, 1);
            }
            if !reindex.concurrently {
                gathering.lock_object(name.clone(), LockMode::AccessExclusive);
            }
        }
        ReindexScope::Wide => gathering.unknown(),
    }
}
