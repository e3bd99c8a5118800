//! Revisions that fail: what is said, what stays, and whether the shop serves.

use underpin_tests::{Engine, Output, Project, TestDatabase, on_every_engine};

use super::{json, parse, shop_with};

/// One that works, and one whose second statement does not.
fn broken() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "create customers",
        "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);",
        None,
    );
    project.revision(
        "0002",
        &["0001"],
        "add notes",
        "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);\n\nINSERT INTO nowhere (id) VALUES (1);\n\
         CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);",
        None,
    );
    project
}

/// The broken project, mended.
fn mend(project: &Project) {
    let file = project.migrations().join("0002_add_notes.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, text.replace("nowhere", "notes")).unwrap();
}

#[track_caller]
fn is_told_whole(output: &Output, engine: Engine) {
    let state = if engine.has_transactional_schema() {
        "rolled back; the database is still at 0001"
    } else {
        "statement 2"
    };
    for part in
        ["statement 2 of 3", "0002_add_notes.sql:9:", "INSERT INTO nowhere", "= state:", state, "hint:"]
    {
        assert!(output.stderr.contains(part), "{part}: {output}");
    }
}

on_every_engine! {
    fn a_broken_revision_keeps_the_port_closed_and_is_told_whole(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let code = if engine.has_transactional_schema() { 4 } else { 5 };
        let output = shop_with(&database, &project).serve().expect_ended().expect_code(code);
        is_told_whole(&output, engine);
        assert!(database.has_table("customers"));
        assert_eq!(database.has_table("notes"), !engine.has_transactional_schema());

        mend(&project);
        let shop = shop_with(&database, &project).serve().expect_serving();
        assert_eq!(json(&shop.get("/health"))["status"], "healthy");
        assert_eq!(database.value("SELECT count(*) FROM notes"), "1");
        assert!(database.has_table("more"));
    }

    fn a_shop_that_is_to_live_with_it_serves_and_says_degraded(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let program = shop_with(&database, &project).env("FAIL_ON_MIGRATION_ERROR", "false");
        let mut shop = program.serve().expect_serving();
        let health = shop.get("/health");
        assert_eq!(health.status, 503, "{}", health.body);
        let body = json(&health);
        assert_eq!((&body["status"], &body["migrations"]), (&"degraded".into(), &"failed".into()));
        assert_eq!(body["database"], "connected");
        assert_eq!(shop.get("/health/ready").status, 503);
        assert_eq!(shop.get("/health/live").status, 200);
        // What a server says is for the log, and for nobody who just asks.
        assert!(!health.body.contains("nowhere"), "{}", health.body);

        mend(&project);
        shop_with(&database, &project).args(["migrate", "upgrade"]).run().expect_success();
        // The shop has the revisions that it read when it started, so it says that they were edited.
        assert_eq!(json(&shop.wait_for("/health", 503))["status"], "degraded");
        let output = shop.stop().expect_success();
        assert_eq!(output.stderr.matches("failed at statement 2 of 3").count(), 1, "{output}");
        assert!(output.stderr.contains("0002_add_notes.sql:9:"), "{output}");
    }

    fn a_failed_init_says_so(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        // What the service may live with, a job that only migrates may not.
        let program = shop_with(&database, &project).arg("init").env("FAIL_ON_MIGRATION_ERROR", "false");
        let code = if engine.has_transactional_schema() { 4 } else { 5 };
        let output = program.run().expect_code(code);
        assert_eq!(output.stdout.trim(), "Database initialization failed");
        is_told_whole(&output, engine);
    }

    fn the_report_of_a_failure_holds_the_error_and_what_was_done(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let code = if engine.has_transactional_schema() { 4 } else { 5 };
        let output = shop_with(&database, &project).arg("worker").run().expect_code(code);
        let report = parse(&output.stdout);
        assert_eq!((&report["success"], &report["outcome"]), (&false.into(), &"failed".into()));
        assert_eq!(report["applied"], serde_json::json!(["0001"]));
        assert_eq!(report["pending"], serde_json::json!(["0002"]));
        let status = &report["database_status"];
        assert_eq!((&status["success"], &status["database_healthy"]), (&false.into(), &false.into()));
        assert_eq!(status["current_revision"], "0001");
        assert!(status["errors"][0].as_str().is_some_and(|error| error.contains("statement 2 of 3")), "{report}");
        assert!(report["errors"][0]["hint"].is_string(), "{report}");
    }
}
