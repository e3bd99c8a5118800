use crate::{
    dialect::Flavour::{Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, ColumnDefinition, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-not-null",
    summary: "a column that may be null from now on",
    flavours: ALL,
    why: "Programs of the release before expect a value in every row, and fail at the first NULL that a \
          new one writes. Release programs that can read NULL first.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL"),
        Example::bad(Mysql, "ALTER TABLE orders MODIFY note int")
            .after("CREATE TABLE orders (note int NOT NULL)"),
        Example::bad(Sqlite, "ALTER TABLE orders ALTER note DROP NOT NULL"),
        Example::good(Mysql, "ALTER TABLE orders MODIFY note int NULL")
            .after("CREATE TABLE orders (note int)"),
        Example::good(Mysql, "ALTER TABLE orders MODIFY id bigint")
            .after("CREATE TABLE orders (id int PRIMARY KEY)"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD n int NOT NULL DEFAULT 1; ALTER TABLE orders ALTER n DROP NOT NULL",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |(table, action): (&ObjectName, &Action)| {
        let column = match &action.kind {
            ActionKind::DropNotNull { column } => column,
            ActionKind::Redefine { from, column } if widened(context, table, from, column) => from,
            _ => return None,
        };
        let message = format!("programs that expect a value in {column} of {table} fail at the first NULL");
        let help = "first release programs that can read NULL";
        let found = Found::new(Severity::Warning, message, help).at(action);
        context.column_in_use(table, column).then_some(found)
    };
    context.actions_in_use().filter_map(found).collect()
}

fn widened(context: &Context<'_>, table: &ObjectName, from: &str, to: &ColumnDefinition) -> bool {
    let key = context.table(table).and_then(|table| table.primary_key());
    let in_key = key.is_some_and(|key| key.iter().any(|name| name.eq_ignore_ascii_case(from)));
    context.column(table, from).is_some_and(|column| !column.nullable) && !to.not_null() && !in_key
}
