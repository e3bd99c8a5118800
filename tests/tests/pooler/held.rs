//! Runs through the pooler that are held at a point: killed there, or overtaken by somebody who comes past the pooler.

use underpin_tests::{History, Hold, Project};

use super::{assert_nothing_is_left, pooled, underpin};

const IDS: [&str; 4] = ["0001", "0002", "0003", "0004"];

fn project() -> Project {
    let project = Project::new();
    for (place, id) in IDS.into_iter().enumerate() {
        let parents: Vec<&str> = place.checked_sub(1).map(|before| IDS[before]).into_iter().collect();
        let sql = format!("CREATE TABLE t_{id} (id INTEGER);\nINSERT INTO t_{id} (id) VALUES (1);");
        project.revision(id, &parents, "step", &sql, Some(&format!("DROP TABLE t_{id};")));
    }
    project
}

#[test]
fn a_run_that_is_killed_at_any_point_leaves_nothing_in_the_pool() {
    let points =
        ["looked", "locked", "history-created", "between-revisions", "before-commit", "between-turns"];
    for point in points.into_iter().chain(["before-unlock"]) {
        let Some((database, url)) = pooled() else { return };
        let (project, hold) = (project(), Hold::at(point, 0));
        let program = underpin(&project, &url).arg("upgrade");
        let mut running = hold.on(&program).spawn();
        assert!(hold.is_reached(&mut running), "{point}: {}", running.stderr());
        running.kill();
        program.run().expect_success();
        assert_eq!(
            History::of(&database).complaints(&IDS.map(str::to_owned)),
            Vec::<String>::new(),
            "{point}"
        );
        assert_nothing_is_left(&database);
    }
}

#[test]
fn whoever_comes_in_between_two_revisions_is_lived_with() {
    let Some((database, url)) = pooled() else { return };
    let (project, hold) = (project(), Hold::at("between-turns", 1));
    let mut running = hold.on(&underpin(&project, &url).arg("upgrade")).spawn();
    assert!(hold.is_reached(&mut running), "{}", running.stderr());
    assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    assert!(!database.is_locked(), "between two revisions the lock is free");
    project.underpin_on(&database).args(["upgrade", "+1"]).run().expect_success();
    hold.release();
    running.wait().expect_success();
    assert_eq!(History::of(&database).complaints(&IDS.map(str::to_owned)), Vec::<String>::new());
    assert_nothing_is_left(&database);
}

#[test]
fn a_target_that_counts_from_here_is_reached_in_one_transaction() {
    let Some((database, url)) = pooled() else { return };
    let (project, hold) = (project(), Hold::at("between-revisions", 0));
    let mut running = hold.on(&underpin(&project, &url).args(["upgrade", "+2"])).spawn();
    assert!(hold.is_reached(&mut running), "{}", running.stderr());
    // Planned again behind the first revision, two more would be one too many.
    assert!(!History::of(&database).exists && database.is_locked());
    hold.release();
    running.wait().expect_success();
    assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    assert_nothing_is_left(&database);
}
