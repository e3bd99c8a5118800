//! `underpin db create` and `underpin db drop`: the database itself, guarded as `reset` is (REQUIREMENTS row 96).

use underpin_tests::{Engine, Project, TestDatabase, on_every_engine};

on_every_engine! {
    fn a_database_is_dropped_and_made_only_where_that_is_meant(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "one", "CREATE TABLE a (id INTEGER NOT NULL);", None);
        let underpin = project.underpin_on(&database);
        underpin.clone().arg("upgrade").run().expect_success();

        let asked = underpin.clone().args(["db", "drop"]).run().expect_code(8);
        assert!(asked.stderr.contains("--yes"), "{asked}");
        let production = underpin.clone().env("UNDERPIN_ENVIRONMENT", "production").args(["db", "drop", "--yes"]);
        assert!(production.run().expect_code(8).stderr.contains("production"));
        assert_eq!(database.value("SELECT count(*) FROM a"), "0");

        underpin.clone().args(["db", "drop", "--yes"]).run().expect_success();
        assert!(database.path().is_none_or(|path| !path.exists()));
        assert!(engine == Engine::Sqlite || database.try_query("SELECT 1").is_err());
        let gone = underpin.clone().args(["db", "drop", "--yes", "--json"]).run().expect_success();
        assert_eq!(gone.stdout.trim(), "{\"dropped\":false}");

        underpin.clone().args(["db", "create"]).run().expect_success();
        let there = underpin.clone().args(["db", "create", "--json"]).run().expect_success();
        assert_eq!(there.stdout.trim(), "{\"created\":false}");
        assert_eq!(database.tables(), Vec::<String>::new());
        underpin.arg("upgrade").run().expect_success();
        assert!(database.has_table("a"));
    }

    fn a_drop_that_somebody_is_in_the_way_of_gives_up_and_leaves_the_database(engine) {
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "one", "CREATE TABLE a (id INTEGER NOT NULL);", None);
        let underpin = project.underpin_on(&database);
        underpin.clone().arg("upgrade").run().expect_success();
        let holder = database.hold(&["SELECT count(*) FROM a"]);
        let refused = underpin.clone().args(["db", "drop", "--yes", "--timeout", "3s"]).run();
        assert_eq!(refused.code(), Some(6), "{refused}");
        assert_eq!(refused.stderr.contains("--force"), engine == Engine::Postgres, "{refused}");
        holder.end();
        assert!(database.has_table("a"), "{refused}");
        database.assert_idle("a drop that gave up");
        underpin.clone().args(["db", "drop", "--yes"]).run().expect_success();
        underpin.args(["db", "create"]).run().expect_success();
    }
}
