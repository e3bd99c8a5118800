//! Scripts of SQL that were written without a database: running one leaves what a run leaves.

use std::io::Write as _;

use underpin::{OfflineScript, Revisions, Target, TransactionMode};
use underpin_tests::{Engine, Program, Project, TestDatabase};

use super::{Bench, on_every_engine, parse};

const LEDGER: &str = "SELECT revision, position, checksum, parents, depends_on, message, origin, transactional, downgrade \
     FROM underpin_history ORDER BY position";

const STATE: &str = "SELECT id, format, digest, dirty FROM underpin_state";

fn scripts(bench: &Bench) -> OfflineScript {
    let revisions = Revisions::read(&bench.project.migrations()).expect("revisions");
    OfflineScript::new(revisions, bench.engine.dialect().parse().expect("a flavour"))
}

/// The schema without empty lines: SQLite keeps an index as the text that made it, with the line end
/// that a run has behind it.
fn schema(database: &TestDatabase) -> String {
    database.schema_dump().lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_script_leaves_what_a_run_leaves() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let script = scripts(&bench);
        bench.database.execute(&script.upgrade(&Target::Base, &[Target::Head]).expect("a script"));
        assert!(bench.migrator().await.status().await.expect("a status").at_head);

        let other = Bench {
            engine: bench.engine,
            database: TestDatabase::create(bench.engine),
            project: Project::new(),
        };
        other.three_revisions();
        other.upgrade("head").await.expect("a run");
        assert_eq!(bench.database.query(LEDGER), other.database.query(LEDGER));
        assert_eq!(bench.database.query(STATE), other.database.query(STATE));
        assert_eq!(schema(&bench.database), schema(&other.database));

        bench.database.execute(&script.downgrade(&Target::Head, &parse("0001")).expect("a script"));
        assert_eq!(bench.current().await, ["0001"]);
        assert!(!bench.database.has_table("orders"));
        bench.upgrade("head").await.expect("a run goes on where the script ended");
        bench.downgrade("base").await.expect("a run takes back what a script did");
        bench.database.execute(&script.upgrade(&Target::Base, &[Target::Head]).expect("a script"));
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
    });
}

#[test]
fn a_script_for_another_state_is_refused_by_the_database() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let script = scripts(&bench);
        let first = script.upgrade(&Target::Base, &[parse("0001")]).expect("a script");
        bench.database.execute(&first);
        let error = bench.database.try_query(&first).expect_err("it was run already");
        assert!(error.to_string().contains("the database is not at base"), "{error}");
        let third = script.upgrade(&parse("0002"), &[Target::Head]).expect("a script");
        let error = bench.database.try_query(&third).expect_err("0002 is missing");
        assert!(error.to_string().contains("the database is not at 0002"), "{error}");
        assert_eq!(bench.current().await, ["0001"]);
    });
}

#[test]
fn a_stamp_is_written_as_a_script_too() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let script = scripts(&bench);
        bench.database.execute(&script.stamp(&Target::Base, &[Target::Head]).expect("a script"));
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
        assert!(!bench.database.has_table("customers"));
        bench.database.execute(&script.stamp(&Target::Head, &[parse("0002")]).expect("a script"));
        assert_eq!(bench.current().await, ["0002"]);
    });
}

#[test]
fn a_script_gives_up_where_somebody_holds_a_table() {
    on_every_engine(async |bench| {
        if bench.engine == Engine::Sqlite {
            return; // Its clients wait for nobody.
        }
        bench.three_revisions();
        bench.upgrade("0002").await.expect("a run");
        let script = scripts(&bench).upgrade(&parse("0002"), &[Target::Head]).expect("a script");
        let reader = bench.database.hold(&["SELECT * FROM orders"]);
        let error = bench.database.try_query(&script).expect_err("somebody reads").to_string();
        assert!(error.to_lowercase().contains("lock") && error.contains("timeout"), "{error}");
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_history"), "2");
        reader.end();
    });
}

#[test]
fn one_transaction_around_all_undoes_all() {
    on_every_engine(async |bench| {
        if !bench.engine.has_transactional_schema() {
            return;
        }
        bench.three_revisions();
        bench.project.revision("0004", &["0003"], "break", "INSERT INTO nowhere VALUES (1);", None);
        let script = scripts(&bench).transaction_mode(TransactionMode::All);
        let sql = script.upgrade(&Target::Base, &[Target::Head]).expect("a script");
        bench.database.try_query(&sql).expect_err("the last one is broken");
        assert_eq!(bench.database.tables(), Vec::<String>::new());
    });
}

/// The client that a script is piped into as people do it, without a flag that stops it.
fn client(bench: &Bench) -> Option<Program> {
    let program = match bench.engine {
        Engine::Sqlite => Program::at("sqlite3").arg(bench.database.url().trim_start_matches("sqlite://")),
        Engine::Postgres => Program::at("psql").args(["-X", &bench.database.url()]),
        Engine::Mysql | Engine::Mariadb => return None,
    };
    let name = if bench.engine == Engine::Sqlite { "sqlite3" } else { "psql" };
    let there = std::process::Command::new(name).arg("--version").output().is_ok();
    if !there {
        // Past the test runner's capture, which would hide it for a test that passes.
        let _ = writeln!(std::io::stderr(), "!!! {name} is SKIPPED: there is no such program");
    }
    there.then_some(program)
}

#[test]
fn a_script_for_a_client_stops_it_at_the_first_error() {
    on_every_engine(async |bench| {
        let Some(client) = client(&bench) else { return };
        bench.three_revisions();
        let script = scripts(&bench).for_own_client();
        let whole = script.upgrade(&Target::Base, &[Target::Head]).expect("a script");
        let output = client.clone().input(whole.clone()).run();
        assert_eq!(output.code(), Some(0), "{output:?}");
        assert!(bench.migrator().await.status().await.expect("a status").at_head);

        let again = client.clone().input(whole).run();
        assert_ne!(again.code(), Some(0), "{again:?}");
        let sql = "INSERT INTO nowhere VALUES (1);\nCREATE TABLE after_it (id INTEGER);";
        bench.project.revision("0004", &["0003"], "break", sql, None);
        bench.project.revision("0005", &["0004"], "after", "CREATE TABLE after_all (id INTEGER);", None);
        let broken =
            scripts(&bench).for_own_client().upgrade(&parse("0003"), &[Target::Head]).expect("a script");
        let output = client.input(broken).run();
        assert_ne!(output.code(), Some(0), "{output:?}");
        assert_eq!(bench.current().await, ["0003"]);
        assert!(!bench.database.has_table("after_it") && !bench.database.has_table("after_all"));
    });
}
