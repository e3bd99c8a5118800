use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{Action, ActionKind, AlterTable, ConstraintKind, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SERVERS,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-key",
    summary: "a primary key or unique constraint that is dropped",
    flavours: SERVERS,
    why: "From then on rows may be equal in what told them apart, and nobody notices until the key is to be added \
          again. `ON CONFLICT` and `ON DUPLICATE KEY` no longer find the row that is there, queries by the key read \
          the whole table, and replicas search each changed row that way. If it is to be another key, add that in \
          the same file.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders DROP PRIMARY KEY"),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT orders_pkey"),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT orders_code_key"),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT one_code")
            .after("CREATE TABLE orders (code int CONSTRAINT one_code UNIQUE)"),
        Example::good(Mysql, "ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (id, day)"),
        Example::good(
            Postgres,
            "ALTER TABLE orders DROP CONSTRAINT orders_pkey; ALTER TABLE orders ADD PRIMARY KEY USING INDEX i",
        )
        .after("CREATE TABLE orders (id bigint NOT NULL PRIMARY KEY); CREATE UNIQUE INDEX i ON orders (id)"),
        Example::good(Postgres, "ALTER TABLE orders DROP CONSTRAINT positive"),
        Example::good(Postgres, "CREATE TABLE orders (id int PRIMARY KEY); ALTER TABLE orders DROP CONSTRAINT orders_pkey"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if replaced(context) {
        return Vec::new();
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let gone = match &action.kind {
            ActionKind::DropPrimaryKey => "the primary key",
            ActionKind::DropConstraint { constraint, .. } if is_key(context, table, constraint) => constraint,
            _ => return None,
        };
        let message = format!("nothing keeps rows of {table} apart once {gone} is gone");
        let help = "keep it, or add the other one in the same file";
        Some(Found::new(Severity::Warning, message, help).at(action))
    };
    context.actions_in_use().filter_map(found).collect()
}

/// Whether the constraint is a key: as the catalog says, or by the name that PostgreSQL gives one where it says
/// nothing.
fn is_key(context: &Context<'_>, table: &ObjectName, name: &str) -> bool {
    let known = context.table(table).and_then(|table| table.constraint(name));
    let named = || {
        let name = name.to_lowercase();
        let own = format!("{}_", table.name.to_lowercase());
        name.ends_with("_pkey") || context.postgres() && name.starts_with(&own) && name.ends_with("_key")
    };
    known.map_or_else(named, |constraint| tells_apart(&constraint.kind))
}

fn tells_apart(kind: &ConstraintKind) -> bool {
    match kind {
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => true,
        ConstraintKind::ForeignKey { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => false,
    }
}

/// Whether the file adds a key to the same table, before it or after.
fn replaced(context: &Context<'_>) -> bool {
    let Some(alter) = context.alter() else { return false };
    context.script.iter().any(|statement| match statement {
        Statement::AlterTable(other) if other.table == alter.table => adds_key(other),
        Statement::CreateIndex(index) => index.unique && index.table.as_ref() == Some(&alter.table),
        _ => false,
    })
}

fn adds_key(alter: &AlterTable) -> bool {
    alter.actions.iter().any(|action| match &action.kind {
        ActionKind::AddConstraint(added) => tells_apart(&added.kind),
        ActionKind::AddColumn { column, .. } => column.primary_key() || column.unique(),
        ActionKind::AddIndex(index) => index.unique,
        _ => false,
    })
}
