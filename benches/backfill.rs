//! One statement over a large table, in batches and beside the same statement by hand over all rows at once;
//! and how long somebody waits who writes a row at a time to the table meanwhile.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use tokio::runtime::Runtime;
use underpin::{Limits, Migrator, Target};
use underpin_benches::table::milliseconds;
use underpin_benches::{Driver, Options, Table, child};
use underpin_tests::{Engine, Project, TestDatabase};

/// How many rows, as powers of ten.
const COUNTS: [usize; 2] = [100_000, 1_000_000];
const STATEMENT: &str = "UPDATE items SET total = id * 100 WHERE total IS NULL AND";

/// What one form of the statement took.
struct Measured {
    took: Duration,
    /// The longest that a writer waited for one row.
    longest: Duration,
}

fn main() -> Result<()> {
    let options = Options::from_arguments();
    let runtime = child::runtime()?;
    println!("## Data in batches\n");
    for engine in options.engines(&Engine::ALL) {
        let mut table =
            Table::new(["rows", "who", "seconds", "rows a second", "a writer's longest wait, ms"]);
        for count in options.counts(&COUNTS) {
            let Some(digits) = count.checked_ilog10().filter(|digits| 10_usize.pow(*digits) == count) else {
                println!("{count} is no power of ten\n");
                continue;
            };
            for (who, in_batches) in [("one statement", false), ("Underpin, in batches", true)] {
                let measured = measure(&runtime, engine, digits, in_batches)?;
                let rate = f64::from(u32::try_from(count)?) / measured.took.as_secs_f64();
                table.row([
                    count.to_string(),
                    who.to_owned(),
                    format!("{:.1}", measured.took.as_secs_f64()),
                    format!("{rate:.0}"),
                    milliseconds(measured.longest),
                ]);
            }
        }
        println!("### {engine}\n\n{table}");
    }
    Ok(())
}

fn measure(runtime: &Runtime, engine: Engine, digits: u32, in_batches: bool) -> Result<Measured> {
    let (database, project) = (TestDatabase::create(engine), Project::new());
    project.revision("0001", &[], "make items", &filled(digits), None);
    let note = format!("-- batches: items by id\n{STATEMENT} :batch;");
    project.revision("0002", &["0001"], "fill the totals", &note, None);
    let run = async |target: &str| -> Result<()> {
        let limits = Limits { run: None, ..Limits::default() };
        let migrator =
            Migrator::builder().url(database.url()).directory(project.migrations()).limits(limits).build();
        let target: Target = target.parse()?;
        migrator.await?.upgrade(target).await?;
        Ok(())
    };
    runtime.block_on(run("0001"))?;
    let writer = Writer::start(engine, database.url());
    let start = Instant::now();
    if in_batches {
        runtime.block_on(run("0002"))?;
    } else {
        runtime.block_on(async {
            let mut driver = Driver::connect(engine, &database.url()).await?;
            driver.execute(&format!("{STATEMENT} 1 = 1")).await?;
            driver.close().await
        })?;
    }
    let took = start.elapsed();
    let longest = writer.end()?;
    anyhow::ensure!(
        database.value("SELECT count(*) FROM items WHERE total IS NULL") == "0",
        "rows were missed"
    );
    Ok(Measured { took, longest })
}

/// The statements that make the table with ten to that power of rows.
fn filled(digits: u32) -> String {
    let number: Vec<String> =
        (0..digits).map(|power| format!("{} * d{power}.v", 10_u32.pow(power))).collect();
    let tables: Vec<String> = (0..digits).map(|power| format!("digits d{power}")).collect();
    format!(
        "CREATE TABLE digits (v INTEGER NOT NULL PRIMARY KEY);\n\
         INSERT INTO digits (v) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);\n\
         CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, total BIGINT, note VARCHAR(60), seen INTEGER);\n\
         INSERT INTO items (id, note) SELECT {}, 'a note of some length, as rows have' FROM {};",
        number.join(" + "),
        tables.join(", ")
    )
}

/// Somebody who writes to one row after the other.
struct Writer {
    ended: Arc<AtomicBool>,
    thread: thread::JoinHandle<Result<Duration>>,
}

impl Writer {
    fn start(engine: Engine, url: String) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ended);
        let thread = thread::spawn(move || write(engine, &url, &seen));
        Self { ended, thread }
    }

    fn end(self) -> Result<Duration> {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the writer panicked"))?
    }
}

/// Writes until it is told to end, and returns how long the longest write took.
fn write(engine: Engine, url: &str, ended: &AtomicBool) -> Result<Duration> {
    child::runtime()?.block_on(async {
        let mut driver = Driver::connect(engine, url).await?;
        if engine == Engine::Sqlite {
            driver.execute("PRAGMA busy_timeout = 600000").await?;
        }
        let (mut longest, mut row) = (Duration::ZERO, 0_u32);
        while !ended.load(Ordering::Relaxed) {
            let start = Instant::now();
            driver.execute(&format!("UPDATE items SET seen = 1 WHERE id = {}", row % 1_000)).await?;
            longest = longest.max(start.elapsed());
            row += 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        driver.close().await?;
        Ok(longest)
    })
}
