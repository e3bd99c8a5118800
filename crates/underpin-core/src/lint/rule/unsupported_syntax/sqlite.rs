//! What SQLite does not know (its documentation, "SQL As Understood By SQLite", and its release history;
//! measured on 3.40). Not what its `ALTER TABLE` can't do, which `sqlite-unsupported-alter` tells.

use crate::statement::{ObjectClass, RowVerb, Statement};

use super::{
    fact::{Fact, never, since},
    said::Said,
};

pub(super) const FACTS: &[Fact] = &[
    since((3, 37, 0), "STRICT tables", "leave STRICT out", |said| {
        said.create().is_some_and(|create| !create.as_query) && said.behind_body("STRICT")
    }),
    since((3, 31, 0), "generated columns", "a view with the expression", |said| {
        said.column(|column| column.generated.is_some())
    }),
    since(
        (3, 24, 0),
        "INSERT … ON CONFLICT … DO",
        "INSERT OR IGNORE, or an UPDATE and an INSERT",
        |said| inserts(said) && said.outer("ON CONFLICT"),
    ),
    since((3, 35, 0), "RETURNING", "a SELECT behind it", |said| said.returns_rows()),
    since((3, 33, 0), "UPDATE … FROM", "SET a = (SELECT …) WHERE …", updates_from),
    since((3, 27, 0), "VACUUM INTO", "the backup command of the shell", |said| {
        said.starts("VACUUM") && said.outer("INTO")
    }),
    since((3, 35, 0), "[NOT] MATERIALIZED", "WITH … AS (…)", |said| {
        said.starts("WITH") && (said.outer("AS MATERIALIZED (") || said.outer("AS NOT MATERIALIZED ("))
    }),
    never("NULLS FIRST and NULLS LAST of an index", "leave it out, and say it in ORDER BY", |said| {
        said.starts("CREATE INDEX|UNIQUE") && (said.anywhere("NULLS FIRST") || said.anywhere("NULLS LAST"))
    }),
    never("CONCURRENTLY", "leave it out: nobody else writes meanwhile anyway", |said| {
        said.index(|index| index.concurrently && index.name.is_some())
    }),
    never("an index's USING and INCLUDE", "leave it out", |said| {
        said.starts("CREATE INDEX|UNIQUE")
            && (said.before("USING", "(") || said.outer("( USING") || said.outer("( INCLUDE ("))
    }),
    never("TRUNCATE", "DELETE FROM", |said| said.starts("TRUNCATE")),
    never("OR REPLACE", "DROP … IF EXISTS before it", |said| said.starts("CREATE OR REPLACE")),
    never("statements of servers, such as this one", "leave it out for SQLite", foreign),
    never("objects of servers, such as this one", "leave it out for SQLite", |said| {
        said.starts(
            "CREATE|ALTER|DROP SCHEMA|DATABASE|FUNCTION|PROCEDURE|SEQUENCE|TYPE|DOMAIN|EXTENSION|POLICY|ROLE|USER",
        ) || said.starts("CREATE|ALTER|DROP|REFRESH MATERIALIZED")
    }),
    never("ALTER of anything but a table", "DROP, and CREATE it again", |said| {
        said.starts("ALTER INDEX|VIEW|TRIGGER|EVENT")
    }),
    never("SET outside of UPDATE", "a PRAGMA, where SQLite has one", |said| said.starts("SET")),
    never("CASCADE behind DROP, or several names", "a DROP for each", several_dropped),
    never("DROP INDEX … ON", "DROP INDEX and the name", |said| {
        said.starts("DROP INDEX") && said.outer("ON") && dropped(said, &ObjectClass::Index)
    }),
    never("INSERT IGNORE", "INSERT OR IGNORE", |said| said.starts("INSERT IGNORE")),
    never("ON DUPLICATE KEY", "ON CONFLICT … DO UPDATE", |said| {
        inserts(said) && said.outer("ON DUPLICATE KEY")
    }),
    never("joins in UPDATE and DELETE", "WHERE … IN (SELECT …)", |said| {
        said.starts("UPDATE") && said.before("JOIN", "SET")
            || said.starts("DELETE") && said.outer("USING") && !said.starts("DELETE FROM USING")
    }),
    never("a default that is a call without parentheses around it", "DEFAULT (…)", |said| {
        said.column(|column| {
            let call = |text: &str| !text.starts_with(['(', '\'', '"']) && text.ends_with(')');
            column.default.as_ref().is_some_and(|default| call(&default.text) && !default.calls.is_empty())
        })
    }),
    never("IDENTITY", "INTEGER PRIMARY KEY", |said| said.column(|column| column.identity)),
    never("options of MySQL's tables", "leave them out", |said| said.behind_body("ENGINE")),
    never("AUTO_INCREMENT", "INTEGER PRIMARY KEY AUTOINCREMENT", |said| {
        said.create().is_some() && said.anywhere("KEY|NULL AUTO_INCREMENT")
    }),
    never("a type with arguments that are no numbers", "text with a CHECK; an index of its own", |said| {
        said.column(|column| {
            let number = |text: &String| text.trim_start_matches(['+', '-', ' ']).parse::<f64>().is_ok();
            column.data_type.as_ref().is_some_and(|it| !it.arguments.iter().all(number))
        })
    }),
    since((3, 38, 0), "-> and ->>", "json_extract()", |said| said.operator("->") || said.operator("->>")),
];

fn inserts(said: &Said<'_>) -> bool {
    matches!(said.statement, Statement::Rows(change) if change.verb == RowVerb::Insert)
        && said.starts("INSERT|REPLACE|WITH")
}

/// `IS DISTINCT FROM` is none.
fn updates_from(said: &Said<'_>) -> bool {
    said.starts("UPDATE") && said.outer("FROM") && !said.outer("DISTINCT FROM")
}

/// Statements of other servers, by their first words.
fn foreign(said: &Said<'_>) -> bool {
    const OTHERS: &[&str] = &[
        "COMMENT ON",
        "GRANT",
        "REVOKE",
        "LOCK TABLE|TABLES",
        "UNLOCK TABLES",
        "RENAME TABLE|TABLES",
        "START TRANSACTION",
        "OPTIMIZE TABLE",
        "FLUSH",
        "CALL",
        "COPY",
        "MERGE INTO",
        "DO",
    ];
    OTHERS.iter().any(|words| said.starts(words))
}

fn several_dropped(said: &Said<'_>) -> bool {
    matches!(said.statement, Statement::Drop(drop) if drop.cascade || drop.names.len() > 1)
}

fn dropped(said: &Said<'_>, class: &ObjectClass) -> bool {
    matches!(said.statement, Statement::Drop(drop) if drop.class == *class)
}
