//! Time limits through the pooler: what is cancelled is ours, and no limit stays on a session.

use std::time::{Duration, Instant};

use underpin_tests::{History, Project};

use super::{assert_nothing_is_left, pooled, underpin};

fn slow() -> Project {
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", None);
    project.revision("0002", &["0001"], "slow", "CREATE TABLE two (id INTEGER);\nSELECT pg_sleep(30);", None);
    project
}

#[test]
fn a_run_and_a_statement_are_stopped_on_the_server() {
    for limit in [["--timeout", "1s"], ["--statement-timeout", "500ms"]] {
        let Some((database, url)) = pooled() else { return };
        let start = Instant::now();
        let output = underpin(&slow(), &url).arg("upgrade").args(limit).run();
        assert_eq!(output.code(), Some(6), "{limit:?}: {output}");
        assert!(start.elapsed() < Duration::from_secs(10), "{limit:?} took {:?}", start.elapsed());
        database.assert_idle("a limit");
        assert_eq!(History::of(&database).applied(), ["0001"], "{limit:?}: {output}");
        assert_nothing_is_left(&database);
    }
}

#[test]
fn who_waits_for_a_lock_that_is_held_past_the_pooler_is_told_the_holder() {
    let Some((database, url)) = pooled() else { return };
    let project = slow();
    let mut holder = project.underpin_on(&database).arg("upgrade").spawn();
    let sleeps = || database.busy_sessions().iter().any(|session| session.statement.contains("sleep"));
    assert!(holder.wait_until(|_| sleeps()), "it never slept: {}", holder.stderr());
    let waiting = underpin(&project, &url).args(["upgrade", "--lock-timeout", "500ms"]).run();
    assert_eq!(waiting.code(), Some(6), "{waiting}");
    assert!(waiting.stderr.contains("underpin:"), "the holder is not named: {waiting}");
    holder.kill();
    assert_eq!(database.left_in_pool(), Vec::<String>::new());
}
