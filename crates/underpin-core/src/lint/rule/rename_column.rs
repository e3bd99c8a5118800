use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, AlterType, AlterView, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "rename-column",
    summary: "a column that old programs look for under its old name",
    flavours: ALL,
    why: "Programs of the release before run until all are replaced, and fail at the first query that \
          names the column. Add the new column, write both, fill it, change over, and drop the old one a \
          release later; or keep the old name in the same file as a generated column (on MySQL and MariaDB in an \
          ALTER TABLE of its own: in one they copy the table) or in a view.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders RENAME COLUMN note TO remark"),
        Example::bad(Postgres, "alter table orders rename \"Note\" to remark"),
        Example::bad(Postgres, "ALTER VIEW sold RENAME COLUMN note TO remark"),
        Example::bad(Postgres, "ALTER TYPE address RENAME ATTRIBUTE zip TO postcode"),
        Example::bad(Mysql, "ALTER TABLE orders CHANGE COLUMN `note` `remark` varchar(20)"),
        Example::bad(Mariadb, "ALTER TABLE orders RENAME COLUMN IF EXISTS note TO remark"),
        Example::bad(Sqlite, "ALTER TABLE orders RENAME note TO remark"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (id int, remark text); INSERT INTO n (id, remark) \
            SELECT id, note FROM t; DROP TABLE t; \
        ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE t (id int, note text)"),
        Example::good(Mysql, "ALTER TABLE orders CHANGE note note varchar(20)"),
        Example::good(
            Mysql,
            "ALTER TABLE orders RENAME COLUMN note TO remark, ADD note text AS \
            (remark) VIRTUAL",
        ),
        Example::good(
            Mysql,
            "ALTER TABLE orders RENAME COLUMN note TO remark; ALTER TABLE orders \
            ADD COLUMN note text AS (remark) VIRTUAL",
        ),
        Example::good(
            Postgres,
            "ALTER TABLE orders RENAME TO orders_2; ALTER TABLE orders_2 RENAME \
            note TO remark; \
        CREATE VIEW orders AS SELECT id, remark AS note FROM orders_2",
        ),
        Example::good(Postgres, "CREATE TABLE orders (a int); ALTER TABLE orders RENAME a TO b"),
        Example::good(Postgres, "ALTER TABLE orders RENAME CONSTRAINT a TO b"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite && matches!(context.statement, Statement::Drop(_)) {
        let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
        let renamed = rebuild.renamed();
        let found = renamed.iter().map(|(from, to)| of(context, rebuild.old, from, to));
        return found.map(|found| found.locking(context, rebuild.old)).collect();
    }
    if let Statement::AlterType(AlterType::Other { name, what }) = context.statement
        && what == "RENAME ATTRIBUTE"
    {
        let message = format!("programs that know the attribute of {name} by its old name fail from now on");
        return vec![Found::new(
            Severity::Error,
            message,
            "another type, and a column of it to change over to",
        )];
    }
    if let Statement::AlterView(AlterView { view, column: Some((from, to)), .. }) = context.statement {
        let message = format!("programs that know {to} of {view} as {from} fail from now on");
        let help = "CREATE OR REPLACE VIEW with both, and without the old one a release later";
        return vec![Found::new(Severity::Error, message, help).locking(context, view)];
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let (from, to) = match &action.kind {
            ActionKind::RenameColumn { from, to } => (from, to),
            ActionKind::Redefine { from, column } => (from, &column.name),
            _ => return None,
        };
        let other = !context.catalog.same(from, to);
        (other && context.column_in_use(table, from) && !still_there(context, table, from))
            .then(|| of(context, table, from, to).by(context, table, action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(context: &Context<'_>, table: &ObjectName, from: &str, to: &str) -> Found {
    let message = format!("programs that know {to} of {table} as {from} fail from now on");
    let (table, from, to) = (context.quoted(table), context.quoted_part(from), context.quoted_part(to));
    let help = format!(
        "ALTER TABLE {table} ADD COLUMN {to} …; write both, fill it, read {to}, and drop {from} a \
            release later"
    );
    Found::new(Severity::Error, message, help)
}

/// Whether the file keeps the old name: as a generated column, or in a view with the table's old name.
fn still_there(context: &Context<'_>, table: &ObjectName, column: &str) -> bool {
    context.script.iter().skip(context.index).any(|statement| match statement {
        Statement::AlterTable(alter) if alter.table == *table => alter.actions.iter().any(|action| {
            matches!(&action.kind, ActionKind::AddColumn { column: added, .. }
                if added.generated.is_some() && context.catalog.same(&added.name, column))
        }),
        Statement::CreateView(view) => {
            let of = view.names.iter().any(|name| context.catalog.same(name, &table.name));
            of && view.names.iter().any(|name| context.catalog.same(name, column))
        }
        _ => false,
    })
}
