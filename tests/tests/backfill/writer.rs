//! Others who write to the table meanwhile: between two batches nothing is locked, and within one only its
//! own rows are, where an engine locks rows.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use underpin_tests::{Engine, Hold, on_every_engine, scale};

use super::{assert_done, filled, project};

const TOUCH: &str = "-- batches: items by id, rows 100\nUPDATE items SET touched = touched + 1 WHERE :batch;";

on_every_engine! {
    fn between_two_batches_every_row_can_be_written(engine) {
        let project = project(engine, TOUCH, None);
        let database = filled(engine, &project);
        let hold = Hold::at("between-batches", 0);
        let mut running = hold.on(&project.underpin_on(&database).arg("upgrade")).spawn();
        assert!(hold.is_reached(&mut running), "{engine}: {}", running.stderr());
        // The run stands still: what it had locked would be locked for as long as this waits.
        database.execute("UPDATE items SET total = -1");
        database.execute("INSERT INTO items (id, tenant, code, touched) VALUES (99999999, 0, 'late', 0)");
        hold.release();
        let done = running.wait().expect_success();
        // A row behind the last one that was there is not the batches' business.
        assert_eq!(database.value("SELECT count(*) FROM items WHERE touched <> 1"), "1", "{done}");
        assert_eq!(database.value("SELECT count(*) FROM items WHERE total IS NULL"), "1");
        assert_done(&database);
    }

    fn within_a_batch_the_rows_of_others_can_be_written(engine) {
        if engine == Engine::Sqlite {
            // It locks the whole database, for as long as a batch takes.
            return;
        }
        let project = project(engine, TOUCH, None);
        let database = filled(engine, &project);
        let hold = Hold::at("statement-done", 0);
        let mut running = hold.on(&project.underpin_on(&database).arg("upgrade")).spawn();
        assert!(hold.is_reached(&mut running), "{engine}: {}", running.stderr());
        let last = database.value("SELECT max(id) FROM items");
        database.execute(&format!("UPDATE items SET total = -1 WHERE id = {last}"));
        hold.release();
        running.wait().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM items WHERE touched <> 1"), "0");
    }

    fn a_writer_beside_a_backfill_gets_its_turn(engine) {
        let project = project(engine, TOUCH, None);
        let database = filled(engine, &project);
        let ended = AtomicBool::new(false);
        let (writes, longest) = thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let (mut writes, mut longest) = (0_u32, Duration::ZERO);
                while !ended.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    database.execute(&format!("UPDATE items SET total = -1 WHERE id = {}", 3 + 7 * (writes % 1_000)));
                    longest = longest.max(began.elapsed());
                    writes += 1;
                    thread::sleep(Duration::from_millis(2));
                }
                (writes, longest)
            });
            let run = project.underpin_on(&database).arg("upgrade").run();
            ended.store(true, Ordering::Relaxed);
            let written = writer.join().expect("a writer that never failed");
            run.expect_success();
            written
        });
        scale::report(&format!("{engine}: {writes} writes beside a backfill, the longest in {} ms", longest.as_millis()));
        assert!(writes > 0);
        assert_eq!(database.value("SELECT count(*) FROM items WHERE touched <> 1"), "0");
        assert_done(&database);
    }
}
