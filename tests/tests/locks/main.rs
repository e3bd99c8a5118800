//! Locks that others hold on the tables of a revision: who waits for whom, for how long, and what is said about it.
//! The migration lock itself is in the suites `race` and `timeout`.

mod index;
mod journal;
mod queue;
mod retry;

use serde_json::Value;
use underpin_tests::{Engine, History, Holder, Output, Program, Project, TestDatabase};

/// A table with rows, and a revision that adds a column to it.
fn project() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "items",
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, total INTEGER NOT NULL);\n\
         INSERT INTO items (id, total) VALUES (1, 10), (2, 20);",
        None,
    );
    project.revision("0002", &["0001"], "note", "ALTER TABLE items ADD COLUMN note VARCHAR(20);", None);
    project
}

/// A database at the first revision.
fn beginning(engine: Engine, project: &Project) -> TestDatabase {
    let database = TestDatabase::create(engine);
    project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
    database
}

/// Somebody who has read from the table, and whose transaction is open since.
fn reader(database: &TestDatabase) -> Holder {
    database.hold(&["SELECT count(*) FROM items"])
}

/// Runs a program until it says `word`, does something about what it waits for, and lets it go on to its end.
#[track_caller]
fn once_it_says(word: &str, program: Program, act: impl FnOnce()) -> Output {
    let mut running = program.spawn();
    assert!(running.wait_until(|running| running.stdout().contains(word)), "{}", running.stderr());
    act();
    running.wait().expect_success()
}

/// The events of one kind in the output of a run with `--json`.
fn events(stdout: &str, name: &str) -> Vec<Value> {
    let lines = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"] == name).collect()
}

/// Asserts that the database is at this revision, and nothing half-way.
#[track_caller]
fn assert_at(database: &TestDatabase, revisions: &[&str], output: &Output) {
    let history = History::of(database);
    assert_eq!(history.applied(), revisions, "{output}");
    assert!(history.journal.is_empty() && history.dirty.is_none(), "{history:?} {output}");
}
