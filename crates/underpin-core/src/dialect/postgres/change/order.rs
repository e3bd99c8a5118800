//! In which order: a graph of steps, sorted so that whatever a step needs comes before it. Ties are
//! broken by a fixed rank, so that the same difference always gives the same statements.

mod attachments;
mod names;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use super::{
    action::Action,
    plan::Plan,
    rank::rank,
    side::{Part, Unit},
};
use crate::schema::{Body, ConstraintKind, ObjectId, ObjectKind, Table};

/// What is done with a unit at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It goes, or gets out of the way.
    Drop,
    /// It is changed in place.
    Alter,
    /// It comes.
    Make,
    /// It leaves a parent to which it is attached again at once, with other bounds.
    Leave,
    /// What can be done only when everything that needs it is there.
    Finish,
}

/// A step: one phase of one unit.
pub(super) type Step = (ObjectId, Phase);

/// The graph: every step with those that must come before it.
#[derive(Debug, Default)]
struct Graph {
    before: BTreeMap<Step, BTreeSet<Step>>,
}

impl Graph {
    fn add(&mut self, step: Step) {
        self.before.entry(step).or_default();
    }

    fn edge(&mut self, first: &Step, then: &Step) {
        if first != then
            && self.before.contains_key(first)
            && let Some(before) = self.before.get_mut(then)
        {
            before.insert(first.clone());
        }
    }

    /// Whether a step waits for another, through any number of others.
    fn waits(&self, step: &Step, other: &Step) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![step];
        while let Some(next) = open.pop() {
            if next == other {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.before.get(next).into_iter().flatten());
            }
        }
        false
    }
}

/// The steps of a plan in an order in which the server takes them.
pub(super) fn steps(plan: &Plan<'_>) -> Vec<Step> {
    let mut graph = Graph::default();
    for (id, action) in plan.actions() {
        for phase in phases(plan, id, action) {
            graph.add((id.clone(), phase));
        }
    }
    for (id, action) in plan.actions() {
        going(plan, &mut graph, id, action);
        coming(plan, &mut graph, id, action);
    }
    same_unit(plan, &mut graph);
    names::free(plan, &mut graph);
    attachments::part(plan, &mut graph);
    attachments::checks(plan, &mut graph);
    attachments::typed(plan, &mut graph);
    attachments::never_null(plan, &mut graph);
    for [first, then] in super::partition_key::waiting(plan) {
        graph.edge(&first, &then);
    }
    logging(plan, &mut graph);
    index_names(plan, &mut graph);
    names::part_overloads(plan, &mut graph);
    attachments::trigger_states(plan, &mut graph);
    attachments::keep_parts(plan, &mut graph);
    sort(plan, graph)
}

fn phases(plan: &Plan<'_>, id: &ObjectId, action: Action) -> Vec<Phase> {
    let mut phases = Vec::new();
    if action.drops() && plan.dropped_with(id) == *id {
        phases.push(Phase::Drop);
    }
    if action == Action::Alter {
        phases.push(Phase::Alter);
    }
    if action == Action::Alter && (plan.undressed.contains(id) || plan.is_freed(id)) {
        phases.push(Phase::Drop);
    }
    if action.makes() && plan.made_with(id) == *id {
        phases.push(Phase::Make);
    }
    if action == Action::Alter && plan.is_bound_anew(id) {
        phases.push(Phase::Leave);
    }
    let finishes = matches!(id.kind, ObjectKind::Table | ObjectKind::Sequence) && action != Action::Drop;
    if finishes || action == Action::Rebuild {
        phases.push(Phase::Finish);
    }
    phases
}

/// The step in which a unit goes.
fn dropping(plan: &Plan<'_>, id: &ObjectId) -> Step {
    (plan.dropped_with(id), Phase::Drop)
}

/// The step in which a unit comes.
fn making(plan: &Plan<'_>, id: &ObjectId) -> Step {
    (plan.made_with(id), Phase::Make)
}

/// What needs a unit goes before it; what needs it no longer is changed before it goes.
fn going(plan: &Plan<'_>, graph: &mut Graph, id: &ObjectId, action: Action) {
    if action.drops() {
        foreign_key_going(plan, graph, id);
    }
    for need in plan.from.needs(id) {
        let cause = effective(plan, need, &plan.dropped_with(need));
        if action.drops() {
            if cause.drops() {
                graph.edge(&dropping(plan, id), &dropping(plan, need));
            }
            let alone = matches!(id.kind, ObjectKind::Default | ObjectKind::Constraint | ObjectKind::Index);
            if cause == Action::Alter && (alone || plan.is_retyped(need)) {
                graph.edge(&dropping(plan, id), &(need.clone(), Phase::Alter));
            }
        }
        if plan.undressed.contains(id) && matches!(cause, Action::Drop | Action::Replace) {
            graph.edge(&(id.clone(), Phase::Drop), &dropping(plan, need));
        } else if action == Action::Alter && cause.drops() {
            let end = if cause == Action::Rebuild { Phase::Finish } else { Phase::Drop };
            let end = if end == Phase::Drop { dropping(plan, need) } else { (need.clone(), end) };
            graph.edge(&(id.clone(), Phase::Alter), &end);
        }
        if cause == Action::Rebuild {
            // What was set aside goes when nothing has it any more.
            graph.edge(&dropping(plan, id), &(need.clone(), Phase::Finish));
            graph.edge(&(id.clone(), Phase::Finish), &(need.clone(), Phase::Finish));
        }
    }
}

