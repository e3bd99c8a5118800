//! The definition of a constraint, of a table or behind a column. Not whether rows keep it.

use super::{Expression, ObjectName, cursor::Cursor};
use crate::dialect::Dialect;

/// The definition of a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintDefinition {
    /// Its name, if it is given one.
    pub name: Option<String>,
    /// What it asks for.
    pub kind: ConstraintKind,
    /// Whether it says `NOT VALID`.
    pub not_valid: bool,
    /// Whether it says `NOT ENFORCED`.
    pub not_enforced: bool,
    /// The names in an `EXCLUDE`: columns, and what else stands there.
    pub excluded: Vec<String>,
    /// The byte of the statement that it starts at.
    pub start: usize,
}

/// What a constraint asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A primary key.
    PrimaryKey {
        /// Its columns; empty with an index.
        columns: Vec<String>,
        /// The index that becomes it: `USING INDEX`.
        index: Option<String>,
    },
    /// A unique constraint.
    Unique {
        /// Its columns; empty with an index.
        columns: Vec<String>,
        /// The index that becomes it: `USING INDEX`.
        index: Option<String>,
    },
    /// A condition on a row.
    Check {
        /// The condition.
        expression: Expression,
    },
    /// A reference to another table.
    ForeignKey {
        /// Its columns.
        columns: Vec<String>,
        /// What they refer to.
        reference: Reference,
    },
    /// PostgreSQL's `EXCLUDE`.
    Exclusion,
    /// PostgreSQL 18's `NOT NULL column`.
    NotNull {
        /// The column.
        column: String,
    },
}

impl ConstraintKind {
    /// The condition of a check.
    pub fn condition(&self) -> Option<&Expression> {
        match self {
            Self::Check { expression } => Some(expression),
            Self::PrimaryKey { .. }
            | Self::Unique { .. }
            | Self::ForeignKey { .. }
            | Self::Exclusion
            | Self::NotNull { .. } => None,
        }
    }
}

/// What a foreign key refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The table.
    pub table: ObjectName,
    /// Its columns; none for its primary key.
    pub columns: Vec<String>,
    /// Whether rows go or change with those that they refer to: `ON DELETE CASCADE`.
    pub on_delete_cascade: bool,
}

impl ConstraintDefinition {
    fn new(kind: ConstraintKind, start: usize) -> Self {
        Self { name: None, kind, not_valid: false, not_enforced: false, excluded: Vec::new(), start }
    }

    /// Reads a constraint of a table, with its name, if one stands here.
    pub(super) fn of_table(cursor: &mut Cursor<'_>) -> Option<Self> {
        let start = cursor.start();
        let mut ahead = cursor.clone();
        let name = if ahead.eat("CONSTRAINT") {
            // MariaDB: ADD CONSTRAINT IF NOT EXISTS.
            ahead.if_not_exists();
            // MySQL: CONSTRAINT without a name.
            let unnamed = ahead.is_one_of(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]);
            if unnamed { None } else { ahead.identifier() }
        } else {
            None
        };
        let excluded = if ahead.is("EXCLUDE") { ahead.clone().rest().names } else { Vec::new() };
        let mut constraint = Self { excluded, ..Self::new(kind_of_table(&mut ahead)?, start) };
        constraint.name = name.or_else(|| constraint.name.take());
        constraint.read_attributes(&mut ahead);
        *cursor = ahead;
        Some(constraint)
    }

    /// Reads a constraint behind the column `column`, if one stands here.
    pub(super) fn of_column(column: &str, cursor: &mut Cursor<'_>) -> Option<Self> {
        let start = cursor.start();
        let columns = || vec![column.to_owned()];
        let kind = if cursor.eat("PRIMARY KEY") || (cursor.dialect == Dialect::Mysql && cursor.eat("KEY")) {
            ConstraintKind::PrimaryKey { columns: columns(), index: None }
        } else if cursor.eat("UNIQUE") {
            let _ = cursor.eat("KEY") || cursor.eat("NULLS NOT DISTINCT") || cursor.eat("NULLS DISTINCT");
            ConstraintKind::Unique { columns: columns(), index: None }
        } else if cursor.eat("CHECK") {
            ConstraintKind::Check { expression: inner(cursor) }
        } else if cursor.eat("REFERENCES") {
            ConstraintKind::ForeignKey { columns: columns(), reference: reference(cursor)? }
        } else {
            return None;
        };
        let mut constraint = Self::new(kind, start);
        constraint.read_attributes(cursor);
        Some(constraint)
    }

    fn read_attributes(&mut self, cursor: &mut Cursor<'_>) {
        while !cursor.ended() {
            if cursor.eat("NOT VALID") {
                self.not_valid = true;
            } else if cursor.eat("NOT ENFORCED") {
                self.not_enforced = true;
            } else if !(cursor.eat("NOT DEFERRABLE")
                || cursor.eat("DEFERRABLE")
                || cursor.eat("INITIALLY DEFERRED")
                || cursor.eat("INITIALLY IMMEDIATE")
                || cursor.eat("ENFORCED")
                || cursor.eat("NO INHERIT"))
            {
                return;
            }
        }
    }
}

