//! When the triggers fire that a partition has from the tables above it, where that is not when theirs do. Not
//! the triggers, which come and go with theirs.

use std::collections::BTreeSet;

use super::{
    action::Action,
    attachment::above,
    plan::Plan,
    program,
    side::Side,
    text::{qualified, quote},
};
use crate::{
    difference::Statement,
    schema::{Body, ObjectId, ObjectKind, Table},
};

/// What the option of a partition begins with that says when a trigger of its parent's fires there.
const STATE: &str = "trigger.";

/// Lets the triggers of a partition fire when they are to.
pub(super) fn statements(plan: &Plan<'_>, id: &ObjectId) -> Vec<Statement> {
    let Some(after) = plan.to.schema.table(id).filter(|table| table.partition_of.is_some()) else {
        return Vec::new();
    };
    let mut names = BTreeSet::new();
    said(&mut names, &plan.to, id);
    said(&mut names, &plan.from, id);
    let fires = |name: &str| {
        let trigger = above(after, plan.to.schema)
            .into_iter()
            .map(|parent| parent.part(ObjectKind::Trigger, name))
            .find(|trigger| plan.to.units.contains_key(trigger))?;
        let wanted = state(&plan.to, id, name);
        let is_there = is_partition_of_the_same(plan, id)
            && plan.action(&trigger) == Action::Keep
            && state(&plan.from, id, name) == wanted;
        let (verb, how) = program::action(wanted.as_deref());
        let how = if how.is_empty() { String::new() } else { format!(" {how}") };
        let text = format!("ALTER TABLE ONLY {} {verb}{how} TRIGGER {}", qualified(id), quote(name));
        (!is_there).then(|| Statement::new(text))
    };
    names.into_iter().filter_map(fires).collect()
}

/// The triggers whose state a partition, or one above it, has otherwise than its parent.
fn said<'a>(names: &mut BTreeSet<&'a str>, side: &Side<'a>, id: &ObjectId) {
    let Some(table) = side.schema.table(id) else { return };
    let tables = above(table, side.schema).into_iter().filter_map(|id| side.schema.table(id));
    for table in std::iter::once(table).chain(tables) {
        names.extend(table.options.keys().filter_map(|key| key.strip_prefix(STATE)));
    }
}

/// When a trigger from above fires here.
fn state(side: &Side<'_>, id: &ObjectId, name: &str) -> Option<String> {
    let own = side.schema.table(id)?.options.get(&format!("{STATE}{name}"));
    if let Some(own) = own {
        return Some(own.clone());
    }
    let parent = &side.schema.table(id)?.partition_of.as_ref()?.parent;
    let trigger = side.units.get(&parent.part(ObjectKind::Trigger, name)).map(|unit| &unit.object.body);
    let usual = || "enabled".to_owned();
    match trigger {
        Some(Body::Trigger(trigger)) => Some(trigger.options.get("enabled").cloned().unwrap_or_else(usual)),
        _ => state(side, parent, name),
    }
}

/// Whether a table has been a partition of the very tables that it is to be one of.
fn is_partition_of_the_same(plan: &Plan<'_>, id: &ObjectId) -> bool {
    let line = |side: &Side<'_>| -> Vec<ObjectId> {
        let table: Option<&Table> = side.schema.table(id);
        let above = table.map(|table| above(table, side.schema)).unwrap_or_default();
        above.into_iter().chain(std::iter::once(id)).cloned().collect()
    };
    let tables = line(&plan.to);
    let stays = |table: &ObjectId| !plan.action(table).makes() && !plan.is_bound_anew(table);
    line(&plan.from) == tables && tables.iter().all(stays)
}

impl Plan<'_> {
    /// A partition whose triggers are to fire otherwise than they would is looked at, whether or not it changes
    /// itself.
    pub(super) fn set_triggers(&mut self) {
        let other: Vec<ObjectId> = self
            .to
            .schema
            .tables()
            .map(|(id, _)| id)
            .filter(|id| self.action(id) == Action::Keep && !statements(self, id).is_empty())
            .cloned()
            .collect();
        self.actions.extend(other.into_iter().map(|id| (id, Action::Alter)));
    }
}

/// The triggers above a partition whose states it is told of.
pub(super) fn triggers<'a>(plan: &'a Plan<'_>, id: &ObjectId) -> impl Iterator<Item = ObjectId> + use<'a> {
    let mut names = BTreeSet::new();
    said(&mut names, &plan.to, id);
    said(&mut names, &plan.from, id);
    let tables = plan.to.schema.table(id).map(|table| above(table, plan.to.schema)).unwrap_or_default();
    names.into_iter().flat_map(move |name| {
        tables.clone().into_iter().map(move |parent| parent.part(ObjectKind::Trigger, name))
    })
}
