//! Enumerated types, and the columns that are one where that is no object of its own.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, mysql, mysql_labels},
    model::object,
    name::{literal, mysql_string, quote},
    operation::{
        AlterEnum, DropEnum, Enumeration,
        draft::{Draft, REST, needs_schema, not_there, there_already, with_suggestion},
        enumeration::{EnumChange, ValuePlace},
    },
    schema::{Body, Column, Constraint, ConstraintKind, EnumType, Object, ObjectId, ObjectKind, Schema},
    sql::{TokenKind, tokens},
};

pub(super) fn create(draft: &mut Draft, said: &Enumeration) -> Result<(), Diagnostic> {
    if draft.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let id = draft.id(ObjectKind::Enum, &said.model.name)?;
    if draft.after.objects.contains_key(&id) {
        return if said.if_not_exists { Ok(()) } else { Err(there_already(&id)) };
    }
    let object = made(id, said);
    draft.create(object);
    Ok(())
}

fn made(id: ObjectId, said: &Enumeration) -> Object {
    let values = said.model.values.iter().map(|value| value.name.clone()).collect();
    Object::new(id, Body::Enum(EnumType { values })).with_comment(said.model.comment.clone())
}

pub(super) fn drop(draft: &mut Draft, said: &DropEnum) -> Result<(), Diagnostic> {
    if draft.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let id = draft.id(ObjectKind::Enum, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        match (&said.existing, draft.known) {
            (_, true) if said.if_exists => return Ok(()),
            (_, true) => return Err(draft.missing(&id)),
            (Some(existing), false) => draft.assume_object(made(id.clone(), existing)),
            (None, false) => {
                draft.note_unknown(&id);
                draft.assume_object(Object::new(id.clone(), Body::Enum(EnumType { values: Vec::new() })));
            }
        }
    }
    draft.remove(&id);
    Ok(())
}

pub(super) fn alter(draft: &mut Draft, said: &AlterEnum) -> Result<(), Diagnostic> {
    match draft.dialect() {
        Dialect::Postgres => alter_type(draft, said),
        Dialect::Sqlite | Dialect::Mysql => alter_columns(draft, said),
    }
}

/// Changes the type, whose columns the server tells.
fn alter_type(draft: &mut Draft, said: &AlterEnum) -> Result<(), Diagnostic> {
    let id = draft.id(ObjectKind::Enum, &said.name)?;
    if !draft.after.objects.contains_key(&id) {
        if draft.known {
            return Err(draft.missing(&id));
        }
        let removes = said.changes.iter().any(|change| matches!(change, EnumChange::Remove { .. }));
        if removes {
            return Err(needs_schema("the type, with every column that has it,", draft.flavour));
        }
        let values = match &said.existing {
            Some(values) => values.iter().map(|value| value.name.clone()).collect(),
            None => assumed(&said.changes),
        };
        draft.assume_object(Object::new(id.clone(), Body::Enum(EnumType { values })));
    }
    for change in &said.changes {
        if let EnumChange::Rename { from, to } = change {
            let values = values(draft, &id)?;
            find(&id, &values, from)?;
            if values.contains(to) {
                return Err(there_already(&id.part(ObjectKind::Column, to)));
            }
            draft.rename(id.part(ObjectKind::Column, to), from);
        }
    }
    for change in &said.changes {
        let values = edited(&id, values(draft, &id)?, change, &said.changes)?;
        if let Some(Body::Enum(known)) = draft.after.objects.get_mut(&id).map(|object| &mut object.body) {
            known.values = values;
        }
    }
    if let Some(name) = said.rename.as_ref().filter(|name| **name != id.name) {
        draft.rename(id.renamed(name), &id.name);
    }
    Ok(())
}

