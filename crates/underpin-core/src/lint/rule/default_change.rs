use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{Action, ActionKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "default-change",
    summary: "another default",
    flavours: ALL,
    why: "Rows that are there keep their value, and programs that insert without the column get another \
          one from now on. An ORM that names every column never sees the new default.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new'"),
        Example::bad(Postgres, "ALTER TABLE orders ALTER state DROP DEFAULT"),
        Example::bad(Mysql, "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new'"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD n int DEFAULT 1; ALTER TABLE orders ALTER n DROP DEFAULT",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |(table, action): (&ObjectName, &Action)| {
        let (ActionKind::SetDefault { column, .. } | ActionKind::DropDefault { column }) = &action.kind
        else {
            return None;
        };
        let message =
            format!("programs that insert into {table} without {column} get another value from now on");
        let help = "look at who inserts without the column";
        let found = Found::new(Severity::Note, message, help).at(action);
        context.column_in_use(table, column).then_some(found)
    };
    context.actions_in_use().filter_map(found).collect()
}
