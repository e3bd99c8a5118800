use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, ObjectClass, ObjectName, PartitionWork, Statement},
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-table",
    summary: "a table that is dropped with its rows",
    flavours: ALL,
    why: "The rows are gone, and programs of the release before fail at once. First release programs that \
          don't use the table, then drop it in a later release; or rename it (`_dropped_…`) and drop it \
          when nobody has missed it. A table that the same file has made has no rows, and the table that a \
          rebuild on SQLite replaces has given them away.",
    examples: &[
        Example::bad(Postgres, "DROP TABLE orders"),
        Example::bad(Postgres, "DO $$ BEGIN IF now() > '2026-01-01' THEN DROP TABLE orders; END IF; END $$"),
        Example::bad(Postgres, "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$"),
        Example::good(Postgres, "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DROP TABLE orders'"),
        Example::bad(Mysql, "PREPARE s FROM 'DROP TABLE orders'; EXECUTE s"),
        Example::bad(Mariadb, "EXECUTE IMMEDIATE 'DROP TABLE orders'"),
        Example::good(Sqlite, "CREATE TEMP TABLE x AS SELECT 1; DROP TABLE temp.x"),
        Example::bad(Postgres, "drop table if exists public.\"Orders\", lines cascade"),
        Example::bad(Postgres, "DROP FOREIGN TABLE orders"),
        Example::bad(Mysql, "DROP TABLE IF EXISTS `shop`.`orders`, lines"),
        Example::bad(Mysql, "ALTER TABLE orders DROP PARTITION p2024"),
        Example::bad(Mariadb, "CREATE OR REPLACE TABLE orders (id int)"),
        Example::bad(Sqlite, "DROP TABLE orders"),
        Example::bad(Sqlite, "CREATE TABLE n (a int); DROP TABLE t; ALTER TABLE n RENAME TO t"),
        Example::good(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
        ),
        Example::good(
            Sqlite,
            "CREATE TEMPORARY TABLE b (a int); INSERT INTO b SELECT a FROM t; DROP TABLE t; \
        CREATE TABLE t (a int); INSERT INTO t SELECT a FROM b; DROP TABLE b",
        ),
        Example::good(Mysql, "DROP TEMPORARY TABLE x"),
        Example::good(Postgres, "CREATE TABLE x (a int); DROP TABLE x"),
        Example::good(Postgres, "DROP VIEW v"),
        Example::good(Postgres, "DROP TABLE IF EXISTS x").after("CREATE TABLE y (a int)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    match context.statement {
        Statement::Drop(drop) if drop.class == ObjectClass::Table && !drop.temporary => {
            if context.flavour == Sqlite && Rebuild::at(context).is_some_and(|rebuild| rebuild.copied()) {
                return Vec::new();
            }
            let tables = drop.names.iter().filter(|table| dropped(context, table, drop.if_exists));
            tables.map(|table| of(table).locking(context, table)).collect()
        }
        Statement::Drop(drop) if drop.class == ObjectClass::ForeignTable => {
            let gone = |table: &ObjectName| {
                let message = format!("programs that read {table} fail; its rows are elsewhere");
                Found::new(
                    Severity::Warning,
                    message,
                    "drop it once no program of any release in use reads it",
                )
                .locking(context, table)
            };
            drop.names.iter().map(gone).collect()
        }
        Statement::CreateTable(create) if create.or_replace && !create.temporary => {
            let table = create.table.iter().filter(|table| dropped(context, table, true));
            table.map(|table| of(table).locking(context, table)).collect()
        }
        Statement::AlterTable(_) => {
            context.actions_in_use().filter_map(|(table, action)| partition(context, table, action)).collect()
        }
        _ => Vec::new(),
    }
}

fn dropped(context: &Context<'_>, table: &ObjectName, if_exists: bool) -> bool {
    let absent = if_exists && context.catalog.is_complete() && context.table(table).is_none();
    context.in_use(table) && !absent
}

fn of(table: &ObjectName) -> Found {
    let message = format!("the rows of {table} are lost, and programs that use it fail from now on");
    Found::new(
        Severity::Error,
        message,
        "first release programs without it; drop it in the release after that",
    )
}

fn partition(context: &Context<'_>, table: &ObjectName, action: &Action) -> Option<Found> {
    let ActionKind::Partition { work: PartitionWork::Drop, partitions } = &action.kind else { return None };
    let message = match partitions.as_slice() {
        [one] => format!("the rows of the partition {one} of {table} are lost"),
        several => format!("the rows of the partitions {} of {table} are lost", several.join(", ")),
    };
    let help = "EXCHANGE PARTITION with a table that is kept for a while";
    Some(Found::new(Severity::Error, message, help).by(context, table, action))
}