/// The values that a type has to have so that these changes can be written: what they name, and something
/// behind it, where a value is not to be the last.
fn assumed(changes: &[EnumChange]) -> Vec<String> {
    let mut values = Vec::new();
    for change in changes {
        match change {
            EnumChange::Add { place: ValuePlace::After(other), .. } => {
                values.extend([other.clone(), REST.to_owned()]);
            }
            EnumChange::Add { place: ValuePlace::Before(other), .. } => values.push(other.clone()),
            EnumChange::Rename { from, .. } => values.push(from.clone()),
            EnumChange::Remove { value } => values.push(value.clone()),
            EnumChange::Add { place: ValuePlace::End, .. } => {}
        }
    }
    values
}

fn values(draft: &Draft, id: &ObjectId) -> Result<Vec<String>, Diagnostic> {
    match draft.after.objects.get(id).map(|object| &object.body) {
        Some(Body::Enum(known)) => Ok(known.values.clone()),
        _ => Err(not_there(id)),
    }
}

fn find(id: &ObjectId, values: &[String], value: &str) -> Result<usize, Diagnostic> {
    values.iter().position(|other| other == value).ok_or_else(|| {
        let names: Vec<&str> = values.iter().map(String::as_str).collect();
        let message = format!("{id} has no value {value}");
        with_suggestion(Diagnostic::new(ErrorKind::Model, message), value, &names)
    })
}

/// The values after one change. A rename is done already where there are `all`.
fn edited(
    id: &ObjectId,
    mut values: Vec<String>,
    change: &EnumChange,
    all: &[EnumChange],
) -> Result<Vec<String>, Diagnostic> {
    // A place may be named by the name that a value had.
    let now = |name: &String| {
        let renamed = all.iter().find_map(|change| match change {
            EnumChange::Rename { from, to } if from == name => Some(to),
            _ => None,
        });
        renamed.unwrap_or(name).clone()
    };
    match change {
        EnumChange::Add { value, .. } if values.contains(value) => {
            return Err(there_already(&id.part(ObjectKind::Column, value)));
        }
        EnumChange::Add { value, place: ValuePlace::End } => values.push(value.clone()),
        EnumChange::Add { value, place: ValuePlace::Before(other) } => {
            let at = find(id, &values, &now(other))?;
            values.insert(at, value.clone());
        }
        EnumChange::Add { value, place: ValuePlace::After(other) } => {
            let at = find(id, &values, &now(other))?;
            values.insert(at + 1, value.clone());
        }
        EnumChange::Remove { value } => {
            let at = find(id, &values, value)?;
            values.remove(at);
        }
        EnumChange::Rename { .. } => {}
    }
    Ok(values)
}

/// Changes the columns that use it, where that is all there is of it.
fn alter_columns(draft: &mut Draft, said: &AlterEnum) -> Result<(), Diagnostic> {
    if said.changes.is_empty() {
        return Ok(());
    }
    if said.used_by.is_empty() {
        let message = format!(
            "{} keeps the values of an enum with the columns, and it is not said which have it",
            draft.flavour.title()
        );
        return Err(Diagnostic::new(ErrorKind::Unsupported, message)
            .hint("say which: .used_by(\"orders\", \"status\")"));
    }
    for (table, column) in &said.used_by {
        let id = draft.id(ObjectKind::Table, table)?;
        if !draft.known {
            return Err(needs_schema("the table", draft.flavour));
        }
        draft.table_id(table)?;
        if draft.table(&id)?.column(column).is_none() {
            return Err(super::column::missing(draft, &id, column)?);
        }
        match draft.dialect() {
            Dialect::Sqlite => alter_check(draft, &id, column, &said.changes)?,
            Dialect::Mysql | Dialect::Postgres => alter_labels(draft, &id, column, &said.changes)?,
        }
    }
    Ok(())
}

/// All changes, renames among them.
fn changed(
    id: &ObjectId,
    mut values: Vec<String>,
    changes: &[EnumChange],
) -> Result<Vec<String>, Diagnostic> {
    for change in changes {
        if let EnumChange::Rename { from, to } = change {
            let at = find(id, &values, from)?;
            to.clone_into(&mut values[at]);
        }
    }
    for change in changes {
        values = edited(id, values, change, changes)?;
    }
    Ok(values)
}

