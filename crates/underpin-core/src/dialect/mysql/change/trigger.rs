//! Triggers. One that changes is made anew, and so is one whose place among its like changes.

use std::collections::BTreeSet;

use super::routine::program;
use crate::{
    dialect::Dialect,
    difference::{Difference, Operation},
    name::quote_in,
    schema::{Body, Object, ObjectId, ObjectKind, Trigger},
};

/// Whether a trigger goes with its table.
pub(super) fn goes_with_table(difference: &Difference, trigger: &Object) -> bool {
    let Body::Trigger(trigger) = &trigger.body else { return false };
    difference.operations.iter().any(|operation| {
        matches!(operation, Operation::Drop(object)
            if object.id.kind == ObjectKind::Table && object.id == trigger.on)
    })
}

/// The statement that drops a trigger.
pub(super) fn drop(trigger: &Object) -> String {
    let id = &trigger.id;
    format!("DROP TRIGGER {}", quote_in(Dialect::Mysql, id.schema.as_deref(), &id.name))
}

/// Triggers that stay and would see an update that is ours: they go before and come back afterwards.
pub(super) fn disturbed<'a>(difference: &'a Difference, updated: &BTreeSet<&ObjectId>) -> Vec<&'a Object> {
    let changed = |id: &ObjectId| difference.operations.iter().any(|operation| operation.id() == id);
    let sees = |object: &&Object| match &object.body {
        Body::Trigger(trigger) => {
            updated.contains(&trigger.on)
                && trigger.options.get("event").is_some_and(|event| event == "UPDATE")
        }
        _ => false,
    };
    difference.to.objects.values().filter(sees).filter(|object| !changed(&object.id)).collect()
}

/// Triggers that stay and have to fire behind one that is made: they go and come back behind it, because a new one is
/// always the last of its like.
pub(super) fn behind(difference: &Difference) -> Vec<&Object> {
    let made = difference.operations.iter().filter_map(|operation| match (operation, operation.object()) {
        (Operation::Create(_) | Operation::Alter(_), Object { body: Body::Trigger(trigger), .. }) => {
            Some((operation.id(), trigger))
        }
        _ => None,
    });
    let made: Vec<(&ObjectId, &Trigger)> = made.collect();
    let is_alike = |one: &Trigger, other: &Trigger| {
        let same = |option| one.options.get(option) == other.options.get(option);
        one.on == other.on && same("timing") && same("event")
    };
    let stays_behind = |object: &&Object| match &object.body {
        Body::Trigger(trigger) => {
            !made.iter().any(|(id, _)| **id == object.id)
                && made.iter().any(|(_, new)| is_alike(new, trigger) && place(new) < place(trigger))
        }
        _ => false,
    };
    difference.to.objects.values().filter(stays_behind).collect()
}

/// Makes a trigger.
pub(super) fn create(trigger: &Trigger) -> Vec<String> {
    program(&trigger.create, &trigger.options)
}

/// What the order of triggers of one kind on one table goes by.
pub(super) fn place(trigger: &Trigger) -> (&str, u32) {
    let order = trigger.options.get("order").and_then(|order| order.parse().ok()).unwrap_or(0);
    (&trigger.on.name, order)
}
