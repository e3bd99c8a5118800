//! Runs through a PgBouncer in transaction pooling, where no session is one's own from one transaction to the next:
//! every revision once, no lock and no setting left to others, and what can't be run there refused.

mod held;
mod limits;
mod refusal;
mod together;

use underpin_tests::{Engine, Program, Project, TestDatabase};

/// A database, and the URL that leads to it through the pooler; nothing where there is no pooler.
fn pooled() -> Option<(TestDatabase, String)> {
    if !Engine::Postgres.is_available() {
        return None;
    }
    let database = TestDatabase::create(Engine::Postgres);
    let url = database.pooled_url()?;
    Some((database, url))
}

/// The command line program, in a project, through the pooler.
fn underpin(project: &Project, url: &str) -> Program {
    project.underpin().database(url)
}

/// Asserts that nothing of a run is left for others.
#[track_caller]
fn assert_nothing_is_left(database: &TestDatabase) {
    assert_eq!(database.left_in_pool(), Vec::<String>::new(), "left behind in the pool");
    assert!(!database.is_locked(), "somebody holds the migration lock");
}

#[test]
fn what_a_client_leaves_behind_is_seen() {
    let Some((database, _)) = pooled() else { return };
    assert_eq!(database.left_in_pool(), Vec::<String>::new());
    let leaving = ["SET statement_timeout = 77000", "PREPARE kept AS SELECT 1", "SELECT pg_advisory_lock(7)"];
    // A client's statements meet on one session as long as nobody else is there.
    database.query_pooled(&leaving);
    assert_eq!(database.left_in_pool(), ["lock 7", "prepared kept", "setting statement_timeout = 77000"]);
}

#[test]
fn a_lock_of_the_session_would_stay_with_the_pool() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", None);
    let run = underpin(&project, &url).env("UNDERPIN_LOCK_MODE", "session").arg("upgrade").run();
    // Whoever says that sessions can be trusted, and is wrong, leaves settings to others: which is why nobody is
    // asked to say so.
    assert_ne!(database.left_in_pool(), Vec::<String>::new(), "{run}");
}

#[test]
fn doctor_says_that_there_is_a_pooler() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", None);
    let through = underpin(&project, &url).arg("doctor").run().expect_success();
    assert!(through.stdout.contains("warn  pooler"), "{through}");
    let past = project.underpin_on(&database).arg("doctor").run().expect_success();
    assert!(past.stdout.contains("ok  pooler"), "{past}");
    assert_nothing_is_left(&database);
}

#[test]
fn tables_without_revisions_are_made_with_the_lock_of_a_transaction() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", Some("DROP TABLE one;"));
    project.write("schema.sql", "CREATE TABLE one (id INTEGER);\n");
    let creating = underpin(&project, &url)
        .env("AUTO_MIGRATE_ON_STARTUP", "false")
        .env("DEV_CREATE_TABLES", "true")
        .env("UNDERPIN_SCHEMA_FILE", project.path().join("schema.sql"));
    creating.arg("startup").run().expect_success();
    assert!(database.has_table("one"));
    assert_nothing_is_left(&database);
    // The next good start continues without a hand.
    underpin(&project, &url).arg("upgrade").run().expect_success();
    assert_eq!(database.value("SELECT count(*)::text FROM underpin_history"), "1");
    assert_nothing_is_left(&database);
}
