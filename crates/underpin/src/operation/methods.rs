//! A method for each operation. What each means on each engine stands at its builder.

use std::future::Future;

use underpin_core::{
    model::ModelName,
    operation::{
        AddColumn, AddConstraint, AlterColumn, AlterEnum, AlterSequence, Batch, BulkInsert, Column,
        ColumnComment, Constraint, DropColumn, DropConstraint, DropEnum, DropFunction, DropIndex,
        DropSequence, DropTable, DropTrigger, DropView, Enumeration, Function, Index, Operation, RenameTable,
        Sequence, Sql, Table, TableComment, Trigger, View,
    },
};

use super::{Operations, Result};

/// Writes a method for an operation that one builder says.
macro_rules! methods {
    ($($(#[$doc:meta])+ $name:ident($argument:ident: $builder:ty) => $operation:expr;)+) => {
        impl Operations<'_> {
            $(
                $(#[$doc])+
                ///
                /// # Errors
                /// As [`perform`](Self::perform).
                #[track_caller]
                pub fn $name(&mut self, $argument: impl Into<$builder>) -> impl Future<Output = Result<()>> + Send {
                    self.perform($operation($argument.into()))
                }
            )+
        }
    };
}

methods! {
    /// Makes a table with its constraints, indexes and comments.
    create_table(table: Table) => Operation::from;
    /// Drops a table.
    drop_table(table: DropTable) => Operation::from;
    /// Changes a column: its type, its name, whether it may be null, its default, its comment.
    alter_column(change: AlterColumn) => Operation::from;
    /// Makes an index.
    create_index(index: Index) => Operation::from;
    /// Drops an index.
    drop_index(index: DropIndex) => Operation::from;
    /// Drops a column, where more is to be said than its name.
    drop_column_if(column: DropColumn) => Operation::from;
    /// Makes an enumerated type. Only PostgreSQL has any: elsewhere the columns say their values.
    create_enum(enumeration: Enumeration) => Operation::from;
    /// Adds, renames or removes values of an enumerated type, and of the columns that have it.
    alter_enum(change: AlterEnum) => Operation::from;
    /// Drops an enumerated type.
    drop_enum(enumeration: DropEnum) => Operation::from;
    /// Makes a sequence.
    create_sequence(sequence: Sequence) => Operation::from;
    /// Changes a sequence.
    alter_sequence(change: AlterSequence) => Operation::from;
    /// Drops a sequence.
    drop_sequence(sequence: DropSequence) => Operation::from;
    /// Makes a view.
    create_view(view: View) => Operation::CreateView;
    /// Makes a view in place of the one that is there, which the way back brings again.
    replace_view(view: View) => Operation::ReplaceView;
    /// Drops a view.
    drop_view(view: DropView) => Operation::from;
    /// Makes a function or a procedure.
    create_function(function: Function) => Operation::CreateFunction;
    /// Makes a function in place of the one that is there, which the way back brings again.
    replace_function(function: Function) => Operation::ReplaceFunction;
    /// Drops a function.
    drop_function(function: DropFunction) => Operation::from;
    /// Makes a trigger.
    create_trigger(trigger: Trigger) => Operation::CreateTrigger;
    /// Makes a trigger in place of the one that is there, which the way back brings again.
    replace_trigger(trigger: Trigger) => Operation::ReplaceTrigger;
    /// Drops a trigger.
    drop_trigger(trigger: DropTrigger) => Operation::from;
    /// Gives a table a comment, or takes it away.
    comment_on_table(comment: TableComment) => Operation::from;
    /// Gives a column a comment, or takes it away.
    comment_on_column(comment: ColumnComment) => Operation::from;
    /// Runs statements that somebody wrote.
    execute(statements: Sql) => Operation::from;
    /// Writes rows.
    bulk_insert(rows: BulkInsert) => Operation::from;
}

impl Operations<'_> {
    /// Gives a table another name.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    #[track_caller]
    pub fn rename_table(
        &mut self,
        from: impl Into<ModelName>,
        to: &str,
    ) -> impl Future<Output = Result<()>> + Send {
        self.perform(RenameTable::new(from, to))
    }

    /// Adds a column to a table.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    #[track_caller]
    pub fn add_column(
        &mut self,
        table: impl Into<ModelName>,
        column: Column,
    ) -> impl Future<Output = Result<()>> + Send {
        self.perform(AddColumn::new(table, column))
    }

    /// Drops a column of a table.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    #[track_caller]
    pub fn drop_column(
        &mut self,
        table: impl Into<ModelName>,
        column: &str,
    ) -> impl Future<Output = Result<()>> + Send {
        self.perform(DropColumn::new(table, column))
    }

    /// Adds a primary key, a unique constraint, a check, a foreign key or an exclusion to a table.
    ///
    /// # Errors
    /// As [`perform`](Self::perform); also rows that it does not allow.
    #[track_caller]
    pub fn add_constraint(
        &mut self,
        table: impl Into<ModelName>,
        constraint: impl Into<Constraint>,
    ) -> impl Future<Output = Result<()>> + Send {
        self.perform(AddConstraint::new(table, constraint))
    }

    /// Drops a constraint of a table.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    #[track_caller]
    pub fn drop_constraint(
        &mut self,
        table: impl Into<ModelName>,
        name: &str,
    ) -> impl Future<Output = Result<()>> + Send {
        self.perform(DropConstraint::new(table, name))
    }

    /// Makes several changes of one table as one: one statement where the engine can, one rebuild on
    /// SQLite.
    ///
    /// ```
    /// # use underpin::operation::*;
    /// pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    ///     op.batch("orders", |table| table.drop_column("note").add_column(Column::new("remark", string()))).await
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    #[track_caller]
    pub fn batch(
        &mut self,
        table: impl Into<ModelName>,
        changes: impl FnOnce(Batch) -> Batch,
    ) -> impl Future<Output = Result<()>> + Send {
        self.perform(changes(Batch::new(table)))
    }
}
