//! How far a server is with a statement that takes its time, as it says itself: in the events, in the words between
//! them, and in what a service answers meanwhile.

use std::time::Duration;

use serde_json::Value;
use underpin_tests::{Engine, Output, Program, Project, TestDatabase};

/// An index that takes some 14 seconds, because the function that it is on sleeps: 7,000 rows, 2 ms each.
fn slow_index() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "rows",
        "CREATE TABLE numbers (id INTEGER NOT NULL, text TEXT NOT NULL);\n\
         INSERT INTO numbers SELECT i, repeat('x', 500) FROM generate_series(1, 7000) AS i;\n\
         CREATE FUNCTION slowly(i INTEGER) RETURNS INTEGER LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN i; END $$;",
        None,
    );
    project.revision(
        "0002",
        &["0001"],
        "index",
        "CREATE INDEX numbers_slowly ON numbers (slowly(id));",
        None,
    );
    project
}

/// The shares that the lines of a run tell.
fn shares(output: &Output) -> Vec<u64> {
    let lines = output.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"] == "working").filter_map(|line| line["percent"].as_u64()).collect()
}

#[test]
fn postgresql_tells_how_far_an_index_is() {
    Engine::Postgres.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), slow_index());
        let output = project.underpin_on(&database).args(["upgrade", "--json"]).run().expect_success();
        let shares = shares(&output);
        assert!(
            shares.len() >= 3 && shares.is_sorted() && shares[0] < shares[shares.len() - 1],
            "{shares:?} {output}"
        );
        database.assert_idle("a run that asked how far it was");
    });
}

#[test]
fn the_words_between_and_the_service_tell_it_too() {
    Engine::Postgres.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), slow_index());
        let output = project.underpin_on(&database).arg("upgrade").run().expect_success();
        let word = output.stderr.lines().find(|line| line.contains("Running"));
        assert!(word.is_some_and(|word| word.contains(" % done (building index")), "{output}");

        let database = TestDatabase::create(engine);
        let program = Program::shop().database(database.url()).env("SHOP_MIGRATIONS", project.migrations());
        let mut shop = program.env("SHOP_BIND_FIRST", "true").serve().expect_serving();
        let mut seen = None;
        while seen.is_none() {
            let health: Value = serde_json::from_str(&shop.get("/health").body).unwrap();
            assert_eq!(health["status"], "starting", "{health}");
            seen = health["percent"].as_u64();
            std::thread::sleep(Duration::from_millis(200));
        }
        assert!(seen.is_some_and(|percent| percent < 100), "{seen:?}");
        let ready: Value = serde_json::from_str(&shop.wait_for("/health/ready", 200).body).unwrap();
        assert_eq!(ready.get("percent"), None, "{ready}");
        shop.stop();
    });
}

#[test]
fn mariadb_tells_how_far_a_copy_is() {
    Engine::Mariadb.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision(
            "0001",
            &[],
            "rows",
            "CREATE TABLE numbers (id INTEGER NOT NULL PRIMARY KEY, text VARCHAR(200) NOT NULL);\n\
             INSERT INTO numbers SELECT seq, repeat('x', 100) FROM seq_1_to_600000;",
            None,
        );
        project.revision(
            "0002",
            &["0001"],
            "copy",
            "ALTER TABLE numbers ADD KEY by_text (text, id), ADD KEY by_both (id, text), FORCE, ALGORITHM=COPY;",
            None,
        );
        let output = project.underpin_on(&database).args(["upgrade", "--json"]).run().expect_success();
        let shares = shares(&output);
        assert!(!shares.is_empty() && shares.is_sorted() && shares.iter().all(|share| *share <= 100), "{shares:?} {output}");
    });
}

#[test]
fn mysql_tells_how_far_an_index_is_where_its_operator_wants_to_know() {
    Engine::Mysql.run(|engine| {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        database.execute("UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME = 'events_stages_current'");
        let digits = "SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";
        let rows = format!(
            "CREATE TABLE numbers (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200) NOT NULL);\n\
             INSERT INTO numbers (text) WITH d AS ({digits}) SELECT repeat('x', 100) FROM d AS a, d AS b, d AS c, d AS e, d AS f, (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS g;"
        );
        project.revision("0001", &[], "rows", &rows, None);
        let copy = "ALTER TABLE numbers ADD KEY by_text (text, id), ADD KEY by_both (id, text), FORCE, ALGORITHM=INPLACE;";
        project.revision("0002", &["0001"], "index", copy, None);
        let output = project.underpin_on(&database).args(["upgrade", "--json"]).run().expect_success();
        let shares = shares(&output);
        assert!(!shares.is_empty() && shares.iter().all(|share| *share <= 100), "{shares:?} {output}");
    });
}
