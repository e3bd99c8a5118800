//! What has to make way for what goes: views for the columns that they show, columns for the types that
//! they have. Not what differs by itself.

use std::collections::BTreeSet;

use super::{
    action::Action,
    column, constraint, conversion,
    plan::Plan,
    program::is_routine,
    side::{Part, Side},
    types,
};
use crate::schema::{Body, ConstraintKind, ObjectId, ObjectKind};

impl Plan<'_> {
    /// A partition of a table that is made anew is made anew; constraints and indexes of what is set
    /// aside go, because their names are needed.
    pub(super) fn take_children_along(&mut self) {
        let mut open: Vec<ObjectId> = self
            .actions
            .iter()
            .filter(|(id, action)| **action == Action::Rebuild && id.kind == ObjectKind::Table)
            .map(|(id, _)| id.clone())
            .collect();
        while let Some(id) = open.pop() {
            let parts: Vec<(ObjectId, Action)> = self
                .from
                .units
                .iter()
                .filter(|(part, unit)| unit.object.id == id && **part != id)
                .filter(|(part, _)| matches!(part.kind, ObjectKind::Constraint | ObjectKind::Index))
                .map(|(part, _)| {
                    let stays = self.to.units.contains_key(part);
                    (part.clone(), if stays { Action::Replace } else { Action::Drop })
                })
                .collect();
            self.actions.extend(parts);
            for (column, unit) in &self.to.units {
                if unit.object.id == id && matches!(column.kind, ObjectKind::Column | ObjectKind::Default) {
                    self.actions.remove(column);
                    self.retyped.remove(column);
                }
            }
            let children: Vec<ObjectId> = self
                .from
                .needed_by(&id)
                .filter(|child| child.kind == ObjectKind::Table && self.to.units.contains_key(child))
                .filter(|child| self.action(child) != Action::Rebuild)
                .cloned()
                .collect();
            for child in children {
                self.actions.insert(child.clone(), Action::Rebuild);
                open.push(child);
            }
        }
    }

    /// Whoever needs what goes has to go too, and to come again if it is to stay.
    pub(super) fn propagate(&mut self) {
        let mut open: Vec<ObjectId> = self
            .actions
            .iter()
            .filter(|(id, action)| action.drops() || self.retyped.contains_key(*id))
            .map(|(id, _)| id.clone())
            .collect();
        while let Some(id) = open.pop() {
            let mut dependents: Vec<ObjectId> = self.from.needed_by(&id).cloned().collect();
            dependents.extend(self.constraints_below(&id));
            for dependent in dependents {
                if self.disturb(&id, &dependent) {
                    open.push(dependent);
                }
            }
            if self.action(&id) == Action::Rebuild && id.kind == ObjectKind::Table {
                open.extend(self.disturb_through_columns(&id));
            }
        }
    }

    /// What stands on the columns of a table that is made anew; and the sequences that the old one
    /// would take along get their owner anew.
    fn disturb_through_columns(&mut self, table: &ObjectId) -> Vec<ObjectId> {
        let is_part =
            |side: &Side<'_>, id: &ObjectId| side.units.get(id).is_some_and(|unit| unit.object.id == *table);
        let columns: Vec<ObjectId> =
            self.from.units.keys().filter(|id| is_part(&self.from, id) && *id != table).cloned().collect();
        let dependents: BTreeSet<ObjectId> = columns
            .iter()
            .flat_map(|column| self.from.needed_by(column))
            .filter(|dependent| !is_part(&self.from, dependent))
            .filter(|dependent| matches!(self.action(dependent), Action::Keep | Action::Alter))
            .filter(|dependent| self.to.units.contains_key(dependent))
            .cloned()
            .collect();
        let mut disturbed = Vec::new();
        for dependent in dependents {
            if let Some(action) = self.without(table, &dependent) {
                self.actions.insert(dependent.clone(), action);
                disturbed.push(dependent);
            }
        }
        let owned: Vec<ObjectId> = self
            .from
            .units
            .iter()
            .filter(|(id, unit)| match &unit.object.body {
                Body::Sequence(sequence) => {
                    sequence.owned_by.as_ref().is_some_and(|owner| columns.contains(owner))
                        && self.to.units.contains_key(id)
                }
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        for sequence in owned {
            self.actions.entry(sequence).or_insert(Action::Alter);
        }
        disturbed
    }

    /// Decides again for something that needs `id`; whether that changed anything.
    fn disturb(&mut self, id: &ObjectId, dependent: &ObjectId) -> bool {
        let (cause, effect) = (self.action(id), self.action(dependent));
        if matches!(effect, Action::Drop | Action::Replace | Action::Rebuild) {
            return false;
        }
        let Some(unit) = self.to.units.get(dependent) else { return false };
        let of_rebuilt = self.action(&unit.object.id) == Action::Rebuild;
        if of_rebuilt && matches!(unit.part, Part::Column(_)) {
            // The table comes anew with it, and its values are converted on their way.
            if types::is_type(id.kind) {
                self.retyped.insert(dependent.clone(), cause == Action::Rebuild);
            }
            return false;
        }
        let succeeded = self.is_succeeded(id);
        let still = succeeded || effect == Action::Keep || self.to.needs(dependent).any(|need| need == id);
        let is_made_of_it = types::is_type(id.kind);
        if dependent.kind == ObjectKind::Domain
            && matches!(cause, Action::Drop | Action::Replace)
            && !is_made_of_it
        {
            return still && self.undress(dependent);
        }
        let new = match cause {
            Action::Drop if effect == Action::Alter && !succeeded => return false,
            Action::Drop | Action::Replace | Action::Rebuild if still => {
                let apart = (id.kind, dependent.kind) == (ObjectKind::Constraint, ObjectKind::Index)
                    && self.leaves_with_its_table(id);
                if apart { None } else { self.without(id, dependent) }
            }
            Action::Drop | Action::Replace | Action::Rebuild => return false,
            Action::Alter => self.beside_retyped(id, dependent),
            Action::Keep | Action::Make => None,
        };
        match new {
            Some(Action::Alter) => {
                let is_new = !self.retyped.contains_key(dependent) || cause == Action::Rebuild;
                let rebuilt = cause == Action::Rebuild || self.is_rebuilt(id);
                let before = self.retyped.insert(dependent.clone(), rebuilt);
                self.actions.insert(dependent.clone(), Action::Alter);
                is_new && before != Some(rebuilt)
            }
            Some(action) => {
                self.actions.insert(dependent.clone(), action);
                true
            }
            None => false,
        }
    }

    /// Whether a routine goes and another one of its name comes: what calls it by that name can't be
    /// changed in place, because that is read while both are there.
    fn is_succeeded(&self, id: &ObjectId) -> bool {
        let is_namesake = |other: &ObjectId| {
            is_routine(other.kind) && (&other.schema, &other.name) == (&id.schema, &id.name)
        };
        is_routine(id.kind)
            && self.action(id) == Action::Drop
            && self.actions().any(|(other, action)| action.makes() && is_namesake(other))
    }

    /// What columns are made of stays while what its default and constraints need goes: these come
    /// again, unless the server would refuse them then. Whether the columns are disturbed.
    fn undress(&mut self, domain: &ObjectId) -> bool {
        if self.from.is_held_within(domain) {
            self.actions.insert(domain.clone(), Action::Rebuild);
            return true;
        }
        self.actions.insert(domain.clone(), Action::Alter);
        self.undressed.insert(domain.clone());
        false
    }

    /// What becomes of something whose need goes, for a while at least.
    fn without(&self, id: &ObjectId, dependent: &ObjectId) -> Option<Action> {
        let of_type = types::is_type(id.kind);
        match dependent.kind {
            ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Aggregate
            | ObjectKind::Operator
            | ObjectKind::Cast
            | ObjectKind::Trigger
            | ObjectKind::Rule
            | ObjectKind::Policy
            | ObjectKind::EventTrigger
            | ObjectKind::Publication
            | ObjectKind::Statistics
            | ObjectKind::Constraint
            | ObjectKind::Default
            | ObjectKind::Index => Some(Action::Replace),
            ObjectKind::Column => match self.to.units.get(dependent)?.part {
                Part::Column(column) if column.generated.is_some() => Some(Action::Replace),
                _ if of_type => Some(Action::Alter),
                _ => None,
            },
            kind if types::is_type(kind) => of_type.then_some(Action::Rebuild),
            ObjectKind::Namespace
            | ObjectKind::Extension
            | ObjectKind::ForeignServer
            | ObjectKind::Sequence
            | ObjectKind::Table
            | ObjectKind::Event
            | ObjectKind::DefaultPrivilege
            | ObjectKind::Collation
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Range => None,
        }
    }

    /// What becomes of something that stands on a column whose type changes: the server refuses where
    /// a view, rule, trigger, policy, routine or generated column does, and converts the rest itself
    /// as long as it can ("ALTER TABLE" in the manual, Notes).
    fn beside_retyped(&self, id: &ObjectId, dependent: &ObjectId) -> Option<Action> {
        if !self.retyped.contains_key(id) {
            return None;
        }
        let converted = self.column_pair(id).is_some_and(|(before, after)| {
            self.is_rebuilt(id) || conversion::is_said(&before.data_type, &after.data_type)
        });
        let alike = !converted
            && self
                .column_pair(id)
                .is_some_and(|(before, after)| conversion::are_alike(&before.data_type, &after.data_type));
        match dependent.kind {
            ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Rule
            | ObjectKind::Trigger
            | ObjectKind::Policy
            | ObjectKind::Publication
            | ObjectKind::Function
            | ObjectKind::Procedure => Some(Action::Replace),
            ObjectKind::Column => match self.to.units.get(dependent)?.part {
                Part::Column(column) if column.generated.is_some() => Some(Action::Replace),
                Part::Column(column) if column::is_inherited(column) => Some(Action::Alter),
                _ => None,
            },
            // They are made anew by the server, without how much they are to look at.
            ObjectKind::Statistics if self.has_target(dependent) => Some(Action::Replace),
            ObjectKind::Default if converted => Some(Action::Replace),
            ObjectKind::Constraint => match self.to.units.get(dependent)?.part {
                Part::Constraint(constraint) => match constraint.kind {
                    ConstraintKind::ForeignKey(_) if !alike || constraint::is_of_periods(constraint) => {
                        Some(Action::Replace)
                    }
                    ConstraintKind::Check { .. } if converted => Some(Action::Replace),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn has_target(&self, statistics: &ObjectId) -> bool {
        self.to.units.get(statistics).is_some_and(|unit| match &unit.object.body {
            Body::Definition(definition) => definition.options.contains_key("statistics"),
            _ => false,
        })
    }

    /// A type that no column has any more, or had, needs no other one beside it.
    pub(super) fn spare_rebuilds(&mut self) {
        let rebuilt: Vec<ObjectId> = self
            .actions
            .iter()
            .filter(|(id, action)| **action == Action::Rebuild && types::is_type(id.kind))
            .map(|(id, _)| id.clone())
            .collect();
        let mut spared = true;
        while spared {
            spared = false;
            for id in &rebuilt {
                let used = self
                    .from
                    .needed_by(id)
                    .any(|user| matches!(self.action(user), Action::Keep | Action::Alter | Action::Rebuild));
                if !used && self.action(id) == Action::Rebuild {
                    self.actions.insert(id.clone(), Action::Replace);
                    spared = true;
                }
            }
        }
    }
}
