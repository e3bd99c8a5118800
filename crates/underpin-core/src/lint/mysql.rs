//! How MySQL and MariaDB carry out one action of an `ALTER TABLE`, as the rules ask about it. Not the
//! facts, which are `impact::mysql`.

use crate::{
    impact::{Algorithm, Way, mysql},
    statement::{Action, ActionKind, AlterTable, ConstraintKind, ObjectName},
};

use super::{Context, Severity};

/// The best way that the server has for one action of the statement.
pub(super) fn way(context: &Context<'_>, alter: &AlterTable, action: &Action) -> Way {
    let alone = match action.kind {
        // The one with the other is a rebuild, and alone a copy.
        ActionKind::DropPrimaryKey => alter.actions.iter().filter(|action| is_key(&action.kind)).collect(),
        // It may be instant alone and a copy beside others.
        ActionKind::AddColumn { ref column, .. } if column.generated.is_some() => {
            alter.actions.iter().filter(|other| *other == action || beside(&other.kind)).collect()
        }
        // An index that is made again.
        ActionKind::AddIndex(_) | ActionKind::DropIndex { .. } => alter
            .actions
            .iter()
            .filter(|other| *other == action || on_index(&other.kind, &action.kind))
            .collect(),
        _ => vec![action],
    };
    let alone = AlterTable { actions: alone.into_iter().cloned().collect(), ..alter.clone() };
    mysql::alter_way(context.flavour, context.version, context.catalog, &alone)
}

/// Whether an action is one that a new virtual column may not stand beside without a copy.
fn beside(action: &ActionKind) -> bool {
    match action {
        ActionKind::RenameColumn { .. }
        | ActionKind::Redefine { .. }
        | ActionKind::SetDefault { .. }
        | ActionKind::DropDefault { .. } => true,
        ActionKind::AddColumn { column, .. } => column.generated.is_none(),
        _ => false,
    }
}

/// Whether one action drops the index that the other makes.
fn on_index(one: &ActionKind, other: &ActionKind) -> bool {
    match (one, other) {
        (ActionKind::DropIndex { index }, ActionKind::AddIndex(made))
        | (ActionKind::AddIndex(made), ActionKind::DropIndex { index }) => {
            made.name.as_ref().is_some_and(|name| name.name.eq_ignore_ascii_case(index))
        }
        _ => false,
    }
}

fn is_key(action: &ActionKind) -> bool {
    match action {
        ActionKind::DropPrimaryKey => true,
        ActionKind::AddConstraint(constraint) => {
            matches!(constraint.kind, ConstraintKind::PrimaryKey { .. })
        }
        _ => false,
    }
}

/// Whether the way is known: what `MODIFY` does depends on the column as it was.
pub(super) fn certain(context: &Context<'_>, table: &ObjectName, action: &Action) -> bool {
    match &action.kind {
        ActionKind::Redefine { from, .. } => context.column(table, from).is_some(),
        _ => true,
    }
}

/// What the statement itself says about being carried out without a copy.
pub(super) fn asserted(alter: &AlterTable) -> bool {
    let algorithm = alter.algorithm.as_deref().is_some_and(|word| word != "COPY" && word != "DEFAULT");
    algorithm || alter.lock.as_deref() == Some("NONE")
}

/// How bad it is when the server copies the table: writers wait, or (MariaDB from 11.2 on) don't.
pub(super) fn severity(way: Way, certain: bool) -> Severity {
    match way.concurrency {
        crate::impact::Concurrency::None => Severity::Warning,
        crate::impact::Concurrency::Shared | crate::impact::Concurrency::Exclusive if certain => {
            Severity::Error
        }
        crate::impact::Concurrency::Shared | crate::impact::Concurrency::Exclusive => Severity::Warning,
    }
}

/// Whether the way is a copy of every row by the server.
pub(super) fn copies(way: Way) -> bool {
    way.algorithm == Algorithm::Copy
}
