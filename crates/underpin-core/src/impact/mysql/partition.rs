//! What MySQL and MariaDB lock for what they do to partitions by themselves, without an algorithm that
//! could be asked for. Measured on MySQL 9.7 and MariaDB 10.11 with readers and writers beside it.

use crate::statement::{ActionKind, AlterTable, ObjectName, PartitionWork};

use super::{
    super::{LockMode, gathering::Gathering},
    Server,
};

/// Tells of the work on partitions that the statement is, if it is one of these.
pub(super) fn gather(gathering: &mut Gathering<'_>, server: Server, alter: &AlterTable) -> bool {
    let [action] = alter.actions.as_slice() else { return false };
    let ActionKind::Partition { work, .. } = &action.kind else { return false };
    match work {
        PartitionWork::Exchange { with, validated } => {
            exchange(gathering, &alter.table, with.as_ref(), *validated);
        }
        // Others go on meanwhile, and nothing is waited for.
        PartitionWork::Check => {}
        // An algorithm that is asked for is not looked at.
        PartitionWork::Truncate => gathering.lock(&alter.table, LockMode::Metadata),
        PartitionWork::Repair => {
            let mode = if server.mariadb() { LockMode::SharedRows } else { LockMode::Whole };
            gathering.lock(&alter.table, mode);
            gathering.scan(&alter.table);
        }
        // MariaDB takes no algorithm with these.
        PartitionWork::Add | PartitionWork::Drop if server.mariadb() => {
            gathering.lock(&alter.table, LockMode::Metadata);
        }
        PartitionWork::Spread | PartitionWork::Rebuild if server.mariadb() => {
            gathering.lock(&alter.table, LockMode::Shared);
            gathering.rewrite(&alter.table);
        }
        PartitionWork::By
        | PartitionWork::Remove
        | PartitionWork::Add
        | PartitionWork::Spread
        | PartitionWork::Drop
        | PartitionWork::Rebuild => return false,
    }
    true
}

/// Each row of the other table is looked at whether the partition may hold it. Meanwhile writers of both
/// tables wait, whatever partition they are about.
fn exchange(gathering: &mut Gathering<'_>, table: &ObjectName, with: Option<&ObjectName>, validated: bool) {
    let looked_at = with.filter(|with| validated && gathering.was_there(with));
    let mode = if looked_at.is_some() { LockMode::Shared } else { LockMode::Metadata };
    gathering.lock(table, mode);
    if let Some(with) = with {
        gathering.lock(with, mode);
    }
    if let Some(with) = looked_at {
        gathering.scan(with);
    }
}
