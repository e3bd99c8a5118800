//! A table as far as it is known. Not what its rows are.

use crate::{
    dialect::Dialect,
    statement::{
        ConstraintKind, DataType, Expression, IndexDefinition, IndexKind, IndexPart, ObjectName, TableOption,
        refuses,
    },
};

/// Since when something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Birth {
    /// It was there before the statements that are read: it may have rows and users.
    Before,
    /// It was made in the transaction of this number, of those that are read.
    Transaction(usize),
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: ObjectName,
    /// Since when it is there.
    pub birth: Birth,
    /// Whether all of its columns and constraints are known.
    pub complete: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its indexes, also those of keys.
    pub indexes: Vec<Index>,
    /// Whether it is divided into partitions.
    pub partitioned: bool,
    /// The names in the key that decides which.
    pub partition_key: Vec<String>,
    /// The table that it is a partition of.
    pub partition_of: Option<ObjectName>,
    /// Whether it is the partition for what no other takes.
    pub default_partition: bool,
    /// The tables that it inherits from.
    pub inherits: Vec<ObjectName>,
    /// Whether it ends with the session.
    pub temporary: bool,
    /// Whether it is not written to the log (PostgreSQL).
    pub unlogged: bool,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Options of MySQL and MariaDB.
    pub options: Vec<TableOption>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Since when it is there.
    pub birth: Birth,
    /// Its type.
    pub data_type: Option<DataType>,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its default.
    pub default: Option<Expression>,
    /// Whether it is generated, and then whether its value is kept in the row.
    pub generated: Option<bool>,
    /// The expression of a generated column.
    pub expression: Option<Expression>,
    /// Whether the server counts: identity, serial, AUTO_INCREMENT.
    pub counted: bool,
    /// The collation that it was given.
    pub collation: Option<String>,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name, also where the server chose it.
    pub name: String,
    /// What it asks for.
    pub kind: ConstraintKind,
    /// Whether all rows were checked against it.
    pub validated: bool,
    /// Whether rows are checked at all.
    pub enforced: bool,
    /// Since when it is there.
    pub birth: Birth,
}

/// A trigger, or a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Whether it fires for each row, so that partitions have it as well.
    pub each_row: bool,
    /// The columns of the changed row that it names: `NEW.a`, `OLD.a`.
    pub columns: Vec<String>,
    /// The function that it calls (PostgreSQL).
    pub function: Option<ObjectName>,
}

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether values are unique.
    pub unique: bool,
    /// What kind it is.
    pub kind: IndexKind,
    /// Its columns and expressions.
    pub parts: Vec<IndexPart>,
    /// Whether it has a `WHERE`.
    pub partial: bool,
    /// What stands behind that.
    pub predicate: Option<Expression>,
    /// Whether queries use it: false for one whose build failed.
    pub valid: bool,
    /// Since when it is there.
    pub birth: Birth,
}

impl Table {
    /// A table of which no more than its name is known.
    pub fn stub(name: ObjectName) -> Self {
        Self {
            name,
            birth: Birth::Before,
            complete: false,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            partitioned: false,
            partition_key: Vec::new(),
            partition_of: None,
            default_partition: false,
            inherits: Vec::new(),
            temporary: false,
            unlogged: false,
            triggers: Vec::new(),
            options: Vec::new(),
        }
    }

    /// All of it was there before.
    pub(super) fn settle(&mut self) {
        self.birth = Birth::Before;
        self.columns.iter_mut().for_each(|column| column.birth = Birth::Before);
        self.constraints.iter_mut().for_each(|constraint| constraint.birth = Birth::Before);
        self.indexes.iter_mut().for_each(|index| index.birth = Birth::Before);
    }

    /// The column of this name, in any case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let exactly = self.columns.iter().find(|column| column.name == name);
        exactly.or_else(|| self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)))
    }

    /// The constraint of this name, in any case.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name.eq_ignore_ascii_case(name))
    }

    /// The index of this name, in any case.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name.eq_ignore_ascii_case(name))
    }

    /// The tables that its foreign keys refer to.
    pub fn references(&self) -> impl Iterator<Item = &ObjectName> {
        self.constraints.iter().filter_map(|constraint| constraint.reference())
    }

    /// Whether rows can't be null in `column`, as a validated check, and not the column, says.
    pub fn proves_not_null(&self, column: &str) -> bool {
        let proves = |constraint: &&Constraint| match &constraint.kind {
            // What is false for a null, no row breaks only if it has none.
            ConstraintKind::Check { expression } => {
                refuses(Dialect::Postgres, &expression.text, column, None)
            }
            ConstraintKind::NotNull { column: of } => of == column,
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclusion => false,
        };
        self.constraints
            .iter()
            .filter(|constraint| constraint.validated && constraint.enforced)
            .any(|it| proves(&it))
    }

    /// The columns of its primary key.
    pub fn primary_key(&self) -> Option<&[String]> {
        self.constraints.iter().find_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => Some(columns.as_slice()),
            ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclusion
            | ConstraintKind::NotNull { .. } => None,
        })
    }

    /// Whether an index or a constraint is about `column`, by name or within an expression.
    pub fn depends_on(&self, column: &str) -> bool {
        let index = self.indexes.iter().any(|index| index.about(column));
        index || self.checks_on(column).next().is_some()
    }

    /// The checks whose condition names `column`.
    pub fn checks_on<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a Constraint> {
        let names_it =
            move |constraint: &&Constraint| constraint.kind.condition().is_some_and(|it| it.mentions(column));
        self.constraints.iter().filter(names_it)
    }
}

impl Constraint {
    /// Whether children have it as well (PostgreSQL manual, 5.11 "Inheritance").
    pub(super) const fn is_inherited(&self) -> bool {
        matches!(self.kind, ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. })
    }

    /// The table that it refers to, of a foreign key.
    pub fn reference(&self) -> Option<&ObjectName> {
        match &self.kind {
            ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion
            | ConstraintKind::NotNull { .. } => None,
        }
    }
}

impl Index {
    /// Whether it is on `column`, or an expression of it names the column.
    pub fn about(&self, column: &str) -> bool {
        self.predicate.as_ref().is_some_and(|predicate| predicate.mentions(column))
            || self.parts.iter().any(|part| match part {
                IndexPart::Column(name) => name.eq_ignore_ascii_case(column),
                IndexPart::Expression(text) => text.to_lowercase().contains(&column.to_lowercase()),
            })
    }

    /// The index that `definition` makes.
    pub fn of(definition: &IndexDefinition, name: String, birth: Birth) -> Self {
        Self {
            name,
            unique: definition.unique,
            kind: definition.kind,
            parts: definition.parts.clone(),
            partial: definition.partial,
            predicate: definition.predicate.clone(),
            valid: true,
            birth,
        }
    }
}
