use tempfile::TempDir;

use super::*;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (id, rest) in files {
        let text = format!("-- revision: {id}\n{rest}");
        std::fs::write(directory.path().join(format!("{id}.sql")), text).expect("a file");
    }
    directory
}

/// Two revisions, one of them outside of a transaction.
fn files() -> TempDir {
    directory(&[
        (
            "0001",
            "-- message: it's a \\ start\n\n-- underpin: upgrade\nCREATE TABLE a (id int PRIMARY KEY, note text);\n\
             INSERT INTO a VALUES (1, 'x;y -- z');\n\n-- underpin: downgrade\nDROP TABLE a;\n",
        ),
        (
            "0002",
            "-- parents: 0001\n-- transaction: off\n\n-- underpin: upgrade\nCREATE INDEX i ON a (id);\n\n\
             -- underpin: upgrade postgres\nCREATE INDEX CONCURRENTLY i ON a (id);\n\n\
             -- underpin: upgrade mysql\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END;\n\n\
             -- underpin: downgrade\nDROP INDEX i;\n",
        ),
    ])
}

fn script(directory: &TempDir, flavour: Flavour) -> OfflineScript {
    OfflineScript::new(Revisions::read(directory.path()).expect("revisions"), flavour)
}

fn target(text: &str) -> Target {
    text.parse().expect("a target")
}

fn lines<'a>(script: &'a str, start: &str) -> Vec<&'a str> {
    script.lines().filter(|line| line.starts_with(start)).collect()
}

#[test]
fn steps_are_announced_as_alembic_does() {
    let files = files();
    let script = script(&files, Flavour::Sqlite);
    let up = script.upgrade(&Target::Base, &[Target::Head]).expect("a script");
    assert_eq!(lines(&up, "-- Running"), ["-- Running upgrade  -> 0001", "-- Running upgrade 0001 -> 0002"]);
    let down = script.downgrade(&Target::Head, &Target::Base).expect("a script");
    assert_eq!(
        lines(&down, "-- Running"),
        ["-- Running downgrade 0002 -> 0001", "-- Running downgrade 0001 -> "]
    );
    let stamp = script.stamp(&target("0001"), &[Target::Head]).expect("a script");
    assert_eq!(lines(&stamp, "-- Running"), ["-- Running stamp_revision 0001 -> 0002"]);
    let nothing = script.upgrade(&Target::Head, &[Target::Head]).expect("a script");
    assert!(nothing.ends_with("\n-- Nothing to do.\n"), "{nothing}");
}

#[test]
fn the_history_is_created_only_at_the_base() {
    let files = files();
    let script = script(&files, Flavour::Postgres);
    let created = |from: &str| {
        let sql = script.upgrade(&target(from), &[Target::Head]).expect("a script");
        lines(&sql, "CREATE TABLE IF NOT EXISTS").len()
    };
    // One of them is the journal, which the revision outside of a transaction needs.
    assert_eq!((created("base"), created("0001")), (4, 1));
}

#[test]
fn every_transaction_of_postgres_asks_where_the_database_is() {
    let files = files();
    let sql = script(&files, Flavour::Postgres).upgrade(&Target::Base, &[Target::Head]).expect("a script");
    let complaints: Vec<&str> = sql.lines().filter(|line| line.contains("RAISE EXCEPTION")).collect();
    assert_eq!(complaints.len(), 3, "{sql}");
    assert!(complaints[2].contains("the database is not at 0001 as"), "{}", complaints[2]);
}

#[test]
fn a_revision_outside_of_a_transaction_keeps_the_journal() {
    let files = files();
    let sql = script(&files, Flavour::Postgres).upgrade(&target("0001"), &[Target::Head]).expect("a script");
    let place = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text} is not in {sql}"));
    let order = [
        place("CREATE TABLE IF NOT EXISTS \"underpin_journal\""),
        place("INSERT INTO \"underpin_journal\""),
        place("dirty = '0002'"),
        place("state = 'started'"),
        place("CREATE INDEX CONCURRENTLY i ON a (id);"),
        place("DELETE FROM \"underpin_journal\""),
        place("INSERT INTO \"underpin_history\""),
        place("dirty = NULL"),
    ];
    assert!(order.is_sorted(), "{sql}");
}

