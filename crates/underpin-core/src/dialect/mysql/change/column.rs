//! Columns as parts of statements, and what becomes of each column of a table that changes.

use std::collections::BTreeSet;

use super::{quoted, text};
use crate::{
    dialect::Flavour,
    difference::{Alteration, Change},
    name::mysql_string,
    schema::{Column, Generated, Table},
};

/// A column with its name, as `CREATE TABLE` and `ADD COLUMN` take it.
pub(super) fn definition(flavour: Flavour, column: &Column) -> String {
    let mut sql = format!("{} {}", quoted(&column.name), column.data_type);
    if let Some(charset) = &column.charset {
        sql.push_str(&format!(" CHARACTER SET {charset}"));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    for word in attributes(flavour, column) {
        sql.push(' ');
        sql.push_str(&word);
    }
    sql
}

fn attributes(flavour: Flavour, column: &Column) -> Vec<String> {
    let mut words = Vec::new();
    match &column.generated {
        // MariaDB's generated columns have no nullability of their own.
        Some(generated) => {
            words.push(computed(generated));
            if !column.nullable && flavour == Flavour::Mysql {
                words.push("NOT NULL".to_owned());
            }
        }
        None => words.extend(nullability(column)),
    }
    for (option, word) in [
        ("srid", "SRID "),
        ("ref_system_id", "REF_SYSTEM_ID="),
        ("column_format", "COLUMN_FORMAT "),
        ("storage", "STORAGE "),
    ] {
        if let Some(value) = column.options.get(option) {
            words.push(format!("{word}{value}"));
        }
    }
    if let Some(default) = &column.default {
        words.push(format!("DEFAULT {default}"));
    }
    if let Some(value) = &column.on_update {
        words.push(format!("ON UPDATE {value}"));
    }
    if column.auto_increment {
        words.push("AUTO_INCREMENT".to_owned());
    }
    if column.invisible {
        words.push("INVISIBLE".to_owned());
    }
    if column.options.contains_key("without_system_versioning") {
        words.push("WITHOUT SYSTEM VERSIONING".to_owned());
    }
    if let Some(comment) = &column.comment {
        words.push(format!("COMMENT {}", mysql_string(comment)));
    }
    if let Some(check) = column.options.get("check") {
        words.push(format!("CHECK ({check})"));
    }
    words
}

/// A timestamp that may be null has to say so, because where `explicit_defaults_for_timestamp` is off
/// it is not null by default.
fn nullability(column: &Column) -> Option<String> {
    let is_timestamp = column.data_type.starts_with("timestamp");
    match column.nullable {
        false => Some("NOT NULL".to_owned()),
        true => is_timestamp.then(|| "NULL".to_owned()),
    }
}

fn computed(generated: &Generated) -> String {
    match generated.expression.as_str() {
        // The columns of the system's own period (MariaDB).
        "ROW START" | "ROW END" => format!("GENERATED ALWAYS AS {}", generated.expression),
        expression => {
            let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
            format!("GENERATED ALWAYS AS ({expression}) {kind}")
        }
    }
}

/// A column of the wanted table, and what it is now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub(super) from: Option<&'a Column>,
    pub(super) to: &'a Column,
}

/// The columns of the wanted table in their order, each with what it is now.
pub(super) fn pairs<'a>(alteration: &'a Alteration, from: &'a Table, to: &'a Table) -> Vec<Pair<'a>> {
    to.columns.iter().map(|column| Pair { from: origin(alteration, from, column), to: column }).collect()
}

fn origin<'a>(alteration: &'a Alteration, from: &'a Table, column: &Column) -> Option<&'a Column> {
    for change in &alteration.columns {
        match change {
            Change::Add { to } if to.name == column.name => return None,
            Change::Alter { from: old, to } if to.name == column.name => return from.column(&old.name),
            Change::Add { .. } | Change::Alter { .. } | Change::Drop { .. } => {}
        }
    }
    from.column(&column.name)
}

/// A column of the system's own period that is to be otherwise than it is (MariaDB's error 4134).
pub(super) fn period_that_changes<'a>(
    alteration: &'a Alteration,
    from: &'a Table,
    to: &'a Table,
) -> Option<&'a str> {
    let is_bound = |column: &Column| {
        let expression = column.generated.as_ref().map(|generated| generated.expression.as_str());
        matches!(expression, Some("ROW START" | "ROW END"))
    };
    let changes = |pair: &Pair<'_>| {
        pair.from.is_some_and(|from| is_bound(from) && is_bound(pair.to) && from != pair.to)
    };
    pairs(alteration, from, to).into_iter().find(changes).map(|pair| pair.to.name.as_str())
}

