//! Operations: what a revision in Rust does, as plain data. An operation is an edit of a schema (decision
//! D2a): the schema before, which the caller reads from the server, is edited; what makes the one into the
//! other, and the way back, is written by `difference` and the dialects. Nothing here talks to a server.
//!
//! ```
//! use underpin_core::{operation::*, schema::{Schema, ServerVersion}};
//!
//! let orders = Table::new("orders").column(Column::new("id", big_integer()).primary_key().auto_increment());
//! let before = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
//! let written = Operation::from(orders).write(Known::Schema(&before))?;
//! assert!(written.statements[0].sql.starts_with("CREATE TABLE \"orders\""));
//! let Reverse::Statements(back) = written.reverse else { panic!("it has a way back") };
//! assert_eq!(back[0].sql, "DROP TABLE \"orders\"");
//! # Ok::<(), underpin_core::diagnostic::Diagnostic>(())
//! ```

#[macro_use]
mod setters;

mod alter_column;
mod batch;
mod blueprint;
mod bulk_insert;
mod column;
mod comment;
mod constraint;
mod data_type;
mod default;
mod draft;
mod edit;
mod enumeration;
mod exclusion;
mod execute;
mod existence;
mod foreign_key;
mod identity;
mod index;
mod part;
pub mod portable;
mod program;
mod sequence;
mod source;
mod table;
mod title;
mod value;
mod view;
mod write;

pub use alter_column::AlterColumn;
pub use batch::Batch;
pub use bulk_insert::BulkInsert;
pub use column::{AddColumn, Column, DropColumn};
pub use comment::{ColumnComment, TableComment};
pub use constraint::{AddConstraint, Check, Constraint, DropConstraint, PrimaryKey, Unique};
pub use data_type::{
    IntoDataType, array, big_integer, binary, boolean, bytes, character, date, decimal, double, enumeration,
    instant, instant_with, integer, json, numeric, only_on, per_flavour, raw, real, small_integer, string,
    text, time, time_with, timestamp, timestamp_with, tiny_integer, unsigned_big_integer, unsigned_integer,
    uuid, varbinary, varchar,
};
pub use default::{IntoDefault, now, sql};
pub use enumeration::{AlterEnum, DropEnum, Enumeration};
pub use exclusion::Exclusion;
pub use execute::Sql;
pub use foreign_key::ForeignKey;
pub use identity::Identity;
pub use index::{DropIndex, Index};
pub use part::Part;
pub use program::{DropFunction, DropTrigger, Function, Trigger};
pub use sequence::{AlterSequence, DropSequence, Sequence};
pub use table::{DropTable, RenameTable, Table};
pub use value::Value;
pub use view::{DropView, View};

pub use crate::{
    dialect::Flavour,
    model::ModelOption as TableOption,
    schema::{Action, Deferral},
};

use crate::{
    difference::Statement,
    schema::{Options, Schema, ServerVersion},
};

