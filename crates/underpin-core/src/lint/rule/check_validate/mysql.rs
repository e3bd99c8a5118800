//! What MySQL and MariaDB do for a check: a copy of the table.

use crate::statement::{Action, ActionKind, ColumnDefinition, ConstraintKind, ObjectName};

use super::super::super::{Context, Found, Severity, mysql};

pub(super) fn check(context: &Context<'_>) -> Vec<Found> {
    let Some(alter) = context.alter() else { return Vec::new() };
    let found = |(table, action): (&ObjectName, &Action)| {
        let way = mysql::way(context, alter, action);
        if !adds_check(&action.kind) || enforced_already(context, table, &action.kind) || !mysql::copies(way)
        {
            return None;
        }
        if mysql::asserted(alter) {
            let message =
                format!("the server refuses this, because it has to copy every row of {table} for a check");
            let help =
                "in a window without ALGORITHM; or NOT ENFORCED, which MySQL takes at once and never checks";
            return Some(Found::new(Severity::Warning, message, help).at(action));
        }
        let message = format!("every row of {table} is copied to check it");
        let help = "look for rows that break it first, and add it in a window; gh-ost and \
            pt-online-schema-change \
                    copy without a lock";
        let found = Found::new(mysql::severity(way, true), message, help);
        Some(found.at(action).lock(format!("{way} on {table}")))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn enforced_already(context: &Context<'_>, table: &ObjectName, action: &ActionKind) -> bool {
    let ActionKind::AlterConstraint { constraint, .. } = action else { return false };
    let known = context.table(table).and_then(|table| table.constraint(constraint));
    known.is_some_and(|constraint| constraint.enforced)
}

fn adds_check(action: &ActionKind) -> bool {
    match action {
        ActionKind::AddConstraint(constraint) => matches!(constraint.kind, ConstraintKind::Check { .. }),
        ActionKind::AddColumn { column, .. } => checked(column),
        ActionKind::AlterConstraint { enforced, .. } => *enforced == Some(true),
        _ => false,
    }
}

fn checked(column: &ColumnDefinition) -> bool {
    column
        .constraints
        .iter()
        .any(|constraint| matches!(constraint.kind, ConstraintKind::Check { .. }) && !constraint.not_enforced)
}
