//! What the commands say where that has misled somebody: spans of time, ranges that lead back, templates that nobody has
//! filled in, and waiting.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use serde_json::Value;
use underpin_tests::{Engine, Program, Project, Relay, Signal, TestDatabase, on_every_engine};

fn one() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER NOT NULL);", Some("DROP TABLE one;"));
    project
}

on_every_engine! {
    fn waiting_ends_when_the_time_for_connecting_is_over(engine) {
        if !engine.is_server() {
            return;
        }
        let start = Instant::now();
        let program = Program::underpin().database(engine.unreachable_url());
        let output = program.args(["wait", "--connect-timeout", "1s"]).run().expect_code(3);
        assert!(start.elapsed() < Duration::from_secs(20), "{output}");
        assert!(output.stderr.contains("waited 1."), "{output}");
    }

    fn waiting_lasts_as_long_as_was_said_and_tries_once_more_at_its_end(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let mut relay = Relay::to(&database);
        let wait = |limit: &str| Program::underpin().database(relay.url()).args(["wait", "--timeout", limit]);
        let start = Instant::now();
        let output = wait("2s").run().expect_code(3);
        assert!(start.elapsed() >= Duration::from_secs(2), "{engine}: {:?}: {output}", start.elapsed());
        assert!(output.stderr.contains("(waited 2."), "{engine}: {output}");
        let running = wait("60s").spawn();
        std::thread::sleep(Duration::from_secs(1));
        relay.open();
        running.wait().expect_success();
    }

    fn a_server_that_never_answers_is_waited_for_as_long_as_was_said(engine) {
        if !engine.is_server() {
            return;
        }
        // Connections are taken by the system, and nobody says a word on them.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let program = Program::underpin().database(engine.unreachable_url().replace(":1/", &format!(":{port}/")));
        let output = program.args(["ping", "--connect-timeout", "1s"]).run().expect_code(3);
        assert!(output.stderr.contains("no answer within 1 s"), "{output}");
    }

    fn a_signal_is_heard_while_a_server_does_not_answer(engine) {
        if !engine.is_server() {
            return;
        }
        let (silent, project) = (TcpListener::bind("127.0.0.1:0").unwrap(), one());
        let port = silent.local_addr().unwrap().port();
        let url = engine.unreachable_url().replace(":1/", &format!(":{port}/"));
        for command in ["upgrade", "startup"] {
            let mut run = project.underpin().database(url.clone()).arg(command).spawn();
            let _connection = silent.accept().unwrap();
            let told = Instant::now();
            run.signal(Signal::Terminate);
            let output = run.wait();
            assert_eq!(output.code(), Some(130), "{engine} {command}: {output}");
            assert!(told.elapsed() < Duration::from_secs(5), "{engine} {command}: {output}");
            assert!(output.text().contains("nothing was changed"), "{engine} {command}: {output}");
        }
    }

    fn a_history_without_its_state_is_never_called_clean(engine) {
        let (database, project) = (TestDatabase::create(engine), one());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        database.execute("DELETE FROM underpin_state");
        for command in ["status", "check", "plan", "upgrade", "startup"] {
            let output = project.underpin_on(&database).arg(command).run().expect_code(5);
            assert!(output.text().contains("the history has lost its state"), "{engine} {command}: {output}");
        }
        project.underpin_on(&database).args(["stamp", "head"]).run().expect_success();
        project.underpin_on(&database).arg("check").run().expect_success();
    }

    fn what_was_edited_is_taken_back_with_a_warning(engine) {
        let (database, project) = (TestDatabase::create(engine), one());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let unedited = project.underpin_on(&database).args(["downgrade", "base"]).run().expect_success();
        assert!(!unedited.stderr.contains("Edited"), "{engine}: {unedited}");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let text = "CREATE TABLE one (id INTEGER NOT NULL, more INTEGER);";
        project.revision("0001", &[], "one", text, Some("DROP TABLE one;"));
        let edited = project.underpin_on(&database).args(["downgrade", "base"]).run().expect_success();
        assert!(edited.stderr.contains("was edited after it was applied"), "{engine}: {edited}");
    }

    fn an_id_may_be_longer_than_the_name_of_a_file(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        let id = "long".repeat(60);
        let program = project.underpin_on(&database).args(["revision", "-m", "one", "--rev-id", &id]);
        program.run().expect_success();
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value("SELECT revision FROM underpin_history"), id, "{engine}");
    }

    fn a_template_that_nobody_has_filled_in_is_told(engine) {
        let (database, project) = (TestDatabase::create(engine), one());
        let written = project.underpin_on(&database).args(["revision", "-m", "later", "--json"]).run().expect_success();
        let written: Value = serde_json::from_str(&written.stdout).unwrap();
        let id = written["revision"].as_str().unwrap();
        for command in ["check", "upgrade"] {
            let output = project.underpin_on(&database).arg(command).run();
            assert!(output.stderr.contains("warning:") && output.stderr.contains("words of the template"), "{output}");
            assert!(output.stderr.contains(id), "{output}");
        }
        let other = TestDatabase::create(engine);
        let service = Program::shop().database(other.url()).env("SHOP_MIGRATIONS", project.migrations());
        let output = service.arg("init").run().expect_success();
        assert!(output.text().contains("words of the template"), "{output}");
    }

    fn a_range_that_leads_back_is_no_upgrade(engine) {
        let (database, project) = (TestDatabase::create(engine), one());
        let output = project.underpin_on(&database).args(["upgrade", "--sql", "head:base"]).run();
        let output = output.expect_code(2);
        assert!(output.stderr.contains("underpin downgrade --sql head:base"), "{output}");
        project.underpin_on(&database).args(["upgrade", "--sql", "head:head"]).run().expect_success();
        project.underpin_on(&database).args(["downgrade", "--sql", "head:base"]).run().expect_success();
    }

    fn the_log_of_attempts_is_an_object_as_every_other_form(engine) {
        let (database, project) = (TestDatabase::create(engine), one());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let output = project.underpin_on(&database).args(["history", "--applied", "--json"]).run().expect_success();
        let json: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!((&json["schema"], &json["attempts"][0]["id"]), (&1.into(), &"0001".into()), "{json}");
    }

    fn a_history_is_forgotten_without_any_revision(engine) {
        let (database, project) = (TestDatabase::create(engine), one());
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let empty = Project::new();
        let output = empty.underpin_on(&database).args(["stamp", "base", "--purge"]).run().expect_success();
        assert!(output.stderr.contains("base"), "{output}");
        let plan = project.underpin_on(&database).arg("plan").run().expect_success();
        assert!(plan.stdout.contains("0001"), "{plan}");
        empty.underpin_on(&database).args(["stamp", "base"]).run().expect_code(2);
    }
}

