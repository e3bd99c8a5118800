//! What an index is over.

use crate::model::{ModelKey, ModelPart};

/// A column or an expression that an index is over. The name of a column is one by itself.
///
/// ```
/// use underpin_core::operation::*;
///
/// Index::on("orders", [Part::column("customer_id"), Part::column("created_at").descending()]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub(super) model: ModelPart,
    pub(super) collation: Option<String>,
}

impl Part {
    /// A column.
    pub fn column(name: &str) -> Self {
        Self { model: ModelPart::column(name), collation: None }
    }

    /// An expression of SQL; MariaDB has no indexes over any.
    pub fn expression(expression: &str) -> Self {
        let key = ModelKey::Expression(expression.to_owned());
        Self { model: ModelPart::of(key), collation: None }
    }

    /// Large values come first.
    #[must_use]
    pub const fn descending(mut self) -> Self {
        self.model.descending = true;
        self
    }

    /// Nulls come first (PostgreSQL); an error elsewhere.
    #[must_use]
    pub const fn nulls_first(mut self) -> Self {
        self.model.nulls_first = Some(true);
        self
    }

    /// Nulls come last (PostgreSQL); an error elsewhere.
    #[must_use]
    pub const fn nulls_last(mut self) -> Self {
        self.model.nulls_first = Some(false);
        self
    }

    /// How many characters of the column, where MySQL and MariaDB can't have all of them. Elsewhere it is the
    /// whole column.
    #[must_use]
    pub const fn length(mut self, characters: u32) -> Self {
        self.model.length = Some(characters);
        self
    }

    setters! {
        /// Its collation, where it is not the column's (SQLite, PostgreSQL); an error elsewhere.
        words collation;
    }

    /// How values are compared: an operator class, `gin_trgm_ops` for instance (PostgreSQL); an error elsewhere.
    #[must_use]
    pub fn operator_class(mut self, class: &str) -> Self {
        self.model.operator_class = Some(class.to_owned());
        self
    }
}

impl From<&str> for Part {
    fn from(column: &str) -> Self {
        Self::column(column)
    }
}

impl From<String> for Part {
    fn from(column: String) -> Self {
        Self::column(&column)
    }
}

impl From<&String> for Part {
    fn from(column: &String) -> Self {
        Self::column(column)
    }
}
