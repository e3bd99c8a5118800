//! The rows without DEV_CREATE_TABLES: apply and abort, apply and continue, check, and check with everything a warning.

use underpin_tests::{History, Project, TestDatabase, on_every_engine};

use super::{
    FAILED, SCHEMA, assert_at_head, assert_says, broken, json, nowhere, report, shop, tables, working,
};

on_every_engine! {
    fn auto_true_fail_true_is_the_default_and_applies_or_aborts(engine) {
        for variables in [&[][..], &[("AUTO_MIGRATE_ON_STARTUP", "true"), ("FAIL_ON_MIGRATION_ERROR", "true")]] {
            let (database, project) = (TestDatabase::create(engine), broken());
            let output = shop(&database, &project, variables).serve().expect_ended().expect_code(FAILED);
            assert_says(&output, &["INSERT INTO nowhere", "0002"]);
            assert_eq!(History::of(&database).applied(), ["0001"]);
            assert_eq!(tables(&database), ["customers"]);

            let (database, project) = (TestDatabase::create(engine), working());
            let shop = shop(&database, &project, variables).serve().expect_serving();
            assert_eq!(json(&shop.get("/health"))["status"], "healthy");
            assert_at_head(&database, &project);
            assert!(!database.has_table("underpin_provisional"));
        }
    }

    fn auto_true_fail_false_applies_and_goes_on_degraded(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let variables = [("AUTO_MIGRATE_ON_STARTUP", "true"), ("FAIL_ON_MIGRATION_ERROR", "false")];
        let serving = shop(&database, &project, &variables).serve().expect_serving();
        let ready = serving.get("/health/ready");
        assert_eq!((ready.status, &json(&ready)["status"]), (503, &"degraded".into()));
        assert_eq!(serving.get("/health/live").status, 200);
        let output = serving.stop().expect_success();
        assert_says(&output, &["revision 0002 (add notes) failed at statement 1 of 6"]);
        let report = report(shop(&database, &project, &variables));
        assert_eq!((&report["outcome"], &report["success"]), (&"degraded".into(), &true.into()), "{report}");
        assert_eq!((&report["fallback_used"], &report["provisional"]), (&false.into(), &serde_json::json!([])));
        assert_eq!(tables(&database), ["customers"]);
    }

    fn auto_false_fail_true_checks_and_warns_and_an_error_aborts(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        let before = (database.schema_dump(), History::of(&database));
        for variables in [
            &[("AUTO_MIGRATE_ON_STARTUP", "false")][..],
            &[("AUTO_MIGRATE_ON_STARTUP", "False"), ("FAIL_ON_MIGRATION_ERROR", "true"), ("DEV_CREATE_TABLES", "false")],
        ] {
            let serving = shop(&database, &project, variables).serve().expect_serving();
            assert_eq!(serving.get("/health/ready").status, 200);
            let output = serving.stop().expect_success();
            assert_says(&output, &["WARN", "Database migrations needed: 0001 -> 0002", "underpin upgrade head"]);
            assert_eq!((database.schema_dump(), History::of(&database)), before);
            if !engine.is_server() {
                continue;
            }
            let down = shop(&database, &project, variables).database(nowhere(engine)).env("UNDERPIN_CONNECT_TIMEOUT", "0");
            down.serve().expect_ended().expect_code(3);
        }
        // A conflict between history and revisions is an error, too.
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let older = Project::new();
        older.revision("0001", &[], "create customers", "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);", None);
        older.write("schema.sql", SCHEMA);
        let program = shop(&database, &older, &[("AUTO_MIGRATE_ON_STARTUP", "false")]);
        let output = program.serve().expect_ended().expect_code(7);
        assert_says(&output, &["0002"]);
    }

    fn auto_false_fail_false_checks_and_everything_is_a_warning(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let variables = [("AUTO_MIGRATE_ON_STARTUP", "false"), ("FAIL_ON_MIGRATION_ERROR", "false")];
        let serving = shop(&database, &project, &variables).serve().expect_serving();
        let output = serving.stop().expect_success();
        assert_says(&output, &["Database migrations needed: base -> 0002"]);
        assert!(database.path().is_none_or(|file| !file.exists()));
        assert_eq!(database.tables(), [""; 0]);

        // A file that is not there has everything pending, and is no error.
        let down = shop(&database, &project, &variables).database(nowhere(engine)).env("UNDERPIN_CONNECT_TIMEOUT", "0");
        let serving = down.serve().expect_serving();
        assert_eq!((serving.get("/health/ready").status, serving.get("/health/live").status), (503, 200));
        serving.stop().expect_success();
    }
}
