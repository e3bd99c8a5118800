//! A table as an operation says it.

use std::collections::BTreeMap;

use super::{
    Each, Side, alike,
    column::{column, comment},
    constraint::{comes_with_column, constraint},
    index::{as_constraint, index, is_of_key},
    name,
};
use crate::{
    dialect::Flavour,
    model::ModelOption,
    operation::{Column, Constraint as Said, Index, Table},
    schema::{self, Body, Constraint, ConstraintKind, Object, TableKind},
};

/// The table; nothing where it is more than an operation says.
pub(super) fn table(each: &Each<'_, &Object>) -> Option<Table> {
    let (_, first) = each.first()?;
    let tables: Option<Vec<(Side<'_>, &schema::Table)>> = each
        .iter()
        .map(|(side, object)| match &object.body {
            Body::Table(table) => Some((*side, table)),
            _ => None,
        })
        .collect();
    let tables = tables?;
    if !tables.iter().all(|(_, table)| is_plain(table)) {
        return None;
    }
    let mut said = Table::new(name(&first.id));
    for own in alike(tables.iter().map(|(_, table)| names(table)))? {
        let columns: Option<Vec<_>> =
            tables.iter().map(|(side, table)| Some((*side, (*table, table.column(own)?)))).collect();
        said.columns.push(column(&columns?)?);
    }
    let whole: Vec<Parts> = tables
        .iter()
        .map(|(side, table)| Parts {
            flavour: side.flavour,
            constraints: table.constraints.clone(),
            indexes: table
                .indexes
                .iter()
                .filter(|index| !is_of_key(side.flavour, table, index))
                .cloned()
                .collect(),
        })
        .collect();
    let sides: Vec<Side<'_>> = tables.iter().map(|(side, _)| *side).collect();
    let (constraints, indexes) = parts(&sides, whole, &said.columns, &first.id)?;
    said.indexes = indexes;
    for constraint in constraints {
        match constraint {
            Said::PrimaryKey(key) => said.primary_key = Some(key),
            Said::Unique(unique) => said.uniques.push(unique),
            Said::Check(check) => said.checks.push(check),
            Said::ForeignKey(key) => said.foreign_keys.push(key),
            Said::Exclusion(exclusion) => said.exclusions.push(exclusion),
        }
    }
    said.comment = comment(each.iter().map(|(side, object)| (*side, object.comment.as_ref())))?;
    for (side, table) in &tables {
        options(*side, table, &mut said)?;
    }
    shorten(&mut said);
    Some(said)
}

fn is_plain(table: &schema::Table) -> bool {
    table.kind == TableKind::Ordinary
        && table.partition_by.is_none()
        && table.partitions.is_empty()
        && table.partition_of.is_none()
        && table.inherits.is_empty()
}

pub(super) fn names(table: &schema::Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

/// What one engine alone knows. What MySQL and MariaDB write beside every table, they write again.
fn options(side: Side<'_>, table: &schema::Table, said: &mut Table) -> Option<()> {
    for (option, value) in &table.options {
        match (side.flavour, option.as_str()) {
            (Flavour::Sqlite, "strict") => {
                said.options.push((side.flavour, ModelOption::Strict, value.clone()))
            }
            (Flavour::Sqlite, "without_rowid") => {
                said.options.push((side.flavour, ModelOption::WithoutRowid, value.clone()));
            }
            (Flavour::Postgres, "unlogged") => {
                said.options.push((side.flavour, ModelOption::Unlogged, value.clone()));
            }
            (Flavour::Mysql | Flavour::Mariadb, "engine" | "charset" | "collation" | "auto_increment") => {}
            _ => return None,
        }
    }
    Some(())
}

/// Says the key of one column beside the column.
fn shorten(said: &mut Table) {
    let Some(key) = &said.primary_key else { return };
    let is_plain = *key == crate::operation::PrimaryKey::new(key.columns.clone());
    let [only] = &key.columns[..] else { return };
    if let Some(column) = said.columns.iter_mut().find(|column| is_plain && column.model.name == *only) {
        column.primary_key = true;
        said.primary_key = None;
    }
}

/// Constraints and indexes of a table on one kind of server.
pub(super) struct Parts {
    pub(super) flavour: Flavour,
    pub(super) constraints: Vec<Constraint>,
    pub(super) indexes: Vec<schema::Index>,
}

/// The parts of a table that come, as operations say them; nothing where the servers don't have the same ones.
pub(super) fn parts(
    sides: &[Side<'_>],
    mut each: Vec<Parts>,
    columns: &[Column],
    table: &schema::ObjectId,
) -> Option<(Vec<Said>, Vec<Index>)> {
    let others: Vec<String> =
        each.iter().flat_map(|own| own.constraints.iter().filter_map(|one| one.name.clone())).collect();
    let is_mysql = |flavour: Flavour| matches!(flavour, Flavour::Mysql | Flavour::Mariadb);
    let alone = each.iter().all(|own| is_mysql(own.flavour));
    for own in &mut each {
        let flavour = own.flavour;
        own.constraints.retain(|one| !comes_with_column(flavour, one, columns));
        let (uniques, indexes) = std::mem::take(&mut own.indexes).into_iter().partition(|index| {
            as_constraint(flavour, index).is_some() && (alone || others.contains(&index.name))
        });
        let uniques: Vec<schema::Index> = uniques;
        own.indexes = indexes;
        own.constraints.extend(uniques.iter().filter_map(|index| as_constraint(flavour, index)));
    }
    let constraints =
        by_name(sides, &each, |own| own.constraints.iter().map(|one| (key(one), one)).collect())?;
    let indexes =
        by_name(sides, &each, |own| own.indexes.iter().map(|one| (one.name.clone(), one)).collect())?;
    let constraints: Option<Vec<Said>> = constraints.iter().map(|each| constraint(each, table)).collect();
    let indexes: Option<Vec<Index>> = indexes.iter().map(|each| index(each)).collect();
    Some((constraints?, indexes?))
}

/// What a constraint is known by: there is one primary key, whatever its name.
fn key(constraint: &Constraint) -> String {
    match (&constraint.kind, &constraint.name) {
        (ConstraintKind::PrimaryKey { .. }, _) => " primary key".to_owned(),
        (_, Some(name)) => name.clone(),
        (_, None) => String::new(),
    }
}

type Found<'a, T> = Vec<Vec<(Side<'a>, &'a T)>>;

/// Things of the same name, side by side; nothing where a server has one that another has not.
fn by_name<'a, T>(
    sides: &[Side<'a>],
    each: &'a [Parts],
    of: impl Fn(&'a Parts) -> Vec<(String, &'a T)>,
) -> Option<Found<'a, T>> {
    let mut found: BTreeMap<String, Vec<(Side<'a>, &'a T)>> = BTreeMap::new();
    for (side, own) in sides.iter().zip(each) {
        for (name, thing) in of(own) {
            if name.is_empty() {
                // What has no name can't be told from another, and an operation would give it one.
                return None;
            }
            found.entry(name).or_default().push((*side, thing));
        }
    }
    let same = found.values().all(|each| each.len() == sides.len());
    same.then(|| found.into_values().collect())
}
