//! Triggers. One that changes is made anew, and so is one whose place among its like changes.

use super::{Phases, quoted, routine::program};
use crate::{
    dialect::Dialect,
    difference::Difference,
    name::quote_in,
    schema::{Body, Object, ObjectKind, Trigger},
};

/// Drops a trigger, unless it goes with its table.
pub(super) fn drop(difference: &Difference, from: Option<&Object>, phases: &mut Phases) {
    let Some(Object { id, body: Body::Trigger(trigger), .. }) = from else { return };
    let table_goes = difference.operations.iter().any(|operation| {
        matches!(operation, crate::difference::Operation::Drop(object)
            if object.id.kind == ObjectKind::Table && object.id == trigger.on)
    });
    if !table_goes {
        let name = quote_in(Dialect::Mysql, id.schema.as_deref(), &id.name);
        phases.drop_programs.push(format!("DROP TRIGGER {name}"));
    }
}

/// Makes a trigger.
pub(super) fn create(trigger: &Trigger) -> Vec<String> {
    program(&trigger.create, &trigger.options)
}

/// What the order of triggers of one kind on one table goes by.
pub(super) fn place(trigger: &Trigger) -> (String, u32) {
    let order = trigger.options.get("order").and_then(|order| order.parse().ok()).unwrap_or(0);
    (quoted(&trigger.on.name), order)
}
