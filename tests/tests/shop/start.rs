//! Starts that go well: on an empty database, half-way, at the head.

use serde_json::json as form;
use underpin_tests::{Program, TestDatabase, on_every_engine};

use super::{Picture, attempts, json, parse, shop, upgrade};

on_every_engine! {
    fn an_empty_database_is_brought_to_the_head_and_served(engine) {
        let database = TestDatabase::create(engine);
        let shop = shop(&database).serve().expect_serving();
        let health = shop.get("/health");
        assert_eq!(health.status, 200, "{}", health.body);
        assert_eq!(json(&health)["status"], "healthy");
        assert_eq!(json(&shop.get("/customers")).as_array().map(Vec::len), Some(3));
        assert_eq!(json(&shop.get("/orders"))[0]["total_cents"], 900);
        assert_eq!(database.value("SELECT count(*) FROM underpin_history"), "3");
        let output = shop.stop().expect_success();
        for revision in ["revision=0001", "revision=0002", "revision=0003"] {
            assert!(output.stderr.contains(revision), "{revision}: {output}");
        }
    }

    fn a_second_start_changes_nothing(engine) {
        let database = TestDatabase::create(engine);
        shop(&database).arg("init").run().expect_success();
        let (picture, tried) = (Picture::of(&database), attempts(&database));
        let file = database.path().map(|path| std::fs::read(path).unwrap());
        let output = shop(&database).arg("--startup-json").run().expect_success();
        let report = parse(&output.stdout);
        assert_eq!(report["applied"], form!([]));
        assert_eq!(report["outcome"], "up_to_date");
        assert_eq!(report["database_status"], form!({
            "success": true,
            "migrations_applied": false,
            "database_healthy": true,
            "current_revision": "0003",
            "pending_migrations": 0,
            "errors": [],
            "auto_migrate_enabled": true,
        }));
        assert!(!output.stderr.contains("revision done"), "{output}");
        assert_eq!((Picture::of(&database), attempts(&database)), (picture, tried));
        assert_eq!(database.path().map(|path| std::fs::read(path).unwrap()), file);
    }

    fn a_database_that_is_half_way_gets_the_rest_and_keeps_its_rows(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "0001");
        database.execute("INSERT INTO customers (name, email) VALUES ('Early', 'early@example.com')");
        database.execute(
            "INSERT INTO orders (customer_id, item, quantity, unit_price_cents, placed_at) \
             SELECT id, 'bird', 3, 50, 1700000000 FROM customers",
        );
        let output = shop(&database).arg("--startup-json").run().expect_success();
        let report = parse(&output.stdout);
        assert_eq!(report["applied"], form!(["0002", "0003"]));
        assert_eq!(report["database_status"]["migrations_applied"], true);
        assert_eq!(database.value("SELECT total_cents FROM orders WHERE item = 'bird'"), "150");
        assert_eq!(database.value("SELECT count(*) FROM customers"), "4");
    }

    fn every_revision_can_be_taken_back_and_applied_again(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "head");
        let before = database.schema_dump();
        shop(&database).args(["migrate", "downgrade", "base"]).run().expect_success();
        assert_eq!(database.schema_dump(), "");
        upgrade(&database, "head");
        assert_eq!(database.schema_dump(), before);
    }
}

#[test]
fn without_a_word_it_serves_on_a_database_below_its_directory() {
    let directory = tempfile::tempdir().unwrap();
    let start = || Program::shop().directory(directory.path()).serve().expect_serving();
    start().stop().expect_success();
    assert!(directory.path().join("data/shop.db").is_file());
    let again = start().stop().expect_success();
    assert!(again.stderr.contains("up to date"), "{again}");
}
