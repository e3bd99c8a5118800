//! What PostgreSQL locks for what goes with a function, a sequence or a schema that is dropped `CASCADE`: triggers,
//! defaults, checks, indexes, views. What else may go with it (policies, casts, other functions), nobody says here.

use crate::{
    catalog::{Index, Table},
    dialect::Dialect,
    sql::{TokenKind, codes, unquote},
    statement::{ConstraintKind, Expression, IndexPart, ObjectName},
};

use super::{
    super::{LockMode, gathering::Gathering},
    drop, trigger,
};

/// `DROP FUNCTION … CASCADE`.
pub(super) fn function(gathering: &mut Gathering<'_>, name: &ObjectName) {
    let catalog = gathering.catalog;
    let calls = |expression: &Expression| expression.calls.iter().any(|call| is_named(call, name));
    for table in catalog.tables() {
        for fired in
            table.triggers.iter().filter(|it| it.function.as_ref().is_some_and(|it| it.name == name.name))
        {
            trigger::dropped(gathering, &table.name, &fired.name);
        }
        if columns(table).any(calls) || checks(table).any(calls) || indexes_call(table, name) {
            gathering.lock(&table.name, LockMode::AccessExclusive);
        }
    }
    let reads: Vec<String> = catalog
        .views()
        .filter(|(_, view)| view.calls.iter().any(|call| is_named(call, name)))
        .map(|(view, _)| view.to_owned())
        .collect();
    for view in reads.into_iter().map(|view| ObjectName::plain(&view)) {
        gathering.lock(&view, LockMode::AccessExclusive);
        drop::views_above(gathering, &view);
    }
    gathering.unknown();
}

/// `DROP SEQUENCE … CASCADE`: the defaults that count with it.
pub(super) fn sequence(gathering: &mut Gathering<'_>, name: &ObjectName) {
    let catalog = gathering.catalog;
    let counts = |table: &&Table| columns(table).any(|expression| names_in_quotes(&expression.text, name));
    for table in catalog.tables().filter(counts) {
        gathering.lock(&table.name, LockMode::AccessExclusive);
    }
}

/// `DROP SCHEMA … CASCADE`: its tables, and what foreign keys and views tie to them.
pub(super) fn schema(gathering: &mut Gathering<'_>, name: &ObjectName) {
    let catalog = gathering.catalog;
    let within = |table: &&Table| table.name.schema.as_deref().unwrap_or("public") == name.name;
    for table in catalog.tables().filter(within) {
        drop::table(gathering, &table.name, true);
    }
    gathering.unknown();
}

/// Whether a call is of the function, in whatever schema where none is said.
fn is_named(call: &str, name: &ObjectName) -> bool {
    let (schema, function) =
        call.rsplit_once('.').map_or((None, call), |(schema, name)| (Some(schema), name));
    let schemas = schema.zip(name.schema.as_deref()).is_none_or(|(one, other)| one == other);
    function == name.name.to_lowercase() && schemas
}

/// The expressions of the columns.
fn columns(table: &Table) -> impl Iterator<Item = &Expression> {
    table.columns.iter().flat_map(|column| column.default.iter().chain(&column.expression))
}

fn checks(table: &Table) -> impl Iterator<Item = &Expression> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Check { expression } => Some(expression),
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => None,
    })
}

fn indexes_call(table: &Table, name: &ObjectName) -> bool {
    let calls = |expression: &Expression| expression.calls.iter().any(|call| is_named(call, name));
    let one = |index: &Index| {
        let parts = index.parts.iter().any(|part| match part {
            IndexPart::Expression(text) => calls(&Expression::parse(Dialect::Postgres, text)),
            IndexPart::Column(_) => false,
        });
        parts || index.predicate.as_ref().is_some_and(calls)
    };
    table.indexes.iter().any(one)
}

/// Whether a text in quotes is the name: `nextval('public.numbers'::regclass)`.
fn names_in_quotes(expression: &str, name: &ObjectName) -> bool {
    let texts = codes(Dialect::Postgres, expression).filter(|code| code.kind == TokenKind::String);
    let mut named = texts.map(|code| unquote(code.text));
    named.any(|text| text.rsplit('.').next().is_some_and(|last| last.trim_matches('"') == name.name))
}
