//! What PostgreSQL does not know, as its manual and its release notes have it; what it never knows was asked of
//! 15 and 18. Not `CONCURRENTLY` of an older one, which the rules about it tell.

use crate::statement::{ActionKind, ConstraintKind, ReindexScope, Statement};

use super::{
    fact::{Fact, never, since},
    said::Said,
};

pub(super) const FACTS: &[Fact] = &[
    since((18, 0, 0), "a constraint NOT NULL", "CHECK (… IS NOT NULL) NOT VALID", |said| {
        said.constraint(|constraint| matches!(constraint.kind, ConstraintKind::NotNull { .. }))
    }),
    since((18, 0, 0), "NOT ENFORCED", "leave it out", |said| {
        said.constraint(|constraint| constraint.not_enforced)
            || said.does(|kind| matches!(kind, ActionKind::AlterConstraint { enforced: Some(_), .. }))
    }),
    since(
        (18, 0, 0),
        "virtual generated columns",
        "STORED, which writes the table anew; or a view",
        |said| said.column(|column| column.generated.as_ref().is_some_and(|generated| !generated.stored)),
    ),
    since((18, 0, 0), "WITHOUT OVERLAPS", "EXCLUDE USING gist", |said| {
        (said.create().is_some() || said.alter().is_some()) && said.anywhere("WITHOUT OVERLAPS")
    }),
    since((17, 0, 0), "SET EXPRESSION", "drop the column and add it again", |said| {
        said.does(|kind| matches!(kind, ActionKind::SetExpression { .. }))
    }),
    since((17, 0, 0), "MERGE … RETURNING and BY SOURCE", "statements of their own", |said| {
        said.starts("MERGE") && (said.returns_rows() || said.outer("NOT MATCHED BY SOURCE"))
    }),
    since((15, 0, 0), "MERGE", "INSERT … ON CONFLICT", |said| said.starts("MERGE")),
    since((15, 0, 0), "NULLS NOT DISTINCT", "a unique index on coalesce(…)", |said| {
        (said.create().is_some() || said.alter().is_some() || said.index(|_| true))
            && said.anywhere("NULLS NOT DISTINCT")
    }),
    since((15, 0, 0), "SET ACCESS METHOD", "a new table", |said| {
        said.does(|kind| matches!(kind, ActionKind::SetAccessMethod))
    }),
    since((15, 0, 0), "security_invoker of a view", "leave it out", |said| {
        matches!(said.statement, Statement::CreateView(_)) && said.anywhere("( security_invoker")
    }),
    since((14, 0, 0), "CREATE OR REPLACE TRIGGER", "DROP TRIGGER IF EXISTS before it", |said| {
        said.starts("CREATE OR REPLACE TRIGGER")
    }),
    since((14, 0, 0), "COMPRESSION of a column", "leave it out", |said| {
        said.altered_column("SET COMPRESSION")
    }),
    since((14, 0, 0), "BEGIN ATOMIC", "AS $$ … $$", |said| {
        (said.starts("CREATE FUNCTION|PROCEDURE") || said.starts("CREATE OR REPLACE FUNCTION|PROCEDURE"))
            && said.outer("BEGIN ATOMIC")
    }),
    since((13, 0, 0), "DROP EXPRESSION", "a new column, filled in batches", |said| {
        said.does(|kind| matches!(kind, ActionKind::DropExpression { .. }))
    }),
    since((13, 0, 0), "DROP DATABASE … WITH (FORCE)", "pg_terminate_backend before it", |said| {
        said.starts("DROP DATABASE") && said.anywhere("( FORCE")
    }),
    since((12, 0, 0), "generated columns", "a trigger, or a view", |said| {
        said.column(|column| column.generated.is_some())
    }),
    since((12, 0, 0), "[NOT] MATERIALIZED", "WITH … AS (…)", |said| {
        said.starts("WITH") && (said.outer("AS MATERIALIZED (") || said.outer("AS NOT MATERIALIZED ("))
    }),
    since((11, 0, 0), "procedures", "a function", |said| {
        said.starts("CREATE|ALTER|DROP PROCEDURE")
            || said.starts("CREATE OR REPLACE PROCEDURE")
            || said.starts("CALL")
    }),
    since((11, 0, 0), "INCLUDE", "the columns as parts of the index", |said| {
        (said.starts("CREATE INDEX|UNIQUE") || said.alter().is_some()) && said.outer("( INCLUDE (")
    }),
    since((11, 0, 0), "partitions for what no other takes, and by HASH", "partitions with bounds", |said| {
        let default =
            said.create().and_then(|create| create.partition_of.as_ref()).is_some_and(|of| of.default);
        let attached = said.does(|kind| matches!(kind, ActionKind::AttachPartition { default: true, .. }));
        default || attached || said.create().is_some() && said.outer("PARTITION BY HASH (")
    }),
    since((10, 0, 0), "IDENTITY", "serial", |said| {
        said.column(|column| column.identity) || said.does(|kind| matches!(kind, ActionKind::Identity { .. }))
    }),
    since((10, 0, 0), "PARTITION BY", "INHERITS", |said| said.create().is_some_and(|it| it.partitioned)),
    since((9, 6, 0), "ADD COLUMN IF NOT EXISTS", "leave it out; a revision runs once", |said| {
        said.does(|kind| matches!(kind, ActionKind::AddColumn { if_not_exists: true, .. }))
    }),
    since((9, 5, 0), "ON CONFLICT", "INSERT … SELECT … WHERE NOT EXISTS", |said| {
        said.starts("INSERT") && said.outer("ON CONFLICT")
    }),
    since((9, 5, 0), "CREATE INDEX … IF NOT EXISTS", "leave it out; a revision runs once", |said| {
        said.index(|index| index.if_not_exists)
    }),
    never(
        "IF [NOT] EXISTS of such an object",
        "DO $$ … $$ that asks the catalog, or leave it out",
        |said| {
            said.action("ADD CONSTRAINT IF NOT EXISTS")
            || said.action("RENAME COLUMN IF EXISTS *")
            || said.action("ALTER COLUMN IF EXISTS *")
            || said.starts(
                "CREATE TYPE|DOMAIN|VIEW|TRIGGER|POLICY|ROLE|USER|FUNCTION|PROCEDURE|DATABASE IF NOT EXISTS",
            )
        },
    ),
    never("OR REPLACE of such an object", "DROP … IF EXISTS before it", |said| {
        said.starts("CREATE OR REPLACE TABLE|INDEX|UNIQUE|TYPE|DOMAIN|SEQUENCE|SCHEMA|DATABASE|POLICY|MATERIALIZED|EXTENSION")
    }),
    never("NOT VALID of a key", "CREATE UNIQUE INDEX CONCURRENTLY, then USING INDEX", |said| {
        said.constraint(|constraint| {
            let key =
                matches!(constraint.kind, ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. });
            key && constraint.not_valid
        })
    }),
    never("what MySQL says of tables", "what PostgreSQL has for it", of_mysql),
    never("what MySQL says of rows", "what PostgreSQL has for it", |said| {
        said.starts("INSERT IGNORE INTO")
            || said.starts("REPLACE INTO")
            || said.starts("INSERT") && said.outer("ON DUPLICATE KEY")
            || said.starts("INSERT OR IGNORE|REPLACE INTO")
            || said.starts("UPDATE") && said.before("JOIN", "SET")
            || said.starts("UPDATE|DELETE") && said.outer("LIMIT")
    }),
    never("statements of MySQL and SQLite, such as this one", "leave it out for PostgreSQL", |said| {
        [
            "RENAME TABLE",
            "PRAGMA",
            "OPTIMIZE TABLE",
            "LOCK TABLES * READ|WRITE",
            "UNLOCK TABLES",
            "FLUSH TABLES",
        ]
        .iter()
        .any(|words| said.starts(words))
    }),
    since((9, 5, 0), "REINDEX SCHEMA", "REINDEX DATABASE", |said| {
        matches!(said.statement, Statement::Reindex(reindex) if reindex.scope == ReindexScope::Wide)
            && said.starts("REINDEX SCHEMA")
    }),
];

fn of_mysql(said: &Said<'_>) -> bool {
    const ACTIONS: &[&str] = &[
        "MODIFY",
        "CHANGE",
        "DROP PRIMARY KEY",
        "DROP FOREIGN KEY",
        "ADD INDEX",
        "ADD KEY",
        "ALGORITHM",
        "ENGINE",
    ];
    said.column(|column| {
        column.auto_increment
            || column.position.is_some()
            || column.data_type.as_ref().is_some_and(|it| it.unsigned)
    }) || ACTIONS.iter().any(|words| said.action(words))
        || said.behind_body("ENGINE")
        || said.starts("DROP INDEX") && said.outer("ON")
}
