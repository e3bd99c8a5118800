//! An idle transaction that stands in front of a start-up: those who come after are held up for a moment at a time,
//! the start-up gives up by its deadline and says who it was, and nothing is changed.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, Program, TestDatabase, on_every_engine};

use super::{assert_at, beginning, events, once_it_says, project, reader};

/// What became of those who read the table meanwhile.
#[derive(Debug, Default)]
struct Readers {
    reads: usize,
    errors: Vec<String>,
    longest: Duration,
}

/// Reads the table all the time while something is done, with three readers.
fn while_others_read<T: Send>(database: &TestDatabase, act: impl FnOnce() -> T + Send) -> (T, Readers) {
    let over = AtomicBool::new(false);
    let read = || {
        let mut readers = Readers::default();
        while !over.load(Ordering::Relaxed) {
            let start = Instant::now();
            match database.try_query("SELECT count(*) FROM items") {
                Ok(_) => readers.reads += 1,
                Err(error) => readers.errors.push(error.to_string()),
            }
            readers.longest = readers.longest.max(start.elapsed());
        }
        readers
    };
    thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(read)).collect();
        let result = act();
        over.store(true, Ordering::Relaxed);
        let mut all = Readers::default();
        for one in readers {
            let one = one.join().unwrap_or_default();
            all.reads += one.reads;
            all.errors.extend(one.errors);
            all.longest = all.longest.max(one.longest);
        }
        (result, all)
    })
}

on_every_engine! {
    fn a_run_gives_up_by_its_deadline_and_says_who_was_in_the_way(engine) {
        let project = project();
        let database = beginning(engine, &project);
        let schema = database.schema_dump();
        let holder = reader(&database);
        let run = || project.underpin_on(&database).args(["upgrade", "--timeout", "10s", "--json"]).run();
        let (output, readers) = while_others_read(&database, run);
        assert_eq!(output.code(), Some(6), "{output}");
        assert!(output.stderr.contains("Could not run migrations: Timeout after 10 seconds"), "{output}");
        assert!(output.stderr.contains("\"hints\""), "{output}");
        let named = match engine {
            Engine::Sqlite => format!("process {}", std::process::id()),
            Engine::Postgres | Engine::Mysql | Engine::Mariadb => format!("session {}", holder.id()),
        };
        assert!(output.stderr.contains(&named), "{named}: {output}");
        assert!(readers.errors.is_empty(), "{readers:?}");
        // A run that waited in one go would have let each of the three read once.
        assert!(readers.reads > 30, "{readers:?}");
        let Readers { reads, longest, .. } = readers;
        let _ = writeln!(std::io::stderr(), "{engine}: {reads} reads, the longest {longest:?}");
        if engine.is_server() {
            let blocked = events(&output.stdout, "blocked");
            assert!(blocked.len() >= 3, "{output}");
            assert_eq!(blocked[0]["reason"], "lock_timeout");
            assert!(blocked.iter().any(|event| event["blockers"].to_string().contains(&named)), "{output}");
        }
        assert_at(&database, &["0001"], &output);
        assert_eq!(database.schema_dump(), schema);
        holder.end();
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_at(&database, &["0001", "0002"], &output);
        database.assert_idle("a run that gave up, and one that did not");
    }

    fn a_service_that_starts_gives_up_and_the_next_one_starts(engine) {
        let project = project();
        let database = beginning(engine, &project);
        let holder = reader(&database);
        let shop = || Program::shop().database(database.url()).env("SHOP_MIGRATIONS", project.migrations());
        let output = shop().env("UNDERPIN_TIMEOUT", "4s").serve().expect_ended();
        assert_eq!(output.code(), Some(6), "{output}");
        if engine.is_server() {
            assert!(output.stderr.contains(&format!("session {}", holder.id())), "{output}");
        }
        assert_at(&database, &["0001"], &output);
        holder.end();
        shop().serve().expect_serving().stop();
        assert_at(&database, &["0001", "0002"], &output);
    }

    fn a_run_goes_through_once_the_way_is_free(engine) {
        let project = project();
        let database = beginning(engine, &project);
        let holder = reader(&database);
        let word = if engine.is_server() { "\"tries\":3" } else { "\"event\":\"waiting\"" };
        let upgrade = project.underpin_on(&database).args(["upgrade", "--json"]);
        let output = once_it_says(word, upgrade, || holder.end());
        assert_at(&database, &["0001", "0002"], &output);
        database.assert_idle("a run that others were in the way of");
    }
}

#[test]
fn a_backup_that_is_in_the_way_is_called_one() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        let _holder =
            database.hold(&["SET application_name = 'pg_dump'", "LOCK TABLE items IN ACCESS SHARE MODE"]);
        let output = project.underpin_on(&database).args(["upgrade", "--timeout", "3s"]).run();
        assert_eq!(output.code(), Some(6), "{output}");
        assert!(output.stderr.contains("pg_dump is making a backup"), "{output}");
        // What it reads, and who asks for it, is nobody's business here.
        assert!(!output.text().contains("ACCESS SHARE"), "{output}");
    });
}

#[test]
fn a_limit_of_its_own_counts_more() {
    Engine::Postgres.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        let seen = "CREATE TABLE seen_first AS SELECT current_setting('lock_timeout') AS value;\n\
                    SET LOCAL lock_timeout = '700ms';\n\
                    CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS value;";
        project.revision("0003", &["0002"], "limits", seen, None);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value("SELECT value FROM seen_first"), "100ms");
        assert_eq!(database.value("SELECT value FROM seen"), "700ms");
    });
}

#[test]
fn a_run_that_readers_of_sqlite_keep_from_its_commit_begins_anew() {
    Engine::Sqlite.run(|engine| {
        let project = project();
        let database = beginning(engine, &project);
        let holder = database.hold_from("BEGIN", &["SELECT count(*) FROM items"]);
        let output = project.underpin_on(&database).args(["upgrade", "--timeout", "3s"]).run();
        assert_eq!(output.code(), Some(6), "{output}");
        assert!(
            output.stderr.contains(&format!("process {} reads the database", std::process::id())),
            "{output}"
        );
        assert_at(&database, &["0001"], &output);
        let upgrade = project.underpin_on(&database).args(["upgrade", "--json"]);
        let output = once_it_says("\"tries\":3", upgrade, || holder.end());
        assert_at(&database, &["0001", "0002"], &output);
    });
}
