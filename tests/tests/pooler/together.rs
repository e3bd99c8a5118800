//! Replicas through the pooler and past it, at once and alone.

use std::thread;
use std::time::Duration;

use underpin_tests::{History, Output, Picture, Project, Running, Workload, scale};

use super::{assert_nothing_is_left, pooled, underpin};

const REPLICAS: usize = 10;

/// A chain in which nothing needs a session of its own.
const LENGTH: usize = 30;

fn revisions() -> (Project, Vec<String>) {
    let project = Project::new();
    let ids: Vec<String> = (1..=LENGTH).map(|number| format!("{number:04}")).collect();
    for (number, id) in ids.iter().enumerate() {
        let parents: Vec<&str> =
            number.checked_sub(1).map(|before| ids[before].as_str()).into_iter().collect();
        let begin = "CREATE TABLE steps (id VARCHAR(10) NOT NULL);\n";
        let sql = format!(
            "{}CREATE TABLE t_{id} (id INTEGER);\nINSERT INTO steps (id) VALUES ('{id}');",
            if number == 0 { begin } else { "" }
        );
        project.revision(id, &parents, "step", &sql, None);
    }
    (project, ids)
}

/// How many revisions a run has applied, as it says itself.
fn applied(output: &Output) -> usize {
    output.stderr.lines().filter(|line| line.contains("Applied ")).count()
}

#[test]
fn ten_replicas_through_the_pooler_and_ten_past_it_apply_every_revision_once() {
    for round in 0..scale::rounds("UNDERPIN_POOLED_RACES", 2, 20) {
        let Some((database, url)) = pooled() else { return };
        let (project, ids) = revisions();
        let (pooled, direct) = (underpin(&project, &url), project.underpin_on(&database));
        let start = || {
            let turns = (0..REPLICAS).flat_map(|_| [&pooled, &direct]);
            turns.map(|program| program.clone().arg("upgrade").spawn()).collect::<Vec<_>>()
        };
        let outputs: Vec<Output> = start().into_iter().map(Running::wait).collect();
        for output in &outputs {
            assert_eq!(output.code(), Some(0), "round {round}: {output}");
        }
        let history = History::of(&database);
        assert_eq!(history.complaints(&ids), Vec::<String>::new(), "round {round}");
        let by = |every: usize| outputs.iter().skip(every).step_by(2).map(applied).sum::<usize>();
        scale::report(&format!("round {round}: {} revisions through the pooler, {} past it", by(0), by(1)));
        assert_eq!(database.value("SELECT count(*)::text FROM steps"), LENGTH.to_string());
        assert_nothing_is_left(&database);
    }
}

#[test]
fn replicas_through_the_pooler_hand_the_lock_to_each_other() {
    let Some((database, url)) = pooled() else { return };
    let (project, ids) = revisions();
    let program = underpin(&project, &url).arg("upgrade");
    let outputs: Vec<_> = (0..REPLICAS).map(|_| program.spawn()).collect::<Vec<_>>();
    let outputs: Vec<Output> = outputs.into_iter().map(Running::wait).collect();
    for output in &outputs {
        assert_eq!(output.code(), Some(0), "{output}");
    }
    let busy = outputs.iter().filter(|output| applied(output) > 0).count();
    scale::report(&format!("{busy} of {REPLICAS} replicas applied something"));
    assert_eq!(outputs.iter().map(applied).sum::<usize>(), LENGTH, "{outputs:?}");
    assert_eq!(History::of(&database).complaints(&ids), Vec::<String>::new());
    assert_nothing_is_left(&database);
}

#[test]
fn a_database_looks_the_same_whichever_way_it_was_migrated() {
    let Some((database, url)) = pooled() else { return };
    let (project, workload) = (Project::new(), Workload::new(database.engine(), 7));
    workload.write(&project);
    underpin(&project, &url).arg("upgrade").run().expect_success();
    let Some((direct, _)) = pooled() else { return };
    project.underpin_on(&direct).arg("upgrade").run().expect_success();
    let (pooled, direct) = (Picture::of(&database), Picture::of(&direct));
    assert_eq!(pooled, direct);
    assert_nothing_is_left(&database);
}

