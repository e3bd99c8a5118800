//! Kills at chosen places: between any two statements of a revision, and inside a statement that the server goes on
//! with when its client is dead. Chance has no part here.

use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, History, Project, TestDatabase, on_every_engine, scale};

/// The statements of a revision, as every server understands them; each shows when it was done twice or not at all.
const STATEMENTS: [&str; 7] = [
    "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY)",
    "INSERT INTO more (id) VALUES (1)",
    "ALTER TABLE items ADD COLUMN note VARCHAR(20)",
    "UPDATE items SET total = total + 1, note = 'x'",
    "CREATE INDEX items_note ON items (note)",
    "DROP TABLE gone",
    "INSERT INTO items (id, total, note) SELECT id + 10, total, note FROM items",
];

/// A project whose second revision is `statements`.
fn project(statements: &[&str]) -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "begin",
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, total INTEGER NOT NULL);\n\
         INSERT INTO items (id, total) VALUES (1, 0), (2, 0);\nCREATE TABLE gone (id INTEGER);\n\
         CREATE INDEX items_id ON items (id, total);",
        None,
    );
    write(&project, statements, &[]);
    project
}

fn write(project: &Project, statements: &[&str], header: &[&str]) {
    let sql = statements.join(";\n") + ";";
    let header = [header, &["destructive: reviewed"]].concat();
    project.revision_with("0002", &["0001"], "go on", &header, &[("upgrade", &sql)]);
}

/// What a database of this project holds in the end.
fn content(database: &TestDatabase) -> (String, underpin_tests::database::Rows, History) {
    let rows = database.query("SELECT id, total, note FROM items ORDER BY id");
    (database.schema_dump(), rows, History::of(database))
}

fn undisturbed(engine: Engine, project: &Project) -> (String, underpin_tests::database::Rows, History) {
    let database = TestDatabase::create(engine);
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    content(&database)
}

/// A statement that takes longer than any test.
fn gate(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT count(*) FROM n"
        }
        Engine::Postgres => "SELECT pg_sleep(100)",
        Engine::Mysql | Engine::Mariadb => "SELECT SLEEP(100)",
    }
}

fn soon(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

on_every_engine! {
    fn a_run_that_is_killed_between_any_two_statements_goes_on_there(engine) {
        let project = project(&STATEMENTS);
        let expected = undisturbed(engine, &project);
        for place in 0..=STATEMENTS.len() {
            let database = TestDatabase::create(engine);
            let mut gated = STATEMENTS.to_vec();
            gated.insert(place, gate(engine));
            write(&project, &gated, &[]);
            let program = project.underpin_on(&database).arg("upgrade");
            let mut running = program.spawn();
            running.wait_until(|running| {
                // SQLite has no server to ask: it is locked from the first statement on.
                if engine.is_server() { is_running(&database, "sleep") } else { running.stderr().contains("Applied 0001") }
            });
            running.kill();
            // A server notices by itself within five seconds; what happens until then is looked at below.
            end_sleepers(&database);
            // The gate was not passed, so that the statements before it are all that may not be changed.
            write(&project, &STATEMENTS, &[]);
            program.run().expect_success();
            let found = content(&database);
            assert_eq!(found, expected, "{engine}: killed before statement {place}");
            assert!(!database.is_locked(), "{engine}");
        }
    }

    fn a_start_waits_for_the_statement_of_a_run_that_was_killed(engine) {
        let statements: &[&str] = match engine {
            // Its statements end with their process.
            Engine::Sqlite => return,
            Engine::Postgres => &["ALTER TABLE items ADD COLUMN note VARCHAR(20)", "CREATE INDEX CONCURRENTLY items_total ON items (total)"],
            Engine::Mysql | Engine::Mariadb => &[
                "ALTER TABLE items ADD COLUMN note VARCHAR(20)",
                "CREATE INDEX items_total ON items (total)",
                "RENAME TABLE items TO things",
                "CREATE TRIGGER before_items BEFORE INSERT ON items FOR EACH ROW SET NEW.total = 7",
                "DROP TABLE items",
            ],
        };
        // Only PostgreSQL leaves something half done; elsewhere one fate a statement will do for the short form.
        let both = engine == Engine::Postgres || scale::is_full();
        for (place, statement) in statements.iter().enumerate() {
            if both || place % 2 == 0 {
                kill_inside(engine, statement, Fate::Finished);
            }
            if both || place % 2 == 1 {
                kill_inside(engine, statement, Fate::Ended);
            }
        }
    }
}

fn is_running(database: &TestDatabase, text: &str) -> bool {
    let sessions = database.busy_sessions();
    sessions.iter().any(|session| session.statement.to_lowercase().contains(&text.to_lowercase()))
}

/// What becomes of a statement whose client is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The server goes on with it to its end.
    Finished,
    /// The server breaks it off; a concurrent build leaves an invalid index behind.
    Ended,
}