/// A foreign key goes before the keys and the partitions of the table that it refers to: which of them
/// it needs there, on which partition, is known to the server only.
fn foreign_key_going(plan: &Plan<'_>, graph: &mut Graph, id: &ObjectId) {
    let Some(table) = plan.from.units.get(id).and_then(Unit::foreign_table) else { return };
    let own = dropping(plan, id);
    let parts = plan.from.needed_by(table).filter(|part| {
        matches!(part.kind, ObjectKind::Constraint | ObjectKind::Index)
            && plan.from.units.get(part).is_some_and(|unit| unit.object.id == *table)
            && !plan.from.units.get(part).is_some_and(Unit::is_foreign_key)
    });
    for going in parts.chain(plan.from.children(table).map(|(child, _)| child)) {
        if plan.action(going).drops() {
            graph.edge(&own, &dropping(plan, going));
        }
    }
}

/// What becomes of a unit, or of the one that it comes and goes with: a column of a table that is made
/// anew has no action of its own.
fn effective(plan: &Plan<'_>, id: &ObjectId, with: &ObjectId) -> Action {
    match plan.action(id) {
        Action::Keep => plan.action(with),
        action => action,
    }
}

/// What a unit needs comes, or is changed, before it comes or is changed.
fn coming(plan: &Plan<'_>, graph: &mut Graph, id: &ObjectId, action: Action) {
    if !action.makes() && action != Action::Alter {
        return;
    }
    let own = if action.makes() { making(plan, id) } else { (id.clone(), Phase::Alter) };
    if let Some(unit) = plan.to.units.get(id).filter(|unit| unit.is_partial()) {
        for (child, _) in plan.to.children(&unit.object.id) {
            graph.edge(&making(plan, child), &own);
        }
    }
    for need in plan.to.needs(id) {
        let cause = effective(plan, need, &plan.made_with(need));
        if cause.makes() {
            graph.edge(&making(plan, need), &own);
        }
        if cause == Action::Alter && !is_read_as_it_is(plan, id, need) {
            graph.edge(&(need.clone(), Phase::Alter), &own);
        }
        if cause == Action::Rebuild && need.kind == ObjectKind::Table && id.kind == ObjectKind::Table {
            graph.edge(&own, &(need.clone(), Phase::Finish));
        }
        let is_foreign_key = || plan.to.units.get(id).is_some_and(Unit::is_foreign_key);
        if cause != Action::Keep && need.kind == ObjectKind::Table && is_foreign_key() {
            // A foreign key is looked at once, when all rows are there.
            graph.edge(&(need.clone(), Phase::Finish), &own);
        }
    }
}

/// Whether something reads a column that keeps its type: it doesn't matter to it what else changes there, and
/// that may wait for it (a column can be null again only without the key that a view groups by).
fn is_read_as_it_is(plan: &Plan<'_>, id: &ObjectId, need: &ObjectId) -> bool {
    need.kind == ObjectKind::Column
        && matches!(
            id.kind,
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Function | ObjectKind::Procedure
        )
        && plan.from.units.contains_key(need)
        && !plan.is_retyped(need)
}

/// The phases of one unit, and of a table and its parts, follow each other.
fn same_unit(plan: &Plan<'_>, graph: &mut Graph) {
    let order = [Phase::Drop, Phase::Make, Phase::Alter, Phase::Leave, Phase::Finish];
    for (id, _) in plan.actions() {
        for (at, first) in order.into_iter().enumerate() {
            for then in order.into_iter().skip(at + 1) {
                graph.edge(&(id.clone(), first), &(id.clone(), then));
            }
        }
        let Some(unit) = plan.to.units.get(id) else { continue };
        match unit.part {
            Part::Whole => {
                if let Body::Sequence(sequence) = &unit.object.body {
                    owners(plan, graph, id, sequence.owned_by.as_ref());
                }
            }
            Part::Index(_) | Part::Constraint(_) if super::attachment::stays_apart(plan, unit) => {
                graph.edge(&(unit.object.id.clone(), Phase::Finish), &(id.clone(), Phase::Make));
            }
            Part::Column(_) | Part::Index(_) => {
                let finish = (unit.object.id.clone(), Phase::Finish);
                graph.edge(&(id.clone(), Phase::Make), &finish);
                graph.edge(&(id.clone(), Phase::Alter), &finish);
            }
            Part::Constraint(constraint) => {
                // What a partition is attached with has to be there; foreign keys may wait.
                if !matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
                    graph.edge(&(id.clone(), Phase::Make), &(unit.object.id.clone(), Phase::Finish));
                }
            }
            Part::Default(_) => {}
        }
    }
}

