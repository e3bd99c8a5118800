//! Primary keys, checks and foreign keys as parts of statements.

use super::{index, list, name, quoted};
use crate::{
    dialect::Flavour,
    difference::{Alteration, Change, Difference},
    name::mysql_string,
    schema::{Action, Constraint, ConstraintKind, ForeignKey},
};

/// A constraint as `CREATE TABLE` and `ADD` take it.
pub(super) fn definition(flavour: Flavour, constraint: &Constraint) -> String {
    let label = constraint.name.as_deref().map(|name| format!("CONSTRAINT {} ", quoted(name)));
    let label = label.unwrap_or_default();
    match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } => {
            let period = constraint.options.get("without_overlaps").map(String::as_str);
            let mut sql = format!("PRIMARY KEY ({})", index::parts(parts, period));
            if let Some(using) = constraint.options.get("using") {
                sql.push_str(&format!(" USING {}", using.to_ascii_uppercase()));
            }
            if let Some(size) = constraint.options.get("key_block_size") {
                sql.push_str(&format!(" KEY_BLOCK_SIZE={size}"));
            }
            if let Some(comment) = &constraint.comment {
                sql.push_str(&format!(" COMMENT {}", mysql_string(comment)));
            }
            sql
        }
        ConstraintKind::Unique { parts, .. } => format!("{label}UNIQUE ({})", index::parts(parts, None)),
        ConstraintKind::Check { expression } => {
            let enforced = if constraint.enforced { "" } else { " NOT ENFORCED" };
            format!("{label}CHECK ({expression}){enforced}")
        }
        ConstraintKind::ForeignKey(key) => format!("{label}{}", foreign_key(flavour, key)),
        // Neither server has these.
        ConstraintKind::Exclusion | ConstraintKind::NotNull { .. } => String::new(),
    }
}

fn foreign_key(flavour: Flavour, key: &ForeignKey) -> String {
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        list(&key.columns),
        name(&key.table),
        list(&key.referenced)
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != default_action(flavour) {
            sql.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    sql
}

/// What `information_schema` says where no action was given. To the server both mean the same.
const fn default_action(flavour: Flavour) -> Action {
    match flavour {
        Flavour::Mariadb => Action::Restrict,
        Flavour::Mysql | Flavour::Postgres | Flavour::Sqlite => Action::NoAction,
    }
}

/// The clause of `ALTER TABLE` that takes a constraint away. On MySQL a check and a foreign key may
/// have the same name, so that each is called what it is; MariaDB has no word for a check.
pub(super) fn drop(flavour: Flavour, constraint: &Constraint) -> String {
    let label = quoted(constraint.name.as_deref().unwrap_or_default());
    match constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "DROP PRIMARY KEY".to_owned(),
        ConstraintKind::ForeignKey(_) => format!("DROP FOREIGN KEY {label}"),
        ConstraintKind::Unique { .. } => format!("DROP INDEX {label}"),
        ConstraintKind::Check { .. } if flavour == Flavour::Mysql => format!("DROP CHECK {label}"),
        ConstraintKind::Check { .. } | ConstraintKind::Exclusion | ConstraintKind::NotNull { .. } => {
            format!("DROP CONSTRAINT {label}")
        }
    }
}

/// Whether it is a foreign key: those go first and come last, in statements of their own.
pub(super) const fn is_foreign_key(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::ForeignKey(_))
}

/// The checks of a table that go, and whose names another table gets.
pub(super) fn moving_checks<'a>(difference: &Difference, alteration: &'a Alteration) -> Vec<&'a Constraint> {
    let gone = alteration.constraints.iter().filter_map(|change| match change {
        Change::Drop { from } if matches!(from.kind, ConstraintKind::Check { .. }) => Some(from),
        Change::Drop { .. } | Change::Add { .. } | Change::Alter { .. } => None,
    });
    gone.filter(|check| {
        difference.to.tables().any(|(id, table)| {
            *id != alteration.to.id && table.constraints.iter().any(|other| other.name == check.name)
        })
    })
    .collect()
}
