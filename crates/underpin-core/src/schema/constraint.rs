//! A constraint of a table.

use serde::Serialize;

use super::{IndexPart, ObjectId, Options};

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Constraint {
    /// Its name; `None` where it has none (SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it demands.
    #[serde(flatten)]
    pub kind: ConstraintKind,
    /// Whether it can wait for the end of the transaction.
    pub deferral: Deferral,
    /// Whether the rows that were there before it have been looked at (not with `NOT VALID`).
    pub validated: bool,
    /// Whether it is looked at at all (not with `NOT ENFORCED`).
    pub enforced: bool,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What one dialect alone knows: `no_inherit`, `on_conflict`, `tablespace`.
    #[serde(skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// The whole of it as the server writes it, where it does (`pg_get_constraintdef`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ConstraintKind {
    /// Columns that tell each row from all others.
    PrimaryKey {
        /// Its columns.
        parts: Vec<IndexPart>,
    },
    /// Values that are there once. A unique index without a constraint is an index.
    Unique {
        /// Its columns.
        parts: Vec<IndexPart>,
        /// Whether two nulls are the same.
        nulls_not_distinct: bool,
    },
    /// An expression that is not false.
    Check {
        /// The expression, without its outer parentheses.
        expression: String,
    },
    /// Values that another table has.
    ForeignKey(ForeignKey),
    /// Rows that don't exclude each other.
    Exclusion,
    /// A column that is never null, where that is a constraint with a name (PostgreSQL 18).
    NotNull {
        /// The column.
        column: String,
    },
}

/// Values that another table has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// The columns here.
    pub columns: Vec<String>,
    /// The table there.
    pub table: ObjectId,
    /// The columns there; empty where the primary key is meant and the server keeps it so (SQLite).
    pub referenced: Vec<String>,
    /// What happens here when a value there changes.
    pub on_update: Action,
    /// What happens here when a row there goes.
    pub on_delete: Action,
    /// The columns that `SET NULL` or `SET DEFAULT` is for, where not all (PostgreSQL 15).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_delete_columns: Vec<String>,
    /// `MATCH FULL`.
    pub match_full: bool,
}

/// What a foreign key does with rows whose counterpart goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An error at the end of the statement.
    #[default]
    NoAction,
    /// An error at once.
    Restrict,
    /// They go too.
    Cascade,
    /// Their columns become null.
    SetNull,
    /// Their columns become their defaults.
    SetDefault,
}

/// Whether a constraint can wait for the end of the transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferral {
    /// It can't.
    #[default]
    None,
    /// It can, if the transaction says so.
    Immediate,
    /// It does, unless the transaction says otherwise.
    Deferred,
}

impl Action {
    /// As SQL writes it.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

impl Constraint {
    /// A constraint that holds for every row, at once.
    pub fn new(name: Option<String>, kind: ConstraintKind) -> Self {
        Self {
            name,
            kind,
            deferral: Deferral::None,
            validated: true,
            enforced: true,
            comment: None,
            options: Options::new(),
            definition: None,
        }
    }

    /// Its name, or what is said in place of one.
    pub fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or("(no name)")
    }
}
