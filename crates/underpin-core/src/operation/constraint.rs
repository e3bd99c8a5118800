//! The constraints of a table, and the operations that add one and drop one. Foreign keys and exclusions have
//! files of their own.

use super::{Exclusion, ForeignKey};
use crate::{
    dialect::Flavour,
    model::{ModelCheck, ModelName, ModelUnique},
    schema::Deferral,
};

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Columns that tell each row from all others.
    PrimaryKey(PrimaryKey),
    /// Values that are there once.
    Unique(Unique),
    /// An expression that is not false.
    Check(Check),
    /// Values that another table has.
    ForeignKey(ForeignKey),
    /// Rows that exclude each other (PostgreSQL).
    Exclusion(Exclusion),
}

/// Columns that tell each row from all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) deferral: Deferral,
    pub(super) include: Vec<String>,
    pub(super) comment: Option<String>,
    pub(super) parameters: Vec<(Flavour, String, String)>,
}

impl PrimaryKey {
    /// A primary key over these columns.
    pub fn new<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self {
            name: None,
            columns,
            deferral: Deferral::None,
            include: Vec::new(),
            comment: None,
            parameters: Vec::new(),
        }
    }

    setters! {
        /// Its name, where it is not the usual one. MySQL and MariaDB know no other than `PRIMARY`.
        words name;
    }

    /// Whether it can wait for the end of the transaction (PostgreSQL).
    #[must_use]
    pub const fn deferral(mut self, deferral: Deferral) -> Self {
        self.deferral = deferral;
        self
    }

    /// Columns that its index carries along (PostgreSQL); an error elsewhere.
    #[must_use]
    pub fn include<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    setters! {
        /// Its comment (PostgreSQL).
        words comment;
    }

    /// A property on one engine: `tablespace`, `with.fillfactor` (PostgreSQL), `using` (MySQL, MariaDB),
    /// `on_conflict` (SQLite).
    #[must_use]
    pub fn parameter(mut self, flavour: Flavour, name: &str, value: &str) -> Self {
        self.parameters.push((flavour, name.to_owned(), value.to_owned()));
        self
    }
}

impl<C: Into<String>, const N: usize> From<[C; N]> for PrimaryKey {
    fn from(columns: [C; N]) -> Self {
        Self::new(columns)
    }
}

/// Values that are there once: a constraint on PostgreSQL and SQLite, and on MySQL and MariaDB the index that
/// such a constraint is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    pub(super) model: ModelUnique,
    pub(super) include: Vec<String>,
    pub(super) comment: Option<String>,
    pub(super) parameters: Vec<(Flavour, String, String)>,
}

impl Unique {
    /// The values of these columns are there once.
    pub fn new<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self {
            model: ModelUnique { columns, ..ModelUnique::default() },
            include: Vec::new(),
            comment: None,
            parameters: Vec::new(),
        }
    }

    /// Its name, where it is not the usual one (`orders_email_key`).
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.model.name = Some(name.to_owned());
        self
    }

    /// Columns that its index carries along (PostgreSQL); an error elsewhere.
    #[must_use]
    pub fn include<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Two nulls are the same (PostgreSQL 15).
    #[must_use]
    pub const fn nulls_not_distinct(mut self) -> Self {
        self.model.nulls_not_distinct = true;
        self
    }

    /// Whether it can wait for the end of the transaction (PostgreSQL).
    #[must_use]
    pub const fn deferral(mut self, deferral: Deferral) -> Self {
        self.model.deferral = deferral;
        self
    }

    setters! {
        /// Its comment (PostgreSQL).
        words comment;
    }

    /// A property of its index on one engine: `tablespace`, `with.fillfactor` (PostgreSQL), `on_conflict`
    /// (SQLite).
    #[must_use]
    pub fn parameter(mut self, flavour: Flavour, name: &str, value: &str) -> Self {
        self.parameters.push((flavour, name.to_owned(), value.to_owned()));
        self
    }

    /// Only these engines have it.
    #[must_use]
    pub fn only(mut self, flavours: impl IntoIterator<Item = Flavour>) -> Self {
        self.model.only = flavours.into_iter().collect();
        self
    }
}

impl<C: Into<String>, const N: usize> From<[C; N]> for Unique {
    fn from(columns: [C; N]) -> Self {
        Self::new(columns)
    }
}

/// An expression that is not false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub(super) model: ModelCheck,
    pub(super) not_valid: bool,
    pub(super) not_enforced: bool,
    pub(super) no_inherit: bool,
    pub(super) comment: Option<String>,
}

