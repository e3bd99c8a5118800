//! What a statement deletes that no downgrade brings back, told from itself and from the statements before
//! it. Not a lint: whether it may be run is policy, and decided elsewhere.

mod copied;
mod follow;
mod leniency;
mod made;
mod precision;
mod sequences;

use std::fmt;

use serde::Serialize;

pub(crate) use follow::Losses;
pub use precision::lost_precision;

/// Something that a statement deletes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Loss {
    /// A table and its rows.
    Table {
        /// The table.
        table: String,
    },
    /// A column of a table.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The rows of a table.
    Rows {
        /// The table.
        table: String,
    },
    /// A part of a table or a type: a partition, the versions that rows had, an attribute.
    Part {
        /// The table, or the type and that it is one.
        table: String,
        /// Which part, in words.
        part: String,
    },
    /// Something that holds tables: a schema, a database, all that a role owns.
    Container {
        /// What it is, in words: `schema app`.
        object: String,
    },
    /// Whatever uses something, with `CASCADE`: the columns of a type.
    Dependents {
        /// What it is that they use, in words: `type mood`.
        object: String,
    },
    /// A table that is made anew without some of its columns. Which, only the database knows.
    Rebuild {
        /// The table.
        table: String,
        /// Every name that the statement that copied its rows takes; what is not among them is lost.
        kept: Vec<String>,
    },
    /// A column that gets another type. What its values lose by that, only the database knows.
    Conversion {
        /// The table.
        table: String,
        /// The column, by the name that it had before the run.
        column: String,
        /// The new type.
        data_type: String,
        /// Whether the change is written as a cast, which cuts texts.
        cast: bool,
    },
}

/// `column note of orders`.
impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { table } => write!(f, "table {table} and all of its rows"),
            Self::Column { table, column } => write!(f, "column {column} of {table} with what it holds"),
            Self::Rows { table } => write!(f, "every row of {table}"),
            Self::Part { table, part } => write!(f, "{part} of {table}"),
            Self::Container { object } => write!(f, "{object} and everything in it"),
            Self::Dependents { object } => write!(f, "whatever uses {object}, columns with their values"),
            Self::Rebuild { table, .. } => write!(f, "columns of {table} that are not copied"),
            Self::Conversion { table, column, data_type, .. } => {
                write!(f, "what of {column} of {table} has no room in {data_type}")
            }
        }
    }
}

/// Whether a statement may delete anything, or make what a later one deletes; a cheap look that spares
/// most plans the exact one.
pub(crate) fn may_lose(statement: &str) -> bool {
    let text = statement.as_bytes();
    let begins = |at: usize, words: &[&str]| {
        let rest = &text[at..];
        words.iter().any(|word| {
            rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    (0..text.len()).any(|at| match text[at].to_ascii_uppercase() {
        b'B' => begins(at, &["BLACKHOLE"]),
        b'C' => begins(at, &["CHANGE"]),
        b'D' => begins(at, &["DROP", "DELETE", "DISCARD"]),
        b'H' => begins(at, &["HEAP"]),
        b'I' => begins(at, &["IGNORE"]),
        b'M' => begins(at, &["MEMORY", "MERGE", "MODIFY"]),
        b'R' => begins(at, &["REPLACE"]),
        b'S' => begins(at, &["SQL_MODE", "SQLITE_MASTER", "SQLITE_SCHEMA"]),
        b'T' => begins(at, &["TRUNCATE", "TYPE"]),
        _ => false,
    })
}

#[cfg(test)]
mod tests;
