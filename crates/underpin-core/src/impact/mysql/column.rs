//! The way of MySQL and MariaDB to change a column that is there: `MODIFY` and `CHANGE`. Measured by
//! asking MySQL 9.7 and MariaDB 10.11 for each algorithm in turn.

use crate::{
    catalog::{Column, Table},
    dialect::Flavour,
    statement::{ColumnDefinition, Position},
};

use super::{
    super::Way,
    Server, indexed,
    type_change::{Indexed, type_way},
};

/// The way to make the column `from` of a table what `to` says; a column that is not known is
/// expected to need a copy.
pub(super) fn changed(server: Server, table: Option<&Table>, from: &str, to: &ColumnDefinition) -> Way {
    let Some((table, known)) = table.and_then(|table| Some((table, table.column(from)?))) else {
        return server.copy();
    };
    let in_key =
        table.primary_key().is_some_and(|key| key.iter().any(|name| name.eq_ignore_ascii_case(from)));
    let indexed = match in_key {
        true => Indexed::Key,
        false if table.indexes.iter().any(|index| index.about(from)) => Indexed::Index,
        false => Indexed::Nowhere,
    };
    let mut way = match generated(server, table, known, to) {
        Some(way) => way,
        None => type_way(server, table, known, to, indexed),
    };
    if known.nullable == (to.not_null() || in_key) && known.generated.is_none() {
        way = way.and(Way::REBUILD);
        // The rows are ordered by its index, which may have nulls from now on.
        if !known.nullable && indexed::clustering(table).is_some_and(|index| index.about(from)) {
            way = way.and(server.copy());
        }
    }
    let counts = to.auto_increment || to.serial();
    if counts && !known.counted {
        way = way.and(server.copy());
    }
    if known.counted && !counts {
        way = way.and(server.either(server.copy(), Way::INSTANT));
    }
    if to.checked() {
        way = way.and(server.either(server.copy(), Way::INSTANT));
    }
    if to.primary_key() && !in_key {
        way = way.and(Way::REBUILD);
    }
    if to.unique() {
        way = way.and(server.index());
    }
    if moves(table, from, to) {
        // Measured: MariaDB has to compute virtual columns again that stand elsewhere.
        let computed =
            known.generated.is_some() || table.columns.iter().any(|column| column.generated == Some(false));
        let instant = if server.mariadb_before(10, 4, 0) { Way::REBUILD } else { Way::INSTANT };
        way = way.and(server.either(Way::REBUILD, if computed { server.copy() } else { instant }));
    }
    way
}

/// The way for a generated column, if it is one before or after.
fn generated(server: Server, table: &Table, from: &Column, to: &ColumnDefinition) -> Option<Way> {
    let stored = to.generated.as_ref().map(|generated| generated.stored);
    if from.generated.is_none() && stored.is_none() {
        return None;
    }
    let text = |text: &str| text.chars().filter(|c| !" ()`".contains(*c)).collect::<String>().to_lowercase();
    let before = from.expression.as_ref().map(|expression| text(&expression.text));
    let after = to.generated.as_ref().map(|generated| text(&generated.expression.text));
    // `int(11)`, as MariaDB's catalog has it, is `int`.
    let same_type = type_way(server, table, from, to, Indexed::Nowhere) == Way::INSTANT;
    let mariadb = server.flavour == Flavour::Mariadb;
    // Nothing is kept of a virtual column, and MariaDB takes another expression at once.
    let free = before == after || (mariadb && stored == Some(false));
    Some(if from.generated == stored && same_type && free { Way::INSTANT } else { server.copy() })
}

/// Whether a column gets another place in the row.
pub(super) fn moves(table: &Table, from: &str, to: &ColumnDefinition) -> bool {
    let place = |name: &str| table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
    match &to.position {
        None => false,
        Some(Position::First) => place(from) != Some(0),
        Some(Position::After(before)) => place(from) != place(before).map(|place| place + 1),
    }
}
