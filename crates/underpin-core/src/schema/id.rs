//! What names an object of a database, whatever kind it is. Not how a name is quoted: that is `name`.

use std::fmt;

use serde::Serialize;

/// The name of an object: unique within a database.
///
/// ```
/// use underpin_core::schema::{ObjectId, ObjectKind};
///
/// let orders = ObjectId::new(ObjectKind::Table, Some("app"), "orders");
/// assert_eq!(orders.to_string(), "table app.orders");
/// assert_eq!(orders.part(ObjectKind::Column, "total").to_string(), "column app.orders.total");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ObjectId {
    /// What it is.
    pub kind: ObjectKind,
    /// The namespace that it is in; `None` where the dialect has none, where the object is in none
    /// (an extension), or where names are written without the default one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table that it belongs to, for columns, constraints, triggers, policies, and for indexes
    /// where their names are unique only within a table (MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Its own name.
    pub name: String,
    /// The types of a routine's arguments, as the server writes them to tell overloaded ones apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
}

/// The kinds of objects. The order is that of listings, not that of execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A namespace of tables: what SQL calls a schema.
    Namespace,
    /// An extension.
    Extension,
    /// A foreign-data wrapper's server.
    ForeignServer,
    /// A collation.
    Collation,
    /// An enumerated type.
    Enum,
    /// A domain.
    Domain,
    /// A composite type.
    Composite,
    /// A range type.
    Range,
    /// A sequence.
    Sequence,
    /// A table.
    Table,
    /// A column of a table.
    Column,
    /// The default of a column, where other objects can stand between it and the column (PostgreSQL).
    Default,
    /// A constraint of a table or a domain.
    Constraint,
    /// An index.
    Index,
    /// Extended statistics.
    Statistics,
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// An aggregate function.
    Aggregate,
    /// An operator.
    Operator,
    /// A cast between two types.
    Cast,
    /// A trigger of a table or view.
    Trigger,
    /// A rewrite rule of a table or view.
    Rule,
    /// A row-level policy of a table.
    Policy,
    /// Something that happens at a time.
    Event,
    /// A trigger of the whole database.
    EventTrigger,
    /// A publication.
    Publication,
    /// Privileges that objects made later will have.
    DefaultPrivilege,
}

impl ObjectId {
    /// The id of an object that stands by itself.
    pub fn new(kind: ObjectKind, schema: Option<&str>, name: &str) -> Self {
        Self { kind, schema: schema.map(str::to_owned), table: None, name: name.to_owned(), arguments: None }
    }

    /// The id of something that belongs to this table.
    #[must_use]
    pub fn part(&self, kind: ObjectKind, name: &str) -> Self {
        Self {
            kind,
            schema: self.schema.clone(),
            table: Some(self.name.clone()),
            name: name.to_owned(),
            arguments: None,
        }
    }

    /// The same, with the types of a routine's arguments.
    #[must_use]
    pub fn with_arguments(self, arguments: &str) -> Self {
        Self { arguments: Some(arguments.to_owned()), ..self }
    }

    /// The same under another name.
    #[must_use]
    pub fn renamed(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }
}

impl ObjectKind {
    /// The words for it in a sentence: `materialized view`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Namespace => "schema",
            Self::Extension => "extension",
            Self::ForeignServer => "server",
            Self::Collation => "collation",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Composite => "composite type",
            Self::Range => "range type",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Column => "column",
            Self::Default => "default",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Statistics => "statistics",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::Operator => "operator",
            Self::Cast => "cast",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Event => "event",
            Self::EventTrigger => "event trigger",
            Self::Publication => "publication",
            Self::DefaultPrivilege => "default privileges",
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        for outer in [&self.schema, &self.table].into_iter().flatten() {
            write!(f, "{outer}.")?;
        }
        f.write_str(&self.name)?;
        match &self.arguments {
            Some(arguments) => write!(f, "({arguments})"),
            None => Ok(()),
        }
    }
}
