//! One thing that differs, with both ends, so that explaining, reversing and rendering it need nothing else.

use serde::Serialize;

use crate::schema::{Column, Constraint, Index, Object, ObjectId};

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "operation")]
pub enum Operation {
    /// It is not there.
    Create(Object),
    /// It is there and is not to be.
    Drop(Object),
    /// It is there and is to be otherwise.
    Alter(Box<Alteration>),
}

/// An object that is to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alteration {
    /// As it is. Another name than in `to` means that it is renamed.
    pub from: Object,
    /// As it is to be.
    pub to: Object,
    /// What becomes of a table's columns: what is to go first, then the rest in the order of `to`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Change<Column>>,
    /// What becomes of a table's constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Change<Constraint>>,
    /// What becomes of the indexes of a table or a materialised view.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Change<Index>>,
    /// The values of an enumerated type that get another name, the old one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
}

/// What becomes of a part of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change<T> {
    /// It is not there.
    Add {
        /// As it is to be.
        to: T,
    },
    /// It is there and is not to be.
    Drop {
        /// As it is.
        from: T,
    },
    /// It is there and is to be otherwise. Another name means that it is renamed.
    Alter {
        /// As it is.
        from: T,
        /// As it is to be.
        to: T,
    },
}

impl Operation {
    /// The object as it is to be, or as it was before it went.
    pub fn object(&self) -> &Object {
        match self {
            Self::Create(object) | Self::Drop(object) => object,
            Self::Alter(alteration) => &alteration.to,
        }
    }

    /// What names that object.
    pub fn id(&self) -> &ObjectId {
        &self.object().id
    }

    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        match self {
            Self::Create(object) => Self::Drop(object.clone()),
            Self::Drop(object) => Self::Create(object.clone()),
            Self::Alter(alteration) => Self::Alter(Box::new(alteration.reversed())),
        }
    }
}

impl Alteration {
    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            columns: reversed(&self.columns),
            constraints: reversed(&self.constraints),
            indexes: reversed(&self.indexes),
            values: self.values.iter().map(|(old, new)| (new.clone(), old.clone())).collect(),
        }
    }

    /// The old and the new name, with their namespaces where these differ.
    pub(crate) fn names(&self) -> [String; 2] {
        let moves = self.from.id.schema != self.to.id.schema;
        [&self.from.id, &self.to.id].map(|id| match &id.schema {
            Some(schema) if moves => format!("{schema}.{}", id.name),
            _ => id.name.clone(),
        })
    }

    /// Whether the name changes.
    pub fn is_rename(&self) -> bool {
        self.from.id != self.to.id
    }
}

impl<T: Clone> Change<T> {
    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        match self {
            Self::Add { to } => Self::Drop { from: to.clone() },
            Self::Drop { from } => Self::Add { to: from.clone() },
            Self::Alter { from, to } => Self::Alter { from: to.clone(), to: from.clone() },
        }
    }
}

/// What goes stays in front of what comes.
fn reversed<T: Clone>(changes: &[Change<T>]) -> Vec<Change<T>> {
    let mut reversed: Vec<_> = changes.iter().map(Change::reversed).collect();
    reversed.sort_by_key(|change| !matches!(change, Change::Drop { .. }));
    reversed
}
