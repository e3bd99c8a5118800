//! Small revisions travel together to the engine; that must not show, but in the time that they take.

use std::sync::{Arc, Mutex};

use underpin::{Event, Migrator};
use underpin_tests::Engine;

use super::{Bench, on, on_every_engine};

const MANY: usize = 50;

/// Revisions of one table each, of which one may be another.
fn many(bench: &Bench, other: Option<(usize, &str)>) {
    for number in 1..=MANY {
        let parent = format!("{:04}", number - 1);
        let parents: &[&str] = if number == 1 { &[] } else { &[&parent] };
        let create = format!(
            "CREATE TABLE t{number} (id INTEGER NOT NULL PRIMARY KEY);\nCREATE INDEX i{number} ON t{number} (id);"
        );
        let sql = match other {
            Some((there, sql)) if there == number => format!("{create}\n{sql}"),
            _ => create,
        };
        bench.project.revision(&format!("{number:04}"), parents, "one of many", &sql, None);
    }
}

async fn watched(bench: &Bench) -> (Migrator, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let observer = move |event: &Event| {
        let line = match event {
            Event::RevisionStarted { revision, number, of, .. } => format!("start {revision} {number}/{of}"),
            Event::RevisionApplied { revision, .. } => format!("done {revision}"),
            _ => return,
        };
        sink.lock().expect("events").push(line);
    };
    let builder = Migrator::builder().url(bench.database.url()).directory(bench.project.migrations());
    (builder.observer(Arc::new(observer)).build().await.expect("a migrator"), seen)
}

#[test]
fn what_was_before_a_failed_revision_stays_and_is_told_in_order() {
    on_every_engine(async |bench| {
        many(&bench, Some((37, "INSERT INTO nowhere (id) VALUES (1);")));
        let (migrator, seen) = watched(&bench).await;
        let error = migrator.upgrade_to_head().await.expect_err("it is broken");
        assert!(error.message.contains("0037") && error.message.contains("statement 3 of 3"), "{error}");
        assert_eq!(error.place.as_ref().map(|place| place.line), Some(9), "{error:?}");
        assert_eq!(bench.current().await, ["0036"]);
        assert_eq!(bench.database.has_table("t37"), !bench.engine.has_transactional_schema());
        assert!(!bench.database.has_table("t38"));
        let mut expected: Vec<String> = (1..=36)
            .flat_map(|number| [format!("start {number:04} {number}/{MANY}"), format!("done {number:04}")])
            .collect();
        expected.push(format!("start 0037 37/{MANY}"));
        assert_eq!(*seen.lock().expect("events"), expected);

        many(&bench, Some((37, "")));
        bench.upgrade("head").await.expect("it goes on");
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_history"), MANY.to_string());
        assert_eq!(bench.database.value("SELECT max(position) FROM underpin_history"), MANY.to_string());
    });
}

#[test]
fn the_time_of_each_is_its_own() {
    on_every_engine(async |bench| {
        let sleep = match bench.engine {
            Engine::Sqlite => {
                "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT count(*) AS c FROM n;"
            }
            Engine::Postgres => "SELECT pg_sleep(0.4);",
            Engine::Mysql | Engine::Mariadb => "SELECT SLEEP(0.4);",
        };
        many(&bench, Some((5, sleep)));
        bench.upgrade("head").await.expect("a run");
        let longest = "SELECT revision FROM underpin_history ORDER BY duration_ms DESC, position LIMIT 1";
        assert_eq!(bench.database.value(longest), "0005");
        let (before, after) = (
            "(SELECT finished_at FROM underpin_log WHERE revision = '0005')",
            "(SELECT started_at FROM underpin_log WHERE revision = '0006')",
        );
        assert_eq!(
            bench.database.value(&format!("SELECT CASE WHEN {before} <= {after} THEN 'yes' ELSE 'no' END")),
            "yes"
        );
    });
}

#[test]
fn a_statement_that_no_one_can_read_is_found_among_those_that_can_be_read() {
    on_every_engine(async |bench| {
        many(&bench, Some((12, "CREATE TABLE ()) wrong;")));
        let error = bench.upgrade("head").await.expect_err("it is broken");
        assert!(error.message.contains("0012") && error.message.contains("statement 3 of 3"), "{error}");
        assert_eq!(bench.current().await, ["0011"]);
    });
}

