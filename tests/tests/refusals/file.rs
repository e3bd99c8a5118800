//! Refusals for what the revision files and the settings are: the database is not even needed to see it.

use std::fs;
use std::os::unix::fs::symlink;

use underpin_tests::{Project, TestDatabase, on_every_engine};

use super::{THIRD, refuse, three, two_of_three};

/// One thing that is wrong with the files.
struct Mistake {
    make: fn(&Project),
    code: i32,
    /// What the message must say.
    parts: &'static [&'static str],
}

const MISTAKES: &[Mistake] = &[
    // Two heads.
    Mistake {
        make: |project| drop(project.revision("0003b", &["0002"], "rival", "SELECT 1;", None)),
        code: 7,
        parts: &["0003", "0003b", "heads", "merge heads"],
    },
    // An unknown parent.
    Mistake {
        make: |project| drop(project.revision("0004", &["0099"], "orphan", "SELECT 1;", None)),
        code: 7,
        parts: &["0099", "0004_orphan.sql"],
    },
    // A circle.
    Mistake {
        make: |project| {
            project.revision("0003", &["0004"], "add orders", "SELECT 1;", None);
            project.revision("0004", &["0003"], "circle", "SELECT 1;", None);
        },
        code: 7,
        parts: &["0003", "0004", "circle"],
    },
    // Two files with one id.
    Mistake {
        make: |project| drop(project.revision("0003", &["0002"], "twin", "SELECT 1;", None)),
        code: 7,
        parts: &["0003_twin.sql", THIRD],
    },
    // A directory without revisions.
    Mistake { make: |project| clear(project, true), code: 2, parts: &["migrations", "no revisions"] },
    // No directory.
    Mistake { make: |project| clear(project, false), code: 2, parts: &["migrations", "directory"] },
    // A file without a header.
    Mistake {
        make: |project| drop(project.write("migrations/0004_bare.sql", "CREATE TABLE bare (id INTEGER);\n")),
        code: 2,
        parts: &["0004_bare.sql", "header"],
    },
    // A header without an id.
    Mistake {
        make: |project| {
            project.write(
                "migrations/0004_nameless.sql",
                "-- parents: 0003\n-- message: x\n\n-- underpin: upgrade\nSELECT 1;\n",
            );
        },
        code: 2,
        parts: &["0004_nameless.sql", "-- revision:"],
    },
    // A file that is no text.
    Mistake {
        make: |project| {
            let path = project.write("migrations/0004_bytes.sql", "");
            fs::write(path, b"-- revision: 0004\n-- parents: 0003\n-- message: \xff\xfe\n").unwrap();
        },
        code: 2,
        parts: &["0004_bytes.sql", "UTF-8"],
    },
    // A file that can't be read: even an administrator can't follow a link to nowhere.
    Mistake {
        make: |project| symlink("nowhere", project.migrations().join("0004_gone.sql")).unwrap(),
        code: 2,
        parts: &["0004_gone.sql", "can't be read"],
    },
];

fn clear(project: &Project, keep_directory: bool) {
    fs::remove_dir_all(project.migrations()).unwrap();
    if keep_directory {
        fs::create_dir(project.migrations()).unwrap();
    }
}

on_every_engine! {
    fn a_mistake_in_the_files_is_told_and_nothing_is_changed(engine) {
        let database = TestDatabase::create(engine);
        let applied = two_of_three(&database);
        let mut messages = Vec::new();
        for mistake in MISTAKES {
            let project = three();
            (mistake.make)(&project);
            let output = refuse(&database, &project.underpin_on(&database).arg("upgrade"), mistake.code, mistake.parts);
            messages.push(output.stderr.replace(&project.path().display().to_string(), ""));
        }
        messages.sort();
        let count = messages.len();
        messages.dedup();
        assert_eq!(messages.len(), count, "two mistakes are told with the same words");
        // None of them was the fault of the database.
        applied.underpin_on(&database).arg("upgrade").run().expect_success();
    }

    fn a_setting_that_is_neither_yes_nor_no_is_told_and_nothing_is_changed(engine) {
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        let upgrade = project.underpin_on(&database).arg("upgrade");
        refuse(&database, &upgrade.env("AUTO_MIGRATE_ON_STARTUP", "maybe"), 2, &["AUTO_MIGRATE_ON_STARTUP", "maybe"]);
    }

    fn an_empty_database_stays_empty_when_the_files_are_wrong(engine) {
        let database = TestDatabase::create(engine);
        let project = three();
        project.write("migrations/0004_bare.sql", "CREATE TABLE bare (id INTEGER);\n");
        project.underpin_on(&database).arg("upgrade").run().expect_code(2);
        assert_no_trace(&database);
        let project = three();
        project.revision("0003b", &["0002"], "rival", "SELECT 1;", None);
        project.underpin_on(&database).arg("upgrade").run().expect_code(7);
        assert_no_trace(&database);
    }
}

#[track_caller]
fn assert_no_trace(database: &TestDatabase) {
    assert!(database.path().is_none_or(|path| !path.exists()), "a file was made");
    assert_eq!(database.tables(), Vec::<String>::new());
    if let Some(path) = database.path() {
        // Looking has made one.
        fs::remove_file(path).unwrap();
    }
}