fn renamed_values(changes: &[EnumChange]) -> Vec<(&String, &String)> {
    let renames = changes.iter().filter_map(|change| match change {
        EnumChange::Rename { from, to } => Some((from, to)),
        EnumChange::Add { .. } | EnumChange::Remove { .. } => None,
    });
    renames.collect()
}

/// The labels of an `ENUM(…)` (MySQL, MariaDB). Where some are renamed, rows have to be written in between: the
/// steps of that are in `write`.
fn alter_labels(
    draft: &mut Draft,
    id: &ObjectId,
    name: &str,
    changes: &[EnumChange],
) -> Result<(), Diagnostic> {
    let owner = id.part(ObjectKind::Column, name);
    let column = draft.column_mut(id, name)?;
    let labels = labels(column).ok_or_else(|| {
        Diagnostic::new(ErrorKind::Model, format!("{owner} is {} and no enum", column.data_type))
    })?;
    let values = changed(&owner, labels, changes)?;
    let written: Vec<String> = values.iter().map(|value| mysql_string(value)).collect();
    column.data_type = format!("enum({})", written.join(","));
    for (from, to) in renamed_values(changes) {
        if column.default.as_ref() == Some(&mysql_string(from)) {
            column.default = Some(mysql_string(to));
        }
    }
    Ok(())
}

/// The values of an `enum(…)`; `None` of another type.
pub(in crate::operation) fn labels(column: &Column) -> Option<Vec<String>> {
    let labels = mysql_labels(&column.data_type);
    let value = |label: &String| {
        let inner = label.trim_matches('\'');
        inner.replace("''", "'").replace("\\\\", "\\")
    };
    (!labels.is_empty()).then(|| labels.iter().map(value).collect())
}

/// The check that holds the values of a column (SQLite). Rows with a value that is renamed get the new one
/// while the table is made anew.
fn alter_check(
    draft: &mut Draft,
    id: &ObjectId,
    name: &str,
    changes: &[EnumChange],
) -> Result<(), Diagnostic> {
    let owner = id.part(ObjectKind::Column, name);
    let table = draft.table_mut(id)?;
    let found = table.constraints.iter_mut().find_map(|one| Some((check_values(one, name)?, one)));
    let Some((known, constraint)) = found else {
        let message = format!("{owner} has no check of its values: {name} IN ('…', '…')");
        return Err(Diagnostic::new(ErrorKind::Model, message));
    };
    let values = changed(&owner, known, changes)?;
    let written: Vec<String> = values.iter().map(|value| literal(Dialect::Sqlite, value)).collect();
    let column = quote(Dialect::Sqlite, name);
    constraint.kind = ConstraintKind::Check { expression: format!("{column} IN ({})", written.join(", ")) };
    let renames = renamed_values(changes);
    if renames.is_empty() {
        return Ok(());
    }
    let case = |pairs: &[(&String, &String)]| {
        let branch = |(from, to): &(&String, &String)| {
            format!(" WHEN {} THEN {}", literal(Dialect::Sqlite, from), literal(Dialect::Sqlite, to))
        };
        let branches: String = pairs.iter().map(branch).collect();
        format!("CASE {column}{branches} ELSE {column} END")
    };
    let back: Vec<(&String, &String)> = renames.iter().map(|(from, to)| (*to, *from)).collect();
    let (forth, back) = (case(&renames), case(&back));
    let after = draft.column_mut(id, name)?;
    after.options.insert("using".to_owned(), forth);
    for (from, to) in renames {
        if after.default.as_ref() == Some(&literal(Dialect::Sqlite, from)) {
            after.default = Some(literal(Dialect::Sqlite, to));
        }
    }
    if let Some(Body::Table(table)) = draft.before.objects.get_mut(id).map(|object| &mut object.body)
        && let Some(before) = table.columns.iter_mut().find(|column| column.name == name)
    {
        before.options.insert("using".to_owned(), back);
    }
    Ok(())
}

