//! Constraints as operations say them. All get the name that they have.

use super::{Each, alike, column::comment, name, worded};
use crate::{
    dialect::Flavour,
    model::{ModelForeignKey, ModelUnique, object::enum_check},
    name::chosen,
    operation::{Check, Constraint as Said, ForeignKey, PrimaryKey, Unique},
    schema::{self, Action, Constraint, ConstraintKind, IndexPart, Key, ObjectId, Table},
};

/// A constraint as several servers have it.
pub(super) type Constraints<'a> = Each<'a, &'a Constraint>;

/// The columns of the primary key.
pub(super) fn primary_key(table: &Table) -> Option<Vec<&str>> {
    let key = table.constraints.iter().find_map(|one| match &one.kind {
        ConstraintKind::PrimaryKey { parts } => Some(parts),
        _ => None,
    })?;
    columns(key)
}

/// Parts that are whole columns in rising order; nothing where one is anything else.
pub(super) fn columns(parts: &[IndexPart]) -> Option<Vec<&str>> {
    let column = |part: &'_ IndexPart| -> bool {
        matches!(&part.key, Key::Column(name) if *part == IndexPart::column(name))
    };
    if !parts.iter().all(column) {
        return None;
    }
    Some(parts.iter().map(key_text).collect())
}

fn key_text(part: &IndexPart) -> &str {
    match &part.key {
        Key::Column(text) | Key::Expression(text) => text,
    }
}

/// Whether a constraint is one that comes with its column: that a column is never null (PostgreSQL 18), the
/// values of an enum (SQLite), and that a text is JSON (MariaDB).
pub(super) fn comes_with_column(
    flavour: Flavour,
    constraint: &Constraint,
    said: &[crate::operation::Column],
) -> bool {
    match &constraint.kind {
        ConstraintKind::NotNull { .. } => true,
        ConstraintKind::Check { expression } if flavour == Flavour::Sqlite => said.iter().any(|column| {
            enum_check(&column.model).is_some_and(|check| unquoted(&check) == unquoted(expression))
        }),
        ConstraintKind::Check { expression } if flavour == Flavour::Mariadb => {
            said.iter().any(|column| *expression == format!("json_valid(`{}`)", column.model.name))
        }
        _ => false,
    }
}

/// A text without the quotes of names, which a server may have left out.
fn unquoted(text: &str) -> String {
    text.replace('"', "")
}

/// The constraint; nothing where it is more than an operation says.
pub(super) fn constraint(each: &Constraints<'_>, table: &ObjectId) -> Option<Said> {
    let (_, first) = each.first()?;
    let is_whole = |one: &Constraint| one.enforced && one.options.is_empty();
    if !each.iter().all(|(_, one)| is_whole(one)) {
        return None;
    }
    match &first.kind {
        ConstraintKind::PrimaryKey { .. } => key(each, table).map(Said::PrimaryKey),
        ConstraintKind::Unique { .. } => unique(each).map(Said::Unique),
        ConstraintKind::Check { .. } => check(each).map(Said::Check),
        ConstraintKind::ForeignKey(_) => foreign_key(each).map(Said::ForeignKey),
        ConstraintKind::Exclusion | ConstraintKind::NotNull { .. } => None,
    }
}

fn key(each: &Constraints<'_>, table: &ObjectId) -> Option<PrimaryKey> {
    let own: Option<Vec<Vec<&str>>> = each
        .iter()
        .map(|(_, one)| match &one.kind {
            ConstraintKind::PrimaryKey { parts } => columns(parts),
            _ => None,
        })
        .collect();
    let mut key = PrimaryKey::new(alike(own?)?);
    let usual = chosen(&table.name, "", "pkey");
    let named = each.iter().filter_map(|(side, one)| {
        one.name
            .as_ref()
            .filter(|name| *name != "PRIMARY" && (side.flavour == Flavour::Sqlite || **name != usual))
    });
    let names: Vec<&String> = named.collect();
    if !names.is_empty() {
        key.name = Some(alike(names)?.clone());
    }
    key.deferral = alike(each.iter().map(|(_, one)| one.deferral))?;
    key.comment = comment(each.iter().map(|(side, one)| (*side, one.comment.as_ref())))?;
    Some(key)
}

fn unique(each: &Constraints<'_>) -> Option<Unique> {
    let own: Option<Vec<(Vec<&str>, bool)>> = each
        .iter()
        .map(|(_, one)| match &one.kind {
            ConstraintKind::Unique { parts, nulls_not_distinct } => {
                Some((columns(parts)?, *nulls_not_distinct))
            }
            _ => None,
        })
        .collect();
    let (columns, nulls_not_distinct) = alike(own?)?;
    let mut unique = Unique::new(columns);
    unique.model = ModelUnique {
        name: Some(named(each)?),
        nulls_not_distinct,
        deferral: alike(each.iter().map(|(_, one)| one.deferral))?,
        ..unique.model
    };
    unique.comment = comment(each.iter().map(|(side, one)| (*side, one.comment.as_ref())))?;
    Some(unique)
}

fn check(each: &Constraints<'_>) -> Option<Check> {
    let mut texts = Vec::new();
    for (side, one) in each {
        let ConstraintKind::Check { expression } = &one.kind else { return None };
        texts.push((*side, expression.clone()));
    }
    let mut check = Check::new("");
    check.model.expression = worded(&texts);
    check.model.name = Some(named(each)?);
    check.not_valid = not_valid(each)?;
    check.comment = comment(each.iter().map(|(side, one)| (*side, one.comment.as_ref())))?;
    Some(check)
}

fn foreign_key(each: &Constraints<'_>) -> Option<ForeignKey> {
    let mut keys: Vec<&schema::ForeignKey> = Vec::new();
    for (_, one) in each {
        let ConstraintKind::ForeignKey(key) = &one.kind else { return None };
        keys.push(key);
    }
    let same = |pick: fn(&schema::ForeignKey) -> Vec<String>| alike(keys.iter().map(|key| pick(key)));
    let columns = same(|key| key.columns.clone())?;
    let referenced = same(|key| key.referenced.clone())?;
    if referenced.is_empty() {
        return None;
    }
    let table = name(alike(keys.iter().map(|key| &key.table))?);
    let action = |pick: fn(&schema::ForeignKey) -> Action| {
        let own: Vec<Action> = keys.iter().map(|key| pick(key)).collect();
        // MariaDB calls the one like the other.
        let is_usual = |action: &Action| matches!(action, Action::NoAction | Action::Restrict);
        alike(own.iter().copied()).or_else(|| own.iter().all(is_usual).then_some(Action::NoAction))
    };
    let mut said = ForeignKey::new(Vec::<String>::new());
    said.model = ModelForeignKey {
        name: Some(named(each)?),
        on_delete: action(|key| key.on_delete)?,
        on_update: action(|key| key.on_update)?,
        deferral: alike(each.iter().map(|(_, one)| one.deferral))?,
        ..ModelForeignKey::new(columns, table, referenced)
    };
    said.match_full = alike(keys.iter().map(|key| key.match_full))?;
    said.on_delete_columns = same(|key| key.on_delete_columns.clone())?;
    said.not_valid = not_valid(each)?;
    said.comment = comment(each.iter().map(|(side, one)| (*side, one.comment.as_ref())))?;
    Some(said)
}

fn named(each: &Constraints<'_>) -> Option<String> {
    alike(each.iter().map(|(_, one)| one.name.clone()))?
}

/// Whether rows that were there are not looked at, which PostgreSQL alone can say.
fn not_valid(each: &Constraints<'_>) -> Option<bool> {
    alike(each.iter().map(|(_, one)| !one.validated))
}
