//! What MySQL does not know, as its manual has it ("SQL Statements", "What Is New in MySQL 8.0"); what it never
//! knows was asked of 9.7. Not what it can't do in a way that is asked for.

use crate::statement::{ActionKind, Statement};

use super::{
    fact::{Fact, never, since},
    said::{Said, computed, computed_default, typed},
};

pub(super) const FACTS: &[Fact] = &[
    never(
        "IF EXISTS and IF NOT EXISTS within ALTER TABLE",
        "leave it out: a revision runs once; for MariaDB, --dialect mariadb",
        |said| said.alter().is_some() && said.asks_whether(),
    ),
    never(
        "IF EXISTS and IF NOT EXISTS of an index",
        "leave it out: a revision runs once; for MariaDB, --dialect mariadb",
        |said| {
            (said.starts("CREATE|DROP INDEX") || said.starts("CREATE UNIQUE|FULLTEXT|SPATIAL INDEX"))
                && said.asks_whether()
        },
    ),
    never("RENAME TABLE IF EXISTS", "leave it out", |said| said.starts("RENAME TABLE|TABLES IF EXISTS")),
    never("CREATE OR REPLACE of anything but a view", "DROP … IF EXISTS before it", |said| {
        said.starts(
            "CREATE OR REPLACE TABLE|TEMPORARY|INDEX|UNIQUE|FULLTEXT|DATABASE|SCHEMA|TRIGGER|PROCEDURE|FUNCTION|EVENT|ROLE|USER|SEQUENCE",
        )
    }),
    never("sequences", "AUTO_INCREMENT", |said| said.starts("CREATE|ALTER|DROP SEQUENCE")),
    never("RETURNING", "LAST_INSERT_ID(), or a SELECT", |said| said.returns_rows()),
    never("WAIT and NOWAIT", "SET lock_wait_timeout before it", |said| {
        said.starts("ALTER TABLE * WAIT|NOWAIT")
    }),
    never("SYSTEM VERSIONING", "a table of its own, filled by triggers", |said| {
        said.does(|kind| matches!(kind, ActionKind::Versioning(_))) || said.behind_body("SYSTEM VERSIONING")
    }),
    never("ALGORITHM=NOCOPY", "ALGORITHM=INPLACE", |said| said.algorithm("NOCOPY")),
    never("IGNORED indexes", "INVISIBLE", |said| {
        said.starts("CREATE") && said.outer("( IGNORED") && said.index(|_| true)
            || said.action("ALTER INDEX|KEY * IGNORED")
    }),
    never(
        "types of PostgreSQL and MariaDB, such as this one",
        "binary(16), json, datetime, blob, or text of some length",
        |said| said.column(|column| typed(column, OF_OTHERS) || typed(column, OF_MARIADB)),
    ),
    since((8, 0, 0), "RENAME COLUMN", "CHANGE, with the whole definition", |said| {
        said.does(|kind| matches!(kind, ActionKind::RenameColumn { .. }))
    }),
    since((8, 0, 16), "DROP CHECK and ALTER CHECK", "a server that knows checks", |said| {
        said.action("DROP|ALTER CHECK")
    }),
    since((8, 0, 19), "DROP CONSTRAINT", "DROP FOREIGN KEY, DROP INDEX or DROP CHECK", |said| {
        said.action("DROP CONSTRAINT")
    }),
    since((8, 0, 16), "NOT ENFORCED", "leave it out", |said| {
        said.constraint(|constraint| constraint.not_enforced)
    }),
    since((8, 0, 12), "ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE", |said| said.algorithm("INSTANT")),
    since((8, 0, 13), "an index on an expression", "an index on a generated column", |said| {
        said.index(computed)
    }),
    since((8, 0, 13), "a default that is an expression", "a literal, or a trigger", |said| {
        said.column(computed_default)
    }),
    since((8, 0, 0), "INVISIBLE indexes", "leave it out", |said| {
        said.index(|_| true) && said.outer("( INVISIBLE")
            || said.action("ALTER INDEX|KEY * INVISIBLE|VISIBLE")
    }),
    since((5, 7, 0), "RENAME INDEX", "DROP INDEX and ADD INDEX in one statement", |said| {
        said.does(|kind| matches!(kind, ActionKind::RenameIndex { .. }))
    }),
    since((8, 0, 0), "WITH", "a subquery", |said| said.starts("WITH")),
    since(
        (8, 0, 29),
        "CREATE TRIGGER and PROCEDURE … IF NOT EXISTS",
        "DROP … IF EXISTS before it",
        |said| said.starts("CREATE TRIGGER|PROCEDURE|FUNCTION IF NOT EXISTS"),
    ),
    never("ALTER COLUMN … TYPE and SET NOT NULL", "MODIFY, with the whole definition", of_postgres),
    never("CONCURRENTLY", "ALGORITHM=INPLACE, LOCK=NONE", |said| said.concurrently()),
    never("what PostgreSQL says of tables", "what MySQL has for it", of_other_servers),
    never("statements of PostgreSQL and SQLite, such as this one", "leave it out for MySQL", foreign),
];

/// Types of PostgreSQL that neither MySQL nor MariaDB has.
pub(super) const OF_OTHERS: &[&str] = &[
    "jsonb",
    "timestamptz",
    "bytea",
    "citext",
    "bigserial",
    "smallserial",
    "hstore",
    "tsvector",
    "money",
    "inet",
    "cidr",
];

/// Types of MariaDB.
const OF_MARIADB: &[&str] = &["uuid", "inet4", "inet6"];

/// What PostgreSQL says of a column, and neither of these servers.
pub(super) fn of_postgres(said: &Said<'_>) -> bool {
    ["TYPE", "SET DATA TYPE", "SET NOT NULL", "DROP NOT NULL"].iter().any(|words| said.altered_column(words))
}

/// What PostgreSQL and SQLite say of tables and rows, and neither of these servers.
pub(super) fn of_other_servers(said: &Said<'_>) -> bool {
    said.column(|column| column.identity || column.data_type.as_ref().is_some_and(|it| it.array))
        || said.constraint(|constraint| constraint.not_valid)
        || said.action("VALIDATE CONSTRAINT")
        || said.action("RENAME CONSTRAINT")
        || said.action("OWNER TO")
        || said.action("SET SCHEMA")
        || said.starts("INSERT") && said.outer("ON CONFLICT")
        || said.starts("CREATE INDEX|UNIQUE") && (said.outer("( INCLUDE (") || said.index(|it| it.partial))
        || said.starts("DROP INDEX") && !said.outer("ON")
        || said.starts("UPDATE") && said.before("SET", "FROM") && !said.outer("DISTINCT FROM")
        || said.behind_body("WITHOUT ROWID")
        || matches!(said.statement, Statement::Truncate { tables, cascade, .. } if *cascade || tables.len() > 1)
}

/// Statements of other servers, by their first words.
pub(super) fn foreign(said: &Said<'_>) -> bool {
    const OTHERS: &[&str] = &[
        "COMMENT ON",
        "CREATE|DROP|ALTER EXTENSION",
        "CREATE|DROP|ALTER TYPE",
        "CREATE|DROP|ALTER DOMAIN",
        "CREATE|DROP|ALTER POLICY",
        "REFRESH MATERIALIZED",
        "VACUUM",
        "REINDEX",
        "PRAGMA",
        "MERGE INTO",
        "INSERT OR",
        "REASSIGN OWNED",
        "CLUSTER",
    ];
    OTHERS.iter().any(|words| said.starts(words))
}
