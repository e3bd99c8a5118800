//! The statements and the keys that batches can be made of, both ways, and as a script without a database.

use underpin_tests::{Engine, on_every_engine};

use super::{assert_done, filled, project};

on_every_engine! {
    fn keys_of_several_columns_and_of_text_lead_through_a_table(engine) {
        let upgrade = "CREATE TABLE copies (id INTEGER NOT NULL PRIMARY KEY, code VARCHAR(20), times INTEGER NOT NULL);\n\
            -- batches: items as i by tenant, id, rows 50\n\
            INSERT INTO copies (id, code, times) SELECT i.id, i.code, 1 FROM items i JOIN digits d ON d.v = 1 WHERE :batch;\n\
            -- batches: items by code rows 70 time 1s\n\
            UPDATE copies SET times = times + 1 WHERE id IN (SELECT id FROM items WHERE :batch);";
        let downgrade = "-- batches: copies by id rows 90\nDELETE FROM copies WHERE :batch;\nDROP TABLE copies;";
        let project = project(engine, upgrade, Some(downgrade));
        let database = filled(engine, &project);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let missed = "SELECT count(*) FROM items LEFT JOIN copies ON copies.id = items.id WHERE copies.id IS NULL OR times <> 2";
        assert_eq!(database.value(missed), "0");
        assert_done(&database);
        project.underpin_on(&database).args(["downgrade", "-1"]).run().expect_success();
        assert!(!database.has_table("copies"));
        assert_eq!(database.value("SELECT count(*) FROM underpin_progress"), "0");
    }

    fn values_with_quotes_and_other_types_are_written_back_as_they_were_read(engine) {
        let (bytes, moment, decimal) = match engine {
            Engine::Sqlite => ("BLOB", "TEXT", "NUMERIC"),
            Engine::Postgres => ("BYTEA", "TIMESTAMPTZ", "NUMERIC(12, 3)"),
            Engine::Mysql | Engine::Mariadb => ("VARBINARY(20)", "TIMESTAMP(6)", "DECIMAL(12, 3)"),
        };
        let quote = |text: &str| match engine {
            Engine::Postgres => format!("convert_to('{text}', 'UTF8')"),
            Engine::Sqlite => format!("CAST('{text}' AS BLOB)"),
            Engine::Mysql | Engine::Mariadb => format!("CAST('{text}' AS BINARY)"),
        };
        let upgrade = format!(
            "CREATE TABLE odd (b {bytes} NOT NULL, t {moment} NOT NULL, n {decimal} NOT NULL, s VARCHAR(20) NOT NULL, \
             seen INTEGER NOT NULL, UNIQUE (n, s), UNIQUE (b), UNIQUE (t, n));\n\
             INSERT INTO odd (b, t, n, s, seen) VALUES ({}, '2026-03-29 02:30:00.25', -1.5, 'it''s', 0), \
             ({}, '2026-10-25 02:30:00', -1.5, 'ä\"b', 0), ({}, '2026-10-25 02:30:00', 1000000.125, '', 0);\n\
             -- batches: odd by n, s, rows 1\nUPDATE odd SET seen = seen + 1 WHERE :batch;\n\
             -- batches: odd by b, rows 1\nUPDATE odd SET seen = seen + 10 WHERE :batch;\n\
             -- batches: odd by t, n, rows 1\nUPDATE odd SET seen = seen + 100 WHERE :batch;",
            quote("it''s"),
            quote("b"),
            quote("")
        );
        let project = project(engine, &upgrade, None);
        let database = filled(engine, &project);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM odd WHERE seen = 111"), "3");
        assert_done(&database);
    }

    fn a_table_without_rows_has_no_batches(engine) {
        let upgrade = "DELETE FROM items;\n-- batches: items by id\nUPDATE items SET touched = 5 WHERE :batch;";
        let project = project(engine, upgrade, None);
        let database = filled(engine, &project);
        project.underpin_on(&database).args(["upgrade", "--allow-destructive"]).run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM underpin_journal"), "0");
    }

    fn a_script_has_one_statement_of_it(engine) {
        let upgrade = "-- batches: items by id\nUPDATE items SET touched = touched + 1 WHERE id > 5 AND :batch;";
        let project = project(engine, upgrade, None);
        let database = filled(engine, &project);
        let script = project
            .underpin_on(&database)
            .args(["upgrade", "--sql", "0001:head"])
            .run()
            .expect_success();
        assert!(script.stdout.contains("WHERE id > 5 AND (1 = 1);"), "{script}");
        assert!(script.stdout.contains("-- A run does this in batches of items by id"), "{script}");
    }
}
