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
    Check, Example, POSTGRES, Rule, not_null_scan,
};

pub(super) static RULE: Rule = Rule {
    id: "pk-lock",
    summary: "a primary key whose index is built while nobody can use the table",
    flavours: POSTGRES,
    why: "`ADD PRIMARY KEY` builds its index, and reads the table for nulls, under an ACCESS EXCLUSIVE lock. \
          Build a unique index concurrently, see that its columns are NOT NULL, and make the index the key: \
          `ADD PRIMARY KEY USING INDEX` then reads nothing. A partitioned table takes no index that way: \
          add the key to it alone (`ALTER TABLE ONLY`), build it so on each partition, and attach their indexes.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD PRIMARY KEY (id)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (a, b)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD COLUMN id uuid PRIMARY KEY"),
        Example::bad(Postgres, "ALTER TABLE orders ADD PRIMARY KEY USING INDEX i")
            .after("CREATE TABLE orders (id int); CREATE UNIQUE INDEX i ON orders (id)"),
        Example::good(Postgres, "ALTER TABLE orders ADD PRIMARY KEY USING INDEX i")
            .after("CREATE TABLE orders (id int NOT NULL); CREATE UNIQUE INDEX i ON orders (id)"),
        Example::bad(Postgres, "ALTER TABLE orders ADD CONSTRAINT k PRIMARY KEY (id)")
            .after("CREATE TABLE orders (id int)"),
        Example::bad(Postgres, "ALTER TABLE m ADD PRIMARY KEY (at)").after(
            "CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at); \
             CREATE TABLE m1 PARTITION OF m DEFAULT",
        ),
        Example::good(Postgres, "ALTER TABLE ONLY m ADD PRIMARY KEY (at)")
            .after("CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at)"),
        Example::good(Postgres, "ALTER TABLE orders ADD CONSTRAINT k PRIMARY KEY USING INDEX i"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let locked = |(table, action): (&ObjectName, &Action)| {
        let (columns, index, name) = match &action.kind {
            ActionKind::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::PrimaryKey { columns, index } => {
                    (columns.clone(), index.as_deref(), constraint.name.as_deref())
                }
                _ => return None,
            },
            ActionKind::AddColumn { column, .. } if column.primary_key() => {
                (vec![column.name.clone()], None, None)
            }
            _ => return None,
        };
        let lock = format!("ACCESS EXCLUSIVE on {table}");
        let Some(index) = index else {
            if partitioned::is_alone(context, table) {
                return None;
            }
            let message = format!("nobody can use {table} until the index of its primary key is built");
            let help = help(context, table, name, &columns);
            return Some(Found::new(Severity::Error, message, help).at(action).lock(lock));
        };
        let of_index = context.table(table)?.index(index)?.columns();
        let nullable = nullable(context, table, &of_index);
        let message = format!(
            "all of {table} is read while nobody can use it, to see that {} is never null",
            nullable.first()?
        );
        let help = format!("first {}", never_null(context, table, &nullable));
        Some(Found::new(Severity::Error, message, help).at(action).lock(lock))
    };
    context.actions_in_use().filter_map(locked).collect()
}

/// The key without a scan while nobody can use the table: its columns first, and then its index.
fn help(context: &Context<'_>, table: &ObjectName, name: Option<&str>, columns: &[String]) -> String {
    let nullable = nullable(context, table, columns);
    let first = match nullable.is_empty() {
        true => String::new(),
        false => format!("{} then ", never_null(context, table, &nullable)),
    };
    let usual = chosen(&table.name, "", "pkey");
    let key = Key { kind: "PRIMARY KEY", columns };
    if let Some(in_parts) = key.help(context, table, name.unwrap_or(&usual)) {
        return format!("{first}{in_parts}");
    }
    let index = context.quoted_part(name.unwrap_or(&usual));
    let constraint = if name.is_some() { format!("CONSTRAINT {index} ") } else { String::new() };
    let of = context.quoted(table);
    format!(
        "{first}CREATE UNIQUE INDEX CONCURRENTLY {index} ON {of} ({}); then ALTER TABLE {of} ADD {constraint}PRIMARY \
         KEY USING INDEX {index};",
        context.quoted_parts(columns)
    )
}

/// What tells these columns that they are never null, while others use the table.
fn never_null(context: &Context<'_>, table: &ObjectName, columns: &[String]) -> String {
    let each: Vec<String> =
        columns.iter().map(|column| not_null_scan::help(context, table, column)).collect();
    each.join(" ")
}

/// The columns that may be null, as far as anybody knows.
fn nullable(context: &Context<'_>, table: &ObjectName, columns: &[String]) -> Vec<String> {
    let Some(table) = context.table(table) else { return Vec::new() };
    let open = |name: &&String| {
        let nullable = table.column(name).is_some_and(|column| column.nullable);
        nullable && !(context.at_least(12, 0) && table.proves_not_null(name))
    };
    columns.iter().filter(open).cloned().collect()
}
