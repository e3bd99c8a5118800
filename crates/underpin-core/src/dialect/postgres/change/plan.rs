//! What becomes of every unit, with what has to make way for it. Not in which order, and not how.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    action::Action,
    column, constraint,
    conversion::{self, Way},
    index, program,
    side::{Part, Side, Unit},
    table, types, view,
};
use crate::schema::{Body, Column, Constraint, ObjectId, ObjectKind, Schema, ServerVersion};

/// What becomes of every unit.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) from: Side<'a>,
    pub(super) to: Side<'a>,
    pub(super) actions: BTreeMap<ObjectId, Action>,
    /// Columns whose type changes, with whether it is another one of the same name.
    pub(super) retyped: BTreeMap<ObjectId, bool>,
    /// Parts of new tables that are made later, because what they need needs the table.
    pub(super) deferred: BTreeSet<ObjectId>,
    /// Domains that give up their default and constraints for as long as a routine is replaced.
    pub(super) undressed: BTreeSet<ObjectId>,
    /// Tables that go and refer to each other in a circle.
    pub(super) circular: BTreeSet<ObjectId>,
}

impl<'a> Plan<'a> {
    /// Decides for all units of the objects that differ, and for all that have to make way for those.
    pub(super) fn new(from: &'a Schema, to: &'a Schema, touched: &BTreeSet<ObjectId>) -> Self {
        let (from, to) = (Side::new(from), Side::new(to));
        let mut plan = Self {
            from,
            to,
            actions: BTreeMap::new(),
            retyped: BTreeMap::new(),
            deferred: BTreeSet::new(),
            undressed: BTreeSet::new(),
            circular: BTreeSet::new(),
        };
        plan.decide_all(touched);
        plan.keep_never_null();
        plan.renew_keys();
        plan.set_apart();
        plan.take_children_along();
        plan.propagate();
        plan.spare_rebuilds();
        plan.defer();
        plan.find_circles();
        plan.finish_again();
        plan.set_triggers();
        plan.free_tables();
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

    /// How the values of a column get to the type that it is to have.
    pub(super) fn way(&self, id: &ObjectId) -> Way {
        if !self.is_rebuilt(id) {
            return if self.crosses_enum(id) { Way::Text } else { Way::Cast };
        }
        let is_moved = |composite: &ObjectId| {
            let side = |side: &Side<'a>| side.units.get(composite).map(|unit| &unit.object.body);
            match (side(&self.from), side(&self.to)) {
                (Some(Body::Composite(before)), Some(Body::Composite(after))) => {
                    types::moves_attributes(before, after)
                }
                _ => false,
            }
        };
        let rebuilt = |(id, action): &(&ObjectId, Action)| {
            *action == Action::Rebuild && id.kind == ObjectKind::Composite && is_moved(id)
        };
        let by_names = self.actions().filter(rebuilt).any(|(composite, _)| self.from.reaches(id, composite));
        if by_names { Way::Names } else { Way::Text }
    }

    /// Whether values of a type are made of what is in rows: a column gets the type, or is computed.
    pub(super) fn is_made_of_rows(&self, of: &ObjectId) -> bool {
        self.to.units.iter().any(|(id, unit)| match unit.part {
            Part::Column(after) => {
                let is_there = self.from.units.contains_key(&unit.object.id);
                let is_other = match self.column_pair(id) {
                    Some((before, after)) => column::changes_type(before, after),
                    None => is_there && after.generated.is_some(),
                };
                is_other && self.to.reaches(id, of)
            }
            Part::Whole | Part::Default(_) | Part::Constraint(_) | Part::Index(_) => false,
        })
    }

    /// Whether a column has an enumerated type before or afterwards, and something else than text on the
    /// other side: the server has no cast for that.
    fn crosses_enum(&self, id: &ObjectId) -> bool {
        let Some((before, after)) = self.column_pair(id) else { return false };
        let is_enum = |side: &Side<'_>| side.needs(id).any(|need| need.kind == ObjectKind::Enum);
        conversion::are_single_and_no_text(&before.data_type, &after.data_type)
            && is_enum(&self.from) != is_enum(&self.to)
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
            (Part::Constraint(before), Part::Constraint(after)) => match constraint::decide(before, after) {
                Action::Replace => Action::Replace,
                _ if self.needs_another_index(from, to, before, after) => Action::Replace,
                action => action,
            },
            (Part::Index(from), Part::Index(to)) => index::decide(from, to),
            _ => {
                let action = decide_object(from, to);
                let id = &to.object.id;
                match (&from.object.body, &to.object.body) {
                    (Body::Composite(before), Body::Composite(after))
                        if action == Action::Alter
                            && types::changes_attribute_type(before, after)
                            && self.from.is_in_column(id) =>
                    {
                        Action::Rebuild
                    }
                    (Body::Domain(before), Body::Domain(after))
                        if action == Action::Alter
                            && types::adds_condition(before, after)
                            && self.from.is_held_within(id) =>
                    {
                        Action::Rebuild
                    }
                    _ => action,
                }
            }
        }
    }

