//! Revisions outside a transaction: written statement by statement, resumed where they were cut
//! off.

use underpin_tests::Engine;

use super::on_every_engine;

#[test]
fn a_revision_outside_a_transaction_is_journaled_and_finished() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let sql = match bench.engine {
            Engine::Sqlite => "PRAGMA user_version = 7;\nCREATE INDEX orders_note ON orders (note);\nVACUUM;",
            Engine::Postgres => {
                "SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY orders_note ON orders (note);\nVACUUM orders;\nINSERT INTO orders VALUES (9, 9, 'x');"
            }
            Engine::Mysql | Engine::Mariadb => {
                "SET @x = 1;\nCREATE INDEX orders_note ON orders (note);\nINSERT INTO orders VALUES (9, 9, 'x');"
            }
        };
        bench.project.revision_with("0004", &["0003"], "outside", &["transaction: off"], &[("upgrade", sql)]);
        bench.project.revision("0005", &["0004"], "after", "CREATE TABLE after_it (id INTEGER);", None);
        let report = bench.upgrade("head").await.expect("an upgrade");
        assert_eq!(report.revisions.len(), 5);
        assert!(bench.migrator().await.status().await.expect("a status").at_head);
        assert_eq!(bench.database.value("SELECT count(*) FROM underpin_journal"), "0");
    });
}

#[test]
fn an_invalid_index_of_a_failed_build_is_removed_and_built_again() {
    on_every_engine(async |bench| {
        if bench.engine != Engine::Postgres {
            return;
        }
        bench.three_revisions();
        bench.upgrade("head").await.expect("an upgrade");
        bench.database.execute("INSERT INTO orders VALUES (8, 1, 'twice'), (9, 1, 'twice')");
        let sql = "CREATE UNIQUE INDEX CONCURRENTLY orders_note ON orders (note) WHERE note = 'twice';";
        bench.project.revision_with("0004", &["0003"], "outside", &["transaction: off"], &[("upgrade", sql)]);
        let error = bench.upgrade("head").await.expect_err("two rows are alike");
        assert_eq!(error.kind.name(), "migration_failed");
        let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
        assert_eq!(bench.database.value(invalid), "1");
        bench.database.execute("DELETE FROM orders WHERE id = 9");
        bench.upgrade("head").await.expect("built");
        assert_eq!(bench.database.value(invalid), "0");
    });
}
