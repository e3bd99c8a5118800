//! What MySQL and MariaDB do for a foreign key: a copy of the table, unless they are told not to check.

use crate::{
    dialect::Flavour,
    statement::{Action, ActionKind, ConstraintKind, ObjectName},
};

use super::super::super::{Context, Found, Severity, mysql};

pub(super) fn check(context: &Context<'_>) -> Vec<Found> {
    if context.switched_off("foreign_key_checks") {
        return Vec::new();
    }
    let Some(alter) = context.alter() else { return Vec::new() };
    let found = |(table, action): (&ObjectName, &Action)| {
        let parent = referenced(context, &action.kind)?;
        let way = mysql::way(context, alter, action);
        if !mysql::copies(way) {
            return None;
        }
        if mysql::asserted(alter) {
            let message =
                "the server refuses this while foreign_key_checks is on, because it has to copy every row";
            return Some(Found::new(Severity::Warning, message, help(context)).at(action));
        }
        let locks = context.impact_of(table, action).locks;
        let other = locks.iter().find(|lock| lock.mode.blocks_writes() && lock.table.name == parent.name);
        let message = match other {
            Some(_) => {
                format!("every row of {table} is copied to look it up in {parent}, whose writers wait, too")
            }
            None => format!("every row of {table} is copied to look it up in {parent}"),
        };
        let found = Found::new(mysql::severity(way, true), message, help(context)).at(action);
        let other =
            other.filter(|lock| lock.table != *table).map(|lock| format!("; {lock}")).unwrap_or_default();
        Some(found.lock(format!("{way} on {table}{other}")))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn help(context: &Context<'_>) -> String {
    let text = context.text.trim_end();
    let asserted = context.alter().is_some_and(mysql::asserted);
    let statement = if asserted { text.to_owned() } else { format!("{text}, ALGORITHM=INPLACE, LOCK=NONE") };
    format!(
        "look for rows without a partner first; then: SET SESSION foreign_key_checks = 0; \
            {statement}; SET SESSION \
         foreign_key_checks = 1;"
    )
}

/// The table that a new foreign key refers to. One behind a column is there from MySQL 9.0 and
/// MariaDB 10.5 on.
fn referenced<'a>(context: &Context<'_>, action: &'a ActionKind) -> Option<&'a ObjectName> {
    match action {
        ActionKind::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
            _ => None,
        },
        ActionKind::AddColumn { column, .. } => {
            let made = match context.flavour {
                Flavour::Mysql => context.at_least(9, 0),
                Flavour::Mariadb => context.at_least(10, 5),
                Flavour::Sqlite | Flavour::Postgres => false,
            };
            column.references().filter(|_| made).map(|reference| &reference.table)
        }
        _ => None,
    }
}