fn inner(cursor: &mut Cursor<'_>) -> Expression {
    cursor.parenthesised().map(|mut inner| inner.rest()).unwrap_or_default()
}

fn kind_of_table(cursor: &mut Cursor<'_>) -> Option<ConstraintKind> {
    if cursor.eat("PRIMARY KEY") {
        let (columns, index) = key(cursor);
        Some(ConstraintKind::PrimaryKey { columns, index })
    } else if cursor.is("UNIQUE") {
        cursor.advance();
        let _ = cursor.eat("INDEX") || cursor.eat("KEY");
        let (columns, index) = key(cursor);
        Some(ConstraintKind::Unique { columns, index })
    } else if cursor.eat("CHECK") {
        Some(ConstraintKind::Check { expression: inner(cursor) })
    } else if cursor.eat("FOREIGN KEY") {
        cursor.if_not_exists();
        if !cursor.is_operator("(") {
            cursor.identifier();
        }
        let columns = cursor.columns();
        cursor.eat("REFERENCES");
        Some(ConstraintKind::ForeignKey { columns, reference: reference(cursor)? })
    } else if cursor.is("EXCLUDE") && cursor.dialect == Dialect::Postgres {
        cursor.skip_until(|_| false);
        Some(ConstraintKind::Exclusion)
    } else if cursor.dialect == Dialect::Postgres && cursor.eat("NOT NULL") {
        Some(ConstraintKind::NotNull { column: cursor.identifier()? })
    } else {
        None
    }
}

/// The columns of a key, or the index that becomes it.
fn key(cursor: &mut Cursor<'_>) -> (Vec<String>, Option<String>) {
    if cursor.eat("USING INDEX") {
        return (Vec::new(), cursor.identifier());
    }
    // PostgreSQL: NULLS NOT DISTINCT; MySQL: a name of the index, USING BTREE.
    cursor.skip_until(|cursor| cursor.is_operator("(") || cursor.is_operator(","));
    let columns = cursor.columns();
    if cursor.eat("INCLUDE") {
        cursor.parenthesised();
    }
    if cursor.eat("USING INDEX TABLESPACE") {
        cursor.identifier();
    }
    (columns, None)
}

fn reference(cursor: &mut Cursor<'_>) -> Option<Reference> {
    let table = cursor.name()?;
    let columns = cursor.columns();
    let mut on_delete_cascade = false;
    loop {
        if cursor.eat("MATCH") {
            cursor.advance();
        } else if cursor.eat("ON DELETE") {
            on_delete_cascade = cursor.is("CASCADE");
            rule(cursor);
        } else if cursor.eat("ON UPDATE") {
            rule(cursor);
        } else {
            return Some(Reference { table, columns, on_delete_cascade });
        }
    }
}

/// Steps over what happens to rows: `CASCADE`, `SET NULL (a)`, `NO ACTION`.
fn rule(cursor: &mut Cursor<'_>) {
    if cursor.eat("SET NULL") || cursor.eat("SET DEFAULT") {
        cursor.parenthesised();
    } else if !cursor.eat("NO ACTION") {
        cursor.advance();
    }
}
