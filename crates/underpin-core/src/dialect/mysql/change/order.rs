//! The order in which tables are dropped and made, and views and triggers are made.

use std::collections::BTreeSet;

use super::{
    Phases, constraint,
    foreign_key::{self, ForeignKeys},
    name, table, trigger, view,
};
use crate::{
    difference::{Difference, Operation},
    schema::{Body, Constraint, ConstraintKind, Object, ObjectId, Table, Trigger, View},
};

fn created(difference: &Difference) -> impl Iterator<Item = &Object> {
    difference.operations.iter().filter_map(|operation| match operation {
        Operation::Create(object) => Some(object),
        Operation::Drop(_) | Operation::Alter(_) => None,
    })
}

fn referenced(constraint: &Constraint) -> Option<&ObjectId> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(&key.table),
        _ => None,
    }
}

fn as_table(object: &Object) -> Option<(&ObjectId, &Table)> {
    match &object.body {
        Body::Table(table) => Some((&object.id, table)),
        _ => None,
    }
}

/// Drops tables, those first that no other refers to. Where all refer to each other, foreign keys go
/// before them.
pub(super) fn drop_tables(difference: &Difference, phases: &mut Phases) {
    let flavour = difference.to.flavour;
    let mut left: Vec<(&ObjectId, &Table)> = difference
        .operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Drop(object) => as_table(object),
            Operation::Create(_) | Operation::Alter(_) => None,
        })
        .collect();
    let mut freed: BTreeSet<&ObjectId> = BTreeSet::new();
    while !left.is_empty() {
        let is_referenced = |id: &ObjectId| {
            left.iter().any(|(other, table)| {
                *other != id
                    && !freed.contains(other)
                    && table.constraints.iter().any(|constraint| referenced(constraint) == Some(id))
            })
        };
        match left.iter().position(|(id, _)| !is_referenced(id)) {
            Some(position) => {
                let (id, _) = left.remove(position);
                phases.drop_tables.push(format!("DROP TABLE {}", name(id)));
            }
            None => {
                let Some((id, table)) = left.iter().find(|(id, _)| !freed.contains(id)) else { return };
                let clauses: Vec<String> = table
                    .constraints
                    .iter()
                    .filter(|one| constraint::is_foreign_key(one))
                    .map(|one| constraint::drop(flavour, one))
                    .collect();
                phases.drop_tables.push(format!("ALTER TABLE {}\n  {}", name(id), clauses.join(",\n  ")));
                freed.insert(id);
            }
        }
    }
}

/// Makes tables, those first that the others refer to, and then the foreign keys that had to wait.
pub(super) fn create_tables(difference: &Difference, foreign_keys: &ForeignKeys<'_>, phases: &mut Phases) {
    let flavour = difference.to.flavour;
    let mut left: Vec<(&ObjectId, &Table, Option<&str>)> = created(difference)
        .filter_map(|object| {
            let (id, table) = as_table(object)?;
            Some((id, table, object.comment.as_deref()))
        })
        .collect();
    let mut waiting = Vec::new();
    while !left.is_empty() {
        let is_there = |id: &ObjectId| !left.iter().any(|(other, ..)| *other == id);
        let is_ready = |(id, table, _): &(&ObjectId, &Table, Option<&str>)| {
            let mut tables = table.constraints.iter().filter_map(referenced);
            tables.all(|table| table == *id || is_there(table))
        };
        let position = left.iter().position(is_ready).unwrap_or(0);
        let (id, table, comment) = left[position];
        let (now, later): (Vec<&Constraint>, Vec<&Constraint>) = table
            .constraints
            .iter()
            .partition(|one| referenced(one).is_none_or(|table| table == id || is_there(table)));
        let statement = table::create(flavour, id, table, &now, comment);
        let is_open =
            now.iter().any(|one| referenced(one).is_some_and(|on| foreign_key::is_absent(difference, on)));
        phases.create_tables.extend(foreign_key::unchecked(is_open, statement));
        if !later.is_empty() {
            waiting.push(foreign_key::add(flavour, id, &later));
        }
        left.remove(position);
    }
    foreign_keys.add_into(phases);
    phases.add_foreign_keys.extend(waiting);
}

/// Makes views, those first that the others stand on.
pub(super) fn create_views(difference: &Difference, phases: &mut Phases) {
    let mut left: Vec<(&ObjectId, &View, bool)> = difference
        .operations
        .iter()
        .filter_map(|operation| {
            let replace = matches!(operation, Operation::Alter(alteration) if !alteration.is_rename());
            match (operation, &operation.object().body) {
                (Operation::Create(_) | Operation::Alter(_), Body::View(view)) => {
                    Some((operation.id(), view, replace))
                }
                _ => None,
            }
        })
        .collect();
    while !left.is_empty() {
        let waits = |id: &ObjectId| {
            difference.to.dependencies.iter().any(|dependency| {
                dependency.dependent == *id && left.iter().any(|(other, ..)| **other == dependency.on)
            })
        };
        let position = left.iter().position(|(id, ..)| !waits(id)).unwrap_or(0);
        let (id, view, replace) = left.remove(position);
        phases.create_views.push(view::create(id, view, replace));
    }
}

/// Makes triggers, those of one table in the order in which they are to fire.
pub(super) fn create_triggers(difference: &Difference, phases: &mut Phases) {
    let updated: BTreeSet<&ObjectId> = super::alterations(difference)
        .map(|alteration| &alteration.to.id)
        .filter(|id| {
            phases.alter_tables.iter().any(|sql| sql.starts_with(&format!("UPDATE {} SET ", name(id))))
        })
        .collect();
    let disturbed = trigger::disturbed(difference, &updated);
    phases.drop_programs.extend(disturbed.iter().map(|object| trigger::drop(object)));
    let disturbed = disturbed.into_iter().filter_map(|object| match &object.body {
        Body::Trigger(trigger) => Some(trigger),
        _ => None,
    });
    let mut triggers: Vec<&Trigger> = difference
        .operations
        .iter()
        .filter_map(|operation| match (operation, &operation.object().body) {
            (Operation::Create(_) | Operation::Alter(_), Body::Trigger(trigger)) => Some(trigger),
            _ => None,
        })
        .chain(disturbed)
        .collect();
    triggers.sort_by(|one, other| trigger::place(one).cmp(&trigger::place(other)));
    phases.create_triggers.extend(triggers.into_iter().flat_map(trigger::create));
}
