//! Which rows MySQL and MariaDB lock for statements that change rows, in the table that they change and in
//! those that they read for it. Not for how long.

use crate::{
    catalog::Table,
    statement::{IndexPart, ObjectName, RowChange, RowVerb, TableRead},
};

use super::super::{LockMode, gathering::Gathering};

pub(super) fn changed(gathering: &mut Gathering<'_>, change: &RowChange) {
    let Some(table) = &change.table else { return gathering.unknown() };
    gathering.lock(table, LockMode::Rows);
    match change.verb {
        RowVerb::Insert => read(gathering, &change.reads),
        RowVerb::Update | RowVerb::Delete if !change.chosen => gathering.scan(table),
        RowVerb::Update | RowVerb::Delete | RowVerb::Merge => {}
    }
}

/// Locks what `INSERT … SELECT`, `REPLACE … SELECT` and `CREATE TABLE … SELECT` read: each row, and the
/// place behind it, as long as the transaction is there. At READ COMMITTED they lock none, which is not the
/// default (MySQL 8.4 manual, 17.7.3 "Locks Set by Different SQL Statements in InnoDB").
pub(super) fn read(gathering: &mut Gathering<'_>, reads: &[TableRead]) {
    for read in reads {
        for table in tables(gathering, &read.table) {
            if read.every_row || scanned(gathering.table(&table), read) {
                gathering.lock(&table, LockMode::SharedRows);
                gathering.scan(&table);
            } else {
                gathering.lock(&table, LockMode::Rows);
            }
        }
    }
}

/// The table of this name, or the tables that the view of this name shows.
fn tables(gathering: &Gathering<'_>, name: &ObjectName) -> Vec<ObjectName> {
    let catalog = gathering.catalog;
    let Some(view) = catalog.view(name) else { return vec![name.clone()] };
    let shown = |table: &&Table| view.names.iter().any(|used| catalog.same(used, &table.name.name));
    catalog.tables().filter(shown).map(|table| table.name.clone()).collect()
}

/// Whether a table is known to have no index for the condition that chooses its rows, so that each of them
/// is read for it, and locked. A `LIMIT` alone is taken to stop early.
fn scanned(table: Option<&Table>, read: &TableRead) -> bool {
    let Some(table) = table.filter(|_| !read.chosen_by.is_empty()) else { return false };
    let chosen = |column: &str| read.chosen_by.iter().any(|name| name.eq_ignore_ascii_case(column));
    let begins = |part: Option<&IndexPart>| match part {
        Some(IndexPart::Column(column)) => chosen(column),
        Some(IndexPart::Expression(_)) => true,
        None => false,
    };
    let by_key = table.primary_key().and_then(<[String]>::first).is_some_and(|column| chosen(column));
    !by_key && !table.indexes.iter().any(|index| begins(index.parts.first()))
}
