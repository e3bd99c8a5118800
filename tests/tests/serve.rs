//! `underpin serve` as a process on every engine: health for a service that has none, and how it refuses and ends.

use std::net::{Ipv4Addr, TcpListener};

use serde_json::Value;
use underpin_tests::{Program, Project, Relay, Response, Shop, TestDatabase, http, on_every_engine};

fn project() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
    project
}

fn underpin(url: &str, project: &Project) -> Program {
    Program::underpin().database(url).directory(project.path())
}

#[track_caller]
fn serving(url: &str, project: &Project) -> Shop {
    underpin(url, project).arg("serve").serve().expect_serving()
}

#[track_caller]
fn json(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap_or_else(|error| panic!("{error}: {response:?}"))
}

on_every_engine! {
    fn it_says_what_stands_in_the_database_and_changes_nothing(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let mut served = serving(&database.url(), &project);
        let health = served.get("/health");
        assert_eq!(health.status, 503, "{health:?}");
        let word = if engine.is_server() { "degraded" } else { "unhealthy" };
        assert_eq!(json(&health)["status"], word);
        assert_eq!(served.get("/health/startup").status, 503);
        assert!(database.tables().is_empty() || !engine.is_server());

        underpin(&database.url(), &project).arg("upgrade").run().expect_success();
        let health = json(&served.wait_for("/health/ready", 200));
        assert_eq!((&health["status"], &health["current_migration"]), (&"healthy".into(), &"0001".into()));
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!((served.get("/health/startup").status, served.get("/health/live").status), (200, 200));
        assert_eq!(json(&served.get("/db-status"))["last_run"], Value::Null);
        let page = served.get("/");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.body.contains("is healthy") && page.body.contains("0001"), "{}", page.body);
        assert!(!page.body.contains(database.name()), "{}", page.body);
        assert_eq!(served.get("/nothing").status, 404);
        served.stop().expect_success();
    }

    fn what_pending_means_is_for_the_settings_to_say(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        underpin(&database.url(), &project).arg("upgrade").run().expect_success();
        project.revision("0002", &["0001"], "more", "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);", None);
        let program = underpin(&database.url(), &project).args(["serve", "--app-name", "<shop>"]);
        let served = program.env("AUTO_MIGRATE_ON_STARTUP", "false").serve().expect_serving();
        let health = served.get("/health");
        assert_eq!((health.status, &json(&health)["status"]), (200, &"degraded".into()));
        assert!(served.get("/").body.contains("&lt;shop&gt; is degraded"));
        assert_eq!(serving(&database.url(), &project).get("/health").status, 503);
        assert!(!database.has_table("more"));
    }

    fn a_database_that_is_away_is_told_and_not_waited_for(engine) {
        if !engine.is_server() {
            return;
        }
        let (database, project) = (TestDatabase::create(engine), project());
        underpin(&database.url(), &project).arg("upgrade").run().expect_success();
        let mut relay = Relay::to(&database);
        let mut served = serving(relay.url(), &project);
        let health = served.get("/health");
        assert_eq!((health.status, &json(&health)["database"]), (503, &"unreachable".into()));
        assert_eq!(served.get("/health/live").status, 200);
        relay.open();
        served.wait_for("/health", 200);
        let output = served.stop().expect_success();
        assert!(!output.text().contains("underpin:"), "{output}");
    }

    fn a_program_with_the_commands_serves_too(engine) {
        let database = TestDatabase::create(engine);
        let shop = || Program::shop().database(database.url());
        shop().arg("init").run().expect_success();
        let served = shop().args(["migrate", "serve"]).serve().expect_serving();
        let health = served.get("/health");
        assert_eq!((health.status, &json(&health)["version"]), (200, &env!("CARGO_PKG_VERSION").into()));
        assert!(served.get("/").body.contains("shop is healthy"));
        served.stop().expect_success();
    }
}

#[test]
fn what_it_can_not_do_is_said_before_anything_listens() {
    let (project, empty) = (project(), Project::new());
    let taken = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    for (project, arguments, port, said) in [
        (&project, &["--port", "http"][..], "", "invalid value 'http'"),
        (&project, &["--address", "nowhere"], "", "invalid value 'nowhere'"),
        (&project, &[], "http", "PORT is \"http\", which is no port"),
        (&project, &["--port", &taken], "", "can't listen on 0.0.0.0"),
        (&empty, &[], "0", "there are no revisions"),
        (&project, &["--dir", "elsewhere"], "0", "elsewhere"),
    ] {
        let program = underpin("sqlite:app.db", project).arg("serve").args(arguments).env("PORT", port);
        let output = program.run().expect_code(2);
        assert!(output.stderr.contains(said) && output.stderr.contains("hint:"), "{said}: {output}");
        assert_eq!(output.stdout, "");
    }
    let output = Program::underpin().directory(project.path()).arg("serve").run().expect_code(2);
    assert!(output.stderr.contains("DATABASE_URL"), "{output}");
}

#[test]
fn where_it_listens_is_said_to_a_program_as_well() {
    let project = project();
    let program =
        underpin("sqlite:app.db", &project).args(["serve", "--json", "--address", "127.0.0.1", "-p", "0"]);
    let mut running = program.spawn();
    assert!(running.wait_until(|running| running.stdout().contains('\n')));
    let told: Value = serde_json::from_str(running.stdout().trim()).unwrap();
    assert_eq!(told["event"], "serving");
    let port = told["port"].as_u64().and_then(|port| u16::try_from(port).ok()).unwrap();
    assert_eq!(told["url"], format!("http://127.0.0.1:{port}"));
    assert_eq!(http::get(port, "/health/live").unwrap().status, 200);
    running.signal(underpin_tests::Signal::Interrupt);
    running.wait().expect_success();
}
