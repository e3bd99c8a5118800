//! What a database holds, as plain data: the vocabulary that inspection fills, comparison reads and
//! the dialects render. Nothing here reads a catalog or writes SQL.
//!
//! Text is kept as the server writes it (types, expressions, bodies), because both sides of every
//! comparison come from the same server (decision D4): equal means equal, and nothing is normalised
//! by hand. What one dialect alone knows goes into `options`, under a name that its manual uses.

mod column;
mod constraint;
mod grant;
mod id;
mod index;
mod object;
mod program;
mod sequence;
mod table;
mod types;
mod unsupported;
mod version;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::dialect::Flavour;

pub use column::{Column, Generated, Identity};
pub use constraint::{Action, Constraint, ConstraintKind, Deferral, ForeignKey};
pub use grant::{Grant, Grantee};
pub use id::{ObjectId, ObjectKind};
pub use index::{Index, IndexPart, Key};
pub use object::{Body, Definition, Object};
pub use program::{Policy, Routine, Trigger};
pub use sequence::{Sequence, SequenceOptions};
pub use table::{Partition, PartitionOf, Table, TableKind};
pub use types::{Attribute, Composite, Domain, EnumType};
pub use unsupported::Unsupported;
pub use version::ServerVersion;
pub use view::View;

/// Named options whose meaning one dialect's manual gives: `fillfactor`, `engine`, `strict`.
///
/// An option that has no value (`STRICT`, `UNLOGGED`) has an empty one.
pub type Options = BTreeMap<String, String>;

/// What a database holds, or is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// The server that it was read from.
    pub flavour: Flavour,
    /// That server's version.
    pub version: ServerVersion,
    /// Every object, by what names it.
    #[serde(serialize_with = "values")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// Who can't be there without whom, as far as the server tells (`pg_depend`) or can be seen.
    pub dependencies: BTreeSet<Dependency>,
    /// Who owns what, where that is somebody else than who has read it (PostgreSQL: relations and routines). Nothing
    /// is compared by it: it is for what has to be made anew, which stays theirs.
    #[serde(skip)]
    pub owners: BTreeMap<ObjectId, String>,
    /// What is there and can't be compared: reported by name, never passed over.
    pub unsupported: Vec<Unsupported>,
}

/// That one object can't be there without another.
///
/// Either may be a part of a table: a column, a constraint, an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dependency {
    /// Who depends.
    pub dependent: ObjectId,
    /// On whom.
    pub on: ObjectId,
}

impl Schema {
    /// A database with nothing in it.
    pub const fn empty(flavour: Flavour, version: ServerVersion) -> Self {
        Self {
            flavour,
            version,
            objects: BTreeMap::new(),
            dependencies: BTreeSet::new(),
            owners: BTreeMap::new(),
            unsupported: Vec::new(),
        }
    }

    /// Adds an object under its own id.
    pub fn insert(&mut self, object: Object) {
        self.objects.insert(object.id.clone(), object);
    }

    /// Notes that `dependent` can't be there without `on`.
    pub fn depends(&mut self, dependent: ObjectId, on: ObjectId) {
        self.dependencies.insert(Dependency { dependent, on });
    }

    /// The tables with their ids, in the order of the ids.
    pub fn tables(&self) -> impl Iterator<Item = (&ObjectId, &Table)> {
        self.objects.iter().filter_map(|(id, object)| match &object.body {
            Body::Table(table) => Some((id, table)),
            _ => None,
        })
    }

    /// The table of this id, if it is one and there.
    pub fn table(&self, id: &ObjectId) -> Option<&Table> {
        match &self.objects.get(id)?.body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Whether the table of a column is there, and has it.
    pub fn has_column(&self, column: &ObjectId) -> bool {
        let table = column
            .table
            .as_ref()
            .map(|table| ObjectId::new(ObjectKind::Table, column.schema.as_deref(), table));
        table.and_then(|id| self.table(&id)).is_some_and(|table| table.column(&column.name).is_some())
    }

    /// Who depends on this object directly.
    pub fn dependents<'a>(&'a self, id: &'a ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        self.dependencies
            .iter()
            .filter(move |dependency| dependency.on == *id)
            .map(|dependency| &dependency.dependent)
    }
}

/// Ids are within the objects already, and JSON has no keys but text.
fn values<S: serde::Serializer>(
    objects: &BTreeMap<ObjectId, Object>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(objects.values())
}
