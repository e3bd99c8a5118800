use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{ObjectName, RowChange, RowVerb, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "backfill-in-migration",
    summary: "rows that are filled next to a change of their table",
    flavours: ALL,
    why: "The rows are written while the locks of the schema change are held: everybody waits for as long \
          as there are rows. And where it fails, the schema change goes back with it, or (MySQL, MariaDB) \
          does not. Fill rows in batches, in a revision of its own outside of a transaction, and ANALYZE \
          the table afterwards.",
    examples: &[
        Example::bad(
            Postgres,
            "ALTER TABLE orders ADD note text; UPDATE orders SET note = title WHERE note IS NULL",
        ),
        Example::bad(
            Mysql,
            "ALTER TABLE orders ADD note text; UPDATE orders SET note = 'x' WHERE state = 'new'",
        ),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD note text; UPDATE orders SET note = 'x' WHERE id = 7",
        ),
        Example::good(
            Mysql,
            "ALTER TABLE orders ADD note text; UPDATE orders SET note = 'x' WHERE note IS NULL LIMIT 1000",
        ),
        Example::good(Postgres, "UPDATE orders SET note = title WHERE note IS NULL"),
        Example::good(
            Postgres,
            "ALTER TABLE customers ADD note text; UPDATE orders SET note = title WHERE note IS NULL",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Statement::Rows(change) = context.statement else { return Vec::new() };
    let Some(table) = change.table.as_ref().filter(|table| context.in_use(table)) else { return Vec::new() };
    let writes = matches!(change.verb, RowVerb::Update | RowVerb::Delete);
    if !writes || !change.chosen || change.limited || few(context, table, change) || !altered(context, table)
    {
        return Vec::new();
    }
    let message = format!("rows of {table} are written in the text that alters it, however many there are");
    let help = "a revision of its own with a backfill in batches, outside of a transaction";
    vec![Found::new(Severity::Warning, message, help)]
}

/// Whether the condition names a key, and so a few rows.
fn few(context: &Context<'_>, table: &ObjectName, change: &RowChange) -> bool {
    let Some(condition) = &change.condition else { return false };
    let key = context.table(table).and_then(|table| table.primary_key()).unwrap_or_default();
    condition.mentions("id") || key.iter().any(|column| condition.mentions(column))
}

fn altered(context: &Context<'_>, table: &ObjectName) -> bool {
    context.script.iter().any(|statement| match statement {
        Statement::AlterTable(alter) => context.catalog.same_table(&alter.table, table),
        _ => false,
    })
}
