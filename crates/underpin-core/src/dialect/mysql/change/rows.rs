//! What has to become of rows so that a change of their table keeps them all. Values are changed only
//! where the wanted table could not hold them, and only to what it says itself: its default, or null.

use super::{column::Pair, quoted, text};
use crate::{
    dialect::Flavour,
    difference::{Change, Difference, Operation},
    schema::{Body, Column, Table},
};

/// The statement that gives rows a value where they have none and will need one.
pub(super) fn fill_nulls(table: &str, from: &Table, pair: &Pair<'_>, default: &str) -> String {
    let name = quoted(&pair.to.name);
    format!("UPDATE {table} SET {name} = {default}{} WHERE {name} IS NULL", untouched(from, &pair.to.name))
}

/// The default that rows without a value get where a column must have one from now on.
pub(super) fn default_for_nulls<'a>(pair: &Pair<'a>) -> Option<&'a str> {
    let from = pair.from?;
    let applies =
        from.nullable && !pair.to.nullable && from.generated.is_none() && pair.to.generated.is_none();
    pair.to.default.as_deref().filter(|_| applies)
}

/// The statements that take away labels which an `enum` will no longer have.
pub(super) fn retire_labels(table: &str, owner: &Table, pair: &Pair<'_>) -> Vec<String> {
    let Some(from) = pair.from else { return Vec::new() };
    let is_enum = |column: &Column| column.data_type.starts_with("enum(") && column.generated.is_none();
    if !is_enum(from) || !is_enum(pair.to) {
        return Vec::new();
    }
    let (old, new) = (text::labels(&from.data_type), text::labels(&pair.to.data_type));
    let collation = super::column::collation(owner, from);
    let gone = text::labels_gone(&from.data_type, &pair.to.data_type, collation);
    let Some(value) = replacement(from, pair.to, &new).filter(|_| !gone.is_empty()) else {
        return Vec::new();
    };
    let name = quoted(&from.name);
    let mut statements = Vec::new();
    if value != "NULL" && !old.contains(&value) {
        let more = text::without(new.clone(), &old, collation);
        let all: Vec<&str> = old.iter().chain(&more).map(String::as_str).collect();
        let wide = Column { data_type: format!("enum({})", all.join(",")), ..from.clone() };
        // Only the type counts here; the rest comes with the change of the table.
        let wide = super::column::definition(Flavour::Mysql, &wide);
        statements.push(format!("ALTER TABLE {table}\n  MODIFY COLUMN {wide}"));
    }
    statements.push(format!(
        "UPDATE {table} SET {name} = {value}{} WHERE {name} IN ({})",
        untouched(owner, &from.name),
        gone.join(", ")
    ));
    statements
}

/// The statement that makes texts of labels before they become numbers, and of numbers before they become labels:
/// the server would take the place of each label for its value ("The ENUM Type" in MySQL's manual).
pub(super) fn by_text(flavour: Flavour, table: &str, pair: &Pair<'_>) -> Option<String> {
    let from = pair.from.filter(|from| from.generated.is_none() && pair.to.generated.is_none())?;
    let (old, new) = (from.data_type.as_str(), pair.to.data_type.as_str());
    let crosses = (text::has_labels(old) && is_number(new)) || (is_number(old) && text::has_labels(new));
    if !crosses {
        return None;
    }
    // Only the type counts here; the rest comes with the change of the table.
    let through = Column {
        data_type: "varchar(255)".to_owned(),
        default: None,
        auto_increment: false,
        charset: None,
        collation: None,
        ..from.clone()
    };
    Some(format!("ALTER TABLE {table}\n  MODIFY COLUMN {}", super::column::definition(flavour, &through)))
}

fn is_number(data_type: &str) -> bool {
    let name = data_type.split(['(', ' ']).next().unwrap_or_default();
    ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"].contains(&name)
}

fn replacement(from: &Column, to: &Column, labels: &[String]) -> Option<String> {
    let default = to.default.clone().filter(|default| labels.contains(default));
    default.or_else(|| (to.nullable && from.nullable).then(|| "NULL".to_owned()))
}

/// Assignments that keep the server from setting a time because of an update that is ours.
pub(crate) fn untouched(table: &Table, except: &str) -> String {
    let columns = table.columns.iter().filter(|column| column.on_update.is_some() && column.name != except);
    columns
        .map(|column| {
            let name = quoted(&column.name);
            format!(", {name} = {name}")
        })
        .collect()
}

