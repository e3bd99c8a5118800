//! The order in which tables are dropped and made, and views and triggers are made.

use std::collections::{BTreeMap, BTreeSet};

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

/// What waits for others of the same list, which are taken in the order of the list as far as that goes. The
/// time that all of it takes grows with the number of references, not with its square.
struct Waiting {
    /// How many of the others each waits for.
    unmet: Vec<usize>,
    /// Those that wait for each.
    dependents: Vec<Vec<usize>>,
    ready: BTreeSet<usize>,
    left: BTreeSet<usize>,
    /// Those that nobody waits for any more, though they are left.
    released: BTreeSet<usize>,
}

impl Waiting {
    /// `pairs` are who waits, and for whom.
    fn new(count: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let (mut unmet, mut dependents) = (vec![0; count], vec![Vec::new(); count]);
        for (dependent, on) in pairs.into_iter().collect::<BTreeSet<_>>() {
            if dependent != on {
                unmet[dependent] += 1;
                dependents[on].push(dependent);
            }
        }
        let ready = (0..count).filter(|&index| unmet[index] == 0).collect();
        Self { unmet, dependents, ready, left: (0..count).collect(), released: BTreeSet::new() }
    }

    fn take_ready(&mut self) -> Option<usize> {
        let index = self.ready.first().copied()?;
        self.take(index);
        Some(index)
    }

    /// The first of those that are left, whomever it waits for.
    fn take_first(&mut self) -> Option<usize> {
        let index = self.left.first().copied()?;
        self.take(index);
        Some(index)
    }

    fn take(&mut self, index: usize) {
        self.left.remove(&index);
        self.ready.remove(&index);
        self.release(index);
    }

    /// The first that others may still wait for, which they do no longer.
    fn release_first(&mut self) -> Option<usize> {
        let index = self.left.difference(&self.released).next().copied()?;
        self.release(index);
        Some(index)
    }

    fn release(&mut self, index: usize) {
        if !self.released.insert(index) {
            return;
        }
        for &dependent in &self.dependents[index] {
            self.unmet[dependent] -= 1;
            if self.unmet[dependent] == 0 && self.left.contains(&dependent) {
                self.ready.insert(dependent);
            }
        }
    }
}

/// Which tables of a list refer to which, by their places in it.
fn references(tables: &[(&ObjectId, &Table)]) -> Vec<(usize, usize)> {
    let places: BTreeMap<&ObjectId, usize> =
        tables.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
    let of = |(place, (_, table)): (usize, &(&ObjectId, &Table))| {
        let found: Vec<(usize, usize)> = table
            .constraints
            .iter()
            .filter_map(referenced)
            .filter_map(|id| places.get(id).map(|on| (place, *on)))
            .collect();
        found
    };
    tables.iter().enumerate().flat_map(of).collect()
}

/// Drops tables, those first that no other refers to. Where all refer to each other, foreign keys go
/// before them.
pub(super) fn drop_tables(difference: &Difference, phases: &mut Phases) {
    let flavour = difference.to.flavour;
    let tables: Vec<(&ObjectId, &Table)> = difference
        .operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Drop(object) => as_table(object),
            Operation::Create(_) | Operation::Alter(_) => None,
        })
        .collect();
    let pairs = references(&tables).into_iter().map(|(from, to)| (to, from));
    let mut waiting = Waiting::new(tables.len(), pairs);
    loop {
        if let Some(place) = waiting.take_ready() {
            phases.drop_tables.push(format!("DROP TABLE {}", name(tables[place].0)));
            continue;
        }
        let Some(place) = waiting.release_first() else { return };
        let (id, table) = tables[place];
        let clauses: Vec<String> = table
            .constraints
            .iter()
            .filter(|one| constraint::is_foreign_key(one))
            .map(|one| constraint::drop(flavour, one))
            .collect();
        phases.drop_tables.push(format!("ALTER TABLE {}\n  {}", name(id), clauses.join(",\n  ")));
    }
}

/// Makes tables, those first that the others refer to, and then the foreign keys that had to wait.
pub(super) fn create_tables(difference: &Difference, foreign_keys: &ForeignKeys<'_>, phases: &mut Phases) {
    let flavour = difference.to.flavour;
    let objects: Vec<&Object> =
        created(difference).filter(|object| matches!(object.body, Body::Table(_))).collect();
    let tables: Vec<(&ObjectId, &Table)> = objects.iter().filter_map(|object| as_table(object)).collect();
    let mut absent: BTreeSet<&ObjectId> = tables.iter().map(|(id, _)| *id).collect();
    let mut waiting = Waiting::new(tables.len(), references(&tables));
    let mut later_keys = Vec::new();
    while let Some(place) = waiting.take_ready().or_else(|| waiting.take_first()) {
        let (id, table) = tables[place];
        absent.remove(id);
        let (now, later): (Vec<&Constraint>, Vec<&Constraint>) =
            table.constraints.iter().partition(|one| referenced(one).is_none_or(|on| !absent.contains(on)));
        let comment = objects[place].comment.as_deref();
        let statement = table::create(flavour, id, table, &now, comment);
        let is_open =
            now.iter().any(|one| referenced(one).is_some_and(|on| foreign_key::is_absent(difference, on)));
        phases.create_tables.extend(foreign_key::unchecked(is_open, statement));
        if !later.is_empty() {
            later_keys.push(foreign_key::add(flavour, id, &later));
        }
    }
    foreign_keys.add_into(phases);
    phases.add_foreign_keys.extend(later_keys);
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
    let mut disturbed = trigger::disturbed(difference, &updated);
    for behind in trigger::behind(difference) {
        if !disturbed.iter().any(|object| object.id == behind.id) {
            disturbed.push(behind);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::Waiting;

    #[test]
    fn the_first_that_waits_for_nobody_is_taken_and_a_circle_is_broken_at_its_first() {
        let mut waiting = Waiting::new(4, [(0, 3), (1, 0), (2, 2), (2, 1)]);
        let mut order = Vec::new();
        while let Some(place) = waiting.take_ready().or_else(|| waiting.take_first()) {
            order.push(place);
        }
        assert_eq!(order, [3, 0, 1, 2]);
        let mut circle = Waiting::new(2, [(0, 1), (1, 0)]);
        assert_eq!(circle.take_ready(), None);
        assert_eq!(circle.release_first(), Some(0));
        assert_eq!((circle.take_ready(), circle.take_ready()), (Some(1), Some(0)));
    }
}
