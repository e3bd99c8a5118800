//! What Underpin refuses: each with a message of its own, a hint, an exit code, and a database that is as it was.
//! The same of the example service is tested with the service.

mod database;
mod file;
mod secret;

use underpin_tests::{History, Output, Program, Project, TestDatabase};

/// The last of three revisions.
const THIRD: &str = "0003_add_orders.sql";

/// Three revisions, of which the first two are applied.
fn two_of_three(database: &TestDatabase) -> Project {
    let project = three();
    project.underpin_on(database).args(["upgrade", "0002"]).run().expect_success();
    project
}

fn three() -> Project {
    let project = Project::new();
    let create = |table: &str| format!("CREATE TABLE {table} (id INTEGER NOT NULL PRIMARY KEY);");
    project.revision("0001", &[], "add customers", &create("customers"), None);
    project.revision("0002", &["0001"], "add addresses", &create("addresses"), None);
    project.revision("0003", &["0002"], "add orders", &create("orders"), None);
    project
}

/// Everything in a database that a refusal must leave alone.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    schema: String,
    history: History,
}

impl Standing {
    fn of(database: &TestDatabase) -> Self {
        Self { schema: database.schema_dump(), history: History::of(database) }
    }
}

/// Runs a program that is to be refused, and returns what it said of it.
///
/// The parts are what a person needs in order to know which of all the refusals this is.
#[track_caller]
fn refuse(database: &TestDatabase, program: &Program, code: i32, parts: &[&str]) -> Output {
    let before = Standing::of(database);
    let output = program.run();
    let engine = database.engine();
    assert_eq!(output.code(), Some(code), "{engine}: {output}");
    assert_eq!(output.stdout, "", "{engine}: {output}");
    let errors = output.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, 1, "{engine}: {output}");
    for part in parts.iter().chain(&["hint: "]) {
        assert!(output.stderr.contains(part), "{engine}: {part:?} is not in {output}");
    }
    assert_eq!(Standing::of(database), before, "{engine}: {output}");
    assert!(!database.is_locked(), "{engine}: {output}");
    output
}
