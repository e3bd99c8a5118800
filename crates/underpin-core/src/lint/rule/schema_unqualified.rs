use crate::{
    dialect::Flavour::Postgres,
    statement::{ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "schema-unqualified",
    summary: "a name without its schema",
    flavours: POSTGRES,
    why: "Which table is meant is up to the `search_path` of whoever runs the statement: of the role, of the database, \
          of a `SET` before it. For a team that says the schema of each name; nobody is told who doesn't ask for it.",
    examples: &[
        Example::bad(Postgres, "CREATE TABLE orders (id int)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD note text"),
        Example::bad(Postgres, "DROP VIEW sales.sold, bought"),
        Example::bad(Postgres, "CREATE INDEX CONCURRENTLY orders_total ON orders (total)"),
        Example::good(Postgres, "CREATE TABLE sales.orders (id int)"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY orders_total ON sales.orders (total)"),
        Example::good(Postgres, "CREATE TEMPORARY TABLE copied (id int); ALTER TABLE copied ADD note text"),
        Example::good(Postgres, "UPDATE orders SET note = '' WHERE id = 1"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let temporary = |name: &ObjectName| context.table(name).is_some_and(|table| table.temporary);
    let open = named(context.statement).into_iter().filter(|name| name.schema.is_none() && !temporary(name));
    let found = |name: &ObjectName| {
        let message = format!("the search path decides which {} is meant", name.name);
        Found::new(Severity::Note, message, format!("{} with its schema", context.quoted(name)))
    };
    open.map(found).collect()
}

/// The tables and views whose place a statement decides.
fn named(statement: &Statement) -> Vec<&ObjectName> {
    match statement {
        Statement::CreateTable(create) if !create.temporary => create.table.iter().collect(),
        Statement::AlterTable(alter) => vec![&alter.table],
        Statement::CreateView(create) => vec![&create.view],
        Statement::AlterView(alter) => vec![&alter.view],
        Statement::CreateIndex(index) => index.table.iter().collect(),
        Statement::Drop(drop) => {
            drop.table.as_ref().map_or_else(|| drop.names.iter().collect(), |table| vec![table])
        }
        Statement::Truncate { tables, .. } => tables.iter().collect(),
        _ => Vec::new(),
    }
}
