use crate::{
    dialect::Flavour::{Mysql, Postgres, Sqlite},
    statement::{Statement, TransactionControl},
};

use super::{
    super::{Context, Found, Severity, Wrapping},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "uncommitted-transaction",
    summary: "a transaction that is begun and not ended",
    flavours: ALL,
    why: "What stands behind the last BEGIN is rolled back when the client goes away, and until then its \
          locks are held. Say COMMIT.",
    examples: &[
        Example::bad(Postgres, "BEGIN; ALTER TABLE orders ADD note text"),
        Example::bad(Mysql, "START TRANSACTION; DELETE FROM orders WHERE id = 1"),
        Example::bad(Sqlite, "BEGIN; COMMIT; BEGIN IMMEDIATE; ALTER TABLE orders ADD note text"),
        Example::good(Postgres, "BEGIN; ALTER TABLE orders ADD note text; COMMIT"),
        Example::good(Sqlite, "BEGIN; ALTER TABLE orders ADD note text; END TRANSACTION"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let begins = *context.statement == Statement::Transaction(TransactionControl::Begin);
    let ends = |statement: &Statement| matches!(statement, Statement::Transaction(control) if *control != TransactionControl::Savepoint);
    if !begins || context.wrapping == Wrapping::Transaction || context.later().iter().any(ends) {
        return Vec::new();
    }
    vec![Found::new(
        Severity::Error,
        "nothing ends this transaction, so that it is rolled back",
        "COMMIT; at the end",
    )]
}
