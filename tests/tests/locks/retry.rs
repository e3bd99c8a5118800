//! What is tried again is a whole transaction: what was done before it stays done, what comes after it comes once.

use underpin_tests::{Engine, Project, TestDatabase};

use super::{assert_at, beginning, events, once_it_says, project, reader};

/// Revisions of which the second waits for others, each with a row that would be there twice.
fn three(database: &TestDatabase, project: &Project) -> &'static str {
    database.execute("CREATE TABLE facts (revision VARCHAR(20) NOT NULL)");
    for (id, parent, sql) in [
        ("0002a", "0001", "CREATE TABLE before_it (id INTEGER)"),
        (
            "0003",
            "0002a",
            "UPDATE items SET total = total + 1 WHERE id = 2;\nALTER TABLE items ADD COLUMN more INTEGER",
        ),
        ("0004", "0003", "CREATE TABLE after_it (id INTEGER)"),
    ] {
        let sql = format!("INSERT INTO facts (revision) VALUES ('{id}');\n{sql};");
        project.revision(id, &[parent], "facts", &sql, None);
    }
    "SELECT CONCAT(revision, ' ', count(*)) FROM facts GROUP BY revision ORDER BY revision"
}

#[test]
fn small_revisions_that_travel_together_go_on_behind_those_that_are_done() {
    Engine::Postgres.run(|engine| {
        let project = project();
        std::fs::remove_file(project.migrations().join("0002_note.sql")).expect("removed");
        let database = beginning(engine, &project);
        let facts = three(&database, &project);
        let holder = reader(&database);
        let upgrade = project.underpin_on(&database).args(["upgrade", "--json"]);
        let output = once_it_says("\"tries\":3", upgrade, || {
            // The first of them is committed, and nothing of the second is there.
            assert!(database.has_table("before_it") && !database.has_table("after_it"));
            assert_eq!(database.value("SELECT total FROM items WHERE id = 2"), "20");
            holder.end();
        });
        assert_at(&database, &["0001", "0002a", "0003", "0004"], &output);
        let rows: Vec<_> = database.query(facts).into_iter().flatten().flatten().collect();
        assert_eq!(rows, ["0002a 1", "0003 1", "0004 1"]);
        assert_eq!(database.value("SELECT total FROM items WHERE id = 2"), "21");
        assert_eq!(events(&output.stdout, "revision_started").len(), 3, "{output}");
    });
}

#[test]
fn one_transaction_for_the_whole_run_is_tried_again_from_its_beginning() {
    Engine::Postgres.run(|engine| {
        let project = project();
        std::fs::remove_file(project.migrations().join("0002_note.sql")).expect("removed");
        let database = beginning(engine, &project);
        let facts = three(&database, &project);
        let holder = reader(&database);
        let upgrade = project.underpin_on(&database).args(["upgrade", "--tx-mode", "all", "--json"]);
        let output = once_it_says("\"tries\":3", upgrade, || {
            assert!(!database.has_table("before_it"));
            holder.end();
        });
        assert_at(&database, &["0001", "0002a", "0003", "0004"], &output);
        let rows: Vec<_> = database.query(facts).into_iter().flatten().flatten().collect();
        assert_eq!(rows, ["0002a 1", "0003 1", "0004 1"]);
    });
}

#[test]
fn behind_a_pooler_a_transaction_is_tried_again_as_well() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        let Some(url) = database.pooled_url() else { return };
        let holder = reader(&database);
        let upgrade = project.underpin().database(url).args(["upgrade", "--json"]);
        let output = once_it_says("\"tries\":3", upgrade, || holder.end());
        assert_at(&database, &["0001", "0002"], &output);
    });
}

#[test]
fn rows_that_somebody_has_changed_are_waited_for_and_their_owner_named() {
    for engine in [Engine::Postgres, Engine::Mysql, Engine::Mariadb] {
        engine.run(|engine| {
            let project = project();
            let sql = "UPDATE items SET total = total + 1;";
            project.revision("0002", &["0001"], "note", sql, None);
            let database = beginning(engine, &project);
            let holder = database.hold(&["UPDATE items SET total = 0 WHERE id = 2"]);
            let output = project.underpin_on(&database).args(["upgrade", "--timeout", "6s"]).run();
            assert_eq!(output.code(), Some(6), "{output}");
            assert!(output.stderr.contains(&format!("session {}", holder.id())), "{output}");
            assert!(!output.stderr.contains("probably"), "{output}");
            assert_at(&database, &["0001"], &output);
            let upgrade = project.underpin_on(&database).args(["upgrade", "--json"]);
            let output = once_it_says("\"tries\":2", upgrade, || holder.end());
            assert_at(&database, &["0001", "0002"], &output);
            assert_eq!(database.value("SELECT sum(total) FROM items"), "32", "{engine}: {output}");
        });
    }
}
