//! How long somebody waits who writes a hundred transactions a second to a large table while a change of it is applied:
//! an index, a column that may be null no longer, a foreign key and a new column. It is the start of a service that
//! applies it, in the stages that are generated, and for contrast as one revision of the same SQL without them. `plot`
//! writes `docs/images/online-<engine>.svg`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::runtime::Runtime;
use underpin::{
    Limits, Migrator, NewRevision, SafeUrl, SchemaSource, Scope, ScratchServer, SqlSchema, Target,
};
use underpin_benches::plot::{Panel, svg};
use underpin_benches::table::milliseconds;
use underpin_benches::{Driver, Options, Table, child};
use underpin_tests::{Engine, Program, Project, TestDatabase};

/// How many rows, if nothing is said.
const COUNTS: [usize; 2] = [100_000, 5_000_000];
/// One transaction is due after each of these.
const PACE: Duration = Duration::from_millis(10);
/// How long the service may take to start.
const PATIENCE: Duration = Duration::from_secs(7_200);
/// For how long is written before and after the change.
const AROUND: Duration = Duration::from_secs(3);

const WANTED: &str = "CREATE TABLE customers (id BIGINT NOT NULL PRIMARY KEY, email VARCHAR(60));\n\
    CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT NOT NULL, total INTEGER, note VARCHAR(60), \
    status VARCHAR(20), CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id));\n\
    CREATE INDEX orders_customer ON orders (customer_id);\n\
    CREATE INDEX orders_total ON orders (total);";

/// What one run took.
struct Measured {
    revisions: usize,
    errors: usize,
    /// The longest from when a transaction was sent.
    longest: Duration,
    /// With each from when it was due.
    panel: Panel,
}

fn main() -> Result<()> {
    let options = Options::from_arguments();
    let runtime = child::runtime()?;
    let plots = std::env::args().any(|word| word == "plot");
    println!("## A change of a table in use\n");
    for engine in options.engines(&[Engine::Postgres, Engine::Mysql]) {
        let mut table = Table::new([
            "rows",
            "revisions",
            "seconds",
            "transactions",
            "errors",
            "longest transaction, ms",
            "latest, ms",
        ]);
        for count in options.counts(&COUNTS) {
            let database = TestDatabase::create(engine);
            let mut panels = Vec::new();
            for online in [true, false] {
                let measured = measure(&runtime, &database, count, online)?;
                table.row(row(count, &measured));
                panels.push(measured.panel);
            }
            if plots {
                let title = format!("{engine}: {count} rows, a transaction every 10 ms");
                let name = format!("online-{}.svg", engine.to_string().to_lowercase());
                let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
                fs::create_dir_all(&place)?;
                fs::write(place.join(name), svg(&title, &panels))?;
            }
        }
        println!("### {engine}\n\n{table}");
    }
    Ok(())
}

fn row(count: usize, measured: &Measured) -> [String; 7] {
    let Panel { transactions, run, .. } = &measured.panel;
    let latest = transactions.iter().map(|(_, took)| *took).max().unwrap_or_default();
    [
        count.to_string(),
        measured.revisions.to_string(),
        format!("{:.1}", (run.1 - run.0).as_secs_f64()),
        transactions.len().to_string(),
        measured.errors.to_string(),
        milliseconds(measured.longest),
        milliseconds(latest),
    ]
}

/// Applies the change while somebody writes, and takes it back.
fn measure(runtime: &Runtime, database: &TestDatabase, count: usize, online: bool) -> Result<Measured> {
    let project = Project::new();
    project.revision("0001", &[], "orders", &filled(count), None);
    let migrator = async || {
        let limits = Limits { run: None, ..Limits::default() };
        let builder = Migrator::builder().url(database.url()).directory(project.migrations());
        builder.limits(limits).online(online).build().await
    };
    let revisions = runtime.block_on(async {
        let wanted = SchemaSource::desired(SqlSchema::new("schema.sql", WANTED)?);
        let server = ScratchServer::of(database.url().parse::<SafeUrl>()?);
        // What is there before is the same without its rows, which a scratch database need not have.
        let empty = Project::new();
        empty.revision("0001", &[], "orders", TABLES, None);
        let builder = Migrator::builder().url(database.url()).directory(empty.migrations()).online(online);
        let generated = builder.build().await?.generate(&wanted, &[], &[server], &Scope::default()).await?;
        let revisions = generated.fill(NewRevision::new("more"));
        for revision in &revisions {
            revision.write(&project.migrations())?;
        }
        anyhow::Ok(revisions.len())
    })?;
    runtime.block_on(async { migrator().await?.upgrade("0001".parse::<Target>()?).await })?;
    let writer = Writer::start(database.engine(), database.url(), count);
    thread::sleep(AROUND);
    let begin = writer.start.elapsed();
    let shop = Program::shop().database(database.url()).env("SHOP_MIGRATIONS", project.migrations());
    shop.env("UNDERPIN_TIMEOUT", "2h").limit(PATIENCE).serve().expect_serving().stop();
    let run = (begin, writer.start.elapsed());
    thread::sleep(AROUND);
    let Written { transactions, errors, longest } = writer.end()?;
    runtime.block_on(async { migrator().await?.downgrade("0001".parse::<Target>()?).await })?;
    let title = if online { "as it is generated" } else { "one revision of the plain SQL (--no-online)" };
    Ok(Measured { revisions, errors, longest, panel: Panel { title: title.to_owned(), transactions, run } })
}

