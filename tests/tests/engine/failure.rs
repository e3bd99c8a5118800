//! Revisions that fail: what stays, what is said, and how it goes on.

use underpin::TransactionMode;
use underpin_tests::Engine;

use super::{Bench, on_every_engine};

fn broken_second_statement(bench: &Bench) {
    bench.three_revisions();
    bench.project.revision(
        "0004",
        &["0003"],
        "break",
        "CREATE TABLE first (id INTEGER NOT NULL PRIMARY KEY);\n\nCREATE TABLE second (id INTEGER REFERENCES;\nCREATE TABLE third (id INTEGER);",
        Some("DROP TABLE first;"),
    );
}

#[test]
fn a_failed_revision_leaves_nothing_or_says_what() {
    on_every_engine(async |bench| {
        broken_second_statement(&bench);
        let error = bench.upgrade("head").await.expect_err("it is broken");
        let place = error.place.as_ref().unwrap_or_else(|| panic!("no place: {error:?}"));
        assert!(place.file.ends_with("0004_break.sql"), "{}", place.file);
        assert!(place.label.is_some());
        assert!(error.message.contains("statement 2 of 3"), "{error}");
        assert_eq!(place.line, 9, "{place:?}");
        let attempts = "SELECT count(*) FROM underpin_log WHERE revision = '0004' AND statement = 2";
        assert_eq!(bench.database.value(attempts), "1");
        if bench.engine.has_transactional_schema() {
            assert_eq!(error.kind.name(), "migration_failed");
            assert!(!bench.database.has_table("first"));
            assert!(error.state.as_deref().unwrap_or_default().contains("still at 0003"), "{error}");
        } else {
            assert_eq!(error.kind.name(), "dirty");
            assert!(bench.database.has_table("first"));
            let status = bench.migrator().await.status().await.expect("a status");
            let dirty = status.dirty.expect("dirty");
            assert_eq!((dirty.revision.as_str(), dirty.statement, dirty.of), ("0004", 2, 3));
        }
        assert_eq!(bench.current().await, ["0003"]);
        bench.database.assert_idle("a failure");

        let file = bench.project.migrations().join("0004_break.sql");
        let text = std::fs::read_to_string(&file).expect("the file");
        std::fs::write(&file, text.replace("REFERENCES", ")")).expect("mended");
        let report = bench.upgrade("head").await.expect("it goes on");
        assert_eq!(report.revisions.len(), 1);
        assert!(bench.database.has_table("first") && bench.database.has_table("third"));
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
    });
}

#[test]
fn what_is_done_already_can_not_be_changed_before_it_goes_on() {
    on_every_engine(async |bench| {
        if bench.engine.has_transactional_schema() {
            return;
        }
        broken_second_statement(&bench);
        bench.upgrade("head").await.expect_err("it is broken");
        let file = bench.project.migrations().join("0004_break.sql");
        let text = std::fs::read_to_string(&file).expect("the file");
        std::fs::write(&file, text.replace("REFERENCES", ")").replace("TABLE first", "TABLE zeroth"))
            .expect("written");
        let error = bench.upgrade("head").await.expect_err("the first statement is another one");
        assert_eq!(error.kind.name(), "edited_revision");
        std::fs::write(&file, text.replace("REFERENCES", ")")).expect("restored");
        bench.upgrade("head").await.expect("it goes on");
    });
}

#[test]
fn a_dirty_revision_can_be_resolved_either_way() {
    on_every_engine(async |bench| {
        if bench.engine.has_transactional_schema() {
            return;
        }
        broken_second_statement(&bench);
        bench.upgrade("head").await.expect_err("it is broken");
        let migrator = bench.migrator().await;
        migrator.resolve(underpin::Resolution::RolledBack("0004".to_owned())).await.expect("resolved");
        let status = migrator.status().await.expect("a status");
        assert!(status.dirty.is_none() && status.pending.len() == 1);
        bench.database.execute("DROP TABLE first");
        bench.upgrade("head").await.expect_err("it is still broken");
        migrator.resolve(underpin::Resolution::Applied("0004".to_owned())).await.expect("resolved");
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
    });
}

#[test]
fn a_first_statement_that_fails_leaves_no_trace() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "again", "CREATE TABLE orders (id INTEGER);", None);
        let error = bench.upgrade("head").await.expect_err("it is there already");
        assert_eq!(error.kind.name(), "migration_failed");
        assert!(error.hints[0].contains("underpin stamp"), "{error}");
        assert!(bench.migrator().await.status().await.expect("a status").dirty.is_none());
        assert_eq!(bench.current().await, ["0003"]);
    });
}

