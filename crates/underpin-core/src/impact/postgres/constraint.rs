//! What PostgreSQL does when a constraint is added, validated, altered or dropped.

use crate::statement::{ConstraintDefinition, ConstraintKind, ObjectName};

use super::{
    super::{LockMode, gathering::Gathering},
    alter::{Target, referenced},
    column::nullable_columns,
    partition,
};

/// `ADD CONSTRAINT`.
pub(super) fn added(gathering: &mut Gathering<'_>, target: &Target<'_>, definition: &ConstraintDefinition) {
    let checked = !definition.not_valid && !definition.not_enforced;
    match &definition.kind {
        ConstraintKind::ForeignKey { reference, .. } => {
            target.lock_family(gathering, LockMode::ShareRowExclusive);
            for parent in partition::family(gathering, &reference.table, false) {
                gathering.lock(&parent, LockMode::ShareRowExclusive);
            }
            let mut unread = target.leaves(gathering);
            let leaves = unread.len();
            unread
                .retain(|leaf| *leaf == target.alter.table || !has_alike(gathering, leaf, &definition.kind));
            if unread.len() < leaves {
                // What looks after the rows referred to is there for the whole from now on, and for the
                // partition no longer.
                gathering.lock(&reference.table, LockMode::AccessExclusive);
            }
            if checked && gathering.was_there(target.table()) && !unread.is_empty() {
                for leaf in unread {
                    gathering.scan(&leaf);
                }
                scan(gathering, &reference.table);
            }
        }
        ConstraintKind::Check { .. } => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            if checked {
                target.scan(gathering);
            }
        }
        ConstraintKind::NotNull { column } => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            if checked {
                super::column::not_null(gathering, target, column);
            }
        }
        ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } => {
            // Partitions are locked for the index alone on 15, unless their columns become NOT NULL, and
            // as the table is on 18.
            let nullable = nullable_columns(gathering, target.table(), &definition.kind);
            let alone = target.version.major < 18 && nullable.is_empty();
            target.lock_family(gathering, if alone { LockMode::Share } else { LockMode::AccessExclusive });
            gathering.lock(target.table(), LockMode::AccessExclusive);
            let table = gathering.table(target.table());
            if nullable.iter().any(|name| !table.is_some_and(|table| table.proves_not_null(name))) {
                target.scan(gathering);
            }
            if index.is_none() {
                target.build(gathering, 1);
            }
        }
        ConstraintKind::Exclusion => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            target.build(gathering, 1);
        }
    }
}

/// Whether a partition has such a foreign key of its own, which is valid: that becomes a part of its
/// parent's (`tryAttachPartitionForeignKey`).
pub(super) fn has_alike(gathering: &Gathering<'_>, partition: &ObjectName, wanted: &ConstraintKind) -> bool {
    let ConstraintKind::ForeignKey { columns, reference } = wanted else { return false };
    let catalog = gathering.catalog;
    let key = |columns: &[String]| match columns {
        [] => catalog.table(&reference.table).and_then(|table| table.primary_key()).map(<[String]>::to_vec),
        _ => Some(columns.to_vec()),
    };
    let is_alike = |one: &crate::catalog::Constraint| match &one.kind {
        ConstraintKind::ForeignKey { columns: own, reference: there } => {
            one.validated
                && one.enforced
                && own == columns
                && catalog.same_table(&there.table, &reference.table)
                && there.on_delete_cascade == reference.on_delete_cascade
                && key(&there.columns) == key(&reference.columns)
        }
        _ => false,
    };
    catalog.table(partition).is_some_and(|table| table.constraints.iter().any(is_alike))
}

pub(super) fn scan(gathering: &mut Gathering<'_>, table: &ObjectName) {
    for leaf in partition::leaves(gathering, table, false) {
        gathering.scan(&leaf);
    }
}

/// `VALIDATE CONSTRAINT`.
pub(super) fn validated(gathering: &mut Gathering<'_>, target: &Target<'_>, name: &str) {
    let known = gathering.table(target.table()).and_then(|table| table.constraint(name));
    let parent = known.and_then(|constraint| referenced(&constraint.kind)).cloned();
    let done = known.is_some_and(|constraint| constraint.validated);
    if parent.is_some() {
        gathering.lock(target.table(), LockMode::ShareUpdateExclusive);
    } else {
        target.lock_family(gathering, LockMode::ShareUpdateExclusive);
    }
    if done {
        return;
    }
    target.scan(gathering);
    if let Some(parent) = parent {
        gathering.lock(&parent, LockMode::RowShare);
        scan(gathering, &parent);
    }
}

/// `ALTER CONSTRAINT`: of a foreign key, the triggers on both tables change.
pub(super) fn altered(
    gathering: &mut Gathering<'_>,
    target: &Target<'_>,
    name: &str,
    enforced: Option<bool>,
) {
    gathering.lock(target.table(), LockMode::AccessExclusive);
    let known = gathering.table(target.table()).and_then(|table| table.constraint(name));
    let parent = known.and_then(|constraint| referenced(&constraint.kind)).cloned();
    let Some(parent) = parent else { return };
    match enforced {
        Some(true) if known.is_some_and(|constraint| !constraint.enforced) => {
            gathering.lock(&parent, LockMode::ShareRowExclusive);
            target.scan(gathering);
            scan(gathering, &parent);
        }
        Some(false) if known.is_some_and(|constraint| constraint.enforced) => {
            gathering.lock(&parent, LockMode::AccessExclusive);
        }
        Some(_) | None => {}
    }
}

/// `DROP CONSTRAINT`: with a foreign key, the triggers on the other table go; a key that others refer
/// to takes their foreign keys with it.
pub(super) fn dropped(gathering: &mut Gathering<'_>, target: &Target<'_>, name: &str) {
    target.lock_family(gathering, LockMode::AccessExclusive);
    let known = gathering.table(target.table()).and_then(|table| table.constraint(name));
    match known.map(|constraint| &constraint.kind) {
        Some(ConstraintKind::ForeignKey { reference, .. }) => {
            for parent in partition::family(gathering, &reference.table, false) {
                gathering.lock(&parent, LockMode::AccessExclusive);
            }
        }
        Some(ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. }) => {
            lock_referring(gathering, target.table(), columns);
        }
        Some(ConstraintKind::Check { .. } | ConstraintKind::Exclusion | ConstraintKind::NotNull { .. })
        | None => {}
    }
}

/// Locks the tables that refer to this key of the table.
fn lock_referring(gathering: &mut Gathering<'_>, table: &ObjectName, key: &[String]) {
    let catalog = gathering.catalog;
    let primary = catalog.table(table).and_then(|table| table.primary_key()).is_some_and(|of| of == key);
    let refers = |kind: &ConstraintKind| match kind {
        ConstraintKind::ForeignKey { reference, .. } => {
            let to = &reference.columns;
            catalog.same_table(&reference.table, table) && (to == key || to.is_empty() && primary)
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => false,
    };
    let mut children = catalog.referring(table);
    children.retain(|child| child.constraints.iter().any(|constraint| refers(&constraint.kind)));
    for child in children {
        gathering.lock(&child.name, LockMode::AccessExclusive);
    }
}
