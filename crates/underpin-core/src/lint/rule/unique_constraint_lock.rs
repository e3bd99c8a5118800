use crate::{
    dialect::Flavour::Postgres,
    name::chosen,
    statement::{Action, ActionKind, ConstraintKind, ObjectName},
};

use super::{
    super::{
        Context, Found, Severity,
        partitioned::{self, Key},
    },
    Check, Example, POSTGRES, Rule, add_bare,
};

pub(super) static RULE: Rule = Rule {
    id: "unique-constraint-lock",
    summary: "a unique constraint whose index is built while nobody can use the table",
    flavours: POSTGRES,
    why: "`ADD UNIQUE` builds its index under an ACCESS EXCLUSIVE lock; so does a new column that is UNIQUE, \
          even though every row of it is null. Build the unique index concurrently, and make it the \
          constraint's with `ADD CONSTRAINT … UNIQUE USING INDEX`. A partitioned table takes no index \
          that way: add the constraint to it alone (`ALTER TABLE ONLY`), build it so on each partition, and attach \
          their indexes.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD UNIQUE NULLS NOT DISTINCT (a, b)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN code text UNIQUE"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE USING INDEX orders_code",
        ),
        Example::bad(Postgres, "ALTER TABLE m ADD CONSTRAINT k UNIQUE (at)").after(
            "CREATE TABLE m (at date) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m DEFAULT",
        ),
        Example::good(Postgres, "ALTER TABLE ONLY m ADD CONSTRAINT k UNIQUE (at)")
            .after("CREATE TABLE m (at date) PARTITION BY RANGE (at)"),
        Example::good(Postgres, "CREATE TABLE orders (code text); ALTER TABLE orders ADD UNIQUE (code)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let locked = |(table, action): (&ObjectName, &Action)| {
        let (columns, name, column) = match &action.kind {
            ActionKind::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::Unique { columns, index: None } => {
                    (columns.clone(), constraint.name.clone(), None)
                }
                _ => return None,
            },
            ActionKind::AddColumn { column, .. } if column.unique() => {
                (vec![column.name.clone()], None, Some(column))
            }
            _ => return None,
        };
        if partitioned::is_alone(context, table) {
            return None;
        }
        let name = name.unwrap_or_else(|| chosen(&table.name, &columns.join("_"), "key"));
        let quoted = context.quoted_part(&name);
        let of = context.quoted(table);
        let bare = column.map(|column| add_bare(context, table, column)).unwrap_or_default();
        let message = format!("nobody can use {table} until the index of {name} is built");
        let in_parts = Key { kind: "UNIQUE", columns: &columns }.help(context, table, &name);
        let help = in_parts.unwrap_or_else(|| {
            format!(
                "{bare}CREATE UNIQUE INDEX CONCURRENTLY {quoted} ON {of} ({}); then ALTER TABLE {of} ADD CONSTRAINT \
                 {quoted} UNIQUE USING INDEX {quoted};",
                context.quoted_parts(&columns)
            )
        });
        Some(
            Found::new(Severity::Error, message, help)
                .at(action)
                .lock(format!("ACCESS EXCLUSIVE on {table}")),
        )
    };
    context.actions_in_use().filter_map(locked).collect()
}