#[test]
fn what_is_new_shares_a_transaction_until_one_of_it_fails() {
    if !Engine::Postgres.is_available() {
        return;
    }
    on(Engine::Postgres, async |bench| {
        bench.database.execute("CREATE TABLE there (id integer PRIMARY KEY)");
        many(&bench, Some((20, "ALTER TABLE t20 ADD FOREIGN KEY (id) REFERENCES there;")));
        // Nothing tells before it is sent that it fails.
        bench.project.revision("0051", &["0050"], "twice", "CREATE TABLE t3 (id integer);", None);
        let (migrator, seen) = watched(&bench).await;
        let error = migrator.upgrade_to_head().await.expect_err("it is broken");
        assert!(error.message.contains("0051") && error.message.contains("statement 1 of 1"), "{error}");
        assert_eq!(bench.current().await, ["0050"]);
        let expected: Vec<String> = (1..=50)
            .flat_map(|number| [format!("start {number:04} {number}/51"), format!("done {number:04}")])
            .chain(["start 0051 51/51".to_owned()])
            .collect();
        assert_eq!(*seen.lock().expect("events"), expected);

        let of = |revision: &str| {
            bench.database.value(&format!(
                "SELECT count(*) FROM underpin_history WHERE xmin = \
                 (SELECT xmin FROM underpin_history WHERE revision = '{revision}')"
            ))
        };
        assert_ne!(of("0001"), "1", "nobody waits for a new table");
        assert_eq!(of("0020"), "1", "who writes to a table that was there waits for this one only");
        let log = "SELECT count(*) FROM underpin_log WHERE outcome = 'applied' AND finished_at >= started_at";
        assert_eq!(bench.database.value(log), "50");
    });
}

/// Revisions of SQLite of one statement each, which need nothing around them to be atomic, and one that has two.
fn single(bench: &Bench, failing: &str) {
    for number in 1..=MANY {
        let parent = format!("{:04}", number - 1);
        let parents: &[&str] = if number == 1 { &[] } else { &[&parent] };
        let create = format!("CREATE TABLE t{number} (id INTEGER NOT NULL PRIMARY KEY);");
        let sql = match number {
            7 => format!("{create}\nCREATE INDEX i7 ON t7 (id);"),
            37 => failing.to_owned(),
            _ => create,
        };
        bench.project.revision(&format!("{number:04}"), parents, "one of many", &sql, None);
    }
}

#[test]
fn a_single_statement_that_fails_halfway_leaves_nothing_and_what_was_before_it() {
    const HALFWAY: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
                           SELECT CASE i WHEN 4000 THEN abs(-9223372036854775807 - 1) ELSE i END AS v FROM n";
    for (failing, statement) in [
        (format!("CREATE TABLE made AS {HALFWAY};"), "statement 1 of 1"),
        ("CREATE UNIQUE INDEX made ON doubled (id);".to_owned(), "statement 1 of 1"),
        (format!("CREATE TABLE made (id INTEGER);\nCREATE TABLE more AS {HALFWAY};"), "statement 2 of 2"),
        ("CREATE TABLE made (id INTEGER);\nCREATE TABLE t3 (id INTEGER);".to_owned(), "statement 2 of 2"),
    ] {
        on(Engine::Sqlite, async |bench| {
            bench.database.execute("CREATE TABLE doubled (id INTEGER)");
            bench.database.execute("INSERT INTO doubled VALUES (1), (2), (1)");
            single(&bench, &failing);
            let error = bench.upgrade("head").await.expect_err("it is broken");
            assert!(error.message.contains("0037") && error.message.contains(statement), "{error}");
            assert_eq!(bench.current().await, ["0036"]);
            let made = "SELECT count(*) FROM sqlite_schema WHERE name IN ('made', 'more', 't38')";
            assert_eq!(bench.database.value(made), "0", "{failing}");
            assert_eq!(bench.database.value("PRAGMA integrity_check"), "ok");
            let log = "SELECT count(*) || ' ' || sum(outcome = 'rolled_back') FROM underpin_log";
            assert_eq!(bench.database.value(log), "37 1");

            single(&bench, "CREATE TABLE t37 (id INTEGER NOT NULL PRIMARY KEY);");
            bench.upgrade("head").await.expect("it goes on");
            let count = "SELECT count(*) FROM sqlite_schema WHERE name GLOB 't[0-9]*'";
            assert_eq!(bench.database.value(count), MANY.to_string());
            assert_eq!(bench.database.value("SELECT max(position) FROM underpin_history"), MANY.to_string());
        });
    }
}
