//! Which units need no statement of their own, because they come or go with another one. Not what
//! becomes of them.

use std::collections::BTreeSet;

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
                Action::Keep | Action::Make | Action::Alter | Action::Rebuild => None,
            },
        }
    }

    /// Whether a default or constraint of a table that goes needs something that needs the table, so
    /// that it has to go by itself for any of them to go.
    fn is_needed_to_free(&self, id: &ObjectId, unit: &Unit<'_>) -> bool {
        let table = &unit.object.id;
        matches!(unit.part, Part::Default(_) | Part::Constraint(_))
            && !unit.is_foreign_key()
            && self.from.needs(id).any(|need| {
                need.table.as_ref().unwrap_or(&need.name) != &table.name
                    && self.action(need).drops()
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
        let Some(foreign) = foreign.filter(|foreign| *foreign != table) else { return false };
        let mut seen = BTreeSet::new();
        let mut open = vec![foreign.clone()];
        while let Some(id) = open.pop() {
            if id == *table {
                return true;
            }
            if !seen.insert(id.clone()) || self.action(&id) != Action::Drop {
                continue;
            }
            let Some(Body::Table(body)) = self.from.schema.objects.get(&id).map(|object| &object.body) else {
                continue;
            };
            open.extend(body.constraints.iter().filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => Some(key.table.clone()),
                _ => None,
            }));
        }
        false
    }
}
