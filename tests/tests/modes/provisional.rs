//! Provisional tables that are not simply empty: with rows, with the shape that a revision makes, half-made, and named by
//! somebody who stamps.

use std::thread;
use std::time::Duration;

use underpin_tests::{History, Project, TestDatabase, on_every_engine};

use super::{assert_at_head, assert_says, broken, mend, provisional, report, shop, tables, working};

const CREATE: [(&str, &str); 2] = [("AUTO_MIGRATE_ON_STARTUP", "false"), ("DEV_CREATE_TABLES", "true")];
const FALL_BACK: [(&str, &str); 1] = [("DEV_CREATE_TABLES", "true")];

on_every_engine! {
    fn a_table_with_rows_is_in_the_way_and_is_told_with_their_number(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        shop(&database, &project, &FALL_BACK).serve().expect_serving().stop().expect_success();
        database.execute("INSERT INTO more (id, final) VALUES (1, 1), (2, 2)");
        mend(&project);
        let before = (database.schema_dump(), History::of(&database).ledger);
        let output = shop(&database, &project, &[]).serve().expect_ended().expect_code(7);
        assert_says(&output, &["more has 2 rows, and revision 0002 would create it", "hint:", "nothing was changed"]);
        assert_eq!((database.schema_dump(), History::of(&database).ledger), before);
        assert_eq!(database.value("SELECT count(*) FROM more"), "2");
        // Where it may, the start goes on without, and loses nothing either.
        let report = report(shop(&database, &project, &FALL_BACK));
        assert_eq!((&report["outcome"], &report["fallback_used"]), (&"degraded".into(), &true.into()), "{report}");
        assert_eq!(report["errors"][0]["kind"], "provisional_table");
        assert_eq!(database.value("SELECT count(*) FROM more"), "2");

        database.execute("DELETE FROM more");
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_at_head(&database, &project);
    }

    fn a_table_with_rows_that_is_what_a_revision_makes_is_adopted(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        database.execute("INSERT INTO customers (id) VALUES (40), (41)");
        database.execute("INSERT INTO notes (id, customer) VALUES (1, 40)");
        let output = shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_says(&output, &["adopted a provisional table"]);
        assert_at_head(&database, &project);
        assert_eq!(database.value("SELECT count(*) FROM customers"), "3");
        assert_eq!(database.value("SELECT count(*) FROM notes"), "1");
        assert_eq!(provisional(&database, &project), ["extra"]);
        // Back and forth, as if there had never been anything provisional.
        project.underpin_on(&database).args(["downgrade", "0001"]).run().expect_success();
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_at_head(&database, &project);
    }

    fn a_revision_that_fails_after_it_adopted_a_table_goes_on_with_it(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        let revision = |second: &str| {
            let upgrade = format!(
                "CREATE TABLE other (id INTEGER NOT NULL PRIMARY KEY);\n\
                 CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);\n{second};"
            );
            project.revision("0001", &[], "both", &upgrade, None);
        };
        project.write("schema.sql", "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);");
        revision("INSERT INTO nowhere (id) VALUES (1)");
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        database.execute("INSERT INTO customers (id) VALUES (40)");
        let code = if engine.has_transactional_schema() { 4 } else { 5 };
        // Twice: the second time it goes on where it was left, on engines that leave something.
        for _ in 0..2 {
            let output = shop(&database, &project, &[]).serve().expect_ended().expect_code(code);
            assert_says(&output, &["INSERT INTO nowhere"]);
            assert_eq!(database.value("SELECT count(*) FROM customers"), "1");
        }
        revision("INSERT INTO customers (id) VALUES (41)");
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001"]);
        assert_eq!(database.value("SELECT count(*) FROM customers"), "2");
        assert_eq!(database.value("SELECT count(*) FROM underpin_provisional"), "0");
    }

    fn a_table_that_was_changed_since_is_not_what_a_revision_makes(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        database.execute("ALTER TABLE customers ADD COLUMN name VARCHAR(20)");
        database.execute("INSERT INTO customers (id) VALUES (40)");
        let output = shop(&database, &project, &[]).serve().expect_ended().expect_code(7);
        assert_says(&output, &["customers has 1 row, and revision 0001 would create it"]);
        assert!(!History::of(&database).exists);
    }

    fn what_a_kill_left_half_made_is_made_whole(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        // As a kill leaves it where each statement is a transaction: one table without its index and not recorded as
        // finished, one recorded and not made.
        database.execute("DROP TABLE notes; CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, customer INTEGER)");
        database.execute("UPDATE underpin_provisional SET fingerprint = NULL WHERE name = 'notes'");
        database.execute("DROP TABLE more");
        database.execute("UPDATE underpin_provisional SET fingerprint = NULL WHERE name = 'more'");
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
        assert!(database.schema_dump().contains("notes_by_customer"));
        assert_eq!(database.value("SELECT count(*) FROM underpin_provisional WHERE fingerprint IS NULL"), "0");
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_at_head(&database, &project);
    }

    fn a_start_that_is_killed_at_any_moment_is_made_good_by_the_next(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        for round in 0..12_u64 {
            let variables = if round % 2 == 0 { &CREATE[..] } else { &FALL_BACK[..] };
            let start = shop(&database, &project, variables).arg("worker").spawn();
            thread::sleep(Duration::from_millis(round * 9));
            start.kill();
            // What was made is in the way of every other round.
            if round % 4 == 3 {
                mend(&project);
                let start = shop(&database, &project, &[]).arg("worker").spawn();
                thread::sleep(Duration::from_millis(round * 5));
                start.kill();
            }
        }
        mend(&project);
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_at_head(&database, &project);
        assert!(!database.is_locked());
    }

    fn a_record_without_its_table_hinders_nobody(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        // As a kill leaves it between dropping a table and forgetting it.
        database.execute("DROP TABLE more");
        assert_eq!(provisional(&database, &project), ["customers", "notes", "extra"]);
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_at_head(&database, &project);
        assert_eq!(database.value("SELECT count(*) FROM underpin_provisional"), "0");
    }

    fn stamping_says_that_the_tables_are_the_revisions_own(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        project.underpin_on(&database).args(["stamp", "head"]).run().expect_success();
        assert_eq!(provisional(&database, &project), ["extra"]);
        let serving = shop(&database, &project, &[]).serve().expect_serving();
        assert_eq!(serving.get("/health").status, 200);
        assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
    }
}
