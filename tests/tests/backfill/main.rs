//! Data in batches, on real servers: what a killed run leaves and the next one makes of it, who may write
//! meanwhile, and what is refused before anything is done.

mod forms;
mod kill;
mod refusal;
mod writer;

use underpin_tests::{Engine, Project, TestDatabase, scale};

/// How many rows a table has: as many as so many digits can count.
fn digits() -> u32 {
    if scale::is_full() { 6 } else { 3 }
}

/// The statements that make `items` and fill it; its keys are numbers with gaps between them.
fn items() -> String {
    let digits = digits();
    let names = ["a", "b", "c", "d", "e", "f"];
    let used = || (0..digits).zip(names);
    let number: Vec<String> = used().map(|(power, name)| format!("{}*{name}.v", 10_u32.pow(power))).collect();
    let tables: Vec<String> = used().map(|(_, name)| format!("digits {name}")).collect();
    format!(
        "CREATE TABLE digits (v INTEGER NOT NULL PRIMARY KEY);\n\
         INSERT INTO digits (v) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);\n\
         CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, tenant INTEGER NOT NULL, code VARCHAR(20) NOT NULL, \
         total INTEGER, touched INTEGER NOT NULL, UNIQUE (tenant, id), UNIQUE (code));\n\
         INSERT INTO items (id, tenant, code, touched) SELECT 7 * n + 3, n % 3, {code}, 0 \
         FROM (SELECT {number} AS n FROM {tables}) AS numbers;",
        code = "CONCAT('k', n)",
        number = number.join(" + "),
        tables = tables.join(", ")
    )
}

/// A project whose first revision makes and fills `items`, and whose second is this.
fn project(engine: Engine, upgrade: &str, downgrade: Option<&str>) -> Project {
    let project = Project::new();
    // SQLite has the function only since 3.44.
    let items = match engine {
        Engine::Sqlite => items().replace("CONCAT('k', n)", "'k' || n"),
        Engine::Postgres | Engine::Mysql | Engine::Mariadb => items(),
    };
    project.revision("0001", &[], "make items", &items, Some("DROP TABLE items; DROP TABLE digits;"));
    project.revision("0002", &["0001"], "go on", upgrade, downgrade);
    project
}

/// A database with the first revision.
fn filled(engine: Engine, project: &Project) -> TestDatabase {
    let database = TestDatabase::create(engine);
    project.underpin_on(&database).args(["upgrade", "0001", "--timeout", "20m"]).run().expect_success();
    database
}

/// Asserts that the second revision is done and nothing of its way is left in the history.
#[track_caller]
fn assert_done(database: &TestDatabase) {
    assert_eq!(database.value("SELECT count(*) FROM underpin_history WHERE revision = '0002'"), "1");
    assert_eq!(database.value("SELECT count(*) FROM underpin_journal"), "0");
    assert_eq!(database.value("SELECT count(*) FROM underpin_progress"), "0");
    assert!(!database.is_locked());
}
