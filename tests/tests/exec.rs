//! `underpin exec` as a process on every engine: it migrates, and then it is the program. How a start-up decides is
//! tested with the shop; here it is what becomes of the process.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use underpin_tests::{Engine, History, Program, Project, Signal, TestDatabase, on_every_engine};

fn project() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY);", None);
    project.revision("0002", &["0001"], "more", "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);", None);
    project
}

/// A revision that takes far longer than a test waits.
fn endless(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "CREATE TABLE late AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) \
             SELECT count(*) AS c FROM n;"
        }
        Engine::Postgres => "SELECT pg_sleep(120);",
        Engine::Mysql | Engine::Mariadb => "SELECT SLEEP(120);",
    }
}

fn exec(project: &Project, database: &TestDatabase, words: &[&str]) -> Program {
    project.underpin_on(database).args(["exec", "--"]).args(words)
}

on_every_engine! {
    fn it_migrates_and_is_the_program_then(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let script = "echo $$; read line; echo \"$line $0 $1 $DATABASE_URL\"; exit 42";
        let program = exec(&project, &database, &["sh", "-c", script, "--json", "-v"]).input("told\n");
        let running = program.spawn();
        let id = running.id();
        let output = running.wait().expect_code(42);
        let expected = format!("{id}\ntold --json -v {}\n", database.url());
        assert_eq!(output.stdout, expected, "{engine}: {output}");
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
        assert!(output.stderr.contains("Applied") && !output.stderr.contains("warning"), "{engine}: {output}");
        assert!(!output.stderr.contains(&database.url()) || engine == Engine::Sqlite, "{engine}: {output}");
        assert!(!database.is_locked());

        // At head it is as quiet as it is quick.
        let output = exec(&project, &database, &["echo", "up"]).arg("--quiet").run().expect_success();
        assert_eq!(output.stdout, "up --quiet\n");
        let output = project.underpin_on(&database).args(["-q", "exec", "--", "true"]).run().expect_success();
        assert_eq!(output.text(), "", "{engine}");
    }

    fn signals_reach_the_program_and_no_connection_does(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let script = "trap 'echo heard; exit 7' TERM; ls -l /proc/$$/fd; echo ready; while :; do sleep 0.05; done";
        let mut running = exec(&project, &database, &["sh", "-c", script]).spawn();
        assert!(running.wait_until(|running| running.stdout().contains("ready")));
        let open = running.stdout();
        assert!(!open.contains("socket:") && !open.contains("database.db"), "{engine}: {open}");
        assert!(database.sessions().is_empty(), "{engine}");
        running.signal(Signal::Terminate);
        let output = running.wait().expect_code(7);
        assert!(output.stdout.ends_with("heard\n"), "{engine}: {output}");

        // What the program does not handle ends it, as it would have without us.
        let mut running = exec(&project, &database, &["sleep", "60"]).spawn();
        let id = running.id();
        assert!(running.wait_until(|_| name(id) == "sleep"));
        running.signal(Signal::Terminate);
        assert_eq!(running.wait().signal(), Some(15), "{engine}");
    }

    fn nothing_is_started_where_migrating_fails(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        project.revision("0003", &["0002"], "broken", "SELECT no_such_column FROM notes;", None);
        let output = exec(&project, &database, &["touch", "started"]).run().expect_code(4);
        assert!(!project.path().join("started").exists() && output.stderr.contains("0003"), "{engine}: {output}");
        assert_eq!(output.stdout, "");

        // The settings are those of a start: who lives with a failure is started, and told.
        let program = exec(&project, &database, &["touch", "started"]).env("FAIL_ON_MIGRATION_ERROR", "false");
        let output = program.run().expect_success();
        assert!(project.path().join("started").exists() && output.stderr.contains("warning:"), "{engine}: {output}");

        let unreachable = project.underpin().database(engine.unreachable_url());
        let output = unreachable.args(["exec", "--connect-timeout", "0s", "--", "true"]).run().expect_code(3);
        assert!(output.stderr.contains("can't") && !output.text().contains("nothing@"), "{engine}: {output}");
    }

    fn a_mode_that_looks_only_changes_nothing(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let look = || exec(&project, &database, &["echo", "up"]).env("AUTO_MIGRATE_ON_STARTUP", "false");
        let output = look().run().expect_success();
        assert!(output.stdout == "up\n" && output.stderr.contains("0001, 0002"), "{engine}: {output}");
        assert!(database.tables().is_empty());
        look().env("UNDERPIN_ON_PENDING", "fail").run().expect_code(1);
    }

    fn a_program_that_can_not_be_started_is_told_with_the_state(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        let output = exec(&project, &database, &["no-such-program", "--password", "hunter2"]).run().expect_code(2);
        for part in ["error: no-such-program was not found", "2 revisions applied, and the database is at 0002", "hint: "] {
            assert!(output.stderr.contains(part), "{engine}: {part}: {output}");
        }
        assert!(!output.text().contains("hunter2"), "{engine}: {output}");

        let file = project.write("plain", "#!/bin/sh\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let output = exec(&project, &database, &["./plain"]).run().expect_code(2);
        assert!(output.stderr.contains("./plain may not be executed"), "{engine}: {output}");
        assert!(output.stderr.contains("nothing was changed, and the database is at 0002"), "{engine}: {output}");
    }

    fn a_signal_while_it_migrates_rolls_back(engine) {
        let (database, project) = (TestDatabase::create(engine), project());
        project.revision("0003", &["0002"], "endless", endless(engine), None);
        let mut running = exec(&project, &database, &["touch", "started"]).spawn();
        let begun = |running: &underpin_tests::Running| {
            running.stderr().contains("Planned") && (engine == Engine::Sqlite || sleeps(&database))
        };
        assert!(running.wait_until(begun), "{engine}");
        std::thread::sleep(Duration::from_millis(200));
        running.signal(Signal::Terminate);
        let output = running.wait().expect_code(130);
        assert!(!project.path().join("started").exists(), "{engine}: {output}");
        database.assert_idle("a signal");
        assert!(!database.is_locked() && !database.has_table("late"), "{engine}");
        // SQLite's run is one transaction, and an interrupt while it writes ends all of it.
        let kept: &[&str] = if engine == Engine::Sqlite { &[] } else { &["0001", "0002"] };
        assert_eq!(History::of(&database).applied(), kept, "{engine}: {output}");
    }

    fn an_application_with_the_commands_does_it_too(engine) {
        let database = TestDatabase::create(engine);
        let program = Program::shop().database(database.url()).args(["migrate", "exec", "--", "echo", "shop"]);
        assert_eq!(program.run().expect_success().stdout, "shop\n", "{engine}");
        assert_eq!(History::of(&database).applied(), ["0001", "0002", "0003"], "{engine}");
    }
}

#[test]
fn standard_output_is_the_programs_also_with_json() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let output = project.underpin_on(&database).args(["exec", "--json", "--", "echo", "mine"]).run();
    assert_eq!(output.expect_success().stdout, "mine\n");
    let output =
        project.underpin_on(&database).args(["--json", "exec", "--", "no-such-program"]).run().expect_code(2);
    let lines: Vec<serde_json::Value> =
        output.stderr.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!((&lines[0]["outcome"], &lines[1]["error"]["kind"]), (&"up_to_date".into(), &"usage".into()));
}

#[test]
fn without_a_program_there_is_nothing_to_do() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    for words in [&["exec"][..], &["exec", "--"], &["exec", "sh"]] {
        project.underpin_on(&database).args(words).run().expect_code(2);
        assert!(database.tables().is_empty());
    }
}

/// Whether the server is at the statement that takes so long.
fn sleeps(database: &TestDatabase) -> bool {
    let at_it = |statement: &str| statement.contains("SLEEP(") || statement.contains("in pg_sleep()");
    database.busy_sessions().iter().any(|session| at_it(&session.statement))
}

/// What a process is called, as the system tells.
fn name(id: u32) -> String {
    fs::read_to_string(Path::new("/proc").join(id.to_string()).join("comm"))
        .unwrap_or_default()
        .trim()
        .to_owned()
}
