//! What becomes of every unit, with what has to make way for it. Not in which order, and not how.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    action::Action,
    column, constraint, conversion, index, program,
    side::{Part, Side, Unit},
    table, types, view,
};
use crate::schema::{Body, Column, ConstraintKind, ObjectId, ObjectKind, Schema, ServerVersion};

/// What becomes of every unit.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) from: Side<'a>,
    pub(super) to: Side<'a>,
    actions: BTreeMap<ObjectId, Action>,
    /// Columns whose type changes, with whether it is another one of the same name.
    retyped: BTreeMap<ObjectId, bool>,
    /// Parts of new tables that are made later, because what they need needs the table.
    deferred: BTreeSet<ObjectId>,
}

impl<'a> Plan<'a> {
    /// Decides for all units of the objects that differ, and for all that have to make way for those.
    pub(super) fn new(from: &'a Schema, to: &'a Schema, touched: &BTreeSet<ObjectId>) -> Self {
        let (from, to) = (Side::new(from), Side::new(to));
        let mut plan =
            Self { from, to, actions: BTreeMap::new(), retyped: BTreeMap::new(), deferred: BTreeSet::new() };
        plan.decide_all(touched);
        plan.take_children_along();
        plan.propagate();
        plan.spare_rebuilds();
        plan.defer();
        plan
    }

    /// What becomes of a unit.
    pub(super) fn action(&self, id: &ObjectId) -> Action {
        self.actions.get(id).copied().unwrap_or(Action::Keep)
    }

    /// Every unit of which something becomes.
    pub(super) fn actions(&self) -> impl Iterator<Item = (&ObjectId, Action)> {
        self.actions.iter().map(|(id, action)| (id, *action))
    }

    /// Whether a column's type changes.
    pub(super) fn is_retyped(&self, id: &ObjectId) -> bool {
        self.retyped.contains_key(id)
    }

    /// Whether a column's type is another one of the same name.
    pub(super) fn is_rebuilt(&self, id: &ObjectId) -> bool {
        self.retyped.get(id).copied().unwrap_or(false)
    }

    /// The version of the server.
    pub(super) const fn version(&self) -> ServerVersion {
        self.to.schema.version
    }

    fn decide_all(&mut self, touched: &BTreeSet<ObjectId>) {
        let ids: BTreeSet<ObjectId> = self
            .from
            .units
            .iter()
            .chain(&self.to.units)
            .filter(|(_, unit)| touched.contains(&unit.object.id))
            .map(|(id, _)| id.clone())
            .collect();
        for id in ids {
            let action = match (self.from.units.get(&id), self.to.units.get(&id)) {
                (None, None) => Action::Keep,
                (None, Some(_)) => Action::Make,
                (Some(_), None) => Action::Drop,
                (Some(from), Some(to)) => self.decide(from, to),
            };
            if action == Action::Alter
                && let Some((before, after)) = self.column_pair(&id)
                && column::changes_type(before, after)
            {
                self.retyped.insert(id.clone(), false);
            }
            if action != Action::Keep {
                self.actions.insert(id, action);
            }
        }
    }

    fn decide(&self, from: &Unit<'_>, to: &Unit<'_>) -> Action {
        match (from.part, to.part) {
            (Part::Column(from), Part::Column(to)) => column::decide(from, to, self.version()),
            (Part::Default(from), Part::Default(to)) => {
                if from.default == to.default {
                    Action::Keep
                } else {
                    Action::Alter
                }
            }
            (Part::Constraint(from), Part::Constraint(to)) => constraint::decide(from, to),
            (Part::Index(from), Part::Index(to)) => index::decide(from, to),
            _ => decide_object(from, to),
        }
    }

    fn column_pair(&self, id: &ObjectId) -> Option<(&'a Column, &'a Column)> {
        match (self.from.units.get(id)?.part, self.to.units.get(id)?.part) {
            (Part::Column(from), Part::Column(to)) => Some((from, to)),
            _ => None,
        }
    }

