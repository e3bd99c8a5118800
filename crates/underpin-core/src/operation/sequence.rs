//! A sequence of numbers, and the operations that make, change and drop one (PostgreSQL, MariaDB).

use crate::model::ModelName;

/// What counts and how, as far as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counter {
    pub(super) start: Option<i64>,
    pub(super) increment: Option<i64>,
    pub(super) minimum: Option<i64>,
    pub(super) maximum: Option<i64>,
    pub(super) cache: Option<u64>,
    pub(super) cycle: Option<bool>,
}

/// A sequence: `CREATE SEQUENCE` on PostgreSQL and MariaDB; MySQL and SQLite have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    pub(super) name: ModelName,
    pub(super) data_type: Option<String>,
    pub(super) counter: Counter,
    pub(super) owned_by: Option<(ModelName, String)>,
    pub(super) comment: Option<String>,
    pub(super) if_not_exists: bool,
}

/// Changes a sequence; what is not said stays as it is. What it has counted stays, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterSequence {
    pub(super) name: ModelName,
    pub(super) data_type: Option<String>,
    pub(super) counter: Counter,
    pub(super) rename: Option<String>,
    pub(super) existing: Option<Sequence>,
}

/// Drops a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropSequence {
    pub(super) name: ModelName,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Sequence>,
}

macro_rules! counting {
    ($type:ident) => {
        impl $type {
            /// The namespace that it is in (PostgreSQL).
            #[must_use]
            pub fn schema(mut self, schema: &str) -> Self {
                self.name = self.name.within(schema);
                self
            }

            /// The type of its numbers: `smallint`, `integer`, `bigint` (PostgreSQL). MariaDB passes it over.
            #[must_use]
            pub fn data_type(mut self, name: &str) -> Self {
                self.data_type = Some(name.to_owned());
                self
            }

            counter_setters! {}

            /// Whether it begins again at its end.
            #[must_use]
            pub const fn cycle(mut self, cycle: bool) -> Self {
                self.counter.cycle = Some(cycle);
                self
            }
        }
    };
}

counting!(Sequence);
counting!(AlterSequence);

impl Sequence {
    /// A sequence that counts 1, 2, 3.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self {
            name: name.into(),
            data_type: None,
            counter: Counter::default(),
            owned_by: None,
            comment: None,
            if_not_exists: false,
        }
    }

    /// It goes with this column (PostgreSQL); an error elsewhere.
    #[must_use]
    pub fn owned_by(mut self, table: impl Into<ModelName>, column: &str) -> Self {
        self.owned_by = Some((table.into(), column.to_owned()));
        self
    }

    setters! {
        /// Its comment.
        words comment;
        /// Nothing is done if there is a sequence of this name.
        flag if_not_exists;
    }
}

impl AlterSequence {
    /// A change of this sequence, of which nothing is said yet.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), data_type: None, counter: Counter::default(), rename: None, existing: None }
    }

    setters! {
        /// It gets this name.
        words rename;
        /// What the sequence is, where no server can be asked.
        value existing: Sequence;
    }
}

impl DropSequence {
    /// Drops this sequence.
    pub fn new(name: impl Into<ModelName>) -> Self {
        Self { name: name.into(), if_exists: false, existing: None }
    }

    setters! {
        /// The namespace that it is in (PostgreSQL).
        namespace schema of name;
        /// Nothing is done if there is no sequence of this name.
        flag if_exists;
        /// What the sequence is, for the way back where no server can be asked.
        value existing: Sequence;
    }
}