/// The collation that a column of this table has, its own or the table's; none if it holds no text.
pub(super) fn collation<'a>(table: &'a Table, column: &'a Column) -> Option<&'a str> {
    if !text::is_text(&column.data_type) {
        return None;
    }
    column.collation.as_ref().or_else(|| table.options.get("collation")).map(String::as_str)
}

/// The name under which the values of a computed column wait until they are the column: one that none of
/// these columns has, and nothing else that waits in its table.
pub(super) fn waiting_name<'a>(
    column: &str,
    waiting: impl Iterator<Item = &'a str>,
    columns: impl Iterator<Item = &'a Column>,
) -> String {
    const LONGEST: usize = 48;
    let start = |name: &str| -> String { name.chars().take(LONGEST).collect() };
    let own = start(column);
    let taken: BTreeSet<String> = columns.map(|column| column.name.to_lowercase()).collect();
    let before = waiting.take_while(|other| *other != column).filter(|other| start(other) == own).count();
    let number = |number: usize| if number == 1 { String::new() } else { number.to_string() };
    let names = (1..).map(|count| format!("{own}__underpin{}", number(count)));
    names.filter(|name| !taken.contains(&name.to_lowercase())).nth(before).unwrap_or_default()
}

impl Pair<'_> {
    /// Whether neither server turns the one into the other in place: a column that is computed when
    /// it is read into one that is stored, or the other way round.
    pub(super) fn is_recreated(&self) -> bool {
        let Some(from) = self.from else { return false };
        match (&from.generated, &self.to.generated) {
            (Some(from), Some(to)) => from.stored != to.stored,
            (Some(from), None) => !from.stored,
            (None, Some(to)) => !to.stored,
            (None, None) => false,
        }
    }

    /// Whether it is computed now and will be a column like any other, with the values that it has.
    pub(super) fn is_kept(&self) -> bool {
        let was_virtual = |from: &Column| from.generated.as_ref().is_some_and(|generated| !generated.stored);
        self.from.is_some_and(was_virtual) && self.to.generated.is_none()
    }

    /// Whether it begins or ceases to give rows their numbers.
    pub(super) fn numbers_otherwise(&self) -> bool {
        self.from.is_some_and(|from| from.auto_increment != self.to.auto_increment)
    }

    /// Whether its name changes.
    pub(super) fn is_renamed(&self) -> bool {
        self.from.is_some_and(|from| from.name != self.to.name)
    }

    /// Whether its values are stored otherwise, so that no foreign key can hold on to it.
    pub(super) fn is_stored_otherwise(&self, old: &Table, new: &Table) -> bool {
        let Some(from) = self.from else { return false };
        from.data_type != self.to.data_type
            || from.generated != self.to.generated
            || collation(old, from) != collation(new, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_has_a_name_that_nothing_else_has() {
        let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
        let columns = [column("a"), column("A__Underpin"), column("b")];
        let long = ["n".repeat(60), "n".repeat(61)];
        let waiting = ["a", "b", &long[0], &long[1]];
        let name = |name: &str| waiting_name(name, waiting.into_iter(), columns.iter());
        assert_eq!(name("a"), "a__underpin2");
        assert_eq!(name("b"), "b__underpin");
        assert_eq!(name(&long[0]), format!("{}__underpin", "n".repeat(48)));
        assert_eq!(name(&long[1]), format!("{}__underpin2", "n".repeat(48)));
    }

    #[test]
    fn attributes_stand_in_an_order_that_both_servers_read() {
        let column = Column {
            name: "at".to_owned(),
            data_type: "timestamp(3)".to_owned(),
            nullable: true,
            default: Some("CURRENT_TIMESTAMP(3)".to_owned()),
            on_update: Some("CURRENT_TIMESTAMP(3)".to_owned()),
            comment: Some("it's".to_owned()),
            ..Column::default()
        };
        assert_eq!(
            definition(Flavour::Mysql, &column),
            "`at` timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3) COMMENT 'it''s'"
        );
    }
}
