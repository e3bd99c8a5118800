//! A start at head: a fresh connection, a look that finds nothing to do, and goodbye. Beside it the driver that
//! connects and sends `SELECT 1`, which is the least that any start costs, and sqlx's own migrator.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use anyhow::Result;
use tokio::runtime::Runtime;
use underpin_benches::contestant::Equipment;
use underpin_benches::table::{milliseconds, times};
use underpin_benches::{Contest, Contestant, Library, Options, Table, child};
use underpin_tests::{Engine, TestDatabase};

const COUNTS: [usize; 3] = [1, 1_000, 10_000];
const CONTESTANTS: [Contestant; 4] =
    [Contestant::SelectOne, Contestant::Underpin, Contestant::UnderpinDirectory, Contestant::Sqlx];
const ROUNDS: usize = 31;

fn main() -> Result<()> {
    let options = Options::from_arguments();
    let runtime = child::runtime()?;
    println!(
        "## A start at head\n\nMilliseconds from connecting to closed, and times as long as `SELECT 1`.\n"
    );
    for engine in options.engines(&[Engine::Sqlite, Engine::Postgres]) {
        let mut table = Table::new(["revisions", "who", "median", "range", "of `SELECT 1`"]);
        for count in options.counts(&COUNTS) {
            measure(&runtime, engine, count, options.rounds(ROUNDS), &mut table)?;
        }
        println!("### {engine}\n\n{table}");
    }
    Ok(())
}

fn measure(runtime: &Runtime, engine: Engine, count: usize, rounds: usize, table: &mut Table) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let equipment = Equipment::new(&Library::linear(count), directory.path())?;
    let database = TestDatabase::create(engine);
    let url = database.url();
    runtime.block_on(equipment.mark(engine, &url))?;
    let contest =
        Contest::hold(&CONTESTANTS, rounds, |contestant| equipment.time(runtime, contestant, engine, &url))?;
    for &contestant in contest.contestants() {
        let (shortest, longest) = contest.range(contestant);
        table.row([
            count.to_string(),
            contestant.to_string(),
            milliseconds(contest.median(contestant)),
            format!("{}–{}", milliseconds(shortest), milliseconds(longest)),
            times(contest.ratio(contestant, Contestant::SelectOne)),
        ]);
    }
    Ok(())
}
