//! The most memory that a process needs which connects, migrates and closes, over that of one in which only the driver
//! connects. Both hold the same revisions; the peak is counted from when they are in memory.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use anyhow::Result;
use underpin_benches::child::{self, Child};
use underpin_benches::contestant::Equipment;
use underpin_benches::{Contestant, Library, Options, Table};
use underpin_tests::{Engine, TestDatabase};

const COUNTS: [usize; 3] = [1, 1_000, 10_000];
const TIMES: usize = 5;
/// More tables than this take long on a server, and tell nothing new.
const MOST_APPLIED: usize = 1_000;

fn main() -> Result<()> {
    if child::was_asked()? {
        return Ok(());
    }
    let options = Options::from_arguments();
    println!("## Memory\n\nThe peak of the resident memory, in MiB; medians.\n");
    for engine in options.engines(&[Engine::Sqlite, Engine::Postgres]) {
        let mut table = Table::new([
            "revisions",
            "driver",
            "Underpin at head",
            "sqlx at head",
            "driver applies",
            "Underpin applies",
            "sqlx applies",
        ]);
        for count in options.counts(&COUNTS) {
            let mut row = vec![count.to_string()];
            row.extend(at_head(engine, count)?);
            row.extend(applying(engine, count)?);
            table.row(row);
        }
        println!("### {engine}\n\n{table}");
    }
    Ok(())
}

fn at_head(engine: Engine, count: usize) -> Result<Vec<String>> {
    let directory = tempfile::tempdir()?;
    let equipment = Equipment::new(&Library::linear(count), directory.path())?;
    let database = TestDatabase::create(engine);
    child::runtime()?.block_on(equipment.mark(engine, &database.url()))?;
    let who = [Contestant::SelectOne, Contestant::Underpin, Contestant::Sqlx];
    who.into_iter()
        .map(|contestant| peak(|| Child { contestant, engine, url: database.url(), count }.peak()))
        .collect()
}

fn applying(engine: Engine, count: usize) -> Result<Vec<String>> {
    if count > MOST_APPLIED {
        return Ok(vec!["–".to_owned(); 3]);
    }
    let who = [Contestant::Statements, Contestant::Underpin, Contestant::Sqlx];
    let fresh = |contestant| {
        let database = TestDatabase::create(engine);
        Child { contestant, engine, url: database.url(), count }.peak()
    };
    who.into_iter().map(|contestant| peak(|| fresh(contestant))).collect()
}

fn peak(measure: impl Fn() -> Result<u64>) -> Result<String> {
    let mut peaks = (0..TIMES).map(|_| measure()).collect::<Result<Vec<_>>>()?;
    peaks.sort_unstable();
    let peak = u32::try_from(peaks[TIMES / 2])?;
    Ok(format!("{:.1}", f64::from(peak) / 1_024.0))
}
