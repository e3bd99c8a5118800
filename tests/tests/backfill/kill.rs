//! Runs that are killed or stopped among their batches. A counter in each row shows how often it was met.

use underpin_tests::{Hold, Project, Signal, TestDatabase, on_every_engine};

use super::{assert_done, filled, project};

const TOUCH: &str = "-- batches: items by id, rows 100\n\
    UPDATE items SET touched = touched + 1, total = id * 2 WHERE :batch;";

fn touched(database: &TestDatabase) -> String {
    database.value("SELECT sum(touched) FROM items")
}

/// Asserts that status and rows say the same of what is done, and returns how much that is.
#[track_caller]
fn assert_known(project: &Project, database: &TestDatabase) -> u64 {
    let touched = touched(database);
    let status = project.underpin_on(database).arg("status").run().expect_success();
    if touched != "0" {
        let expected = format!("in batches: {touched} rows changed, up to id = ");
        assert!(status.stdout.contains(&expected), "{status}");
    }
    touched.parse().expect("a number")
}

on_every_engine! {
    fn a_backfill_that_is_killed_three_times_meets_every_row_once(engine) {
        let project = project(engine, TOUCH, None);
        let database = filled(engine, &project);
        let upgrade = project.underpin_on(&database).args(["upgrade", "--timeout", "20m"]);
        let mut before = 0;
        for (point, passes) in [("statement-done", 1), ("between-batches", 1), ("statement-started", 0)] {
            let hold = Hold::at(point, passes);
            let mut running = hold.on(&upgrade).spawn();
            assert!(hold.is_reached(&mut running), "{engine}: {point}: {}", running.stderr());
            running.kill();
            let done = assert_known(&project, &database);
            assert!(done >= before && (passes == 0 || done > before), "{engine}: {point}: {done} after {before}");
            before = done;
        }
        let last = upgrade.run().expect_success();
        assert!(last.stderr.contains("Resuming"), "{last}");
        assert_eq!(database.value("SELECT count(*) FROM items WHERE touched <> 1 OR total <> id * 2"), "0");
        assert_done(&database);
    }

    fn a_backfill_that_is_stopped_says_how_far_it_came_and_goes_on(engine) {
        let project = project(engine, TOUCH, None);
        let database = filled(engine, &project);
        let upgrade = project.underpin_on(&database).arg("upgrade");
        let hold = Hold::at("between-batches", 1);
        let mut running = hold.on(&upgrade).spawn();
        assert!(hold.is_reached(&mut running), "{engine}: {}", running.stderr());
        running.signal(Signal::Interrupt);
        std::thread::sleep(std::time::Duration::from_millis(200));
        hold.release();
        let stopped = running.wait();
        assert!(!stopped.status.success(), "{stopped}");
        assert!(stopped.stderr.contains("of its own batches, 2 are done"), "{stopped}");
        assert!(stopped.stderr.contains(&format!("{} rows changed", touched(&database))), "{stopped}");
        let plan = project.underpin_on(&database).arg("plan").run().expect_success();
        assert!(plan.stdout.contains("in batches of items by id"), "{plan}");
        upgrade.run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM items WHERE touched <> 1"), "0");
        assert_done(&database);
    }

    fn a_backfill_whose_rows_are_wrong_is_mended_and_goes_on(engine) {
        let wrong = "-- batches: items by id, rows 100\n\
            INSERT INTO digits (v) SELECT id + 100 FROM items WHERE touched = 0 AND :batch;\n\
            -- batches: items by id, rows 100\n\
            INSERT INTO digits (v) SELECT CASE WHEN id > 2000 THEN 1 ELSE -id END FROM items WHERE :batch;";
        let project = project(engine, wrong, None);
        let database = filled(engine, &project);
        let upgrade = project.underpin_on(&database).arg("upgrade");
        let failed = upgrade.run().expect_code(5);
        assert!(failed.stderr.contains("statement 2 of 2"), "{failed}");
        assert!(failed.stderr.contains("of its own batches"), "{failed}");
        let mended = wrong.replace("THEN 1 ELSE", "THEN -id ELSE");
        project.revision("0002", &["0001"], "go on", &mended, None);
        upgrade.run().expect_success();
        let twice = "SELECT count(*) FROM items WHERE id + 100 NOT IN (SELECT v FROM digits) OR -id NOT IN (SELECT v FROM digits)";
        assert_eq!(database.value(twice), "0");
        assert_done(&database);
    }

    fn a_backfill_that_a_person_gives_up_is_forgotten(engine) {
        let project = project(engine, TOUCH, None);
        let database = filled(engine, &project);
        let hold = Hold::at("between-batches", 0);
        let mut running = hold.on(&project.underpin_on(&database).arg("upgrade")).spawn();
        assert!(hold.is_reached(&mut running), "{engine}: {}", running.stderr());
        running.kill();
        project.underpin_on(&database).args(["resolve", "--rolled-back", "0002"]).run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM underpin_progress"), "0");
        // From the beginning: who says that nothing was done is believed.
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value("SELECT max(touched) FROM items"), "2");
        assert_done(&database);
    }
}
