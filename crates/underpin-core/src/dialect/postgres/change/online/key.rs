//! Primary keys and unique constraints: their index is built while others write, and then becomes theirs
//! (`ADD table_constraint_using_index` in the manual's "ALTER TABLE"). Not the columns of a primary key,
//! which have been told before that they are never null.

use super::{
    super::{
        column::altering,
        constraint::{deferral, drop, extras},
        text::{list, qualified, quote},
    },
    index::{alone, interim, is_usual},
    item::{Item, Moves},
};
use crate::{
    difference::Statement,
    schema::{Constraint, ConstraintKind, Key, ObjectId, Table},
};

/// A key that comes, or changes; nothing where it can't be done so.
pub(super) fn item(id: &ObjectId, table: &Table, from: Option<&Constraint>, to: &Constraint) -> Option<Item> {
    if table.partition_by.is_some() || !is_plain(to) || !from.is_none_or(is_plain) {
        return None;
    }
    let built = match from {
        None => {
            let mut up = vec![build(id, to, to.shown_name())?];
            up.push(Statement::alone(altering(id, &format!("ADD {}", using(to, to.shown_name()))).sql));
            up.extend(behind(id, to));
            Moves::new(up, alone(vec![drop(id, to)]))
        }
        Some(from) => Moves::new(replace(id, from, to)?, replace(id, to, from)?),
    };
    Some(Item { built, ..Item::default() })
}

/// The new index is built beside the old key, and takes its place in one statement.
fn replace(id: &ObjectId, from: &Constraint, to: &Constraint) -> Option<Vec<Statement>> {
    let interim = interim(to.shown_name());
    let swap = format!("DROP CONSTRAINT {}, ADD {}", quote(from.shown_name()), using(to, &interim));
    let mut statements = vec![build(id, to, &interim)?, Statement::alone(altering(id, &swap).sql)];
    statements.extend(behind(id, to));
    Some(statements)
}

fn is_plain(constraint: &Constraint) -> bool {
    let words = constraint.definition.as_deref().unwrap_or_default();
    constraint.name.is_some()
        && is_usual(&constraint.options)
        && !constraint.options.contains_key("index_of")
        && !words.contains(" WITHOUT OVERLAPS")
        && matches!(constraint.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. })
}

/// The statement that builds the index.
fn build(id: &ObjectId, constraint: &Constraint, name: &str) -> Option<Statement> {
    let mut what = match &constraint.definition {
        Some(words) => words[words.find('(')?..].to_owned(),
        None => format!("({})", columns(constraint)?),
    };
    for end in [" INITIALLY DEFERRED", " DEFERRABLE"] {
        if let Some(rest) = what.strip_suffix(end) {
            what.truncate(rest.len());
        }
    }
    let nulls = match &constraint.kind {
        ConstraintKind::Unique { nulls_not_distinct: true, .. } => " NULLS NOT DISTINCT",
        ConstraintKind::Unique { nulls_not_distinct: false, .. }
        | ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => "",
    };
    let place = what.find(") WITH (").map_or(what.len(), |place| place + 1);
    what.insert_str(place, nulls);
    if let Some(space) = constraint.options.get("tablespace") {
        what.push_str(&format!(" TABLESPACE {}", quote(space)));
    }
    Some(Statement::alone(format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {what}",
        quote(name),
        qualified(id)
    )))
}

fn columns(constraint: &Constraint) -> Option<String> {
    let (ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. }) = &constraint.kind
    else {
        return None;
    };
    let column = |key: &Key| match key {
        Key::Column(column) => Some(column.clone()),
        Key::Expression(_) => None,
    };
    let columns: Option<Vec<String>> = parts.iter().map(|part| column(&part.key)).collect();
    Some(list(&columns?))
}

/// The constraint, of an index that is there and gets its name.
fn using(constraint: &Constraint, index: &str) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => "UNIQUE",
    };
    let name = quote(constraint.shown_name());
    format!("CONSTRAINT {name} {kind} USING INDEX {}{}", quote(index), deferral(constraint.deferral))
}

/// What a key has beside its index: comments.
fn behind(id: &ObjectId, to: &Constraint) -> Vec<Statement> {
    let mut built = Constraint { comment: None, ..to.clone() };
    built.options.remove("index_comment");
    alone(extras(id, Some(&built), to))
}