/// The tables as they are at first.
const TABLES: &str = "CREATE TABLE customers (id BIGINT NOT NULL PRIMARY KEY, email VARCHAR(60));\n\
    CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT, total INTEGER, note VARCHAR(60));";

/// The same with that many orders of a thousand customers.
fn filled(count: usize) -> String {
    let digits = count.max(10).ilog10();
    let number: Vec<String> =
        (0..=digits).map(|power| format!("{} * d{power}.v", 10_u64.pow(power))).collect();
    let tables: Vec<String> = (0..=digits).map(|power| format!("digits d{power}")).collect();
    let (number, tables) = (number.join(" + "), tables.join(", "));
    format!(
        "{TABLES}\n\
         CREATE TABLE digits (v INTEGER NOT NULL PRIMARY KEY);\n\
         INSERT INTO digits (v) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);\n\
         INSERT INTO customers (id, email) SELECT 100 * a.v + 10 * b.v + c.v, 'somebody' \
         FROM digits a, digits b, digits c;\n\
         INSERT INTO orders (id, customer_id, total, note) SELECT n, n % 1000, n % 97, 'a note of some length, as rows have' \
         FROM (SELECT {number} AS n FROM {tables}) AS numbers WHERE n < {count};\n\
         DROP TABLE digits;"
    )
}

/// Somebody who is to write a transaction every ten milliseconds, and who makes up for what was late.
struct Writer {
    start: Instant,
    ended: Arc<AtomicBool>,
    thread: thread::JoinHandle<Result<Written>>,
}

/// What a writer has seen.
struct Written {
    /// When each transaction was due and how long it took from then on, so that one that holds up those behind it
    /// counts for all of them.
    transactions: Vec<(Duration, Duration)>,
    errors: usize,
    /// The longest from when a transaction was sent.
    longest: Duration,
}

impl Writer {
    fn start(engine: Engine, url: String, count: usize) -> Self {
        let (start, ended) = (Instant::now(), Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&ended);
        let thread = thread::spawn(move || write(engine, &url, count, start, &seen));
        Self { start, ended, thread }
    }

    fn end(self) -> Result<Written> {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the writer panicked"))?
    }
}

/// The id of the first order that this run writes.
fn first_id(count: usize) -> u128 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    count as u128 * 10 + now.as_millis()
}

fn write(engine: Engine, url: &str, count: usize, start: Instant, ended: &AtomicBool) -> Result<Written> {
    child::runtime()?.block_on(async {
        let mut driver = Driver::connect(engine, url).await?;
        let mut written = Written { transactions: Vec::new(), errors: 0, longest: Duration::ZERO };
        let mut number = 0_u32;
        // New orders of two runs have ids of their own.
        let fresh = first_id(count);
        while !ended.load(Ordering::Relaxed) {
            let due = PACE * number;
            if let Some(early) = due.checked_sub(start.elapsed()) {
                tokio::time::sleep(early).await;
            }
            let (id, row) = (fresh + u128::from(number), u64::from(number) * 7919 % count as u64);
            let sql = format!(
                "BEGIN; INSERT INTO orders (id, customer_id, total) VALUES ({id}, {}, 1); \
                 UPDATE orders SET total = total + 1 WHERE id = {row}; COMMIT",
                number % 1000
            );
            let sent = Instant::now();
            if driver.execute(&sql).await.is_err() {
                written.errors += 1;
                driver.execute("ROLLBACK").await?;
            }
            written.longest = written.longest.max(sent.elapsed());
            written.transactions.push((due, start.elapsed().saturating_sub(due)));
            number += 1;
        }
        driver.close().await?;
        Ok(written)
    })
}
