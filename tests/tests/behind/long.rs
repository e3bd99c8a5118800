//! A migration that takes its time, a second service that waits for it, and one that is stopped.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;
use underpin::{ErrorKind, StartupPhase};
use underpin_tests::{TestDatabase, on_every_engine, scale};

use super::{Service, TICK, parse, slow_project, startup};

/// Longer than any stall that is the fault of a busy machine; what is aimed at is 50 ms.
const FAR_TOO_LONG: Duration = Duration::from_secs(1);

fn long() -> Duration {
    Duration::from_millis(if scale::is_full() { 10_000 } else { 1_500 })
}

on_every_engine! {
    fn the_service_lives_while_it_migrates_and_serves_afterwards(engine) {
        let (database, project) = (TestDatabase::create(engine), slow_project(engine, long()));
        let mut service = Service::start(startup(&database.url(), &project));
        let start = Instant::now();
        let (mut probes, mut slowest, mut phases, mut held_back) = (0, Duration::ZERO, BTreeSet::new(), 0);
        loop {
            let asked = Instant::now();
            assert_eq!(service.get("/health/live").status, 200);
            (probes, slowest) = (probes + 1, slowest.max(asked.elapsed()));
            assert_eq!(service.get("/metrics").body, "counted");
            let orders = service.get("/orders");
            if orders.status == 503 {
                held_back += 1;
                assert!(orders.header("retry-after").is_some_and(|after| after.parse::<u32>().is_ok()), "{orders:?}");
                assert_eq!(parse(&orders)["status"], "starting");
            }
            let response = service.get("/health/ready");
            if response.status == 200 {
                break;
            }
            assert_eq!(response.status, 503, "{response:?}");
            assert!(response.header("retry-after").is_some(), "{response:?}");
            let body = parse(&response);
            assert_eq!((&body["status"], &body["version"]), (&"starting".into(), &"1.2.3".into()), "{body}");
            phases.insert((body["phase"].as_str().unwrap().to_owned(), body["applied"].as_u64(), body["total"].as_u64()));
            std::thread::sleep(TICK);
        }
        assert!(phases.contains(&("apply".to_owned(), Some(1), Some(3))), "{phases:?}");
        assert!(held_back > 0);
        assert_eq!(service.get("/orders").body, "served");
        assert_eq!(service.get("/health/startup").status, 200);
        let report = service.ended().expect("a start");
        assert_eq!((report.applied.len(), report.database_status.database_healthy), (3, true));
        let (_, detail) = service.json("/db-status");
        assert_eq!((&detail["last_run"]["applied"], detail.get("phase")), (&json!(3), None));

        let stall = service.longest_stall();
        scale::report(&format!(
            "{engine}: bound first and migrated behind for {:?}: {probes} live probes, the slowest {slowest:?}; \
             the ticker was late by {stall:?} at most",
            start.elapsed()
        ));
        assert!(stall < FAR_TOO_LONG, "the ticker was late by {stall:?}");
    }

    fn whoever_waits_for_the_lock_says_so_and_keeps_the_holder_to_itself(engine) {
        let (database, project) = (TestDatabase::create(engine), slow_project(engine, long() * 2));
        let mut first = Service::start(startup(&database.url(), &project));
        first.wait_until("the slow revision", || first.handle.progress().applied == 1);
        let mut second = Service::start(startup(&database.url(), &project));
        second.wait_until("waiting", || {
            let progress = second.handle.progress();
            // That it waits is said at once; who holds the lock, as soon as somebody has looked.
            let known = engine == underpin_tests::Engine::Sqlite || progress.holder.is_some();
            progress.phase == StartupPhase::Lock && known || progress.phase.is_over()
        });
        let progress = second.handle.progress();
        let (status, body) = second.json("/health/ready");
        if progress.phase == StartupPhase::Lock {
            assert!(progress.to_string().starts_with("waiting for the migration lock"), "{progress}");
            // SQLite's holder is known from the system, where that tells.
            assert!(engine == underpin_tests::Engine::Sqlite || progress.holder.is_some(), "{progress:?}");
        }
        if status == 503 {
            assert_eq!(body["phase"], "lock", "{body}");
            let holder = progress.holder.unwrap_or_default();
            assert!(holder.is_empty() || !body.to_string().contains(&holder), "{body}");
        }
        first.ended().expect("the first start");
        let report = second.ended().expect("the second start");
        assert_eq!((report.applied.len(), second.get("/orders").status), (0, 200));
    }

    fn a_start_that_is_stopped_rolls_back_and_says_so(engine) {
        let (database, project) = (TestDatabase::create(engine), slow_project(engine, Duration::from_secs(300)));
        let mut service = Service::start(startup(&database.url(), &project));
        service.wait_until("the slow revision", || service.handle.phase() == StartupPhase::Apply);
        service.handle.stop();
        let error = service.ended().expect_err("a start that was stopped");
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        database.assert_idle("a start that was stopped");
        let (status, body) = service.json("/health/startup");
        assert_eq!((status, &body["database_status"]["errors"]), (503, &json!(["interrupted"])));
        assert_eq!((service.get("/orders").status, service.get("/health/live").status), (503, 200));
    }
}
