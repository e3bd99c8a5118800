//! Which steps wait because of a name that another unit has, or has beside others.

use std::collections::BTreeMap;

use super::{Graph, Phase, Step, dropping, making};
use crate::{
    dialect::postgres::change::{
        action::Action,
        identity,
        plan::Plan,
        program::is_routine,
        side::{Part, Unit},
    },
    schema::{ConstraintKind, ObjectId, ObjectKind},
};

/// A name is free again before something else takes it.
pub(super) fn free(plan: &Plan<'_>, graph: &mut Graph) {
    let mut freed: BTreeMap<(char, String), Vec<Step>> = BTreeMap::new();
    for (id, action) in plan.actions() {
        if let Some(unit) = plan.from.units.get(id) {
            let step = if action.drops() { dropping(plan, id) } else { (id.clone(), Phase::Alter) };
            for name in taken_names(id, unit, action.drops()) {
                freed.entry(name).or_default().push(step.clone());
            }
        }
    }
    for (id, action) in plan.actions() {
        if let Some(unit) = plan.to.units.get(id) {
            let step = if action.makes() { making(plan, id) } else { (id.clone(), Phase::Alter) };
            for name in taken_names(id, unit, action.makes()) {
                for free in freed.get(&name).into_iter().flatten() {
                    if free.0 != step.0 {
                        graph.edge(free, &step);
                    }
                }
            }
        }
    }
}

/// The names that a unit takes among relations (`r`), types (`t`) and routines (`f`), and the one place
/// that a table has for a primary key (`p`). What is only changed takes none but that of an identity's
/// sequence.
fn taken_names(id: &ObjectId, unit: &Unit<'_>, whole: bool) -> Vec<(char, String)> {
    let (part, body) = (unit.part, &unit.object.body);
    let named =
        |kind: char, name: &str| (kind, format!("{}.{name}", id.schema.as_deref().unwrap_or_default()));
    if let Part::Column(column) = part {
        let sequence = identity::sequence(&unit.object.id, column);
        return column.identity.iter().map(|_| named('r', &sequence)).collect();
    }
    if !whole {
        return Vec::new();
    }
    match (id.kind, part, body) {
        (_, Part::Constraint(constraint), _) => match constraint.kind {
            ConstraintKind::PrimaryKey { .. } => {
                vec![named('r', &id.name), named('p', id.table.as_deref().unwrap_or_default())]
            }
            ConstraintKind::Unique { .. } | ConstraintKind::Exclusion => vec![named('r', &id.name)],
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::NotNull { .. } => {
                Vec::new()
            }
        },
        (ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Composite, ..) => {
            vec![named('r', &id.name), named('t', &id.name)]
        }
        (ObjectKind::Sequence | ObjectKind::Index, ..) => vec![named('r', &id.name)],
        (ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Range, ..) => vec![named('t', &id.name)],
        (ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate, ..) => {
            vec![named('f', &format!("{}({})", id.name, id.arguments.as_deref().unwrap_or_default()))]
        }
        _ => Vec::new(),
    }
}

/// A routine goes before another one of its name comes, where it can: which of two a call means, of
/// which one fills in an argument, the server could not tell.
pub(super) fn part_overloads(plan: &Plan<'_>, graph: &mut Graph) {
    let routines = |wanted: fn(Action) -> bool| {
        plan.actions()
            .filter(move |(id, action)| is_routine(id.kind) && wanted(*action))
            .map(|(id, _)| id)
            .collect::<Vec<_>>()
    };
    let coming = routines(Action::makes);
    for going in routines(Action::drops) {
        for other in
            coming.iter().filter(|other| (&other.schema, &other.name) == (&going.schema, &going.name))
        {
            let (drop, make) = (dropping(plan, going), making(plan, other));
            if !graph.waits(&drop, &make) {
                graph.edge(&drop, &make);
            }
        }
    }
}
