//! What goes over the wire and to the disk, counted: round trips by a listener in front of the server, waits for the
//! disk by the server itself and, for SQLite, by `strace`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use underpin_benches::child::{self, Child};
use underpin_benches::contestant::Equipment;
use underpin_benches::wire::{Traffic, Wire};
use underpin_benches::{Contestant, Library, Options, Table, disk};
use underpin_tests::{Engine, TestDatabase};

const REVISIONS: usize = 100;
const AT_HEAD: [Contestant; 3] = [Contestant::SelectOne, Contestant::Underpin, Contestant::Sqlx];
const APPLYING: [Contestant; 4] =
    [Contestant::Script, Contestant::Statements, Contestant::Underpin, Contestant::Sqlx];
/// How long a server may take to count what it has done.
const SETTLING: Duration = Duration::from_millis(1_200);

fn main() -> Result<()> {
    if child::was_asked()? {
        return Ok(());
    }
    let options = Options::from_arguments();
    println!("## Round trips and waits for the disk, {REVISIONS} revisions\n");
    for engine in options.engines(&Engine::ALL) {
        let directory = tempfile::tempdir()?;
        if engine == Engine::Sqlite { sqlite()? } else { server(engine, directory.path())? }
    }
    Ok(())
}

fn sqlite() -> Result<()> {
    let mut table = Table::new(["who", "task", "fsyncs"]);
    let at_head = TestDatabase::create(Engine::Sqlite);
    let directory = tempfile::tempdir()?;
    let equipment = Equipment::new(&Library::linear(REVISIONS), directory.path())?;
    child::runtime()?.block_on(equipment.mark(Engine::Sqlite, &at_head.url()))?;
    for (task, contestants) in [("at head", &AT_HEAD[..]), ("applying", &APPLYING[..])] {
        for &contestant in contestants {
            let fresh = TestDatabase::create(Engine::Sqlite);
            let database = if task == "at head" { &at_head } else { &fresh };
            let child = Child { contestant, engine: Engine::Sqlite, url: database.url(), count: REVISIONS };
            let count =
                disk::of_child(&child)?.map_or_else(|| "no strace".to_owned(), |count| count.to_string());
            table.row([contestant.to_string(), task.to_owned(), count]);
        }
    }
    println!("### SQLite\n\n{table}");
    Ok(())
}

fn server(engine: Engine, directory: &Path) -> Result<()> {
    let runtime = child::runtime()?;
    let mut table = Table::new([
        "who",
        "task",
        "round trips",
        "of them connecting",
        "bytes sent",
        "bytes received",
        "fsyncs",
    ]);
    let mut shown = String::new();
    let equipment = Equipment::new(&Library::linear(REVISIONS), directory)?;
    let at_head = TestDatabase::create(engine);
    runtime.block_on(equipment.mark(engine, &at_head.url()))?;
    for (task, contestants) in [("at head", &AT_HEAD[..]), ("applying", &APPLYING[..])] {
        for &contestant in contestants {
            let fresh = TestDatabase::create(engine);
            let database = if task == "at head" { &at_head } else { &fresh };
            let (wire, url) = Wire::tap(engine, &database.url())?;
            thread::sleep(SETTLING);
            let before = disk::counted(database);
            equipment.time(&runtime, contestant, engine, &url)?;
            thread::sleep(SETTLING);
            let waits = disk::counted(database).zip(before).map(|(after, before)| after - before);
            let traffic = wire.take();
            table.row([
                contestant.to_string(),
                task.to_owned(),
                traffic.turns.to_string(),
                traffic.handshake.to_string(),
                traffic.sent.to_string(),
                traffic.received.to_string(),
                waits.map_or_else(|| "–".to_owned(), |waits| waits.to_string()),
            ]);
            if contestant == Contestant::Underpin {
                shown.push_str(&format!("\n{task}:\n\n```sql\n{}```\n", excerpt(&traffic)));
            }
        }
    }
    println!("### {engine}\n\n{table}\nWhat Underpin sent, each line a round trip:\n{shown}");
    Ok(())
}

/// The first and the last messages; those between are alike.
fn excerpt(traffic: &Traffic) -> String {
    const FIRST: usize = 16;
    const LAST: usize = 8;
    let count = traffic.asked.len();
    let mut text = String::new();
    for (index, asked) in traffic.asked.iter().enumerate() {
        if index < FIRST || index + LAST >= count {
            text.push_str(&asked.split_whitespace().collect::<Vec<_>>().join(" "));
            text.push('\n');
        } else if index == FIRST {
            text.push_str(&format!("-- {} more\n", count - FIRST - LAST));
        }
    }
    text
}
