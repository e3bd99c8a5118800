//! Time limits seen from outside: the program ends in time, says why, and leaves the server nothing to do.
//! What the limits mean inside of the engine is tested with the engine.

use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, History, Output, Project, TestDatabase, on_every_engine};

/// What a run with a limit of two seconds may take, the program's start and end included.
const IN_TIME: Duration = Duration::from_secs(4);

/// A machine that is busy with something else may miss a deadline; a program that misses it three times is slow.
const ATTEMPTS: usize = 3;

/// A statement of a revision that takes far longer than the limit.
struct Slow {
    name: &'static str,
    sql: &'static str,
    header: &'static [&'static str],
}

const fn slow(name: &'static str, sql: &'static str) -> Slow {
    Slow { name, sql, header: &[] }
}

fn slow_statements(engine: Engine) -> Vec<Slow> {
    match engine {
        Engine::Sqlite => vec![
            slow(
                "a query",
                "INSERT INTO items WITH RECURSIVE n(i) AS \
                 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT count(*) FROM n",
            ),
            slow(
                "a table from a query",
                "CREATE TABLE more AS WITH RECURSIVE n(i) AS \
                 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT count(*) AS c FROM n",
            ),
        ],
        Engine::Postgres => vec![
            slow("sleep", "SELECT pg_sleep(30)"),
            slow("a block", "DO $$ BEGIN PERFORM pg_sleep(30); END $$"),
            Slow { name: "outside", sql: "SELECT pg_sleep(30)", header: &["transaction: off"] },
            slow(
                "a table from a query",
                "CREATE TABLE more AS SELECT count(*) FROM generate_series(1, 100000000000) AS n",
            ),
        ],
        Engine::Mysql | Engine::Mariadb => vec![
            slow("sleep", "SELECT SLEEP(30)"),
            slow("do", "DO SLEEP(30)"),
            slow("rows", "INSERT INTO items (id) SELECT SLEEP(30) + 7"),
            slow("update", "UPDATE items SET id = id + 1 + SLEEP(30)"),
            slow(
                "a table from a query",
                "CREATE TABLE more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) \
                 SELECT count(*) AS c FROM n a, n b, n c, n d",
            ),
        ],
    }
}

/// A project with one quick revision, and one that takes too long.
fn project(slow: &Slow) -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "quick",
        "CREATE TABLE items (id INTEGER);\nINSERT INTO items (id) VALUES (1);",
        None,
    );
    let sql = format!("{};", slow.sql);
    project.revision_with("0002", &["0001"], "slow", slow.header, &[("upgrade", &sql)]);
    project
}

/// Runs `attempt` until it is in time, and fails when it never is.
fn in_time(what: &str, mut attempt: impl FnMut() -> Duration) {
    let mut times = Vec::new();
    for _ in 0..ATTEMPTS {
        times.push(attempt());
        if times.last().is_some_and(|time| *time < IN_TIME) {
            return;
        }
    }
    panic!("{what}: {ATTEMPTS} attempts took {times:?}, and none less than {IN_TIME:?}");
}

/// The program has said that it was a time limit, and which.
#[track_caller]
fn assert_timed_out(what: &str, output: &Output) {
    assert_eq!(output.code(), Some(6), "{what}: {output}");
    let message = "Could not run migrations: Timeout after 2 seconds";
    assert!(output.stderr.contains(message) && output.stderr.contains("hint:"), "{what}: {output}");
}

/// The slow revision is not there, neither in the tables nor in the history, nor half-way; nobody works on it.
#[track_caller]
fn assert_untouched(what: &str, database: &TestDatabase) {
    database.assert_idle(what);
    assert!(!database.is_locked(), "{what}: somebody holds the migration lock");
    assert_eq!(database.query("SELECT id FROM items"), [[Some("1".to_owned())]], "{what}");
    assert!(!database.has_table("more"), "{what}");
    let history = History::of(database);
    assert_eq!(history.applied(), ["0001"], "{what}");
    assert!(history.journal.is_empty() && history.dirty.is_none(), "{what}: {history:?}");
}