#[test]
fn no_statement_waits_for_a_lock_for_long_but_what_keeps_nobody_out() {
    let files = files();
    let sql = script(&files, Flavour::Postgres).upgrade(&Target::Base, &[Target::Head]).expect("a script");
    let (limit, patience) = ("SET lock_timeout = '2s';\n", "SET lock_timeout = '0s';\n");
    let build = "CREATE INDEX CONCURRENTLY i ON a (id);\n";
    assert!(sql.contains(&format!("{patience}{build}{limit}")), "{sql}");
    assert!(sql.find(limit) < sql.find("BEGIN;"), "{sql}");
    assert!(sql.ends_with("\nRESET lock_timeout;\n"), "{sql}");
    for flavour in [Flavour::Mysql, Flavour::Mariadb] {
        let sql = script(&files, flavour).upgrade(&Target::Base, &[Target::Head]).expect("a script");
        assert_eq!(lines(&sql, "SET SESSION lock_wait_timeout = ").len(), 2, "{sql}");
    }
    let sql = script(&files, Flavour::Sqlite).upgrade(&Target::Base, &[Target::Head]).expect("a script");
    assert!(!sql.contains("timeout"), "{sql}");
}

#[test]
fn a_revision_that_says_itself_how_long_it_waits_is_believed() {
    let build = "CREATE INDEX CONCURRENTLY i ON a (id);\n";
    let own = format!("-- transaction: off\n\n-- underpin: upgrade\nSET lock_timeout = '9s';\n{build}");
    let files = directory(&[("1", &own), ("2", "-- parents: 1\n\n-- underpin: upgrade\nSELECT 2;\n")]);
    let sql = script(&files, Flavour::Postgres).upgrade(&Target::Base, &[Target::Head]).expect("a script");
    assert!(!sql.contains("'0s'") && sql.contains("SET lock_timeout = '9s';\n"), "{sql}");
    let limits: Vec<usize> = sql.match_indices("SET lock_timeout = '2s';").map(|(at, _)| at).collect();
    let place = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text} is not in {sql}"));
    assert_eq!(limits.len(), 2, "{sql}");
    assert!(place(build) < limits[1] && limits[1] < place("SELECT 2;"), "{sql}");
}

#[test]
fn mysql_begins_no_transaction_around_what_commits_by_itself() {
    let files = files();
    let sql = script(&files, Flavour::Mysql).upgrade(&Target::Base, &[Target::Head]).expect("a script");
    let first = sql.find("START TRANSACTION").expect("the journal has one");
    assert!(sql.find("DROP TEMPORARY TABLE").is_some_and(|guard| guard < first), "{sql}");
    assert!(sql.contains("DELIMITER //\nCREATE TRIGGER t"), "{sql}");
}

#[test]
fn one_transaction_is_one_transaction() {
    let files = directory(&[
        ("1", "\n-- underpin: upgrade\nSELECT 1;\n"),
        ("2", "-- parents: 1\n\n-- underpin: upgrade\nSELECT 2;\n"),
    ]);
    let script = script(&files, Flavour::Postgres).transaction_mode(TransactionMode::All);
    let sql = script.upgrade(&Target::Base, &[Target::Head]).expect("a script");
    assert_eq!((lines(&sql, "BEGIN;").len(), lines(&sql, "COMMIT;").len()), (1, 1), "{sql}");
}

#[test]
fn what_can_not_be_run_makes_no_script() {
    let files = directory(&[
        ("1", "\n-- underpin: upgrade\nSELECT 1;\n"),
        ("2", "-- parents: 1\n\n-- underpin: upgrade mysql\nSELECT 2;\n"),
    ]);
    let script = script(&files, Flavour::Sqlite);
    let kind = |result: Result<String, Diagnostic>| result.expect_err("no script").kind;
    assert_eq!(kind(script.upgrade(&Target::Base, &[Target::Head])), ErrorKind::Unsupported);
    assert_eq!(kind(script.downgrade(&target("1"), &Target::Base)), ErrorKind::Irreversible);
    assert_eq!(kind(script.upgrade(&target("-1"), &[Target::Head])), ErrorKind::RelativeOutOfRange);
    let empty = directory(&[]);
    let script = self::script(&empty, Flavour::Sqlite);
    assert_eq!(kind(script.upgrade(&Target::Base, &[Target::Head])), ErrorKind::NoRevisions);
}

