//! The usual copy: on SQLite with all rows, on a server without any; and the rows that would stop a run, counted.

use underpin::{Migrator, RehearsalOptions, ScratchServer};
use underpin_tests::{Engine, on_every_engine};

use super::{beginning, last, picture, project, rehearse};

on_every_engine! {
    fn a_rehearsal_runs_what_is_pending_and_leaves_the_database_alone(engine) {
        let project = project();
        project.revision(
            "0002",
            &["0001"],
            "note",
            "ALTER TABLE items ADD COLUMN note VARCHAR(20);\nDELETE FROM items WHERE id = 3;\n\
             CREATE TABLE more (id INTEGER);",
            None,
        );
        let database = beginning(engine, &project);
        let before = picture(&database);
        let output = project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_success();
        assert!(output.stderr.contains("the database itself was not touched"), "{output}");
        assert!(output.stderr.contains("0002 note"), "{output}");
        assert_eq!(picture(&database), before);
        let output = project.underpin_on(&database).args(["upgrade", "--rehearse", "--json"]).run().expect_success();
        let last = last(&output);
        assert_eq!(last["event"], "rehearsed", "{output}");
        assert_eq!(last["revisions"][0]["revision"], "0002");
        assert!(last["revisions"][0]["duration_ms"].is_u64(), "{last}");
        assert_eq!(last["with_rows"], engine == Engine::Sqlite);
        assert_eq!(last["copy"]["of"], if engine == Engine::Sqlite { "database" } else { "revisions" });
        if engine == Engine::Sqlite {
            let tables = serde_json::json!([
                { "table": "items", "before": 3, "after": 2 },
                { "table": "more", "before": null, "after": 0 },
            ]);
            assert_eq!(last["tables"], tables);
        }
        assert_eq!(picture(&database), before);
        database.assert_idle("a rehearsal");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
    }

    fn rows_that_are_in_the_way_are_counted_before_anything_runs(engine) {
        let project = project();
        project.revision("0002", &["0001"], "unique", "CREATE UNIQUE INDEX items_total ON items (total);", None);
        let database = beginning(engine, &project);
        let before = picture(&database);
        let found = "1 value is more than once in total of items (total = 20)";
        let output = project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_code(4);
        assert!(output.stderr.contains(found), "{output}");
        assert!(output.stderr.contains("0002_unique.sql:7"), "{output}");
        assert_eq!(picture(&database), before);
        let output = project.underpin_on(&database).args(["plan", "--preconditions"]).run().expect_success();
        assert!(output.stderr.contains(found), "{output}");
        assert_eq!(picture(&database), before);
        database.execute("DELETE FROM items WHERE id = 3");
        let output = project.underpin_on(&database).args(["plan", "--preconditions", "--json"]).run().expect_success();
        assert!(output.stdout.contains("{\"preconditions\":[]}"), "{output}");
        project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_success();
    }

    fn rows_that_an_earlier_statement_mends_are_no_obstacle(engine) {
        let project = project();
        let sql = "DELETE FROM items WHERE id = 3;\nCREATE UNIQUE INDEX items_total ON items (total);";
        project.revision("0002", &["0001"], "unique", sql, None);
        let database = beginning(engine, &project);
        let output = project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_success();
        // A copy with rows shows that they are mended; of one without, it is said that they have to be.
        assert_eq!(output.stderr.contains("warning"), engine.is_server(), "{output}");
        assert_eq!(database.value("SELECT count(*) FROM items"), "3");
    }

    fn the_locks_of_the_run_are_told(engine) {
        let project = project();
        project.revision("0002", &["0001"], "note", "ALTER TABLE items ADD COLUMN note VARCHAR(20);", None);
        let more = "CREATE TABLE more (id INTEGER);\nALTER TABLE more ADD COLUMN note VARCHAR(20);";
        project.revision("0003", &["0002"], "more", more, None);
        let database = beginning(engine, &project);
        let rehearsed = rehearse(project.underpin_on(&database), &[]);
        let lock = |revision: &str, table: &str, mode: &str, seen: bool| {
            serde_json::json!({ "revision": revision, "table": table, "mode": mode, "seen": seen })
        };
        // Nobody waits for what the run itself has made; but SQLite has one writer.
        let expected = match engine {
            Engine::Sqlite => vec![lock("0002", "main", "WRITE", false), lock("0003", "main", "WRITE", false)],
            Engine::Postgres => vec![lock("0002", "items", "ACCESS EXCLUSIVE", true)],
            Engine::Mysql | Engine::Mariadb => vec![lock("0002", "items", "METADATA", false)],
        };
        assert_eq!(rehearsed["locks"], serde_json::json!(expected), "{rehearsed}");
        let output = project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_success();
        assert!(output.stdout.contains("0002 locks "), "{output}");
    }

    fn what_deletes_data_is_refused_as_the_run_would(engine) {
        let project = project();
        project.revision("0002", &["0001"], "gone", "DROP TABLE items;", None);
        let database = beginning(engine, &project);
        let before = picture(&database);
        let refused = project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_code(8);
        assert!(refused.stderr.contains("deletes data"), "{refused}");
        assert_eq!(picture(&database), before);
        let rehearsed = rehearse(project.underpin_on(&database), &["--allow-destructive"]);
        assert_eq!(rehearsed["revisions"][0]["revision"], "0002");
        assert_eq!(picture(&database), before);
    }

    fn what_lint_calls_an_error_is_refused_where_the_run_would(engine) {
        let project = project();
        project.revision("0002", &["0001"], "renamed", "ALTER TABLE items RENAME TO things;", None);
        let database = beginning(engine, &project);
        let refusing = || project.underpin_on(&database).env("UNDERPIN_REFUSE_LINT_ERRORS", "true");
        let refused = refusing().env("UNDERPIN_LINT_ERRORS", "rename-table").args(["upgrade", "--rehearse"]).run().expect_code(8);
        assert!(refused.stderr.contains("rename-table"), "{refused}");
        refusing().env("UNDERPIN_LINT_OFF", "rename-table").args(["upgrade", "--rehearse"]).run().expect_success();
    }

    fn what_fails_on_the_copy_is_told_as_the_run_would(engine) {
        let project = project();
        project.revision("0002", &["0001"], "wrong", "ALTER TABLE nowhere ADD COLUMN note VARCHAR(20);", None);
        let database = beginning(engine, &project);
        let before = picture(&database);
        let output = project.underpin_on(&database).args(["upgrade", "--rehearse"]).run().expect_code(4);
        assert!(output.stderr.contains("0002_wrong.sql:7"), "{output}");
        assert!(output.stderr.contains("only a scratch database was touched"), "{output}");
        assert_eq!(picture(&database), before);
    }
}

