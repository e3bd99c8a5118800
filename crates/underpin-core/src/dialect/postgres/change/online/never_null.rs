//! A column that may be null no longer: a constraint says so first, its rows are read while others write,
//! and then the column is told. Not the columns that come, which have no rows yet that could be null.

use super::{
    super::{
        column::altering,
        constraint::{drop, extras},
        text::quote,
    },
    constraint::{unchecked, validate},
    item::{Item, Moves},
};
use crate::{
    difference::Statement,
    name::chosen,
    schema::{Constraint, ConstraintKind, ObjectId, ServerVersion},
};

/// Since which series `SET NOT NULL` believes a check that is valid ("ALTER TABLE" in the manual of
/// PostgreSQL 12).
const BELIEVES_CHECKS: u32 = 12;

/// Since which series it is a constraint of its own, which needs no validation at first ("ALTER TABLE" in
/// the manual of PostgreSQL 18).
const HAS_CONSTRAINT: u32 = 18;

/// How a column is told that it is never null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// By the constraint that says just that.
    Constraint,
    /// By a check, which goes when the column has been told.
    Check,
}

/// How it is done on this server. A table with children or parents has constraints of several tables to
/// keep in step, which a check does by itself.
pub(super) fn how(version: ServerVersion, has_relatives: bool) -> Option<How> {
    match version.major {
        HAS_CONSTRAINT.. if !has_relatives => Some(How::Constraint),
        BELIEVES_CHECKS.. => Some(How::Check),
        _ => None,
    }
}

/// The name of the check that stands in for it.
pub(super) fn check_name(table: &ObjectId, column: &str) -> String {
    chosen(&table.name, column, "never_null")
}

/// What is done in stages. `named` is the constraint that is to say so under a name of its own.
pub(super) fn item(table: &ObjectId, column: &str, how: How, named: Option<&Constraint>) -> Item {
    match how {
        How::Constraint => by_constraint(table, column, named),
        How::Check => by_check(table, column),
    }
}

fn by_constraint(table: &ObjectId, column: &str, named: Option<&Constraint>) -> Item {
    let usual = Constraint::new(None, ConstraintKind::NotNull { column: column.to_owned() });
    let mut constraint = named.cloned().unwrap_or(usual);
    constraint.name.get_or_insert_with(|| chosen(&table.name, column, "not_null"));
    let plain = Constraint { comment: None, ..constraint.clone() };
    let mut up = vec![validate(table, constraint.shown_name())];
    up.extend(extras(table, Some(&plain), &constraint));
    let mut down = vec![drop(table, &plain)];
    down.extend(unchecked(table, &plain));
    Item {
        announced: Moves::new(unchecked(table, &plain), vec![drop(table, &plain)]),
        validated: Moves::new(up, down),
        ..Item::default()
    }
}

fn by_check(table: &ObjectId, column: &str) -> Item {
    let expression = format!("{} IS NOT NULL", quote(column));
    let check = Constraint::new(Some(check_name(table, column)), ConstraintKind::Check { expression });
    let tell = |action: &str| altering(table, &format!("ALTER COLUMN {} {action}", quote(column))).sql;
    // Each in a transaction of its own: in that of the validation it would keep others out for as long, if
    // that has to be tried again; and the check has to be there until the column has been told.
    let settled = vec![Statement::alone(tell("SET NOT NULL")), Statement::alone(drop(table, &check).sql)];
    let mut down = vec![Statement::alone(tell("DROP NOT NULL"))];
    down.extend(unchecked(table, &check));
    Item {
        announced: Moves::new(unchecked(table, &check), vec![drop(table, &check)]),
        validated: Moves::new(vec![validate(table, check.shown_name())], Vec::new()),
        settled: Moves::new(settled, down),
        ..Item::default()
    }
}
