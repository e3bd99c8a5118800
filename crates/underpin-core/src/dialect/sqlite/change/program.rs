//! Views and triggers: what changes goes first and comes last, because `ALTER TABLE` looks at all of
//! them, and so does what goes with its table or view and is to stay.

use std::collections::BTreeSet;

use super::{quote, quoted_text};
use crate::{
    dialect::sqlite::create::Reader,
    difference::{Difference, Operation},
    schema::{Body, Object, ObjectId, ObjectKind, Schema},
};

/// Drops the triggers and views that go or change or are in the way, and what stands on others first.
pub(super) fn drops(difference: &Difference, displaced: &BTreeSet<&ObjectId>) -> Vec<String> {
    let mut gone: Vec<&Object> = difference.operations.iter().filter_map(gone).collect();
    gone.extend(displaced.iter().filter_map(|id| difference.from.objects.get(*id)));
    let views = views(&gone);
    // A view takes its triggers along.
    let triggers = gone
        .iter()
        .filter(|object| matches!(&object.body, Body::Trigger(trigger) if !views.contains(&trigger.on)))
        .map(|object| format!("DROP TRIGGER {}", quote(&object.id.name)));
    let mut ordered = ordered(&difference.from, views.clone());
    ordered.reverse();
    triggers.chain(ordered.iter().map(|view| format!("DROP VIEW {}", quote(&view.name)))).collect()
}

/// Makes the views and triggers that come or change, those that were in the way, and the triggers that
/// went with what they are on; `anew` are the tables that were made anew.
pub(super) fn creates(
    difference: &Difference,
    displaced: &BTreeSet<&ObjectId>,
    anew: &BTreeSet<&ObjectId>,
) -> Vec<String> {
    let mut come: Vec<&Object> = difference.operations.iter().filter_map(come).collect();
    come.extend(displaced.iter().filter_map(|id| difference.to.objects.get(*id)));
    let new: BTreeSet<&ObjectId> = come.iter().map(|object| &object.id).collect();
    let views = views(&come);
    let triggers = difference.to.objects.values().filter(|object| match &object.body {
        Body::Trigger(trigger) => {
            new.contains(&object.id) || anew.contains(&trigger.on) || views.contains(&trigger.on)
        }
        _ => false,
    });
    let views = ordered(&difference.to, views.clone());
    let views = views.into_iter().filter_map(|id| difference.to.objects.get(id));
    views.chain(triggers).filter_map(statement).collect()
}

/// The views and triggers that stay but name what is not there, be it a view that is away for a time:
/// `ALTER TABLE` would stumble over them, and would write texts in double quotes anew.
pub(super) fn displaced(difference: &Difference) -> BTreeSet<&ObjectId> {
    let gone: Vec<&Object> = difference.operations.iter().filter_map(gone).collect();
    let mut away = views(&gone);
    let mut displaced = BTreeSet::new();
    let stay =
        difference.from.objects.values().filter(|object| !gone.iter().any(|gone| gone.id == object.id));
    let is_in_the_way = |object: &&Object| {
        names_what_is_not_there(object, &difference.from)
            || statement(object).is_some_and(|text| quoted_text::is_in(&text, &difference.from))
    };
    for broken in stay.filter(is_in_the_way) {
        away.insert(&broken.id);
        displaced.insert(&broken.id);
    }
    let stays = |id: &ObjectId| {
        matches!(id.kind, ObjectKind::View | ObjectKind::Trigger) && !gone.iter().any(|gone| gone.id == *id)
    };
    loop {
        let next: Vec<&ObjectId> = difference
            .from
            .dependencies
            .iter()
            .filter(|dependency| away.contains(&dependency.on) && !away.contains(&dependency.dependent))
            .map(|dependency| &dependency.dependent)
            .filter(|id| stays(id))
            .collect();
        if next.is_empty() {
            return displaced;
        }
        away.extend(next.iter().copied());
        displaced.extend(next);
    }
}

/// Whether a view or a trigger reads or writes a table that is not there. Where this is wrong, a view
/// is dropped and made again that could have stayed.
fn names_what_is_not_there(object: &Object, schema: &Schema) -> bool {
    let Some(text) = statement(object) else { return false };
    let mut reader = Reader::new(&text);
    let there = |name: &str| schema.objects.keys().any(|id| id.name.eq_ignore_ascii_case(name));
    while !reader.is_done() {
        if reader.eat(&["WITH"]) {
            // What the names in it are, only SQLite knows.
            return true;
        }
        if reader.eat(&["FROM"]) || reader.eat(&["JOIN"]) || reader.eat(&["INTO"]) || eats_update(&mut reader)
        {
            let named = reader.qualified_name();
            if named.is_some_and(|name| !reader.is_operator("(") && !there(&name)) {
                return true;
            }
        } else {
            reader.next();
        }
    }
    false
}

/// Goes past the words before the table of an `UPDATE`, and not past the event of a trigger
/// (`UPDATE ON t`, `UPDATE OF a ON t`) or the action of an upsert (`DO UPDATE SET`).
fn eats_update(reader: &mut Reader<'_>) -> bool {
    if !reader.eat(&["UPDATE"]) {
        return false;
    }
    if reader.eat(&["OR"]) {
        reader.next();
    }
    !reader.is_one_of(&["ON", "OF", "SET"])
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

fn views<'a>(objects: &[&'a Object]) -> BTreeSet<&'a ObjectId> {
    objects.iter().map(|object| &object.id).filter(|id| id.kind == ObjectKind::View).collect()
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
