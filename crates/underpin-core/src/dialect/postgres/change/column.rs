//! Columns of tables and their defaults. Not in which order: that is `order`'s.

use super::{
    action::Action,
    conversion::{self, Way},
    identity,
    text::{comment, grants, parameter_changes, qualified, quote},
};
use crate::{
    difference::Statement,
    schema::{Column, ObjectId, ServerVersion},
};

/// Whether a column is there because its table's parent has it.
pub(super) fn is_inherited(column: &Column) -> bool {
    column.options.contains_key("inherited")
}

/// What becomes of a column that is not as it is to be.
pub(super) fn decide(from: &Column, to: &Column, version: ServerVersion) -> Action {
    let mut same = to.clone();
    same.default.clone_from(&from.default);
    same.options.remove("inherited");
    let mut before = from.clone();
    before.options.remove("inherited");
    if before == same {
        return Action::Keep;
    }
    match (&from.generated, &to.generated) {
        (None, None) => Action::Alter,
        // "ALTER TABLE" in the manual: DROP EXPRESSION for stored ones since 13, SET EXPRESSION since 17.
        (Some(from), None) if from.stored && version.major >= 13 => Action::Alter,
        // What is computed is not converted.
        (Some(_), Some(_)) if conversion::is_said(&from.data_type, &to.data_type) => Action::Replace,
        (Some(from), Some(to)) if from == to => Action::Alter,
        (Some(from), Some(to)) if from.stored == to.stored && version.major >= 17 => Action::Alter,
        _ => Action::Replace,
    }
}

/// Whether the type changes, so that what stands on the column has to make way.
pub(super) fn changes_type(from: &Column, to: &Column) -> bool {
    from.data_type != to.data_type || from.collation != to.collation
}

/// A column as `CREATE TABLE` and `ADD COLUMN` take it.
pub(super) fn definition(column: &Column, with_default: bool) -> String {
    let mut text = format!("{} {}", quote(&column.name), column.data_type);
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    text.push_str(&qualities(column, with_default));
    text
}

/// What stands behind the type of a column: its default, and whether it may be null.
pub(super) fn qualities(column: &Column, with_default: bool) -> String {
    let mut text = String::new();
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
    }
    if let Some(identity) = &column.identity {
        text.push_str(&format!(" {}", identity::clause(column, identity)));
    }
    if let Some(default) = column.default.as_ref().filter(|_| with_default) {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    text
}

/// Adds a column to a table that is there.
pub(super) fn make(table: &ObjectId, column: &Column, with_default: bool) -> Vec<Statement> {
    let definition = definition(column, with_default);
    let mut statements = vec![altering(table, &format!("ADD COLUMN {definition}"))];
    statements.extend(extras(table, &Column::default(), column));
    statements
}

/// Takes a column from a table; with `only`, its children keep it as their own.
pub(super) fn drop(table: &ObjectId, column: &Column, only: bool) -> Statement {
    altering_any(table, only, &format!("DROP COLUMN {}", quote(&column.name)))
}

/// What a column has beside its definition: storage, comment, privileges.
pub(super) fn extras(table: &ObjectId, from: &Column, to: &Column) -> Vec<Statement> {
    let name = quote(&to.name);
    let target = format!("{}.{name}", qualified(table));
    let mut statements: Vec<Statement> = options(from, to)
        .into_iter()
        .map(|action| altering(table, &format!("ALTER COLUMN {name} {action}")))
        .collect();
    statements.extend(comment(&format!("COLUMN {target}"), from.comment.as_deref(), to.comment.as_deref()));
    let on = format!("TABLE {}", qualified(table));
    statements.extend(grants("", &on, &format!(" ({name})"), &from.grants, &to.grants));
    statements
}

fn options(from: &Column, to: &Column) -> Vec<String> {
    let mut actions = Vec::new();
    let mut changed = |name: &str, action: &dyn Fn(Option<&str>) -> String| {
        let (old, new) = (from.options.get(name), to.options.get(name));
        if old != new {
            actions.push(action(new.map(String::as_str)));
        }
    };
    changed("storage", &|value| {
        format!("SET STORAGE {}", value.unwrap_or_else(|| usual_storage(&to.data_type)))
    });
    changed("compression", &|value| format!("SET COMPRESSION {}", value.unwrap_or("default")));
    changed("statistics", &|value| format!("SET STATISTICS {}", value.unwrap_or("-1")));
    actions.extend(parameter_changes(&from.options, &to.options));
    actions
}

