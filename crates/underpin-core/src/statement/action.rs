//! What an `ALTER TABLE` does: one of its actions, of any dialect. Not its locks.

use super::{
    ColumnDefinition, ConstraintDefinition, DataType, Expression, IndexDefinition, ObjectName, TableOption,
};

/// One action of an `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// The byte of the statement that it starts at.
    pub start: usize,
    /// The byte after its end.
    pub end: usize,
}

/// What an action does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// `ADD COLUMN`.
    AddColumn {
        /// The column.
        column: ColumnDefinition,
        /// Whether one of that name is left as it is.
        if_not_exists: bool,
    },
    /// `DROP COLUMN`.
    DropColumn {
        /// Its name.
        column: String,
        /// Whether it need not be there.
        if_exists: bool,
        /// Whether what depends on it goes with it.
        cascade: bool,
    },
    /// `RENAME COLUMN`.
    RenameColumn {
        /// Its name before.
        from: String,
        /// Its name after.
        to: String,
    },
    /// `ALTER COLUMN … TYPE`.
    SetType {
        /// The column.
        column: String,
        /// Its new type.
        data_type: DataType,
        /// How values are converted.
        using: Option<Expression>,
        /// Its new collation.
        collation: Option<String>,
    },
    /// `MODIFY` and `CHANGE` of MySQL and MariaDB, which say a column again as a whole.
    Redefine {
        /// Its name before.
        from: String,
        /// What it is afterwards.
        column: ColumnDefinition,
    },
    /// `ALTER COLUMN … SET DEFAULT`.
    SetDefault {
        /// The column.
        column: String,
        /// The default.
        default: Expression,
    },
    /// `ALTER COLUMN … DROP DEFAULT`.
    DropDefault {
        /// The column.
        column: String,
    },
    /// `ALTER COLUMN … SET NOT NULL`.
    SetNotNull {
        /// The column.
        column: String,
    },
    /// `ALTER COLUMN … DROP NOT NULL`.
    DropNotNull {
        /// The column.
        column: String,
    },
    /// `ALTER COLUMN … SET EXPRESSION`.
    SetExpression {
        /// The column.
        column: String,
    },
    /// `ALTER COLUMN … DROP EXPRESSION`.
    DropExpression {
        /// The column.
        column: String,
    },
    /// `ALTER COLUMN … ADD GENERATED … AS IDENTITY`, `SET GENERATED`, `DROP IDENTITY`.
    Identity {
        /// The column.
        column: String,
        /// Whether it is dropped.
        dropped: bool,
    },
    /// `SET STATISTICS`, and `SET (…)` of a column.
    ColumnStatistics {
        /// The column.
        column: String,
    },
    /// `SET STORAGE`, `SET COMPRESSION`, and MySQL's `SET INVISIBLE`.
    ColumnStorage {
        /// The column.
        column: String,
    },
    /// `ADD CONSTRAINT`, with or without a name.
    AddConstraint(ConstraintDefinition),
    /// `ADD INDEX` of MySQL and MariaDB.
    AddIndex(IndexDefinition),
    /// `DROP INDEX`, `DROP KEY` of MySQL and MariaDB.
    DropIndex {
        /// Its name.
        index: String,
    },
    /// `RENAME INDEX`.
    RenameIndex {
        /// Its name before.
        from: String,
        /// Its name after.
        to: String,
    },
    /// `ALTER INDEX … VISIBLE`, `INVISIBLE`, `IGNORED`.
    IndexVisibility {
        /// Its name.
        index: String,
    },
    /// `DROP CONSTRAINT`, `DROP CHECK`.
    DropConstraint {
        /// Its name.
        constraint: String,
        /// Whether it need not be there.
        if_exists: bool,
        /// Whether what depends on it goes with it.
        cascade: bool,
    },
    /// `DROP FOREIGN KEY` of MySQL and MariaDB.
    DropForeignKey {
        /// Its name.
        constraint: String,
    },
    /// `DROP PRIMARY KEY` of MySQL and MariaDB.
    DropPrimaryKey,
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint {
        /// Its name.
        constraint: String,
    },
    /// `ALTER CONSTRAINT`, `ALTER CHECK`.
    AlterConstraint {
        /// Its name.
        constraint: String,
        /// Whether it is enforced from now on, if it says so.
        enforced: Option<bool>,
    },
    /// `RENAME CONSTRAINT`.
    RenameConstraint {
        /// Its name before.
        from: String,
        /// Its name after.
        to: String,
    },
    /// `RENAME TO`.
    RenameTable {
        /// Its name after.
        to: ObjectName,
    },
    /// `SET SCHEMA`.
    SetSchema {
        /// The schema.
        schema: String,
    },
    /// `SET TABLESPACE`.
    SetTablespace,
    /// `SET LOGGED` (true), `SET UNLOGGED` (false).
    SetLogged(bool),
    /// `SET ACCESS METHOD`.
    SetAccessMethod,
    /// `SET (…)` and `RESET (…)` of a table.
    StorageParameters,
    /// `OWNER TO`.
    Owner,
    /// `CLUSTER ON`, `SET WITHOUT CLUSTER`: which index is meant by a later `CLUSTER`.
    ClusterOn,
    /// `REPLICA IDENTITY`.
    ReplicaIdentity,
    /// `INHERIT`.
    Inherit {
        /// The parent.
        parent: ObjectName,
    },
    /// `NO INHERIT`.
    NoInherit {
        /// The parent until then.
        parent: ObjectName,
    },
    /// `ENABLE TRIGGER`, `DISABLE RULE`, `ENABLE ROW LEVEL SECURITY` and their like.
    Trigger(TriggerState),
    /// `ATTACH PARTITION`.
    AttachPartition {
        /// The table that becomes one.
        partition: ObjectName,
        /// Whether it is the `DEFAULT`.
        default: bool,
        /// The bounds, as they stand.
        bounds: Expression,
    },
    /// `DETACH PARTITION`.
    DetachPartition {
        /// The partition.
        partition: ObjectName,
        /// Whether queries may go on: `CONCURRENTLY`.
        concurrently: bool,
        /// Whether it ends one that was cut off: `FINALIZE`.
        finalize: bool,
    },
    /// What MySQL and MariaDB do to partitions.
    Partition {
        /// What it is.
        work: PartitionWork,
        /// The partitions that it names; none where it is all of them, or where new ones are defined.
        partitions: Vec<String>,
    },
    /// `ADD SYSTEM VERSIONING` (true), `DROP SYSTEM VERSIONING` (false) of MariaDB.
    Versioning(bool),
    /// An option of MySQL's and MariaDB's tables.
    Option(TableOption),
    /// `CONVERT TO CHARACTER SET`.
    ConvertCharset,
    /// `FORCE`.
    Force,
    /// `ORDER BY`.
    OrderBy,
    /// `DISCARD TABLESPACE` (true), `IMPORT TABLESPACE` (false).
    Tablespace(bool),
    /// `ENABLE KEYS`, `DISABLE KEYS`, `ALGORITHM = …` in a place of its own, `WITHOUT VALIDATION`.
    Harmless,
    /// What is not known; its first words in upper case.
    Other(String),
}

/// Whether triggers, rules or row security are switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerState {
    /// Triggers.
    Trigger,
    /// Rules.
    Rule,
    /// Row-level security.
    RowSecurity,
}

/// What MySQL and MariaDB do to partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartitionWork {
    /// `PARTITION BY`.
    By,
    /// `REMOVE PARTITIONING`.
    Remove,
    /// `ADD PARTITION` of a range or a list.
    Add,
    /// `ADD PARTITION` of a hash or a key, for which rows move.
    Spread,
    /// `DROP PARTITION`, which drops its rows.
    Drop,
    /// `TRUNCATE PARTITION`.
    Truncate,
    /// `COALESCE`, `REORGANIZE`, `REBUILD`, `OPTIMIZE`.
    Rebuild,
    /// `EXCHANGE PARTITION`, `CONVERT PARTITION`, `CONVERT TABLE`.
    Exchange {
        /// The table whose rows become those of a partition.
        with: Option<ObjectName>,
        /// Whether each of them is looked at: not `WITHOUT VALIDATION`.
        validated: bool,
    },
    /// `ANALYZE`, `CHECK`.
    Check,
    /// `REPAIR`.
    Repair,
}