/// The proof that a script leaves what a run leaves, on the engine that every machine has.
#[cfg(feature = "sqlite")]
mod on_sqlite {
    use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

    use super::*;
    use crate::{Migrator, Status};

    async fn run(file: &std::path::Path, sql: &str) -> Result<(), sqlx::Error> {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let mut connection = options.connect().await?;
        let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
        connection.close().await?;
        result.map(drop)
    }

    async fn migrator(files: &TempDir, file: &std::path::Path) -> Migrator {
        let url = format!("sqlite://{}", file.display());
        Migrator::builder().url(url).directory(files.path()).build().await.expect("a migrator")
    }

    async fn status(files: &TempDir, file: &std::path::Path) -> Status {
        migrator(files, file).await.status().await.expect("a status")
    }

    #[tokio::test]
    async fn a_script_leaves_the_database_where_a_run_does() {
        let (files, place) = (files(), tempfile::tempdir().expect("a temporary directory"));
        let file = place.path().join("a.db");
        let script = script(&files, Flavour::Sqlite);
        let up = script.upgrade(&Target::Base, &[Target::Head]).expect("a script");
        run(&file, &up).await.expect("the script runs");
        assert!(status(&files, &file).await.at_head);
        let again = migrator(&files, &file).await.upgrade_to_head().await.expect("nothing to do");
        assert!(!again.changed());
        let down = script.downgrade(&Target::Head, &Target::Base).expect("a script");
        run(&file, &down).await.expect("the script runs");
        let now = status(&files, &file).await;
        assert!(now.current.is_empty() && now.unknown.is_empty() && now.dirty.is_none());
        run(&file, &up).await.expect("the script runs on an empty history, too");
        assert!(status(&files, &file).await.at_head);
        migrator(&files, &file)
            .await
            .downgrade(Target::Base)
            .await
            .expect("a run takes back what a script did");
    }

    #[tokio::test]
    async fn a_script_for_another_state_changes_nothing() {
        let (files, place) = (files(), tempfile::tempdir().expect("a temporary directory"));
        let file = place.path().join("a.db");
        let script = script(&files, Flavour::Sqlite);
        let first = script.upgrade(&Target::Base, &[target("0001")]).expect("a script");
        run(&file, &first).await.expect("the script runs");
        let error = run(&file, &first).await.expect_err("it has run").to_string();
        assert!(error.contains("the database is not at base"), "{error}");
        let second = script.upgrade(&target("0001"), &[Target::Head]).expect("a script");
        run(&file, &second).await.expect("the script runs");
        assert!(status(&files, &file).await.at_head);
    }

    #[tokio::test]
    async fn a_stamp_script_runs_nothing() {
        let (files, place) = (files(), tempfile::tempdir().expect("a temporary directory"));
        let file = place.path().join("a.db");
        let script = script(&files, Flavour::Sqlite);
        let stamp = script.stamp(&Target::Base, &[Target::Head]).expect("a script");
        run(&file, &stamp).await.expect("the script runs");
        assert!(status(&files, &file).await.at_head);
        let error = run(&file, "SELECT * FROM a").await.expect_err("no table was made").to_string();
        assert!(error.contains("no such table"), "{error}");
        let back = script.stamp(&Target::Head, &[target("0001")]).expect("a script");
        run(&file, &back).await.expect("the script runs");
        assert_eq!(
            status(&files, &file).await.current.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
            ["0001"]
        );
    }

    #[tokio::test]
    async fn a_script_that_breaks_off_leaves_a_database_that_says_so() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let files = directory(&[(
            "1",
            "-- transaction: off\n\n-- underpin: upgrade\nCREATE TABLE a (b int);\nINSERT INTO nowhere VALUES (1);\n",
        )]);
        let file = place.path().join("a.db");
        let sql = script(&files, Flavour::Sqlite).upgrade(&Target::Base, &[Target::Head]).expect("a script");
        run(&file, &sql).await.expect_err("there is no such table");
        let dirty = status(&files, &file).await.dirty.expect("half of it is there");
        assert_eq!((dirty.revision.as_str(), dirty.statement, dirty.of), ("1", 2, 2));
    }
}
