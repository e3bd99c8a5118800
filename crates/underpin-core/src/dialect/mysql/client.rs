//! What the mysql and mariadb programs take for their own commands (MySQL manual, "mysql Client
//! Commands"). Nothing here runs one; DELIMITER is obeyed by the splitter.

use crate::sql::{Code, SqlErrorKind, TokenKind};

/// The commands that are no SQL. USE and HELP are both, so they are left to the server.
const COMMANDS: &[&str] = &[
    "source",
    "tee",
    "notee",
    "pager",
    "nopager",
    "system",
    "prompt",
    "charset",
    "connect",
    "edit",
    "ego",
    "go",
    "print",
    "quit",
    "exit",
    "rehash",
    "status",
    "clear",
    "warnings",
    "nowarning",
    "resetconnection",
];

/// A backslash outside of quotes starts a command wherever it stands, a word only as the first.
pub(crate) fn refuse(code: &Code<'_>, index: usize) -> Option<SqlErrorKind> {
    let backslash = code.kind == TokenKind::Unknown && code.text.starts_with('\\');
    (backslash || (index == 0 && code.is_one_of(COMMANDS)))
        .then(|| SqlErrorKind::ClientCommand { program: "mysql", command: code.text.to_owned() })
}
