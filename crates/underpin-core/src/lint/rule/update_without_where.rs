use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{RowVerb, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "update-without-where",
    summary: "every row of a table written",
    flavours: ALL,
    why: "Every row is locked until the transaction ends, and replicas fall behind by as much. Change rows \
          in batches, in a revision of its own that is not run in one transaction, and say which rows with \
          a condition.",
    examples: &[
        Example::bad(Postgres, "UPDATE orders SET note = ''"),
        Example::bad(Mysql, "update orders set note = ''"),
        Example::bad(Sqlite, "UPDATE orders SET note = ''"),
        Example::bad(Mariadb, "UPDATE orders SET note = '' WHERE 1 = 1"),
        Example::bad(Mysql, "UPDATE orders o JOIN lines l ON l.o = o.id SET o.note = l.note"),
        Example::bad(
            Mysql,
            "CREATE TABLE fresh (o int, note text); UPDATE fresh f JOIN orders o ON o.id = f.o SET o.note = f.note",
        ),
        Example::bad(Postgres, "UPDATE orders SET note = l.note FROM lines l"),
        Example::bad(Postgres, "UPDATE orders SET note = '' WHERE NULL IS NULL OR id = 5"),
        Example::good(Mysql, "UPDATE orders o JOIN lines l ON l.o = o.id AND l.n = 1 SET o.note = l.note"),
        Example::good(Postgres, "UPDATE orders SET note = l.note FROM lines l WHERE l.o = orders.o"),
        Example::good(Postgres, "UPDATE orders SET note = '' WHERE id = 5"),
        Example::good(Mysql, "UPDATE orders SET note = '' LIMIT 1000"),
        Example::good(Postgres, "CREATE TABLE orders (note text); UPDATE orders SET note = ''"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Rows(change) = context.statement else { return Vec::new() };
    let Some(table) = change.table.as_ref().filter(|table| context.in_use(table)) else { return Vec::new() };
    if change.verb != RowVerb::Update || change.chosen {
        return Vec::new();
    }
    let message = format!("every row of {table} is written, and is locked until the transaction ends");
    let help = format!("UPDATE {} … WHERE …, in batches, in a revision of its own", context.quoted(table));
    vec![Found::new(Severity::Warning, message, help)]
}
