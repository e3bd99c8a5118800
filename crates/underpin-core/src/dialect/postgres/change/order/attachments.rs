//! Which steps wait because a table leaves a parent or is attached to one.

use std::collections::BTreeMap;

use super::{Graph, Phase, Step, dropping, making};
use crate::{
    dialect::postgres::change::{
        action::Action,
        attachment, check,
        plan::Plan,
        side::{Part, Unit},
        trigger_state,
    },
    schema::{Constraint, ConstraintKind, ObjectId, ObjectKind, Schema, Table},
};

/// Partitions and children are taken from their parents before anything else happens to either, or, where
/// they stay with them, when it has happened; they are attached when everything has happened; and no two
/// partitions hold the same rows meanwhile.
pub(super) fn part(plan: &Plan<'_>, graph: &mut Graph) {
    let mut left: BTreeMap<&ObjectId, Vec<Step>> = BTreeMap::new();
    let mut joined: BTreeMap<&ObjectId, Vec<Step>> = BTreeMap::new();
    for (id, action) in plan.actions().filter(|(id, _)| id.kind == ObjectKind::Table) {
        let old = plan.from.schema.table(id);
        let new = plan.to.schema.table(id);
        let leaving: Vec<&ObjectId> = parents(old).filter(|_| action.drops() || differs(old, new)).collect();
        let joining: Vec<&ObjectId> = parents(new).filter(|_| action.makes() || differs(old, new)).collect();
        let is_bound_anew = action == Action::Alter && plan.is_bound_anew(id);
        for parent in leaving {
            let step = match action {
                _ if action.drops() => dropping(plan, id),
                _ if is_bound_anew => (id.clone(), Phase::Leave),
                _ => (id.clone(), Phase::Alter),
            };
            left.entry(parent).or_default().push(step.clone());
            let link = |graph: &mut Graph, part: &Step| match is_bound_anew {
                // While it is away it would not get what its parents get.
                true => graph.edge(part, &step),
                false => graph.edge(&step, part),
            };
            // The server changes no column that is in the key of a partition of partitions.
            let is_parted = action == Action::Drop && old.is_some_and(|old| old.partition_by.is_some());
            let tables = match is_bound_anew {
                true => above(new, plan.to.schema),
                false if is_parted => above(old, plan.from.schema),
                false => vec![parent],
            };
            parts(plan, graph, id, &tables, link, is_parted || waits(plan, action, parent));
            if action == Action::Alter && !is_bound_anew && !parents(new).any(|other| other == parent) {
                keep_indexes(plan, graph, parent, &step);
            }
        }
        for parent in joining {
            let step = if action.makes() { making(plan, id) } else { (id.clone(), Phase::Finish) };
            joined.entry(parent).or_default().push(step.clone());
            let link = |graph: &mut Graph, part: &Step| graph.edge(part, &step);
            parts(plan, graph, id, &[parent], link, waits(plan, action, parent));
            if action.makes() {
                defaults(plan, graph, parent, &step);
            }
        }
    }
    for (parent, joined) in joined {
        for (leave, join) in left
            .get(parent)
            .into_iter()
            .flatten()
            .flat_map(|leave| joined.iter().map(move |join| (leave, join)))
        {
            graph.edge(leave, join);
        }
    }
}

/// A table gets the defaults that its parents have when it is made: theirs come before it, unless they wait for it.
fn defaults(plan: &Plan<'_>, graph: &mut Graph, parent: &ObjectId, make: &Step) {
    for (id, _) in plan.actions().filter(|(id, _)| id.kind == ObjectKind::Default) {
        let unit = plan.to.units.get(id).or_else(|| plan.from.units.get(id));
        if unit.is_none_or(|unit| unit.object.id != *parent) {
            continue;
        }
        for phase in [Phase::Drop, Phase::Alter, Phase::Make] {
            let step = (id.clone(), phase);
            if !graph.waits(&step, make) {
                graph.edge(&step, make);
            }
        }
    }
}

