//! What is tried in a scratch database stays there: neither a statement of a schema or a revision nor a
//! setting leads from it into the databases beside it.

use underpin_tests::{Engine, Project, TestDatabase, on_every_engine};

/// A statement that would change `live` from any other database of its server, or the file of one.
fn leaving(live: &TestDatabase) -> String {
    match live.engine() {
        Engine::Sqlite => {
            let path = live.path().expect("a file");
            format!("ATTACH '{}' AS live;\nDROP TABLE live.orders;\n", path.display())
        }
        Engine::Postgres => format!("DROP DATABASE \"{}\" WITH (FORCE);\n", live.name()),
        Engine::Mysql | Engine::Mariadb => format!("DROP TABLE `{}`.orders;\n", live.name()),
    }
}

on_every_engine! {
    fn a_schema_that_leads_out_is_refused_before_any_of_it_is_run(engine) {
        let project = Project::new();
        let (live, database) = (TestDatabase::create(engine), TestDatabase::create(engine));
        live.execute("CREATE TABLE orders (i INTEGER)");
        let text = format!("CREATE TABLE a (i INTEGER);\n{}", leaving(&live));
        project.write("schema.sql", &text);
        for command in [&["inspect", "schema.sql"][..], &["diff", "--from", "db", "--to", "schema.sql"]] {
            let refused = project.underpin_on(&database).args(command).run().expect_code(2);
            assert!(refused.stderr.contains("schema.sql:2:1"), "{refused}");
        }
        assert!(live.has_table("orders"));
    }

    fn a_revision_that_leads_out_is_refused_in_a_trial(engine) {
        let project = Project::new();
        let (live, database) = (TestDatabase::create(engine), TestDatabase::create(engine));
        live.execute("CREATE TABLE orders (i INTEGER)");
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", Some(&leaving(&live)));
        project.revision("0002", &["0001"], "two", &leaving(&live), None);
        for command in [&["test"][..], &["diff", "--from", "revisions", "--to", "db"]] {
            let refused = project.underpin_on(&database).args(command).run().expect_code(2);
            assert!(refused.stderr.contains("scratch database"), "{refused}");
        }
        assert!(live.has_table("orders"));
    }

    fn a_history_in_a_schema_of_its_own_is_not_touched_by_what_is_tried(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        let meta = match engine {
            Engine::Sqlite => return,
            Engine::Postgres => "meta".to_owned(),
            Engine::Mysql | Engine::Mariadb => format!("{}_meta", database.name()),
        };
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", Some("DROP TABLE a;"));
        project.revision("0002", &["0001"], "two", "CREATE TABLE b (i INTEGER);", Some("DROP TABLE b;"));
        let run = |arguments: &[&str]| {
            project.underpin_on(&database).env("UNDERPIN_HISTORY_SCHEMA", &meta).args(arguments).run()
        };
        run(&["upgrade"]).expect_success();
        let log = format!("SELECT count(*) FROM {meta}.underpin_log");
        assert_eq!(database.value(&log), "2");
        run(&["test"]).expect_success();
        run(&["verify"]).expect_success();
        assert_eq!(database.value(&log), "2", "the trial wrote a history of its own");
        assert!(run(&["current"]).expect_success().stdout.starts_with("0002"));
        if engine != Engine::Postgres {
            database.execute(&format!("DROP DATABASE `{meta}`"));
        }
    }
}
