//! Databases that are not there, come late, or take long; and a shop that is told to end meanwhile.

use underpin_tests::{Engine, Program, Project, Relay, Signal, TestDatabase, on_every_engine};

use super::{json, parse, shop_with};

/// A statement that runs until it is stopped.
fn endless(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000000000) SELECT count(*) FROM n;"
        }
        Engine::Postgres => "SELECT pg_sleep(600);",
        Engine::Mysql | Engine::Mariadb => "SELECT sleep(600);",
    }
}

on_every_engine! {
    fn a_database_that_is_down_is_named_with_where_its_url_came_from(engine) {
        let url = engine.unreachable_url();
        let program = Program::shop().database(&url).env("UNDERPIN_CONNECT_TIMEOUT", "100ms");
        let output = program.arg("init").run().expect_code(3);
        assert_eq!(output.stdout.trim(), "Database initialization failed");
        for part in ["DATABASE_URL", "nothing was changed", "hint:"] {
            assert!(output.stderr.contains(part), "{part}: {output}");
        }
        assert!(!output.text().contains("nothing@"), "{output}");
        let ended = Program::shop().database(&url).env("UNDERPIN_CONNECT_TIMEOUT", "100ms").serve().expect_ended();
        ended.expect_code(3);
    }

    fn a_shop_that_is_to_live_without_its_database_serves(engine) {
        let mut program = Program::shop().database(engine.unreachable_url()).env("UNDERPIN_CONNECT_TIMEOUT", "100ms");
        program = program.env("FAIL_ON_MIGRATION_ERROR", "false");
        for auto in ["true", "false"] {
            let shop = program.clone().env("AUTO_MIGRATE_ON_STARTUP", auto).serve().expect_serving();
            let health = shop.get("/health/ready");
            assert_eq!(json(&health)["database"], "unreachable", "{}", health.body);
            assert_eq!(health.status, 503, "{}", health.body);
            assert_eq!(shop.get("/health/live").status, 200);
            let customers = shop.get("/customers");
            assert!((500..=503).contains(&customers.status), "{customers:?}");
            assert!(json(&customers)["error"].is_string());
        }
    }

    fn a_database_that_comes_late_is_waited_for(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let mut relay = Relay::to(&database);
        let mut running = Program::shop().database(relay.url()).arg("worker").spawn();
        assert!(running.wait_until(|running| running.stderr().contains("waiting for the database")));
        relay.open();
        let report = parse(&running.wait().expect_success().stdout);
        assert_eq!(report["applied"].as_array().map(Vec::len), Some(3));
    }

    fn a_shop_that_is_told_to_end_while_it_migrates_rolls_back_and_ends(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "first", "CREATE TABLE first (id INTEGER NOT NULL PRIMARY KEY);", None);
        project.revision("0002", &["0001"], "endless", endless(engine), None);
        let mut running = shop_with(&database, &project).env("RUST_LOG", "underpin=debug").spawn();
        assert!(running.wait_until(|running| running.stderr().contains("revision started revision=0002")));
        running.signal(Signal::Terminate);
        let output = running.wait().expect_code(130);
        assert!(output.stderr.contains("interrupted"), "{output}");
        database.assert_idle("a shop that was told to end");

        std::fs::write(
            project.migrations().join("0002_endless.sql"),
            "-- revision: 0002\n-- parents: 0001\n-- message: endless\n\n-- underpin: upgrade\nSELECT 1;\n",
        )
        .unwrap();
        shop_with(&database, &project).arg("init").run().expect_success();
    }

    fn a_run_that_takes_too_long_is_cancelled(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "endless", endless(engine), None);
        let program = shop_with(&database, &project).env("UNDERPIN_TIMEOUT", "1s");
        let output = program.serve().expect_ended().expect_code(6);
        assert!(output.stderr.contains("Could not run migrations: Timeout after 1 second"), "{output}");
        database.assert_idle("a run that took too long");
    }
}

#[test]
fn a_shop_that_is_told_to_end_while_it_waits_ends() {
    for auto in ["true", "false"] {
        let program = Program::shop().database(Engine::Postgres.unreachable_url());
        let mut running = program.env("AUTO_MIGRATE_ON_STARTUP", auto).spawn();
        assert!(running.wait_until(|running| running.stderr().contains("waiting for the database")));
        running.signal(Signal::Interrupt);
        running.wait().expect_code(130);
    }
}
