//! A run on a copy, and a run that is rolled back (REQUIREMENTS row 66): what a run would do is done, what would stop
//! it is said, and the database itself stays as it is. The copy is the usual one, a backup, or has a sample of rows.

mod backup;
mod kill;
mod rollback;
mod sample;
mod types;
mod usual;

use serde_json::Value;
use underpin_tests::{Engine, History, Output, Program, Project, TestDatabase};

/// A project with one revision, which makes a table of items.
fn project() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "items",
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, total INTEGER);",
        None,
    );
    project
}

/// A database with that revision and three items, of which two have the same total.
fn beginning(engine: Engine, project: &Project) -> TestDatabase {
    let database = TestDatabase::create(engine);
    project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
    database.execute("INSERT INTO items (id, total) VALUES (1, 10), (2, 20), (3, 20)");
    database
}

/// Everything that a rehearsal could have changed.
fn picture(database: &TestDatabase) -> (String, History, Vec<Vec<Option<String>>>) {
    let rows = database.query("SELECT id, total FROM items ORDER BY id");
    (database.schema_dump(), History::of(database), rows)
}

/// The last line of an output in JSON.
fn last(output: &Output) -> Value {
    serde_json::from_str(output.stdout.lines().last().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {output}"))
}

/// Rehearses with these flags, and returns the last line.
fn rehearse(program: Program, flags: &[&str]) -> Value {
    let output = program.args(["upgrade", "--rehearse", "--json"]).args(flags).run().expect_success();
    last(&output)
}

/// How many rows a table has after a rehearsal that has changed their number.
fn after(rehearsed: &Value, table: &str) -> i64 {
    let tables = rehearsed["tables"].as_array().expect("tables");
    let found = tables.iter().find(|change| change["table"] == table);
    found.and_then(|change| change["after"].as_i64()).unwrap_or_else(|| panic!("{table}: {rehearsed}"))
}
