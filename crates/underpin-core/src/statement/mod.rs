//! What a statement of SQL says, as far as its locks, its cost and its dangers depend on it: tables,
//! columns, constraints, indexes. Not a grammar: what it does not know is [`Statement::Other`], and
//! whether a statement is correct, the server says.

mod action;
mod alias;
mod alter;
mod alter_mysql;
mod alter_postgres;
mod bounds;
mod column;
mod composed;
mod condition;
mod constraint;
mod create;
mod create_table;
mod cursor;
mod data_type;
mod drop;
mod expression;
mod index;
mod joined;
mod name;
mod other;
mod parentheses;
mod program;
mod read;
mod reads;
mod rows;
mod selection;
mod table_option;
#[cfg(test)]
mod tests;
mod within;

pub use action::{Action, ActionKind, PartitionWork, TriggerState};
pub use alter::AlterTable;
pub use bounds::implies_bounds;
pub use column::{ColumnDefinition, Generated, Position};
pub use condition::{always_holds, refuses};
pub use constraint::{ConstraintDefinition, ConstraintKind, Reference};
pub use create::{CreateDomain, CreateEnum, CreateTrigger, CreateView};
pub use create_table::{CreateTable, PartitionOf};
pub use data_type::DataType;
pub use drop::{Drop, ObjectClass};
pub use expression::Expression;
pub use index::{IndexDefinition, IndexKind, IndexPart, Reindex, ReindexScope};
pub use name::ObjectName;
pub use other::{AlterDomain, AlterType, AlterView, KeptRows, Maintenance, Setting, TransactionControl};
pub use read::parse;
pub use reads::TableRead;
pub use rows::{RowChange, RowVerb};
pub use selection::Selection;
pub use table_option::TableOption;
pub use within::{Within, within};

pub(crate) use within::may_hold;

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `CREATE TABLE`, also `… AS SELECT`, `… LIKE` and `… PARTITION OF`.
    CreateTable(CreateTable),
    /// `ALTER TABLE`, with all that it does.
    AlterTable(AlterTable),
    /// `DROP` of anything but a part of a table.
    Drop(Drop),
    /// `CREATE INDEX`.
    CreateIndex(IndexDefinition),
    /// `ALTER INDEX … ATTACH PARTITION …`: the parent's index and the partition's.
    AttachIndex {
        /// The index of the partitioned table.
        parent: ObjectName,
        /// The index of the partition.
        child: ObjectName,
    },
    /// `ALTER INDEX … RENAME`, and whatever else is said of an index alone.
    AlterIndex {
        /// The index.
        index: ObjectName,
        /// Its new name.
        renamed: Option<ObjectName>,
        /// `SET TABLESPACE`, which writes it anew.
        tablespace: bool,
    },
    /// `REINDEX`.
    Reindex(Reindex),
    /// `CREATE VIEW` and `CREATE MATERIALIZED VIEW`.
    CreateView(CreateView),
    /// `ALTER VIEW`, `ALTER MATERIALIZED VIEW`.
    AlterView(AlterView),
    /// `CREATE TYPE … AS ENUM`.
    CreateEnum(CreateEnum),
    /// `ALTER TYPE`.
    AlterType(AlterType),
    /// `CREATE DOMAIN`.
    CreateDomain(CreateDomain),
    /// `ALTER DOMAIN`.
    AlterDomain(AlterDomain),
    /// `CREATE TRIGGER`, and `CREATE RULE` (which is a trigger to whoever waits).
    CreateTrigger(CreateTrigger),
    /// `ALTER … RENAME TO` of a schema or a database.
    RenameSchema {
        /// Its name before.
        from: String,
        /// Its name after.
        to: String,
    },
    /// `RENAME TABLE a TO b, c TO d` of MySQL and MariaDB.
    RenameTables(Vec<(ObjectName, ObjectName)>),
    /// `TRUNCATE`.
    Truncate {
        /// The tables.
        tables: Vec<ObjectName>,
        /// Whether their children and partitions are left as they are: `ONLY` (PostgreSQL).
        only: bool,
        /// Whether tables that refer to them are emptied, too.
        cascade: bool,
    },
    /// `INSERT`, `UPDATE`, `DELETE`, `REPLACE`, `MERGE`, `COPY … FROM`, `LOAD DATA`.
    Rows(RowChange),
    /// `BEGIN`, `COMMIT`, `ROLLBACK`, savepoints.
    Transaction(TransactionControl),
    /// `SET` and `PRAGMA`.
    Set(Setting),
    /// `VACUUM`, `CLUSTER`, `ANALYZE`, `REFRESH`, `OPTIMIZE`, `REPAIR`.
    Maintenance(Maintenance),
    /// `LOCK TABLE`, `LOCK TABLES`.
    Lock {
        /// The tables.
        tables: Vec<ObjectName>,
        /// Whether their children and partitions are left out: `ONLY` (PostgreSQL).
        only: bool,
        /// The mode in words as PostgreSQL has them: `ACCESS EXCLUSIVE`; nothing where none is said.
        mode: Option<String>,
    },
    /// `CREATE` or `ALTER` of an object without rows: schema, function, sequence, extension, role.
    Define {
        /// `CREATE` or `ALTER`.
        verb: String,
        /// What: `FUNCTION`, `SCHEMA`, `DATABASE`.
        class: String,
        /// Its name, where one stands.
        name: Option<ObjectName>,
        /// The tables that it is for: of a policy, statistics, a trigger, a rule, a publication (PostgreSQL).
        on: Vec<ObjectName>,
        /// Whether it gets another name, schema or owner.
        moved: bool,
        /// Whether it says `IMMUTABLE` or `STABLE`, of a function.
        fixed: bool,
        /// Whether it takes the place of one: `OR REPLACE`.
        or_replace: bool,
    },
    /// `GRANT`, `REVOKE`.
    Grant,
    /// `COMMENT ON …`; the table or view that it is about, where it is about one or a column of one.
    Comment {
        /// The table or view.
        table: Option<ObjectName>,
    },
    /// Anything else; its first words in upper case, two at most.
    Other(String),
}

impl Statement {
    /// Whether it makes, alters or drops something that the catalog has: what MySQL and MariaDB commit
    /// on their own (MySQL 8.4 manual, 15.3.3 "Statements That Cause an Implicit Commit").
    pub fn changes_schema(&self) -> bool {
        match self {
            Self::CreateTable(create) => !create.temporary,
            Self::Drop(drop) => !drop.temporary,
            Self::AlterTable(_)
            | Self::CreateIndex(_)
            | Self::AttachIndex { .. }
            | Self::AlterIndex { .. }
            | Self::CreateView(_)
            | Self::AlterView(_)
            | Self::CreateEnum(_)
            | Self::AlterType(_)
            | Self::CreateDomain(_)
            | Self::AlterDomain(_)
            | Self::CreateTrigger(_)
            | Self::RenameSchema { .. }
            | Self::RenameTables(_)
            | Self::Truncate { .. }
            | Self::Define { .. } => true,
            Self::Reindex(_)
            | Self::Rows(_)
            | Self::Transaction(_)
            | Self::Set(_)
            | Self::Maintenance(_)
            | Self::Lock { .. }
            | Self::Grant
            | Self::Comment { .. }
            | Self::Other(_) => false,
        }
    }
}
