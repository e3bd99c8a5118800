//! What the sqlite3 program takes for its own commands (sqlite.org, "Command Line Shell For
//! SQLite"). Nothing here runs one.

use crate::sql::{Code, SqlErrorKind};

/// A statement that starts with a dot is a dot command.
pub(crate) fn refuse(code: &Code<'_>, index: usize) -> Option<SqlErrorKind> {
    // `.5` is a number, which starts no statement either.
    (index == 0 && code.text.starts_with('.'))
        .then(|| SqlErrorKind::ClientCommand { program: "sqlite3", command: code.text.to_owned() })
}
