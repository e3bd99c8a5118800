//! Checks that a table shares with its parents: what it needs to be attached to one, and what it keeps
//! when it leaves one. Not those that come and go while it stays with them: the server does that.

use std::collections::BTreeMap;

use super::{
    constraint,
    plan::Plan,
    side::{Part, Side, Unit},
};
use crate::{
    difference::Statement,
    schema::{Constraint, ConstraintKind, ObjectId, Table},
};

/// Whether it is a check.
pub(super) fn is_check(unit: &Unit<'_>) -> bool {
    matches!(unit.part, Part::Constraint(constraint) if is_one(constraint))
}

/// Whether a table has a constraint of its own that its parents have too.
pub(super) fn is_shared(constraint: &Constraint) -> bool {
    constraint.options.contains_key("inherited")
}

/// Whether a table that leaves a parent has a check from it already, which it is to keep as its own.
pub(super) fn is_left(plan: &Plan<'_>, unit: &Unit<'_>, check: &Constraint) -> bool {
    let id = &unit.object.id;
    let left = left(plan, id);
    !plan.is_new_table(id) && has(&inherited(&plan.from, &left), check)
}

/// Whether a check that a table has by itself stays, as one that it is to have from its parents: one
/// that it is attached to needs it, and one that it has from them the server does not drop.
pub(super) fn stays(plan: &Plan<'_>, id: &ObjectId, unit: &Unit<'_>, check: &Constraint) -> bool {
    let table = &unit.object.id;
    let parents = if is_shared(check) { parents(&plan.to, table) } else { joined(plan, table) };
    has(&inherited(&plan.to, &parents), check) && !plan.from.needs(id).any(|need| plan.action(need).drops())
}

/// Whether a check that a table and its parents have can go only when the table has left them: `removed`
/// takes it away then.
pub(super) fn goes_later(plan: &Plan<'_>, unit: &Unit<'_>, check: &Constraint) -> bool {
    let id = &unit.object.id;
    let has = |parents: &[&ObjectId]| inherited(&plan.from, parents).contains_key(check.shown_name());
    is_shared(check) && has(&left(plan, id)) && !has(&staying(plan, id))
}

/// Adds the checks that a table lacks of the parents to which it is attached next
/// ("ATTACH PARTITION" and "INHERIT" in the manual's "ALTER TABLE").
pub(super) fn added(plan: &Plan<'_>, id: &ObjectId) -> Vec<Statement> {
    let joined = joined(plan, id);
    let wanted = inherited(&plan.to, &joined);
    let kept = inherited(&plan.from, &left(plan, id));
    let staying = staying(plan, id);
    let (before, after) = (inherited(&plan.from, &staying), inherited(&plan.to, &staying));
    let is_own = |check: &Constraint| {
        let id = id.part(crate::schema::ObjectKind::Constraint, check.shown_name());
        let was_own = plan.from.units.get(&id);
        let stays = was_own.is_some_and(|unit| match unit.part {
            Part::Constraint(own) => is_same(own, check) && stays(plan, &id, unit, own),
            _ => false,
        });
        stays || plan.to.units.contains_key(&id)
    };
    let is_there =
        |check: &Constraint| is_own(check) || has(&kept, check) || has(&before, check) && has(&after, check);
    let lacking = wanted.into_values().filter(|check| !is_there(check));
    lacking.flat_map(|check| constraint::make(id, &Constraint { comment: None, ..check.clone() })).collect()
}

/// Drops the checks that a table keeps of the parents that it has left and is not to have.
pub(super) fn removed(plan: &Plan<'_>, id: &ObjectId) -> Vec<Statement> {
    let kept = inherited(&plan.from, &left(plan, id));
    let wanted = inherited(&plan.to, &parents(&plan.to, id));
    let staying = inherited(&plan.from, &staying(plan, id));
    let own =
        |side: &Side<'_>, name: &str| side.schema.table(id).and_then(|table| table.constraint(name)).cloned();
    let is_to_go = |name: &str, check: &Constraint| {
        own(&plan.from, name).is_none_or(|own| is_shared(&own))
            && !own(&plan.to, name).is_some_and(|other| is_same(&other, check))
            && !has(&wanted, check)
            && !staying.contains_key(name)
    };
    let going = kept.into_iter().filter(|(name, check)| is_to_go(name, check));
    going.map(|(_, check)| constraint::drop(id, check)).collect()
}

/// The tables that a table is a partition or a child of.
fn parents<'a>(side: &Side<'a>, id: &ObjectId) -> Vec<&'a ObjectId> {
    let of = |table: &'a Table| table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits);
    side.schema.table(id).into_iter().flat_map(of).collect()
}

/// Those to which it is attached.
fn joined<'a>(plan: &Plan<'a>, id: &ObjectId) -> Vec<&'a ObjectId> {
    let before = parents(&plan.from, id);
    parents(&plan.to, id).into_iter().filter(|parent| !before.contains(parent)).collect()
}

/// Those that it leaves.
fn left<'a>(plan: &Plan<'a>, id: &ObjectId) -> Vec<&'a ObjectId> {
    let after = parents(&plan.to, id);
    parents(&plan.from, id).into_iter().filter(|parent| !after.contains(parent)).collect()
}

/// Those of which it is one before and afterwards.
pub(super) fn staying<'a>(plan: &Plan<'a>, id: &ObjectId) -> Vec<&'a ObjectId> {
    let after = parents(&plan.to, id);
    parents(&plan.from, id).into_iter().filter(|parent| after.contains(parent)).collect()
}

/// The checks that children of these tables have from them, which have some from their parents
/// themselves, by their names.
fn inherited<'a>(side: &Side<'a>, tables: &[&'a ObjectId]) -> BTreeMap<&'a str, &'a Constraint> {
    let mut checks = BTreeMap::new();
    let mut open: Vec<&ObjectId> = tables.iter().rev().copied().collect();
    while let Some(id) = open.pop() {
        let own = side.schema.table(id).into_iter().flat_map(|table| &table.constraints);
        for check in own.filter(|own| is_one(own) && !own.options.contains_key("no_inherit")) {
            checks.entry(check.shown_name()).or_insert(check);
        }
        open.extend(parents(side, id));
    }
    checks
}

fn has(checks: &BTreeMap<&str, &Constraint>, check: &Constraint) -> bool {
    checks.get(check.shown_name()).is_some_and(|other| is_same(other, check))
}

fn is_same(one: &Constraint, other: &Constraint) -> bool {
    one.kind == other.kind && one.definition == other.definition
}

const fn is_one(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::Check { .. })
}
