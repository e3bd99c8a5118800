use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ConstraintKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "pk-lock",
    summary: "a primary key whose index is built while nobody can use the table",
    flavours: POSTGRES,
    why: "`ADD PRIMARY KEY` builds its index, and reads the table for nulls, under an ACCESS EXCLUSIVE lock. \
          Build a unique index concurrently, see that its columns are NOT NULL, and make the index the key: \
          `ADD PRIMARY KEY USING INDEX` then reads nothing.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD PRIMARY KEY (id)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (a, b)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN id uuid PRIMARY KEY"),
        Example::bad(Postgres, "ALTER TABLE orders ADD PRIMARY KEY USING INDEX i")
            .after("CREATE TABLE orders (id int); CREATE UNIQUE INDEX i ON orders (id)"),
        Example::good(Postgres, "ALTER TABLE orders ADD PRIMARY KEY USING INDEX i")
            .after("CREATE TABLE orders (id int NOT NULL); CREATE UNIQUE INDEX i ON orders (id)"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT k PRIMARY KEY USING INDEX i"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let locked = |(table, action): (&ObjectName, &Action)| {
        let (columns, index) = match &action.kind {
            ActionKind::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::PrimaryKey { columns, index } => (columns.clone(), index.as_deref()),
                _ => return None,
            },
            ActionKind::AddColumn { column, .. } if column.primary_key() => (vec![column.name.clone()], None),
            _ => return None,
        };
        let name = context.quoted(table);
        let lock = format!("ACCESS EXCLUSIVE on {table}");
        let Some(index) = index else {
            let message = format!("nobody can use {table} until the index of its primary key is built");
            let index = context.quoted_part(&format!("{}_pkey", table.name));
            let help = format!(
                "CREATE UNIQUE INDEX CONCURRENTLY {index} ON {name} ({}); then ALTER TABLE {name} ADD PRIMARY KEY \
                 USING INDEX {index};",
                context.quoted_parts(&columns)
            );
            return Some(Found::new(Severity::Error, message, help).at(action).lock(lock));
        };
        let nullable = nullable(context, table, index)?;
        let message =
            format!("all of {table} is read while nobody can use it, to see that {nullable} is never null");
        let help = format!("first make {nullable} NOT NULL by a validated check (see not-null-scan)");
        Some(Found::new(Severity::Error, message, help).at(action).lock(lock))
    };
    context.actions_in_use().filter_map(locked).collect()
}

/// A column of the index that may be null, as far as anybody knows.
fn nullable(context: &Context<'_>, table: &ObjectName, index: &str) -> Option<String> {
    let table = context.table(table)?;
    let columns = table.index(index)?.columns();
    let open = |name: &String| {
        let nullable = table.column(name).is_some_and(|column| column.nullable);
        nullable && !(context.at_least(12, 0) && table.proves_not_null(name))
    };
    columns.into_iter().find(open)
}
