//! What PostgreSQL locks for triggers and rules. A trigger that fires for each row of a partitioned table is on each of
//! its partitions as well (manual: "CREATE TRIGGER", Notes), on 15 and newer under the same name.

use crate::statement::{CreateTrigger, ObjectName};

use super::{
    super::{LockMode, gathering::Gathering},
    partition,
};

/// `CREATE TRIGGER`, `CREATE RULE`.
pub(super) fn created(gathering: &mut Gathering<'_>, trigger: &CreateTrigger) {
    let mode = if trigger.rule { LockMode::AccessExclusive } else { LockMode::ShareRowExclusive };
    if let Some(table) = &trigger.table {
        lock(gathering, table, trigger.each_row, mode);
    }
}

/// `DROP TRIGGER`.
pub(super) fn dropped(gathering: &mut Gathering<'_>, table: &ObjectName, name: &str) {
    let same = |known: &str| gathering.catalog.same(known, name);
    let each_row = gathering
        .table(table)
        .is_some_and(|table| table.triggers.iter().any(|trigger| same(&trigger.name) && trigger.each_row));
    lock(gathering, table, each_row, LockMode::AccessExclusive);
}

/// `ALTER TRIGGER … RENAME TO`, which looks at the partitions whatever the trigger fires for.
pub(super) fn renamed(gathering: &mut Gathering<'_>, table: &ObjectName) {
    lock(gathering, table, true, LockMode::AccessExclusive);
}

/// `ALTER TABLE … DISABLE TRIGGER` and its like; which of them, is not asked.
pub(super) fn switched(gathering: &mut Gathering<'_>, table: &ObjectName, only: bool) {
    let each_row =
        gathering.table(table).is_some_and(|table| table.triggers.iter().any(|trigger| trigger.each_row));
    lock(gathering, table, each_row && !only, LockMode::ShareRowExclusive);
}

/// Locks a table, and its partitions where the trigger is theirs as well.
fn lock(gathering: &mut Gathering<'_>, table: &ObjectName, each_row: bool, mode: LockMode) {
    let partitioned = gathering.table(table).is_some_and(|table| table.partitioned);
    for member in partition::family(gathering, table, !(each_row && partitioned)) {
        gathering.lock(&member, mode);
    }
}