/// The value that rows get in a new column which has no default and no value of the server's own that
/// its rules allow: there is no day zero, and an empty text is no JSON.
pub(super) fn filler(flavour: Flavour, column: &Column) -> Option<&'static str> {
    let is_free = !column.nullable && column.default.is_none() && column.generated.is_none();
    if !is_free || column.auto_increment {
        return None;
    }
    let is_json = column.options.get("check").is_some_and(|check| check.starts_with("json_valid("));
    match column.data_type.split(['(', ' ']).next().unwrap_or_default() {
        "date" => Some("'1970-01-01'"),
        "datetime" | "timestamp" => Some("'1970-01-02 00:00:00'"),
        "longtext" if flavour == Flavour::Mariadb && is_json => Some("'null'"),
        _ => None,
    }
}

/// A shape for rows that need one and have none, in the column's own system of coordinates.
pub(super) fn shape(column: &Column) -> Option<String> {
    if column.nullable || column.default.is_some() || column.generated.is_some() {
        return None;
    }
    let text = match column.data_type.as_str() {
        "point" | "geometry" => "POINT(0 0)",
        "linestring" => "LINESTRING(0 0,1 1)",
        "polygon" => "POLYGON((0 0,0 1,1 1,0 0))",
        "multipoint" => "MULTIPOINT(0 0)",
        "multilinestring" => "MULTILINESTRING((0 0,1 1))",
        "multipolygon" => "MULTIPOLYGON(((0 0,0 1,1 1,0 0)))",
        "geomcollection" | "geometrycollection" => "GEOMETRYCOLLECTION(POINT(0 0))",
        _ => return None,
    };
    let system = column.options.get("srid").map_or("0", String::as_str);
    Some(format!("ST_GeomFromText('{text}', {system})"))
}

/// What lets a session of the usual SQL mode write a default of day zero.
pub(super) const ALLOW_DAY_ZERO: &str = "SET SESSION sql_mode = \
    REPLACE(REPLACE(@@SESSION.sql_mode, 'NO_ZERO_DATE', ''), 'NO_ZERO_IN_DATE', '')";

/// Whether a table that is made or changed has a default of day zero, which servers of today refuse
/// by default and older ones wrote by themselves.
pub(super) fn has_day_zero(difference: &Difference) -> bool {
    let tables =
        difference.operations.iter().filter_map(|operation| match (operation, &operation.object().body) {
            (Operation::Create(_) | Operation::Alter(_), Body::Table(table)) => Some(table),
            _ => None,
        });
    let is_zero =
        |column: &Column| column.default.as_ref().is_some_and(|default| default.starts_with("'0000-00-00"));
    tables.flat_map(|table| &table.columns).any(is_zero)
}

/// What keeps a row whose number is zero from getting another one where its column begins to number rows
/// ("NO_AUTO_VALUE_ON_ZERO" in either manual).
pub(super) const KEEP_ZERO: &str =
    "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO')";

/// Whether a column that is there begins to number rows.
pub(super) fn begins_to_number(difference: &Difference) -> bool {
    let begins = |change: &Change<Column>| match change {
        Change::Alter { from, to } => !from.auto_increment && to.auto_increment,
        Change::Add { .. } | Change::Drop { .. } => false,
    };
    let mut alterations = super::alterations(difference);
    alterations.any(|alteration| alteration.columns.iter().any(begins))
}

/// Whether every row would get another value of this default: MySQL refuses to give one to the rows
/// that are there while it writes statements to its log ("Binary Logging Formats" in its manual).
pub(super) fn varies(flavour: Flavour, default: &str) -> bool {
    const VARYING: [&str; 8] =
        ["uuid(", "uuid_short(", "rand(", "random_bytes(", "user(", "connection_id(", "sysdate(", "version("];
    flavour == Flavour::Mysql && VARYING.iter().any(|function| default.contains(function))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(data_type: &str, default: Option<&str>) -> Column {
        Column {
            name: "a".to_owned(),
            data_type: data_type.to_owned(),
            nullable: true,
            default: default.map(str::to_owned),
            ..Column::default()
        }
    }

    #[test]
    fn a_label_that_goes_becomes_the_default_or_null() {
        let from = column("enum('a','b')", None);
        let to = column("enum('b','c')", Some("'c'"));
        let pair = Pair { from: Some(&from), to: &to };
        assert_eq!(
            retire_labels("`t`", &Table::default(), &pair),
            [
                "ALTER TABLE `t`\n  MODIFY COLUMN `a` enum('a','b','c')",
                "UPDATE `t` SET `a` = 'c' WHERE `a` IN ('a')"
            ]
        );
        let to = column("enum('b')", None);
        let pair = Pair { from: Some(&from), to: &to };
        assert_eq!(
            retire_labels("`t`", &Table::default(), &pair),
            ["UPDATE `t` SET `a` = NULL WHERE `a` IN ('a')"]
        );
    }
}
