//! What looks like a rename: told to the person who reads the change, never done.

use std::fmt;

use serde::Serialize;

use super::{Change, Operation};
use crate::schema::{Body, Column, Object, ObjectId, ObjectKind, Table};

/// Something that goes and something alike that comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What comes.
    pub to: ObjectId,
    /// The name of what goes.
    pub from: String,
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} looks like {} under a new name", self.to, self.from)
    }
}

/// What looks like a rename among these operations: one that goes for each that comes.
pub(super) fn suggestions(operations: &[Operation]) -> Vec<Suggestion> {
    let mut suggestions = of_tables(operations);
    for operation in operations {
        if let Operation::Alter(alteration) = operation {
            suggestions.extend(of_columns(&alteration.to.id, &alteration.columns));
        }
    }
    suggestions
}

fn of_tables(operations: &[Operation]) -> Vec<Suggestion> {
    let mut gone: Vec<(&Object, &Table)> = operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Drop(object) => Some((object, table(object)?)),
            _ => None,
        })
        .collect();
    let mut suggestions = Vec::new();
    for operation in operations {
        let Operation::Create(object) = operation else { continue };
        let Some(made) = table(object) else { continue };
        let alike = gone.iter().position(|(_, gone)| gone.columns == made.columns);
        if let Some(position) = alike {
            let from = gone.remove(position).0.id.name.clone();
            suggestions.push(Suggestion { to: object.id.clone(), from });
        }
    }
    suggestions
}

fn table(object: &Object) -> Option<&Table> {
    match &object.body {
        Body::Table(table) => Some(table),
        _ => None,
    }
}

fn of_columns(owner: &ObjectId, changes: &[Change<Column>]) -> Vec<Suggestion> {
    let mut gone: Vec<&Column> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Drop { from } => Some(from),
            _ => None,
        })
        .collect();
    let mut suggestions = Vec::new();
    for change in changes {
        let Change::Add { to } = change else { continue };
        let alike =
            gone.iter().position(|from| from.data_type == to.data_type && from.nullable == to.nullable);
        if let Some(position) = alike {
            let from = gone.remove(position).name.clone();
            suggestions.push(Suggestion { to: owner.part(ObjectKind::Column, &to.name), from });
        }
    }
    suggestions
}
