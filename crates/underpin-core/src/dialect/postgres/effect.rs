//! What PostgreSQL's statements do to transactions, sessions and cut-off runs. Not a parser.

use crate::sql::{Repeat, words::Words};

pub(crate) fn transaction_control(words: &Words<'_>) -> Option<&'static str> {
    let first = words.first();
    if first.is("ROLLBACK") {
        let word = usize::from(words.is_one_of(1, &["WORK", "TRANSACTION"]));
        return (!words.is(1 + word, "TO")).then_some("ROLLBACK");
    }
    if words.start_with(&["START", "TRANSACTION"]) {
        return Some("START TRANSACTION");
    }
    if words.start_with(&["PREPARE", "TRANSACTION"]) {
        return Some("PREPARE TRANSACTION");
    }
    ["BEGIN", "COMMIT", "END", "ABORT"].into_iter().find(|word| first.is(word))
}

/// What the server refuses in a transaction block is not transactional; the manual says so on the
/// page of each command.
pub(crate) fn repeat(words: &Words<'_>) -> Repeat {
    let first = words.first();
    if transaction_control(words).is_some() || first.is("CALL") {
        // A procedure may commit.
        return Repeat::Unknown;
    }
    if first.is_one_of(&["SET", "RESET", "DISCARD", "LOAD", "SAVEPOINT", "RELEASE", "ROLLBACK"])
        || first.is_one_of(&["VACUUM", "REINDEX", "CLUSTER"])
        || words.start_with(&["ALTER", "SYSTEM"])
    {
        return Repeat::Harmless;
    }
    if first.is("DO") {
        return code_block(words);
    }
    if first.is_one_of(&["CREATE", "ALTER", "DROP"]) {
        return definition(words);
    }
    Repeat::Transactional
}

/// A code block that commits can't share a transaction.
fn code_block(words: &Words<'_>) -> Repeat {
    let commits = words.codes().iter().any(|code| {
        let text = code.text.to_ascii_uppercase();
        text.contains("COMMIT") || text.contains("ROLLBACK")
    });
    if commits { Repeat::Unknown } else { Repeat::Transactional }
}

fn definition(words: &Words<'_>) -> Repeat {
    // Objects of the whole cluster, which the catalog of one database does not show completely.
    if words.is_one_of(1, &["SUBSCRIPTION", "TABLESPACE"]) {
        return Repeat::Unknown;
    }
    if words.is(1, "DATABASE") {
        let within = words.first().is("ALTER") && !words.any(2, "TABLESPACE");
        return if within { Repeat::Transactional } else { Repeat::Unknown };
    }
    let index = words.is(1, "INDEX") || words.is(2, "INDEX");
    let detach = words.first().is("ALTER") && words.any(2, "DETACH");
    if (index || detach) && words.any(2, "CONCURRENTLY") {
        return Repeat::Probed;
    }
    // "If ALTER TYPE ... ADD VALUE is executed inside a transaction block, the new value cannot be
    // used until after the transaction has been committed."
    let value = words.start_with(&["ALTER", "TYPE"])
        && words.codes().windows(2).any(|pair| pair[0].is("ADD") && pair[1].is("VALUE"));
    if value { Repeat::Probed } else { Repeat::Transactional }
}

/// SET LOCAL, SET TRANSACTION and SET CONSTRAINTS end with their transaction.
pub(crate) fn session_setting(words: &Words<'_>) -> bool {
    let first = words.first();
    // A role for the transaction is one for our record of it, too.
    let role = words.is(1, "LOCAL") && words.is_one_of(2, &["ROLE", "SESSION"]);
    let set = first.is("SET") && (role || !words.is_one_of(1, &["LOCAL", "TRANSACTION", "CONSTRAINTS"]));
    // pg_dump writes SELECT pg_catalog.set_config('search_path', '', false).
    let config = first.is("SELECT") && (words.is(1, "SET_CONFIG") || words.is(3, "SET_CONFIG"));
    set || config || first.is_one_of(&["RESET", "DISCARD", "LOAD", "PREPARE", "DEALLOCATE"])
}
