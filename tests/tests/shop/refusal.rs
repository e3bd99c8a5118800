//! What no start goes on with: each its own message, its own exit code, and nothing changed.

use std::fs;

use underpin_tests::{Engine, Program, Project, TestDatabase, on_every_engine};

use super::{Picture, json, shop, shop_with, upgrade};

fn two() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER NOT NULL PRIMARY KEY);", None);
    project.revision("0002", &["0001"], "two", "CREATE TABLE two (id INTEGER NOT NULL PRIMARY KEY);", None);
    project
}

/// A refusal that leaves the database as it was.
#[track_caller]
fn refuses(program: &Program, database: &TestDatabase, code: i32, parts: &[&str]) {
    let picture = Picture::of(database);
    let output = program.serve().expect_ended().expect_code(code);
    for part in parts.iter().chain(&["error:", "hint:"]) {
        assert!(output.stderr.contains(part), "{part}: {output}");
    }
    assert_eq!(Picture::of(database), picture);
}

on_every_engine! {
    fn a_database_that_is_newer_is_refused(engine) {
        let (database, project) = (TestDatabase::create(engine), two());
        shop_with(&database, &project).arg("init").run().expect_success();
        fs::remove_file(project.migrations().join("0002_two.sql")).unwrap();
        refuses(&shop_with(&database, &project), &database, 7, &["newer", "0002", "nothing was changed"]);

        let lenient = shop_with(&database, &project).env("UNDERPIN_ON_NEWER", "warn").serve().expect_serving();
        let health = lenient.get("/health");
        assert_eq!((health.status, &json(&health)["migrations_up_to_date"]), (200, &false.into()));
        let output = lenient.stop();
        assert!(output.stderr.contains("WARN") && output.stderr.contains("newer"), "{output}");
    }

    fn a_revision_that_was_edited_is_refused(engine) {
        let (database, project) = (TestDatabase::create(engine), two());
        shop_with(&database, &project).arg("init").run().expect_success();
        let file = project.migrations().join("0001_one.sql");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("TABLE one (id", "TABLE one (number")).unwrap();
        refuses(&shop_with(&database, &project), &database, 7, &["changed since", "0001_one.sql"]);
        // A start that only looks does not serve on it either.
        let looking = shop_with(&database, &project).env("AUTO_MIGRATE_ON_STARTUP", "false");
        refuses(&looking, &database, 7, &["changed since", "0001_one.sql"]);
        // A comment is no change.
        fs::write(&file, format!("{text}-- a comment\n")).unwrap();
        shop_with(&database, &project).arg("init").run().expect_success();
    }

    fn a_user_who_may_only_read_is_refused(engine) {
        let database = TestDatabase::create(engine);
        upgrade(&database, "0001");
        let reading = shop(&database).database(database.read_only_user());
        refuses(&reading, &database, 3, &["= state: rolled back; the database is still at 0001"]);
        upgrade(&database, "head");
        // Where nothing is to be written, reading is enough.
        assert_eq!(json(&reading.serve().expect_serving().get("/health"))["status"], "healthy");
    }

    fn a_setting_that_says_nothing_is_refused(engine) {
        let database = TestDatabase::create(engine);
        for name in ["AUTO_MIGRATE_ON_STARTUP", "FAIL_ON_MIGRATION_ERROR"] {
            refuses(&shop(&database).env(name, "maybe"), &database, 2, &[name, "maybe"]);
        }
        assert!(database.tables().is_empty());
    }

    fn a_wrong_password_is_refused_at_once(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let url = database.user_with_password("right");
        let wrong = url.replace(":right@", ":wrong-one@");
        assert_ne!(url, wrong);
        let output = Program::shop().database(wrong).serve().expect_ended().expect_code(3);
        assert!(output.stderr.contains("check the user and the password"), "{output}");
        assert!(!output.text().contains("wrong-one"), "{output}");
    }
}

/// What makes a directory of revisions one that can't be right.
type Spoil = fn(&Project);

#[test]
fn a_directory_of_revisions_that_can_not_be_right_is_refused() {
    let cases: [(&str, Spoil, i32, &str); 9] =
        [
            (
                "two heads",
                |project| drop(project.revision("0003", &["0001"], "fork", "SELECT 1;", None)),
                7,
                "heads",
            ),
            (
                "an unknown parent",
                |project| drop(project.revision("0003", &["000x"], "lost", "SELECT 1;", None)),
                7,
                "000x",
            ),
            (
                "an id that is there twice",
                |project| drop(project.revision("0002", &["0001"], "twin", "SELECT 1;", None)),
                7,
                "0002",
            ),
            (
                "a circle",
                |project| drop(project.revision("0001", &["0002"], "one", "SELECT 1;", None)),
                7,
                "0001",
            ),
            ("no revision", |project| clear(project, true), 2, "no revisions"),
            ("no directory", |project| clear(project, false), 2, "migrations"),
            (
                "a file without header",
                |project| drop(project.write("migrations/0003.sql", "SELECT 1;\n")),
                2,
                "0003.sql",
            ),
            (
                "a header without id",
                |project| {
                    drop(project.write(
                        "migrations/0003.sql",
                        "-- message: no id\n\n-- underpin: upgrade\nSELECT 1;\n",
                    ))
                },
                2,
                "0003.sql",
            ),
            ("a file that is no text", no_text, 2, "0003.sql"),
        ];
    for (what, spoil, code, part) in cases {
        let (database, project) = (TestDatabase::create(Engine::Sqlite), two());
        spoil(&project);
        refuses(&shop_with(&database, &project), &database, code, &[part]);
        assert!(database.tables().is_empty(), "{what}");
    }
}

fn clear(project: &Project, keep_directory: bool) {
    fs::remove_dir_all(project.migrations()).unwrap();
    if keep_directory {
        fs::create_dir(project.migrations()).unwrap();
    }
}

fn no_text(project: &Project) {
    let path = project.write("migrations/0003.sql", "");
    fs::write(path, b"-- revision: 0003\n-- message: \xff\xfe\n\n-- underpin: upgrade\nSELECT 1;\n").unwrap();
}
