//! What the key of a partitioned table is made of: the server changes none of it while the table is
//! there ("ALTER TABLE" in the manual), so the table comes anew, or the change is refused.

use std::collections::BTreeSet;

use super::{
    action::Action,
    order::{Phase, Step},
    plan::Plan,
    program::is_routine,
    side::Side,
    types,
};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    schema::{Dependency, ObjectId, ObjectKind},
};

impl Plan<'_> {
    /// A table comes anew when a column of its key gets another type, or another one of that name.
    pub(super) fn renew_keys(&mut self) {
        let changed: BTreeSet<ObjectId> = self
            .stay_partitioned()
            .filter(|id| self.key_columns(id).any(|column| self.is_to_be_converted(column)))
            .cloned()
            .collect();
        self.actions.extend(changed.into_iter().map(|id| (id, Action::Rebuild)));
    }

    /// The tables that are partitioned before and afterwards.
    fn stay_partitioned(&self) -> impl Iterator<Item = &ObjectId> {
        let is_partitioned = |side: &Side<'_>, id: &ObjectId| {
            side.schema.table(id).is_some_and(|table| table.partition_by.is_some())
        };
        let ids = self.from.units.keys().filter(|id| id.kind == ObjectKind::Table);
        ids.filter(move |id| is_partitioned(&self.from, id) && is_partitioned(&self.to, id))
    }

    /// The columns of a table's key, which no statement can drop: the server tells that each of them
    /// needs the table, and of no other one.
    fn key_columns<'a>(&'a self, table: &'a ObjectId) -> impl Iterator<Item = ObjectId> + 'a {
        let columns = self.from.schema.table(table).into_iter().flat_map(|table| &table.columns);
        columns.map(|column| table.part(ObjectKind::Column, &column.name)).filter(|column| {
            let need = Dependency { dependent: column.clone(), on: table.clone() };
            self.from.schema.dependencies.contains(&need)
        })
    }

    fn is_to_be_converted(&self, column: ObjectId) -> bool {
        let is_new_type = |(id, action): (&ObjectId, Action)| {
            action == Action::Rebuild && types::is_type(id.kind) && self.from.reaches(&column, id)
        };
        self.is_retyped(&column) || self.actions().any(is_new_type)
    }
}

/// Refuses what would change something that a key is computed with, but for its columns: the server
/// keeps that for as long as the table is there, and both can't be there under one name.
pub(super) fn refuse(plan: &Plan<'_>) -> Result<(), Diagnostic> {
    for table in plan.stay_partitioned() {
        for need in plan.from.needs(table).filter(|need| is_computed_with(need)) {
            if plan.action(need).drops() && !goes_afterwards(plan, table, need) {
                return Err(refusal(table, need));
            }
        }
    }
    Ok(())
}

/// Whether something that a key is computed with can wait until the table has another key.
pub(super) fn goes_afterwards(plan: &Plan<'_>, table: &ObjectId, need: &ObjectId) -> bool {
    let is_namesake =
        |other: &ObjectId| (other.kind, &other.schema, &other.name) == (need.kind, &need.schema, &need.name);
    let is_followed = plan.actions().any(|(other, action)| action.makes() && is_namesake(other));
    plan.action(table) == Action::Rebuild && plan.action(need) == Action::Drop && !is_followed
}

/// What the old table has goes when that is gone, and what the new one has comes before it.
pub(super) fn waiting(plan: &Plan<'_>) -> Vec<[Step; 2]> {
    let is_rebuilt =
        |(id, action): &(&ObjectId, Action)| id.kind == ObjectKind::Table && *action == Action::Rebuild;
    let mut waiting = Vec::new();
    for (table, _) in plan.actions().filter(is_rebuilt) {
        let step = |phase| (table.clone(), phase);
        for need in plan.from.needs(table).filter(|need| is_computed_with(need)) {
            waiting.push([step(Phase::Finish), (need.clone(), Phase::Drop)]);
        }
        for old in types_of_columns(&plan.from, table) {
            waiting.push([step(Phase::Finish), (old, Phase::Finish)]);
        }
        for new in types_of_columns(&plan.to, table) {
            waiting.push([(new, Phase::Make), step(Phase::Make)]);
        }
    }
    waiting
}

fn types_of_columns(side: &Side<'_>, table: &ObjectId) -> Vec<ObjectId> {
    let columns = side.schema.table(table).into_iter().flat_map(|table| &table.columns);
    let needs = columns.flat_map(|column| {
        let column = table.part(ObjectKind::Column, &column.name);
        side.needs(&column).filter(|need| types::is_type(need.kind)).cloned().collect::<Vec<_>>()
    });
    needs.collect()
}

fn is_computed_with(need: &ObjectId) -> bool {
    is_routine(need.kind)
        || matches!(need.kind, ObjectKind::Aggregate | ObjectKind::Operator | ObjectKind::Cast)
}

fn refusal(table: &ObjectId, need: &ObjectId) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Unsupported,
        format!(
            "{need} is a part of the partition key of {table}: it can neither go nor get other arguments"
        ),
    )
    .state("nothing was changed")
    .hint(
        "leave it as it is but for its body, or make one of another name beside it and partition the \
         table by that: such a table is made anew, with its rows",
    )
}