#[test]
fn a_heartbeat_of_no_time_is_refused_in_words_that_say_why() {
    let output =
        one().underpin().database("sqlite::memory:").env("UNDERPIN_HEARTBEAT", "0").arg("status").run();
    let output = output.expect_code(2);
    assert!(output.stderr.contains("greater than zero"), "{output}");
}

#[test]
fn revisions_of_alembic_are_told_of_where_there_are_no_others() {
    let project = Project::new();
    let text = "revision: str = 'ae10'\ndown_revision: Union[str, None] = None\n\ndef upgrade():\n    pass\n";
    project.write("db/versions/ae10_first.py", text);
    project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/db\n");
    for command in ["history", "heads"] {
        let output = project.underpin().args(["-c", "alembic.ini", command]).run().expect_success();
        assert_eq!(output.stdout, "", "{output}");
        for part in ["warning:", "holds 1 revision of Alembic's (.py)", "underpin baseline"] {
            assert!(output.stderr.contains(part), "{part}: {output}");
        }
    }
    project.write("db/versions/0001_a.sql", "-- revision: 0001\n\n-- underpin: upgrade\nSELECT 1;\n");
    let output = project.underpin().args(["-c", "alembic.ini", "heads"]).run().expect_success();
    assert!(output.stdout.starts_with("0001") && output.stderr.is_empty(), "{output}");
}

#[test]
fn a_url_without_a_file_is_warned_about_before_anything_is_done() {
    let output = one().underpin().database("sqlite://").arg("upgrade").run().expect_success();
    assert!(
        output.stderr.contains("warning: DATABASE_URL names no file: the database is in memory"),
        "{output}"
    );
    let output = one().underpin().database("sqlite::memory:").arg("upgrade").run().expect_success();
    assert!(!output.stderr.contains("warning"), "{output}");
}

#[test]
fn a_reset_in_production_names_who_said_so() {
    let project = one();
    project.write("underpin.toml", "[env.production]\ndatabase_url = \"sqlite:app.db\"\n");
    let output = project.underpin().args(["-n", "production", "reset", "--yes"]).run().expect_code(8);
    assert!(
        output.stderr.contains("--name says that") && !output.stderr.contains("UNDERPIN_ENVIRONMENT"),
        "{output}"
    );
    let output = project
        .underpin()
        .env("UNDERPIN_ENVIRONMENT", "production")
        .args(["reset", "--yes"])
        .run()
        .expect_code(8);
    assert!(output.stderr.contains("UNDERPIN_ENVIRONMENT says that"), "{output}");
}

#[test]
fn a_usage_error_in_json_is_whole() {
    let output = Program::underpin().args(["downgrade", "--json"]).run().expect_code(2);
    let json: Value =
        serde_json::from_str(&output.stderr).unwrap_or_else(|error| panic!("{error}: {output}"));
    let message = json["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("<TARGET>"), "{json}");
}

#[test]
fn a_script_has_no_json() {
    for (command, range) in [("upgrade", "base:head"), ("downgrade", "head:base"), ("stamp", "head")] {
        let project = one();
        let program = project.underpin().args([command, range, "--json", "--sql", "--dialect", "sqlite"]);
        let output = program.run().expect_code(2);
        let json: Value =
            serde_json::from_str(&output.stderr).unwrap_or_else(|error| panic!("{error}: {output}"));
        assert!(output.stdout.is_empty() && json["error"]["kind"] == "usage", "{output}");
        assert!(json["error"]["message"].as_str().unwrap_or_default().contains("--json"), "{output}");
    }
}

#[test]
fn names_that_are_exchanged_are_refused() {
    let project = Project::new();
    project.write("from.sql", "CREATE TABLE t (one TEXT, other TEXT);");
    let notes = "CREATE TABLE t (\n  one TEXT, -- renamed_from: other\n  other TEXT -- renamed_from: one\n);";
    project.write("to.sql", notes);
    let arguments = ["diff", "--from", "from.sql", "--to", "to.sql", "--dialect", "sqlite"];
    let output = project.underpin().args(arguments).run().expect_code(2);
    assert!(output.stdout.is_empty() && output.stderr.contains("column t.one was other"), "{output}");
}

#[test]
fn waiting_for_a_file_that_is_not_there_says_so_in_json_too() {
    let output =
        one().underpin().database("sqlite:nowhere.db").args(["wait", "--json"]).run().expect_success();
    let json: Value =
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"));
    assert_eq!(json["connected"], false, "{json}");
    one().underpin().database("sqlite:nowhere.db").args(["ping"]).run().expect_code(3);
    assert!(Engine::Sqlite.is_available());
}
