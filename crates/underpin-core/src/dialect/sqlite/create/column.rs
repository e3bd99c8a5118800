//! One column as `CREATE TABLE` has it.

use super::{
    Reader,
    constraint::{check, deferral, foreign_key, key, on_conflict, over},
    table::CreateColumn,
    text::expression,
};
use crate::schema::{Column, Constraint, ConstraintKind, Generated};

/// The words that end a type. `GENERATED` does so only before `ALWAYS`.
const ENDS: &[&str] =
    &["CONSTRAINT", "DEFAULT", "NULL", "NOT", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "COLLATE", "AS"];

/// A column with the constraints beside it; goes past it.
pub(super) fn column(reader: &mut Reader<'_>) -> Option<CreateColumn> {
    let start = reader.position();
    let name = reader.name()?;
    let data_type = data_type(reader);
    let column = Column { name, data_type, nullable: true, ..Column::default() };
    let mut made = CreateColumn { column, constraints: Vec::new(), definition: String::new() };
    let mut label = None;
    while !reader.is_done() && !reader.is_operator(",") {
        if reader.eat(&["CONSTRAINT"]) {
            label = Some(reader.name()?);
        } else {
            clause(reader, &mut made, label.take())?;
        }
    }
    reader.since(start).clone_into(&mut made.definition);
    Some(made)
}

fn data_type(reader: &mut Reader<'_>) -> String {
    let start = reader.position();
    let mut words = 0;
    loop {
        let ends = reader.is_one_of(ENDS) || (reader.is("GENERATED") && reader.is_at(1, "ALWAYS"));
        if ends || reader.name().is_none() {
            break;
        }
        words += 1;
    }
    if words == 0 {
        return String::new();
    }
    // The length, or the number of digits.
    reader.group();
    reader.since(start).to_owned()
}

/// One clause beside a column, with the name that it has.
fn clause(reader: &mut Reader<'_>, made: &mut CreateColumn, label: Option<String>) -> Option<()> {
    if reader.eat(&["DEFAULT"]) {
        made.column.default = Some(default(reader)?);
        note(&mut made.column, "default_name", label);
    } else if let Some(deferral) = deferral(reader)? {
        made.constraints.last_mut()?.deferral = deferral;
    } else if reader.eat(&["NOT", "NULL"]) {
        made.column.nullable = false;
        let resolution = on_conflict(reader)?;
        note(&mut made.column, "not_null_on_conflict", resolution);
        note(&mut made.column, "not_null_name", label);
    } else if reader.eat(&["NULL"]) {
        on_conflict(reader)?;
    } else if reader.eat(&["COLLATE"]) {
        made.column.collation = Some(reader.name()?);
    } else if reader.eat(&["GENERATED", "ALWAYS", "AS"]) || reader.eat(&["AS"]) {
        let expression = expression(reader.group()?.rest());
        let stored = reader.eat(&["STORED"]);
        reader.eat(&["VIRTUAL"]);
        made.column.generated = Some(Generated { expression, stored });
    } else {
        let constraint = constraint(reader, &mut made.column, label)?;
        made.constraints.push(constraint);
    }
    Some(())
}

fn constraint(reader: &mut Reader<'_>, column: &mut Column, label: Option<String>) -> Option<Constraint> {
    if reader.eat(&["PRIMARY", "KEY"]) {
        let descending = reader.eat(&["DESC"]);
        reader.eat(&["ASC"]);
        let kind = ConstraintKind::PrimaryKey { parts: over(&column.name, descending) };
        let mut constraint = key(label, kind, reader)?;
        if descending && column.data_type.eq_ignore_ascii_case("INTEGER") {
            // "ROWIDs and the INTEGER PRIMARY KEY" in its documentation calls this a quirk.
            constraint.options.insert("rowid_alias".to_owned(), "no".to_owned());
        }
        column.auto_increment = reader.eat(&["AUTOINCREMENT"]);
        Some(constraint)
    } else if reader.eat(&["UNIQUE"]) {
        let parts = over(&column.name, false);
        key(label, ConstraintKind::Unique { parts, nulls_not_distinct: false }, reader)
    } else if reader.is("CHECK") {
        Some(Constraint::new(label, check(reader)?))
    } else {
        foreign_key(label, vec![column.name.clone()], reader)
    }
}

/// The value of a default, as it is written; without parentheses, if it is an expression.
fn default(reader: &mut Reader<'_>) -> Option<String> {
    if let Some(group) = reader.clone().group() {
        reader.group();
        return Some(expression(group.rest()));
    }
    let start = reader.position();
    if !reader.eat_operator("-") {
        reader.eat_operator("+");
    }
    reader.next()?;
    Some(reader.since(start).to_owned())
}

fn note(column: &mut Column, option: &str, value: Option<String>) {
    if let Some(value) = value {
        column.options.insert(option.to_owned(), value);
    }
}