on_every_engine! {
    fn a_run_that_takes_too_long_ends_in_time_and_on_the_server(engine) {
        for slow in slow_statements(engine) {
            let what = format!("{engine}, {}", slow.name);
            let project = project(&slow);
            in_time(&what, || {
                let database = TestDatabase::create(engine);
                project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
                let start = Instant::now();
                let output = project.underpin_on(&database).args(["upgrade", "--timeout", "2s"]).run();
                let time = start.elapsed();
                assert_timed_out(&what, &output);
                assert_untouched(&what, &database);
                time
            });
        }
    }

    fn a_run_that_waits_for_another_session_ends_in_time_and_on_the_server(engine) {
        if !engine.is_server() {
            // Whoever stands in SQLite's way is a writer, and so holds the lock: below.
            return;
        }
        let waiting = slow("waiting", "ALTER TABLE items ADD COLUMN note VARCHAR(20)");
        let (project, what) = (project(&waiting), format!("{engine}, waiting"));
        in_time(&what, || {
            let database = TestDatabase::create(engine);
            project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
            let (output, time) = while_reading(&database, || {
                let start = Instant::now();
                let output = project.underpin_on(&database).args(["upgrade", "--timeout", "2s"]).run();
                (output, start.elapsed())
            });
            assert_eq!(output.code(), Some(6), "{what}: {output}");
            assert!(output.stderr.contains("Timeout after 2 seconds"), "{what}: {output}");
            assert_untouched(&what, &database);
            time
        });
    }

    fn a_run_that_waits_for_the_lock_names_who_holds_it(engine) {
        let slow = slow_statements(engine).swap_remove(0);
        let (project, what) = (project(&slow), format!("{engine}, lock"));
        in_time(&what, || {
            let database = TestDatabase::create(engine);
            let upgrade = || project.underpin_on(&database).arg("upgrade");
            let mut holder = upgrade().spawn();
            assert!(holder.wait_until(|_| database.is_locked()), "{what}: the first run has ended");
            let start = Instant::now();
            let output = upgrade().args(["--lock-timeout", "2s"]).run();
            let time = start.elapsed();
            assert_eq!(output.code(), Some(6), "{what}: {output}");
            assert!(output.stderr.contains("not free within 2 seconds") && output.stderr.contains("hint:"), "{what}: {output}");
            assert!(names(&database, holder.id(), &output), "{what}: {output}");
            assert_eq!(output.stderr.contains("`underpin unlock`"), engine.is_server(), "{what}: {output}");
            assert!(engine.is_server() || output.stderr.contains(&format!("end process {}", holder.id())), "{what}: {output}");
            holder.signal(underpin_tests::Signal::Interrupt);
            assert_eq!(holder.wait().code(), Some(130), "{what}");
            database.assert_idle(&what);
            time
        });
    }

    fn a_run_that_was_stopped_goes_on_when_it_is_given_time(engine) {
        let slow = match engine {
            Engine::Sqlite => return,
            Engine::Postgres => "SELECT pg_sleep(1);",
            Engine::Mysql | Engine::Mariadb => "SELECT SLEEP(1);",
        };
        let (project, database) = (Project::new(), TestDatabase::create(engine));
        project.revision("0001", &[], "slow", &format!("CREATE TABLE items (id INTEGER);\n{slow}\nINSERT INTO items (id) VALUES (1);"), None);
        let limited = project.underpin_on(&database).args(["upgrade", "--statement-timeout", "300ms"]).run();
        assert_eq!(limited.code(), Some(6), "{limited}");
        database.assert_idle("a statement that took too long");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM items"), "1");
        assert_eq!(History::of(&database).applied(), ["0001"]);
    }
}

/// Whether the message names the session that holds the lock, or, on SQLite, the process.
fn names(database: &TestDatabase, process: u32, output: &Output) -> bool {
    let sessions = database.busy_sessions();
    match database.engine() {
        Engine::Sqlite => output.stderr.contains(&format!("process {process}")),
        Engine::Postgres | Engine::Mysql | Engine::Mariadb => {
            sessions.iter().any(|session| output.stderr.contains(&format!("session {}", session.id)))
        }
    }
}

