use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{RowVerb, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "delete-without-where",
    summary: "every row of a table deleted",
    flavours: ALL,
    why: "The rows are gone. And until the transaction ends, every one of them is locked. Change rows in \
          batches, in a revision of its own that is not run in one transaction, and say which rows with a \
          condition.",
    examples: &[
        Example::bad(Postgres, "DELETE FROM orders"),
        Example::bad(Mysql, "delete from orders"),
        Example::bad(Sqlite, "DELETE FROM orders"),
        Example::bad(Mariadb, "DELETE FROM orders WHERE 1 = 1"),
        Example::bad(Postgres, "WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone"),
        Example::bad(
            Postgres,
            "WITH gone AS (DELETE FROM orders RETURNING *) INSERT INTO old SELECT * FROM gone",
        ),
        Example::bad(Postgres, "DELETE FROM orders WHERE NOT FALSE"),
        Example::bad(Mysql, "DELETE o FROM orders o JOIN lines l ON l.o = o.id"),
        Example::bad(Postgres, "MERGE INTO orders o USING paid p ON p.id = o.id WHEN MATCHED THEN DELETE"),
        Example::bad(Mariadb, "DELETE HISTORY FROM orders"),
        Example::good(Mariadb, "DELETE HISTORY FROM orders BEFORE SYSTEM_TIME '2020-01-01'"),
        Example::good(
            Postgres,
            "MERGE INTO orders o USING paid p ON p.id = o.id WHEN MATCHED AND p.at < '2020-01-01' THEN DELETE",
        ),
        Example::good(Mysql, "DELETE a FROM orders a JOIN orders b ON a.id > b.id AND a.code = b.code"),
        Example::good(Mysql, "CREATE TABLE a (id int); DELETE o FROM a o JOIN orders l ON l.o = o.id"),
        Example::good(Postgres, "DELETE FROM orders WHERE id = 5"),
        Example::good(Mysql, "DELETE FROM orders LIMIT 1000"),
        Example::good(Postgres, "CREATE TABLE orders (note text); DELETE FROM orders"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Rows(change) = context.statement else { return Vec::new() };
    let Some(table) = change.table.as_ref().filter(|table| context.in_use(table)) else { return Vec::new() };
    let which = match change.verb {
        RowVerb::Delete if change.history && !change.chosen => "every earlier version of a row",
        RowVerb::Delete if !change.chosen => "every row",
        RowVerb::Merge if change.deletes_others => "every row that the MERGE finds",
        RowVerb::Delete | RowVerb::Merge | RowVerb::Insert | RowVerb::Update => return Vec::new(),
    };
    let message = format!("{which} of {table} is deleted, and is locked until the transaction ends");
    let help =
        format!("DELETE FROM {} … WHERE …, in batches, in a revision of its own", context.quoted(table));
    vec![Found::new(Severity::Warning, message, help)]
}
