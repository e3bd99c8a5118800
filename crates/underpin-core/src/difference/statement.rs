//! One statement of a change, as the server is given it.

use serde::Serialize;

/// One statement of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its SQL, without a semicolon at its end.
    pub sql: String,
    /// Whether it can run in a transaction with others. `CREATE INDEX CONCURRENTLY` can't.
    pub in_transaction: bool,
}

impl Statement {
    /// A statement that can run in a transaction with others.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), in_transaction: true }
    }

    /// A statement that can't.
    pub fn alone(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), in_transaction: false }
    }
}
