use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, AlterView, Drop, ObjectClass, ObjectName, Statement},
};

use super::{
    super::{
        Context, Found, Severity,
        rebuild::{created, renamed, same},
    },
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "rename-table",
    summary: "a table that old programs look for under its old name",
    flavours: ALL,
    why: "Programs of the release before fail at once, and so does what is not a program: reports, grants \
          by name, jobs. Keep the old name in the same file as a view (views of one table can be written \
          to on PostgreSQL, MySQL and MariaDB), and drop the view a release later. A new and empty table of the \
          old name keeps nothing: programs find none of their rows.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders RENAME TO purchases"),
        Example::bad(Postgres, "alter table if exists public.orders set schema archive"),
        Example::bad(Postgres, "ALTER VIEW open_orders RENAME TO unpaid_orders"),
        Example::bad(Mysql, "RENAME TABLE orders TO purchases, `lines` TO purchase_lines"),
        Example::bad(Mysql, "ALTER TABLE orders RENAME AS purchases"),
        Example::bad(Mysql, "ALTER TABLE orders RENAME purchases"),
        Example::bad(Mariadb, "RENAME TABLE IF EXISTS orders TO purchases"),
        Example::bad(Sqlite, "ALTER TABLE orders RENAME TO purchases"),
        Example::good(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases; DROP VIEW orders",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM customers",
        ),
        Example::good(
            Postgres,
            "ALTER TABLE orders RENAME TO o; ALTER TABLE o RENAME TO purchases; \
            CREATE VIEW orders AS SELECT * FROM purchases",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE app.orders RENAME TO purchases; CREATE VIEW old.orders AS SELECT * FROM app.purchases",
        ),
        Example::good(Mysql, "RENAME TABLE orders TO orders_old, orders_new TO orders"),
        Example::bad(Mysql, "RENAME TABLE shop.orders TO archive.orders"),
        Example::bad(Mysql, "RENAME TABLE orders TO archive.orders"),
        Example::good(Mysql, "RENAME TABLE shop.orders TO shop.o, shop.orders_new TO shop.orders"),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        ),
        Example::bad(
            Postgres,
            "CREATE TABLE n (LIKE orders INCLUDING ALL); ALTER TABLE orders RENAME TO orders_old; \
            ALTER TABLE n RENAME TO orders",
        ),
        Example::bad(Mysql, "RENAME TABLE orders TO orders_old; CREATE TABLE orders (id int)"),
        Example::good(
            Postgres,
            "ALTER TABLE orders RENAME TO orders_1; CREATE TABLE orders (id int) PARTITION BY RANGE (id); \
            ALTER TABLE orders ATTACH PARTITION orders_1 DEFAULT",
        ),
        Example::good(Sqlite, "ALTER TABLE orders RENAME TO o; ALTER TABLE o RENAME TO orders"),
        Example::good(Mysql, "ALTER TABLE orders RENAME INDEX a TO b"),
        Example::good(Postgres, "ALTER INDEX a RENAME TO b"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    match context.statement {
        Statement::RenameTables(renamed) => {
            // What takes the place of another in the same statement was made for that.
            let takes_over = |from: &ObjectName, to: &ObjectName| {
                renamed.iter().any(|(other, _)| other != from && one(context, other, to))
            };
            let moved = renamed.iter().filter(|(from, to)| !takes_over(from, to) && gone(context, from, to));
            moved.map(|(from, to)| of(context, from, to)).collect()
        }
        Statement::AlterView(AlterView { view, renamed: Some(to), .. }) => {
            let message = format!("programs that know {to} as {view} fail from now on");
            vec![Found::new(Severity::Warning, message, "a second view of the old name, for a release")]
        }
        _ => context.actions_in_use().filter_map(|(table, action)| altered(context, table, action)).collect(),
    }
}

