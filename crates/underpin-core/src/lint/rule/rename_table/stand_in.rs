//! Whether what comes to the name of a table shows what the table has shown: its columns, and all of its
//! rows. Not whether it comes.

use crate::{
    catalog::Table,
    statement::{CreateTable, CreateView, Expression, ObjectName},
};

use super::super::super::{Context, rebuild::created};

/// The columns of a table that another one, which takes over its name, is known to lack.
pub(super) fn lacking(context: &Context<'_>, table: &ObjectName, other: &ObjectName) -> Vec<String> {
    match columns(context, other) {
        Some(shown) => left_out(context, table, &shown),
        None => Vec::new(),
    }
}

/// The same of a table that is created in its place.
pub(super) fn lacking_in_new(context: &Context<'_>, table: &ObjectName, create: &CreateTable) -> Vec<String> {
    match said(create) {
        Some(shown) => left_out(context, table, &shown),
        None => Vec::new(),
    }
}

/// Whether a view shows every row of a table, which is called `name` then, and every column that is known.
pub(super) fn shows(context: &Context<'_>, view: &CreateView, table: &ObjectName, name: &ObjectName) -> bool {
    let Some(selection) = &view.selection else { return false };
    let of_it =
        selection.sources.first().is_some_and(|source| context.catalog.same(&source.name, &name.name));
    if !of_it || !selection.every_row {
        return false;
    }
    let every = |column: &Expression| column.text == "*" || column.text.ends_with(".*");
    if view.columns.is_empty() && selection.columns.iter().any(every) {
        return true;
    }
    let shown: Vec<String> = match view.columns.as_slice() {
        [] => selection.columns.iter().filter_map(|column| column.names.last().cloned()).collect(),
        named => named.to_vec(),
    };
    left_out(context, table, &shown).is_empty()
}

/// The columns of a table that are not among those that are shown.
fn left_out(context: &Context<'_>, table: &ObjectName, shown: &[String]) -> Vec<String> {
    let known = context.table(table).into_iter().flat_map(|table| &table.columns);
    let is_shown = |name: &str| shown.iter().any(|other| other.eq_ignore_ascii_case(name));
    known.filter(|column| !is_shown(&column.name)).map(|column| column.name.clone()).collect()
}

/// The columns of a table, if all of them are known.
fn columns(context: &Context<'_>, table: &ObjectName) -> Option<Vec<String>> {
    let names = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect();
    match context.table(table) {
        Some(table) => table.complete.then(|| names(table)),
        None => created(context.script, table).and_then(said),
    }
}

/// The columns of a new table, if the statement says all of them by itself.
fn said(create: &CreateTable) -> Option<Vec<String>> {
    let others = create.as_query || create.partition_of.is_some();
    let plain = !others && create.like.is_empty() && create.inherits.is_empty();
    plain.then(|| create.columns.iter().map(|column| column.name.clone()).collect())
}
