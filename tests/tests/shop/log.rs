//! What the shop's log holds, which is what the library tells `tracing`.

use serde_json::Value;
use underpin_tests::{Engine, Program, TestDatabase, on_every_engine};

use super::{shop, upgrade};

on_every_engine! {
    fn a_normal_start_logs_a_line_a_revision_and_a_summary(engine) {
        let database = TestDatabase::create(engine);
        let output = shop(&database).arg("init").run().expect_success();
        let lines: Vec<&str> = output.stderr.lines().collect();
        assert_eq!(lines.len(), 4, "{engine}: {output}");
        for (line, revision) in lines.iter().zip(["0001", "0002", "0003"]) {
            assert!(line.contains("service=\"shop\""), "{engine}: {line}");
            assert!(line.contains(&format!("revision done revision={revision}")), "{engine}: {line}");
        }
        let summary = summary(lines[3], "shop: Database at revision: 0003 (migrated)");
        assert_eq!(summary["revisions"], serde_json::json!(["0001", "0002", "0003"]), "{engine}");
        assert_eq!((&summary["outcome"], &summary["error"]), (&"applied".into(), &Value::Null), "{engine}");

        let output = shop(&database).arg("init").run().expect_success();
        let lines: Vec<&str> = output.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{engine}: {output}");
        self::summary(lines[0], "shop: Database at revision: 0003 (up to date)");
    }

    fn a_log_that_is_asked_for_more_has_every_statement(engine) {
        let database = TestDatabase::create(engine);
        let debug = |program: Program| program.env("ALEMBIC_LOG_LEVEL", "DEBUG").run().expect_success();
        let output = debug(shop(&database).arg("init"));
        let plan = shop(&TestDatabase::create(engine)).args(["migrate", "plan", "--json"]).run().expect_success();
        let plan: Value = serde_json::from_str(&plan.stdout).expect("a plan");
        let steps = plan["steps"].as_array().expect("steps");
        for step in steps {
            for statement in step["statements"].as_array().expect("statements") {
                let sql = statement["sql"].as_str().expect("SQL");
                let sql = format!("{sql:?}");
                assert!(output.stderr.contains(sql.trim_matches('"')), "{engine}: {sql} is not in {output}");
            }
        }
        assert!(output.stderr.contains("underpin.run{") && output.stderr.contains("underpin.revision{"), "{output}");
        // A command has the same log, and its last line is the run's own.
        let output = debug(shop(&database).args(["migrate", "downgrade", "-1"]));
        let last = output.stderr.lines().find(|line| line.contains("underpin::summary")).expect("a summary");
        assert_eq!(summary(last, "underpin::summary: ")["outcome"], "reverted", "{engine}");
    }
}

/// The JSON in the last line of a run, behind what stands before it.
#[track_caller]
fn summary(line: &str, before: &str) -> Value {
    let (_, behind) = line.split_once(before).unwrap_or_else(|| panic!("{before:?} is not in {line}"));
    let json = &behind[behind.find('{').unwrap_or_else(|| panic!("no JSON in {line}"))..];
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
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
