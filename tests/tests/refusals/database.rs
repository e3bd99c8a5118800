//! Refusals for what the database is: somewhere else, closed, not to be written to, or of another history.

use std::fs;

use underpin_tests::{TestDatabase, on_every_engine};

use super::{THIRD, refuse, three, two_of_three};

on_every_engine! {
    fn a_database_ahead_of_the_files_is_told(engine) {
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        fs::remove_file(project.migrations().join(THIRD)).unwrap();
        refuse(&database, &project.underpin_on(&database).arg("upgrade"), 7, &["0003"]);
    }

    fn a_revision_that_was_edited_after_it_was_applied_is_told(engine) {
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        project.revision("0001", &[], "add customers", "CREATE TABLE customers (id BIGINT NOT NULL PRIMARY KEY);", None);
        refuse(&database, &project.underpin_on(&database).arg("upgrade"), 7, &["0001", "0001_add_customers.sql"]);
    }

    fn a_wrong_password_is_told(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        let right = database.user_with_password("open sesame");
        let wrong = right.replace("open%20sesame", "let%20me%20in");
        assert_ne!(right, wrong);
        let output = refuse(&database, &project.underpin().database(&wrong).arg("upgrade"), 3, &["password"]);
        assert!(!output.text().contains("let me in") && !output.text().contains("let%20me%20in"), "{output}");
    }

    fn a_server_that_is_down_is_told(engine) {
        let database = TestDatabase::create(engine);
        let project = three();
        let upgrade = project.underpin().database(engine.unreachable_url()).args(["upgrade", "--connect-timeout", "1s"]);
        let output = refuse(&database, &upgrade, 3, &["can't"]);
        assert!(!output.text().contains("nothing@"), "{output}");
    }

    fn a_database_that_is_not_there_is_told(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let project = three();
        let elsewhere = database.url().replace(database.name(), "no_such_database");
        refuse(&database, &project.underpin().database(elsewhere).arg("upgrade"), 3, &["no_such_database"]);
    }

    fn a_database_that_may_only_be_read_is_told(engine) {
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        let url = database.read_only_user();
        refuse(&database, &project.underpin().database(url).arg("upgrade"), 3, &[]);
    }

    fn tables_that_nobody_knows_of_are_told(engine) {
        let database = TestDatabase::create(engine);
        database.execute("CREATE TABLE orders (id INTEGER)");
        refuse(&database, &three().underpin_on(&database).arg("upgrade"), 7, &["orders", "stamp"]);
    }
    fn a_history_without_its_ledger_is_told(engine) {
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        database.execute("DROP TABLE underpin_history");
        for command in ["status", "check", "current"] {
            let told = refuse(&database, &project.underpin_on(&database).arg(command), 5, &["a table of the history is gone", "underpin stamp"]);
            assert!(told.stderr.contains("underpin_history"), "{told}");
        }
    }

    fn a_url_without_a_database_is_told(engine) {
        if !matches!(engine, underpin_tests::Engine::Mysql | underpin_tests::Engine::Mariadb) {
            return;
        }
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        let without = database.url().replace(database.name(), "");
        for command in ["status", "upgrade", "ping"] {
            refuse(&database, &project.underpin().database(&without).arg(command), 3, &["name the database at the end of the URL"]);
        }
    }

    fn a_database_that_the_user_has_no_right_to_is_told(engine) {
        if !matches!(engine, underpin_tests::Engine::Mysql | underpin_tests::Engine::Mariadb) {
            return;
        }
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        let elsewhere = database.user_with_password("secret words").replace(&format!("/{}", database.name()), "/somebody_elses");
        let output = refuse(&database, &project.underpin().database(&elsewhere).arg("status"), 3, &["1044", "grant the user"]);
        assert!(!output.stderr.contains("check that the server runs"), "{output}");
    }

    fn a_history_that_contradicts_itself_is_told(engine) {
        let database = TestDatabase::create(engine);
        let project = two_of_three(&database);
        database.execute(&format!("UPDATE underpin_state SET digest = '{}'", "ab".repeat(32)));
        let check = project.underpin_on(&database).arg("check");
        refuse(&database, &check, 5, &["the digest in the history", "`underpin stamp 0002`"]);
        refuse(&database, &project.underpin_on(&database).arg("upgrade"), 5, &["the digest in the history"]);
        let status = project.underpin_on(&database).args(["status", "--exit-code"]).run().expect_code(5);
        assert!(status.stdout.contains("Inconsistent: the digest in the history"), "{status}");
        let json = project.underpin_on(&database).args(["status", "--json"]).run().expect_success();
        assert!(json.stdout.contains("\"consistent\":false,\"at_head\":false"), "{json}");
        project.underpin_on(&database).args(["stamp", "0002"]).run().expect_success();
        project.underpin_on(&database).args(["status", "--exit-code"]).run().expect_code(1);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
    }
}
