//! Invalid indexes, which PostgreSQL leaves behind where a concurrent build did not come to its end: none is taken for
//! an index, and none stays.

use underpin_tests::{Engine, Project, TestDatabase};

use super::{assert_at, beginning, project};

const INVALID: &str = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

/// A project whose second revision is this one statement.
fn with(statement: &str) -> Project {
    let project = project();
    project.revision_with("0002", &["0001"], "note", &["transaction: off"], &[("upgrade", statement)]);
    project
}

/// What a build by hand has left that failed: the rows are not unique.
fn leave_invalid(database: &TestDatabase, name: &str) {
    database.execute("INSERT INTO items (id, total) VALUES (9, 10)");
    let sql = format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON items (total)");
    assert!(database.try_query(&sql).is_err());
    database.execute("DELETE FROM items WHERE id = 9");
    assert_eq!(database.value(INVALID), "1");
}

#[test]
fn an_invalid_index_of_that_name_is_built_again() {
    Engine::Postgres.run(|engine| {
        for exists in ["IF NOT EXISTS ", ""] {
            let project =
                with(&format!("CREATE UNIQUE INDEX CONCURRENTLY {exists}items_total ON items (total);"));
            let database = beginning(engine, &project);
            leave_invalid(&database, "items_total");
            let output = project.underpin_on(&database).arg("upgrade").run().expect_success();
            assert_at(&database, &["0001", "0002"], &output);
            assert_eq!(database.value(INVALID), "0");
            assert_eq!(
                database.value(
                    "SELECT count(*) FROM pg_index WHERE indexrelid = 'items_total'::regclass AND indisvalid"
                ),
                "1"
            );
        }
    });
}

#[test]
fn an_invalid_index_without_a_name_of_its_own_is_found_as_well() {
    Engine::Postgres.run(|engine| {
        let project = with("CREATE UNIQUE INDEX CONCURRENTLY ON items (total);");
        let database = beginning(engine, &project);
        leave_invalid(&database, "");
        // One on another column is none of this statement's business.
        database.execute("INSERT INTO items (id, total) VALUES (8, 0)");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value(INVALID), "0");
        assert_eq!(
            database.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'items_total_idx%'"),
            "1"
        );
    });
}

#[test]
fn a_build_that_fails_leaves_no_index_that_every_write_has_to_keep_up() {
    Engine::Postgres.run(|engine| {
        let project = with("CREATE UNIQUE INDEX CONCURRENTLY items_total ON items (total);");
        let database = beginning(engine, &project);
        database.execute("INSERT INTO items (id, total) VALUES (9, 10)");
        let output = project.underpin_on(&database).arg("upgrade").run().expect_code(4);
        assert!(output.stderr.contains("items_total"), "{output}");
        assert_eq!(database.value(INVALID), "0");
        assert_at(&database, &["0001"], &output);
        database.execute("DELETE FROM items WHERE id = 9");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
    });
}
