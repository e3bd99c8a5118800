//! Histories that were left half-way and lost more since: a journal that is gone, a file that has become shorter, and a
//! stamp that would forget what was done.

use underpin_tests::{History, Project, TestDatabase, on_every_engine};

/// A revision outside of a transaction whose last statement fails, after it was run.
fn half_done(database: &TestDatabase) -> Project {
    let project = Project::new();
    let sql = "CREATE TABLE first (id INTEGER NOT NULL);\nCREATE TABLE second (id INTEGER NOT NULL);\nINSERT INTO nowhere (id) VALUES (1);";
    project.revision_with("0001", &[], "half", &["transaction: off"], &[("upgrade", sql)]);
    project.underpin_on(database).arg("upgrade").run().expect_code(5);
    assert_eq!(History::of(database).dirty.as_deref(), Some("0001"));
    project
}

on_every_engine! {
    fn a_journal_that_is_gone_is_said_and_can_be_resolved(engine) {
        let database = TestDatabase::create(engine);
        let project = half_done(&database);
        database.execute("DELETE FROM underpin_journal");
        let underpin = |arguments: &[&str]| project.underpin_on(&database).args(arguments).run();
        let status = underpin(&["status"]).expect_success();
        assert!(status.stdout.contains("the journal that says how far it came is gone"), "{status}");
        assert!(!status.stdout.contains("statement 0 of 0"), "{status}");
        for arguments in [&["check"][..], &["upgrade"], &["stamp", "head"], &["resolve", "--continue", "0001", "--at", "2"]] {
            let refused = underpin(arguments).expect_code(5);
            assert!(refused.stderr.contains("is gone") && refused.stderr.contains("--rolled-back 0001"), "{refused}");
        }
        if engine.has_transactional_schema() {
            // It is made where it is needed, so that it may as well be gone whole.
            database.execute("DROP TABLE underpin_journal");
        }
        underpin(&["resolve", "--rolled-back", "0001"]).expect_success();
        assert_eq!(History::of(&database).dirty, None);
    }

    fn a_journal_is_made_where_it_is_needed(engine) {
        let database = TestDatabase::create(engine);
        let project = Project::new();
        project.revision_with("0001", &[], "plain", &[], &[("upgrade", "CREATE TABLE plain (id INTEGER NOT NULL);")]);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.has_table("underpin_journal"), !engine.has_transactional_schema());
        let sql = "CREATE TABLE first (id INTEGER NOT NULL);\nCREATE TABLE second (id INTEGER NOT NULL);";
        for id in ["0002", "0003"] {
            let sql = sql.replace("first", &format!("first{id}")).replace("second", &format!("second{id}"));
            let before = format!("{:04}", id.parse::<u32>().expect("a number") - 1);
            project.revision_with(id, &[&before], "outside", &["transaction: off"], &[("upgrade", &sql)]);
        }
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert!(database.has_table("underpin_journal"));
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003"]);
    }

    fn a_purge_does_not_forget_what_is_half_done_unless_it_is_forced(engine) {
        let database = TestDatabase::create(engine);
        let project = half_done(&database);
        let before = History::of(&database);
        let refused = project.underpin_on(&database).args(["stamp", "base", "--purge"]).run().expect_code(5);
        assert!(refused.stderr.contains("--force") && refused.stderr.contains("statement 3 of 3"), "{refused}");
        assert_eq!(History::of(&database), before);
        let forced = project.underpin_on(&database).args(["stamp", "base", "--purge", "--force"]).run().expect_success();
        assert!(forced.stderr.contains("warning:") && forced.stderr.contains("statement 3 of 3"), "{forced}");
        let after = History::of(&database);
        assert_eq!((after.dirty, after.journal.len()), (None, 0));
        project.underpin_on(&database).args(["stamp", "base", "--force"]).run().expect_code(2);
    }

    fn a_file_that_has_become_shorter_is_not_taken_for_done(engine) {
        let database = TestDatabase::create(engine);
        let project = half_done(&database);
        let first = "CREATE TABLE first (id INTEGER NOT NULL);";
        project.revision_with("0001", &[], "half", &["transaction: off"], &[("upgrade", first)]);
        let plan = project.underpin_on(&database).args(["plan"]).run().expect_success();
        assert!(plan.stdout.contains("interrupted at statement 3 of 3, and its file has 1 now"), "{plan}");
        let refused = project.underpin_on(&database).arg("upgrade").run().expect_code(7);
        assert!(refused.stderr.contains("statement 3 of 3, which is not in") && !refused.stderr.contains("all statements"), "{refused}");
        assert_eq!(History::of(&database).dirty.as_deref(), Some("0001"));
    }
}
