//! The application's own pool: a run uses a connection of its own, and leaves the pool as it was.

use underpin::{Database, Migrator, Startup, core::lint::LintSettings};
use underpin_tests::{Engine, Project};

use super::{Bench, on_every_engine, runtime};

async fn pool(bench: &Bench) -> Database {
    let url = bench.database.url();
    match bench.engine {
        Engine::Sqlite => {
            let file = bench.database.path().expect("a file");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
            sqlx::SqlitePool::connect_with(options).await.expect("a pool").into()
        }
        Engine::Postgres => sqlx::PgPool::connect(&url).await.expect("a pool").into(),
        Engine::Mysql | Engine::Mariadb => sqlx::MySqlPool::connect(&url).await.expect("a pool").into(),
    }
}

#[test]
fn a_pool_is_as_good_as_a_url() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let migrator = Migrator::builder()
            .pool(pool(&bench).await)
            .directory(bench.project.migrations())
            .build()
            .await
            .expect("a migrator");
        assert_eq!(migrator.upgrade_to_head().await.expect("an upgrade").revisions.len(), 3);
        assert!(migrator.status().await.expect("a status").at_head);
    });
}

#[test]
fn a_start_with_a_pool_needs_no_url() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let startup = Startup::new("test").pool(pool(&bench).await).directory(bench.project.migrations());
        let report = startup.run().await.expect("a start");
        assert_eq!(report.applied.len(), 3);
        assert!(report.database_status.database_healthy);
    });
}

#[test]
fn a_database_in_memory_is_the_one_of_the_pool() {
    runtime().block_on(async {
        let project = Project::new();
        project.revision("0001", &[], "one", "CREATE TABLE here (id INTEGER PRIMARY KEY);", None);
        let pool = sqlx::sqlite::SqlitePoolOptions::new()
            .max_connections(1)
            .connect("sqlite::memory:")
            .await
            .expect("a pool");
        let migrator = Migrator::builder()
            .pool(&pool)
            .directory(project.migrations())
            // What lint needs to know is read on the pool's only connection.
            .refuse_lint_errors(LintSettings::default())
            .build()
            .await
            .expect("a migrator");
        migrator.upgrade_to_head().await.expect("an upgrade");
        let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM here")
            .fetch_one(&pool)
            .await
            .expect("the table is in the pool's database");
        assert_eq!(count, 0);
        let (enforced,): (i64,) =
            sqlx::query_as("PRAGMA foreign_keys").fetch_one(&pool).await.expect("the setting");
        assert_eq!(enforced, 1);
        assert!(!migrator.upgrade_to_head().await.expect("nothing to do").changed());
    });
}
