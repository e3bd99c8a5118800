use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres},
    statement::{Action, ActionKind, ObjectName, PartitionWork, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "truncate",
    summary: "a table that is emptied",
    flavours: ALL,
    why: "Every row is gone at once. It takes the strongest lock that there is, and on MySQL and MariaDB \
          it can't be rolled back. Delete the rows that nobody needs in batches, with a condition.",
    examples: &[
        Example::bad(Postgres, "TRUNCATE orders"),
        Example::bad(Postgres, "truncate table only public.orders, lines restart identity"),
        Example::bad(Mysql, "TRUNCATE TABLE `orders`"),
        Example::bad(Mariadb, "TRUNCATE orders WAIT 5"),
        Example::bad(Mysql, "ALTER TABLE orders TRUNCATE PARTITION p1"),
        Example::bad(Mysql, "ALTER TABLE orders DISCARD TABLESPACE"),
        Example::good(Postgres, "CREATE TABLE x (a int); TRUNCATE x"),
        Example::good(Postgres, "CREATE TEMP TABLE x (a int); TRUNCATE x"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if let Statement::Truncate { tables, .. } = context.statement {
        let emptied = tables.iter().filter(|table| context.in_use(table));
        return emptied.map(|table| of(table, "all rows").locking(context, table)).collect();
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let what = match action.kind {
            ActionKind::Partition { work: PartitionWork::Truncate, .. } => "the rows of the partition",
            ActionKind::Tablespace(true) => "all rows",
            _ => return None,
        };
        Some(of(table, what).by(context, table, action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(table: &ObjectName, what: &str) -> Found {
    let message = format!("{what} of {table} are lost");
    Found::new(Severity::Error, message, "DELETE in batches, with a condition")
}
