use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{ObjectName, Statement},
};

use super::{
    super::{Found, Script, Severity, Wrapping},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "mixed-data-and-schema",
    summary: "a text that changes rows and the schema",
    flavours: ALL,
    why: "What changes rows takes as long as there are rows, and holds the locks of every schema change that \
          went before it in the same transaction. On MySQL and MariaDB the two can't be one transaction at \
          all, so that a failure leaves one without the other. Two revisions, one for each, can be timed, \
          repeated and taken back by themselves.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD note text; UPDATE orders SET note = '' WHERE id = 1"),
        Example::bad(Mysql, "DELETE FROM orders WHERE id < 5; ALTER TABLE orders ADD note text"),
        Example::good(Postgres, "ALTER TABLE orders ADD note text; ALTER TABLE orders ADD more text"),
        Example::good(Postgres, "UPDATE orders SET note = 'x' WHERE note IS NULL"),
        Example::good(Postgres, "CREATE TABLE kinds (id int); INSERT INTO kinds VALUES (1), (2)"),
    ],
    check: Check::Script(check),
};

fn check(script: &Script<'_>, statements: &[Statement]) -> Vec<Found> {
    let made: Vec<&str> = statements
        .iter()
        .filter_map(|statement| match statement {
            Statement::CreateTable(create) => create.table.as_ref().map(|table| table.name.as_str()),
            _ => None,
        })
        .collect();
    // What a new table begins with belongs to it.
    let old = |table: &ObjectName| !made.iter().any(|made| made.eq_ignore_ascii_case(&table.name));
    let rows = statements.iter().any(
        |statement| matches!(statement, Statement::Rows(change) if change.table.as_ref().is_none_or(old)),
    );
    let schema = statements.iter().any(|statement| {
        matches!(
            statement,
            Statement::CreateTable(_)
                | Statement::AlterTable(_)
                | Statement::Drop(_)
                | Statement::CreateIndex(_)
                | Statement::RenameTables(_)
        )
    });
    if !(rows && schema) {
        return Vec::new();
    }
    let severity = match script.wrapping {
        Wrapping::Transaction | Wrapping::Alone => Severity::Warning,
        Wrapping::Plain => Severity::Note,
    };
    vec![Found::new(
        severity,
        "it changes rows and the schema",
        "two revisions: one for the schema, one for the rows",
    )]
}