/// Kills a run while the server waits, inside of a statement of its last revision, for a reader of the table; and
/// starts the next run before the reader is gone.
fn kill_inside(engine: Engine, statement: &str, fate: Fate) {
    let header: &[&str] = if statement.contains("CONCURRENTLY") { &["transaction: off"] } else { &[] };
    let all = [
        "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY)",
        "INSERT INTO more (id) VALUES (1)",
        statement,
        "INSERT INTO more (id) VALUES (2)",
    ];
    let project = project(&all);
    write(&project, &all, header);
    let expected = {
        let database = TestDatabase::create(engine);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        (database.schema_dump(), database.query("SELECT id FROM more ORDER BY id"), History::of(&database))
    };
    let database = TestDatabase::create(engine);
    let program = project.underpin_on(&database).arg("upgrade");
    project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
    thread::scope(|scope| {
        let reader = scope.spawn(|| database.try_query(reading(engine)));
        assert!(soon(|| is_running(&database, "sleep")), "{engine}: nobody reads");
        let mut running = program.spawn();
        let reached = running.wait_until(|_| is_running(&database, statement));
        let left = sessions_with(&database, statement);
        let killed = running.kill();
        assert!(reached, "{engine}: {statement} was not reached: {killed}");
        let next = program.spawn();
        thread::sleep(Duration::from_millis(500));
        if fate == Fate::Ended {
            // Not that of the next run, which may try the same statement by now.
            end_sessions(&database, &left);
        }
        end_sleepers(&database);
        let _ = reader.join();
        next.wait().expect_success();
    });
    let found =
        (database.schema_dump(), database.query("SELECT id FROM more ORDER BY id"), History::of(&database));
    assert_eq!(found, expected, "{engine}: killed inside {statement}, {fate:?}");
    assert!(!database.is_locked(), "{engine}");
}

/// A transaction that has read the table, and keeps others from changing its definition.
fn reading(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite | Engine::Postgres => {
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM items; SELECT pg_sleep(100)"
        }
        Engine::Mysql | Engine::Mariadb => "BEGIN; SELECT count(*) FROM items; SELECT SLEEP(100)",
    }
}

/// Ends every session that sleeps.
fn end_sleepers(database: &TestDatabase) {
    end_sessions(database, &sessions_with(database, "sleep("));
}

/// The numbers of the sessions whose statement holds this text.
fn sessions_with(database: &TestDatabase, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let sessions = database.busy_sessions().into_iter();
    sessions.filter(|session| session.statement.to_lowercase().contains(&text)).map(|it| it.id).collect()
}

fn end_sessions(database: &TestDatabase, ids: &[String]) {
    for id in ids {
        let end = match database.engine() {
            Engine::Sqlite | Engine::Postgres => format!("SELECT pg_terminate_backend({id})"),
            Engine::Mysql | Engine::Mariadb => format!("KILL {id}"),
        };
        // It may have ended by itself.
        let _ = database.try_query(&end);
    }
}
