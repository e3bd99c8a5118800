//! Statements that run outside of a transaction are tried again each by itself: what is before them is done, and the
//! journal says so all the time.

use underpin_tests::{Engine, on_every_engine};

use super::{assert_at, beginning, events, once_it_says, project, reader};

on_every_engine! {
    fn a_statement_is_tried_again_and_those_before_it_are_not(engine) {
        if !engine.is_server() {
            // Whoever writes to SQLite keeps the run out altogether.
            return;
        }
        let project = project();
        let sql = "INSERT INTO items (id, total) VALUES (3, 30);\nALTER TABLE items ADD COLUMN note VARCHAR(20);\n\
                   INSERT INTO items (id, total) VALUES (4, 40);";
        project.revision_with("0002", &["0001"], "note", &["transaction: off"], &[("upgrade", sql)]);
        let database = beginning(engine, &project);
        let holder = reader(&database);
        let upgrade = project.underpin_on(&database).args(["upgrade", "--json"]);
        let output = once_it_says("\"tries\":3", upgrade, || {
            assert_eq!(database.value("SELECT count(*) FROM items"), "3");
            holder.end();
        });
        assert_at(&database, &["0001", "0002"], &output);
        assert_eq!(database.value("SELECT count(*) FROM items"), "4");
    }

    fn a_statement_that_gives_up_leaves_the_journal_at_its_place(engine) {
        if !engine.is_server() {
            return;
        }
        let project = project();
        let sql = "INSERT INTO items (id, total) VALUES (3, 30);\nALTER TABLE items ADD COLUMN note VARCHAR(20);";
        project.revision_with("0002", &["0001"], "note", &["transaction: off"], &[("upgrade", sql)]);
        let database = beginning(engine, &project);
        let holder = reader(&database);
        let output = project.underpin_on(&database).args(["upgrade", "--timeout", "4s"]).run();
        assert_eq!(output.code(), Some(6), "{output}");
        assert!(output.stderr.contains("dirty at statement 2 of 2"), "{output}");
        assert!(output.stderr.contains(&format!("session {}", holder.id())), "{output}");
        assert!(output.stderr.contains("it goes on at statement 2"), "{output}");
        holder.end();
        let output = project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_at(&database, &["0001", "0002"], &output);
        assert_eq!(database.value("SELECT count(*) FROM items"), "3");
    }
}

#[test]
fn a_concurrent_build_waits_without_a_limit_and_says_for_whom() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let sql = "CREATE INDEX CONCURRENTLY items_total ON items (total);";
        project.revision_with("0002", &["0001"], "note", &["transaction: off"], &[("upgrade", sql)]);
        let database = beginning(engine, &project);
        let holder = database.hold(&["UPDATE items SET total = 0 WHERE id = 2"]);
        let mut running = project.underpin_on(&database).args(["upgrade", "--json"]).spawn();
        let named = format!("session {}", holder.id());
        assert!(running.wait_until(|running| running.stdout().contains(&named)), "{}", running.stderr());
        // Nobody who comes after it has to wait.
        database.execute("UPDATE items SET total = 11 WHERE id = 1");
        holder.end();
        let output = running.wait().expect_success();
        let blocked = events(&output.stdout, "blocked");
        assert!(blocked.iter().all(|event| event["reason"].is_null()), "{output}");
        assert_at(&database, &["0001", "0002"], &output);
        assert_eq!(database.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
    });
}
