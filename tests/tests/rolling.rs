//! Old and new versions of a service on one database, as they meet while a release is rolled out: what the older one
//! makes of revisions that it does not know, and what waits until it has ended.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use underpin_tests::{History, Output, Program, Project, TestDatabase, on_every_engine};

/// The release that is out: two revisions.
fn old() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "create customers",
        "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100), street VARCHAR(100));\nINSERT INTO customers (id, name, street) VALUES (1, 'Ada', 'a street');",
        Some("DROP TABLE customers;"),
    );
    project.revision(
        "0002",
        &["0001"],
        "create orders",
        "CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY);",
        Some("DROP TABLE orders;"),
    );
    project
}

/// The next release: it adds a table that the old one can live with, and takes away a column that it can't do without.
fn new() -> Project {
    let project = old();
    project.revision_with(
        "0003",
        &["0002"],
        "create addresses",
        &["phase: expand"],
        &[
            ("upgrade", "CREATE TABLE addresses (id INTEGER NOT NULL PRIMARY KEY, street VARCHAR(100));\nINSERT INTO addresses (id, street) SELECT id, street FROM customers;"),
            ("downgrade", "DROP TABLE addresses;"),
        ],
    );
    project.revision_with(
        "0004",
        &["0003"],
        "drop the street",
        &["phase: contract", "destructive: reviewed"],
        &[
            ("upgrade", "ALTER TABLE customers DROP COLUMN street;"),
            (
                "downgrade",
                "ALTER TABLE customers ADD COLUMN street VARCHAR(100);\nUPDATE customers SET street = (SELECT street FROM addresses WHERE addresses.id = customers.id);",
            ),
        ],
    );
    project
}

/// What must not change.
fn picture(database: &TestDatabase) -> (String, History) {
    (database.schema_dump(), History::of(database))
}

fn shop_with(database: &TestDatabase, project: &Project) -> Program {
    Program::shop().database(database.url()).env("SHOP_MIGRATIONS", project.migrations())
}

fn upgrade(database: &TestDatabase, project: &Project, target: &str) -> Output {
    project.underpin_on(database).args(["upgrade", target]).run().expect_success()
}

