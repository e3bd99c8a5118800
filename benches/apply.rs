//! Applying small revisions, each atomic, to a fresh database, beside the same SQL sent by hand through the same
//! driver and beside sqlx's own migrator. Connecting and closing count, and so do the history's own tables.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use anyhow::Result;
use tokio::runtime::Runtime;
use underpin_benches::contestant::Equipment;
use underpin_benches::table::{milliseconds, times};
use underpin_benches::{Contest, Contestant, Library, Options, Table, child};
use underpin_tests::{Engine, TestDatabase};

const COUNTS: [usize; 3] = [1, 100, 1_000];
const CONTESTANTS: [Contestant; 5] = [
    Contestant::Script,
    Contestant::Statements,
    Contestant::Underpin,
    Contestant::UnderpinAgain,
    Contestant::Sqlx,
];

fn main() -> Result<()> {
    let options = Options::from_arguments();
    let runtime = child::runtime()?;
    // Dropped when all is measured: where files were deleted a moment ago, a file system takes longer to make new
    // ones (ext4 passes over every inode that was freed within the last minute).
    let mut databases = Vec::new();
    println!(
        "## Applying revisions\n\nMilliseconds from connecting to closed, and times as long as by hand.\n"
    );
    for engine in options.engines(&Engine::ALL) {
        let mut table = Table::new(["revisions", "who", "median", "range", "of one script", "of statements"]);
        for count in options.counts(&COUNTS) {
            measure(
                &runtime,
                engine,
                count,
                options.rounds(rounds(engine, count)),
                &mut databases,
                &mut table,
            )?;
        }
        println!("### {engine}\n\n{table}");
    }
    Ok(())
}

/// A table costs MySQL and MariaDB several waits for the disk.
const fn rounds(engine: Engine, count: usize) -> usize {
    match (engine, count) {
        (Engine::Sqlite | Engine::Postgres, 1) => 31,
        (Engine::Sqlite, _) => 15,
        (Engine::Postgres, 100) => 15,
        (Engine::Mysql | Engine::Mariadb, 1) => 15,
        (Engine::Mysql | Engine::Mariadb, 1_000) => 1,
        _ => 5,
    }
}

fn measure(
    runtime: &Runtime,
    engine: Engine,
    count: usize,
    rounds: usize,
    databases: &mut Vec<TestDatabase>,
    table: &mut Table,
) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let equipment = Equipment::new(&Library::linear(count), directory.path())?;
    let contest = Contest::hold(&CONTESTANTS, rounds, |contestant| {
        let database = TestDatabase::create(engine);
        let url = database.url();
        runtime.block_on(equipment.prepare(contestant, &url))?;
        databases.push(database);
        equipment.time(runtime, contestant, engine, &url)
    })?;
    for &contestant in contest.contestants() {
        let (shortest, longest) = contest.range(contestant);
        table.row([
            count.to_string(),
            contestant.to_string(),
            milliseconds(contest.median(contestant)),
            format!("{}–{}", milliseconds(shortest), milliseconds(longest)),
            times(contest.ratio(contestant, Contestant::Script)),
            times(contest.ratio(contestant, Contestant::Statements)),
        ]);
    }
    Ok(())
}
