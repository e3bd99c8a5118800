//! What `/health` and `/db-status` say when the database changes behind a shop that serves.

use serde_json::json as form;
use underpin_tests::{Program, Relay, TestDatabase, http, on_every_engine};

use super::{json, parse, shop, upgrade};

on_every_engine! {
    fn every_field_is_there(engine) {
        let database = TestDatabase::create(engine);
        let shop = shop(&database).serve().expect_serving();
        assert_eq!(json(&shop.get("/health")), form!({
            "status": "healthy",
            "database": "connected",
            "migrations": "current",
            "current_migration": "0003",
            "latest_migration": "0003",
            "migrations_up_to_date": true,
            "version": env!("CARGO_PKG_VERSION"),
        }));
        let mut detail = json(&shop.get("/db-status"));
        assert!(detail["last_run"]["duration_ms"].take().is_u64(), "{detail}");
        assert_eq!(detail, form!({
            "database_connected": true,
            "current_migration": "0003",
            "current_heads": ["0003"],
            "latest_migration": "0003",
            "migrations_up_to_date": true,
            "pending": [],
            "deferred": [],
            "provisional": [],
            "last_run": { "outcome": "applied", "applied": 3, "duration_ms": null },
        }));
        assert_eq!(shop.get("/health").header("cache-control"), Some("no-store"));
        let startup = shop.get("/health/startup");
        assert_eq!((startup.status, &json(&startup)["outcome"]), (200, &"applied".into()));
    }

    fn it_says_what_the_commands_say(engine) {
        let database = TestDatabase::create(engine);
        let server = shop(&database).serve().expect_serving();
        let migrate = |command| shop(&database).args(["migrate", command]).run().expect_success().stdout;
        let detail = json(&server.get("/db-status"));
        let first = |text: &str| text.split_whitespace().next().map(str::to_owned);
        assert_eq!(first(&migrate("current")).as_deref(), detail["current_migration"].as_str());
        assert_eq!(first(&migrate("heads")).as_deref(), detail["latest_migration"].as_str());
    }

    fn a_database_that_is_taken_back_is_seen(engine) {
        let database = TestDatabase::create(engine);
        let mut server = shop(&database).serve().expect_serving();
        shop(&database).args(["migrate", "downgrade", "-1"]).run().expect_success();
        let health = json(&server.wait_for("/health", 503));
        assert_eq!((&health["status"], &health["migrations"]), (&"degraded".into(), &"pending".into()));
        assert_eq!(json(&server.get("/db-status"))["pending"], form!(["0003"]));
        upgrade(&database, "head");
        assert_eq!(json(&server.wait_for("/health", 200))["status"], "healthy");
    }

    fn a_database_that_goes_away_is_seen_and_so_is_its_return(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let mut relay = Relay::to(&database);
        relay.open();
        let mut shop = Program::shop().database(relay.url()).serve().expect_serving();
        assert_eq!(shop.get("/customers").status, 200);

        relay.shut();
        let health = json(&shop.wait_for("/health", 503));
        assert_eq!((&health["status"], &health["database"]), (&"unhealthy".into(), &"unreachable".into()));
        assert_eq!(health["migrations"], "unknown");
        let detail = shop.get("/db-status");
        assert_eq!((detail.status, &json(&detail)["database_connected"]), (503, &false.into()));
        for list in ["pending", "current_heads", "deferred", "provisional"] {
            assert!(json(&detail)[list].is_null(), "{list}: {}", detail.body);
        }
        let standard = http::get_accepting(shop.port(), "/health", "application/health+json").unwrap();
        let check = &parse(&standard.body)["checks"]["migrations:pending"][0];
        assert_eq!((&check["status"], check.get("observedValue")), (&form!("fail"), None), "{standard:?}");
        assert_eq!(shop.get("/health/live").status, 200);

        relay.open();
        assert_eq!(json(&shop.wait_for("/health", 200))["status"], "healthy");

        // A server that hangs is as good as none.
        relay.hang();
        assert_eq!(json(&shop.wait_for("/health", 503))["database"], "unreachable");
    }
}
