//! What needs a session of its own is refused through the pooler before anything is changed, and says what to do.

use underpin_tests::{History, Project};

use super::{assert_nothing_is_left, pooled, underpin};

fn project(header: &[&str], sql: &str) -> Project {
    let project = Project::new();
    project.revision("0001", &[], "one", "CREATE TABLE one (id INTEGER);", None);
    project.revision_with("0002", &["0001"], "two", header, &[("upgrade", sql)]);
    project
}

#[test]
fn what_needs_a_session_is_refused_and_runs_past_the_pooler() {
    let cases: [(&str, &[&str], &str); 4] = [
        ("outside of a transaction", &["transaction: off"], "CREATE INDEX CONCURRENTLY one_id ON one (id);"),
        ("changes its session", &[], "SET lock_timeout = '3s';\nCREATE TABLE two (id INTEGER);"),
        ("changes its session", &[], "SELECT set_config('search_path', 'public', false);"),
        ("temporary table", &[], "CREATE TEMPORARY TABLE two (id INTEGER);"),
    ];
    for (word, header, sql) in cases {
        let Some((database, url)) = pooled() else { return };
        let project = project(header, sql);
        let refused = underpin(&project, &url).arg("upgrade").run();
        assert_eq!(refused.code(), Some(2), "{sql}: {refused}");
        for text in [word, "0002", "UNDERPIN_DATABASE_URL", "nothing was changed"] {
            assert!(refused.stderr.contains(text), "{sql}: no {text:?} in {refused}");
        }
        assert!(!History::of(&database).exists, "{sql}");
        assert_nothing_is_left(&database);
        // DATABASE_URL stays as the application needs it.
        let direct = underpin(&project, &url).env("UNDERPIN_DATABASE_URL", database.url());
        direct.arg("upgrade").run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002"], "{sql}");
        assert_nothing_is_left(&database);
    }
}

#[test]
fn what_ends_with_its_transaction_is_not_refused() {
    let sql = "SET LOCAL lock_timeout = '3s';\nCREATE TEMPORARY TABLE two (id INTEGER) ON COMMIT DROP;\n\
               INSERT INTO two (id) VALUES (1);\nINSERT INTO one (id) SELECT id FROM two;";
    let Some((database, url)) = pooled() else { return };
    underpin(&project(&[], sql), &url).arg("upgrade").run().expect_success();
    assert_eq!(database.value("SELECT count(*)::text FROM one"), "1");
    assert_nothing_is_left(&database);
}

#[test]
fn the_lock_of_transactions_can_be_asked_for_without_a_pooler() {
    let Some((database, _)) = pooled() else { return };
    let project = project(&[], "CREATE TABLE two (id INTEGER);");
    let asked = || project.underpin_on(&database).env("UNDERPIN_LOCK_MODE", "transaction");
    asked().arg("upgrade").run().expect_success();
    assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    let unknown = asked().env("UNDERPIN_LOCK_MODE", "row").arg("status").run();
    assert_eq!(unknown.code(), Some(2), "{unknown}");
}

#[test]
fn a_database_that_is_at_its_head_is_only_looked_at() {
    let Some((database, url)) = pooled() else { return };
    // What could not be run through the pooler does not matter once it is applied.
    let project = project(&["transaction: off"], "CREATE INDEX CONCURRENTLY one_id ON one (id);");
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    underpin(&project, &url).arg("upgrade").run().expect_success();
    underpin(&project, &url).args(["status", "--exit-code"]).run().expect_success();
    assert_nothing_is_left(&database);
}
