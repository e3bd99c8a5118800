//! What a statement does to transactions, to its session and to a run that is cut off, told from
//! its words. Not a lint: whether it is dangerous is decided elsewhere.

use serde::{Deserialize, Serialize};

use super::words::{Words, codes};
use crate::dialect::{Dialect, Flavour, mysql, postgres, sqlite};

/// First words of statements that neither begin nor end a transaction by name.
const ORDINARY: &[&str] = &["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "SELECT"];

/// How a statement that runs outside of its revision's transaction is picked up again, when a run
/// was cut off and nobody knows whether it was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeat {
    /// It can share a transaction with the row that records it, so that its fate is always known.
    /// On MySQL and MariaDB that holds for tables of a transactional engine.
    Transactional,
    /// It changes the schema, and the catalog shows whether it did.
    Probed,
    /// It may be executed once more: that changes nothing.
    Harmless,
    /// Nobody can tell but a probe written by hand, or a person.
    Unknown,
}

/// The name of the transaction control in `statement`, if it is a statement that begins or ends a
/// transaction, and so would break the one around its revision. Savepoints are none.
pub fn transaction_control(dialect: Dialect, statement: &str) -> Option<&'static str> {
    // One word is enough for what most revisions are made of.
    let first = codes(dialect, statement).next();
    if first.is_some_and(|first| first.is_one_of(ORDINARY)) {
        return None;
    }
    // `SET a = 1, autocommit = 0` says it anywhere.
    let all = first.is_some_and(|first| first.is("SET"));
    let words = if all { Words::new(dialect, statement) } else { Words::beginning(dialect, statement) };
    match dialect {
        Dialect::Sqlite => sqlite::effect::transaction_control(&words),
        Dialect::Postgres => postgres::effect::transaction_control(&words),
        Dialect::Mysql => mysql::effect::transaction_control(&words),
    }
}

/// How `statement` is picked up again when its fate is unknown.
pub fn repeat(flavour: Flavour, statement: &str) -> Repeat {
    let words = Words::new(flavour.dialect(), statement);
    match flavour {
        Flavour::Sqlite => sqlite::effect::repeat(&words),
        Flavour::Postgres => postgres::effect::repeat(&words),
        Flavour::Mysql | Flavour::Mariadb => mysql::effect::repeat(&words),
    }
}

/// Whether `statement` changes the session, so that it has to be executed again when a run goes on
/// behind it in a new session.
pub fn session_setting(dialect: Dialect, statement: &str) -> bool {
    let words = Words::beginning(dialect, statement);
    match dialect {
        Dialect::Sqlite => sqlite::effect::session_setting(&words),
        Dialect::Postgres => postgres::effect::session_setting(&words),
        Dialect::Mysql => mysql::effect::session_setting(&words),
    }
}

/// Whether an SQLite statement, executed while foreign keys are not enforced, may leave rows that
/// break one. Only statements that certainly don't are let off the check afterwards.
pub fn may_break_foreign_keys(statement: &str) -> bool {
    let words = Words::beginning(Dialect::Sqlite, statement);
    // What is added or taken away stands further back.
    let words = if words.is(0, "ALTER") { Words::new(Dialect::Sqlite, statement) } else { words };
    sqlite::effect::may_break_foreign_keys(&words)
}

/// Whether a statement of MySQL or MariaDB may change rows of tables, by its first word.
pub fn may_change_rows(statement: &str) -> bool {
    mysql::effect::may_change_rows(&Words::new(Dialect::Mysql, statement))
}

#[cfg(test)]
mod tests;
