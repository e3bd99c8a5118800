//! Revisions outside a transaction: written statement by statement, resumed where they were cut
//! off.

use std::sync::{Arc, Mutex};

use underpin::{Event, Migrator};
use underpin_tests::Engine;

use super::{on_every_engine, parse};

#[test]
fn a_revision_outside_a_transaction_is_journaled_and_finished() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let sql = match bench.engine {
            Engine::Sqlite => "PRAGMA user_version = 7;\nCREATE INDEX orders_note ON orders (note);\nVACUUM;",
            Engine::Postgres => {
                "SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY orders_note ON orders (note);\nVACUUM orders;\nINSERT INTO orders VALUES (9, 9, 'x');"
            }
            Engine::Mysql | Engine::Mariadb => {
                "SET @x = 1;\nCREATE INDEX orders_note ON orders (note);\nINSERT INTO orders VALUES (9, 9, 'x');"
            }
        };
        bench.project.revision_with("0004", &["0003"], "outside", &["transaction: off"], &[("upgrade", sql)]);
        bench.project.revision("0005", &["0004"], "after", "CREATE TABLE after_it (id INTEGER);", None);
        let report = bench.upgrade("head").await.expect("an upgrade");
        assert_eq!(report.revisions.len(), 5);
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_journal"), "0");
    });
}

#[test]
fn a_plan_and_a_run_say_where_a_revision_goes_on() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.upgrade("head").await.expect("an upgrade");
        let sql = "CREATE TABLE begun (id INTEGER);\nCREATE TABLE orders (id INTEGER);\nCREATE TABLE ended (id INTEGER);";
        bench.project.revision_with("0004", &["0003"], "half", &["transaction: off"], &[("upgrade", sql)]);
        bench.project.revision("0005", &["0004"], "after", "CREATE TABLE after_it (id INTEGER);", None);
        let error = bench.upgrade("head").await.expect_err("there are orders already");
        assert_eq!(error.kind.name(), "dirty");

        let mended = sql.replace("TABLE orders", "TABLE more_orders");
        let sections = [("upgrade", mended.as_str())];
        bench.project.revision_with("0004", &["0003"], "half", &["transaction: off"], &sections);
        let told = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&told);
        let migrator = Migrator::builder()
            .url(bench.database.url())
            .directory(bench.project.migrations())
            .observer(Arc::new(move |event: &Event| {
                if let Event::Resumed { revision, statement, of, .. } = event {
                    hear.lock().expect("no panic").push((revision.to_string(), *statement, *of));
                }
            }))
            .build()
            .await
            .expect("a migrator");
        let planned = migrator.plan(parse("head")).await.expect("a plan");
        let resumption = planned.resumption().expect("it goes on");
        assert_eq!((resumption.statement, planned.plan().steps.len()), (2, 2));
        assert_eq!(&**planned.plan().steps[0].revision(), "0004");
        planned.apply().await.expect("the rest of it");
        assert_eq!(*told.lock().expect("no panic"), [("0004".to_owned(), 2, 3)]);
        let after = migrator.plan(parse("head")).await.expect("a plan");
        assert!(after.resumption().is_none() && after.plan().is_empty());
    });
}

#[test]
fn an_invalid_index_of_a_failed_build_is_removed_and_built_again() {
    on_every_engine(async |bench| {
        if bench.engine != Engine::Postgres {
            return;
        }
        bench.three_revisions();
        bench.upgrade("head").await.expect("an upgrade");
        bench.database.execute("INSERT INTO orders VALUES (8, 1, 'twice'), (9, 1, 'twice')");
        let sql = "CREATE UNIQUE INDEX CONCURRENTLY orders_note ON orders (note) WHERE note = 'twice';";
        bench.project.revision_with("0004", &["0003"], "outside", &["transaction: off"], &[("upgrade", sql)]);
        let error = bench.upgrade("head").await.expect_err("two rows are alike");
        assert_eq!(error.kind.name(), "migration_failed");
        let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
        // A build that fails by itself is cleared away at once.
        assert_eq!(bench.database.value(invalid), "0");
        bench.database.execute("DELETE FROM orders WHERE id = 9");
        bench.upgrade("head").await.expect("built");
        assert_eq!(bench.database.value(invalid), "0");
    });
}
