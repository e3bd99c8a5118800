//! An object of a database: what every kind has in common, and what each kind is.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Composite, Domain, EnumType, Grant, ObjectId, Options, Policy, Routine, Sequence, Table, Trigger, View,
};

/// An object of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Object {
    /// What names it.
    #[serde(flatten)]
    pub id: ObjectId,
    /// Its comment, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who may do what with it; nothing where nobody was granted or denied anything.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub grants: BTreeSet<Grant>,
    /// What it is.
    #[serde(flatten)]
    pub body: Body,
}

/// What an object is, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "body")]
pub enum Body {
    /// A namespace: nothing but its name.
    Namespace,
    /// An enumerated type.
    Enum(EnumType),
    /// A domain.
    Domain(Domain),
    /// A composite type.
    Composite(Composite),
    /// A sequence that stands by itself or belongs to a column's default.
    Sequence(Sequence),
    /// A table.
    Table(Table),
    /// A view or a materialised view.
    View(View),
    /// A function or a procedure.
    Routine(Routine),
    /// A trigger.
    Trigger(Trigger),
    /// A row-level policy.
    Policy(Policy),
    /// Everything that is made, dropped and compared as one text.
    Definition(Definition),
}

/// An object that is compared as a whole: an extension, a range type, an aggregate, a rule, an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The statement that makes it, as the server writes it or as its catalog says.
    pub create: String,
    /// What can be changed in place, where there is such a thing: the version of an extension.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
}

impl Object {
    /// An object without a comment and without privileges.
    pub const fn new(id: ObjectId, body: Body) -> Self {
        Self { id, comment: None, grants: BTreeSet::new(), body }
    }

    /// The same with a comment.
    #[must_use]
    pub fn with_comment(self, comment: Option<String>) -> Self {
        Self { comment, ..self }
    }
}
