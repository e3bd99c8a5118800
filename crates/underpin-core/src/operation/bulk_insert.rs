//! Rows that are written with the schema: countries, currencies, the first user.

use super::Value;
use crate::model::ModelName;

/// Rows for a table, as literals, so many to a statement as fit.
///
/// ```
/// use underpin_core::operation::*;
///
/// BulkInsert::new("countries", ["code", "name"])
///     .row(["at".into(), "Austria".into()])
///     .row(["ch".into(), "Switzerland".into()])
///     .keys(["code"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BulkInsert {
    pub(super) table: ModelName,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) keys: Vec<String>,
    pub(super) one_by_one: bool,
}

impl BulkInsert {
    /// Rows of these columns, of which there is none yet.
    pub fn new<C: Into<String>>(table: impl Into<ModelName>, columns: impl IntoIterator<Item = C>) -> Self {
        Self {
            table: table.into(),
            columns: columns.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
            keys: Vec::new(),
            one_by_one: false,
        }
    }

    /// The namespace that the table is in (PostgreSQL).
    #[must_use]
    pub fn schema(mut self, schema: &str) -> Self {
        self.table = self.table.within(schema);
        self
    }

    /// A row, with a value for each column in their order.
    #[must_use]
    pub fn row(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.rows.push(values.into_iter().collect());
        self
    }

    /// The columns that tell the rows from all others: the way back deletes the rows with these values. Without
    /// them it is irreversible.
    #[must_use]
    pub fn keys<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.keys = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Each row is a statement of its own.
    #[must_use]
    pub const fn one_by_one(mut self) -> Self {
        self.one_by_one = true;
        self
    }
}
