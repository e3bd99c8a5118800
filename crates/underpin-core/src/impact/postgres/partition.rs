//! Partitions and children of a table, and what `ATTACH`, `DETACH` and `PARTITION OF` do to them. A
//! partition that the catalog does not know is not told of.

use crate::{schema::ServerVersion, statement::ObjectName};

use super::{
    super::{LockMode, gathering::Gathering},
    alter, constraint,
};

/// The table and all that is below it: partitions, and children that inherit from it.
pub(super) fn family(gathering: &Gathering<'_>, table: &ObjectName, only: bool) -> Vec<ObjectName> {
    let below = if only { Vec::new() } else { gathering.catalog.below(table) };
    let mut family = vec![table.clone()];
    family.extend(below.into_iter().map(|child| child.name.clone()));
    family
}

/// Those of the family that have rows.
pub(super) fn leaves(gathering: &Gathering<'_>, table: &ObjectName, only: bool) -> Vec<ObjectName> {
    let mut family = family(gathering, table, only);
    family.retain(|member| !gathering.table(member).is_some_and(|table| table.partitioned));
    family
}

/// The partition of the parent for what no other takes.
fn default_of(gathering: &Gathering<'_>, parent: &ObjectName) -> Option<ObjectName> {
    let partitions = gathering.catalog.partitions(parent);
    partitions
        .into_iter()
        .find(|partition| partition.default_partition)
        .map(|partition| partition.name.clone())
}

/// `CREATE TABLE … PARTITION OF parent`.
pub(super) fn created(gathering: &mut Gathering<'_>, parent: &ObjectName) {
    gathering.lock(parent, LockMode::AccessExclusive);
    if let Some(default) = default_of(gathering, parent) {
        gathering.lock(&default, LockMode::AccessExclusive);
        gathering.scan(&default);
    }
    for table in referenced(gathering, parent).into_iter().chain(referring(gathering, parent)) {
        gathering.lock(&table, LockMode::ShareRowExclusive);
    }
}

/// The tables that the keys of a partitioned table lead to.
fn referenced(gathering: &Gathering<'_>, parent: &ObjectName) -> Vec<ObjectName> {
    gathering.table(parent).into_iter().flat_map(|table| table.references().cloned()).collect()
}

/// The tables whose keys lead to a partitioned table.
fn referring(gathering: &Gathering<'_>, parent: &ObjectName) -> Vec<ObjectName> {
    gathering.catalog.referring(parent).into_iter().map(|child| child.name.clone()).collect()
}

/// `ATTACH PARTITION`; a check that proves the bounds, which would save the scan, is not looked for.
pub(super) fn attached(
    gathering: &mut Gathering<'_>,
    version: ServerVersion,
    parent: &ObjectName,
    partition: &ObjectName,
    is_default: bool,
) {
    let mode = if version.major >= 12 { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
    gathering.lock(parent, mode);
    for member in family(gathering, partition, false) {
        gathering.lock(&member, LockMode::AccessExclusive);
    }
    let alone = is_default && gathering.catalog.partitions(parent).is_empty();
    if !alone {
        for leaf in leaves(gathering, partition, false) {
            gathering.scan(&leaf);
        }
    }
    if let Some(default) = default_of(gathering, parent) {
        gathering.lock(&default, LockMode::AccessExclusive);
        gathering.scan(&default);
    }
    adopted_indexes(gathering, parent, partition);
    adopted_keys(gathering, parent, partition);
}

/// Foreign keys of the parent are the partition's from now on. One that it had already is looked after by the parent's
/// triggers, and its own go.
fn adopted_keys(gathering: &mut Gathering<'_>, parent: &ObjectName, partition: &ObjectName) {
    for child in referring(gathering, parent) {
        gathering.lock(&child, LockMode::ShareRowExclusive);
    }
    let kinds = gathering.table(parent).into_iter().flat_map(|table| &table.constraints);
    let keys: Vec<_> = kinds.filter_map(|key| Some((&key.kind, alter::referenced(&key.kind)?))).collect();
    for (kind, table) in keys {
        if constraint::has_alike(gathering, partition, kind) {
            gathering.lock(table, LockMode::AccessExclusive);
        } else {
            gathering.lock(table, LockMode::ShareRowExclusive);
            constraint::scan(gathering, table);
        }
    }
}

/// Indexes of the parent that the new partition has not are built.
fn adopted_indexes(gathering: &mut Gathering<'_>, parent: &ObjectName, partition: &ObjectName) {
    let (Some(above), Some(below)) = (gathering.table(parent), gathering.table(partition)) else { return };
    let missing = above.indexes.iter().filter(|index| {
        !below.indexes.iter().any(|own| own.parts == index.parts && own.unique == index.unique)
    });
    let missing = missing.count();
    gathering.build(partition, missing);
}

/// `DETACH PARTITION`.
pub(super) fn detached(
    gathering: &mut Gathering<'_>,
    version: ServerVersion,
    parent: &ObjectName,
    partition: &ObjectName,
    concurrently: bool,
) {
    if concurrently {
        gathering.lock(parent, LockMode::ShareUpdateExclusive);
        gathering.lock(partition, LockMode::ShareUpdateExclusive);
        return;
    }
    gathering.lock(parent, LockMode::AccessExclusive);
    let own = if version.major >= 14 { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
    gathering.lock(partition, own);
    if let Some(default) = default_of(gathering, parent) {
        gathering.lock(&default, LockMode::AccessExclusive);
    }
    released_keys(gathering, parent, partition);
}

/// Foreign keys of the parent become the partition's own, and nothing may refer to a row that leaves.
fn released_keys(gathering: &mut Gathering<'_>, parent: &ObjectName, partition: &ObjectName) {
    for table in referenced(gathering, parent) {
        gathering.lock(&table, LockMode::ShareRowExclusive);
    }
    for child in referring(gathering, parent) {
        gathering.lock(&child, LockMode::AccessExclusive);
        for read in [&child, partition] {
            constraint::scan(gathering, read);
        }
    }
}