#[test]
fn on_postgresql_the_locks_that_nothing_tells_beforehand_are_seen() {
    let Some(engine) = Engine::available().into_iter().find(|engine| *engine == Engine::Postgres) else {
        return;
    };
    for mode in ["each", "all"] {
        let project = project();
        let hidden = "DO $$ BEGIN EXECUTE 'LOCK TABLE ' || 'items IN SHARE MODE'; END $$;";
        project.revision("0002", &["0001"], "hidden", hidden, None);
        project.revision("0003", &["0002"], "nothing", "CREATE TABLE more (id INTEGER);", None);
        let database = beginning(engine, &project);
        let program = project.underpin_on(&database).env("UNDERPIN_TX_MODE", mode);
        let locks =
            serde_json::json!([{ "revision": "0002", "table": "items", "mode": "SHARE", "seen": true }]);
        assert_eq!(rehearse(program, &[])["locks"], locks, "{mode}");
    }
}

#[test]
fn a_program_rehearses_as_well() {
    for engine in Engine::available() {
        let project = project();
        project.revision("0002", &["0001"], "note", "ALTER TABLE items ADD COLUMN note VARCHAR(20);", None);
        let database = beginning(engine, &project);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let migrator = Migrator::builder().url(database.url()).directory(project.migrations()).build();
            let migrator = migrator.await.expect("a migrator");
            let server = ScratchServer::of(migrator.database().clone());
            let rehearsal = migrator.rehearse(&RehearsalOptions::on(server)).await.expect("a rehearsal");
            assert_eq!(rehearsal.revisions.len(), 1);
            assert_eq!(migrator.status().await.expect("a status").pending.len(), 1);
        });
    }
}