fn status(database: &TestDatabase, project: &Project) -> Value {
    let output = project.underpin_on(database).args(["status", "--json"]).run().expect_success();
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

on_every_engine! {
    fn an_older_service_lives_with_a_database_that_was_only_expanded(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        upgrade(&database, &new, "0003");
        let before = picture(&database);

        let serving = shop_with(&database, &old).serve().expect_serving();
        assert_eq!(serving.get("/health/ready").status, 200);
        let output = serving.stop();
        assert!(output.stderr.contains("WARN") && output.stderr.contains("0003"), "{output}");
        let worker = shop_with(&database, &old).arg("worker").run().expect_success();
        let report: Value = serde_json::from_str(&worker.stdout).unwrap_or_else(|error| panic!("{error}: {worker}"));
        assert_eq!((&report["outcome"], &report["success"]), (&"ahead".into(), &true.into()), "{report}");
        let status = status(&database, &old);
        assert_eq!((&status["unknown"], &status["incompatible"]), (&serde_json::json!(["0003"]), &serde_json::json!([])));
        upgrade(&database, &old, "head");
        assert_eq!(picture(&database), before);
    }

    fn an_older_service_refuses_a_database_that_was_contracted(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        upgrade(&database, &new, "head");
        let before = picture(&database);
        for program in [shop_with(&database, &old), old.underpin_on(&database).arg("upgrade")] {
            let output = program.limit(Duration::from_secs(30)).run().expect_code(7);
            assert!(output.stderr.contains("0004") && output.stderr.contains("hint:"), "{output}");
            assert!(!output.stderr.contains("0003, "), "{output}");
        }
        assert_eq!(picture(&database), before);
    }

    fn an_older_program_takes_back_what_only_the_ledger_knows(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        let original = {
            let database = TestDatabase::create(engine);
            upgrade(&database, &old, "head");
            (database.schema_dump(), database.query("SELECT id, name, street FROM customers ORDER BY id"))
        };
        upgrade(&database, &new, "head");
        let before = picture(&database);
        let dry = old.underpin_on(&database).args(["downgrade", "0002", "--dry-run"]).run().expect_success();
        assert!(dry.stdout.contains("DROP TABLE addresses") && dry.stdout.contains("0004"), "{dry}");
        assert_eq!(picture(&database), before);

        let output = old.underpin_on(&database).args(["downgrade", "0002"]).run().expect_success();
        let (shown, done) = (output.stderr.find("DROP TABLE addresses"), output.stderr.find("Reverted"));
        assert!(shown.is_some() && shown < done, "the plan is shown first: {output}");
        assert_eq!(database.schema_dump(), original.0);
        assert_eq!(database.query("SELECT id, name, street FROM customers ORDER BY id"), original.1);
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
        shop_with(&database, &old).arg("init").run().expect_success();
        // One that only the ledger knows is a target, too.
        upgrade(&database, &new, "head");
        old.underpin_on(&database).args(["downgrade", "0003"]).run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003"]);
    }

    fn taking_back_to_where_it_is_already_is_nothing_to_do(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        new.revision("0005", &["0004"], "one more", "CREATE TABLE one_more (id INTEGER);", Some("DROP TABLE one_more;"));
        upgrade(&database, &new, "head");
        for target in ["0004", "0003"] {
            old.underpin_on(&database).args(["downgrade", target]).run().expect_success();
            let before = picture(&database);
            let again = old.underpin_on(&database).args(["downgrade", target]).run().expect_success();
            assert!(again.stderr.contains("nothing to do"), "{again}");
            assert_eq!(picture(&database), before);
        }
    }

    fn a_reset_shows_what_it_takes_from_the_ledger_before_it_asks(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        upgrade(&database, &new, "head");
        let before = picture(&database);
        let asked = old.underpin_on(&database).arg("reset").run().expect_code(8);
        assert!(asked.stderr.contains("DROP TABLE addresses"), "{asked}");
        assert_eq!(picture(&database), before);
        let output = old.underpin_on(&database).args(["reset", "--yes"]).run().expect_success();
        let (shown, done) = (output.stderr.find("DROP TABLE addresses"), output.stderr.find("Reverted"));
        assert!(shown.is_some() && shown < done, "the plan is shown first: {output}");
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    }

    fn a_service_that_ends_in_order_is_not_waited_for(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        for bind_first in ["false", "true"] {
            let program = shop_with(&database, &old).env("UNDERPIN_HEARTBEAT", "60s").env("SHOP_BIND_FIRST", bind_first);
            let mut serving = program.serve().expect_serving();
            serving.wait_for("/health/ready", 200);
            upgrade(&database, &new, "0003");
            let heard = status(&database, &new);
            assert_eq!(heard["replicas"].as_array().map(Vec::len), Some(1), "{heard}");
            serving.stop().expect_success();
            let heard = status(&database, &new);
            assert_eq!((&heard["deferred"], &heard["replicas"]), (&serde_json::json!([]), &serde_json::json!([])));
        }
        upgrade(&database, &new, "head");
    }

    fn a_service_that_may_only_read_starts_at_head_and_says_that_nobody_waits_for_it(engine) {
        let (database, old) = (TestDatabase::create(engine), old());
        upgrade(&database, &old, "head");
        let before = database.schema_dump();
        let program = shop_with(&database, &old).database(database.read_only_user());
        let serving = program.env("UNDERPIN_HEARTBEAT", "60s").serve().expect_serving();
        assert_eq!(serving.get("/health/ready").status, 200);
        let output = serving.stop().expect_success();
        assert!(output.stderr.contains("could not be registered") && output.stderr.contains("nobody waits"), "{output}");
        assert_eq!(database.schema_dump(), before);
    }

    fn what_has_no_way_back_is_not_taken_back_from_the_ledger_either(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        new.revision("0005", &["0004"], "one way", "CREATE TABLE one_way (id INTEGER);", None);
        upgrade(&database, &new, "head");
        let before = picture(&database);
        let output = old.underpin_on(&database).args(["downgrade", "0002"]).run();
        assert!(output.code() != Some(0) && output.stderr.contains("irreversible"), "{output}");
        assert!(output.stderr.contains("the file of 0005") && !output.stderr.contains("the ledger has no downgrade section"), "{output}");
        assert_eq!(picture(&database), before);
    }

    fn a_contract_revision_waits_until_the_older_replicas_have_ended(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        let serving = shop_with(&database, &old).env("UNDERPIN_HEARTBEAT", "1s").serve().expect_serving();

        let output = new.underpin_on(&database).args(["upgrade"]).run().expect_success();
        assert!(output.stderr.contains("Deferred") && output.stderr.contains("0004"), "{output}");
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003"]);
        let told = status(&database, &new);
        assert_eq!(told["deferred"][0]["revision"], "0004", "{told}");
        assert_eq!(told["replicas"][0]["heads"], serde_json::json!(["0002"]), "{told}");
        let planned = new.underpin_on(&database).args(["plan", "--json"]).run().expect_success();
        let plan: Value = serde_json::from_str(&planned.stdout).unwrap_or_else(|error| panic!("{error}: {planned}"));
        assert_eq!((&plan["steps"], &plan["deferred"][0]["revision"]), (&serde_json::json!([]), &"0004".into()));
        let planned = new.underpin_on(&database).args(["plan", "--ignore-replicas"]).run().expect_success();
        assert!(planned.stdout.contains("DROP COLUMN") && !planned.stderr.contains("deferred"), "{planned}");
        let checked = new.underpin_on(&database).arg("check").run().expect_code(1);
        assert!(checked.stderr.contains("revision 0004 is deferred") && checked.stderr.contains("shop on"), "{checked}");
        let checked = new.underpin_on(&database).args(["check", "--json"]).run().expect_code(1);
        let told: Value = serde_json::from_str(&checked.stdout).unwrap_or_else(|error| panic!("{error}: {checked}"));
        assert_eq!(told["deferred"][0]["revision"], "0004", "{told}");
        // The new release starts beside the old one.
        let newer = shop_with(&database, &new).env("UNDERPIN_HEARTBEAT", "1s").serve().expect_serving();
        assert_eq!(newer.get("/health/ready").status, 200);
        let health = newer.get("/db-status");
        assert!(health.body.contains("deferred") && health.body.contains("0004"), "{health:?}");
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003"]);

        serving.kill();
        let deadline = Instant::now() + Duration::from_secs(20);
        while status(&database, &new)["deferred"] != serde_json::json!([]) {
            assert!(Instant::now() < deadline, "a replica that was killed still counts");
            thread::sleep(Duration::from_millis(100));
        }
        upgrade(&database, &new, "head");
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003", "0004"]);
        newer.stop();
    }

    fn a_contract_revision_waits_for_nobody_if_told_so(engine) {
        let (database, old, new) = (TestDatabase::create(engine), old(), new());
        let serving = shop_with(&database, &old).env("UNDERPIN_HEARTBEAT", "60s").serve().expect_serving();
        let dry = new.underpin_on(&database).args(["upgrade", "--dry-run"]).run().expect_success();
        assert!(!dry.stdout.contains("DROP COLUMN") && dry.stderr.contains("deferred"), "{dry}");
        new.underpin_on(&database).args(["upgrade", "--ignore-replicas"]).run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003", "0004"]);
        serving.stop();
        // Who does not know it does not start any more, registered or not.
        let refused = shop_with(&database, &old).env("UNDERPIN_HEARTBEAT", "60s").serve().expect_ended();
        assert_eq!(refused.code(), Some(7), "{refused}");
    }
}

#[test]
fn a_project_of_this_suite_is_what_it_says() {
    let text = fs::read_to_string(new().migrations().join("0004_drop_the_street.sql")).unwrap();
    assert!(text.contains("-- phase: contract"), "{text}");
}