fn altered(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let to = match &action.kind {
        ActionKind::RenameTable { to } => to.clone(),
        ActionKind::SetSchema { schema } => {
            ObjectName { schema: Some(schema.clone()), name: table.name.clone() }
        }
        _ => return None,
    };
    let same = to.schema.is_none() && context.catalog.same(&to.name, &table.name);
    (!same && gone(context, table, &to)).then(|| of(context, table, &to).at(action))
}

fn of(context: &Context<'_>, from: &ObjectName, to: &ObjectName) -> Found {
    let message = format!("programs that know {to} as {from} fail from now on");
    let help = format!(
        "in the same file: CREATE VIEW {} AS SELECT * FROM {};",
        context.quoted(from),
        context.quoted(to)
    );
    Found::new(Severity::Error, message, help)
}

/// Whether two names are of one table: schemas count where both say one.
fn one(context: &Context<'_>, name: &ObjectName, other: &ObjectName) -> bool {
    let elsewhere = matches!((&name.schema, &other.schema), (Some(one), Some(other)) if one != other);
    context.catalog.same(&name.name, &other.name) && !elsewhere
}

/// Whether programs find nothing under the old name at the end of the file, or nothing of what was there.
fn gone(context: &Context<'_>, table: &ObjectName, to: &ObjectName) -> bool {
    let here = |name: &ObjectName| one(context, name, table);
    let swap = match context.statement {
        Statement::RenameTables(renamed) => {
            renamed.iter().find(|(from, to)| from != table && here(to)).map(|(from, _)| from)
        }
        _ => None,
    };
    let comes_back = swap.is_some_and(|from| holds(context, from))
        || is_kept_as_view(context, table, to)
        || context.later().iter().any(|statement| match statement {
            Statement::CreateTable(create) => {
                create.table.as_ref().is_some_and(here) && holds(context, table)
            }
            Statement::RenameTables(renamed) => {
                renamed.iter().any(|(from, to)| here(to) && holds(context, from))
            }
            _ => renamed(statement).is_some_and(|(from, to)| here(to) && holds(context, from)),
        });
    context.in_use(table) && !passing(context, table) && !comes_back
}

/// Whether a view of the old name shows the table, under the name that it has then, and is there at the end.
fn is_kept_as_view(context: &Context<'_>, table: &ObjectName, to: &ObjectName) -> bool {
    let later = context.later();
    let mut name = to;
    let mut kept = false;
    for statement in later {
        match statement {
            Statement::CreateView(view) if one(context, &view.view, table) => {
                kept = view.names.iter().any(|used| context.catalog.same(used, &name.name));
            }
            Statement::Drop(Drop { class: ObjectClass::View, names, .. }) => {
                kept &= !names.iter().any(|dropped| one(context, dropped, table));
            }
            _ => name = renamed(statement).filter(|(from, _)| same(from, name)).map_or(name, |(_, to)| to),
        }
    }
    kept
}

/// Whether a table that takes over the name has rows: it was there before, or the file gives it some.
fn holds(context: &Context<'_>, table: &ObjectName) -> bool {
    let Some(create) = created(context.script, table) else { return true };
    let fills = |statement: &Statement| match statement {
        Statement::Rows(change) => {
            change.from_query && change.table.as_ref().is_some_and(|into| same(into, table))
        }
        // The old table may become a part of the new one.
        Statement::AlterTable(alter) => alter.actions.iter().any(|action| {
            matches!(action.kind, ActionKind::AttachPartition { .. } | ActionKind::Inherit { .. })
        }),
        _ => false,
    };
    create.as_query || context.script.iter().any(fills)
}

/// Whether the file itself has given the table the name that it loses now.
fn passing(context: &Context<'_>, table: &ObjectName) -> bool {
    context.earlier().iter().any(|statement| match statement {
        Statement::RenameTables(renamed) => renamed.iter().any(|(_, to)| same(to, table)),
        _ => renamed(statement).is_some_and(|(_, to)| same(to, table)),
    })
}