/// Whether a table is there before and afterwards, so that its place in the order matters; one that is made
/// anew under a parent that is not is away while that changes, as the columns of its key can't otherwise.
fn waits(plan: &Plan<'_>, action: Action, parent: &ObjectId) -> bool {
    action == Action::Alter || action == Action::Rebuild && plan.action(parent) != Action::Rebuild
}

fn parents(table: Option<&Table>) -> impl Iterator<Item = &ObjectId> {
    table
        .into_iter()
        .flat_map(|table| table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits))
}

fn differs(old: Option<&Table>, new: Option<&Table>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old.partition_of != new.partition_of || old.inherits != new.inherits,
        _ => true,
    }
}

/// The tables that a partition is a partition of, through any number of others.
fn above<'a>(table: Option<&'a Table>, schema: &'a Schema) -> Vec<&'a ObjectId> {
    table.map(|table| attachment::above(table, schema)).unwrap_or_default()
}

/// A partition leaves, and its parts of its parent's indexes get their names, before these go: they would
/// take the parts along, which it may be to keep.
fn keep_indexes(plan: &Plan<'_>, graph: &mut Graph, parent: &ObjectId, leave: &Step) {
    for (part, action) in plan.actions() {
        let is_index = matches!(part.kind, ObjectKind::Constraint | ObjectKind::Index);
        let unit = plan.from.units.get(part).filter(|_| is_index && action.drops());
        if unit.is_some_and(|unit| unit.object.id == *parent && !unit.is_foreign_key()) {
            graph.edge(leave, &dropping(plan, part));
        }
    }
}

/// The same for those further above, which leave theirs when it has left, and for foreign keys: what they refer to
/// can go only when the partition has none any more. One that refers to its own table goes first, as long as all its
/// rows are there.
pub(super) fn keep_parts(plan: &Plan<'_>, graph: &mut Graph) {
    for (id, _) in plan.actions().filter(|(id, action)| is_kept(id, *action)) {
        let leave = (id.clone(), Phase::Alter);
        let after = above(plan.to.schema.table(id), plan.to.schema);
        let mut left = above(plan.from.schema.table(id), plan.from.schema);
        left.retain(|parent| !after.contains(parent));
        let mut later: Vec<Step> = Vec::new();
        later.extend(
            left.iter().filter(|table| is_leaving(plan, table)).map(|table| ((*table).clone(), Phase::Alter)),
        );
        for (part, unit) in plan.from.units.iter().filter(|(_, unit)| left.contains(&&unit.object.id)) {
            let going = match unit.foreign_table() {
                Some(far) if left.contains(&far) => Vec::new(),
                Some(far) => vec![part, far],
                None if matches!(part.kind, ObjectKind::Constraint | ObjectKind::Index) => vec![part],
                None => Vec::new(),
            };
            later.extend(
                going
                    .into_iter()
                    .filter(|going| plan.action(going).drops())
                    .map(|going| dropping(plan, going)),
            );
        }
        for step in later {
            if !graph.waits(&leave, &step) {
                graph.edge(&leave, &step);
            }
        }
    }
}

/// The triggers that a partition has from above are there before it is told when they fire in it.
pub(super) fn trigger_states(plan: &Plan<'_>, graph: &mut Graph) {
    for (id, _) in plan.actions().filter(|(id, action)| id.kind == ObjectKind::Table && !action.drops()) {
        let finish = (id.clone(), Phase::Finish);
        if trigger_state::triggers(plan, id).next().is_some() {
            for parent in above(plan.to.schema.table(id), plan.to.schema) {
                graph.edge(&(parent.clone(), Phase::Finish), &finish);
            }
        }
        for trigger in trigger_state::triggers(plan, id) {
            for phase in [Phase::Alter, Phase::Make] {
                graph.edge(&(trigger.clone(), phase), &finish);
            }
        }
    }
}

