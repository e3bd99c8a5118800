//! `CREATE TABLE`: columns, constraints, indexes, and what else decides how it is altered later.

use super::{
    ColumnDefinition, ConstraintDefinition, ConstraintKind, IndexDefinition, ObjectName, Selection,
    TableOption, TableRead, cursor::Cursor, reads::reads,
};
use crate::dialect::Dialect;

/// A `CREATE TABLE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name; nothing if it can't be read.
    pub table: Option<ObjectName>,
    /// Whether one of that name is left as it is.
    pub if_not_exists: bool,
    /// Whether it takes the place of one (MariaDB's `OR REPLACE`).
    pub or_replace: bool,
    /// Whether it ends with the session.
    pub temporary: bool,
    /// Whether it is not written to the log (PostgreSQL).
    pub unlogged: bool,
    /// Its columns.
    pub columns: Vec<ColumnDefinition>,
    /// Its constraints that stand behind no column.
    pub constraints: Vec<ConstraintDefinition>,
    /// Its indexes (MySQL, MariaDB).
    pub indexes: Vec<IndexDefinition>,
    /// The tables that it is like.
    pub like: Vec<ObjectName>,
    /// Whether its rows come from a query.
    pub as_query: bool,
    /// That query, if it is a `SELECT`.
    pub selection: Option<Selection>,
    /// The tables that it reads.
    pub reads: Vec<TableRead>,
    /// Whether it is divided into partitions.
    pub partitioned: bool,
    /// The names in the key that decides which partition a row belongs to.
    pub partition_key: Vec<String>,
    /// What it is a partition of.
    pub partition_of: Option<PartitionOf>,
    /// The tables that it inherits from.
    pub inherits: Vec<ObjectName>,
    /// Its options (MySQL, MariaDB).
    pub options: Vec<TableOption>,
}

/// What a table is a partition of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: ObjectName,
    /// Whether it is the `DEFAULT`.
    pub default: bool,
}

impl CreateTable {
    /// Every constraint, also those behind columns.
    pub fn all_constraints(&self) -> impl Iterator<Item = &ConstraintDefinition> {
        self.columns.iter().flat_map(|column| &column.constraints).chain(&self.constraints)
    }

    /// The tables that its foreign keys refer to.
    pub fn referenced(&self) -> impl Iterator<Item = &ObjectName> {
        self.all_constraints().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion
            | ConstraintKind::NotNull { .. } => None,
        })
    }

    /// Reads what stands behind `CREATE`, if it is a table.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let mut ahead = cursor.clone();
        let mut create = Self { or_replace: ahead.eat("OR REPLACE"), ..Self::default() };
        let _ = ahead.eat("GLOBAL") || ahead.eat("LOCAL");
        create.temporary = ahead.eat("TEMPORARY") || ahead.eat("TEMP");
        create.unlogged = ahead.eat("UNLOGGED");
        let _ = ahead.eat("FOREIGN") || ahead.eat("VIRTUAL");
        if !ahead.eat("TABLE") {
            return None;
        }
        create.if_not_exists = ahead.if_not_exists();
        create.table = ahead.name();
        create.read_body(&mut ahead);
        *cursor = ahead;
        Some(create)
    }

    fn read_body(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.eat("PARTITION OF") {
            let parent = cursor.name();
            if let Some(mut inner) = cursor.parenthesised() {
                self.read_elements(&mut inner);
            }
            let default = cursor.eat("DEFAULT");
            // They are its bounds, and no rows of a query.
            let _ = cursor.eat("FOR VALUES");
            self.partition_of = parent.map(|parent| PartitionOf { parent, default });
        } else if cursor.eat("LIKE") {
            self.like.extend(cursor.name());
        } else if let Some(mut inner) = cursor.parenthesised() {
            // CREATE TABLE t (SELECT …)
            self.selection = Selection::read(&mut inner.clone());
            self.as_query |= self.selection.is_some();
            if self.as_query {
                self.reads = reads(&mut inner);
            } else {
                self.read_elements(&mut inner);
            }
        }
        self.read_tail(cursor);
    }

    fn read_tail(&mut self, cursor: &mut Cursor<'_>) {
        while !cursor.ended() {
            if cursor.eat("PARTITION BY") {
                self.partitioned = true;
                cursor.skip_until(|cursor| cursor.is_operator("("));
                self.partition_key =
                    cursor.parenthesised().map(|mut key| key.rest().names).unwrap_or_default();
                cursor
                    .skip_until(|cursor| cursor.is_one_of(&["USING", "WITH", "TABLESPACE", "AS", "SELECT"]));
            } else if cursor.eat("INHERITS") {
                self.inherits = cursor.parenthesised().map(|mut inner| inner.names()).unwrap_or_default();
            } else if cursor.is_one_of(&["SELECT", "VALUES"]) || (cursor.is("AS") && !self.as_query) {
                self.as_query = true;
                cursor.eat("AS");
                self.selection = Selection::read(&mut cursor.clone());
                self.reads = reads(cursor);
            } else if let Some(option) =
                (cursor.dialect == Dialect::Mysql).then(|| TableOption::read(cursor)).flatten()
            {
                self.options.push(option);
            } else {
                cursor.advance();
            }
        }
    }

    fn read_elements(&mut self, inner: &mut Cursor<'_>) {
        for mut piece in inner.pieces() {
            let mysql = piece.dialect == Dialect::Mysql;
            if let Some(index) = mysql.then(|| IndexDefinition::of_table(&mut piece)).flatten() {
                self.indexes.push(index);
            } else if let Some(constraint) = ConstraintDefinition::of_table(&mut piece) {
                self.constraints.push(constraint);
            } else if piece.eat("LIKE") {
                self.like.extend(piece.name());
            } else {
                self.columns.extend(ColumnDefinition::read(&mut piece));
            }
        }
    }
}
