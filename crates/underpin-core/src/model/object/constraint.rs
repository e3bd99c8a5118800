//! The constraints of a model as constraints of a schema.

use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    model::{ModelCheck, ModelForeignKey, ModelTable, ModelUnique, naming, render::constraint as rendered},
    schema::{Action, Constraint, ConstraintKind, ForeignKey, Index, IndexPart, ObjectId, ObjectKind, Table},
};

/// What says that values are there once.
pub(crate) enum Unique {
    /// A constraint.
    Constraint(Constraint),
    /// An index, which is all that MySQL and MariaDB make of the constraint.
    Index(Index),
}

impl Unique {
    /// Gives it to a table.
    pub(crate) fn add_to(self, table: &mut Table) {
        match self {
            Self::Constraint(constraint) => table.constraints.push(constraint),
            Self::Index(index) => table.indexes.push(index),
        }
    }
}

fn parts(columns: &[String]) -> Vec<IndexPart> {
    columns.iter().map(|column| IndexPart::column(column)).collect()
}

/// The primary key under the name that it has on this engine.
pub(crate) fn primary_key(table: &ModelTable, flavour: Flavour) -> Constraint {
    let said = table.primary_key.name.clone();
    let name = match flavour {
        Flavour::Postgres => said.or_else(|| Some(naming::primary_key(&table.name))),
        Flavour::Sqlite => said,
        Flavour::Mysql | Flavour::Mariadb => Some("PRIMARY".to_owned()),
    };
    Constraint::new(name, ConstraintKind::PrimaryKey { parts: parts(&table.primary_key.columns) })
}

/// A unique constraint.
///
/// # Errors
/// What this engine can't have.
pub(crate) fn unique(
    table: &ModelTable,
    unique: &ModelUnique,
    flavour: Flavour,
) -> Result<Unique, Diagnostic> {
    rendered::unique(table, unique, flavour)?;
    let parts = parts(&unique.columns);
    if flavour.dialect() == Dialect::Mysql {
        let name = unique.name.clone().unwrap_or_default();
        return Ok(Unique::Index(Index { unique: true, ..Index::new(&name, parts) }));
    }
    let kind = ConstraintKind::Unique { parts, nulls_not_distinct: unique.nulls_not_distinct };
    Ok(Unique::Constraint(Constraint {
        deferral: unique.deferral,
        ..Constraint::new(unique.name.clone(), kind)
    }))
}

/// A check, where this engine has one.
pub(crate) fn check(check: &ModelCheck, flavour: Flavour) -> Option<Constraint> {
    let expression = check.expression.get(flavour)?.clone();
    Some(Constraint::new(check.name.clone(), ConstraintKind::Check { expression }))
}

/// A foreign key of this table.
///
/// # Errors
/// What this engine can't have.
pub(crate) fn foreign_key(
    key: &ModelForeignKey,
    owner: &ObjectId,
    flavour: Flavour,
) -> Result<Constraint, Diagnostic> {
    rendered::foreign_key(key, flavour)?;
    let mut table = super::id(ObjectKind::Table, &key.table, flavour)?;
    if key.table.schema(flavour).is_none() && table.name == owner.name {
        table.schema.clone_from(&owner.schema);
    }
    // What MariaDB calls it when nothing is said; either means the same to InnoDB.
    let action = |said: Action| match (said, flavour) {
        (Action::NoAction, Flavour::Mariadb) => Action::Restrict,
        _ => said,
    };
    let kind = ConstraintKind::ForeignKey(ForeignKey {
        columns: key.columns.clone(),
        table,
        referenced: key.referenced.clone(),
        on_update: action(key.on_update),
        on_delete: action(key.on_delete),
        on_delete_columns: Vec::new(),
        match_full: false,
    });
    Ok(Constraint { deferral: key.deferral, ..Constraint::new(key.name.clone(), kind) })
}
