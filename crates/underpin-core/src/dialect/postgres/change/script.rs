//! Statements as a script for psql. What is in them is decided elsewhere.

use crate::difference::Statement;

/// Statements as psql takes them.
pub(crate) fn script(statements: &[Statement]) -> String {
    statements.iter().map(|statement| format!("{};\n", statement.sql)).collect()
}
