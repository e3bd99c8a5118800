//! Upgrades and downgrades that succeed, and what the history says of them.

use underpin::{Action, HistoryTables, Migrator, OnNewer, TransactionMode};

use underpin_tests::Engine;

use super::{Bench, on_every_engine, parse};

#[test]
fn an_empty_database_is_brought_to_the_head_and_back() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let empty = bench.database.schema_dump();
        let report = bench.upgrade("head").await.expect("an upgrade");
        assert_eq!(report.revisions.len(), 3);
        assert_eq!(bench.current().await, ["0003"]);
        assert_eq!(bench.database.value("SELECT count(*) FROM orders WHERE note = 'none'"), "2");
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_history"), "3");

        let again = bench.upgrade("head").await.expect("nothing to do");
        assert!(!again.changed());

        let back = bench.downgrade("base").await.expect("a downgrade");
        assert_eq!(back.revisions.len(), 3);
        assert_eq!(bench.current().await, Vec::<String>::new());
        assert_eq!(bench.database.schema_dump(), empty);
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_log"), "6");
        let digest = "SELECT digest FROM underpin_state";
        assert_eq!(bench.database.value(digest), "0".repeat(64));
    });
}

#[test]
fn steps_can_be_taken_one_by_one() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.upgrade("+1").await.expect("the first");
        assert_eq!(bench.current().await, ["0001"]);
        bench.upgrade("0003").await.expect("the others");
        bench.downgrade("-1").await.expect("one back");
        assert_eq!(bench.current().await, ["0002"]);
        let pending = bench.migrator().await.pending().await.expect("what is pending");
        assert_eq!(pending.iter().map(|revision| revision.id.as_str()).collect::<Vec<_>>(), ["0003"]);
    });
}

#[test]
fn ensure_ready_says_whether_anything_was_to_be_done() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let migrator = bench.migrator().await;
        assert!(matches!(migrator.ensure_ready().await.expect("ready"), Action::Applied(_)));
        assert_eq!(migrator.ensure_ready().await.expect("ready"), Action::NoneRequired);
    });
}

#[test]
fn looking_writes_nothing() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let migrator = bench.migrator().await;
        let status = migrator.status().await.expect("a status");
        assert_eq!(status.pending.len(), 3);
        assert!(!status.at_head);
        assert!(migrator.plan(parse("head")).await.expect("a plan").plan().steps.len() == 3);
        assert!(!bench.database.has_table("underpin_state"));
    });
}

#[test]
fn a_plan_does_exactly_what_it_shows_or_nothing() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let migrator = bench.migrator().await;
        let first = migrator.plan(parse("0001")).await.expect("a plan");
        let late = migrator.plan(parse("head")).await.expect("a plan");
        assert_eq!(first.apply().await.expect("a run").revisions.len(), 1);
        let error = late.apply().await.expect_err("the database has moved");
        assert!(error.message.contains("moved"), "{error}");
        assert_eq!(bench.current().await, ["0001"]);
    });
}

#[test]
fn a_stamp_is_as_good_as_a_run() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let migrator = bench.migrator().await;
        let heads = migrator.stamp(vec![parse("0002")], false).await.expect("a stamp");
        assert_eq!(heads.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["0002"]);
        assert!(!bench.database.has_table("customers"));
        migrator.stamp(vec![parse("head")], false).await.expect("a stamp");
        assert!(!migrator.upgrade_to_head().await.expect("nothing to do").changed());
        migrator.stamp(vec![parse("base")], true).await.expect("a stamp");
        assert_eq!(migrator.upgrade_to_head().await.expect("an upgrade").revisions.len(), 3);
    });
}

#[test]
fn the_history_goes_where_it_is_told_to() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let migrator = Migrator::builder()
            .url(bench.database.url())
            .directory(bench.project.migrations())
            .history(HistoryTables::new(None, "audit"))
            .build()
            .await
            .expect("a migrator");
        migrator.upgrade_to_head().await.expect("an upgrade");
        assert!(bench.database.has_table("audit_state"));
        assert!(!bench.database.has_table("underpin_state"));
        assert!(!migrator.upgrade_to_head().await.expect("nothing to do").changed());
    });
}

#[test]
fn a_newer_database_is_refused_unless_that_is_wanted() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.upgrade("head").await.expect("an upgrade");
        std::fs::remove_file(bench.project.migrations().join("0003_add_a_note.sql")).expect("one file less");
        let error = bench.upgrade("head").await.expect_err("newer");
        assert_eq!(error.kind.name(), "database_newer");
        assert!(error.message.contains("0003"), "{error}");
        let lenient = Migrator::builder()
            .url(bench.database.url())
            .directory(bench.project.migrations())
            .on_newer(OnNewer::Warn)
            .build()
            .await
            .expect("a migrator");
        let report = lenient.upgrade_to_head().await.expect("ahead is fine");
        assert_eq!(report.unknown.len(), 1);
    });
}

#[test]
fn an_edited_revision_is_refused_and_can_be_accepted() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.upgrade("0002").await.expect("an upgrade");
        let file = bench.project.migrations().join("0002_add_orders.sql");
        let text = std::fs::read_to_string(&file).expect("the file");
        std::fs::write(&file, text.replace('\n', "\r\n").replace("-- found by customer", ""))
            .expect("written");
        bench.upgrade("0002").await.expect("comments and line endings don't matter");
        std::fs::write(&file, text.replace("orders_customer", "orders_by_customer")).expect("written");
        let error = bench.upgrade("head").await.expect_err("edited");
        assert_eq!(error.kind.name(), "edited_revision");
        assert!(error.message.contains("0002_add_orders.sql"), "{error}");
        let migrator = bench.migrator().await;
        migrator.resolve(underpin::Resolution::Applied("0002".to_owned())).await.expect("accepted");
        assert_eq!(migrator.upgrade_to_head().await.expect("an upgrade").revisions.len(), 1);
    });
}

