//! Enumerated types, which are objects on PostgreSQL alone: elsewhere the operation is nothing to do.

use super::{Gathered, name};
use crate::{
    difference::Alteration,
    model::{ModelEnum, ModelEnumValue},
    operation::{AlterEnum, DropEnum, Enumeration, Operation},
    schema::{Body, Object, ObjectId},
};

/// The operations that make types and change them. What changes where the type is no object is a change of its
/// columns, which one source does not say for all engines.
pub(super) fn made(gathered: &Gathered<'_>) -> Option<Vec<Operation>> {
    let mut operations = Vec::new();
    for object in &gathered.created_types {
        let Body::Enum(of) = &object.body else { continue };
        let mut model = model(&object.id, &of.values);
        model.comment.clone_from(&object.comment);
        operations.push(Operation::from(Enumeration { model, if_not_exists: false }));
    }
    for alteration in &gathered.altered_types {
        if gathered.servers > 1 {
            return None;
        }
        operations.push(altered(alteration)?.into());
    }
    Some(operations)
}

pub(super) fn dropped<'g>(gathered: &'g Gathered<'_>) -> impl Iterator<Item = Operation> + 'g {
    gathered.dropped_types.iter().map(|object: &&Object| DropEnum::new(name(&object.id)).into())
}

/// A type of these values.
pub(super) fn model(id: &ObjectId, values: &[String]) -> ModelEnum {
    let values = values.iter().map(|value| ModelEnumValue::new(value)).collect();
    ModelEnum { name: name(id), renamed_from: None, values, comment: None }
}

/// Values that come, go and are renamed; nothing where anything else changes.
fn altered(alteration: &Alteration) -> Option<AlterEnum> {
    let (Body::Enum(from), Body::Enum(to)) = (&alteration.from.body, &alteration.to.body) else {
        return None;
    };
    if alteration.from.comment != alteration.to.comment || alteration.is_rename() {
        return None;
    }
    let mut change = AlterEnum::new(name(&alteration.from.id));
    let mut values = from.values.clone();
    for (old, new) in &alteration.values {
        change = change.rename(old, new);
        for value in values.iter_mut().filter(|value| *value == old) {
            value.clone_from(new);
        }
    }
    for gone in values.iter().filter(|value| !to.values.contains(value)) {
        change = change.remove(gone);
    }
    values.retain(|value| to.values.contains(value));
    for (place, value) in to.values.iter().enumerate() {
        if values.contains(value) {
            continue;
        }
        change = match place.checked_sub(1) {
            None => change.add_before(value, values.first()?),
            Some(_) if place >= values.len() => change.add(value),
            Some(before) => change.add_after(value, &to.values[before]),
        };
        values.insert(place.min(values.len()), value.clone());
    }
    (values == to.values).then_some(change)
}
