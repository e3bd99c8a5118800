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
    item::{Item, Moves},
};
use crate::{
    difference::{Change, Statement},
    schema::{Constraint, ConstraintKind, ObjectId, Schema},
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
        ConstraintKind::Check { .. } => {}
        ConstraintKind::ForeignKey(key) => {
            let is_partitioned =
                |id: &ObjectId| schema.table(id).is_some_and(|table| table.partition_by.is_some());
            // "ALTER TABLE" in the manual of PostgreSQL 17 for the table itself; of the key's parts in the
            // partitions of the other, only 18 says that they are valid afterwards.
            if schema.version.major < 18 && (is_partitioned(id) || is_partitioned(&key.table)) {
                return Some(Err(format!(
                    "constraint {} reads all rows of {} while nobody can write: before PostgreSQL 18, a foreign \
                     key from or to a partitioned table has to be validated at once",
                    to.shown_name(),
                    id.name
                )));
            }
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => return None,
    }
    match from.map(|from| decide(from, to)) {
        Some(Action::Keep | Action::Alter) => None,
        Some(Action::Make | Action::Drop | Action::Replace | Action::Rebuild) | None => {
            Some(Ok(Item { announced: announced(id, to), validated: validated(id, to), ..Item::default() }))
        }
    }
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
