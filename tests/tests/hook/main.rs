//! Hooks as processes see them, on every engine: a command and a webhook that the settings name, what they are told,
//! and what it means for the run that they fail. Hooks in Rust are tested beside the library's other interfaces.

mod listener;
mod tls;

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use listener::Listener;
use serde_json::{Value, json};
use underpin_tests::{Engine, History, Program, Project, Signal, TestDatabase, on_every_engine};

fn project() -> Project {
    let project = Project::new();
    let table = |name: &str| format!("CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY);");
    project.revision("0001", &[], "customers", &table("customers"), Some("DROP TABLE customers;"));
    project.revision("0002", &["0001"], "orders", &table("orders"), Some("DROP TABLE orders;"));
    project
}

/// A command that keeps what it is told, a line a call.
fn keeping(project: &Project) -> (String, PathBuf) {
    let path = project.path().join("told.jsonl");
    (format!("cat >> '{}'", path.display()), path)
}

fn told(path: &PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn moments(told: &[Value]) -> Vec<&str> {
    told.iter().filter_map(|notice| notice["moment"].as_str()).collect()
}

fn upgrade(project: &Project, database: &TestDatabase, hook: &str) -> Program {
    project.underpin_on(database).arg("upgrade").env("UNDERPIN_HOOK_COMMAND", hook)
}

on_every_engine! {
    fn a_command_is_told_every_moment_in_order(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let (hook, path) = keeping(&project);
        let output = upgrade(&project, &database, &hook).run().expect_success();
        let told = told(&path);
        let expected =
            ["before_run", "before_revision", "after_revision", "before_revision", "after_revision", "after_run"];
        assert_eq!(moments(&told), expected, "{engine}: {output}");
        assert_eq!(told[0]["revisions"], json!(["0001", "0002"]));
        assert_eq!((&told[3]["revision"], &told[3]["title"], &told[3]["number"], &told[3]["of"]), (
            &"0002".into(), &"orders".into(), &2.into(), &2.into()
        ));
        assert_eq!((&told[5]["current"], &told[5]["service"]), (&json!(["0002"]), &"underpin".into()));
        let run = History::of(&database).log.last().map(|_| told[0]["run"].clone()).unwrap();
        assert!(told.iter().all(|notice| notice["run"] == run && notice["schema"] == 1), "{engine}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("CREATE TABLE"), "{engine}: {text}");
        if let Some(admin) = engine.admin_url() {
            let password = admin.split(['@', ':']).nth(2).unwrap();
            assert!(password.is_empty() || !text.contains(&format!(":{password}@")), "{engine}");
        }

        // Nothing to do is nothing to tell; and a way back is told as one.
        upgrade(&project, &database, &hook).run().expect_success();
        assert_eq!(self::told(&path).len(), expected.len(), "{engine}");
        let back = project.underpin_on(&database).args(["downgrade", "-1"]).env("UNDERPIN_HOOK_COMMAND", &hook);
        back.env("UNDERPIN_HOOK_SQL", "true").run().expect_success();
        let told = self::told(&path);
        let before = &told[expected.len() + 1];
        assert_eq!((&before["direction"], &before["sql"]), (&"downgrade".into(), &json!(["DROP TABLE orders"])));
    }

    fn a_hook_that_fails_warns_or_stops(engine) {
        for (moment, kept, state) in [
            ("before_run", &[][..], "nothing was changed"),
            ("before_revision", &[], "rolled back"),
            ("after_revision", &["0001"], "0001 is applied; the run stopped there"),
            ("after_run", &["0001", "0002"], "the run is done"),
        ] {
            let (database, project) = (TestDatabase::create(engine), project());
            let hook = format!("test $UNDERPIN_HOOK_MOMENT != {moment}");
            let program = upgrade(&project, &database, &hook).env("UNDERPIN_HOOK_ON_FAILURE", "fail");
            let output = program.run().expect_code(8);
            let said = format!("the hook command failed at {moment}: it ended with exit status: 1");
            assert!(output.stderr.contains(&said) && output.stderr.contains(state), "{engine}: {state}: {output}");
            assert!(output.stderr.contains("hint:"), "{engine}: {output}");
            let history = History::of(&database);
            assert_eq!(history.applied(), kept, "{engine} {moment}: {output}");
            // What was not begun is no attempt.
            let applied: Vec<_> = kept.iter().map(|&id| (id.to_owned(), "applied".to_owned())).collect();
            assert_eq!(history.log, applied, "{engine} {moment}: {output}");
            assert!(!database.is_locked());

            let output = upgrade(&project, &database, &hook).run().expect_success();
            let warned = output.stderr.contains("WARN a hook failed, and the run goes on");
            assert_eq!(warned, moment != "after_run", "{engine} {moment}: {output}");
            assert_eq!(History::of(&database).applied(), ["0001", "0002"], "{engine}");
        }
    }

    fn a_hook_behind_a_revision_undoes_a_run_that_is_one_transaction(engine) {
        if matches!(engine, Engine::Mysql | Engine::Mariadb) {
            // There is no such run.
            return;
        }
        let before_the_second = "test $UNDERPIN_HOOK_MOMENT != before_revision || ! grep -q 0002";
        for hook in ["test $UNDERPIN_HOOK_MOMENT != after_revision", before_the_second] {
            let (database, project) = (TestDatabase::create(engine), project());
            let program = upgrade(&project, &database, hook).args(["--tx-mode", "all"]);
            let output = program.env("UNDERPIN_HOOK_ON_FAILURE", "fail").run().expect_code(8);
            let state = "rolled back, together with 0001 of the same transaction; the database is at base";
            assert!(output.stderr.contains(state), "{engine} {hook}: {output}");
            let history = History::of(&database);
            assert!(history.applied().is_empty() && !database.has_table("customers"), "{engine} {hook}");
            assert_eq!(history.log, [("0001".to_owned(), "rolled_back".to_owned())], "{engine} {hook}");
            assert!(!database.is_locked());
        }
    }

    fn a_hook_may_call_underpin_and_is_not_told_of_its_own_variables(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let said = project.path().join("said.txt");
        let underpin = Program::underpin();
        let hook = format!("'{}' status --exit-code 2>> '{}'", underpin.path().display(), said.display());
        let program = upgrade(&project, &database, &hook).env("UNDERPIN_HOOK_MOMENTS", "after_run");
        program.env("UNDERPIN_HOOK_ON_FAILURE", "fail").run().expect_success();
        let said = fs::read_to_string(said).unwrap();
        assert!(!said.contains("UNDERPIN_HOOK_MOMENT"), "{engine}: {said}");
    }

    fn a_hook_that_hangs_costs_its_limit_and_no_more(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let hook = "exec sleep 60";
        let program = upgrade(&project, &database, hook)
            .env("UNDERPIN_HOOK_TIMEOUT", "300ms")
            .env("UNDERPIN_HOOK_MOMENTS", "before_run");
        let start = Instant::now();
        let output = program.clone().env("UNDERPIN_HOOK_ON_FAILURE", "fail").run().expect_code(8);
        assert!(output.stderr.contains("it took longer than 0.3 seconds"), "{engine}: {output}");
        program.run().expect_success();
        assert!(start.elapsed() < Duration::from_secs(20), "{engine}");

        // And a run that is told to end does not wait for it.
        let database = TestDatabase::create(engine);
        let mut running = upgrade(&project, &database, hook).env("UNDERPIN_HOOK_TIMEOUT", "50s").spawn();
        assert!(running.wait_until(|running| running.stderr().contains("Planned")));
        running.signal(Signal::Terminate);
        let output = running.wait().expect_code(130);
        assert!(output.stderr.contains("nothing was changed"), "{engine}: {output}");
        assert!(History::of(&database).applied().is_empty() && !database.is_locked());
    }

    fn an_error_is_told_without_the_words_of_the_server(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let twice = "INSERT INTO customers (id) VALUES (4711);\nINSERT INTO customers (id) VALUES (4711);";
        project.revision("0003", &["0002"], "twice", twice, None);
        let (hook, path) = keeping(&project);
        let program = upgrade(&project, &database, &hook).env("UNDERPIN_HOOK_MOMENTS", "error,after_run");
        program.run().expect_code(4);
        let deaf = upgrade(&project, &database, "false").env("UNDERPIN_HOOK_MOMENTS", "error");
        let output = deaf.run().expect_code(4);
        assert!(output.stderr.contains("WARN a hook failed, and the run had failed before"), "{engine}: {output}");
        assert!(!output.stderr.contains("the run goes on"), "{engine}: {output}");
        let told = told(&path);
        assert_eq!(moments(&told), ["error"], "{engine}");
        assert_eq!(told[0]["kind"], "migration_failed");
        assert!(told[0]["state"].as_str().is_some_and(|state| state.contains("0002")), "{engine}: {told:?}");
        assert!(!told[0].to_string().contains("4711"), "{engine}: {told:?}");

        let away = project.underpin().database(engine.unreachable_url()).env("UNDERPIN_HOOK_COMMAND", &hook);
        away.args(["upgrade", "--connect-timeout", "0s"]).run().expect_code(3);
        assert_eq!(self::told(&path).len(), 2, "{engine}");
    }

    fn a_webhook_is_posted_to(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let listener = Listener::plain("204 No Content");
        let url = listener.url("http://127.0.0.1");
        let program = project.underpin_on(&database).arg("upgrade").env("UNDERPIN_HOOK_URL", &url);
        program.env("UNDERPIN_HOOK_MOMENTS", "before_run,after_run").run().expect_success();
        let told = listener.posted();
        assert_eq!(moments(&told), ["before_run", "after_run"], "{engine}");
        assert_eq!(told[1]["revisions"], json!(["0001", "0002"]), "{engine}");

        let url = Listener::plain("500 Internal Server Error").url("http://127.0.0.1");
        let refusing = project.underpin_on(&database).args(["downgrade", "base"]).env("UNDERPIN_HOOK_URL", &url);
        let output = refusing.env("UNDERPIN_HOOK_ON_FAILURE", "fail").run().expect_code(8);
        assert!(output.stderr.contains("it answered 500") && !output.text().contains("s3cret"), "{engine}: {output}");
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    }

    fn whoever_waits_for_the_lock_for_long_is_told_of(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let (hook, path) = keeping(&project);
        // Somebody who holds the lock for as long as a hook of theirs takes.
        let slow = upgrade(&project, &database, "exec sleep 60").env("UNDERPIN_HOOK_MOMENTS", "before_run");
        let mut holder = slow.env("UNDERPIN_HOOK_TIMEOUT", "50s").spawn();
        assert!(holder.wait_until(|running| running.stderr().contains("Planned")));
        let waiting = upgrade(&project, &database, &hook)
            .args(["--lock-timeout", "3s"])
            .env("UNDERPIN_HOOK_MOMENTS", "slow_lock")
            .env("UNDERPIN_HOOK_SLOW_LOCK", "200ms");
        waiting.run().expect_code(6);
        let told = told(&path);
        assert_eq!(moments(&told), ["slow_lock"], "{engine}");
        assert!(told[0]["waited_ms"].as_u64().is_some_and(|waited| (200..3_000).contains(&waited)), "{told:?}");
        assert!(told[0]["holder"].is_string() || engine == Engine::Sqlite, "{engine}: {told:?}");
        // An address, and not the network that a type of PostgreSQL's makes of it.
        assert!(!told[0]["holder"].to_string().contains("/32"), "{engine}: {told:?}");
        holder.signal(Signal::Terminate);
        holder.wait().expect_code(130);
    }
}

#[test]
fn a_start_calls_the_hooks_as_well() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let (hook, path) = keeping(&project);
    let shop = Program::shop().database(database.url()).arg("init").env("UNDERPIN_HOOK_COMMAND", &hook);
    shop.env("UNDERPIN_HOOK_MOMENTS", "after_run").run().expect_success();
    assert_eq!(told(&path)[0]["service"], "shop");
}

#[test]
fn what_a_hook_is_called_with_is_shown_to_nobody() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let secret = |program: Program| {
        program
            .env("UNDERPIN_HOOK_COMMAND", "curl -H 'Authorization: hunter2'")
            .env("UNDERPIN_HOOK_URL", "https://hunter2@example.org/hunter2")
    };
    let output = secret(project.underpin_on(&database).args(["config", "show"])).run().expect_success();
    assert!(output.stdout.contains("hook_url = (set)") && !output.text().contains("hunter2"), "{output}");
    let output = secret(project.underpin_on(&database).arg("upgrade")).run().expect_code(2);
    assert!(output.stderr.contains("UNDERPIN_HOOK_URL has a user in it"), "{output}");
    assert!(!output.text().contains("hunter2"), "{output}");
    let wrong = project.underpin_on(&database).arg("status").env("UNDERPIN_HOOK_MOMENTS", "before_ran");
    let output = wrong.run().expect_code(2);
    assert!(output.stderr.contains("before_run"), "{output}");
}
