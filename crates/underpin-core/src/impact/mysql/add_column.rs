//! The way of MySQL and MariaDB to add a column. Not what it does together with other actions.

use crate::{
    catalog::Table,
    statement::{ColumnDefinition, Expression},
};

use super::{super::Way, Server};

/// Functions whose value MariaDB computes for each row, so that it copies the table.
const FOR_EACH_ROW: &[&str] = &[
    "uuid",
    "uuid_short",
    "uuid_v4",
    "uuid_v7",
    "sys_guid",
    "random_bytes",
    "nextval",
    "lastval",
    "sysdate",
];

/// The way to add this column to the table.
pub(super) fn way(server: Server, table: Option<&Table>, column: &ColumnDefinition) -> Way {
    let stored = column.generated.as_ref().map(|generated| generated.stored);
    let mut way = match stored {
        Some(true) => server.copy(),
        // Every row has to be looked at, and no index can be built of a column that is not there yet.
        Some(false) if column.unique() => server.copy(),
        Some(false) => Way::INSTANT,
        None => in_rows(server, table, column),
    };
    if column.default.as_ref().is_some_and(computed) {
        let each_row = column.default.as_ref().is_some_and(|default| for_each_row(table, default));
        way = way.and(server.either(server.copy(), if each_row { server.copy() } else { Way::INSTANT }));
    }
    if column.checked() {
        way = way.and(server.either(server.copy(), Way::INSTANT));
    }
    if column.unique() || column.primary_key() {
        way = way.and(Way::REBUILD);
    }
    if column.auto_increment || column.serial() {
        way = way.and(Way::REBUILD.shared());
    }
    // MySQL reads a reference behind a column, and forgets it, up to 8.4 (release notes of 9.0).
    if column.references().is_some() && !server.mysql_before(9, 0, 0) {
        way = way.and(server.copy());
    }
    way
}

/// A column that is kept in every row: instant since MySQL 8.0.12 as the last one, since 8.0.29
/// anywhere (manual, 17.12.1); since MariaDB 10.3.2 and 10.4 ("InnoDB Online DDL Operations with the INSTANT
/// Alter Algorithm").
fn in_rows(server: Server, table: Option<&Table>, column: &ColumnDefinition) -> Way {
    let placed = column.position.is_some();
    let virtuals =
        || table.iter().flat_map(|table| &table.columns).filter(|column| column.generated == Some(false));
    if server.mariadb() {
        let table_of =
            |name: &str| table.is_some_and(|table| table.indexes.iter().any(|index| index.about(name)));
        if virtuals().any(|column| table_of(&column.name)) {
            return Way::REBUILD.shared();
        }
        let since = if placed { (10, 4, 0) } else { (10, 3, 2) };
        if server.mariadb_before(since.0, since.1, since.2) {
            return Way::REBUILD;
        }
        return if placed && virtuals().next().is_some() { server.copy() } else { Way::INSTANT };
    }
    let since = if placed { (8, 0, 29) } else { (8, 0, 12) };
    if server.mysql_before(since.0, since.1, since.2) { Way::REBUILD } else { Way::INSTANT }
}

/// Whether a default is an expression, and not a literal or the time.
fn computed(default: &Expression) -> bool {
    !default.constant && (default.text.starts_with('(') || !time(default))
}

/// `CURRENT_TIMESTAMP`, `NOW(3)`.
fn time(default: &Expression) -> bool {
    const NOW: &[&str] = &["now", "current_timestamp", "localtime", "localtimestamp"];
    let word = default.calls.first().or(default.names.first()).map(|word| word.to_lowercase());
    word.is_some_and(|word| NOW.contains(&word.as_str()))
}

fn for_each_row(table: Option<&Table>, default: &Expression) -> bool {
    let called = default.calls.iter().any(|call| FOR_EACH_ROW.contains(&call.as_str()));
    let of_row =
        || table.iter().flat_map(|table| &table.columns).any(|column| default.mentions(&column.name));
    called || default.text.to_lowercase().contains("next value for") || of_row()
}