/// What a revision in Rust does to a database, one thing at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Makes a table.
    CreateTable(Table),
    /// Drops a table.
    DropTable(DropTable),
    /// Gives a table another name.
    RenameTable(RenameTable),
    /// Adds a column.
    AddColumn(AddColumn),
    /// Drops a column.
    DropColumn(DropColumn),
    /// Changes a column.
    AlterColumn(Box<AlterColumn>),
    /// Makes an index.
    CreateIndex(Index),
    /// Drops an index.
    DropIndex(DropIndex),
    /// Adds a constraint.
    AddConstraint(AddConstraint),
    /// Drops a constraint.
    DropConstraint(DropConstraint),
    /// Makes an enumerated type.
    CreateEnum(Enumeration),
    /// Changes the values of an enumerated type.
    AlterEnum(AlterEnum),
    /// Drops an enumerated type.
    DropEnum(DropEnum),
    /// Makes a sequence.
    CreateSequence(Sequence),
    /// Changes a sequence.
    AlterSequence(AlterSequence),
    /// Drops a sequence.
    DropSequence(DropSequence),
    /// Makes a view.
    CreateView(View),
    /// Makes a view in place of the one that is there.
    ReplaceView(View),
    /// Drops a view.
    DropView(DropView),
    /// Makes a function.
    CreateFunction(Function),
    /// Makes a function in place of the one that is there.
    ReplaceFunction(Function),
    /// Drops a function.
    DropFunction(DropFunction),
    /// Makes a trigger.
    CreateTrigger(Trigger),
    /// Makes a trigger in place of the one that is there.
    ReplaceTrigger(Trigger),
    /// Drops a trigger.
    DropTrigger(DropTrigger),
    /// Gives a table a comment, or takes it away.
    CommentOnTable(TableComment),
    /// Gives a column a comment, or takes it away.
    CommentOnColumn(ColumnComment),
    /// Runs statements that somebody wrote.
    Execute(Sql),
    /// Writes rows.
    BulkInsert(BulkInsert),
    /// Makes several changes of one table as one.
    Batch(Batch),
}

/// What is known of the database before an operation.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// Nobody can be asked: the operation has to do with what it says itself.
    Nothing {
        /// The server that its statements are for.
        flavour: Flavour,
        /// The version of that server.
        version: ServerVersion,
    },
    /// The schema, read right before.
    Schema(&'a Schema),
}

/// An operation as statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenOperation {
    /// What does it; empty where there is nothing to do.
    pub statements: Vec<Statement>,
    /// What takes it back.
    pub reverse: Reverse,
}

/// What takes an operation back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reverse {
    /// These statements do. Rows that went are not among what comes back.
    Statements(Vec<Statement>),
    /// Nothing does, and why.
    Irreversible(String),
}

impl Known<'_> {
    /// The server that the statements are for.
    pub const fn flavour(self) -> Flavour {
        match self {
            Self::Nothing { flavour, .. } => flavour,
            Self::Schema(schema) => schema.flavour,
        }
    }

    /// The version of that server.
    pub const fn version(self) -> ServerVersion {
        match self {
            Self::Nothing { version, .. } => version,
            Self::Schema(schema) => schema.version,
        }
    }
}

macro_rules! operations {
    ($($builder:ident => $variant:ident),+ $(,)?) => { $(
        impl From<$builder> for Operation {
            fn from(builder: $builder) -> Self {
                Self::$variant(builder)
            }
        }
    )+ };
}

operations! {
    Table => CreateTable, DropTable => DropTable, RenameTable => RenameTable, AddColumn => AddColumn,
    DropColumn => DropColumn, Index => CreateIndex, DropIndex => DropIndex, AddConstraint => AddConstraint,
    DropConstraint => DropConstraint, Enumeration => CreateEnum, AlterEnum => AlterEnum, DropEnum => DropEnum,
    Sequence => CreateSequence, AlterSequence => AlterSequence, DropSequence => DropSequence,
    View => CreateView, DropView => DropView, Function => CreateFunction, DropFunction => DropFunction,
    Trigger => CreateTrigger, DropTrigger => DropTrigger, TableComment => CommentOnTable,
    ColumnComment => CommentOnColumn, Sql => Execute, BulkInsert => BulkInsert, Batch => Batch,
}

impl From<AlterColumn> for Operation {
    fn from(change: AlterColumn) -> Self {
        Self::AlterColumn(Box::new(change))
    }
}

/// The options that count on this engine: what MySQL has counts on MariaDB too, unless that has its own.
fn options_on(said: &[(Flavour, String, String)], flavour: Flavour) -> Options {
    let mut options = Options::new();
    let mut add = |of: Flavour| {
        for (_, name, value) in said.iter().filter(|(flavour, ..)| *flavour == of) {
            options.insert(name.clone(), value.clone());
        }
    };
    if flavour == Flavour::Mariadb {
        add(Flavour::Mysql);
    }
    add(flavour);
    options
}
