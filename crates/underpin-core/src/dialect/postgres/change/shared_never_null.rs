//! That a column is never null where a parent of its table says so as well. Not partitions, which have it from their
//! parents alone.

use super::{
    action::Action,
    column::altering,
    constraint,
    plan::Plan,
    side::{Part, Side},
    step::not_null,
    table::parent_column,
    text::quote,
};
use crate::{
    difference::Statement,
    name::chosen,
    schema::{Column, Constraint, ConstraintKind, ObjectId, ObjectKind},
};

/// Says that a column is never null; nothing where the usual statements do. While the parent says so too, the server
/// gives it no other name, and the parent's none either while children have others (PostgreSQL 18).
pub(super) fn made(plan: &Plan<'_>, table: &ObjectId, to: &Constraint) -> Option<Vec<Statement>> {
    let ConstraintKind::NotNull { column } = &to.kind else { return None };
    let add = constraint::make(table, to);
    match (parent_says(&plan.from, table, column), parent_says(&plan.to, table, column)) {
        (Some(_), Some(true)) => without_parent(plan, table, column, add),
        (Some(true), Some(false)) => Some(match not_null(&plan.from, table, column) {
            Some(before) => {
                let name = to.name.as_deref().unwrap_or_default();
                let named = Constraint { name: to.name.clone(), ..before.clone() };
                let mut statements = vec![constraint::rename(table, before, name)];
                statements.extend(constraint::extras(table, Some(&named), to));
                statements
            }
            None => [vec![drop(table, column)], add].concat(),
        }),
        _ if is_shared(plan, table, column) => Some(match is_said_anew(plan, table, column) {
            true => Vec::new(),
            false => [vec![drop(table, column)], add].concat(),
        }),
        _ => None,
    }
}

/// The same for what a table said before; nothing where the usual statements do.
pub(super) fn dropped(plan: &Plan<'_>, table: &ObjectId, from: &Constraint) -> Option<Vec<Statement>> {
    let ConstraintKind::NotNull { column } = &from.kind else { return None };
    let after = plan.to.schema.table(table)?.column(column)?;
    let is_named = not_null(&plan.to, table, column).is_some();
    let is_local = after.options.get("inherited").is_some_and(|how| how == "local");
    match (parent_says(&plan.from, table, column), parent_says(&plan.to, table, column)) {
        (Some(true), Some(_)) if is_named => Some(Vec::new()),
        (Some(true), Some(true)) => {
            let set = || altering(table, &format!("ALTER COLUMN {} SET NOT NULL", quote(column)));
            without_parent(plan, table, column, is_local.then(set).into_iter().collect())
        }
        // It is to have it from the parent alone, and under the parent's name.
        (Some(false), Some(true)) if !is_named && !is_local => Some(vec![constraint::drop(table, from)]),
        (None | Some(false), _) if !after.nullable && is_shared(plan, table, column) => {
            let is_done = is_named || is_said_anew(plan, table, column);
            let again = || [vec![drop(table, column)], said(plan, table, column)].concat();
            Some(if is_done { Vec::new() } else { again() })
        }
        _ => None,
    }
}

/// What has to be done while the parent does not say so.
fn without_parent(
    plan: &Plan<'_>,
    table: &ObjectId,
    column: &str,
    statements: Vec<Statement>,
) -> Option<Vec<Statement>> {
    let outermost = outermost(&plan.to, table, column)?;
    let before = vec![drop(outermost, column), drop(table, column)];
    Some([before, statements, said(plan, outermost, column)].concat())
}

/// Says it as it is to be said.
fn said(plan: &Plan<'_>, table: &ObjectId, column: &str) -> Vec<Statement> {
    match not_null(&plan.to, table, column) {
        Some(said) => constraint::make(table, said),
        None => {
            let kind = ConstraintKind::NotNull { column: column.to_owned() };
            let usual = Some(chosen(&table.name, column, "not_null"));
            constraint::make(table, &Constraint::new(usual, kind))
        }
    }
}

