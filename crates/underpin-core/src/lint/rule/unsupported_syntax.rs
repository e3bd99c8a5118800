mod fact;
mod mariadb;
mod mysql;
mod postgres;
mod said;
mod sqlite;

use crate::{
    dialect::Flavour::{self, Mariadb, Mysql, Postgres, Sqlite},
    schema::ServerVersion,
};

use super::{
    super::{Context, Found, Severity},
    ALL, Check, Example, Rule,
};
use fact::Fact;
use said::Said;

pub(super) static RULE: Rule = Rule {
    id: "unsupported-syntax",
    summary: "words that this server, or its version, does not know",
    flavours: ALL,
    why: "The server answers with a syntax error, and the file stops there: on MySQL and MariaDB with half of \
          it done. What each server knows from which version on is of its manual and its release notes; what \
          it never knows was asked of the servers. This is no parser: it tells what is often carried over \
          from another server or a newer version. Say the version of the server that the files are for \
          (`--server-version`); where nobody does, what only newer servers know is a note. What MariaDB knows \
          and MySQL does not is found where nobody says `--dialect mariadb`.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID").on("17"),
        Example::bad(Postgres, "CREATE TABLE t (a int, UNIQUE NULLS NOT DISTINCT (a))").on("14"),
        Example::bad(Postgres, "ALTER TABLE t ADD b int GENERATED ALWAYS AS (a * 2) STORED").on("11"),
        Example::bad(Postgres, "ALTER TABLE t ADD b int GENERATED ALWAYS AS (a * 2) VIRTUAL").on("17"),
        Example::bad(Postgres, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED").on("17"),
        Example::bad(Postgres, "ALTER TABLE t ALTER b SET EXPRESSION AS (a * 3)").on("16"),
        Example::bad(Postgres, "MERGE INTO t USING u ON u.id = t.id WHEN MATCHED THEN DELETE").on("14"),
        Example::bad(Postgres, "ALTER TABLE t SET ACCESS METHOD heap").on("14"),
        Example::bad(Postgres, "ALTER TABLE t SET ACCESS METHOD heap").on_any(),
        Example::bad(Postgres, "CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'").on("10"),
        Example::bad(Postgres, "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c CHECK (a > 0)"),
        Example::bad(Postgres, "INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE a = 1"),
        Example::bad(Mysql, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
        Example::bad(Mysql, "CREATE INDEX IF NOT EXISTS i ON t (a)"),
        Example::bad(Mysql, "ALTER TABLE t ALTER COLUMN a TYPE bigint"),
        Example::bad(Mysql, "CREATE OR REPLACE TABLE t (a int)"),
        Example::bad(Mysql, "INSERT INTO t (a) VALUES (1) RETURNING id"),
        Example::bad(Mysql, "ALTER TABLE t DROP CHECK c").on("8.0.15"),
        Example::bad(Mysql, "ALTER TABLE t ADD a int, ALGORITHM=INSTANT").on("8.0.11"),
        Example::bad(Mysql, "CREATE INDEX i ON t ((lower(a)))").on("8.0.12"),
        Example::bad(Mariadb, "ALTER TABLE t RENAME INDEX a TO b").on("10.4"),
        Example::bad(Mariadb, "ALTER TABLE t ADD a int, ALGORITHM=INSTANT").on("10.2.44"),
        Example::bad(Mariadb, "CREATE INDEX i ON t ((lower(a)))"),
        Example::bad(Mariadb, "ALTER TABLE t ALTER INDEX i INVISIBLE"),
        Example::bad(Mariadb, "ALTER TABLE t ALTER INDEX i IGNORED").on("10.5.9"),
        Example::bad(Sqlite, "CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT").on("3.36"),
        Example::bad(Sqlite, "CREATE TABLE t (a int, b int AS (a * 2))").on("3.30"),
        Example::bad(Sqlite, "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING").on("3.23"),
        Example::bad(Sqlite, "INSERT INTO t (a) VALUES (1) RETURNING id").on("3.34"),
        Example::bad(Sqlite, "UPDATE t SET a = u.a FROM u WHERE u.id = t.id").on("3.32"),
        Example::bad(Sqlite, "CREATE TABLE t (a enum('x', 'y'))"),
        Example::bad(Mariadb, "CREATE TABLE t (a json, b int AS (a->>'$.b'))"),
        Example::bad(Sqlite, "CREATE INDEX CONCURRENTLY i ON t (a)"),
        Example::bad(Sqlite, "TRUNCATE TABLE t"),
        Example::bad(Sqlite, "CREATE TABLE t (at text DEFAULT now())"),
        Example::good(Postgres, "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID").on("18"),
        Example::good(Postgres, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int; DROP INDEX IF EXISTS i"),
        Example::good(Postgres, "INSERT INTO t (note) VALUES ('ON DUPLICATE KEY') -- MERGE INTO"),
        Example::good(Mysql, "UPDATE t SET returning = 1 WHERE id = 4; DROP TABLE IF EXISTS t"),
        Example::good(Mysql, "CREATE INDEX concurrently ON t (a)"),
        Example::good(Mysql, "CREATE TABLE t (a int /*!80023 INVISIBLE */)").on("5.7.44"),
        Example::good(Mariadb, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a uuid").on("10.11"),
        Example::good(Sqlite, "CREATE TABLE strict (strict int)").on("3.36"),
        Example::good(Sqlite, "UPDATE t SET a = 1 WHERE b IS DISTINCT FROM 2").on("3.32"),
        Example::good(Sqlite, "CREATE TABLE t (a int UNIQUE ON CONFLICT REPLACE)").on("3.23"),
        Example::good(Sqlite, "CREATE TABLE t (at text DEFAULT (datetime('now')))"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let said = Said::of(context.flavour.dialect(), context.text, context.statement);
    let version = any_patch(context.flavour, context.version);
    let refused = |fact: &&Fact| fact.since.is_none_or(|since| version < since) && (fact.says)(&said);
    // The server stops at the first.
    facts(context.flavour).iter().find(refused).map(|fact| of(context, fact)).into_iter().collect()
}

fn of(context: &Context<'_>, fact: &Fact) -> Found {
    let server = context.flavour.title();
    let message = match fact.since {
        Some(since) if context.assumed => {
            let message = format!(
                "{server} knows {} from {} on; nobody says which version this is for, and {} is taken",
                fact.what,
                said::short(since),
                said::short(context.version)
            );
            return Found::new(Severity::Note, message, "underpin lint --server-version");
        }
        Some(since) => format!(
            "{server} knows {} from {} on, and this is for {}",
            fact.what,
            said::short(since),
            said::short(context.version)
        ),
        None => format!("{server} does not know {}", fact.what),
    };
    Found::new(Severity::Error, message, fact.help)
}

const fn facts(flavour: Flavour) -> &'static [Fact] {
    match flavour {
        Sqlite => sqlite::FACTS,
        Postgres => postgres::FACTS,
        Mysql => mysql::FACTS,
        Mariadb => mariadb::FACTS,
    }
}

/// Who says `8.0` means any of them, and no 8.0.0 was ever for use.
fn any_patch(flavour: Flavour, version: ServerVersion) -> ServerVersion {
    let series = matches!(flavour, Mysql | Mariadb) && version.patch == 0;
    if series { ServerVersion { patch: u32::MAX, ..version } } else { version }
}
