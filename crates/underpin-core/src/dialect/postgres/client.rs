//! What the psql program takes for its own commands, and the data that it sends beside the SQL
//! (manual, "psql"). Nothing here runs one.

use crate::sql::{Code, SqlErrorKind, TokenKind};

/// A backslash outside of quotes starts a psql command wherever it stands; COPY from and to the
/// client needs psql (or a driver's own call) to carry the data.
pub(crate) fn refuse(code: &Code<'_>, first: &Code<'_>, previous: Option<&Code<'_>>) -> Option<SqlErrorKind> {
    let after = |word: &str| previous.is_some_and(|previous| previous.is(word));
    if code.kind == TokenKind::Unknown && code.text.starts_with('\\') {
        return Some(SqlErrorKind::ClientCommand { program: "psql", command: code.text.to_owned() });
    }
    if !first.is("COPY") {
        return None;
    }
    if code.is("STDIN") && after("FROM") {
        return Some(SqlErrorKind::CopyData("FROM STDIN"));
    }
    (code.is("STDOUT") && after("TO")).then_some(SqlErrorKind::CopyData("TO STDOUT"))
}