    /// A partition of a table that is made anew is made anew; constraints and indexes of what is set
    /// aside go, because their names are needed.
    fn take_children_along(&mut self) {
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
    fn propagate(&mut self) {
        let mut open: Vec<ObjectId> = self
            .actions
            .iter()
            .filter(|(id, action)| action.drops() || self.retyped.contains_key(*id))
            .map(|(id, _)| id.clone())
            .collect();
        while let Some(id) = open.pop() {
            let dependents: Vec<ObjectId> = self.from.needed_by(&id).cloned().collect();
            for dependent in dependents {
                if self.disturb(&id, &dependent) {
                    open.push(dependent);
                }
            }
        }
    }

    /// Decides again for something that needs `id`; whether that changed anything.
    fn disturb(&mut self, id: &ObjectId, dependent: &ObjectId) -> bool {
        let (cause, effect) = (self.action(id), self.action(dependent));
        if matches!(effect, Action::Drop | Action::Replace | Action::Rebuild) {
            return false;
        }
        if !self.to.units.contains_key(dependent) {
            return false;
        }
        let still = effect == Action::Keep || self.to.needs(dependent).any(|need| need == id);
        let new = match cause {
            Action::Drop if effect == Action::Alter => return false,
            Action::Drop | Action::Replace | Action::Rebuild if still => self.without(id, dependent),
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
            self.is_rebuilt(id)
                || conversion::using(&after.name, &before.data_type, &after.data_type, false).is_some()
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
            ObjectKind::Default if converted => Some(Action::Replace),
            ObjectKind::Constraint => match self.to.units.get(dependent)?.part {
                Part::Constraint(constraint) => match constraint.kind {
                    ConstraintKind::ForeignKey(_) if !alike => Some(Action::Replace),
                    ConstraintKind::Check { .. } if converted => Some(Action::Replace),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// A type that no column has any more, or had, needs no other one beside it.
    fn spare_rebuilds(&mut self) {
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

    /// Finds the parts of new tables that can't be made with them.
    fn defer(&mut self) {
        let mut deferred = BTreeSet::new();
        for (id, unit) in &self.to.units {
            if matches!(unit.part, Part::Default(_) | Part::Constraint(_))
                && unit.object.id.kind == ObjectKind::Table
                && self.is_new_table(&unit.object.id)
                && (unit.is_foreign_key() || self.needs_its_table(id, &unit.object.id))
            {
                deferred.insert(id.clone());
            }
        }
        self.deferred = deferred;
    }

    fn is_new_table(&self, id: &ObjectId) -> bool {
        id.kind == ObjectKind::Table && self.action(id).makes()
    }

    fn needs_its_table(&self, part: &ObjectId, table: &ObjectId) -> bool {
        self.to
            .needs(part)
            .filter(|need| {
                *need != table && self.to.units.get(need).is_none_or(|unit| unit.object.id != *table)
            })
            .any(|need| self.to.reaches(need, table))
    }

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
            Body::Table(table) => {
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

fn decide_object(from: &Unit<'_>, to: &Unit<'_>) -> Action {
    let (from, to) = (from.object, to.object);
    let rest = || {
        let same = from.body == to.body;
        if same { Action::Alter } else { Action::Replace }
    };
    match (&from.body, &to.body) {
        (Body::Table(before), Body::Table(after)) => table::decide(from, to, before, after),
        (Body::View(before), Body::View(after)) => view::decide(from, to, before, after),
        _ if from == to => Action::Keep,
        (Body::Enum(before), Body::Enum(after)) => types::decide_enum(before, after),
        (Body::Domain(before), Body::Domain(after)) => types::decide_domain(before, after),
        (Body::Composite(before), Body::Composite(after)) => types::decide_composite(before, after),
        (Body::Routine(before), Body::Routine(after)) => program::decide_routine(before, after),
        (Body::Trigger(before), Body::Trigger(after)) => program::decide_trigger(before, after),
        (Body::Definition(before), Body::Definition(after)) => {
            let action = program::decide_definition(before, after);
            if action == Action::Replace && types::is_type(to.id.kind) { Action::Rebuild } else { action }
        }
        (Body::Sequence(_), Body::Sequence(_)) | (Body::Namespace, Body::Namespace) => Action::Alter,
        _ => rest(),
    }
}