/// The storage that a type has by itself, as far as it can have another; `SET STORAGE DEFAULT` came
/// with PostgreSQL 16 only.
fn usual_storage(data_type: &str) -> &'static str {
    match data_type {
        "numeric" | "inet" | "cidr" => "MAIN",
        text if text.starts_with("numeric(") => "MAIN",
        _ => "EXTENDED",
    }
}

/// Changes a column in place; its values go the way that is said where its type changes, and every way
/// but a cast is to another type of the same name.
pub(super) fn alter(table: &ObjectId, from: &Column, to: &Column, way: Way) -> Vec<Statement> {
    let name = quote(&to.name);
    let change = |action: &str| altering(table, &format!("ALTER COLUMN {name} {action}"));
    let mut statements = Vec::new();
    if from.identity.is_some() && to.identity.is_none() {
        statements.push(change("DROP IDENTITY"));
    }
    if from.generated.is_some() && to.generated.is_none() {
        statements.push(change("DROP EXPRESSION"));
    }
    let retypes = way != Way::Cast || changes_type(from, to);
    let narrowed = if retypes { identity::narrowed(table, from, to) } else { None };
    let (narrow, limits) = narrowed.unzip();
    let from = narrow.as_ref().unwrap_or(from);
    statements.extend(limits);
    if retypes {
        let retyped = change(&retype(table, from, to, way));
        match way {
            Way::Names => statements.extend(conversion::carried(table, &to.name, &to.data_type, retyped)),
            Way::Text | Way::Cast => statements.push(retyped),
        }
    }
    if let (Some(old), Some(new)) = (&from.generated, &to.generated)
        && old != new
    {
        statements.push(change(&format!("SET EXPRESSION AS ({})", new.expression)));
    }
    if from.nullable != to.nullable {
        statements.push(change(if to.nullable { "DROP NOT NULL" } else { "SET NOT NULL" }));
    }
    if let Some(identity) = &to.identity {
        statements.extend(identity::changes(table, from, to, identity));
    }
    // Another type is stored as it is by itself ("ALTER TABLE" in the manual, SET STORAGE and SET COMPRESSION).
    let mut stored = from.clone();
    if retypes {
        stored.options.retain(|option, _| option != "storage" && option != "compression");
    }
    statements.extend(extras(table, &stored, to));
    statements
}

fn retype(table: &ObjectId, from: &Column, to: &Column, way: Way) -> String {
    let collation = match (&from.collation, &to.collation) {
        (_, Some(collation)) => format!(" COLLATE {collation}"),
        (Some(_), None) | (None, None) => String::new(),
    };
    // An operation says how values become others; no catalog does.
    let said = to.options.get("using").cloned();
    let row = conversion::carrier(table);
    let using = said.or_else(|| conversion::using(&row, &to.name, &from.data_type, &to.data_type, way));
    let using = using.map(|expression| format!(" USING {expression}")).unwrap_or_default();
    format!("TYPE {}{collation}{using}", to.data_type)
}

/// Gives a column of a table or view its default. `only` where the table has children: each of those
/// has a default of its own, which this would take from it.
pub(super) fn set_default(owner: &ObjectId, column: &Column, only: bool) -> Statement {
    let default = column.default.as_deref().unwrap_or("NULL");
    altering_any(owner, only, &format!("ALTER COLUMN {} SET DEFAULT {default}", quote(&column.name)))
}

/// Takes the default from a column of a table or view; `only` as for `set_default`.
pub(super) fn drop_default(owner: &ObjectId, column: &Column, only: bool) -> Statement {
    altering_any(owner, only, &format!("ALTER COLUMN {} DROP DEFAULT", quote(&column.name)))
}

fn altering_any(owner: &ObjectId, only: bool, action: &str) -> Statement {
    let word = match (owner.kind, only) {
        (crate::schema::ObjectKind::View, _) => "VIEW",
        (_, true) => "TABLE ONLY",
        (_, false) => "TABLE",
    };
    Statement::new(format!("ALTER {word} {} {action}", qualified(owner)))
}

/// `ALTER TABLE`.
pub(super) fn altering(table: &ObjectId, action: &str) -> Statement {
    Statement::new(format!("ALTER TABLE {} {action}", qualified(table)))
}
