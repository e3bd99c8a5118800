//! Constraints of tables: made, dropped, and the little that can be changed in place.

use super::{
    action::Action,
    column::altering,
    text::{comment, list, parameter_changes, qualified, quote},
};
use crate::{
    difference::Statement,
    name::{chosen, quote_in},
    schema::{Constraint, ConstraintKind, Deferral, ForeignKey, IndexPart, Key, ObjectId},
};

/// What becomes of a constraint that is not as it is to be.
pub(super) fn decide(from: &Constraint, to: &Constraint) -> Action {
    if without_origin(from) == without_origin(to) {
        return Action::Keep;
    }
    let is_foreign_key = matches!(to.kind, ConstraintKind::ForeignKey(_));
    let alterable = from.kind == to.kind
        && core(from) == core(to)
        && (from.validated || !to.validated || to.enforced)
        && (from.validated == to.validated || to.validated)
        && from.enforced == to.enforced
        && (from.deferral == to.deferral || is_foreign_key)
        && from.options.contains_key("no_inherit") == to.options.contains_key("no_inherit")
        && from.options.get("tablespace") == to.options.get("tablespace")
        && from.options.get("partial") == to.options.get("partial");
    if alterable { Action::Alter } else { Action::Replace }
}

/// A constraint, whether or not a parent of its table has it too.
fn without_origin(constraint: &Constraint) -> Constraint {
    let mut constraint = constraint.clone();
    constraint.options.remove("inherited");
    constraint
}

/// The definition without what can be changed in place.
fn core(constraint: &Constraint) -> Option<String> {
    let mut text = constraint.definition.clone()?;
    for end in [" NOT VALID", " INITIALLY DEFERRED", " DEFERRABLE"] {
        if let Some(rest) = text.strip_suffix(end) {
            text.truncate(rest.len());
        }
    }
    Some(text)
}

/// Whether it is a foreign key in which one period holds another: both ends want the very same types.
pub(super) fn is_of_periods(constraint: &Constraint) -> bool {
    constraint.definition.as_ref().is_some_and(|definition| definition.contains(", PERIOD "))
}

/// A constraint as `CREATE TABLE` takes it.
pub(super) fn definition(table: &ObjectId, constraint: &Constraint) -> String {
    let name = quote(&constraint.name.clone().unwrap_or_else(|| chosen_name(table, constraint)));
    match &constraint.definition {
        Some(definition) => format!("CONSTRAINT {name} {definition}"),
        None => format!("CONSTRAINT {name} {}", written(constraint)),
    }
}

/// A constraint whose definition no server has written.
fn written(constraint: &Constraint) -> String {
    let mut text = match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } => format!("PRIMARY KEY ({})", columns(parts)),
        ConstraintKind::Unique { parts, nulls_not_distinct } => {
            let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
            format!("UNIQUE{nulls} ({})", columns(parts))
        }
        ConstraintKind::Check { expression } => format!("CHECK ({expression})"),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::Exclusion => "EXCLUDE".to_owned(),
        ConstraintKind::NotNull { column } => format!("NOT NULL {}", quote(column)),
    };
    if constraint.options.contains_key("no_inherit") {
        text.push_str(" NO INHERIT");
    }
    text.push_str(deferral(constraint.deferral));
    if !constraint.enforced {
        text.push_str(" NOT ENFORCED");
    }
    if !constraint.validated {
        text.push_str(" NOT VALID");
    }
    text
}

