//! The definition of a column: its type, and the clauses behind it. Not what it makes of rows.

use super::{ConstraintDefinition, ConstraintKind, DataType, Expression, Reference, cursor::Cursor};
use crate::dialect::Dialect;

/// The definition of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: String,
    /// Its type; SQLite does without.
    pub data_type: Option<DataType>,
    /// Whether it says `NOT NULL` (or, with `Some(true)`, `NULL`).
    pub nullable: Option<bool>,
    /// What stands behind `DEFAULT`.
    pub default: Option<Expression>,
    /// The expression of a generated column.
    pub generated: Option<Generated>,
    /// Whether it is `GENERATED … AS IDENTITY`.
    pub identity: bool,
    /// Whether it is `AUTO_INCREMENT` (`AUTOINCREMENT`).
    pub auto_increment: bool,
    /// Constraints that stand behind it: keys, checks, references.
    pub constraints: Vec<ConstraintDefinition>,
    /// The collation that it names.
    pub collation: Option<String>,
    /// Whether it has an `ON UPDATE` clause of MySQL.
    pub on_update: bool,
    /// Where a column of MySQL or MariaDB is put.
    pub position: Option<Position>,
}

/// The expression of a generated column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// How it is computed.
    pub expression: Expression,
    /// Whether its value is kept in the row.
    pub stored: bool,
}

/// Where a column of MySQL or MariaDB is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Before all others.
    First,
    /// Behind the one of this name.
    After(String),
}

/// What ends the expression of a default.
const CLAUSES: &[&str] = &[
    "NOT",
    "NULL",
    "CONSTRAINT",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "GENERATED",
    "COLLATE",
    "COMMENT",
    "AUTO_INCREMENT",
    "ON",
    "FIRST",
    "AFTER",
    "DEFERRABLE",
    "INVISIBLE",
    "VISIBLE",
    "KEY",
    "AS",
    "STORAGE",
    "COMPRESSION",
    "DEFAULT",
    "ALGORITHM",
    "LOCK",
    "COLUMN_FORMAT",
    "INITIALLY",
    "ENFORCED",
];

impl ColumnDefinition {
    /// Whether it may not be null, by its own words: `NOT NULL`, `PRIMARY KEY`, a serial type.
    pub fn not_null(&self) -> bool {
        self.nullable == Some(false) || self.primary_key() || self.serial() || self.identity
    }

    /// Whether it says `PRIMARY KEY`.
    pub fn primary_key(&self) -> bool {
        self.constraints.iter().any(|constraint| matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }))
    }

    /// Whether it says `UNIQUE`.
    pub fn unique(&self) -> bool {
        self.constraints.iter().any(|constraint| matches!(constraint.kind, ConstraintKind::Unique { .. }))
    }

    /// Whether it has a `CHECK`.
    pub fn checked(&self) -> bool {
        self.constraints.iter().any(|constraint| matches!(constraint.kind, ConstraintKind::Check { .. }))
    }

    /// What it refers to.
    pub fn references(&self) -> Option<&Reference> {
        self.constraints.iter().find_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey { reference, .. } => Some(reference),
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion
            | ConstraintKind::NotNull { .. } => None,
        })
    }

    /// Whether its type is one of PostgreSQL's that bring a sequence, or MySQL's `SERIAL`.
    pub fn serial(&self) -> bool {
        self.data_type.as_ref().is_some_and(|data_type| {
            matches!(data_type.name.as_str(), "serial" | "bigserial" | "smallserial")
        })
    }

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let name = cursor.identifier()?;
        Some(Self::read_after_name(name, cursor))
    }

    pub(super) fn read_after_name(name: String, cursor: &mut Cursor<'_>) -> Self {
        let mut column = Self { name, ..Self::default() };
        // SQLite: a column without a type may have clauses.
        if !(cursor.dialect == Dialect::Sqlite && cursor.is_one_of(CLAUSES)) {
            column.data_type = data_type(cursor);
        }
        column.read_clauses(cursor);
        column
    }

    fn read_clauses(&mut self, cursor: &mut Cursor<'_>) {
        let mut constraint_name = None;
        while !cursor.ended() {
            let start = cursor.start();
            if cursor.eat("CONSTRAINT") {
                constraint_name = cursor.identifier();
                continue;
            }
            if self.read_clause(cursor) {
                constraint_name = None;
                continue;
            }
            match ConstraintDefinition::of_column(&self.name, cursor) {
                Some(mut constraint) => {
                    constraint.name = constraint_name.take();
                    constraint.start = start;
                    self.constraints.push(constraint);
                }
                None => drop(cursor.advance()),
            }
        }
    }

    /// Reads a clause that is no constraint, if one stands here.
    fn read_clause(&mut self, cursor: &mut Cursor<'_>) -> bool {
        if cursor.eat("NOT NULL") {
            self.nullable = Some(false);
        } else if cursor.eat("NULL") {
            self.nullable = Some(true);
        } else if cursor.eat("DEFAULT") {
            self.default = Some(cursor.expression_until(CLAUSES));
        } else if cursor.eat("GENERATED") || (cursor.is("AS") && cursor.is_operator_at(1, "(")) {
            self.read_generated(cursor);
        } else if cursor.eat("AUTO_INCREMENT") || cursor.eat("AUTOINCREMENT") {
            self.auto_increment = true;
        } else if cursor.eat("COLLATE") {
            self.collation = cursor.name().map(|name| name.name);
        } else if cursor.eat("ON UPDATE") {
            self.on_update = true;
            cursor.advance();
            cursor.parenthesised();
        } else if cursor.eat("FIRST") {
            self.position = Some(Position::First);
        } else if cursor.eat("AFTER") {
            self.position = cursor.identifier().map(Position::After);
        } else if cursor.eat("COMMENT") || cursor.eat("STORAGE") || cursor.eat("COMPRESSION") {
            cursor.advance();
        } else {
            return false;
        }
        true
    }

    fn read_generated(&mut self, cursor: &mut Cursor<'_>) {
        let _ = cursor.eat("ALWAYS") || cursor.eat("BY DEFAULT ON NULL") || cursor.eat("BY DEFAULT");
        cursor.eat("AS");
        if cursor.eat("IDENTITY") {
            self.identity = true;
            cursor.parenthesised();
            return;
        }
        let expression = cursor.parenthesised().map(|mut inner| inner.rest()).unwrap_or_default();
        let stored = cursor.eat("STORED") || cursor.eat("PERSISTENT");
        if !stored {
            cursor.eat("VIRTUAL");
        }
        self.generated = Some(Generated { expression, stored });
    }
}

fn data_type(cursor: &mut Cursor<'_>) -> Option<DataType> {
    if cursor.dialect != Dialect::Sqlite {
        return DataType::read(cursor);
    }
    // SQLite: any words are a type.
    let mut data_type = DataType::read(cursor)?;
    while !cursor.ended() && !cursor.is_one_of(CLAUSES) && cursor.code().is_some() {
        let Some(word) = cursor.identifier() else { break };
        data_type.name = format!("{} {}", data_type.name, word.to_lowercase());
    }
    Some(data_type)
}
