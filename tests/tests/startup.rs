//! `underpin startup` as a process: what it says while it runs, how its report looks on a terminal, and what it leaves
//! in the log. How a start-up decides is tested with the shop.

use std::time::Duration;

use serde_json::Value;
use underpin_tests::{Engine, Program, Project, Relay, TestDatabase, on_every_engine};

fn project() -> Project {
    let project = Project::new();
    project.revision("20261122_101500", &[], "notes", &table("notes"), None);
    project.revision("20261122_174500", &["20261122_101500"], "more", &table("more"), None);
    project
}

fn table(name: &str) -> String {
    format!("CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY);")
}

/// A revision that takes longer than the time between two words about it.
fn long(engine: Engine) -> Option<&'static str> {
    match engine {
        // How long it takes depends on the machine.
        Engine::Sqlite => None,
        Engine::Postgres => Some("SELECT pg_sleep(12);"),
        Engine::Mysql | Engine::Mariadb => Some("DO sleep(12);"),
    }
}

fn startup(project: &Project, database: &TestDatabase) -> Program {
    project.underpin_on(database).arg("startup")
}

on_every_engine! {
    fn it_says_how_far_it_is_and_which_revision_is_meant(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let output = startup(&project, &database).run().expect_success();
        for part in ["Connected", "Planned", "20261122_101500 notes", "20261122_174500 more"] {
            assert!(output.stderr.contains(part), "{engine}: {part}: {output}");
        }
        assert!(output.stdout.contains("Applied 2 - Revision: 20261122_174500\n"), "{engine}: {output}");
        let quiet = startup(&project, &database).arg("-q").run().expect_success();
        assert_eq!(quiet.stderr, "", "{engine}: {quiet}");
        let json = startup(&project, &database).arg("--json").run().expect_success();
        assert_eq!(json.stderr, "", "{engine}: {json}");
        assert_eq!(parse(&json.stdout)["pending"], serde_json::json!([]), "{engine}");
    }

    fn a_long_statement_and_a_database_that_is_late_are_told_of(engine) {
        let Some(statement) = long(engine) else { return };
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "long", statement, None);
        let mut relay = Relay::to(&database);
        let waiting = project.underpin().database(relay.url()).arg("startup");
        let mut running = waiting.spawn();
        assert!(running.wait_until(|running| running.stderr().contains("Waiting for the database to answer for 10.")));
        relay.open();
        let output = running.wait().expect_success();
        assert!(output.stderr.contains("Running 0001 for 1"), "{engine}: {output}");
    }

    fn one_last_line_of_json_is_in_the_log(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        for (words, outcome) in [(&["startup"][..], "applied"), (&["exec", "--", "true"], "up_to_date")] {
            let program = project.underpin_on(&database).env("UNDERPIN_LOG", "info").args(words);
            let output = program.run().expect_success();
            assert_eq!(summary(&output.stderr)["outcome"], outcome, "{engine}: {output}");
        }
        project.revision("0003", &["20261122_174500"], "broken", "SELECT no_such_column FROM notes;", None);
        for words in [&["startup"][..], &["exec", "--", "true"]] {
            let program = project.underpin_on(&database).env("UNDERPIN_LOG", "info").args(words);
            let output = program.run().expect_code(4);
            let summary = summary(&output.stderr);
            assert_eq!((&summary["outcome"], &summary["pending"]), (&"failed".into(), &1.into()), "{engine}: {output}");
        }
    }

    fn what_nobody_could_look_at_is_not_told_as_none(engine) {
        let project = project();
        let away = project.underpin().database(engine.unreachable_url()).arg("startup");
        let output = away.clone().args(["--connect-timeout", "0s", "--json"]).run().expect_code(3);
        let report = parse(output.stdout.lines().next().unwrap_or_default());
        assert!(report["pending"].is_null() && report["database_status"]["pending_migrations"].is_null(), "{engine}: {report}");
        let table = away.args(["--connect-timeout", "0s"]).run().expect_code(3);
        assert!(table.stdout.contains("| unreachable |"), "{engine}: {table}");
        // Nobody asked a server here.
        let (database, empty) = (TestDatabase::create(engine), Project::new());
        for program in [
            startup(&project, &database).env("UNDERPIN_MODE", "off"),
            startup(&empty, &database),
            startup(&project, &database).env("UNDERPIN_MODE", "create").env("UNDERPIN_ENVIRONMENT", "development"),
        ] {
            let output = program.run();
            assert!(!output.stdout.contains("unreachable"), "{engine}: {output}");
        }
    }

    fn creating_tables_needs_a_schema_only_when_migrating_has_failed(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let startup = || startup(&project, &database).env("DEV_CREATE_TABLES", "true");
        let output = startup().run().expect_success();
        assert!(output.stdout.contains("and no schema says which there are: nothing would be created"), "{output}");
        project.revision("0003", &["20261122_174500"], "broken", "SELECT no_such_column FROM notes;", None);
        let output = startup().run().expect_code(4);
        assert!(output.stdout.contains("creating the missing tables instead failed, too"), "{engine}: {output}");
        startup().env("UNDERPIN_MODE", "create").run().expect_code(2);
        self::startup(&project, &database).env("DEV_CREATE_TABLES", "").run().expect_code(4);
    }
}

#[test]
fn its_table_fits_the_terminal() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let underpin = Program::underpin();
    let command = format!("stty cols 70; '{}' startup -q", underpin.path().display());
    // The program of util-linux: what it runs has a terminal of its own.
    let script = Program::at("/usr/bin/script").args(["-q", "-e", "-c", &command, "/dev/null"]);
    let script = script.directory(project.path()).database(database.url()).limit(Duration::from_secs(60));
    let output = script.env("TERM", "xterm").env("SHELL", "/bin/sh").run().expect_success();
    let frame = output.stdout.lines().find(|line| line.contains('┏')).unwrap_or_else(|| panic!("{output}"));
    assert!(frame.trim_end().chars().count() <= 70, "{output}");
}

#[track_caller]
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The one line under the target of last lines, as JSON.
#[track_caller]
fn summary(log: &str) -> Value {
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("underpin::summary")).collect();
    let [line] = lines.as_slice() else { panic!("{} last lines: {log}", lines.len()) };
    let (_, json) = line.split_once("summary=").unwrap_or_else(|| panic!("no summary: {line}"));
    parse(json)
}
