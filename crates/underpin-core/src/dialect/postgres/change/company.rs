//! Which units need no statement of their own, because they come or go with another one. Not what
//! becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    action::Action,
    plan::Plan,
    side::{Part, Unit},
};
use crate::schema::{Body, ConstraintKind, ObjectId, ObjectKind};

impl Plan<'_> {
    /// The unit that a unit is made with: a new table for its columns, a new column for its default.
    pub(super) fn made_with(&self, id: &ObjectId) -> ObjectId {
        let Some(unit) = self.to.units.get(id) else { return id.clone() };
        if self.deferred.contains(id) {
            return id.clone();
        }
        let table = &unit.object.id;
        match unit.part {
            Part::Whole | Part::Index(_) => id.clone(),
            Part::Column(_) | Part::Constraint(_) if self.is_new_table(table) => table.clone(),
            Part::Column(_) | Part::Constraint(_) => id.clone(),
            Part::Default(_) if self.is_new_table(table) => table.clone(),
            Part::Default(column) => {
                let column = table.part(ObjectKind::Column, &column.name);
                if self.action(&column).makes() { column } else { id.clone() }
            }
        }
    }

    /// The unit that a unit goes with, where it needs no statement of its own.
    pub(super) fn dropped_with(&self, id: &ObjectId) -> ObjectId {
        match self.dropped_by(id) {
            Some(other) if other != *id => self.dropped_with(&other),
            _ => id.clone(),
        }
    }

    fn dropped_by(&self, id: &ObjectId) -> Option<ObjectId> {
        let unit = self.from.units.get(id)?;
        let owner = &unit.object.id;
        if self.is_needed_to_free(id, unit) {
            return None;
        }
        match unit.part {
            Part::Whole => self.whole_dropped_by(unit),
            Part::Column(_) => self.action(owner).drops().then(|| owner.clone()),
            Part::Default(column) => {
                let column = owner.part(ObjectKind::Column, &column.name);
                let with_column = self.from.units.contains_key(&column) && self.action(&column).drops();
                let with_column = with_column.then_some(column);
                with_column.or_else(|| self.action(owner).drops().then(|| owner.clone()))
            }
            Part::Constraint(_) | Part::Index(_) => match self.action(owner) {
                Action::Drop | Action::Replace => {
                    (!self.is_in_circle(owner, unit.foreign_table())).then(|| owner.clone())
                }
                Action::Keep | Action::Make | Action::Alter | Action::Rebuild => {
                    self.index_above(id).filter(|index| self.action(index).drops())
                }
            },
        }
    }

    /// Whether a default or constraint of a table or column that goes needs something that needs the table, so
    /// that it has to go by itself for any of them to go, or for a routine to be another one.
    fn is_needed_to_free(&self, id: &ObjectId, unit: &Unit<'_>) -> bool {
        let table = &unit.object.id;
        matches!(unit.part, Part::Default(_) | Part::Constraint(_))
            && !unit.is_foreign_key()
            && self.from.needs(id).any(|need| {
                let is_routine = matches!(need.kind, ObjectKind::Function | ObjectKind::Procedure);
                need.table.as_ref().unwrap_or(&need.name) != &table.name
                    && (self.action(need).drops() || is_routine && self.action(need) == Action::Alter)
                    && self.from.reaches(need, table)
            })
    }

    fn whole_dropped_by(&self, unit: &Unit<'_>) -> Option<ObjectId> {
        let gone = |on: &ObjectId| self.action(on).drops().then(|| on.clone());
        match &unit.object.body {
            Body::Trigger(trigger) => gone(&trigger.on),
            Body::Policy(policy) => gone(&policy.on),
            Body::Definition(_) if unit.object.id.table.is_some() => {
                let id = &unit.object.id;
                let owner = id.table.as_deref().unwrap_or_default();
                let kinds = [ObjectKind::Table, ObjectKind::View, ObjectKind::MaterializedView];
                kinds
                    .into_iter()
                    .map(|kind| ObjectId::new(kind, id.schema.as_deref(), owner))
                    .find(|on| self.from.units.contains_key(on))
                    .and_then(|on| gone(&on))
            }
            Body::Sequence(sequence) if self.action(&unit.object.id) == Action::Drop => {
                let column = self.from.home(sequence.owned_by.as_ref()?)?;
                let table = &self.from.units.get(&column)?.object.id;
                gone(&column).or_else(|| gone(table))
            }
            Body::Table(table) if self.action(&unit.object.id) == Action::Drop => {
                let parent = &table.partition_of.as_ref()?.parent;
                (self.action(parent) == Action::Rebuild).then(|| parent.clone())
            }
            _ => None,
        }
    }

    /// Whether tables that go refer to each other in a circle, so that a foreign key has to go first.
    fn is_in_circle(&self, table: &ObjectId, foreign: Option<&ObjectId>) -> bool {
        foreign.is_some_and(|foreign| {
            foreign != table && self.circular.contains(table) && self.circular.contains(foreign)
        })
    }

    /// The tables that go and can't be put in an order in which none is referred to any more: what is
    /// left when those that refer to none of them, or that none of them refers to, are taken away.
    pub(super) fn find_circles(&mut self) {
        let mut refers: BTreeMap<ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
        for (id, table) in self.from.schema.tables().filter(|(id, _)| self.action(id) == Action::Drop) {
            let foreign = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) if key.table != *id => Some(key.table.clone()),
                _ => None,
            });
            refers.insert(id.clone(), foreign.collect());
        }
        self.circular = without_ends(without_ends(refers, false), true).into_keys().collect();
    }
}

/// A graph without what leads nowhere, or, `reversed`, without what is led to from nowhere.
fn without_ends(
    graph: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    reversed: bool,
) -> BTreeMap<ObjectId, BTreeSet<ObjectId>> {
    let mut leads: BTreeMap<&ObjectId, usize> = graph.keys().map(|id| (id, 0)).collect();
    let mut led_by: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (id, others) in &graph {
        for other in others.iter().filter(|other| graph.contains_key(*other)) {
            let (from, to) = if reversed { (other, id) } else { (id, other) };
            *leads.entry(from).or_default() += 1;
            led_by.entry(to).or_default().push(from);
        }
    }
    let mut ends: Vec<&ObjectId> =
        leads.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    let mut gone = BTreeSet::new();
    while let Some(end) = ends.pop() {
        gone.insert(end.clone());
        for id in led_by.remove(end).unwrap_or_default() {
            if let Some(count) = leads.get_mut(id) {
                *count -= 1;
                if *count == 0 {
                    ends.push(id);
                }
            }
        }
    }
    graph.into_iter().filter(|(id, _)| !gone.contains(id)).collect()
}
