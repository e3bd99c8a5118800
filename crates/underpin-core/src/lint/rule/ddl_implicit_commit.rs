use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::{Statement, TransactionControl},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule, transaction_nesting,
};

pub(super) static RULE: Rule = Rule {
    id: "ddl-implicit-commit",
    summary: "a transaction that a change of the schema ends",
    flavours: MYSQL,
    why: "On MySQL and MariaDB every statement that changes the schema commits what was open before it and \
          itself, and so do GRANT, LOCK TABLES and the upkeep of tables (MySQL 8.4 manual, 15.3.3). ROLLBACK takes nothing back of what stood before, and what \
          follows stands alone. Change rows and the schema in texts of their own.",
    examples: &[
        Example::bad(
            Mysql,
            "BEGIN; INSERT INTO orders (id) VALUES (1); ALTER TABLE orders ADD note text; COMMIT",
        ),
        Example::bad(
            Mariadb,
            "START TRANSACTION; CREATE INDEX i ON orders (a); DELETE FROM orders WHERE id = 1; COMMIT",
        ),
        Example::bad(Mysql, "BEGIN; ALTER TABLE orders ADD note text; COMMIT"),
        Example::bad(Mysql, "BEGIN; DELETE FROM orders WHERE id = 1; ANALYZE TABLE orders; COMMIT"),
        Example::bad(
            Mariadb,
            "BEGIN; DELETE FROM orders WHERE id = 1; GRANT SELECT ON orders TO app; COMMIT",
        ),
        Example::good(
            Mysql,
            "BEGIN; DELETE FROM orders WHERE id = 1; CREATE TEMPORARY TABLE x (a int); COMMIT",
        ),
        Example::good(
            Mysql,
            "BEGIN; INSERT INTO orders (id) VALUES (1); COMMIT; ALTER TABLE orders ADD note text",
        ),
        Example::good(Mysql, "ALTER TABLE orders ADD note text"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let begun = transaction_nesting::open(context.earlier());
    if !begun || !(context.statement.changes_schema() || commits(context.statement)) {
        return Vec::new();
    }
    let start = context.script[..context.index]
        .iter()
        .rposition(|statement| *statement == Statement::Transaction(TransactionControl::Begin))
        .unwrap_or_default();
    let ended = |statement: &&Statement| {
        !matches!(
            statement,
            Statement::Transaction(TransactionControl::Commit | TransactionControl::Rollback)
        )
    };
    let rows = context.script[start..]
        .iter()
        .take_while(ended)
        .any(|statement| matches!(statement, Statement::Rows(_)));
    let severity = if rows { Severity::Warning } else { Severity::Note };
    let message = "this ends the transaction that BEGIN began, and commits what it has done so far";
    vec![Found::new(severity, message, "change rows and the schema in texts of their own")]
}

/// Whether a statement commits that changes nothing of the schema.
fn commits(statement: &Statement) -> bool {
    const OTHERS: &[&str] = &[
        "CHECK TABLE",
        "CHECK TABLES",
        "CACHE INDEX",
        "LOAD INDEX",
        "FLUSH TABLES",
        "FLUSH TABLE",
        "RESET MASTER",
    ];
    match statement {
        Statement::Grant | Statement::Lock { .. } | Statement::Maintenance(_) => true,
        Statement::Other(words) => OTHERS.contains(&words.as_str()),
        _ => false,
    }
}
