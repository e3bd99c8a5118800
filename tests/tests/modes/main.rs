//! The table of modes (AUTO_MIGRATE_ON_STARTUP, DEV_CREATE_TABLES, FAIL_ON_MIGRATION_ERROR), row by row, as starts of the
//! shop on every engine; and what becomes of the tables that a start made without revisions.

mod boolean;
mod create;
mod fallback;
mod production;
mod provisional;

use serde_json::Value;
use underpin_tests::{Engine, History, Output, Program, Project, Response, TestDatabase};

/// What the revisions of [`broken`] make once they are mended, and one table more than they bring.
const SCHEMA: &str = "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);\n\
     CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, customer INTEGER REFERENCES customers (id));\n\
     CREATE INDEX notes_by_customer ON notes (customer);\n\
     CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY, final INTEGER);\n\
     CREATE TABLE extra (id INTEGER NOT NULL PRIMARY KEY, customer INTEGER, FOREIGN KEY (customer) REFERENCES customers (id));\n";

/// Two revisions, of which the second fails at its first statement.
fn broken() -> Project {
    let project = working();
    let file = project.migrations().join("0002_add_notes.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, text.replace("INTO customers", "INTO nowhere")).unwrap();
    project
}

/// The same with the failure mended, and the schema beside it.
fn working() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "create customers",
        "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);",
        Some("DROP TABLE customers;"),
    );
    project.revision(
        "0002",
        &["0001"],
        "add notes",
        "INSERT INTO customers (id) VALUES (1);\n\
         CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, customer INTEGER REFERENCES customers (id));\n\
         CREATE INDEX notes_by_customer ON notes (customer);\n\
         CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);\n\
         INSERT INTO more (id) VALUES (7);\n\
         ALTER TABLE more ADD COLUMN final INTEGER;",
        Some("DROP TABLE more;\nDROP TABLE notes;\nDELETE FROM customers;"),
    );
    project.write("schema.sql", SCHEMA);
    project
}

/// Mends what [`broken`] has broken.
fn mend(project: &Project) {
    let file = project.migrations().join("0002_add_notes.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, text.replace("nowhere", "customers")).unwrap();
}

/// The shop with the revisions and the schema of a project, and with some of the three variables.
fn shop(database: &TestDatabase, project: &Project, variables: &[(&str, &str)]) -> Program {
    let program = Program::shop()
        .database(database.url())
        .env("SHOP_MIGRATIONS", project.migrations())
        .env("UNDERPIN_SCHEMA_FILE", project.path().join("schema.sql"));
    variables.iter().fold(program, |program, (name, value)| program.env(name, value))
}

/// The report of a start.
#[track_caller]
fn report(program: Program) -> Value {
    let output = program.arg("worker").run();
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

#[track_caller]
fn json(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap_or_else(|error| panic!("{error}: {response:?}"))
}

/// The names of the provisional tables, as `status` has them.
#[track_caller]
fn provisional(database: &TestDatabase, project: &Project) -> Vec<String> {
    let output = project.underpin_on(database).args(["status", "--json"]).run().expect_success();
    let status: Value =
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"));
    let tables = status["provisional"].as_array().expect("a list");
    tables.iter().map(|table| table["name"].as_str().expect("a name").to_owned()).collect()
}

/// The tables of a database that are not Underpin's own.
fn tables(database: &TestDatabase) -> Vec<String> {
    database.tables().into_iter().filter(|name| !name.starts_with("underpin_")).collect()
}

#[track_caller]
fn assert_says(output: &Output, parts: &[&str]) {
    for part in parts {
        assert!(output.stderr.contains(part), "{part}: {output}");
    }
}

/// That the database is where the working revisions lead to, with no start's own tables left in it.
#[track_caller]
fn assert_at_head(database: &TestDatabase, project: &Project) {
    assert_eq!(History::of(database).applied(), ["0001", "0002"]);
    let clean = TestDatabase::create(database.engine());
    project.underpin_on(&clean).arg("upgrade").run().expect_success();
    if database.has_table("extra") {
        clean.execute(SCHEMA.lines().last().expect("the table that no revision brings"));
    }
    assert_eq!(database.schema_dump(), clean.schema_dump());
    assert_eq!(database.value("SELECT count(*) FROM more"), "1");
}

/// The exit code of the broken revision. It fails at its first statement, so that no engine is left half-way.
const FAILED: i32 = 4;

/// A URL of a server that is not there.
fn nowhere(engine: Engine) -> String {
    engine.unreachable_url()
}
