//! Views and triggers: what changes goes first and comes last, because `ALTER TABLE` looks at all of
//! them, and so does what goes with its table or view and is to stay.

use std::collections::BTreeSet;

use super::quote;
use crate::{
    difference::{Difference, Operation},
    schema::{Body, Object, ObjectId, ObjectKind, Schema},
};

/// Drops the triggers and views that go or change, and what stands on others first.
pub(super) fn drops(difference: &Difference) -> Vec<String> {
    let gone: Vec<&Object> = difference.operations.iter().filter_map(gone).collect();
    let views: BTreeSet<&ObjectId> = of_kind(&gone, ObjectKind::View).map(|object| &object.id).collect();
    // A view takes its triggers along.
    let triggers = of_kind(&gone, ObjectKind::Trigger)
        .filter(|object| matches!(&object.body, Body::Trigger(trigger) if !views.contains(&trigger.on)))
        .map(|object| format!("DROP TRIGGER {}", quote(&object.id.name)));
    let mut views = ordered(&difference.from, views.clone());
    views.reverse();
    triggers.chain(views.iter().map(|view| format!("DROP VIEW {}", quote(&view.name)))).collect()
}

/// Makes the views and triggers that come or change, and the triggers that went with what they are on;
/// `anew` are the tables that were made anew.
pub(super) fn creates(difference: &Difference, anew: &BTreeSet<&ObjectId>) -> Vec<String> {
    let come: Vec<&Object> = difference.operations.iter().filter_map(come).collect();
    let views: BTreeSet<&ObjectId> = of_kind(&come, ObjectKind::View).map(|object| &object.id).collect();
    let is_new = |object: &&Object| come.iter().any(|come| come.id == object.id);
    let went = |object: &&Object| match &object.body {
        Body::Trigger(trigger) => anew.contains(&trigger.on) || views.contains(&trigger.on),
        _ => false,
    };
    let triggers = difference
        .to
        .objects
        .values()
        .filter(|object| object.id.kind == ObjectKind::Trigger && (is_new(object) || went(object)));
    let views = ordered(&difference.to, views.clone());
    let views = views.into_iter().filter_map(|id| difference.to.objects.get(id));
    views.chain(triggers).filter_map(statement).collect()
}

fn statement(object: &Object) -> Option<String> {
    match &object.body {
        Body::View(view) => Some(view.query.clone()),
        Body::Trigger(trigger) => Some(trigger.create.clone()),
        _ => None,
    }
}

/// Whether a view or a trigger is there all the time. `ALTER TABLE … RENAME` looks at every one of
/// them, and fails if a table in it is on its way.
pub(super) fn any_stays(difference: &Difference) -> bool {
    difference.from.objects.keys().any(|id| {
        matches!(id.kind, ObjectKind::View | ObjectKind::Trigger)
            && !difference.operations.iter().filter_map(gone).any(|object| object.id == *id)
    })
}

fn gone(operation: &Operation) -> Option<&Object> {
    match operation {
        Operation::Drop(object) => Some(object),
        Operation::Alter(alteration) => Some(&alteration.from),
        Operation::Create(_) => None,
    }
}

fn come(operation: &Operation) -> Option<&Object> {
    match operation {
        Operation::Create(object) => Some(object),
        Operation::Alter(alteration) => Some(&alteration.to),
        Operation::Drop(_) => None,
    }
}

fn of_kind<'a>(objects: &[&'a Object], kind: ObjectKind) -> impl Iterator<Item = &'a Object> {
    objects.iter().copied().filter(move |object| object.id.kind == kind)
}

/// Views after those that they name.
fn ordered<'a>(schema: &'a Schema, mut left: BTreeSet<&'a ObjectId>) -> Vec<&'a ObjectId> {
    let mut ordered = Vec::with_capacity(left.len());
    while let Some(first) = left.pop_first() {
        place(schema, first, &mut left, &mut ordered);
    }
    ordered
}

fn place<'a>(
    schema: &'a Schema,
    id: &'a ObjectId,
    left: &mut BTreeSet<&'a ObjectId>,
    ordered: &mut Vec<&'a ObjectId>,
) {
    let first = crate::schema::Dependency {
        dependent: id.clone(),
        on: ObjectId::new(ObjectKind::Namespace, None, ""),
    };
    for dependency in schema.dependencies.range(first..).take_while(|dependency| dependency.dependent == *id)
    {
        if left.remove(&dependency.on) {
            place(schema, &dependency.on, left, ordered);
        }
    }
    ordered.push(id);
}
