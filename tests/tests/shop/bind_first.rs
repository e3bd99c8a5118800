//! A shop that binds first and migrates behind: it answers from the first moment, serves when it is ready, and ends as
//! any other does where it may not serve.

use underpin_tests::{Engine, Hold, Program, Project, Relay, Signal, TestDatabase, on_every_engine};

use super::{json, shop, shop_with};

fn bind_first(program: Program) -> Program {
    program.env("SHOP_BIND_FIRST", "true")
}

/// One revision that works, and one that runs until it is stopped.
fn endless(engine: Engine) -> Project {
    let statement = match engine {
        Engine::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000000000) SELECT count(*) FROM n;"
        }
        Engine::Postgres => "SELECT pg_sleep(600);",
        Engine::Mysql | Engine::Mariadb => "SELECT sleep(600);",
    };
    let project = Project::new();
    project.revision("0001", &[], "first", "CREATE TABLE first (id INTEGER NOT NULL PRIMARY KEY);", None);
    project.revision("0002", &["0001"], "endless", statement, None);
    project
}

on_every_engine! {
    fn it_serves_when_its_database_is_ready(engine) {
        let database = TestDatabase::create(engine);
        let mut shop = bind_first(shop(&database)).serve().expect_serving();
        let health = json(&shop.wait_for("/health/ready", 200));
        assert_eq!((&health["status"], &health["version"]), (&"healthy".into(), &env!("CARGO_PKG_VERSION").into()));
        assert_eq!(json(&shop.get("/customers")).as_array().map(Vec::len), Some(3));
        assert_eq!(json(&shop.get("/health/startup"))["applied"], serde_json::json!(["0001", "0002", "0003"]));
        let output = shop.stop().expect_success();
        assert!(output.stderr.contains("Database at revision: 0003"), "{output}");
    }

    fn told_to_end_while_it_migrates_it_rolls_back_and_ends(engine) {
        let (database, project) = (TestDatabase::create(engine), endless(engine));
        let program = bind_first(shop_with(&database, &project)).env("RUST_LOG", "underpin=debug");
        let mut shop = program.serve().expect_serving();
        assert!(shop.running().wait_until(|running| running.stderr().contains("revision started revision=0002")));
        assert_eq!(shop.get("/health/live").status, 200);
        let ready = shop.get("/health/ready");
        assert_eq!((ready.status, &json(&ready)["phase"]), (503, &"apply".into()));
        let customers = shop.get("/customers");
        assert_eq!((customers.status, &json(&customers)["status"]), (503, &"starting".into()));
        assert!(customers.header("retry-after").is_some());
        shop.running().signal(Signal::Terminate);
        let output = shop.stop().expect_code(130);
        assert!(output.stderr.contains("interrupted"), "{output}");
        database.assert_idle("a shop that was told to end");
    }

    fn while_another_migrates_it_says_that_it_waits_and_for_how_long(engine) {
        let (database, project) = (TestDatabase::create(engine), endless(engine));
        let first = bind_first(shop_with(&database, &project)).env("RUST_LOG", "underpin=debug");
        let mut first = first.serve().expect_serving();
        assert!(first.running().wait_until(|running| running.stderr().contains("revision started revision=0002")));
        let mut second = bind_first(shop_with(&database, &project)).env("RUST_LOG", "underpin=debug").serve().expect_serving();
        assert!(second.running().wait_until(|running| running.stderr().contains("somebody else has the migration lock")));
        let waited = |shop: &underpin_tests::Shop| {
            let ready = json(&shop.get("/health/ready"));
            assert_eq!(ready["phase"], "lock", "{ready}");
            ready["waited_ms"].as_u64().unwrap_or_default()
        };
        let before = waited(&second);
        assert!(before < 5_000, "{before}");
        std::thread::sleep(std::time::Duration::from_millis(300));
        let after = waited(&second);
        assert!(after >= before + 200, "{before} {after}");
        for mut shop in [second, first] {
            shop.running().signal(Signal::Terminate);
            shop.stop().expect_code(130);
        }
    }

    fn a_terminal_that_goes_away_ends_it_as_a_signal_to_end_does(engine) {
        let (database, project) = (TestDatabase::create(engine), endless(engine));
        let program = bind_first(shop_with(&database, &project)).env("RUST_LOG", "underpin=debug");
        let mut shop = program.serve().expect_serving();
        assert!(shop.running().wait_until(|running| running.stderr().contains("revision started revision=0002")));
        shop.running().signal(Signal::Hangup);
        shop.stop().expect_code(130);
        database.assert_idle("a shop whose terminal went away");

        let database = TestDatabase::create(engine);
        let mut running = project.underpin_on(&database).args(["upgrade", "--json"]).spawn();
        assert!(running.wait_until(|running| running.stdout().contains("\"statement\"")
            && running.stdout().contains("0002")));
        running.signal(Signal::Hangup);
        running.wait().expect_code(130);
        database.assert_idle("a run whose terminal went away");

        // Whoever is started with nohup outlives its terminal.
        let short = Project::new();
        short.revision("0001", &[], "first", "CREATE TABLE first (id INTEGER NOT NULL PRIMARY KEY);", None);
        let database = TestDatabase::create(engine);
        let script = format!("trap '' HUP; exec {} upgrade", short.underpin().path().display());
        let program = Program::at("/bin/sh").directory(short.path()).database(database.url()).args(["-c", &script]);
        let hold = Hold::at("locked", 0);
        let mut running = hold.on(&program).spawn();
        assert!(hold.is_reached(&mut running));
        running.signal(Signal::Hangup);
        hold.release();
        running.wait().expect_success();
        assert!(database.has_table("first"));
    }

    fn a_broken_revision_ends_it_with_the_code_of_any_start(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "broken", "INSERT INTO nowhere (id) VALUES (1);", None);
        let output = bind_first(shop_with(&database, &project)).env("PORT", "0").run().expect_code(4);
        assert!(output.stderr.contains("INSERT INTO nowhere"), "{output}");

        let program = bind_first(shop_with(&database, &project)).env("FAIL_ON_MIGRATION_ERROR", "false");
        let mut shop = program.serve().expect_serving();
        assert!(shop.running().wait_until(|running| running.stderr().contains("Database at revision")));
        let health = shop.get("/health");
        assert_eq!((health.status, &json(&health)["status"]), (503, &"degraded".into()));
        assert_eq!(shop.get("/health/live").status, 200);
        shop.stop().expect_success();
    }

    fn a_database_that_comes_late_finds_it_waiting_and_alive(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let mut relay = Relay::to(&database);
        let mut shop = bind_first(Program::shop().database(relay.url())).serve().expect_serving();
        let ready = shop.get("/health/ready");
        assert_eq!((ready.status, &json(&ready)["database"]), (503, &"unreachable".into()));
        relay.open();
        shop.wait_for("/health/ready", 200);
    }
}

#[test]
fn whether_it_binds_first_is_never_guessed() {
    let output = Program::shop().env("SHOP_BIND_FIRST", "maybe").env("PORT", "0").run().expect_code(2);
    assert!(output.stderr.contains("SHOP_BIND_FIRST is \"maybe\""), "{output}");
}
