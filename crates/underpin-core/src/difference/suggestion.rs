//! What looks like a rename, or was said to be one and can't be: told to the person who reads the
//! change, never done.

use std::fmt;

use serde::Serialize;

use super::{Change, Operation, Renames};
use crate::schema::{Body, Column, Object, ObjectId, ObjectKind, Table};

/// Something that may have had another name and is not renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What comes.
    pub to: ObjectId,
    /// The name that it may have had.
    pub from: String,
    /// Why it is not renamed.
    pub why: SuggestionReason,
}

/// Why something is not renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionReason {
    /// Nobody said so: something goes and something alike comes.
    NotSaid,
    /// It was said, but something else has the old name now, and keeps what is there.
    NameUsedAgain,
}

impl Suggestion {
    /// What to do where data is to move along.
    pub fn advice(&self) -> String {
        match self.why {
            SuggestionReason::NotSaid => format!(
                "where it is one, say so (-- renamed_from: {} in a schema.sql), or its data is lost",
                self.from
            ),
            SuggestionReason::NameUsedAgain => {
                "make two changes of it, the new name first, or its data is lost".to_owned()
            }
        }
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { to, from, why } = self;
        match why {
            SuggestionReason::NotSaid => write!(f, "{to} looks like {from} under a new name"),
            SuggestionReason::NameUsedAgain => write!(
                f,
                "{to} is not {from} under a new name, although somebody said so: something else is called \
                 {from} from now on"
            ),
        }
    }
}

/// What looks like a rename among these operations, one that goes for each that comes; and what was
/// said to be one and is `displaced`.
pub(super) fn suggestions(operations: &[Operation], displaced: &Renames) -> Vec<Suggestion> {
    let mut suggestions: Vec<Suggestion> = displaced
        .0
        .iter()
        .map(|rename| Suggestion {
            to: rename.to.clone(),
            from: rename.from.clone(),
            why: SuggestionReason::NameUsedAgain,
        })
        .collect();
    suggestions.extend(of_tables(operations));
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
            let old = &gone.remove(position).0.id;
            let from = match &old.schema {
                Some(schema) if old.schema != object.id.schema => format!("{schema}.{}", old.name),
                _ => old.name.clone(),
            };
            suggestions.push(Suggestion { to: object.id.clone(), from, why: SuggestionReason::NotSaid });
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
            let to = owner.part(ObjectKind::Column, &to.name);
            suggestions.push(Suggestion { to, from, why: SuggestionReason::NotSaid });
        }
    }
    suggestions
}