/// A sequence gets its owner when that is there, and before the old one goes and would take it along.
fn owners(plan: &Plan<'_>, graph: &mut Graph, id: &ObjectId, owner: Option<&ObjectId>) {
    let finish = (id.clone(), Phase::Finish);
    if let Some(owner) = owner.and_then(|owner| plan.to.home(owner)) {
        graph.edge(&making(plan, &owner), &finish);
        if let Some(unit) = plan.to.units.get(&owner) {
            graph.edge(&(unit.object.id.clone(), Phase::Make), &finish);
            graph.edge(&finish, &(unit.object.id.clone(), Phase::Finish));
        }
    }
    let before = plan.from.units.get(id).map(|unit| &unit.object.body);
    if let Some(Body::Sequence(before)) = before
        && let Some(old) = before.owned_by.as_ref().and_then(|owner| plan.from.home(owner))
    {
        // A table that is only set aside takes nothing along yet.
        let step = dropping(plan, &old);
        if plan.action(&step.0) != Action::Rebuild {
            graph.edge(&finish, &step);
        }
    }
}

/// A partition's indexes get their names when those of all its parents are made, the outer ones first.
fn index_names(plan: &Plan<'_>, graph: &mut Graph) {
    for (id, _) in plan.actions().filter(|(id, _)| id.kind == ObjectKind::Table) {
        let Some(table) = plan.to.schema.table(id) else { continue };
        if super::table::index_names(table).next().is_none() && super::table::identity_index(table).is_none()
        {
            continue;
        }
        let finish = (id.clone(), Phase::Finish);
        let mut parent = table.partition_of.as_ref().map(|place| &place.parent);
        while let Some(outer) = parent {
            graph.edge(&(outer.clone(), Phase::Finish), &finish);
            let Some(table) = plan.to.schema.table(outer) else { break };
            for index in &table.indexes {
                graph.edge(&(outer.part(ObjectKind::Index, &index.name), Phase::Make), &finish);
            }
            for name in table.constraints.iter().filter_map(|constraint| constraint.name.as_deref()) {
                graph.edge(&(outer.part(ObjectKind::Constraint, name), Phase::Make), &finish);
            }
            parent = table.partition_of.as_ref().map(|place| &place.parent);
        }
    }
}

/// A logged table can't refer to an unlogged one, at no time: what is referred to is the first to be
/// logged and the last not to be.
fn logging(plan: &Plan<'_>, graph: &mut Graph) {
    let unlogged = |table: Option<&Table>| table.map(|table| table.options.contains_key("unlogged"));
    for (id, _) in
        plan.actions().filter(|(id, action)| id.kind == ObjectKind::Table && *action == Action::Alter)
    {
        let (old, new) = (plan.from.schema.table(id), plan.to.schema.table(id));
        if unlogged(old) == unlogged(new) {
            continue;
        }
        for constraint in old.into_iter().flat_map(|table| &table.constraints) {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                let (here, there) = ((id.clone(), Phase::Alter), (key.table.clone(), Phase::Alter));
                match unlogged(new) {
                    Some(true) => graph.edge(&here, &there),
                    _ => graph.edge(&there, &here),
                }
            }
        }
    }
}

/// Always takes the step of the lowest rank among those that nothing must come before any more. If
/// every step waits for another one, the one of the lowest rank goes first: the server may well take
/// it, and says so if not.
fn sort(plan: &Plan<'_>, graph: Graph) -> Vec<Step> {
    let mut waiting: BTreeMap<Step, usize> = BTreeMap::new();
    let mut after: BTreeMap<Step, Vec<Step>> = BTreeMap::new();
    let mut ready = BinaryHeap::new();
    let ranked = |step: &Step| Reverse((rank(step), place(plan, step), step.clone()));
    for (step, before) in &graph.before {
        waiting.insert(step.clone(), before.len());
        if before.is_empty() {
            ready.push(ranked(step));
        }
        for first in before {
            after.entry(first.clone()).or_default().push(step.clone());
        }
    }
    let mut sorted = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let next = match ready.pop() {
            Some(Reverse((_, _, step))) => step,
            None => match waiting.keys().min_by_key(|step| (rank(step), place(plan, step))) {
                Some(step) => step.clone(),
                None => break,
            },
        };
        if waiting.remove(&next).is_none() {
            continue;
        }
        for step in after.remove(&next).unwrap_or_default() {
            if let Some(count) = waiting.get_mut(&step) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(ranked(&step));
                }
            }
        }
        sorted.push(next);
    }
    sorted
}

fn place(plan: &Plan<'_>, (id, phase): &Step) -> (Option<String>, Option<String>, usize) {
    let side = if *phase == Phase::Drop { &plan.from } else { &plan.to };
    let place = side.units.get(id).map_or(0, |unit| unit.place);
    match id.kind {
        ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index | ObjectKind::Default => {
            (id.schema.clone(), id.table.clone(), place)
        }
        _ => (None, None, 0),
    }
}
