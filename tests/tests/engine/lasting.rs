//! Tables that nobody rolls back (MyISAM): a revision that changes rows in one goes statement by statement, and a retry
//! writes none of them again.

use underpin_tests::{Engine, History, Hold, Output, Project, TestDatabase, on_every_engine};

/// A revision of data in a table without transactions.
fn project(sql: &str) -> Project {
    let project = Project::new();
    let create =
        "CREATE TABLE notes (id INTEGER NOT NULL, word VARCHAR(20) NOT NULL UNIQUE) ENGINE = MyISAM;";
    project.revision("0001", &[], "notes", create, None);
    project.revision("0002", &["0001"], "words", sql, None);
    project
}

fn has_such_tables(engine: Engine) -> bool {
    matches!(engine, Engine::Mysql | Engine::Mariadb)
}

fn upgrade(database: &TestDatabase, project: &Project) -> Output {
    project.underpin_on(database).arg("upgrade").run()
}

on_every_engine! {
    fn what_stays_after_a_failure_is_said_and_not_written_again(engine) {
        if !has_such_tables(engine) {
            return;
        }
        let database = TestDatabase::create(engine);
        let project = project(
            "INSERT INTO notes (id, word) VALUES (1, 'one');\nINSERT INTO notes (id, word) VALUES (2, 'two'), (3, 'one'), (4, 'four');",
        );
        let failed = upgrade(&database, &project).expect_code(5);
        for part in ["statement 2 of 2", "notes, whose engine MyISAM has no transactions", "underpin resolve --continue 0002 --at 3"] {
            assert!(failed.stderr.contains(part), "{part}: {failed}");
        }
        let rows = || database.query("SELECT id, word FROM notes ORDER BY id");
        let before = rows();
        assert_eq!(before.len(), 2, "{before:?}");
        upgrade(&database, &project).expect_code(5);
        assert_eq!(rows(), before);
        database.execute("INSERT INTO notes (id, word) VALUES (4, 'four')");
        let beside = project.underpin_on(&database).args(["resolve", "--applied", "0002", "--at", "3"]).run();
        assert!(beside.expect_code(2).stderr.contains("--at goes with --continue only"));
        project.underpin_on(&database).args(["resolve", "--continue", "0002", "--at", "3"]).run().expect_success();
        upgrade(&database, &project).expect_success();
        assert_eq!((History::of(&database).applied(), rows().len()), (vec!["0001", "0002"], 3));
    }

    fn what_was_refused_before_it_began_is_mended_and_run(engine) {
        if !has_such_tables(engine) {
            return;
        }
        let database = TestDatabase::create(engine);
        let project = project("INSERT INTO notes (id, word) VALUES (1, 'one');\nINSERT INTO notes (id, wort) VALUES (2, 'two');");
        let failed = upgrade(&database, &project).expect_code(5);
        assert!(failed.stderr.contains("goes on there"), "{failed}");
        project.revision(
            "0002",
            &["0001"],
            "words",
            "INSERT INTO notes (id, word) VALUES (1, 'one');\nINSERT INTO notes (id, word) VALUES (2, 'two');",
            None,
        );
        upgrade(&database, &project).expect_success();
        assert_eq!(database.value("SELECT count(*) FROM notes"), "2");
    }

    fn a_run_that_is_killed_behind_such_a_statement_asks_its_probe(engine) {
        if !has_such_tables(engine) {
            return;
        }
        for (probe, code) in [("-- probe: SELECT count(*) > 0 FROM notes WHERE id = 2\n", 0), ("", 5)] {
            let database = TestDatabase::create(engine);
            let sql = format!("INSERT INTO notes (id, word) VALUES (1, 'one');\n{probe}INSERT INTO notes (id, word) VALUES (2, 'two');");
            let project = project(&sql);
            // The statement of 0001, and the first of 0002.
            let hold = Hold::at("statement-done", 2);
            let mut running = hold.on(&project.underpin_on(&database).arg("upgrade")).spawn();
            assert!(hold.is_reached(&mut running));
            running.kill();
            let output = upgrade(&database, &project).expect_code(code);
            assert_eq!(database.value("SELECT count(*) FROM notes"), "2", "{output}");
        }
    }

    fn a_table_with_transactions_still_is_one_transaction(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
        let sql = "INSERT INTO notes (id) VALUES (1);\nINSERT INTO notes (id) VALUES (1);";
        project.revision("0002", &["0001"], "rows", sql, None);
        upgrade(&database, &project).expect_code(4);
        assert_eq!(database.value("SELECT count(*) FROM notes"), "0");
    }
}
