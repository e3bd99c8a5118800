//! What PostgreSQL does for each action of an `ALTER TABLE` (manual: "ALTER TABLE", Notes; the locks as
//! `AlterTableGetLockLevel` in tablecmds.c has them). Columns and constraints have files of their own.

use crate::{
    schema::ServerVersion,
    statement::{ActionKind, AlterTable, ConstraintKind, ObjectName, TriggerState},
};

use super::{
    super::{LockMode, gathering::Gathering},
    column, constraint, partition, trigger,
};

/// The table that an action is about, as it is asked about.
pub(super) struct Target<'a> {
    pub(super) version: ServerVersion,
    pub(super) alter: &'a AlterTable,
}

impl Target<'_> {
    pub(super) fn table(&self) -> &ObjectName {
        &self.alter.table
    }

    /// The tables with rows that an action reaches.
    pub(super) fn leaves(&self, gathering: &Gathering<'_>) -> Vec<ObjectName> {
        partition::leaves(gathering, self.table(), self.alter.only)
    }

    /// Every table that an action reaches.
    pub(super) fn family(&self, gathering: &Gathering<'_>) -> Vec<ObjectName> {
        partition::family(gathering, self.table(), self.alter.only)
    }

    /// Locks the table and all below it.
    pub(super) fn lock_family(&self, gathering: &mut Gathering<'_>, mode: LockMode) {
        for member in self.family(gathering) {
            gathering.lock(&member, mode);
        }
    }

    /// Rows of the table and all below it are read.
    pub(super) fn scan(&self, gathering: &mut Gathering<'_>) {
        for leaf in self.leaves(gathering) {
            gathering.scan(&leaf);
        }
    }

    /// The table and all below it are written anew.
    pub(super) fn rewrite(&self, gathering: &mut Gathering<'_>) {
        for leaf in self.leaves(gathering) {
            gathering.rewrite(&leaf);
        }
    }

    /// Indexes are built on the table and all below it.
    pub(super) fn build(&self, gathering: &mut Gathering<'_>, indexes: usize) {
        for leaf in self.leaves(gathering) {
            gathering.build(&leaf, indexes);
        }
    }
}

/// `ALTER TABLE`. Each action is asked about the table as it is before the statement.
pub(super) fn gather(gathering: &mut Gathering<'_>, version: ServerVersion, alter: &AlterTable) {
    let target = Target { version, alter };
    for action in &alter.actions {
        one(gathering, &target, &action.kind);
    }
}