/// The values of a check that says nothing but `column IN ('…', '…')`.
fn check_values(constraint: &Constraint, column: &str) -> Option<Vec<String>> {
    let ConstraintKind::Check { expression } = &constraint.kind else { return None };
    let all = tokens(Dialect::Sqlite, expression).ok()?;
    let mut code =
        all.iter().filter(|token| !token.kind.is_trivia()).map(|token| (token.kind, token.text(expression)));
    let (_, first) = code.next()?;
    let is_column = first == column || crate::sql::unquote(first) == column;
    let (_, word) = code.next()?;
    (is_column && word.eq_ignore_ascii_case("IN")).then_some(())?;
    let mut values = Vec::new();
    for (kind, text) in code {
        match kind {
            TokenKind::String => values.push(crate::sql::unquote(text)),
            TokenKind::Operator if matches!(text, "(" | ")" | ",") => {}
            _ => return None,
        }
    }
    Some(values)
}

/// A step on the way of labels that get other names (MySQL, MariaDB): old and new ones side by side.
pub(in crate::operation) fn widen(draft: &mut Draft, said: &AlterEnum) -> Result<(), Diagnostic> {
    for (table, name) in &said.used_by {
        let id = draft.table_id(table)?;
        if draft.table(&id)?.column(name).is_none() {
            return Err(super::column::missing(draft, &id, name)?);
        }
        let column = draft.column_mut(&id, name)?;
        let Some(mut values) = labels(column) else { continue };
        for (_, to) in renamed_values(&said.changes) {
            if !values.contains(to) {
                values.push(to.clone());
            }
        }
        let written: Vec<String> = values.iter().map(|value| mysql_string(value)).collect();
        column.data_type = format!("enum({})", written.join(","));
    }
    Ok(())
}

/// Takes away the old names of labels once rows have the new ones, and makes all other changes.
pub(in crate::operation) fn narrow(draft: &mut Draft, said: &AlterEnum) -> Result<(), Diagnostic> {
    for (table, name) in &said.used_by {
        let id = draft.table_id(table)?;
        let renames = renamed_values(&said.changes);
        let column = draft.column_mut(&id, name)?;
        if let Some(mut values) = labels(column) {
            values.retain(|value| !renames.iter().any(|(_, to)| *to == value));
            let written: Vec<String> = values.iter().map(|value| mysql_string(value)).collect();
            column.data_type = format!("enum({})", written.join(","));
        }
        alter_labels(draft, &id, name, &said.changes)?;
    }
    Ok(())
}

/// What gives the rows of a column the new names of its values, and what gives them the old ones.
pub(in crate::operation) fn rewrite(
    said: &AlterEnum,
    schema: &Schema,
) -> Result<(Vec<String>, Vec<String>), Diagnostic> {
    let mut both = (Vec::new(), Vec::new());
    for (table, name) in &said.used_by {
        let id = object::id(ObjectKind::Table, table, crate::dialect::Flavour::Mysql)?;
        let times = schema.table(&id).map(|table| mysql::change::untouched(table, name)).unwrap_or_default();
        let (table, column) = (quote(Dialect::Mysql, &id.name), quote(Dialect::Mysql, name));
        let update = |from: &str, to: &str| {
            let (from, to) = (mysql_string(from), mysql_string(to));
            format!("UPDATE {table} SET {column} = {to}{times} WHERE {column} = {from}")
        };
        for (from, to) in renamed_values(&said.changes) {
            both.0.push(update(from, to));
            both.1.push(update(to, from));
        }
    }
    Ok(both)
}

/// Whether values get other names, so that rows have to be written in between where an enum is a property of
/// its columns (MySQL, MariaDB).
pub(in crate::operation) fn renames_values(said: &AlterEnum) -> bool {
    !renamed_values(&said.changes).is_empty()
}
