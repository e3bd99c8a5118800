//! Comments on tables and columns. SQLite keeps none, so that there they are nothing to do.

use super::Column;
use crate::model::ModelName;

/// Gives a table a comment, or takes it away: `COMMENT ON TABLE` on PostgreSQL, `ALTER TABLE … COMMENT=` on
/// MySQL and MariaDB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableComment {
    pub(super) table: ModelName,
    pub(super) comment: Option<String>,
    pub(super) existing: Option<Option<String>>,
}

impl TableComment {
    /// The table has this comment.
    pub fn new(table: impl Into<ModelName>, comment: &str) -> Self {
        Self { table: table.into(), comment: Some(comment.to_owned()), existing: None }
    }

    /// The table has no comment.
    pub fn none(table: impl Into<ModelName>) -> Self {
        Self { table: table.into(), comment: None, existing: None }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
    }

    /// The comment that it has, for the way back where no server can be asked.
    #[must_use]
    pub fn existing(mut self, comment: Option<&str>) -> Self {
        self.existing = Some(comment.map(str::to_owned));
        self
    }
}

/// Gives a column a comment, or takes it away: `COMMENT ON COLUMN` on PostgreSQL; on MySQL and MariaDB a
/// `MODIFY COLUMN` that says everything again and needs the column as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnComment {
    pub(super) table: ModelName,
    pub(super) column: String,
    pub(super) comment: Option<String>,
    pub(super) existing: Option<Column>,
}

impl ColumnComment {
    /// The column has this comment.
    pub fn new(table: impl Into<ModelName>, column: &str, comment: &str) -> Self {
        Self {
            table: table.into(),
            column: column.to_owned(),
            comment: Some(comment.to_owned()),
            existing: None,
        }
    }

    /// The column has no comment.
    pub fn none(table: impl Into<ModelName>, column: &str) -> Self {
        Self { table: table.into(), column: column.to_owned(), comment: None, existing: None }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL).
        namespace schema of table;
        /// What the column is, where no server can be asked.
        value existing: Column;
    }
}