#[test]
fn one_transaction_for_all_leaves_nothing_of_the_others() {
    on_every_engine(async |bench| {
        if !bench.engine.has_transactional_schema() {
            return;
        }
        broken_second_statement(&bench);
        let migrator = underpin::Migrator::builder()
            .url(bench.database.url())
            .directory(bench.project.migrations())
            .transaction_mode(TransactionMode::All)
            .build()
            .await
            .expect("a migrator");
        let error = migrator.upgrade_to_head().await.expect_err("it is broken");
        assert!(error.state.as_deref().unwrap_or_default().contains("base"), "{error}");
        assert!(!bench.database.has_table("customers"));
        assert_eq!(bench.current().await, Vec::<String>::new());
    });
}

#[test]
fn rows_that_lose_their_parent_fail_the_revision_on_sqlite() {
    on_every_engine(async |bench| {
        if bench.engine != Engine::Sqlite {
            return;
        }
        bench.project.revision(
            "0001",
            &[],
            "parents",
            "CREATE TABLE parents (id INTEGER PRIMARY KEY);\n\
             CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE);\n\
             INSERT INTO parents VALUES (1), (2);\nINSERT INTO children VALUES (1, 1), (2, 2);",
            None,
        );
        bench.project.revision("0002", &["0001"], "lose one", "DELETE FROM parents WHERE id = 2;", None);
        let error = bench.upgrade("head").await.expect_err("a child has lost its parent");
        assert!(error.message.contains("children"), "{error}");
        assert_eq!(bench.current().await, ["0001"]);
        assert_eq!(bench.database.value("SELECT count(*) FROM parents"), "2");
    });
}

#[test]
fn a_history_that_has_lost_its_state_is_not_begun_anew() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.upgrade("head").await.expect("an upgrade");
        bench.database.execute("DELETE FROM underpin_state");
        let error = bench.upgrade("head").await.expect_err("it has no state");
        assert_eq!(error.kind.name(), "verification_failed", "{error}");
        assert!(error.message.contains("lost its state") && !error.hints.is_empty(), "{error:?}");
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_history"), "3");
        assert_eq!(bench.database.value("SELECT count(*) FROM orders"), "2");
    });
}

#[test]
fn a_data_file_stays_in_its_transaction_on_mysql() {
    on_every_engine(async |bench| {
        if bench.engine.has_transactional_schema() {
            return;
        }
        bench.three_revisions();
        let data = "SET foreign_key_checks = 0;\nINSERT INTO orders (id, customer_id) VALUES (8, 1);\nSAVEPOINT a;\n\
                    INSERT INTO orders (id, customer_id) VALUES (9, 1);\nROLLBACK TO a;\nSHOW TABLES;\nSET @x = 1;";
        bench.project.revision("0004", &["0003"], "data", data, None);
        let broken = format!("{data}\nINSERT INTO orders (id, customer_id) VALUES (8, 1);");
        bench.project.revision(
            "0005",
            &["0004"],
            "broken",
            &broken.replace("(8, 1);\nSAVE", "(7, 1);\nSAVE"),
            None,
        );
        let error = bench.upgrade("head").await.expect_err("it is broken");
        assert_eq!(error.kind.name(), "migration_failed", "{error}");
        assert_eq!(bench.current().await, ["0004"]);
        assert_eq!(bench.database.value("SELECT count(*) FROM orders WHERE id IN (7, 8, 9)"), "1");
    });
}

#[test]
fn a_revision_must_not_end_the_transaction_that_it_runs_in() {
    on_every_engine(async |bench| {
        bench.project.revision("0001", &[], "commit", "CREATE TABLE a (id INTEGER);\nCOMMIT;", None);
        let error = bench.upgrade("head").await.expect_err("refused");
        assert_eq!(error.kind.name(), "revision_file");
        assert!(!bench.database.has_table("a"));
    });
}

#[test]
fn a_history_that_somebody_has_written_to_is_refused_before_anything_is_run() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.upgrade("0002").await.expect("an upgrade");
        bench.database.execute("DELETE FROM underpin_history WHERE revision = '0001'");
        let error = bench.upgrade("head").await.expect_err("a row is gone");
        assert_eq!(error.kind.name(), "verification_failed");
        assert!(!bench.database.schema_dump().contains("note"));
        bench.migrator().await.stamp(vec![super::parse("0002")], false).await.expect("a stamp");
        bench.upgrade("head").await.expect("an upgrade");
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
    });
}

#[test]
fn an_index_name_that_is_used_twice_is_refused_before_anything_is_done() {
    on_every_engine(async |bench| {
        let first = "CREATE TABLE things (a INTEGER, b INTEGER);\nCREATE INDEX twice ON things (a);";
        bench.project.revision("0001", &[], "one", first, None);
        bench.project.revision("0002", &["0001"], "two", "CREATE INDEX twice ON things (b);", None);
        let error = bench.upgrade("head").await.expect_err("the name is taken");
        assert_eq!((error.kind.name(), error.exit_code() as i32), ("duplicate_index", 7));
        assert!(error.message.contains("index twice is created twice"), "{error}");
        assert_eq!(error.state.as_deref(), Some("nothing was changed"));
        assert!(!bench.database.has_table("things"));
        bench.upgrade("0001").await.expect("it goes as far as the names do");
    });
}
