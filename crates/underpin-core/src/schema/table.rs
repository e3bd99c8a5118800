//! A table with everything that can't be there without it. Triggers and policies are objects of
//! their own, because they depend on other objects too.

use serde::Serialize;

use super::{Column, Constraint, Index, ObjectId, Options};

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What kind of table. In JSON, `kind` is that of every object.
    #[serde(rename = "table_kind")]
    pub kind: TableKind,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// Its constraints, sorted by name.
    pub constraints: Vec<Constraint>,
    /// Its indexes, sorted by name, without those that a constraint brings.
    pub indexes: Vec<Index>,
    /// How rows are given to partitions, as the server writes it: `RANGE (created_at)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// The partitions that are not tables of their own (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// The table that this one is a partition of (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<PartitionOf>,
    /// The tables that this one inherits from (PostgreSQL), in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<ObjectId>,
    /// Storage and behaviour: `engine`, `row_format`, `strict`, `unlogged`, `fillfactor`.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// The statement that made it, where the server keeps that (SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create: Option<String>,
}

/// What kind of table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Rows that the server stores.
    #[default]
    Ordinary,
    /// Rows that a module of SQLite makes up.
    Virtual,
    /// Rows that another server has.
    Foreign,
}

/// A partition that is not a table of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// Which rows it holds, as the server writes it: `VALUES LESS THAN (10)`; nothing for a hash.
    pub bound: Option<String>,
    /// Its other properties, comment and engine for instance.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// The names of its subpartitions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subpartitions: Vec<String>,
}

/// The place of a table within a partitioned one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: ObjectId,
    /// Which rows it holds, as the server writes it: `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: String,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The constraint of this name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name.as_deref() == Some(name))
    }

    /// The index of this name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }
}