fn one(gathering: &mut Gathering<'_>, target: &Target<'_>, action: &ActionKind) {
    match action {
        ActionKind::AddColumn { column, if_not_exists } => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            let there =
                gathering.table(target.table()).is_some_and(|table| table.column(&column.name).is_some());
            if !(there && *if_not_exists) {
                column::added(gathering, target, column);
            }
        }
        ActionKind::DropColumn { column, .. } => column::dropped(gathering, target, column),
        ActionKind::SetType { column, data_type, using, collation } => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            column::retyped(gathering, target, column, data_type, using.as_ref(), collation.as_deref());
        }
        ActionKind::SetNotNull { column } => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            column::not_null(gathering, target, column);
        }
        ActionKind::SetExpression { column } => {
            target.lock_family(gathering, LockMode::AccessExclusive);
            if column::is_stored(gathering, target, column) {
                target.rewrite(gathering);
            }
        }
        ActionKind::AddConstraint(definition) => constraint::added(gathering, target, definition),
        ActionKind::DropConstraint { constraint, .. } => constraint::dropped(gathering, target, constraint),
        ActionKind::ValidateConstraint { constraint } => constraint::validated(gathering, target, constraint),
        ActionKind::AlterConstraint { constraint, enforced } => {
            constraint::altered(gathering, target, constraint, *enforced);
        }
        ActionKind::RenameColumn { .. }
        | ActionKind::DropNotNull { .. }
        | ActionKind::SetDefault { .. }
        | ActionKind::DropDefault { .. }
        | ActionKind::DropExpression { .. }
        | ActionKind::ColumnStorage { .. }
        | ActionKind::RenameConstraint { .. }
        | ActionKind::Identity { .. } => target.lock_family(gathering, LockMode::AccessExclusive),
        ActionKind::Trigger(TriggerState::Trigger) => {
            trigger::switched(gathering, target.table(), target.alter.only);
        }
        ActionKind::ColumnStatistics { .. } => {
            target.lock_family(gathering, LockMode::ShareUpdateExclusive);
        }
        ActionKind::StorageParameters | ActionKind::ClusterOn => {
            gathering.lock(target.table(), LockMode::ShareUpdateExclusive);
        }
        ActionKind::Inherit { parent } => {
            gathering.lock(parent, LockMode::ShareUpdateExclusive);
            gathering.lock(target.table(), LockMode::AccessExclusive);
        }
        ActionKind::SetTablespace | ActionKind::SetAccessMethod => {
            gathering.lock(target.table(), LockMode::AccessExclusive);
            gathering.rewrite(target.table());
        }
        ActionKind::SetLogged(logged) => logged_or_not(gathering, target, *logged),
        ActionKind::AttachPartition { partition, default, .. } => {
            partition::attached(gathering, target.version, target.table(), partition, *default);
        }
        ActionKind::DetachPartition { partition, concurrently, .. } => {
            partition::detached(gathering, target.version, target.table(), partition, *concurrently);
        }
        ActionKind::RenameTable { .. }
        | ActionKind::NoInherit { .. }
        | ActionKind::SetSchema { .. }
        | ActionKind::Owner
        | ActionKind::ReplicaIdentity
        | ActionKind::Trigger(TriggerState::Rule | TriggerState::RowSecurity) => {
            gathering.lock(target.table(), LockMode::AccessExclusive);
        }
        ActionKind::Other(_)
        | ActionKind::Redefine { .. }
        | ActionKind::AddIndex(_)
        | ActionKind::DropIndex { .. }
        | ActionKind::RenameIndex { .. }
        | ActionKind::IndexVisibility { .. }
        | ActionKind::DropForeignKey { .. }
        | ActionKind::DropPrimaryKey
        | ActionKind::Partition { .. }
        | ActionKind::Versioning(_)
        | ActionKind::Option(_)
        | ActionKind::ConvertCharset
        | ActionKind::Force
        | ActionKind::OrderBy
        | ActionKind::Tablespace(_)
        | ActionKind::Harmless => {
            // Not of this dialect, or not known.
            gathering.lock(target.table(), LockMode::AccessExclusive);
            gathering.unknown();
        }
    }
}

/// `SET LOGGED`, `SET UNLOGGED`: the table is written anew, unless it is that already.
fn logged_or_not(gathering: &mut Gathering<'_>, target: &Target<'_>, logged: bool) {
    gathering.lock(target.table(), LockMode::AccessExclusive);
    if gathering.table(target.table()).is_none_or(|table| table.unlogged == logged) {
        gathering.rewrite(target.table());
    }
}

/// Whether a foreign key of the kind refers to a table, and which.
pub(super) fn referenced(kind: &ConstraintKind) -> Option<&ObjectName> {
    match kind {
        ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => None,
    }
}

/// Locks whatever foreign keys tie to the column.
pub(super) fn lock_partners_of_column(gathering: &mut Gathering<'_>, table: &ObjectName, column: &str) {
    let catalog = gathering.catalog;
    let mut partners: Vec<ObjectName> = Vec::new();
    for constraint in catalog.table(table).into_iter().flat_map(|table| &table.constraints) {
        if let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind
            && columns.iter().any(|name| name == column)
        {
            partners.push(reference.table.clone());
        }
    }
    for child in catalog.referring(table) {
        let key = catalog.table(table).and_then(|table| table.primary_key()).unwrap_or_default();
        let to = |columns: &[String]| {
            let columns = if columns.is_empty() { key } else { columns };
            columns.iter().any(|name| name == column)
        };
        let refers = |constraint: &crate::catalog::Constraint| match &constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => {
                catalog.same_table(&reference.table, table) && to(&reference.columns)
            }
            _ => false,
        };
        if child.constraints.iter().any(refers) {
            partners.push(child.name.clone());
        }
    }
    for partner in partners {
        gathering.lock(&partner, LockMode::AccessExclusive);
    }
}
