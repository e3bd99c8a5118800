//! Checks and foreign keys: added without looking at the rows that are there, which are looked at in a
//! later transaction. "ALTER TABLE" in the manual: `ADD … NOT VALID` reads no row, and `VALIDATE
//! CONSTRAINT` lets others read and write. Not the keys, which have an index.

use super::{
    super::{
        action::Action,
        column::altering,
        constraint::{self, decide, definition, extras},
        text::quote,
    },
    index::alone,
    item::{Item, Moves},
    partitions,
};
use crate::{
    difference::{Change, Statement},
    schema::{Constraint, ConstraintKind, ObjectId, Schema, Table, TableKind},
};

/// What is done in stages for a check or a foreign key that comes or changes; a reason where it can't be.
/// Nothing where it is none of these, or nothing has to be read for it.
pub(super) fn item(
    id: &ObjectId,
    change: &Change<Constraint>,
    schema: &Schema,
) -> Option<Result<Item, String>> {
    let (from, to) = match change {
        Change::Add { to } => (None, to),
        Change::Alter { from, to } => (Some(from), to),
        Change::Drop { .. } => return None,
    };
    if !to.validated || !to.enforced || to.name.is_none() {
        return None;
    }
    match &to.kind {
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {}
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => return None,
    }
    match from.map(|from| decide(from, to)) {
        Some(Action::Keep | Action::Alter) => None,
        Some(Action::Make | Action::Drop | Action::Replace | Action::Rebuild) | None => {
            Some(new(id, to, schema))
        }
    }
}

/// What is done in stages for a check or a foreign key that was not there.
fn new(id: &ObjectId, to: &Constraint, schema: &Schema) -> Result<Item, String> {
    let is_partitioned = |id: &ObjectId| schema.table(id).is_some_and(|table| table.partition_by.is_some());
    let way = match &to.kind {
        // "ALTER TABLE" in the manual of PostgreSQL 17 for the table itself; of the key's parts in the
        // partitions of the other, only 18 says that they are valid afterwards.
        ConstraintKind::ForeignKey(key) if schema.version.major < 18 => {
            match (is_partitioned(id), is_partitioned(&key.table)) {
                (false, false) => Some(whole(id, to)),
                (true, false) => by_partition(id, to, schema),
                (_, true) => None,
            }
        }
        _ => Some(whole(id, to)),
    };
    way.ok_or_else(|| {
        format!(
            "constraint {} reads all rows of {} while nobody can write: before PostgreSQL 18, a foreign key to \
             a partitioned table, or from one with a partition that has a constraint of that name or a key \
             like it, has to be validated at once",
            to.shown_name(),
            id.name
        )
    })
}

/// Added to the table, and then validated.
fn whole(id: &ObjectId, to: &Constraint) -> Item {
    Item { announced: announced(id, to), validated: validated(id, to), ..Item::default() }
}

/// A foreign key from a partitioned table, where the server refuses NOT VALID for it: added to each
/// partition that has rows, validated there, and then added to the table, which takes those of the
/// partitions for its own and reads nothing (`tryAttachPartitionForeignKey`).
///
/// Nothing where that would meet another constraint of a partition.
fn by_partition(id: &ObjectId, to: &Constraint, schema: &Schema) -> Option<Item> {
    let below = partitions::below(schema, id);
    let is_in_the_way = |one: &Constraint| one.name == to.name || one.kind == to.kind;
    let is_free =
        |table: &Table| table.kind != TableKind::Foreign && !table.constraints.iter().any(is_in_the_way);
    if !below.iter().all(|(_, table)| is_free(table)) {
        return None;
    }
    let leaves = || below.iter().filter(|(_, table)| table.partition_by.is_none()).map(|(leaf, _)| *leaf);
    let key = Constraint { comment: None, ..to.clone() };
    let unchecked: Vec<Statement> = leaves().flat_map(|leaf| unchecked(leaf, &key)).collect();
    // In the transaction of the validation it would keep others out for as long, if it has to wait.
    let settled = alone(constraint::make(id, to));
    let mut down = alone(vec![constraint::drop(id, to)]);
    down.extend(unchecked.iter().cloned());
    Some(Item {
        announced: Moves::new(unchecked, leaves().map(|leaf| constraint::drop(leaf, to)).collect()),
        validated: Moves::new(leaves().map(|leaf| validate(leaf, to.shown_name())).collect(), Vec::new()),
        settled: Moves::new(settled, down),
        ..Item::default()
    })
}

/// What only has to be validated, because it is there already.
pub(super) fn late(id: &ObjectId, change: &Change<Constraint>) -> Option<Item> {
    let Change::Alter { from, to } = change else { return None };
    let is_late = !from.validated
        && to.validated
        && decide(from, to) == Action::Alter
        && (from.deferral, &from.comment, &from.options) == (to.deferral, &to.comment, &to.options)
        && matches!(to.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_));
    is_late.then(|| Item { validated: validated(id, to), ..Item::default() })
}

fn announced(id: &ObjectId, to: &Constraint) -> Moves {
    Moves::new(unchecked(id, to), vec![constraint::drop(id, to)])
}

/// The way back from a constraint that is valid is the same constraint, not yet valid.
pub(super) fn validated(id: &ObjectId, to: &Constraint) -> Moves {
    let mut down = vec![constraint::drop(id, to)];
    down.extend(unchecked(id, to));
    Moves::new(vec![validate(id, to.shown_name())], down)
}

/// Adds a constraint that holds for what is written from now on.
pub(super) fn unchecked(id: &ObjectId, to: &Constraint) -> Vec<Statement> {
    let definition = definition(id, &unvalidated(to));
    let mut statements = vec![altering(id, &format!("ADD {definition}"))];
    statements.extend(extras(id, None, to));
    statements
}

/// Reads the rows that were there before.
pub(super) fn validate(id: &ObjectId, name: &str) -> Statement {
    altering(id, &format!("VALIDATE CONSTRAINT {}", quote(name)))
}

/// The same constraint, without a look at the rows.
fn unvalidated(to: &Constraint) -> Constraint {
    let definition = to.definition.as_deref().map(|words| format!("{words} NOT VALID"));
    Constraint { validated: false, definition, ..to.clone() }
}