fn columns(parts: &[IndexPart]) -> String {
    let part = |part: &IndexPart| match &part.key {
        Key::Column(column) => quote(column),
        Key::Expression(expression) => format!("({expression})"),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn foreign_key(key: &ForeignKey) -> String {
    let there = quote_in(crate::dialect::Dialect::Postgres, key.table.schema.as_deref(), &key.table.name);
    let mut text = format!("FOREIGN KEY ({}) REFERENCES {there}", list(&key.columns));
    if !key.referenced.is_empty() {
        text.push_str(&format!(" ({})", list(&key.referenced)));
    }
    if key.match_full {
        text.push_str(" MATCH FULL");
    }
    if key.on_update != crate::schema::Action::NoAction {
        text.push_str(&format!(" ON UPDATE {}", key.on_update.sql()));
    }
    if key.on_delete != crate::schema::Action::NoAction {
        text.push_str(&format!(" ON DELETE {}", key.on_delete.sql()));
    }
    if !key.on_delete_columns.is_empty() {
        text.push_str(&format!(" ({})", list(&key.on_delete_columns)));
    }
    text
}

pub(super) const fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::None => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// The name that the server would give to a constraint without one ("`ChooseConstraintName`").
pub(super) fn chosen_name(table: &ObjectId, constraint: &Constraint) -> String {
    let of_parts = |parts: &[IndexPart]| {
        let name = |part: &IndexPart| match &part.key {
            Key::Column(column) => column.clone(),
            Key::Expression(_) => "expr".to_owned(),
        };
        parts.iter().map(name).collect::<Vec<_>>().join("_")
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => chosen(&table.name, "", "pkey"),
        ConstraintKind::Unique { parts, .. } => chosen(&table.name, &of_parts(parts), "key"),
        ConstraintKind::Check { .. } => chosen(&table.name, "", "check"),
        ConstraintKind::ForeignKey(key) => chosen(&table.name, &key.columns.join("_"), "fkey"),
        ConstraintKind::Exclusion => chosen(&table.name, "", "excl"),
        ConstraintKind::NotNull { column } => chosen(&table.name, column, "not_null"),
    }
}

/// Adds a constraint to a table that is there.
pub(super) fn make(table: &ObjectId, constraint: &Constraint) -> Vec<Statement> {
    let mut statements = vec![altering(table, &format!("ADD {}", definition(table, constraint)))];
    statements.extend(extras(table, None, constraint));
    statements
}

/// What a constraint has beside its definition: its comment, and properties of its index.
pub(super) fn extras(table: &ObjectId, from: Option<&Constraint>, to: &Constraint) -> Vec<Statement> {
    let name = to.name.clone().unwrap_or_else(|| chosen_name(table, to));
    let index = quote_in(crate::dialect::Dialect::Postgres, table.schema.as_deref(), &name);
    let none = Constraint::new(None, to.kind.clone());
    let from = from.unwrap_or(&none);
    let mut statements = Vec::new();
    for action in parameter_changes(&from.options, &to.options) {
        statements.push(Statement::new(format!("ALTER INDEX {index} {action}")));
    }
    if let Some(space) = to.options.get("tablespace").filter(|_| !from.options.contains_key("tablespace")) {
        statements.push(Statement::new(format!("ALTER INDEX {index} SET TABLESPACE {}", quote(space))));
    }
    let clustered = |constraint: &Constraint| constraint.options.contains_key("clustered");
    match (clustered(from), clustered(to)) {
        (false, true) => statements.push(altering(table, &format!("CLUSTER ON {}", quote(&name)))),
        (true, false) => statements.push(altering(table, "SET WITHOUT CLUSTER")),
        _ => {}
    }
    let target = format!("CONSTRAINT {} ON {}", quote(&name), qualified(table));
    statements.extend(comment(&target, from.comment.as_deref(), to.comment.as_deref()));
    let index_comment = |constraint: &'_ Constraint| constraint.options.get("index_comment").cloned();
    statements.extend(comment(
        &format!("INDEX {index}"),
        index_comment(from).as_deref(),
        index_comment(to).as_deref(),
    ));
    statements
}

/// Takes a constraint from a table.
pub(super) fn drop(table: &ObjectId, constraint: &Constraint) -> Statement {
    let name = constraint.name.clone().unwrap_or_else(|| chosen_name(table, constraint));
    altering(table, &format!("DROP CONSTRAINT {}", quote(&name)))
}

/// Gives a constraint another name.
pub(super) fn rename(table: &ObjectId, constraint: &Constraint, name: &str) -> Statement {
    let old = quote(constraint.name.as_deref().unwrap_or_default());
    altering(table, &format!("RENAME CONSTRAINT {old} TO {}", quote(name)))
}

/// Makes of what says that a column is never null what the server has where nothing is said but that:
/// valid, inherited, under the name that it chooses ("ALTER TABLE" in the manual of PostgreSQL 18).
pub(super) fn usual_not_null(table: &ObjectId, constraint: &Constraint, usual: &str) -> Vec<Statement> {
    let name = constraint.name.as_deref().unwrap_or_default();
    let mut statements = Vec::new();
    if !constraint.validated {
        statements.push(altering(table, &format!("VALIDATE CONSTRAINT {}", quote(name))));
    }
    if constraint.options.contains_key("no_inherit") {
        statements.push(altering(table, &format!("ALTER CONSTRAINT {} INHERIT", quote(name))));
    }
    let target = format!("CONSTRAINT {} ON {}", quote(name), qualified(table));
    statements.extend(comment(&target, constraint.comment.as_deref(), None));
    if name != usual {
        statements.push(rename(table, constraint, usual));
    }
    statements
}

/// The way back from there. What was valid can't be made otherwise, so it goes and comes again.
pub(super) fn own_not_null(
    table: &ObjectId,
    constraint: &Constraint,
    usual: String,
    has_children: bool,
) -> Vec<Statement> {
    let name = constraint.name.as_deref().unwrap_or_default();
    if let (ConstraintKind::NotNull { column }, false) = (&constraint.kind, constraint.validated) {
        let mut statements = vec![altering(table, &format!("ALTER COLUMN {} DROP NOT NULL", quote(column)))];
        statements.extend(make(table, constraint));
        return statements;
    }
    let mut statements = Vec::new();
    if let (ConstraintKind::NotNull { column }, true) =
        (&constraint.kind, has_children && constraint.options.contains_key("no_inherit"))
    {
        // Changed in place, it would stay with those that have it from here.
        statements.push(altering(table, &format!("ALTER COLUMN {} DROP NOT NULL", quote(column))));
        statements.extend(make(table, constraint));
        return statements;
    }
    if name != usual {
        statements.push(rename(table, &Constraint { name: Some(usual), ..constraint.clone() }, name));
    }
    if constraint.options.contains_key("no_inherit") {
        statements.push(altering(table, &format!("ALTER CONSTRAINT {} NO INHERIT", quote(name))));
    }
    let target = format!("CONSTRAINT {} ON {}", quote(name), qualified(table));
    statements.extend(comment(&target, None, constraint.comment.as_deref()));
    statements
}

/// Changes a constraint in place.
pub(super) fn alter(table: &ObjectId, from: &Constraint, to: &Constraint) -> Vec<Statement> {
    let name = quote(to.name.as_deref().unwrap_or_default());
    let mut statements = Vec::new();
    if from.deferral != to.deferral {
        let words = match to.deferral {
            Deferral::None => " NOT DEFERRABLE",
            Deferral::Immediate => " DEFERRABLE INITIALLY IMMEDIATE",
            Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
        };
        statements.push(altering(table, &format!("ALTER CONSTRAINT {name}{words}")));
    }
    if !from.validated && to.validated {
        statements.push(altering(table, &format!("VALIDATE CONSTRAINT {name}")));
    }
    statements.extend(extras(table, Some(from), to));
    statements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ObjectKind;

    #[test]
    fn a_chosen_name_is_cut_like_the_servers() {
        let table = ObjectId::new(ObjectKind::Table, None, &"t".repeat(63));
        let key = Constraint::new(None, ConstraintKind::PrimaryKey { parts: Vec::new() });
        assert_eq!(chosen_name(&table, &key), format!("{}_pkey", "t".repeat(58)));
    }
}
