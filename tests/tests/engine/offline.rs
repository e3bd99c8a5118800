//! Scripts of SQL that were written without a database: running one leaves what a run leaves.

use underpin::{OfflineScript, Revisions, Target, TransactionMode};
use underpin_tests::{Project, TestDatabase};

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
