//! Statements as a script for the shell sqlite3. What is in them is decided elsewhere.

use crate::difference::Statement;

/// Statements as the shell takes them: whole or not at all, and no row goes because another table is
/// made anew. Foreign keys can only be switched off outside of a transaction ("PRAGMA foreign_keys" in
/// the manual).
pub(crate) fn script(statements: &[Statement]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let body: String = statements.iter().map(|statement| format!("{};\n", statement.sql)).collect();
    format!("PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n{body}COMMIT;\nPRAGMA foreign_keys = ON;\n")
}
