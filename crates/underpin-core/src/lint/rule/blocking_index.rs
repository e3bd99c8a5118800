mod mysql;

use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres},
    statement::Statement,
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SERVERS,
};

pub(super) static RULE: Rule = Rule {
    id: "blocking-index",
    summary: "an index that is built while writers wait",
    flavours: SERVERS,
    why: "`CREATE INDEX` holds a SHARE lock on the table until the index is built: every INSERT, UPDATE and \
          DELETE waits for as long as it takes to read the whole table. `CREATE INDEX CONCURRENTLY` \
              lets them \
          go on. It can't run in a transaction, so it wants a revision of its own with `transaction: off`. \
          On a partitioned table, where that form is refused: create the index with `ON ONLY`, build one \
          concurrently on each partition, and attach them. MySQL and MariaDB \
          build other indexes while everybody works, but those of words (FULLTEXT), of places \
              (SPATIAL) and, on MySQL, \
          of an expression make writers wait.",
    examples: &[
        Example::bad(Postgres, "CREATE INDEX orders_total ON orders (total)"),
        Example::bad(Postgres, "CREATE UNIQUE INDEX ON orders (code)"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY orders_total ON orders (total)"),
        Example::good(Postgres, "CREATE TABLE orders (total int); CREATE INDEX ON orders (total)"),
        Example::good(Postgres, "CREATE INDEX i ON ONLY m (at)")
            .after("CREATE TABLE m (at date) PARTITION BY RANGE (at)"),
        Example::good(Postgres, "CREATE INDEX i ON ONLY m (at)"),
        Example::bad(Postgres, "CREATE INDEX i ON ONLY m (at)").after("CREATE TABLE m (at date)"),
        Example::bad(Postgres, "CREATE INDEX i ON m (at)")
            .after("CREATE TABLE m (at date) PARTITION BY RANGE (at)"),
        Example::bad(Postgres, "CREATE INDEX CONCURRENTLY i ON m (at)")
            .after("CREATE TABLE m (at date) PARTITION BY RANGE (at)"),
        Example::bad(Mysql, "CREATE FULLTEXT INDEX i ON orders (note)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD SPATIAL KEY (place), ADD INDEX (a)"),
        Example::bad(Mysql, "ALTER TABLE orders ADD INDEX i ((lower(note)))"),
        Example::bad(Mariadb, "CREATE OR REPLACE FULLTEXT INDEX i ON orders (note)"),
        Example::good(Mysql, "CREATE INDEX i ON orders (note(20) DESC) INVISIBLE"),
        Example::good(Mariadb, "ALTER TABLE orders ADD INDEX IF NOT EXISTS i (a)"),
        Example::good(Mysql, "CREATE TABLE orders (note text); CREATE FULLTEXT INDEX i ON orders (note)"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if !context.postgres() {
        return mysql::check(context);
    }
    let Statement::CreateIndex(index) = context.statement else { return Vec::new() };
    let Some(table) = &index.table else { return Vec::new() };
    let known = context.table(table);
    let partitioned = known.is_some_and(|table| table.partitioned);
    if index.concurrently && partitioned {
        return vec![Found::new(
            Severity::Error,
            "the server refuses CONCURRENTLY on a partitioned table",
            PARTITIONED,
        )];
    }
    // ONLY is said of a table with partitions, and builds nothing there.
    let only = index.only && (partitioned || known.is_none());
    if index.concurrently || !context.in_use(table) || only {
        return Vec::new();
    }
    let help = if partitioned { PARTITIONED.to_owned() } else { concurrently(context.text) };
    let found =
        Found::new(Severity::Error, format!("writers of {table} wait until the index is built"), help);
    vec![found.lock(format!("SHARE on {table}"))]
}

const PARTITIONED: &str = "CREATE INDEX … ON ONLY the table, then CREATE INDEX CONCURRENTLY on each partition and \
                           ALTER INDEX … ATTACH PARTITION";

/// The statement with `CONCURRENTLY` behind `INDEX`.
fn concurrently(text: &str) -> String {
    let at = text.to_ascii_uppercase().find("INDEX").map_or(0, |at| at + "INDEX".len());
    format!("{} CONCURRENTLY{}", &text[..at], &text[at..])
}