on_every_engine! {
    fn a_history_that_somebody_has_locked_is_waited_for_no_longer_than_was_said(engine) {
        let (database, project) = (TestDatabase::create(engine), project(&slow_statements(engine).swap_remove(0)));
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        let holder = match engine {
            Engine::Sqlite => database.hold_from("BEGIN EXCLUSIVE", &[]),
            Engine::Postgres => database.hold(&["LOCK TABLE underpin_state IN ACCESS EXCLUSIVE MODE"]),
            Engine::Mysql | Engine::Mariadb => database.hold(&["LOCK TABLES underpin_state WRITE"]),
        };
        for (command, errand) in [
            (&["stamp", "base"][..], "stamp"),
            (&["resolve", "--applied", "0001"], "resolve"),
            (&["upgrade", "0001"], "run migrations"),
            (&["status"], "look at the database"),
        ] {
            let start = Instant::now();
            let program = project.underpin_on(&database).args(["--timeout", "2s"]).args(command.iter().copied());
            let output = program.run().expect_code(6);
            assert!(start.elapsed() < IN_TIME, "{engine} {command:?}: {:?}: {output}", start.elapsed());
            // What only looks has nothing to say about that.
            let told = command == ["status"] || output.stderr.contains("nothing was changed");
            assert!(told, "{engine} {command:?}: {output}");
            // SQLite tells who holds the file instead.
            let message = format!("Could not {errand}: Timeout after 2 seconds while the history was read");
            assert!(engine == Engine::Sqlite || output.stderr.contains(&message), "{engine} {command:?}: {output}");
        }
        if engine == Engine::Sqlite {
            let program = project.underpin_on(&database).args(["upgrade", "0001", "--lock-timeout", "2s"]);
            let output = program.run().expect_code(6);
            assert!(output.stderr.contains("could not be read within 2 seconds: "), "{output}");
            assert!(output.stderr.contains(&format!("process {}", std::process::id())), "{output}");
        }
        holder.end();
        project.underpin_on(&database).args(["stamp", "base"]).run().expect_success();
        assert!(!database.is_locked());
    }

    fn the_first_run_of_all_leaves_its_failure_in_the_log(engine) {
        let (database, project) = (TestDatabase::create(engine), project(&slow_statements(engine).swap_remove(0)));
        let program = project.underpin_on(&database).args(["--timeout", "2s", "--json", "upgrade"]);
        let output = program.run().expect_code(6);
        let logged = database.value("SELECT outcome FROM underpin_log WHERE revision = '0002'");
        assert!(["rolled_back", "dirty"].contains(&logged.as_str()), "{engine}: {logged}");
        // A statement of SQLite that is stopped while it writes takes its whole transaction with it.
        let undone = engine == Engine::Sqlite;
        assert_eq!(output.stdout.contains(r#""event":"revisions_undone","revisions":["0001"]"#), undone, "{output}");
        assert_eq!(output.text().contains("together with 0001"), undone, "{output}");
        assert_eq!(History::of(&database).applied(), if undone { &[][..] } else { &["0001"] });
    }
}

/// Does something while a transaction of somebody else has the table `items` open.
fn while_reading<T: Send>(database: &TestDatabase, act: impl FnOnce() -> T) -> T {
    let sql = match database.engine() {
        Engine::Sqlite | Engine::Postgres => "BEGIN; SELECT count(*) FROM items; SELECT pg_sleep(60)",
        Engine::Mysql | Engine::Mariadb => "BEGIN; SELECT count(*) FROM items; SELECT SLEEP(60)",
    };
    let opened = || match database.engine() {
        Engine::Sqlite => database.is_locked(),
        Engine::Postgres | Engine::Mysql | Engine::Mariadb => database
            .busy_sessions()
            .iter()
            .any(|session| session.statement.to_lowercase().contains("sleep(60)")),
    };
    thread::scope(|scope| {
        let reader = scope.spawn(|| database.try_query(sql));
        while !opened() {
            assert!(!reader.is_finished(), "{}: nobody reads", database.engine());
            thread::sleep(Duration::from_millis(10));
        }
        let result = act();
        for session in database.busy_sessions() {
            let end = match database.engine() {
                Engine::Sqlite | Engine::Postgres => format!("SELECT pg_terminate_backend({})", session.id),
                Engine::Mysql | Engine::Mariadb => format!("KILL {}", session.id),
            };
            if session.statement.to_lowercase().contains("sleep(60)") {
                let _ = database.try_query(&end);
            }
        }
        let _ = reader.join();
        result
    })
}
