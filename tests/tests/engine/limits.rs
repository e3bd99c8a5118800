//! Time limits and interruptions: the statement is cancelled on the server, and nothing of ours
//! runs on.

use std::time::Duration;

use underpin::{Limits, Migrator};
use underpin_tests::Engine;

use super::{Bench, on_every_engine};

/// A statement that takes far longer than any limit here.
fn slow(bench: &Bench) -> &'static str {
    match bench.engine {
        Engine::Sqlite => {
            "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT count(*) AS c FROM n;"
        }
        Engine::Postgres => "SELECT pg_sleep(60);",
        Engine::Mysql | Engine::Mariadb => {
            "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT count(*) AS c FROM n a, n b, n c, n d;"
        }
    }
}

async fn limited(bench: &Bench, limits: Limits) -> Migrator {
    Migrator::builder()
        .url(bench.database.url())
        .directory(bench.project.migrations())
        .limits(limits)
        .build()
        .await
        .expect("a migrator")
}

#[test]
fn a_run_that_takes_too_long_is_stopped_on_the_server() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "sleep", slow(&bench), None);
        let limits = Limits { run: Some(Duration::from_secs(1)), ..Limits::default() };
        let error = limited(&bench, limits).await.upgrade_to_head().await.expect_err("too long");
        assert_eq!(error.kind.name(), "timeout");
        assert!(error.message.contains("Timeout after 1 second"), "{error}");
        assert!(error.message.contains("0004"), "{error}");
        bench.database.assert_idle("a run that took too long");
        assert!(!bench.database.has_table("big"));
        let status = bench.migrator().await.status().await.expect("a status");
        assert!(status.dirty.is_none(), "{status:?}");
    });
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_on_the_server() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "sleep", slow(&bench), None);
        let limits = Limits { statement: Some(Duration::from_millis(700)), ..Limits::default() };
        let error = limited(&bench, limits).await.upgrade_to_head().await.expect_err("too long");
        assert_eq!(error.kind.name(), "timeout");
        assert!(error.message.contains("one statement"), "{error}");
        bench.database.assert_idle("a statement that took too long");
    });
}

#[test]
fn a_run_whose_future_is_dropped_stops_and_unlocks() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "sleep", slow(&bench), None);
        let migrator = bench.migrator().await;
        let dropped = tokio::time::timeout(Duration::from_secs(1), migrator.upgrade_to_head()).await;
        assert!(dropped.is_err());
        // The next run needs the lock, which a run that went on would hold for a minute.
        std::fs::remove_file(bench.project.migrations().join("0004_sleep.sql")).expect("removed");
        let limits = Limits { lock: Some(Duration::from_secs(5)), ..Limits::default() };
        bench.project.revision("0005", &["0003"], "quick", "CREATE TABLE quick (id INTEGER);", None);
        limited(&bench, limits).await.upgrade_to_head().await.expect("the lock is free");
        bench.database.assert_idle("a run that was dropped");
    });
}

#[test]
fn a_lock_that_is_not_free_in_time_names_its_holder() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "sleep", slow(&bench), None);
        let holder = bench.migrator().await;
        let holding = tokio::spawn(async move { holder.upgrade_to_head().await });
        while !bench.database.is_locked() {
            assert!(!holding.is_finished(), "nobody holds the lock");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let limits = Limits { lock: Some(Duration::from_millis(500)), ..Limits::default() };
        let error = limited(&bench, limits).await.upgrade_to_head().await.expect_err("locked");
        assert_eq!(error.kind.name(), "lock_timeout");
        if bench.engine != Engine::Sqlite {
            assert!(error.message.contains("session"), "{error}");
        }
        holding.abort();
    });
}

#[test]
fn a_cancelled_statement_that_says_it_is_done_is_not_believed() {
    on_every_engine(async |bench| {
        let sql = match bench.engine {
            Engine::Sqlite | Engine::Postgres => return,
            Engine::Mysql | Engine::Mariadb => "INSERT INTO orders (id, customer_id) SELECT 9, SLEEP(60);",
        };
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "sleep", sql, None);
        let limits = Limits { run: Some(Duration::from_secs(1)), ..Limits::default() };
        let error = limited(&bench, limits).await.upgrade_to_head().await.expect_err("too long");
        assert_eq!(error.kind.name(), "timeout");
        assert_eq!(bench.database.value("SELECT count(*) FROM orders WHERE id = 9"), "0");
        assert_eq!(bench.current().await, ["0003"]);
    });
}