/// Whether a table says it before and afterwards, and a child of it under a name of its own.
fn is_shared(plan: &Plan<'_>, table: &ObjectId, column: &str) -> bool {
    let is_named =
        |id: &ObjectId| [&plan.from, &plan.to].iter().any(|side| not_null(side, id, column).is_some());
    [&plan.from, &plan.to].iter().all(|side| is_never_null(side, table, column))
        && below(plan, table).into_iter().any(is_named)
}

/// Whether that is said anew with what a child says.
fn is_said_anew(plan: &Plan<'_>, table: &ObjectId, column: &str) -> bool {
    let name = |side: &Side<'_>, id: &ObjectId| not_null(side, id, column).and_then(|one| one.name.clone());
    let is_anew = |id: &ObjectId| {
        name(&plan.from, id) != name(&plan.to, id) && outermost(&plan.to, id, column) == Some(table)
    };
    below(plan, table).into_iter().any(is_anew)
}

/// The tables that inherit from this one before and afterwards, through any number of others.
fn below<'a>(plan: &Plan<'a>, table: &'a ObjectId) -> Vec<&'a ObjectId> {
    let mut below = vec![table];
    let mut at = 0;
    while let Some(parent) = below.get(at).copied() {
        let inherits = |side: &Side<'a>, id: &ObjectId| {
            side.schema.table(id).is_some_and(|table| table.inherits.contains(parent))
        };
        for (id, _) in plan.to.schema.tables() {
            if inherits(&plan.from, id) && inherits(&plan.to, id) && !below.contains(&id) {
                below.push(id);
            }
        }
        at += 1;
    }
    below.split_off(1)
}

fn drop(table: &ObjectId, column: &str) -> Statement {
    altering(table, &format!("ALTER COLUMN {} DROP NOT NULL", quote(column)))
}

/// The table above this one from which it is passed on, where that is one.
fn outermost<'a>(side: &Side<'a>, table: &ObjectId, column: &str) -> Option<&'a ObjectId> {
    let parents = &side.schema.table(table)?.inherits;
    let mut saying = parents.iter().filter(|parent| is_never_null(side, parent, column));
    let parent = saying.next().filter(|_| saying.next().is_none())?;
    outermost(side, parent, column).or(Some(parent))
}

/// Whether a parent says that a column is never null; nothing where no parent has it.
fn parent_says(side: &Side<'_>, table: &ObjectId, column: &str) -> Option<bool> {
    let table = side.schema.table(table).filter(|table| !table.inherits.is_empty())?;
    parent_column(table, column, side.schema).map(|column| !column.nullable)
}

fn is_never_null(side: &Side<'_>, table: &ObjectId, column: &str) -> bool {
    let column = side.schema.table(table).and_then(|table| table.column(column));
    column.is_some_and(|column| !column.nullable)
}

impl Plan<'_> {
    /// A column that stays never null though its parent's does not is looked at: the server takes that from all
    /// that have it from there.
    pub(super) fn keep_never_null(&mut self) {
        let loses = |id: &ObjectId, column: &Column| {
            let is_plain = |side: &Side<'_>| {
                let table = side.schema.table(id)?;
                Some(parent_column(table, &column.name, side.schema)?.nullable)
            };
            let stays = |side: &Side<'_>| is_never_null(side, id, &column.name);
            stays(&self.from)
                && stays(&self.to)
                && is_plain(&self.from) == Some(false)
                && is_plain(&self.to) == Some(true)
        };
        let lost: Vec<ObjectId> = self
            .to
            .units
            .iter()
            .filter(|(id, unit)| match unit.part {
                Part::Column(column) => {
                    id.kind == ObjectKind::Column
                        && self.action(id) == Action::Keep
                        && self.action(&unit.object.id) != Action::Rebuild
                        && loses(&unit.object.id, column)
                }
                Part::Whole | Part::Default(_) | Part::Constraint(_) | Part::Index(_) => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        self.actions.extend(lost.into_iter().map(|id| (id, Action::Alter)));
    }
}
