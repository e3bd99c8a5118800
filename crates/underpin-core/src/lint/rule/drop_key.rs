use crate::{
    catalog::Birth,
    dialect::Flavour::{Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, AlterTable, ConstraintKind, ObjectClass, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-key",
    summary: "a primary key, a unique constraint or a unique index that is dropped",
    flavours: ALL,
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
        Example::bad(Mysql, "ALTER TABLE orders DROP INDEX one_code")
            .after("CREATE TABLE orders (code int, UNIQUE KEY one_code (code))"),
        Example::bad(Sqlite, "DROP INDEX one_code")
            .after("CREATE TABLE orders (code int); CREATE UNIQUE INDEX one_code ON orders (code)"),
        Example::bad(Postgres, "DROP INDEX CONCURRENTLY one_code")
            .after("CREATE TABLE orders (code int); CREATE UNIQUE INDEX one_code ON orders (code)"),
        Example::good(
            Postgres,
            "CREATE UNIQUE INDEX CONCURRENTLY i ON orders (code, day); DROP INDEX CONCURRENTLY one_code",
        )
        .after("CREATE TABLE orders (code int, day date); CREATE UNIQUE INDEX one_code ON orders (code)"),
        Example::good(Mysql, "DROP INDEX i ON orders").after("CREATE TABLE orders (code int, KEY i (code))"),
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
    if let Statement::Drop(drop) = context.statement
        && drop.class == ObjectClass::Index
    {
        return drop.names.iter().filter_map(|index| index_dropped(context, index)).collect();
    }
    if context.alter().is_some_and(|alter| replaced(context, &alter.table)) {
        return Vec::new();
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let gone = match &action.kind {
            ActionKind::DropPrimaryKey => "the primary key",
            ActionKind::DropConstraint { constraint, .. } if is_key(context, table, constraint) => constraint,
            ActionKind::DropIndex { index } if is_unique(context, table, index) => index,
            _ => return None,
        };
        Some(of(table, gone).at(action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(table: &ObjectName, gone: &str) -> Found {
    let message = format!("nothing keeps rows of {table} apart once {gone} is gone");
    Found::new(Severity::Warning, message, "keep it, or add the other one in the same file")
}

/// A unique index that is dropped by its name.
fn index_dropped(context: &Context<'_>, index: &ObjectName) -> Option<Found> {
    let (table, known) = context.catalog.index(&index.name)?;
    let gone = known.unique && context.in_use(&table.name) && known.birth == Birth::Before;
    (gone && !replaced(context, &table.name)).then(|| of(&table.name, &index.name))
}

fn is_unique(context: &Context<'_>, table: &ObjectName, index: &str) -> bool {
    let indexes = context.table(table).map(|table| table.indexes.as_slice()).unwrap_or_default();
    let mut found = indexes.iter().filter(|known| context.catalog.same(&known.name, index));
    found.any(|known| known.unique && known.birth == Birth::Before)
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
fn replaced(context: &Context<'_>, table: &ObjectName) -> bool {
    let same = |other: &ObjectName| context.catalog.same_table(other, table);
    context.script.iter().any(|statement| match statement {
        Statement::AlterTable(other) if same(&other.table) => adds_key(other),
        Statement::CreateIndex(index) => index.unique && index.table.as_ref().is_some_and(same),
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
