//! An index of a model.

use crate::dialect::Flavour;

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelIndex {
    /// Its name, where it is not the usual one.
    pub name: Option<String>,
    /// The name that it had.
    pub renamed_from: Option<String>,
    /// What it is over.
    pub parts: Vec<ModelPart>,
    /// Whether values are there once.
    pub unique: bool,
    /// How it is built, where it is not a B-tree: `gin`, `hash`, `fulltext`.
    pub method: Option<String>,
    /// Which rows it is for (SQLite, PostgreSQL).
    pub predicate: Option<String>,
    /// Columns that it carries along (PostgreSQL).
    pub include: Vec<String>,
    /// Whether two nulls are the same (PostgreSQL).
    pub nulls_not_distinct: bool,
    /// Its comment. SQLite keeps none.
    pub comment: Option<String>,
    /// The engines that have it; all if nothing is said.
    pub only: Vec<Flavour>,
}

/// What an index is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPart {
    /// A column or an expression.
    pub key: ModelKey,
    /// Whether large values come first.
    pub descending: bool,
    /// Whether nulls come first, where that is not what the engine does anyway (PostgreSQL).
    pub nulls_first: Option<bool>,
    /// How many characters of the column, where MySQL and MariaDB can't have all of them. Elsewhere it
    /// is the whole column.
    pub length: Option<u32>,
    /// How values are compared: an operator class of PostgreSQL, `gin_trgm_ops` for instance.
    pub operator_class: Option<String>,
}

/// A column or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelKey {
    /// A column.
    Column(String),
    /// An expression of SQL. MariaDB has no indexes over any.
    Expression(String),
}

impl ModelPart {
    /// A whole column in rising order.
    pub fn column(name: &str) -> Self {
        Self::of(ModelKey::Column(name.to_owned()))
    }

    /// A column or an expression in rising order.
    pub const fn of(key: ModelKey) -> Self {
        Self { key, descending: false, nulls_first: None, length: None, operator_class: None }
    }
}