#[test]
fn tables_without_history_are_refused_before_anything_is_touched() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.database.execute("CREATE TABLE orders (id INTEGER)");
        let error = bench.upgrade("head").await.expect_err("untracked");
        assert_eq!(error.kind.name(), "untracked");
        assert!(error.message.contains("orders"), "{error}");
        assert!(!bench.database.has_table("customers"));
    });
}

#[test]
fn every_transaction_mode_reaches_the_head() {
    for mode in [TransactionMode::Each, TransactionMode::All, TransactionMode::None] {
        on_every_engine(async |bench: Bench| {
            bench.three_revisions();
            let migrator = Migrator::builder()
                .url(bench.database.url())
                .directory(bench.project.migrations())
                .transaction_mode(mode)
                .build()
                .await
                .expect("a migrator");
            let result = migrator.upgrade_to_head().await;
            if mode == TransactionMode::All && !bench.engine.has_transactional_schema() {
                assert_eq!(result.expect_err("not there").kind.name(), "unsupported");
                return;
            }
            assert_eq!(result.expect("an upgrade").revisions.len(), 3);
            assert!(migrator.status().await.expect("a status").at_head);
            migrator.downgrade(parse("base")).await.expect("a downgrade");
        });
    }
}

#[test]
fn a_setting_of_one_revision_is_none_of_the_next() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let (set, then, unset) = match bench.engine {
            Engine::Sqlite => ("PRAGMA legacy_alter_table = ON;", "SELECT 1;", "SELECT 1"),
            Engine::Postgres => (
                "SET search_path = pg_catalog;\nSELECT set_config('statement_timeout', '7', false);",
                "CREATE TABLE after_it AS SELECT current_setting('statement_timeout') AS setting;",
                "SELECT CASE setting WHEN '0' THEN '1' ELSE setting END FROM after_it",
            ),
            Engine::Mysql | Engine::Mariadb => (
                "SET foreign_key_checks = 0;\nUSE information_schema;",
                "CREATE TABLE after_it AS SELECT @@SESSION.foreign_key_checks AS setting;",
                "SELECT CAST(setting AS CHAR) FROM after_it",
            ),
        };
        bench.project.revision("0004", &["0003"], "set", set, None);
        bench.project.revision("0005", &["0004"], "then", then, None);
        bench.upgrade("head").await.expect("an upgrade");
        assert_eq!(bench.database.value(unset), "1");
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
    });
}

#[test]
fn a_role_that_a_revision_takes_on_does_not_write_its_record() {
    on_every_engine(async |bench| {
        if bench.engine != Engine::Postgres {
            return;
        }
        bench.three_revisions();
        let for_one = "SET LOCAL ROLE pg_read_all_stats;\nSELECT count(*) FROM pg_stat_activity;";
        bench.project.revision("0004", &["0003"], "for a transaction", for_one, None);
        let for_all = "SET ROLE pg_read_all_stats;\nSELECT count(*) FROM pg_stat_activity;\nRESET ROLE;\n\
                       CREATE INDEX CONCURRENTLY orders_note ON orders (note);\nSET ROLE pg_read_all_stats;\nSELECT 1;";
        bench.project.revision_with(
            "0005",
            &["0004"],
            "for good",
            &["transaction: off"],
            &[("upgrade", for_all)],
        );
        bench.project.revision("0006", &["0005"], "after it", "CREATE TABLE after_it (id INTEGER);", None);
        bench.upgrade("head").await.expect("an upgrade");
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
    });
}

#[test]
fn a_schema_of_its_own_for_the_history_is_created() {
    on_every_engine(async |bench| {
        if bench.engine != Engine::Postgres {
            return;
        }
        bench.three_revisions();
        let migrator = Migrator::builder()
            .url(bench.database.url())
            .directory(bench.project.migrations())
            .history(HistoryTables::new(Some("audit trail".to_owned()), "underpin"))
            .build()
            .await
            .expect("a migrator");
        migrator.upgrade_to_head().await.expect("an upgrade");
        assert_eq!(bench.database.value("SELECT count(*) FROM \"audit trail\".underpin_history"), "3");
        assert!(!migrator.upgrade_to_head().await.expect("nothing to do").changed());
    });
}

#[test]
fn nothing_is_taken_back_that_something_unknown_and_irreversible_stands_on() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let file =
            bench.project.revision("0003b", &["0002"], "a branch", "CREATE TABLE branch (id INTEGER);", None);
        bench.upgrade("heads").await.expect("an upgrade");
        std::fs::remove_file(file).expect("removed");
        let migrator = Migrator::builder()
            .url(bench.database.url())
            .directory(bench.project.migrations())
            .on_newer(OnNewer::Warn)
            .build()
            .await
            .expect("a migrator");
        for target in ["0002", "0001", "base"] {
            let error = migrator.downgrade(parse(target)).await.expect_err(target);
            assert_eq!(error.kind.name(), "irreversible", "{error}");
            assert!(error.message.contains("0003b"), "{error}");
            let planned = migrator.plan_downgrade(parse(target)).await.expect_err(target);
            assert_eq!(planned.message, error.message);
        }
        let report = migrator.downgrade(parse("0003")).await.expect("it is there");
        assert!(!report.changed());
        assert_eq!(report.unknown.len(), 1);
        assert_eq!(migrator.plan(parse("head")).await.expect("a plan").unknown().len(), 1);
        assert_eq!(bench.current().await, ["0003", "0003b"]);
    });
}
