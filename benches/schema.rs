//! Reading a schema of many tables and comparing it with another. Beside it four raw queries of the catalog through the
//! same driver, whose rows are fetched and thrown away: tables, columns, constraints, indexes.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::runtime::Runtime;
use underpin::core::difference::{Renames, compare};
use underpin::core::schema::Schema;
use underpin::{Database, SafeUrl, Scope};
use underpin_benches::table::{milliseconds, times};
use underpin_benches::{Contest, Driver, Options, Table, child};
use underpin_tests::{Engine, TestDatabase};

const COUNTS: [usize; 3] = [500, 1_000, 5_000];
const ROUNDS: usize = 9;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Four queries of the catalog, their rows thrown away.
    Raw,
    /// Everything that the vocabulary has, from connecting to closed.
    Inspection,
    /// Two schemas that are the same.
    Comparison,
    /// The statements that make all of it from nothing.
    Rendering,
}

fn main() -> Result<()> {
    let options = Options::from_arguments();
    let runtime = child::runtime()?;
    println!(
        "## Schemas\n\nMilliseconds; tables of ten columns, a key, a foreign key, a check and two indexes.\n"
    );
    let mut table =
        Table::new(["engine", "tables", "raw queries", "inspection", "of raw", "comparison", "rendering"]);
    for engine in options.engines(&Engine::ALL) {
        for count in options.counts(&COUNTS) {
            measure(&runtime, engine, count, options.rounds(ROUNDS), &mut table)?;
        }
    }
    println!("{table}");
    Ok(())
}

fn measure(runtime: &Runtime, engine: Engine, count: usize, rounds: usize, table: &mut Table) -> Result<()> {
    let database = TestDatabase::create(engine);
    for tables in (0..count).collect::<Vec<_>>().chunks(250) {
        let sql: String = tables.iter().map(|number| create(engine, *number)).collect();
        database.execute(&match engine {
            Engine::Sqlite => format!("BEGIN;{sql}COMMIT;"),
            Engine::Postgres | Engine::Mysql | Engine::Mariadb => sql,
        });
    }
    let url = database.url();
    let schema = runtime.block_on(inspect(&url))?;
    anyhow::ensure!(schema.tables().count() == count, "{} tables were read", schema.tables().count());
    let nothing = Schema::empty(schema.flavour, schema.version);
    let parts = [Part::Raw, Part::Inspection, Part::Comparison, Part::Rendering];
    let contest = Contest::hold(&parts, rounds, |part| {
        let start = Instant::now();
        match part {
            Part::Raw => runtime.block_on(raw(engine, &url))?,
            Part::Inspection => drop(black_box(runtime.block_on(inspect(&url))?)),
            Part::Comparison => {
                anyhow::ensure!(compare(&schema, &schema, &Renames::NONE).is_empty(), "they are the same");
            }
            Part::Rendering => {
                anyhow::ensure!(
                    !compare(&nothing, &schema, &Renames::NONE).statements()?.is_empty(),
                    "nothing"
                );
            }
        }
        Ok(start.elapsed())
    })?;
    table.row([
        engine.to_string(),
        count.to_string(),
        milliseconds(contest.median(Part::Raw)),
        milliseconds(contest.median(Part::Inspection)),
        times(contest.ratio(Part::Inspection, Part::Raw)),
        milliseconds(contest.median(Part::Comparison)),
        milliseconds(contest.median(Part::Rendering)),
    ]);
    Ok(())
}

async fn inspect(url: &str) -> Result<Schema> {
    let url: SafeUrl = url.parse()?;
    Ok(Database::url(url).inspect(&Scope::default(), Duration::ZERO).await?)
}

async fn raw(engine: Engine, url: &str) -> Result<()> {
    let mut driver = Driver::connect(engine, url).await?;
    for query in queries(engine) {
        driver.fetch(query).await?;
    }
    driver.close().await
}

/// The tables refer to each other in a ring of pairs, so that no order of theirs matters.
fn create(engine: Engine, number: usize) -> String {
    let text = match engine {
        Engine::Sqlite | Engine::Postgres => "text",
        Engine::Mysql | Engine::Mariadb => "varchar(100)",
    };
    let parent = if number == 0 {
        String::new()
    } else {
        format!(", CONSTRAINT t{number}_parent FOREIGN KEY (parent) REFERENCES t{} (id)", number - 1)
    };
    format!(
        "CREATE TABLE t{number} (id bigint NOT NULL, parent bigint, name {text} NOT NULL, note {text}, \
         amount numeric(12,2) NOT NULL DEFAULT 0, state {text} DEFAULT 'new', made timestamp NULL, seen date, \
         rank integer, flag smallint NOT NULL DEFAULT 1, CONSTRAINT t{number}_key PRIMARY KEY (id), \
         CONSTRAINT t{number}_amount CHECK (amount >= 0){parent});\n\
         CREATE INDEX t{number}_by_parent ON t{number} (parent);\n\
         CREATE INDEX t{number}_by_name ON t{number} (name, made);\n"
    )
    .replace("rank integer", "place integer")
}

fn queries(engine: Engine) -> [&'static str; 4] {
    match engine {
        Engine::Sqlite => [
            "SELECT type, name, tbl_name, sql FROM sqlite_schema",
            "SELECT m.name, c.* FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'",
            "SELECT m.name, f.* FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
            "SELECT m.name, i.name, x.* FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x \
             WHERE m.type = 'table'",
        ],
        Engine::Postgres => [
            "SELECT c.oid, n.nspname, c.relname, c.relkind, c.reloptions FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'",
            "SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid) \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' \
             JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
             LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attnum > 0",
            "SELECT k.conrelid, k.conname, k.contype, pg_get_constraintdef(k.oid) FROM pg_constraint k \
             JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'",
            "SELECT i.indrelid, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'",
        ],
        Engine::Mysql | Engine::Mariadb => [
            "SELECT table_name, engine, table_collation, create_options, table_comment FROM information_schema.tables \
             WHERE table_schema = database()",
            "SELECT table_name, column_name, column_type, is_nullable, column_default, extra FROM information_schema.columns \
             WHERE table_schema = database()",
            "SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name \
             FROM information_schema.key_column_usage WHERE table_schema = database()",
            "SELECT table_name, index_name, seq_in_index, column_name, non_unique FROM information_schema.statistics \
             WHERE table_schema = database()",
        ],
    }
}
