//! What can't be run in batches is said before anything is done.

use underpin_tests::{Engine, History, TestDatabase, on_every_engine};

use super::{filled, project};

/// Asserts that nothing came of the second revision.
fn assert_untouched(database: &TestDatabase) {
    assert_eq!(database.value("SELECT sum(touched) FROM items"), "0");
    let history = History::of(database);
    assert!(history.exists && history.journal.is_empty(), "{history:?}");
    assert_eq!(database.value("SELECT count(*) FROM digits"), "10");
}

on_every_engine! {
    fn a_key_that_leads_through_no_table_is_refused_before_the_revision_begins(engine) {
        for (note, expected) in [
            ("items by tenant", "items has no unique key of tenant"),
            ("items by id, tenant", "items has no unique key of id, tenant"),
            ("items by total", "items.total may be NULL"),
            ("items by nothing", "items has no column nothing"),
            ("half by id", "half, which is a view"),
        ] {
            let sql = format!("DELETE FROM digits;\n-- batches: {note}\nUPDATE items SET touched = 1 WHERE :batch;");
            let project = project(engine, &sql, None);
            let database = filled(engine, &project);
            database.execute("CREATE VIEW half AS SELECT id FROM items");
            let refused = project.underpin_on(&database).args(["upgrade", "--allow-destructive"]).run();
            assert!(!refused.status.success() && refused.stderr.contains(expected), "{engine}: {note}: {refused}");
            assert!(refused.stderr.contains("nothing was changed"), "{refused}");
            assert_untouched(&database);
            if engine != Engine::Sqlite && !underpin_tests::scale::is_full() {
                break;
            }
        }
    }

    fn a_note_that_is_wrong_is_refused_with_its_place(engine) {
        let project = project(engine, "-- batches: items by id\nUPDATE items SET touched = 1;", None);
        let database = TestDatabase::create(engine);
        let refused = project.underpin_on(&database).arg("upgrade").run();
        assert!(refused.stderr.contains("the statement of these batches has no :batch"), "{refused}");
        assert!(refused.stderr.contains("0002_go_on.sql:7:1"), "{refused}");
        assert!(!database.has_table("items"));
    }

    fn one_transaction_for_the_run_has_no_room_for_batches(engine) {
        if !engine.has_transactional_schema() {
            return;
        }
        let project = project(engine, "-- batches: items by id\nDELETE FROM items WHERE :batch;", None);
        let database = TestDatabase::create(engine);
        let refused = project.underpin_on(&database).args(["upgrade", "--tx-mode", "all"]).run();
        assert!(refused.stderr.contains("it has a statement in batches"), "{refused}");
    }

    fn a_table_without_transactions_is_refused(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let project = project(engine, "-- batches: notes by id\nUPDATE notes SET id2 = 1 WHERE :batch;", None);
        let database = filled(engine, &project);
        database.execute("CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, id2 INTEGER) ENGINE=MyISAM");
        let refused = project.underpin_on(&database).arg("upgrade").run();
        assert!(refused.stderr.contains("whose engine MyISAM has no transactions"), "{refused}");
        assert_untouched(&database);
    }
}
