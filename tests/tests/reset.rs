//! `underpin reset`: everything back and up again, guarded (REQUIREMENTS row 96).

use underpin_tests::{Project, TestDatabase, on_every_engine};

on_every_engine! {
    fn a_reset_is_guarded_and_leaves_an_empty_head(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "one", "CREATE TABLE a (id INTEGER NOT NULL);", Some("DROP TABLE a;"));
        project.revision("0002", &["0001"], "two", "CREATE TABLE b (id INTEGER NOT NULL);", Some("DROP TABLE b;"));
        project.underpin_on(&database).args(["upgrade"]).run().expect_success();
        database.execute("INSERT INTO a VALUES (1)");

        let asked = project.underpin_on(&database).args(["reset"]).run().expect_code(8);
        assert!(asked.stderr.contains("--yes"), "{}", asked.text());
        let production =
            project.underpin_on(&database).env("UNDERPIN_ENVIRONMENT", "Production").args(["reset", "--yes"]).run();
        production.expect_code(8);
        assert_eq!(database.value("SELECT count(*) FROM a"), "1");

        project.underpin_on(&database).args(["reset", "--yes"]).run().expect_success();
        assert_eq!(database.value("SELECT count(*) FROM a"), "0");
        let current = project.underpin_on(&database).args(["current"]).run().expect_success();
        assert_eq!(current.stdout.trim(), "0002 (head)");
    }
}
