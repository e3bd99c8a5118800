//! What the shop's log holds, which is what the library tells `tracing`.

use underpin_tests::{Engine, TestDatabase};

use super::{shop, upgrade};

#[test]
fn the_first_line_names_the_shop_and_the_last_its_revision() {
    let database = TestDatabase::create(Engine::Sqlite);
    let output = shop(&database).arg("init").run().expect_success();
    let first = output.stderr.lines().next().unwrap_or_default();
    assert!(first.contains("shop: looking at the database"), "{output}");
    assert!(output.stderr.contains("shop: Database at revision: 0003 (migrated)"), "{output}");
}

#[test]
fn a_run_has_its_revisions_with_their_times() {
    let database = TestDatabase::create(Engine::Sqlite);
    let output = shop(&database).arg("init").env("RUST_LOG", "underpin=info").run().expect_success();
    for revision in ["0001", "0002", "0003"] {
        let line =
            output.stderr.lines().find(|line| line.contains(&format!("revision done revision={revision}")));
        assert!(line.is_some_and(|line| line.contains("elapsed_ms=")), "{revision}: {output}");
    }
    assert!(!output.stderr.contains("CREATE TABLE"), "{output}");
}

#[test]
fn a_log_that_is_asked_for_more_has_the_statements() {
    let database = TestDatabase::create(Engine::Sqlite);
    let output = shop(&database).arg("init").env("ALEMBIC_LOG_LEVEL", "DEBUG").run().expect_success();
    assert!(output.stderr.contains("CREATE TABLE customers"), "{output}");
}

#[test]
fn a_warning_is_there_once() {
    let database = TestDatabase::create(Engine::Sqlite);
    upgrade(&database, "0001");
    let program = shop(&database).env("AUTO_MIGRATE_ON_STARTUP", "false").env("UNDERPIN_TIMOUT", "5s");
    let output = program.serve().expect_serving().stop();
    assert_eq!(output.stderr.matches("Database migrations needed").count(), 1, "{output}");
    // A name that was mistyped is a setting that somebody believes in.
    assert_eq!(output.stderr.matches("UNDERPIN_TIMOUT").count(), 1, "{output}");
    assert!(output.stderr.contains("UNDERPIN_TIMEOUT"), "{output}");
}
