//! What the statements of generated revisions lock on PostgreSQL, and what they read while they do. The server is asked in
//! the transaction of each statement, so that no clock decides.

use std::fs;

use underpin_tests::Engine;

use crate::host::Host;
use crate::schema::shop;

/// What is noted of a statement: the strongest that it holds on the tables, and how many rows it has read of those that
/// get something.
const NOTE: &str = "INSERT INTO seen SELECT \
     (SELECT string_agg(DISTINCT mode, ' ') FROM pg_locks WHERE pid = pg_backend_pid() AND granted \
      AND relation::regclass::text IN ('orders', 'customers', 'visits', 'visits_2025', 'visits_2026') \
      AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')), \
     (SELECT sum(pg_stat_get_xact_tuples_returned(t::regclass)) \
      FROM unnest(ARRAY['orders', 'visits_2025', 'visits_2026']) t)";

#[test]
fn no_statement_reads_the_rows_while_others_are_kept_out() {
    for host in Host::all().filter(|host| host.engine() == Engine::Postgres) {
        host.run(|host| {
            let (project, database) = shop(host);
            let output = project
                .underpin_on(&database)
                .env("UNDERPIN_SCHEMA_FILE", "schema.sql")
                .args(["generate", "more"])
                .run()
                .expect_success();
            database.execute("CREATE TABLE seen (locks text, rows bigint)");
            let mut strong = 0;
            for file in output.stdout.lines() {
                let text = fs::read_to_string(project.path().join(file)).expect("a revision");
                let up = text.split("-- underpin: upgrade").nth(1).unwrap_or_default();
                let up = up.split("-- underpin: downgrade").next().unwrap_or_default();
                for statement in up.split(";\n").map(str::trim).filter(|text| !text.is_empty()) {
                    if statement.contains("CONCURRENTLY") {
                        // Its own transactions are not ours to look into; it takes none of these locks.
                        database.execute(statement);
                        continue;
                    }
                    database.execute(&format!("BEGIN; DELETE FROM seen; {statement}; {NOTE}; COMMIT"));
                    let seen = database.query("SELECT coalesce(locks, ''), rows FROM seen");
                    let [locks, rows] = [0, 1].map(|column| seen[0][column].clone().unwrap_or_default());
                    assert!(locks.is_empty() || rows == "0", "{host}: {locks}, {rows} rows, by {statement}");
                    strong += usize::from(!locks.is_empty());
                }
            }
            assert!(strong > 3, "{host}: no statement locked anything, so that nothing was seen");
        });
    }
}