#[test]
fn going_back_stamping_and_looking_work_through_the_pooler() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", Some("DROP TABLE one;"));
    project.revision("0002", &["0001"], "two", "CREATE TABLE two (id INTEGER);", Some("DROP TABLE two;"));
    project.revision(
        "0003",
        &["0002"],
        "three",
        "CREATE TABLE three (id INTEGER);",
        Some("DROP TABLE three;"),
    );
    let underpin = |words: &[&str]| underpin(&project, &url).args(words).run();
    underpin(&["upgrade", "+2"]).expect_success();
    assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    underpin(&["upgrade"]).expect_success();
    underpin(&["downgrade", "-2", "--yes"]).expect_success();
    assert_eq!(History::of(&database).applied(), ["0001"]);
    assert!(!database.has_table("two"));
    underpin(&["stamp", "head"]).expect_success();
    assert!(underpin(&["current"]).expect_success().stdout.contains("0003"));
    assert_nothing_is_left(&database);
}

#[test]
fn a_failed_revision_is_rolled_back_and_logged_and_the_others_stay() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", None);
    project.revision("0002", &["0001"], "two", "CREATE TABLE two (id INTEGER);\nSELECT 1 / 0;", None);
    let failed = underpin(&project, &url).arg("upgrade").run();
    assert_eq!(failed.code(), Some(4), "{failed}");
    assert!(failed.stderr.contains("rolled back; the database is still at 0001"), "{failed}");
    let history = History::of(&database);
    assert_eq!(history.applied(), ["0001"]);
    assert_eq!(history.log.last(), Some(&("0002".to_owned(), "rolled_back".to_owned())));
    assert!(!database.has_table("two"));
    assert_nothing_is_left(&database);
    project.revision("0002", &["0001"], "two", "CREATE TABLE two (id INTEGER);", None);
    underpin(&project, &url).arg("upgrade").run().expect_success();
    assert_nothing_is_left(&database);
}

#[test]
fn a_revision_that_can_not_be_committed_is_undone_and_logged_and_the_others_stay() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    let one = "CREATE TABLE one (id INTEGER PRIMARY KEY);\n\
               CREATE TABLE two (id INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED);";
    project.revision("0001", &[], "one", one, None);
    project.revision("0002", &["0001"], "two", "INSERT INTO two (id) VALUES (7);", None);
    project.revision("0003", &["0002"], "three", "CREATE TABLE three (id INTEGER);", None);
    for target in ["head", "0002"] {
        let failed = underpin(&project, &url).args(["upgrade", target]).run();
        assert_eq!(failed.code(), Some(4), "{failed}");
        for text in ["0002 (two)", "foreign key", "rolled back; the database is still at 0001"] {
            assert!(failed.stderr.contains(text), "no {text:?} in {failed}");
        }
        let history = History::of(&database);
        assert_eq!(history.applied(), ["0001"], "{failed}");
        assert_eq!(history.log.last(), Some(&("0002".to_owned(), "rolled_back".to_owned())), "{failed}");
        assert_nothing_is_left(&database);
    }
}

#[test]
fn a_run_that_is_killed_leaves_no_lock_in_the_pool() {
    let Some((database, url)) = pooled() else { return };
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", None);
    project.revision("0002", &["0001"], "slow", "CREATE TABLE two (id INTEGER);\nSELECT pg_sleep(2);", None);
    let program = underpin(&project, &url).arg("upgrade");
    let mut running = program.spawn();
    let sleeps =
        |_: &Running| database.busy_sessions().iter().any(|session| session.statement.contains("sleep"));
    assert!(running.wait_until(sleeps), "it never slept: {}", running.stderr());
    running.kill();
    program.run().expect_success();
    assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    thread::sleep(Duration::from_millis(50));
    assert_nothing_is_left(&database);
}
