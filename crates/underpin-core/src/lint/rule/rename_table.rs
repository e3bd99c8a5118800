mod stand_in;

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
          to on PostgreSQL, MySQL and MariaDB; on SQLite it takes INSTEAD OF triggers), and drop the view a release later. A new and empty table of the \
          old name keeps nothing: programs find none of their rows. Nor does a view that leaves out columns or \
          rows, or another table without the columns of this one.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders RENAME TO purchases"),
        Example::bad(Postgres, "alter table if exists public.orders set schema archive"),
        Example::bad(Postgres, "ALTER VIEW open_orders RENAME TO unpaid_orders"),
        Example::bad(Postgres, "ALTER MATERIALIZED VIEW open_orders SET SCHEMA archive"),
        Example::bad(Mysql, "RENAME TABLE orders TO purchases, `lines` TO purchase_lines"),
        Example::bad(Mysql, "ALTER TABLE orders RENAME AS purchases"),
        Example::bad(Mysql, "ALTER TABLE orders RENAME purchases"),
        Example::bad(Mariadb, "RENAME TABLE IF EXISTS orders TO purchases"),
        Example::bad(Sqlite, "ALTER TABLE orders RENAME TO purchases"),
        Example::good(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases",
        ),
        Example::bad(Sqlite, "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases"),
        Example::good(
            Sqlite,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases; CREATE TRIGGER i \
            INSTEAD OF INSERT ON orders BEGIN INSERT INTO purchases SELECT new.id; END",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases; DROP VIEW orders",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM customers",
        ),
        Example::bad(
            Postgres,
            "ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT DISTINCT * FROM purchases",
        ),
        Example::bad(
            Mysql,
            "RENAME TABLE orders TO purchases; CREATE VIEW orders AS SELECT * FROM purchases WHERE total > 0",
        ),
        Example::bad(Mysql, "RENAME TABLE orders TO purchases; CREATE VIEW orders AS SELECT id FROM purchases")
            .after("CREATE TABLE orders (id int, total int)"),
        Example::good(
            Mysql,
            "RENAME TABLE orders TO purchases; ALTER TABLE purchases RENAME COLUMN total TO amount; \
            CREATE VIEW orders (id, total) AS SELECT id, amount FROM purchases WITH CHECK OPTION",
        )
        .after("CREATE TABLE orders (id int, total int)"),
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
        Example::bad(Mysql, "RENAME TABLE orders TO orders_old, customers TO orders")
            .after("CREATE TABLE orders (id int, total int); CREATE TABLE customers (id int, name text)"),
        Example::bad(
            Mariadb,
            "CREATE TABLE n (id int); INSERT INTO n SELECT id FROM orders; RENAME TABLE orders TO o, n TO orders",
        )
        .after("CREATE TABLE orders (id int, total int)"),
        Example::good(
            Mysql,
            "CREATE TABLE n LIKE orders; ALTER TABLE n ADD note text; INSERT INTO n (id) SELECT id FROM orders; \
            RENAME TABLE orders TO o, n TO orders",
        )
        .after("CREATE TABLE orders (id int)"),
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
            let moved = renamed.iter().filter(|(from, to)| !takes_over(from, to));
            let found = moved.filter_map(|(from, to)| Some((from, lost(context, from, to)?)));
            found.map(|(from, found)| found.locking(context, from)).collect()
        }
        Statement::AlterView(AlterView { view, renamed, schema, .. }) if context.in_use(view) => {
            let moved = schema.as_ref().map(|schema| format!("{schema}.{}", view.name));
            let Some(to) = renamed.as_ref().or(moved.as_ref()) else { return Vec::new() };
            let message = format!("programs that know {to} as {view} fail from now on");
            vec![
                Found::new(Severity::Warning, message, "a second view of the old name, for a release")
                    .locking(context, view),
            ]
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
    if same {
        return None;
    }
    lost(context, table, &to).map(|found| found.by(context, table, action))
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

/// What is found where programs find nothing under the old name at the end of the file, or not what was
/// there.
fn lost(context: &Context<'_>, table: &ObjectName, to: &ObjectName) -> Option<Found> {
    if !context.in_use(table) || passing(context, table) {
        return None;
    }
    if is_kept_as_view(context, table, to) {
        return read_only(context, table);
    }
    match stands_in(context, table) {
        None => Some(of(context, table, to)),
        Some(lacking) if lacking.is_empty() => None,
        Some(lacking) => {
            let message = format!(
                "programs that know {to} as {table} find another table there from now on, without {}",
                lacking.join(", ")
            );
            let help = "a table with these columns too, or a name of its own for the other one";
            Some(Found::new(Severity::Error, message, help))
        }
    }
}

/// A view of SQLite that keeps the old name can be read, and not written to, but for what its triggers do.
fn read_only(context: &Context<'_>, table: &ObjectName) -> Option<Found> {
    let triggers = context.later().iter().any(|statement| match statement {
        Statement::CreateTrigger(trigger) => trigger.table.as_ref().is_some_and(|of| one(context, of, table)),
        _ => false,
    });
    let message =
        format!("programs that write to {table} fail from now on: a view of SQLite can only be read");
    let help = "INSTEAD OF triggers on the view, for INSERT, UPDATE and DELETE";
    (context.flavour == Sqlite && !triggers).then(|| Found::new(Severity::Warning, message, help))
}

/// Whether a table with rows takes over the name, and which columns it is known to lack then.
fn stands_in(context: &Context<'_>, table: &ObjectName) -> Option<Vec<String>> {
    let here = |name: &ObjectName| one(context, name, table);
    let taken = |renamed: &[(ObjectName, ObjectName)]| {
        let other = renamed.iter().find(|(from, to)| from != table && here(to)).map(|(from, _)| from);
        let other = other.filter(|other| holds(context, other));
        other.map(|other| stand_in::lacking(context, table, other))
    };
    let swapped = match context.statement {
        Statement::RenameTables(renamed) => taken(renamed),
        _ => None,
    };
    swapped.or_else(|| {
        context.later().iter().find_map(|statement| match statement {
            Statement::CreateTable(create) => {
                let in_place = create.table.as_ref().is_some_and(here) && holds(context, table);
                in_place.then(|| stand_in::lacking_in_new(context, table, create))
            }
            Statement::RenameTables(renamed) => taken(renamed),
            _ => renamed(statement)
                .filter(|(from, to)| here(to) && holds(context, from))
                .map(|(from, _)| stand_in::lacking(context, table, from)),
        })
    })
}

/// Whether a view of the old name shows the table, under the name that it has then, and is there at the end.
fn is_kept_as_view(context: &Context<'_>, table: &ObjectName, to: &ObjectName) -> bool {
    let later = context.later();
    let mut name = to;
    let mut kept = false;
    for statement in later {
        match statement {
            Statement::CreateView(view) if one(context, &view.view, table) => {
                kept = stand_in::shows(context, view, table, name);
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
