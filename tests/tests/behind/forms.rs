//! The form `application/health+json`, for those who ask for it.

use std::time::Duration;

use serde_json::{Value, json};
use underpin::StartupPhase;
use underpin_tests::{Project, TestDatabase, http, on_every_engine};

use super::{Service, parse, slow_project, startup};

const FORM: &str = "application/health+json";

#[track_caller]
fn standard(service: &Service, path: &str) -> (u16, Value) {
    let response = http::get_accepting(service.port, path, FORM).unwrap();
    assert_eq!(response.header("content-type"), Some(FORM), "{response:?}");
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("vary"), Some("accept"));
    (response.status, parse(&response))
}

on_every_engine! {
    fn a_service_that_is_well_passes_and_says_how_fast_its_database_is(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
        let mut service = Service::start(startup(&database.url(), &project));
        service.ended().expect("a start");
        for path in ["/health", "/health/ready"] {
            let (status, body) = standard(&service, path);
            assert_eq!((status, &body["status"], &body["releaseId"]), (200, &json!("pass"), &json!("1.2.3")), "{body}");
            let connection = &body["checks"]["database:connection"][0];
            assert_eq!((&connection["componentType"], &connection["observedUnit"]), (&json!("datastore"), &json!("ms")));
            assert!(connection["observedValue"].is_u64() && connection["time"].is_string(), "{connection}");
            assert_eq!(body["checks"]["migrations:state"][0]["observedValue"], "current");
            assert_eq!(body["checks"]["migrations:pending"][0]["observedValue"], 0);
        }
        for path in ["/health/live", "/health/startup"] {
            let (status, body) = standard(&service, path);
            assert_eq!((status, &body["status"]), (200, &json!("pass")), "{body}");
        }
        let plain = http::get_accepting(service.port, "/health", "application/json, */*").unwrap();
        assert_eq!(plain.header("content-type"), Some("application/json"));

        // One that lives with what it finds warns.
        project.revision("0002", &["0001"], "more", "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);", None);
        let checking = startup(&database.url(), &project).mode(underpin::Mode::Check).pinned();
        let mut service = Service::start(checking);
        service.ended().expect("a start");
        let (status, body) = standard(&service, "/health");
        assert_eq!((status, &body["status"]), (200, &json!("warn")), "{body}");
        assert_eq!(body["checks"]["migrations:pending"][0]["observedValue"], 1);
    }

    fn a_service_that_migrates_fails_and_says_how_far_it_is(engine) {
        let database = TestDatabase::create(engine);
        let project = slow_project(engine, Duration::from_secs(300));
        let mut service = Service::start(startup(&database.url(), &project));
        service.wait_until("the slow revision", || {
            service.handle.phase() == StartupPhase::Apply && service.handle.progress().applied == 1
        });
        let (status, body) = standard(&service, "/health/ready");
        assert_eq!((status, &body["status"]), (503, &json!("fail")), "{body}");
        assert_eq!(body["checks"]["database:connection"][0]["status"], "pass");
        assert_eq!(body["checks"]["migrations:state"][0]["observedValue"], "apply");
        assert_eq!(body["checks"]["migrations:pending"][0]["observedValue"], 2);
        assert_eq!(standard(&service, "/health/startup").0, 503);
        assert_eq!(standard(&service, "/health/live").0, 200);
        service.handle.stop();
        let _ = service.ended();
    }
}
