use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{ObjectName, Statement},
};

use super::{
    super::{Found, Script, Severity},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "mixed-data-and-schema",
    summary: "a text that changes rows and the schema",
    flavours: ALL,
    why: "What changes rows takes as long as there are rows, and holds the locks of every schema change that \
          went before it in the same transaction. On MySQL and MariaDB the two can't be one transaction at \
          all, so that a failure leaves one without the other. Two revisions, one for each, can be timed, \
          repeated and taken back by themselves. Rows of a table that the same text makes, and those in which a \
          tool notes what it has done, are none.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE orders ADD note text; UPDATE orders SET note = '' WHERE id = 1"),
        Example::bad(Mysql, "DELETE FROM orders WHERE id < 5; ALTER TABLE orders ADD note text"),
        Example::good(Postgres, "ALTER TABLE orders ADD note text; ALTER TABLE orders ADD more text"),
        Example::good(Postgres, "UPDATE orders SET note = 'x' WHERE note IS NULL"),
        Example::good(
            Postgres,
            "ALTER TABLE orders ADD note text; UPDATE alembic_version SET version_num = 'b2'",
        ),
        Example::good(
            Postgres,
            "CREATE TEMP TABLE done (id int); DELETE FROM orders WHERE id IN (SELECT id FROM done)",
        ),
        Example::good(Postgres, "CREATE TABLE kinds (id int); INSERT INTO kinds VALUES (1), (2)"),
    ],
    check: Check::Script(check),
};

/// The tables in which tools note what they have done: a row of theirs is no data.
const BOOKKEEPING: &[&str] = &[
    "schema_migrations",
    "ar_internal_metadata",
    "alembic_version",
    "flyway_schema_history",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "django_content_type",
    "_prisma_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "sequelizemeta",
    "migrations",
    "typeorm_metadata",
    "__efmigrationshistory",
    "goose_db_version",
    "gorp_migrations",
    "_sqlx_migrations",
    "__diesel_schema_migrations",
    "refinery_schema_history",
    "seaql_migrations",
    "__drizzle_migrations",
    "doctrine_migration_versions",
    "phinxlog",
    "sqlite_sequence",
];

fn check(_: &Script<'_>, statements: &[Statement]) -> Vec<Found> {
    let made: Vec<&ObjectName> = statements
        .iter()
        .filter_map(|statement| match statement {
            Statement::CreateTable(create) => create.table.as_ref(),
            _ => None,
        })
        .collect();
    // What a new table begins with belongs to it.
    let old = |table: &ObjectName| {
        let name = table.name.to_lowercase();
        !BOOKKEEPING.contains(&name.as_str())
            && !made.iter().any(|made| made.name.eq_ignore_ascii_case(&name))
    };
    let rows = statements.iter().any(|statement| match statement {
        Statement::Rows(change) => change.table.as_ref().is_none_or(old),
        _ => false,
    });
    let schema = statements.iter().any(|statement| match statement {
        Statement::CreateTable(create) => !create.temporary,
        Statement::Drop(drop) => !drop.temporary,
        Statement::AlterTable(_) | Statement::CreateIndex(_) | Statement::RenameTables(_) => true,
        _ => false,
    });
    if !rows || !schema {
        return Vec::new();
    }
    vec![Found::new(
        Severity::Warning,
        "it changes rows and the schema",
        "two revisions: one for the schema, one for the rows",
    )]
}
