//! An index of a table or of a materialised view.

use serde::Serialize;

use super::Options;

/// An index that no constraint brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether values are there once.
    pub unique: bool,
    /// How it is built, where it is not the usual way: `gin`, `hash`, `fulltext`, `spatial`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What it is over.
    pub parts: Vec<IndexPart>,
    /// Columns that it carries along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Which rows it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Whether two nulls are the same.
    pub nulls_not_distinct: bool,
    /// Whether the planner ignores it (MySQL, MariaDB).
    pub invisible: bool,
    /// Whether it is whole: a build that was cut off on PostgreSQL leaves one that is not.
    pub valid: bool,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What one dialect alone knows: `fillfactor`, `parser`, `tablespace`, `clustered`.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// The statement that makes it, as the server writes it, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create: Option<String>,
}

/// A column or an expression that an index or a key is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexPart {
    /// The column or the expression.
    #[serde(flatten)]
    pub key: Key,
    /// Whether large values come first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
    /// Whether nulls come first, where that was said and is not what follows from the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls_first: Option<bool>,
    /// Its collation, where it is not the column's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Its operator class, where it is not the type's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_class: Option<String>,
    /// How many characters or bytes of the column, where not all (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
}

/// What a part of an index is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// A column.
    Column(String),
    /// An expression, without outer parentheses.
    Expression(String),
}

impl Index {
    /// A whole, visible index of the usual kind over these parts.
    pub fn new(name: &str, parts: Vec<IndexPart>) -> Self {
        Self {
            name: name.to_owned(),
            unique: false,
            method: None,
            parts,
            include: Vec::new(),
            predicate: None,
            nulls_not_distinct: false,
            invisible: false,
            valid: true,
            comment: None,
            options: Options::new(),
            create: None,
        }
    }
}

impl IndexPart {
    /// A whole column in rising order.
    pub fn column(name: &str) -> Self {
        Self::of(Key::Column(name.to_owned()))
    }

    /// A column or expression in rising order.
    pub const fn of(key: Key) -> Self {
        Self {
            key,
            descending: false,
            nulls_first: None,
            collation: None,
            operator_class: None,
            length: None,
        }
    }
}