impl Check {
    /// This expression is not false, on every engine.
    pub fn new(expression: &str) -> Self {
        let expression = crate::model::PerFlavour::every(expression.to_owned());
        Self {
            model: ModelCheck { expression, ..ModelCheck::default() },
            not_valid: false,
            not_enforced: false,
            no_inherit: false,
            comment: None,
        }
    }

    /// Its name, where it is not the usual one (`orders_total_check`).
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.model.name = Some(name.to_owned());
        self
    }

    /// The expression on this engine, where it is another one.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, expression: &str) -> Self {
        self.model.expression = self.model.expression.on(flavour, expression.to_owned());
        self
    }

    setters! {
        /// Rows that are there are not looked at: `NOT VALID` (PostgreSQL). Everywhere else they are.
        flag not_valid;
        /// It is there and nobody looks at it: `NOT ENFORCED` (MySQL, PostgreSQL 18); an error elsewhere.
        flag not_enforced;
        /// Tables that inherit don't have it: `NO INHERIT` (PostgreSQL).
        flag no_inherit;
        /// Its comment (PostgreSQL).
        words comment;
    }

    /// Only these engines have it.
    #[must_use]
    pub fn only(mut self, flavours: impl IntoIterator<Item = Flavour>) -> Self {
        self.model.only = flavours.into_iter().collect();
        self
    }
}

impl From<&str> for Check {
    fn from(expression: &str) -> Self {
        Self::new(expression)
    }
}

macro_rules! constraints {
    ($($kind:ident),+) => { $(
        impl From<$kind> for Constraint {
            fn from(constraint: $kind) -> Self {
                Self::$kind(constraint)
            }
        }
    )+ };
}

constraints!(PrimaryKey, Unique, Check, ForeignKey, Exclusion);

/// Adds a constraint to a table.
///
/// | | |
/// |---|---|
/// | PostgreSQL, MySQL, MariaDB | `ALTER TABLE … ADD CONSTRAINT` |
/// | SQLite | the table is made anew with its rows, and is needed as it is |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddConstraint {
    pub(super) table: ModelName,
    pub(super) constraint: Constraint,
    pub(super) if_not_exists: bool,
}

impl AddConstraint {
    /// Adds this constraint to this table.
    pub fn new(table: impl Into<ModelName>, constraint: impl Into<Constraint>) -> Self {
        Self { table: table.into(), constraint: constraint.into(), if_not_exists: false }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
        /// Nothing is done if the table has a constraint of this name.
        flag if_not_exists;
    }
}

/// Drops a constraint of a table, as it is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropConstraint {
    pub(super) table: ModelName,
    pub(super) name: Option<String>,
    pub(super) kind: Option<DroppedKind>,
    pub(super) if_exists: bool,
    pub(super) existing: Option<Constraint>,
}

/// What kind of constraint goes, where its name does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DroppedKind {
    PrimaryKey,
    Unique,
    Check,
    ForeignKey,
}

impl DropConstraint {
    /// Drops the constraint of this name, of whatever kind it is. MySQL and MariaDB have another clause for each
    /// kind: where no server can be asked, say which with `primary_key`, `unique`, `check` or
    /// `foreign_key`.
    pub fn new(table: impl Into<ModelName>, name: &str) -> Self {
        Self {
            table: table.into(),
            name: Some(name.to_owned()),
            kind: None,
            if_exists: false,
            existing: None,
        }
    }

    /// Drops the primary key, whatever its name.
    pub fn primary_key(table: impl Into<ModelName>) -> Self {
        let kind = Some(DroppedKind::PrimaryKey);
        Self { table: table.into(), name: None, kind, if_exists: false, existing: None }
    }

    /// Drops the foreign key of this name.
    pub fn foreign_key(table: impl Into<ModelName>, name: &str) -> Self {
        Self { kind: Some(DroppedKind::ForeignKey), ..Self::new(table, name) }
    }

    /// Drops the unique constraint of this name.
    pub fn unique(table: impl Into<ModelName>, name: &str) -> Self {
        Self { kind: Some(DroppedKind::Unique), ..Self::new(table, name) }
    }

    /// Drops the check of this name.
    pub fn check(table: impl Into<ModelName>, name: &str) -> Self {
        Self { kind: Some(DroppedKind::Check), ..Self::new(table, name) }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
        /// Nothing is done if the table has no such constraint.
        flag if_exists;
    }

    /// What the constraint is, for the way back where no server can be asked.
    #[must_use]
    pub fn existing(mut self, constraint: impl Into<Constraint>) -> Self {
        self.existing = Some(constraint.into());
        self
    }
}
