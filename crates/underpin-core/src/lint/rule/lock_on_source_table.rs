use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    impact::{LockMode, TableLock, impact},
    statement::{RowVerb, Setting, Statement},
};

use super::{
    super::{Context, Found, Severity, context::named},
    Check, Example, MYSQL, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "lock-on-source-table",
    summary: "rows that are copied from a table whose writers wait meanwhile",
    flavours: MYSQL,
    why: "`INSERT … SELECT`, `REPLACE … SELECT` and `CREATE TABLE … AS SELECT` lock each row that they read, and the \
          places between, until their transaction is over: writers of that table wait, and so do those who add \
          rows. At the isolation level READ COMMITTED they read without locks. Where the rows come over in \
          batches by the primary key, only those of one batch are locked.",
    examples: &[
        Example::bad(Mysql, "CREATE TABLE archive AS SELECT * FROM orders"),
        Example::bad(Mysql, "CREATE TABLE archive (PRIMARY KEY (id)) SELECT o.id FROM orders o JOIN lines USING (id)"),
        Example::bad(Mariadb, "INSERT INTO archive SELECT * FROM orders"),
        Example::bad(Mysql, "REPLACE INTO archive (id, total) SELECT id, total FROM orders"),
        Example::bad(Mysql, "INSERT INTO archive SELECT * FROM orders WHERE total > 5")
            .after("CREATE TABLE archive (id int PRIMARY KEY, total int); CREATE TABLE orders (id int PRIMARY KEY, total int)"),
        Example::good(Mysql, "INSERT INTO archive SELECT * FROM orders WHERE id BETWEEN 1 AND 1000")
            .after("CREATE TABLE archive (id int PRIMARY KEY, total int); CREATE TABLE orders (id int PRIMARY KEY, total int)"),
        Example::good(
            Mysql,
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; INSERT INTO archive SELECT * FROM orders",
        ),
        Example::good(
            Mariadb,
            "SET SESSION transaction_isolation = 'READ-COMMITTED'; CREATE TABLE archive AS SELECT * FROM orders",
        ),
        Example::good(Mysql, "CREATE TABLE a (id int); INSERT INTO b SELECT * FROM a"),
        Example::good(Mysql, "INSERT INTO orders VALUES (1, 2)"),
        Example::good(Mysql, "CREATE TABLE archive LIKE orders"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let copies = match context.statement {
        Statement::Rows(change) => change.verb == RowVerb::Insert,
        Statement::CreateTable(_) => true,
        _ => false,
    };
    if !copies || reads_committed(context) {
        return Vec::new();
    }
    let impact = impact(context.flavour, context.version, context.catalog, context.statement);
    let read = impact.locks.iter().filter(|lock| lock.mode == LockMode::SharedRows);
    let found = |lock: &TableLock| {
        let message =
            format!("writers of {} wait until its rows are read and the transaction is over", lock.table);
        let help = "before it: SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; or batches by the primary key";
        Found::new(Severity::Warning, message, help).lock(lock.to_string())
    };
    read.filter(|lock| context.in_use(&lock.table)).map(found).collect()
}

/// Whether the text has said before it that queries lock nothing.
fn reads_committed(context: &Context<'_>) -> bool {
    let last = context.earlier().iter().rev().find_map(|statement| match statement {
        Statement::Set(setting) => isolation(setting),
        _ => None,
    });
    last.is_some_and(|level| level.starts_with("readcommitted") || level.starts_with("readuncommitted"))
}

/// The isolation level that a `SET` asks for: a value, or words behind `TRANSACTION`.
fn isolation(setting: &Setting) -> Option<String> {
    if let Some(level) = setting.name.strip_prefix("transactionisolationlevel") {
        return Some(level.to_owned());
    }
    let said = named(setting, "transaction_isolation") || named(setting, "tx_isolation");
    said.then(|| setting.value.replace(['-', ' '], ""))
}