    /// Whether the index of a partition's constraint is no longer a part of an index of the parent, or
    /// becomes one of an index that is there before and afterwards: one that comes finds it by itself.
    fn needs_another_index(
        &self,
        from: &Unit<'_>,
        to: &Unit<'_>,
        before: &Constraint,
        after: &Constraint,
    ) -> bool {
        let part_of = |constraint: &Constraint| constraint.options.get("index_of").cloned();
        let parent = |unit: &Unit<'_>| Some(unit.table()?.partition_of.as_ref()?.parent.clone());
        let (Some(old), Some(new)) = (parent(from), parent(to)) else { return false };
        let stays = |name: String| {
            let has =
                |side: &Side<'_>| side.schema.table(&new).is_some_and(|table| table.index(&name).is_some());
            has(&self.from) && has(&self.to)
        };
        old == new
            && part_of(before) != part_of(after)
            && (part_of(before).is_some() || part_of(after).is_some_and(stays))
    }

    pub(super) fn column_pair(&self, id: &ObjectId) -> Option<(&'a Column, &'a Column)> {
        match (self.from.units.get(id)?.part, self.to.units.get(id)?.part) {
            (Part::Column(from), Part::Column(to)) => Some((from, to)),
            _ => None,
        }
    }

    /// Finds the parts of new tables that can't be made with them.
    fn defer(&mut self) {
        let mut deferred = BTreeSet::new();
        for (id, unit) in &self.to.units {
            if matches!(unit.part, Part::Default(_) | Part::Constraint(_))
                && unit.object.id.kind == ObjectKind::Table
                && self.is_new_table(&unit.object.id)
                && (unit.comes_after_its_table() || self.needs_its_table(id, &unit.object.id))
            {
                deferred.insert(id.clone());
            }
        }
        self.deferred = deferred;
    }

    /// A partition whose index comes again with its parent's gets the name of that index again, and a
    /// table whose replica identity does is told of it again.
    fn finish_again(&mut self) {
        let renamed: Vec<ObjectId> = self
            .to
            .schema
            .tables()
            .filter(|(id, _)| self.action(id) == Action::Keep && self.from.units.contains_key(id))
            .filter(|(id, table)| {
                table::index_names(table)
                    .any(|(parent_index, _)| self.makes_parent_index(table, parent_index))
                    || self.makes_identity_index(id, table)
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in renamed {
            self.actions.insert(id, Action::Alter);
        }
    }

    /// Whether the index that a table is replicated by is made: the server forgets with an index that it
    /// was that. Which index of its parent's a partition's belongs to is not always told.
    pub(super) fn makes_identity_index(&self, id: &ObjectId, table: &crate::schema::Table) -> bool {
        let Some(index) = table::identity_index(table) else { return false };
        let own = [ObjectKind::Index, ObjectKind::Constraint].map(|kind| id.part(kind, index));
        match own.iter().any(|part| self.to.units.contains_key(part)) {
            true => own.iter().any(|part| self.action(part).makes()),
            false => self.makes_index_above(table),
        }
    }

    /// Whether an index of a partition's parent, or of that one's parent, is made.
    fn makes_index_above(&self, table: &crate::schema::Table) -> bool {
        let Some(parent) = table.partition_of.as_ref().map(|place| &place.parent) else { return false };
        let is_index = |id: &ObjectId| matches!(id.kind, ObjectKind::Index | ObjectKind::Constraint);
        let is_above = |id: &ObjectId| id.table.as_ref() == Some(&parent.name) && id.schema == parent.schema;
        self.actions().any(|(id, action)| action.makes() && is_index(id) && is_above(id))
            || self.to.schema.table(parent).is_some_and(|outer| self.makes_index_above(outer))
    }

    /// Whether the index of a partition's parent, or of that one's parent, is made.
    pub(super) fn makes_parent_index(&self, table: &crate::schema::Table, index: &str) -> bool {
        let Some(place) = &table.partition_of else { return false };
        [ObjectKind::Index, ObjectKind::Constraint]
            .into_iter()
            .any(|kind| self.action(&place.parent.part(kind, index)).makes())
            || self.to.schema.table(&place.parent).is_some_and(|parent| {
                table::index_names(parent)
                    .any(|(outer, name)| name == index && self.makes_parent_index(parent, outer))
            })
    }

    /// Whether a table is a partition that stays with its parent and has other bounds.
    pub(super) fn is_bound_anew(&self, id: &ObjectId) -> bool {
        match (self.from.schema.table(id), self.to.schema.table(id)) {
            (Some(before), Some(after)) => table::is_bound_anew(before, after),
            _ => false,
        }
    }

    /// Whether a table has partitions or children before or afterwards.
    pub(super) fn has_children(&self, id: &ObjectId) -> bool {
        self.from.children(id).chain(self.to.children(id)).next().is_some()
    }

    pub(super) fn is_new_table(&self, id: &ObjectId) -> bool {
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
