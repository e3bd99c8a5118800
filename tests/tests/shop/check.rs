//! Starts that only look: what they say, and that they write nothing.

use serde_json::json as form;
use underpin_tests::{Program, TestDatabase, on_every_engine};

use super::{Picture, attempts, json, shop, upgrade};

fn looking(database: &TestDatabase) -> Program {
    shop(database).env("AUTO_MIGRATE_ON_STARTUP", "false")
}

on_every_engine! {
    fn what_is_pending_is_named_and_left_alone(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "0001");
        let (picture, tried) = (Picture::of(&database), attempts(&database));
        let shop = looking(&database).serve().expect_serving();
        let health = shop.get("/health");
        assert_eq!(health.status, 200, "{}", health.body);
        assert_eq!((&json(&health)["status"], &json(&health)["migrations"]), (&"degraded".into(), &"pending".into()));
        let detail = json(&shop.get("/db-status"));
        assert_eq!(detail["pending"], form!(["0002", "0003"]));
        assert_eq!(detail["migrations_up_to_date"], false);
        assert_eq!(detail["current_migration"], "0001");
        let output = shop.stop().expect_success();
        for part in ["WARN", "Database migrations needed: 0001 -> 0003", "0002", "underpin upgrade head"] {
            assert!(output.stderr.contains(part), "{part}: {output}");
        }
        assert_eq!((Picture::of(&database), attempts(&database)), (picture, tried));
    }

    fn an_empty_database_stays_empty(engine) {
        let database = TestDatabase::create(engine);
        let shop = looking(&database).serve().expect_serving();
        // Where nobody has made the file, nobody can look into it.
        let heads = if engine.is_server() { form!([]) } else { form!(null) };
        assert_eq!(json(&shop.get("/db-status"))["current_heads"], heads);
        let output = shop.stop().expect_success();
        assert!(output.stderr.contains("Database migrations needed: base -> 0003"), "{output}");
        assert!(database.path().is_none_or(|file| !file.exists()));
        assert!(database.tables().is_empty(), "{:?}", database.tables());
    }

    fn pending_revisions_fail_a_start_that_is_to_fail(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "0001");
        let picture = Picture::of(&database);
        let output = looking(&database).env("UNDERPIN_ON_PENDING", "fail").serve().expect_ended().expect_code(1);
        for part in ["Database migrations needed: 0001 -> 0003", "0002, 0003", "underpin upgrade head"] {
            assert!(output.stderr.contains(part), "{part}: {output}");
        }
        assert_eq!(Picture::of(&database), picture);
    }

    fn at_the_head_there_is_nothing_to_warn_of(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "head");
        let picture = Picture::of(&database);
        let shop = looking(&database).env("UNDERPIN_ON_PENDING", "fail").serve().expect_serving();
        assert_eq!(json(&shop.get("/health"))["status"], "healthy");
        let output = shop.stop().expect_success();
        assert!(!output.stderr.contains("WARN"), "{output}");
        assert_eq!(Picture::of(&database), picture);
    }
}
