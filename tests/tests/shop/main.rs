//! The shop as a process, on every engine: how it starts, refuses, serves and ends. What the engine does behind it
//! is in the suite `engine`, what happens to it in races and crashes in others.

mod bind_first;
mod check;
mod command;
mod customer;
mod failure;
mod health;
mod log;
mod metrics;
mod order;
mod patience;
mod refusal;
mod secret;
mod start;

use serde_json::Value;
use underpin_tests::{Program, Project, Response, TestDatabase};

/// The shop with its own revisions.
fn shop(database: &TestDatabase) -> Program {
    Program::shop().database(database.url())
}

/// The shop with the revisions of a project.
fn shop_with(database: &TestDatabase, project: &Project) -> Program {
    shop(database).env("SHOP_MIGRATIONS", project.migrations())
}

/// Brings a database to one of the shop's revisions.
#[track_caller]
fn upgrade(database: &TestDatabase, revision: &str) {
    shop(database).args(["migrate", "upgrade", revision]).run().expect_success();
}

/// What a route answered.
#[track_caller]
fn json(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"), "{response:?}");
    parse(&response.body)
}

#[track_caller]
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Everything that a start may change: the schema, and every row of the history. A run that failed leaves a row in
/// the log and must not change anything else.
#[derive(Debug, PartialEq, Eq)]
struct Picture {
    schema: String,
    history: Vec<Vec<Option<String>>>,
}

impl Picture {
    fn of(database: &TestDatabase) -> Self {
        let mut history = Vec::new();
        for (table, order) in
            [("underpin_history", "position"), ("underpin_state", "1"), ("underpin_journal", "1")]
        {
            if database.has_table(table) {
                history.extend(database.query(&format!("SELECT * FROM {table} ORDER BY {order}")));
            }
        }
        Self { schema: database.schema_dump(), history }
    }
}

/// How many attempts the log has.
fn attempts(database: &TestDatabase) -> String {
    database.value("SELECT count(*) FROM underpin_log")
}
