//! Starts that fail, and whether their service serves all the same. Nothing of what a server or a revision says may
//! reach whoever just asks.

use serde_json::json;
use underpin::{ErrorKind, Mode, OnFailure, StartupPhase};
use underpin_tests::{Engine, Project, TestDatabase, http, on_every_engine};

use super::{Service, startup};

/// One revision that works, and one whose statement names what nobody else may know.
fn broken() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "create notes",
        "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);",
        None,
    );
    project.revision("0002", &["0001"], "fail", "INSERT INTO secret_table (id) VALUES (4711);", None);
    project
}

/// Every answer that an anonymous caller can get.
fn answers(service: &Service) -> String {
    let paths = ["/health", "/health/ready", "/health/live", "/health/startup", "/db-status", "/orders"];
    let plain = paths.map(|path| format!("{:?}", service.get(path)));
    let standard = paths.map(|path| {
        format!("{:?}", http::get_accepting(service.port, path, "application/health+json").unwrap())
    });
    plain.join("\n") + &standard.join("\n")
}

#[track_caller]
fn tells_nothing(service: &Service, database: &TestDatabase) {
    let answers = answers(service);
    let place = database.path().map_or("127.0.0.1".to_owned(), |path| path.display().to_string());
    for secret in ["secret_table", "4711", "INSERT", "underpin:", "://", &place, database.name()] {
        assert!(!answers.contains(secret), "{secret} is in {answers}");
    }
}

on_every_engine! {
    fn a_failed_start_is_unhealthy_and_serves_nothing(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let mut service = Service::start(startup(&database.url(), &project));
        let error = service.ended().expect_err("a failed start");
        assert_eq!(error.kind(), ErrorKind::MigrationFailed, "{error}");
        assert_eq!(service.handle.phase(), StartupPhase::Failed);

        for path in ["/health", "/health/ready"] {
            let (status, body) = service.json(path);
            assert_eq!((status, &body["status"]), (503, &json!("unhealthy")), "{body}");
            assert_eq!((&body["database"], &body["migrations"]), (&json!("connected"), &json!("failed")));
            assert_eq!((&body["current_migration"], &body["latest_migration"]), (&json!("0001"), &json!("0002")));
        }
        let (status, body) = service.json("/health/startup");
        assert_eq!((status, &body["outcome"]), (503, &json!("failed")), "{body}");
        assert_eq!(body["database_status"]["errors"], json!(["migration_failed"]));
        assert_eq!((&body["applied"], &body["pending"]), (&json!(["0001"]), &json!(["0002"])));
        let (status, body) = service.json("/orders");
        assert_eq!((status, &body["status"], &body["phase"]), (503, &json!("unhealthy"), &json!("failed")));
        let (status, body) = service.json("/db-status");
        assert_eq!((status, &body["pending"], &body["database_connected"]), (503, &json!(["0002"]), &json!(true)));
        assert_eq!(service.get("/health/live").status, 200);
        tells_nothing(&service, &database);
    }

    fn a_service_that_is_to_live_with_it_serves_and_is_not_ready(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let mut service = Service::start(startup(&database.url(), &project).on_failure(OnFailure::Continue).pinned());
        let report = service.ended().expect("a start that is lived with");
        assert_eq!(report.outcome.name(), "degraded");
        assert_eq!(service.get("/orders").body, "served");
        let (status, body) = service.json("/health/ready");
        assert_eq!((status, &body["status"], &body["migrations"]), (503, &json!("degraded"), &json!("failed")));
        let (status, body) = service.json("/health/startup");
        assert_eq!((status, &body["outcome"]), (200, &json!("degraded")));
        tells_nothing(&service, &database);
    }

    fn a_service_that_only_looks_is_ready_with_revisions_pending(engine) {
        let (database, project) = (TestDatabase::create(engine), broken());
        let mut service = Service::start(startup(&database.url(), &project).mode(Mode::Check).pinned());
        service.ended().expect("a start that looks");
        let (status, body) = service.json("/health/ready");
        if engine == Engine::Sqlite {
            // Nobody has made the file.
            assert_eq!((status, &body["database"]), (503, &json!("unreachable")));
            assert!(database.path().is_some_and(|file| !file.exists()));
        } else {
            assert_eq!((status, &body["status"], &body["migrations"]), (200, &json!("degraded"), &json!("pending")));
        }
        assert_eq!(service.get("/orders").body, "served");
    }

    fn settings_that_are_wrong_are_an_end_too(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        let mut service = Service::start(startup(&database.url(), &project));
        let error = service.ended().expect_err("no revisions");
        assert_eq!(error.kind(), ErrorKind::NoRevisions, "{error}");
        let (status, body) = service.json("/health");
        assert_eq!((status, &body["database"], &body["migrations"]), (503, &json!("not_asked"), &json!("unknown")));
        tells_nothing(&service, &database);
    }
}
