//! `upgrade --rollback-check`: the run on the database itself, of which nothing stays.

use std::time::Instant;

use underpin::{ErrorKind, Migrator, Target};
use underpin_tests::{Engine, Hold, TestDatabase, on_every_engine};

use super::{beginning, last, picture, project};

const CHECK: [&str; 2] = ["upgrade", "--rollback-check"];

fn rolls_back(engine: Engine) -> bool {
    matches!(engine, Engine::Sqlite | Engine::Postgres)
}

on_every_engine! {
    fn a_run_that_is_rolled_back_leaves_nothing(engine) {
        let project = project();
        let database = beginning(engine, &project);
        let sql = "DELETE FROM items WHERE id = 3;\nCREATE UNIQUE INDEX items_total ON items (total);\nCREATE TABLE more (id INTEGER);";
        project.revision("0002", &["0001"], "unique", sql, None);
        project.revision("0003", &["0002"], "gone", "DROP TABLE more;", None);
        let hook = project.path().join("called");
        let before = picture(&database);
        let check = project.underpin_on(&database).args(CHECK).env("UNDERPIN_HOOK_COMMAND", format!("touch {}", hook.display()));
        if !rolls_back(engine) {
            let refused = check.run().expect_code(2);
            assert!(refused.stderr.contains("--rehearse"), "{refused}");
            assert_eq!(picture(&database), before);
            return;
        }
        let output = check.run().expect_success();
        assert!(output.stderr.contains("2 revisions") && output.stderr.contains("rolled back"), "{output}");
        assert!(output.stderr.contains("history and plan agree"), "{output}");
        assert_eq!(picture(&database), before);
        assert!(!hook.exists());
        let told = last(&project.underpin_on(&database).args(CHECK).arg("--json").run().expect_success());
        assert_eq!((&told["event"], &told["revisions"][1]["revision"]), (&"rollback_checked".into(), &"0003".into()));
        assert_eq!(picture(&database), before);
        assert!(!database.is_locked());
        database.assert_idle("a check");

        // One that fails is not even an attempt in the history.
        project.revision("0002", &["0001"], "unique", "CREATE TABLE more (id INTEGER);\nCREATE UNIQUE INDEX items_total ON items (total);", None);
        let failed = check.run().expect_code(4);
        assert!(failed.stderr.contains("0002_unique.sql:8") && failed.stderr.contains("rolled back"), "{failed}");
        assert_eq!(picture(&database), before);
        assert!(!hook.exists());
    }

    fn a_database_without_a_history_has_none_afterwards(engine) {
        if !rolls_back(engine) {
            return;
        }
        let project = project();
        let database = TestDatabase::create(engine);
        database.execute("CREATE TABLE other (id INTEGER)");
        project.underpin_on(&database).args(CHECK).run().expect_success();
        assert_eq!(database.tables(), ["other"]);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let nothing = project.underpin_on(&database).args(CHECK).run().expect_success();
        assert!(nothing.stderr.contains("0 revisions"), "{nothing}");
    }

    fn what_no_transaction_holds_is_refused(engine) {
        if !rolls_back(engine) {
            return;
        }
        let project = project();
        let database = beginning(engine, &project);
        project.revision_with("0002", &["0001"], "outside", &["transaction: off"], &[("upgrade", "CREATE TABLE more (id INTEGER);")]);
        let before = picture(&database);
        let refused = project.underpin_on(&database).args(CHECK).run().expect_code(2);
        assert!(refused.stderr.contains("transaction: off") && refused.stderr.contains("--rehearse"), "{refused}");
        assert!(!refused.stderr.contains("tx_mode"), "{refused}");
        assert_eq!(picture(&database), before);
    }

    fn a_check_that_is_killed_leaves_nothing(engine) {
        if !rolls_back(engine) {
            return;
        }
        let project = project();
        let database = beginning(engine, &project);
        project.revision("0002", &["0001"], "more", "DELETE FROM items;\nCREATE TABLE more (id INTEGER);", None);
        let before = picture(&database);
        let hold = Hold::at("before-commit", 0);
        let mut running = hold.on(&project.underpin_on(&database).args(CHECK)).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        running.kill();
        assert_eq!(picture(&database), before);
        project.underpin_on(&database).args(CHECK).run().expect_success();
        assert_eq!(picture(&database), before);
    }

    fn a_program_checks_as_well(engine) {
        let project = project();
        let database = beginning(engine, &project);
        project.revision("0002", &["0001"], "more", "CREATE TABLE more (id INTEGER);", None);
        let before = picture(&database);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let builder = Migrator::builder().url(database.url()).directory(project.migrations());
            let checked = builder.build().await.unwrap().rollback_check(vec![Target::Head]).await;
            match rolls_back(engine) {
                true => assert_eq!(checked.unwrap().revisions.len(), 1),
                false => assert_eq!(checked.unwrap_err().kind, ErrorKind::Unsupported),
            }
        });
        assert_eq!(picture(&database), before);
    }
}

#[test]
fn a_file_that_is_not_there_is_not_made() {
    let project = project();
    let database = TestDatabase::create(Engine::Sqlite);
    let refused = project.underpin_on(&database).args(CHECK).run().expect_code(3);
    assert!(refused.stderr.contains("is not there"), "{refused}");
    assert!(!database.path().unwrap().exists());
}

#[test]
fn what_a_commit_would_check_is_checked() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        let sql = "CREATE TABLE child (id integer REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO child VALUES (99);";
        project.revision("0002", &["0001"], "later", sql, None);
        let before = picture(&database);
        let failed = project.underpin_on(&database).args(CHECK).run().expect_code(4);
        assert!(failed.stderr.contains("foreign key"), "{failed}");
        assert_eq!(picture(&database), before);
    });
}

#[test]
fn a_setting_of_one_revision_is_none_of_the_next() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        project.revision("0002", &["0001"], "set", "CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE here (id integer);", None);
        project.revision("0003", &["0002"], "look", "CREATE TABLE public.there (id integer);\nSELECT 1 / count(*) FROM items;\nSELECT count(*) FROM app.here;", None);
        let before = picture(&database);
        project.underpin_on(&database).args(CHECK).run().expect_success();
        assert_eq!(picture(&database), before);
    });
}

#[test]
fn who_is_in_the_way_is_named_soon() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        project.revision("0002", &["0001"], "wait", "ALTER TABLE items ADD COLUMN note text;", None);
        let before = picture(&database);
        let holder = database.hold(&["LOCK TABLE items IN ACCESS SHARE MODE"]);
        let start = Instant::now();
        let refused = project.underpin_on(&database).args(CHECK).run().expect_code(6);
        assert!(start.elapsed().as_secs() < 30, "{refused}");
        assert!(refused.stderr.contains(holder.id()), "{refused}");
        holder.end();
        assert_eq!(picture(&database), before);
    });
}
