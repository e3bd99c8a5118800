//! What SQLite's statements do to transactions, sessions and cut-off runs. Not a parser.

use crate::sql::{Repeat, words::Words};

pub(crate) fn transaction_control(words: &Words<'_>) -> Option<&'static str> {
    let first = words.first();
    if first.is("ROLLBACK") {
        let savepoint = words.is(1, "TO") || words.start_with(&["ROLLBACK", "TRANSACTION", "TO"]);
        return (!savepoint).then_some("ROLLBACK");
    }
    ["BEGIN", "COMMIT", "END"].into_iter().find(|word| first.is(word))
}

/// VACUUM, ATTACH and DETACH are refused inside a transaction, and some pragmas do nothing there
/// (sqlite.org, "PRAGMA foreign_keys"); everything else is transactional.
pub(crate) fn repeat(words: &Words<'_>) -> Repeat {
    let first = words.first();
    if transaction_control(words).is_some() {
        Repeat::Unknown
    } else if first.is("VACUUM") {
        // VACUUM INTO fails if its file is there.
        if words.any(1, "INTO") { Repeat::Unknown } else { Repeat::Harmless }
    } else if first.is_one_of(&[
        "PRAGMA",
        "ATTACH",
        "DETACH",
        "ANALYZE",
        "REINDEX",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
    ]) {
        Repeat::Harmless
    } else if first.is_one_of(&[
        "SELECT", "VALUES", "WITH", "INSERT", "REPLACE", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP",
        "EXPLAIN",
    ]) {
        Repeat::Transactional
    } else {
        Repeat::Unknown
    }
}

pub(crate) fn session_setting(words: &Words<'_>) -> bool {
    words.first().is_one_of(&["PRAGMA", "ATTACH", "DETACH"])
}

pub(crate) fn may_break_foreign_keys(words: &Words<'_>) -> bool {
    let first = words.first();
    if first.is("ALTER") {
        // A column added with REFERENCES may come with a default that no parent has.
        let action =
            words.codes().iter().skip(3).find(|code| code.is_one_of(&["ADD", "RENAME", "DROP", "ALTER"]));
        return !action.is_some_and(|code| code.is_one_of(&["ADD", "RENAME"])) || words.any(2, "REFERENCES");
    }
    if first.is("DROP") {
        return !words.is_one_of(1, &["INDEX", "VIEW", "TRIGGER"]);
    }
    !first.is_one_of(&[
        "CREATE", "SELECT", "VALUES", "EXPLAIN", "PRAGMA", "ANALYZE", "REINDEX", "VACUUM", "ATTACH", "DETACH",
    ])
}