/// Whether a table that stays leaves its parent.
fn is_leaving(plan: &Plan<'_>, id: &ObjectId) -> bool {
    let parent = |table: Option<&Table>| Some(table?.partition_of.as_ref()?.parent.clone());
    let (before, after) = (parent(plan.from.schema.table(id)), parent(plan.to.schema.table(id)));
    is_kept(id, plan.action(id)) && before.is_some() && before != after
}

fn is_kept(id: &ObjectId, action: Action) -> bool {
    id.kind == ObjectKind::Table && action == Action::Alter
}

/// A check that a table has of its own and its parents have too goes when theirs is gone, and comes before
/// theirs: the other way round the server refuses it.
pub(super) fn checks(plan: &Plan<'_>, graph: &mut Graph) {
    for (id, action) in plan.actions().filter(|(id, _)| id.kind == ObjectKind::Constraint) {
        let unit = plan.from.units.get(id).or_else(|| plan.to.units.get(id));
        let Some(unit) = unit.filter(|unit| check::is_check(unit)) else { continue };
        for parent in check::staying(plan, &unit.object.id) {
            let above = parent.part(id.kind, &id.name);
            if action.drops() {
                graph.edge(&dropping(plan, &above), &dropping(plan, id));
            }
            if action.makes() {
                graph.edge(&making(plan, id), &making(plan, &above));
            }
        }
    }
}

/// What a child says of a column goes, or gets another name, when the parent does not say it any more.
pub(super) fn never_null(plan: &Plan<'_>, graph: &mut Graph) {
    for (id, _) in plan.actions().filter(|(id, action)| id.kind == ObjectKind::Constraint && action.drops()) {
        let Some(unit) = plan.from.units.get(id) else { continue };
        let Part::Constraint(Constraint { kind: ConstraintKind::NotNull { column }, .. }) = unit.part else {
            continue;
        };
        for parent in unit.table().into_iter().flat_map(|table| &table.inherits) {
            let above = parent.part(ObjectKind::Column, column);
            let loses =
                plan.column_pair(&above).is_some_and(|(before, after)| !before.nullable && after.nullable);
            if loses {
                graph.edge(&(above, Phase::Alter), &dropping(plan, id));
            }
        }
    }
}

/// A table is freed from its type before anything happens to either, and bound to it when everything has.
pub(super) fn typed(plan: &Plan<'_>, graph: &mut Graph) {
    for (id, action) in plan.actions().filter(|(id, _)| id.kind == ObjectKind::Table) {
        if action != Action::Alter || !plan.is_freed(id) {
            continue;
        }
        let columns = plan.actions().map(|(part, _)| part).filter(|part| {
            let unit = plan.to.units.get(part).or_else(|| plan.from.units.get(part));
            part.kind == ObjectKind::Column && unit.is_some_and(|unit| unit.object.id == *id)
        });
        for changing in columns.chain(plan.types_of(id)) {
            for phase in [Phase::Drop, Phase::Alter, Phase::Make] {
                let step = (changing.clone(), phase);
                graph.edge(&(id.clone(), Phase::Drop), &step);
                graph.edge(&step, &(id.clone(), Phase::Finish));
            }
        }
    }
}

/// Links a step with every step of the columns of a table, and of the columns and checks of those above it.
fn parts(
    plan: &Plan<'_>,
    graph: &mut Graph,
    table: &ObjectId,
    above: &[&ObjectId],
    mut link: impl FnMut(&mut Graph, &Step),
    wanted: bool,
) {
    if !wanted {
        return;
    }
    for (id, _) in plan.actions() {
        let unit = plan.to.units.get(id).or_else(|| plan.from.units.get(id));
        let is_one = |unit: &&Unit<'_>| {
            let is_above = above.contains(&&unit.object.id);
            match id.kind {
                ObjectKind::Column => is_above || unit.object.id == *table,
                _ => is_above && check::is_check(unit),
            }
        };
        if unit.is_some_and(|unit| is_one(&unit)) {
            for phase in [Phase::Drop, Phase::Alter, Phase::Make] {
                link(graph, &(id.clone(), phase));
            }
        }
    }
}
