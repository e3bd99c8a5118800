//! Databases that take connections and never answer: probes are answered all the same, and however many there are,
//! one looks.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use underpin_tests::{Project, Relay, TestDatabase, http, on_every_engine, scale};

use super::{Service, startup};

/// The limit of a look is two seconds; a busy machine may add to it.
const WITHIN: Duration = Duration::from_secs(10);
const PROBES: usize = 100;

fn project() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
    project
}

/// Asks from many sides at once; the statuses, and how long the slowest answer took.
fn ask(port: u16) -> (Vec<u16>, Duration) {
    let start = Instant::now();
    let probes: Vec<_> = (0..PROBES)
        .map(|_| thread::spawn(move || http::get(port, "/health/ready").unwrap().status))
        .collect();
    (probes.into_iter().map(|probe| probe.join().unwrap()).collect(), start.elapsed())
}

on_every_engine! {
    fn a_database_that_hangs_does_not_hang_its_probes(engine) {
        if !engine.is_server() {
            return;
        }
        let (database, project) = (TestDatabase::create(engine), project());
        let mut relay = Relay::to(&database);
        relay.open();
        let mut service = Service::start(startup(relay.url(), &project));
        service.ended().expect("a start");
        let before = relay.visitors();
        let (statuses, _) = ask(service.port);
        assert_eq!(statuses, [200; PROBES]);
        // As many looks as seconds have begun, and not as many as probes.
        assert!(relay.visitors() - before < PROBES / 4, "{} connections", relay.visitors() - before);

        relay.hang();
        service.wait_until("a look that hangs", || service.get("/health/ready").status == 503);
        thread::sleep(Duration::from_millis(1_100));
        let before = relay.visitors();
        let (statuses, took) = ask(service.port);
        assert_eq!(statuses, [503; PROBES]);
        let connections = relay.visitors() - before;
        scale::report(&format!(
            "{engine}: {PROBES} probes of a database that hangs: {took:?}, {connections} connections"
        ));
        assert!(took < WITHIN, "{PROBES} probes took {took:?}");
        assert!(connections < PROBES / 4, "{connections} connections");
        let (_, body) = service.json("/health");
        assert_eq!((&body["status"], &body["database"]), (&json!("unhealthy"), &json!("unreachable")));
        assert_eq!((service.get("/health/live").status, service.get("/health/startup").status), (200, 200));

        // A probe that does not wait for the answer leaves it to the next one.
        relay.open();
        service.wait_until("the database's return", || service.get("/health/ready").status == 200);
    }

    fn a_database_that_hangs_from_the_start_is_waited_for(engine) {
        if !engine.is_server() {
            return;
        }
        let (database, project) = (TestDatabase::create(engine), project());
        let mut relay = Relay::to(&database);
        relay.hang();
        let mut service = Service::start(startup(relay.url(), &project));
        service.wait_until("the revisions", || service.json("/health").1["latest_migration"] == "0001");
        for _ in 0..3 {
            let start = Instant::now();
            let (status, body) = service.json("/health/ready");
            assert_eq!((status, &body["status"], &body["phase"]), (503, &json!("starting"), &json!("connect")));
            assert_eq!((&body["database"], &body["migrations"]), (&json!("unreachable"), &json!("unknown")));
            assert_eq!((service.get("/health/live").status, service.get("/orders").status), (200, 503));
            assert!(start.elapsed() < WITHIN);
        }
        // Whoever was let in is thrown out, and comes again.
        relay.open();
        service.ended().expect("a start");
        assert_eq!(service.get("/orders").status, 200);
    }
}
