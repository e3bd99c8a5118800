//! What is wrong with models whatever the engine: names that are not there, or there twice. What an engine
//! can't do is found where it is written down.

use std::collections::BTreeSet;

use super::order::is;
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::{ModelForeignKey, ModelKey, ModelTable},
    schema::Action,
};

/// Looks at every name in the models.
pub(super) fn check(tables: &[ModelTable], flavour: Flavour) -> Result<(), Diagnostic> {
    for (at, table) in tables.iter().enumerate() {
        if tables[..at].iter().any(|other| is(&other.name, &table.name, flavour)) {
            return Err(wrong(format!("two models are for the table {}", table.name)));
        }
        check_namespace(table, flavour)?;
        check_columns(table)?;
        for key in &table.foreign_keys {
            check_foreign_key(tables, table, key, flavour)?;
        }
    }
    Ok(())
}

fn check_namespace(table: &ModelTable, flavour: Flavour) -> Result<(), Diagnostic> {
    match table.name.schema(flavour) {
        Some(_) if flavour.dialect() != Dialect::Postgres => {
            Err(super::unsupported(flavour, &table.name.name, "schemas within a database")
                .hint("say it for PostgreSQL alone: #[table(postgres(schema = \"…\"))]"))
        }
        _ => Ok(()),
    }
}

fn check_columns(table: &ModelTable) -> Result<(), Diagnostic> {
    let mut names = BTreeSet::new();
    for column in &table.columns {
        if !names.insert(column.name.to_lowercase()) {
            return Err(wrong(format!("{} has two columns {}", table.name, column.name)));
        }
    }
    if table.columns.is_empty() {
        return Err(wrong(format!("{} has no columns", table.name)));
    }
    for name in mentioned(table) {
        if table.column(name).is_none() {
            return Err(wrong(format!("{} has no column {name}", table.name)));
        }
    }
    for name in &table.primary_key.columns {
        if table.column(name).is_some_and(|column| column.nullable) {
            return Err(wrong(format!("{}.{name} is part of the primary key and can't be null", table.name)));
        }
    }
    Ok(())
}

/// The columns that keys and indexes name.
fn mentioned(table: &ModelTable) -> impl Iterator<Item = &String> {
    let of_indexes = table.indexes.iter().flat_map(|index| {
        index.include.iter().chain(index.parts.iter().filter_map(|part| match &part.key {
            ModelKey::Column(column) => Some(column),
            ModelKey::Expression(_) => None,
        }))
    });
    table
        .primary_key
        .columns
        .iter()
        .chain(table.uniques.iter().flat_map(|unique| &unique.columns))
        .chain(table.foreign_keys.iter().flat_map(|key| &key.columns))
        .chain(of_indexes)
}

fn check_foreign_key(
    tables: &[ModelTable],
    table: &ModelTable,
    key: &ModelForeignKey,
    flavour: Flavour,
) -> Result<(), Diagnostic> {
    let owner = format!("{}.{}", table.name, key.columns.join(", "));
    let Some(target) = tables.iter().find(|other| is(&other.name, &key.table, flavour)) else {
        return Err(wrong(format!("{owner} refers to {}, which is not among the models", key.table))
            .hint("add it to models![…]"));
    };
    if let Some(missing) = key.referenced.iter().find(|name| target.column(name).is_none()) {
        return Err(wrong(format!("{owner} refers to {}.{missing}, which is not there", key.table)));
    }
    if key.columns.len() != key.referenced.len() {
        return Err(wrong(format!("{owner} refers to {} columns of {}", key.referenced.len(), key.table)));
    }
    let sets_null = key.on_delete == Action::SetNull || key.on_update == Action::SetNull;
    let never_null =
        key.columns.iter().find(|name| table.column(name).is_some_and(|column| !column.nullable));
    match never_null {
        Some(column) if sets_null => {
            Err(wrong(format!("{}.{column} is never null, and its foreign key sets it to null", table.name)))
        }
        _ => Ok(()),
    }
}

fn wrong(message: String) -> Diagnostic {
    Diagnostic::new(ErrorKind::Model, message)
}
