//! The constraints of a table, as they stand in CREATE TABLE and behind ALTER TABLE ADD.

use super::{list, qualified, unsupported};
use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    model::{ModelCheck, ModelForeignKey, ModelTable, ModelUnique, naming},
    name::quote,
    schema::{Action, Deferral},
};

/// The primary key, if it is not a column's own business.
pub(super) fn primary_key(table: &ModelTable, flavour: Flavour) -> String {
    let columns = list(&table.primary_key.columns, flavour);
    let name = match flavour {
        Flavour::Postgres => {
            let usual = || naming::primary_key(&table.name);
            Some(table.primary_key.name.clone().unwrap_or_else(usual))
        }
        Flavour::Sqlite => table.primary_key.name.clone(),
        Flavour::Mysql | Flavour::Mariadb => None,
    };
    format!("{}PRIMARY KEY ({columns})", prefix(name.as_deref(), flavour))
}

/// A unique constraint.
pub(in crate::model) fn unique(
    table: &ModelTable,
    unique: &ModelUnique,
    flavour: Flavour,
) -> Result<String, Diagnostic> {
    let is_postgres = flavour == Flavour::Postgres;
    if unique.nulls_not_distinct && !is_postgres {
        return Err(unsupported(flavour, &table.name.name, "NULLS NOT DISTINCT"));
    }
    if unique.deferral != Deferral::None && !is_postgres {
        return Err(unsupported(flavour, &table.name.name, "unique constraints that can wait"));
    }
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let columns = list(&unique.columns, flavour);
    let deferral = deferral(unique.deferral);
    Ok(format!("{}UNIQUE{nulls} ({columns}){deferral}", prefix(unique.name.as_deref(), flavour)))
}

/// A check.
pub(super) fn check(check: &ModelCheck, flavour: Flavour) -> Option<String> {
    let expression = check.expression.get(flavour)?;
    Some(format!("{}CHECK ({expression})", prefix(check.name.as_deref(), flavour)))
}

/// A foreign key.
pub(in crate::model) fn foreign_key(key: &ModelForeignKey, flavour: Flavour) -> Result<String, Diagnostic> {
    let owner = key.name.clone().unwrap_or_default();
    if flavour.dialect() == Dialect::Mysql {
        if key.deferral != Deferral::None {
            return Err(unsupported(flavour, &owner, "foreign keys that can wait"));
        }
        // InnoDB refuses it ("FOREIGN KEY Constraints" in MySQL's manual), MariaDB takes it and does nothing.
        if [key.on_delete, key.on_update].contains(&Action::SetDefault) {
            return Err(unsupported(flavour, &owner, "SET DEFAULT"));
        }
    }
    let mut text = format!(
        "{}FOREIGN KEY ({}) REFERENCES {} ({})",
        prefix(key.name.as_deref(), flavour),
        list(&key.columns, flavour),
        qualified(&key.table, flavour),
        list(&key.referenced, flavour),
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != Action::NoAction {
            text.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    text.push_str(deferral(key.deferral));
    Ok(text)
}

fn prefix(name: Option<&str>, flavour: Flavour) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(flavour.dialect(), name)))
}

const fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::None => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}
