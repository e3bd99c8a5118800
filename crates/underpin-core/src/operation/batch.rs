//! Several changes of one table as one.

use super::{
    AddColumn, AddConstraint, AlterColumn, Column, Constraint, DropColumn, DropConstraint, DropIndex, Index,
    Operation, TableComment,
};
use crate::model::ModelName;

/// Changes of one table that are made together: one `ALTER TABLE` on MySQL and MariaDB, one rebuild at most on
/// SQLite, and on PostgreSQL as many statements as there are properties.
///
/// ```
/// use underpin_core::operation::*;
///
/// Batch::new("orders")
///     .add_column(Column::new("remark", text()).nullable())
///     .alter_column("total", |column| column.data_type(decimal(14, 2)))
///     .drop_column("note");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub(super) table: ModelName,
    pub(super) operations: Vec<Operation>,
}

impl Batch {
    /// A batch of no changes yet.
    pub fn new(table: impl Into<ModelName>) -> Self {
        Self { table: table.into(), operations: Vec::new() }
    }

    setters! {
        /// The namespace that the table is in (PostgreSQL); to be said before the changes.
        namespace schema of table;
    }

    /// One more change, of any kind but [`Execute`](Operation::Execute), rows and another batch.
    #[must_use]
    pub fn with(mut self, operation: impl Into<Operation>) -> Self {
        self.operations.push(operation.into());
        self
    }

    /// Adds a column.
    #[must_use]
    pub fn add_column(self, column: Column) -> Self {
        let table = self.table.clone();
        self.with(AddColumn::new(table, column))
    }

    /// Drops a column.
    #[must_use]
    pub fn drop_column(self, name: &str) -> Self {
        let table = self.table.clone();
        self.with(DropColumn::new(table, name))
    }

    /// Changes a column.
    #[must_use]
    pub fn alter_column(self, name: &str, change: impl FnOnce(AlterColumn) -> AlterColumn) -> Self {
        let table = self.table.clone();
        self.with(change(AlterColumn::new(table, name)))
    }

    /// Makes an index.
    #[must_use]
    pub fn create_index(self, mut index: Index) -> Self {
        index.table = Some(self.table.clone());
        self.with(index)
    }

    /// Drops an index.
    #[must_use]
    pub fn drop_index(self, name: &str) -> Self {
        let table = self.table.clone();
        self.with(DropIndex::new(table, name))
    }

    /// Adds a constraint.
    #[must_use]
    pub fn add_constraint(self, constraint: impl Into<Constraint>) -> Self {
        let table = self.table.clone();
        self.with(AddConstraint::new(table, constraint))
    }

    /// Drops a constraint.
    #[must_use]
    pub fn drop_constraint(self, name: &str) -> Self {
        let table = self.table.clone();
        self.with(DropConstraint::new(table, name))
    }

    /// Gives the table a comment.
    #[must_use]
    pub fn comment(self, comment: &str) -> Self {
        let table = self.table.clone();
        self.with(TableComment::new(table, comment))
    }
}
