//! The row AUTO_MIGRATE_ON_STARTUP=false with DEV_CREATE_TABLES=true: missing tables are created, and nothing else.

use std::thread;

use underpin_tests::{History, Program, Project, TestDatabase, on_every_engine};

use super::{assert_at_head, assert_says, json, nowhere, provisional, report, shop, tables, working};

const CREATE: [(&str, &str); 2] = [("AUTO_MIGRATE_ON_STARTUP", "false"), ("DEV_CREATE_TABLES", "true")];

fn current(database: &TestDatabase, project: &Project) -> String {
    project.underpin_on(database).arg("current").run().expect_success().stdout
}

on_every_engine! {
    fn auto_false_create_true_creates_missing_tables_only_whatever_fail_says(engine) {
        for fail in [None, Some("true"), Some("false")] {
            let (database, project) = (TestDatabase::create(engine), working());
            // One table is there in an older shape, with a row in it.
            database.execute("CREATE TABLE notes (old INTEGER); INSERT INTO notes VALUES (5)");
            let mut variables = CREATE.to_vec();
            variables.extend(fail.map(|fail| ("FAIL_ON_MIGRATION_ERROR", fail)));
            let serving = shop(&database, &project, &variables).serve().expect_serving();
            let health = serving.get("/health");
            assert_eq!((health.status, &json(&health)["migrations"]), (200, &"pending".into()));
            let output = serving.stop().expect_success();
            assert_says(&output, &["WARN", "customers, more and extra", "Database migrations needed: base -> 0002"]);

            assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
            assert_eq!(database.query("SELECT * FROM notes"), [[Some("5".to_owned())]]);
            assert_eq!(current(&database, &project), "");
            assert!(!History::of(&database).exists, "nothing is stamped, and no history begun");
            assert_eq!(provisional(&database, &project), ["customers", "more", "extra"]);
            let status = project.underpin_on(&database).arg("status").run().expect_success();
            assert!(status.stdout.contains("Provisional: customers, more, extra"), "{status}");
        }
    }

    fn a_second_start_finds_nothing_to_create_and_writes_nothing(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let first = report(shop(&database, &project, &CREATE));
        assert_eq!((&first["outcome"], &first["success"]), (&"created".into(), &true.into()), "{first}");
        assert_eq!(first["mode"], "create");
        let picture = || (database.schema_dump(), database.query("SELECT * FROM underpin_provisional ORDER BY position"));
        let before = picture();
        let second = report(shop(&database, &project, &CREATE));
        assert_eq!(second["outcome"], "pending", "{second}");
        assert_eq!(second["provisional"], first["provisional"]);
        assert_eq!(picture(), before);
    }

    fn the_history_of_a_database_stays_as_it_is(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        let before = History::of(&database);
        shop(&database, &project, &CREATE).serve().expect_serving().stop().expect_success();
        assert_eq!(History::of(&database), before);
        assert!(current(&database, &project).starts_with("0001"));
        assert_eq!(provisional(&database, &project), ["notes", "more", "extra"]);
        // Migrating again, nobody has to lend a hand.
        shop(&database, &project, &[]).serve().expect_serving().stop().expect_success();
        assert_at_head(&database, &project);
    }

    fn many_starts_at_once_create_each_table_once(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let outcomes: Vec<String> = thread::scope(|scope| {
            let starts: Vec<_> = (0..6).map(|_| scope.spawn(|| report(shop(&database, &project, &CREATE)))).collect();
            starts
                .into_iter()
                .map(|start| start.join().expect("a start"))
                .inspect(|report| assert_eq!(report["success"], true, "{report}"))
                .map(|report| report["outcome"].as_str().unwrap_or_default().to_owned())
                .collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| *outcome == "created").count(), 1, "{outcomes:?}");
        assert_eq!(tables(&database), ["customers", "extra", "more", "notes"]);
        assert_eq!(provisional(&database, &project), ["customers", "notes", "more", "extra"]);
        assert!(!database.is_locked());
    }

    fn a_database_that_is_down_follows_fail(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        let down = |fail: &str| {
            let program = shop(&database, &project, &CREATE).env("FAIL_ON_MIGRATION_ERROR", fail);
            program.database(nowhere(engine)).env("UNDERPIN_CONNECT_TIMEOUT", "0").serve()
        };
        down("true").expect_ended().expect_code(3);
        assert_eq!(down("false").expect_serving().get("/health/ready").status, 503);
    }

    fn a_schema_that_is_wrong_creates_nothing_and_is_told_with_its_place(engine) {
        let (database, project) = (TestDatabase::create(engine), working());
        project.write("schema.sql", "CREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER REFERENCES);\n");
        let output = shop(&database, &project, &CREATE).serve().expect_ended().expect_code(4);
        assert_says(&output, &["table b could not be created", "schema.sql:2:"]);
        let left = if engine.has_transactional_schema() { vec![] } else { vec!["a".to_owned()] };
        assert_eq!(tables(&database), left);
        assert_eq!(provisional(&database, &project), left);
        project.write("schema.sql", "CREATE TABLE a (id INTEGER);\nDROP TABLE a;\n");
        let output = shop(&database, &project, &CREATE).serve().expect_ended().expect_code(2);
        assert_says(&output, &["can't stand in a schema", "schema.sql:2:"]);
    }

    fn the_shop_s_own_schema_makes_what_its_revisions_make(engine) {
        let (made, migrated) = (TestDatabase::create(engine), TestDatabase::create(engine));
        let start = |database: &TestDatabase| Program::shop().database(database.url());
        let serving = start(&made).env("DEV_CREATE_TABLES", "true").env("AUTO_MIGRATE_ON_STARTUP", "0").serve().expect_serving();
        assert_eq!(serving.get("/customers").body, "[]");
        serving.stop().expect_success();
        start(&migrated).arg("init").run().expect_success();
        let columns = |database: &TestDatabase| {
            let mut tables = tables(database);
            tables.push("orders_by_time".to_owned());
            let dump = database.schema_dump();
            tables.retain(|name| dump.contains(name.as_str()));
            tables
        };
        assert_eq!(columns(&made), columns(&migrated));
        start(&made).arg("init").run().expect_success();
        assert_eq!(made.schema_dump(), migrated.schema_dump());
        assert_eq!(made.value("SELECT count(*) FROM customers"), "3");
    }
}

#[test]
fn without_a_schema_the_start_says_what_to_give_it() {
    let project = Project::new();
    project.revision("0001", &[], "first", "CREATE TABLE a (id INTEGER);", None);
    let program =
        project.underpin().arg("startup").database("sqlite://./a.db").env("DEV_CREATE_TABLES", "true");
    let program = program.env("AUTO_MIGRATE_ON_STARTUP", "false");
    let output = program.run().expect_code(2);
    assert!(
        output.stdout.contains("UNDERPIN_SCHEMA_FILE") || output.stderr.contains("UNDERPIN_SCHEMA_FILE"),
        "{output}"
    );
    assert!(!project.path().join("a.db").exists());
    project.write("tables.sql", "CREATE TABLE b (id INTEGER);");
    project.write("underpin.toml", "[startup]\nschema_file = \"tables.sql\"\nmode = \"create\"\n");
    let program = project.underpin().arg("startup").database("sqlite://./a.db");
    let output = program.run().expect_success();
    assert!(output.stdout.contains("provisional table without revisions: b"), "{output}");
}
