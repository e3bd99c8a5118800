//! The shop's commands, and what it says to the terminal or the log.

use underpin_tests::{Engine, Program, TestDatabase, http, on_every_engine};

use super::{parse, shop, upgrade};

on_every_engine! {
    fn init_says_that_the_database_is_ready(engine) {
        let database = TestDatabase::create(engine);
        assert_eq!(shop(&database).arg("init").run().expect_success().stdout, "Database ready!\n");
        assert_eq!(database.value("SELECT count(*) FROM underpin_history"), "3");
        assert_eq!(shop(&database).arg("init").run().expect_success().stdout, "Database ready!\n");
    }

    fn every_entry_point_gives_the_same_report(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "0001");
        let looking = shop(&database).env("AUTO_MIGRATE_ON_STARTUP", "false");
        let [serve, worker] = [&["serve", "--startup-json"][..], &["worker"]].map(|arguments| {
            let mut report = parse(&looking.clone().args(arguments).run().expect_success().stdout);
            report["timings"].take();
            report
        });
        assert_eq!(serve, worker);
        assert_eq!(serve["app_name"], "shop");
        assert_eq!((&serve["mode"], &serve["outcome"]), (&"check".into(), &"pending".into()));
        assert_eq!(serve["database_status"]["pending_migrations"], 2);
        assert_eq!(serve["database_status"]["auto_migrate_enabled"], false);
        assert_eq!(serve["database_status"]["database_healthy"], false);
    }
}

#[test]
fn init_is_not_content_with_a_look() {
    let database = TestDatabase::create(Engine::Sqlite);
    let output = shop(&database).arg("init").env("AUTO_MIGRATE_ON_STARTUP", "false").run().expect_code(1);
    assert_eq!(output.stdout, "Database initialization failed\n");
}

#[test]
fn any_port_will_do_if_it_says_which() {
    let database = TestDatabase::create(Engine::Sqlite);
    let mut running = shop(&database).env("PORT", "0").spawn();
    let line = "shop listens on http://localhost:";
    assert!(
        running.wait_until(|running| running.stdout().contains(line) && running.stdout().ends_with('\n'))
    );
    let output = running.stdout();
    let port = output.trim().rsplit(':').next().and_then(|port| port.parse().ok()).unwrap();
    assert_eq!(http::get(port, "/health").unwrap().status, 200);
}

#[test]
fn a_port_that_is_none_is_refused_before_anything_is_done() {
    let database = TestDatabase::create(Engine::Sqlite);
    let output = shop(&database).env("PORT", "http").run().expect_code(2);
    assert!(output.stderr.contains("PORT is \"http\""), "{output}");
    assert!(database.path().is_some_and(|file| !file.exists()));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let database = TestDatabase::create(Engine::Sqlite);
    let first = shop(&database).serve().expect_serving();
    let port = first.port().to_string();
    let output = shop(&database).env("PORT", &port).run().expect_code(2);
    assert!(output.stderr.contains(&port) && output.stderr.contains("hint:"), "{output}");
}

#[test]
fn an_unknown_command_is_refused_and_help_is_there() {
    let output = Program::shop().arg("sevre").run().expect_code(2);
    assert!(output.stderr.contains("sevre") && output.stderr.contains("shop help"), "{output}");
    assert!(Program::shop().arg("help").run().expect_success().stdout.contains("$PORT"));
}
