//! Upgrades that refuse what lint calls an error, where somebody has said that they do.

use underpin_tests::{Engine, History, Project, TestDatabase, on_every_engine};

/// A database with a table, and a pending revision that renames a column of it behind a note.
fn pending(engine: Engine, note: &str) -> (TestDatabase, Project) {
    let (database, project) = (TestDatabase::create(engine), Project::new());
    let begin = "CREATE TABLE orders (id integer PRIMARY KEY, note varchar(20));";
    project.revision("0001", &[], "begin", begin, Some("DROP TABLE orders;"));
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    let rename = format!("{note}ALTER TABLE orders RENAME COLUMN note TO remark;");
    project.revision("0002", &["0001"], "remarks", &rename, None);
    (database, project)
}

on_every_engine! {
    fn what_lint_calls_an_error_is_refused_if_that_was_said(engine) {
        let (database, project) = pending(engine, "");
        let underpin = project.underpin_on(&database).env("UNDERPIN_REFUSE_LINT_ERRORS", "true");
        for command in ["upgrade", "startup"] {
            let refused = underpin.clone().arg(command).run().expect_code(8);
            for words in ["0002 (remarks)", "rename-column", "nothing was changed", "-- lint: ignore rename-column: REASON"] {
                assert!(refused.text().contains(words), "no {words:?} in {refused}");
            }
        }
        assert_eq!(History::of(&database).applied(), ["0001"]);
        assert!(!database.is_locked());

        // Without that, lint is advice.
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    }

    fn a_note_with_a_reason_is_believed_by_plan_and_by_upgrade(engine) {
        let (database, project) = pending(engine, "-- lint: ignore rename-column: no program reads it yet\n");
        let underpin = project.underpin_on(&database).env("UNDERPIN_REFUSE_LINT_ERRORS", "true");
        let plan = underpin.clone().arg("plan").run().expect_success();
        assert!(!plan.stdout.contains("rename-column:"), "{plan}");
        underpin.arg("upgrade").run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    }

    fn a_revision_for_an_empty_database_is_never_dangerous(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        let both = "CREATE TABLE orders (id integer PRIMARY KEY, total integer); CREATE INDEX totals ON orders (total);";
        project.revision("0001", &[], "begin", both, None);
        project.revision("0002", &["0001"], "remarks", "ALTER TABLE orders RENAME COLUMN total TO amount;", None);
        let underpin = project.underpin_on(&database).env("UNDERPIN_REFUSE_LINT_ERRORS", "true");
        underpin.arg("upgrade").run().expect_success();
    }
}
