//! Constraints of a table written out, where nobody wrote its statement.

use super::{index, quote};
use crate::schema::{Action, Constraint, ConstraintKind, Deferral, ForeignKey, Options};

/// A constraint as it stands beside the only column that it is of.
pub(super) fn beside_column(constraint: &Constraint) -> String {
    let text = definition(constraint);
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => {
            text.replacen(&format!("FOREIGN KEY ({}) ", columns(&key.columns)), "", 1)
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => text,
    }
}

/// A constraint as it stands below the columns.
pub(super) fn definition(constraint: &Constraint) -> String {
    let mut text = match &constraint.name {
        Some(name) => format!("CONSTRAINT {} ", quote(name)),
        None => String::new(),
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } => {
            text.push_str(&format!("PRIMARY KEY ({})", index::parts(parts)));
        }
        ConstraintKind::Unique { parts, .. } => text.push_str(&format!("UNIQUE ({})", index::parts(parts))),
        ConstraintKind::Check { expression } => text.push_str(&format!("CHECK ({expression})")),
        ConstraintKind::ForeignKey(key) => text.push_str(&foreign_key(key, constraint)),
        ConstraintKind::NotNull { column } => {
            text.push_str(&format!("CHECK ({} IS NOT NULL)", quote(column)))
        }
        // SQLite has none.
        ConstraintKind::Exclusion => text.push_str("CHECK (1)"),
    }
    if let Some(clause) = on_conflict(&constraint.options, "on_conflict") {
        text.push(' ');
        text.push_str(&clause);
    }
    text
}

/// `ON CONFLICT …`, where this option says so.
pub(super) fn on_conflict(options: &Options, option: &str) -> Option<String> {
    options.get(option).map(|resolution| format!("ON CONFLICT {resolution}"))
}

fn foreign_key(key: &ForeignKey, constraint: &Constraint) -> String {
    let mut text = format!("FOREIGN KEY ({}) REFERENCES {}", columns(&key.columns), quote(&key.table.name));
    if !key.referenced.is_empty() {
        text.push_str(&format!(" ({})", columns(&key.referenced)));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != Action::NoAction {
            text.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    if key.match_full {
        text.push_str(" MATCH FULL");
    } else if let Some(matched) = constraint.options.get("match") {
        text.push_str(&format!(" MATCH {}", quote(matched)));
    }
    text.push_str(match constraint.deferral {
        Deferral::None => "",
        Deferral::Immediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    text
}

fn columns(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}
