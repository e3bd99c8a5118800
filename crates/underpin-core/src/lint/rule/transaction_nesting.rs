use crate::{
    dialect::Flavour::{Mysql, Postgres, Sqlite},
    statement::{Statement, TransactionControl},
};

use super::{
    super::{Context, Found, Severity, Wrapping},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "transaction-nesting",
    summary: "BEGIN, COMMIT or ROLLBACK where a transaction is open already, or none is",
    flavours: ALL,
    why: "A revision runs in the transaction that Underpin begins and ends: a COMMIT in it makes half of \
          it last, and its record is written outside. Leave the words out; a revision that has to end a \
          transaction itself says `transaction: off`. In a text that a client sends, a second BEGIN begins \
          nothing, and a COMMIT without one ends nothing.",
    examples: &[
        Example::bad(Postgres, "BEGIN; ALTER TABLE orders ADD note text; BEGIN; COMMIT"),
        Example::bad(Postgres, "COMMIT"),
        Example::bad(Sqlite, "BEGIN IMMEDIATE; BEGIN; END"),
        Example::bad(Mysql, "ROLLBACK"),
        Example::good(Postgres, "BEGIN; ALTER TABLE orders ADD note text; COMMIT; BEGIN; SELECT 1; ROLLBACK"),
        Example::good(Postgres, "BEGIN; SAVEPOINT a; ROLLBACK TO a; RELEASE a; COMMIT"),
        Example::good(
            Sqlite,
            "CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE orders SET n = 1 WHERE id = new.id; END",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Transaction(control) = context.statement else { return Vec::new() };
    if *control == TransactionControl::Savepoint {
        return Vec::new();
    }
    if context.wrapping == Wrapping::Transaction {
        let message = "the revision runs in a transaction that is begun and ended around it";
        return vec![Found::new(Severity::Error, message, "leave it out; or transaction: off in the header")];
    }
    let open = open(context.earlier());
    let found = match control {
        TransactionControl::Begin if open => {
            Found::new(Severity::Error, "a transaction is open already", "COMMIT before it, or leave it out")
        }
        TransactionControl::Commit | TransactionControl::Rollback if !open => {
            Found::new(Severity::Warning, "no transaction is open that it could end", "leave it out")
        }
        TransactionControl::Begin
        | TransactionControl::Commit
        | TransactionControl::Rollback
        | TransactionControl::Savepoint => return Vec::new(),
    };
    vec![found]
}

/// Whether a transaction is open after these statements.
pub(super) fn open(statements: &[Statement]) -> bool {
    statements.iter().fold(false, |open, statement| match statement {
        Statement::Transaction(TransactionControl::Begin) => true,
        Statement::Transaction(TransactionControl::Commit | TransactionControl::Rollback) => false,
        _ => open,
    })
}
