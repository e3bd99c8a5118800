//! PostgreSQL's statements that work in several transactions of their own, cut off between two of them: the next run
//! finishes them, and leaves nothing behind.

use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, History, Project, TestDatabase};

/// A table in parts, a revision that detaches one without keeping readers out, and one that rebuilds an index.
fn project(statement: &str) -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "parts",
        "CREATE TABLE items (id INTEGER NOT NULL) PARTITION BY RANGE (id);\n\
         CREATE TABLE items_low PARTITION OF items FOR VALUES FROM (0) TO (100);\n\
         CREATE INDEX items_low_id ON items_low (id);\n\
         INSERT INTO items SELECT generate_series(0, 99);",
        None,
    );
    project.revision_with(
        "0002",
        &["0001"],
        "concurrently",
        &["transaction: off"],
        &[("upgrade", statement)],
    );
    project
}

/// Somebody who reads for that long, whom these statements wait for.
fn with_reader(database: &TestDatabase, seconds: u32, work: impl FnOnce()) {
    thread::scope(|scope| {
        let reads = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM items; SELECT pg_sleep({seconds}); COMMIT"
        );
        let reader = scope.spawn(move || database.try_query(&reads));
        let deadline = Instant::now() + Duration::from_secs(20);
        while database.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid() AND datname = current_database()") == "0" {
            assert!(Instant::now() < deadline, "nobody reads");
            thread::sleep(Duration::from_millis(50));
        }
        work();
        // Its own end may be that it was terminated with the others.
        let _ = reader.join();
    });
}

const PENDING: &str = "SELECT count(*) FROM pg_inherits WHERE inhdetachpending";
const LEFT: &str = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
const DETACH: &str = "ALTER TABLE items DETACH PARTITION items_low CONCURRENTLY;";

#[test]
fn a_detachment_that_was_cut_off_is_finished() {
    Engine::Postgres.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), project(DETACH));
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        with_reader(&database, 6, || {
            project.underpin_on(&database).args(["upgrade", "--timeout", "2s"]).run().expect_code(6);
            assert_eq!(database.value(PENDING), "1");
        });
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(
            database.value("SELECT count(*) FROM pg_inherits WHERE inhparent = 'items'::regclass"),
            "0"
        );
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
        assert_eq!(database.value("SELECT count(*) FROM items_low"), "100");
    });
}

#[test]
fn a_detachment_whose_run_and_backend_were_killed_is_not_taken_for_done() {
    Engine::Postgres.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), project(DETACH));
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        with_reader(&database, 5, || {
            let mut running = project.underpin_on(&database).arg("upgrade").spawn();
            assert!(running.wait_until(|_| database.value(PENDING) == "1"));
            running.kill();
            database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%DETACH PARTITION%' AND pid <> pg_backend_pid() AND datname = current_database()");
        });
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM pg_inherits WHERE inhparent = 'items'::regclass"), "0");
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    });
}

#[test]
fn a_rebuilt_index_that_was_cut_off_leaves_nothing_behind() {
    Engine::Postgres.run(|engine| {
        let rebuild = "REINDEX INDEX CONCURRENTLY items_low_id;";
        let (database, project) = (TestDatabase::create(engine), project(rebuild));
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        with_reader(&database, 6, || {
            project.underpin_on(&database).args(["upgrade", "--timeout", "2s"]).run().expect_code(6);
            assert_eq!(database.value(LEFT), "1");
        });
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value(LEFT), "0");
        assert_eq!(database.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'items_low_id%'"), "1");
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    });
}
