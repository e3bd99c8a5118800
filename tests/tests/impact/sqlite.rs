//! What SQLite does: whether a writer is kept out while the statement's transaction is open, and how
//! much of the file is written.

use std::{fs, time::Duration};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use underpin::core::{
    catalog::Catalog,
    dialect::{Dialect, Flavour},
    impact::impact,
    schema::ServerVersion,
    statement,
};
use underpin_tests::TestDatabase;

use crate::{case::Case, case::Topic, host::Host};

/// What a statement did.
struct Seen {
    /// Whether nobody else could begin to write meanwhile.
    keeps_writers_out: bool,
    /// How many pages it wrote.
    written: u64,
}

/// Every case of a topic; what differs, in words.
pub(crate) fn check(host: Host, topic: &Topic) -> Vec<String> {
    topic.cases.iter().filter_map(|case| check_one(&host.create(), case)).collect()
}

fn check_one(database: &TestDatabase, case: &Case) -> Option<String> {
    database.query(&format!("PRAGMA journal_mode = WAL; {}", case.schema));
    let inspected = crate::inspected(database);
    let all: u64 = database.value("PRAGMA page_count").parse().unwrap_or_default();
    let page: u64 = database.value("PRAGMA page_size").parse().unwrap_or(4096);
    let seen = crate::runtime().block_on(run(database, &case.statement, page));
    let seen = seen.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let read = statement::parse(Dialect::Sqlite, &case.statement);
    for catalog in [case.catalog(Dialect::Sqlite), Catalog::from(&inspected)] {
        let foretold = impact(Flavour::Sqlite, ServerVersion::new(3, 53, 0), &catalog, &read);
        // The table is most of the file, and what only changes the schema writes a page or two.
        let much = !foretold.rewrites.is_empty() || !foretold.builds.is_empty();
        if foretold.locks.is_empty() == seen.keeps_writers_out || much != (seen.written * 4 > all) {
            let Seen { keeps_writers_out, written } = seen;
            return Some(format!(
                "{}: foretold {foretold:?}, keeps writers out: {keeps_writers_out}, wrote {written} of {all} pages",
                case.name
            ));
        }
    }
    None
}

async fn run(database: &TestDatabase, statement: &str, page: u64) -> Result<Seen, sqlx::Error> {
    let mut first = open(database).await?;
    let mut second = open(database).await?;
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE); BEGIN").execute(&mut first).await?;
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut first).await?;
    let keeps_writers_out = sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut second).await.is_err();
    sqlx::raw_sql("COMMIT").execute(&mut first).await?;
    let log = database.path().map(|path| format!("{}-wal", path.display())).unwrap_or_default();
    let written = fs::metadata(log).map(|log| log.len()).unwrap_or_default() / page;
    first.close().await?;
    second.close().await?;
    Ok(Seen { keeps_writers_out, written })
}

async fn open(database: &TestDatabase) -> Result<SqliteConnection, sqlx::Error> {
    let options: SqliteConnectOptions = database.url().parse()?;
    options.busy_timeout(Duration::ZERO).connect().await
}
