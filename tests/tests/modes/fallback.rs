//! The row AUTO_MIGRATE_ON_STARTUP=true with DEV_CREATE_TABLES=true: apply, and create missing tables if that fails.

use underpin_tests::{History, TestDatabase, on_every_engine};

use super::{
    FAILED, assert_at_head, assert_says, broken, json, mend, nowhere, provisional, report, shop, tables,
    working,
};

const FALL_BACK: [(&str, &str); 2] = [("AUTO_MIGRATE_ON_STARTUP", "true"), ("DEV_CREATE_TABLES", "true")];

on_every_engine! {
    fn auto_true_create_true_creates_missing_tables_after_a_failure_whatever_fail_says(engine) {
        for fail in [None, Some("true"), Some("false")] {
            let (database, project) = (TestDatabase::create(engine), broken());
            let mut variables = FALL_BACK.to_vec();
            variables.extend(fail.map(|fail| ("FAIL_ON_MIGRATION_ERROR", fail)));
            let serving = shop(&database, &project, &variables).serve().expect_serving();
            let ready = serving.get("/health/ready");
            assert_eq!((ready.status, &json(&ready)["status"]), (503, &"degraded".into()));
            assert_eq!(serving.get("/health/live").status, 200);
            let output = serving.stop().expect_success();
            assert_says(&output, &["failed at statement 1 of 6", "provisional tables without revisions: notes, more and extra"]);
            assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
            assert_eq!(History::of(&database).applied(), ["0001"]);
            assert_eq!(provisional(&database, &project), ["notes", "more", "extra"]);

            let report = report(shop(&database, &project, &variables));
            assert_eq!((&report["outcome"], &report["success"]), (&"degraded".into(), &true.into()), "{report}");
            assert_eq!(report["fallback_used"], true);
            // The second start has tried again, and made anew what it had cleared out of the way.
            assert_eq!(report["provisional"], serde_json::json!(["extra", "notes", "more"]));
            assert_eq!(report["database_status"]["success"], false);
        }
    }

    fn the_next_good_start_continues_without_a_hand(engine) {
        for next in [&FALL_BACK[..], &[]] {
            let (database, project) = (TestDatabase::create(engine), broken());
            // As often as it likes.
            for _ in 0..2 {
                shop(&database, &project, &FALL_BACK).serve().expect_serving().stop().expect_success();
            }
            mend(&project);
            let serving = shop(&database, &project, next).serve().expect_serving();
            assert_eq!(json(&serving.get("/health"))["status"], "healthy");
            let output = serving.stop().expect_success();
            assert_says(&output, &["dropped a provisional table"]);
            assert_at_head(&database, &project);
            // What no revision brings stays what it is.
            assert_eq!(provisional(&database, &project), ["extra"]);
            assert!(!database.is_locked());
        }
    }

    fn behind_a_shop_that_serves_already_it_is_the_same(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let program = shop(&database, &project, &FALL_BACK).env("SHOP_BIND_FIRST", "true");
        let mut serving = program.serve().expect_serving();
        assert!(serving.running().wait_until(|running| running.stderr().contains("Database at revision")));
        let ready = serving.get("/health/ready");
        assert_eq!((ready.status, &json(&ready)["status"]), (503, &"degraded".into()));
        // The service itself goes on: its routes are open.
        assert_eq!(serving.get("/nowhere").status, 404);
        assert!(!serving.get("/health/startup").body.contains("nowhere"));
        serving.stop().expect_success();
        assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
    }

    fn the_upgrade_command_continues_as_a_start_does(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        shop(&database, &project, &FALL_BACK).serve().expect_serving().stop().expect_success();
        mend(&project);
        let before = database.schema_dump();
        let dry = project.underpin_on(&database).args(["upgrade", "--dry-run"]).run().expect_success();
        assert_says(&dry, &["the provisional table more, which is empty, is dropped first"]);
        assert_eq!(database.schema_dump(), before);
        let output = project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_says(&output, &["Dropped the provisional table more, which was empty"]);
        assert_at_head(&database, &project);
    }

    fn a_failure_on_an_empty_database_creates_all_and_the_next_start_makes_way_for_the_first_revision(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        // Already the first revision fails, so that there is not even a history on some engines.
        let first = project.migrations().join("0001_create_customers.sql");
        let text = std::fs::read_to_string(&first).unwrap();
        std::fs::write(&first, text.replace("CREATE TABLE customers", "INSERT INTO missing VALUES (1);\nCREATE TABLE customers")).unwrap();
        shop(&database, &project, &FALL_BACK).serve().expect_serving().stop().expect_success();
        assert_eq!(provisional(&database, &project), ["customers", "notes", "more", "extra"]);
        std::fs::write(&first, text).unwrap();
        mend(&project);
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
        // It refers to a table that had to go, and was empty.
        assert!(!database.has_table("extra"));
        assert_at_head(&database, &project);
        assert_eq!(provisional(&database, &project), [""; 0]);
    }

    fn if_creating_fails_too_fail_decides(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        project.write("schema.sql", "CREATE TABLE b (id INTEGER REFERENCES);\n");
        let start = |fail: &str| shop(&database, &project, &FALL_BACK).env("FAIL_ON_MIGRATION_ERROR", fail).serve();
        let output = start("true").expect_ended().expect_code(FAILED);
        assert_says(&output, &["INSERT INTO nowhere", "creating the missing tables instead failed, too", "schema.sql:1:"]);
        let output = start("false").expect_serving().stop().expect_success();
        assert_says(&output, &["failed at statement 1 of 6", "table b could not be created"]);
        assert_eq!(tables(&database), ["customers"]);
    }

    fn where_the_database_is_down_fail_decides(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let start = |fail: &str| {
            let program = shop(&database, &project, &FALL_BACK).env("FAIL_ON_MIGRATION_ERROR", fail);
            program.database(nowhere(engine)).env("UNDERPIN_CONNECT_TIMEOUT", "0").serve()
        };
        start("true").expect_ended().expect_code(3);
        start("false").expect_serving();
    }

    fn a_start_that_succeeds_creates_nothing(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let report = report(shop(&database, &project, &FALL_BACK));
        assert_eq!((&report["outcome"], &report["fallback_used"]), (&"applied".into(), &false.into()), "{report}");
        assert_eq!(tables(&database), ["customers", "more", "notes"]);
        assert!(!database.has_table("underpin_provisional"));
    }

    fn a_newer_database_gets_no_older_tables(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        project.revision("0003", &["0002"], "away with more", "DROP TABLE more;", None);
        project.underpin_on(&database).args(["upgrade", "--allow-destructive"]).run().expect_success();
        std::fs::remove_file(project.migrations().join("0003_away_with_more.sql")).unwrap();
        shop(&database, &project, &FALL_BACK).serve().expect_ended().expect_code(7);
        assert_eq!(tables(&database), ["customers", "notes"]);
    }
}
