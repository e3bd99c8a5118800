//! The shop's numbers, as Prometheus reads them.

use underpin_tests::{Engine, Program, Project, Relay, Shop, TestDatabase, on_every_engine};

use super::{shop, shop_with, upgrade};

/// The lines that stand under `/metrics`.
#[track_caller]
fn metrics(shop: &Shop) -> Vec<String> {
    let response = shop.get("/metrics");
    assert_eq!(response.status, 200, "{response:?}");
    assert!(
        response.header("content-type").is_some_and(|form| form.starts_with("text/plain; version=0.0.4"))
    );
    response.body.lines().map(str::to_owned).collect()
}

#[track_caller]
fn assert_has(lines: &[String], expected: &[&str]) {
    for line in expected {
        assert!(lines.iter().any(|there| there == line), "{line} is not in\n{}", lines.join("\n"));
    }
}

on_every_engine! {
    fn a_start_leaves_its_numbers(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "0001");
        let shop = shop(&database).serve().expect_serving();
        let lines = metrics(&shop);
        let dialect = match engine {
            Engine::Mariadb => "mariadb",
            Engine::Sqlite | Engine::Postgres | Engine::Mysql => engine.dialect(),
        };
        let info = format!("underpin_info{{version=\"{}\",dialect=\"{dialect}\"}} 1", env!("CARGO_PKG_VERSION"));
        assert_has(&lines, &[
            &info,
            "underpin_migrations_applied 3",
            "underpin_migrations_pending 0",
            "underpin_migrations_deferred 0",
            "underpin_state{state=\"up_to_date\"} 1",
            "underpin_state{state=\"running\"} 0",
            "underpin_runs_total{outcome=\"applied\"} 1",
            "underpin_migration_duration_seconds_count{kind=\"plain\",outcome=\"applied\"} 2",
            "underpin_lock_wait_seconds_count 1",
            "underpin_lock_held 0",
            "# TYPE underpin_migration_duration_seconds histogram",
        ]);
        assert!(lines.iter().any(|line| line.starts_with("underpin_last_success_timestamp_seconds 1")));
        let text = lines.join("\n");
        assert!(!text.contains("\"0002") && !text.contains("SELECT") && !text.contains(database.name()), "{text}");
    }

    fn a_database_that_is_gone_is_not_up_to_date(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let mut relay = Relay::to(&database);
        relay.open();
        let mut shop = Program::shop().database(relay.url()).serve().expect_serving();
        assert_has(&metrics(&shop), &["underpin_state{state=\"up_to_date\"} 1"]);
        relay.shut();
        shop.wait_for("/health", 503);
        assert_has(&metrics(&shop), &["underpin_state{state=\"failed\"} 1", "underpin_state{state=\"up_to_date\"} 0"]);
        relay.open();
        shop.wait_for("/health", 200);
        assert_has(&metrics(&shop), &["underpin_state{state=\"up_to_date\"} 1", "underpin_state{state=\"failed\"} 0"]);
    }

    fn they_are_there_while_it_waits_and_after_it_failed(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "broken", "INSERT INTO nowhere (id) VALUES (1);", None);
        let program = shop_with(&database, &project).env("FAIL_ON_MIGRATION_ERROR", "false");
        let mut shop = program.env("SHOP_BIND_FIRST", "true").serve().expect_serving();
        shop.wait_for("/health/startup", 200);
        assert_has(&metrics(&shop), &[
            "underpin_runs_total{outcome=\"failed\"} 1",
            "underpin_state{state=\"failed\"} 1",
            "underpin_migration_duration_seconds_count{kind=\"plain\",outcome=\"rolled_back\"} 1",
            "underpin_migrations_pending 1",
        ]);
        // Whoever looks at the database finds nothing that is not known already.
        shop.wait_for("/health", 503);
        assert_has(&metrics(&shop), &["underpin_state{state=\"failed\"} 1", "underpin_state{state=\"pending\"} 0"]);

        let endless = match engine {
            Engine::Sqlite => {
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000000000) SELECT count(*) FROM n;"
            }
            Engine::Postgres => "SELECT pg_sleep(600);",
            Engine::Mysql | Engine::Mariadb => "SELECT sleep(600);",
        };
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "endless", endless, None);
        let mut shop = shop_with(&database, &project).env("SHOP_BIND_FIRST", "true").serve().expect_serving();
        shop.running().wait_until(|_| true);
        let port = shop.port();
        let held = |_: &underpin_tests::Running| {
            underpin_tests::http::get(port, "/metrics").is_ok_and(|there| there.body.contains("underpin_lock_held 1"))
        };
        assert!(shop.running().wait_until(held), "{engine}");
        assert_has(&metrics(&shop), &["underpin_state{state=\"running\"} 1"]);
        assert_eq!(shop.get("/customers").status, 503);
        shop.stop().expect_code(130);
    }
}
