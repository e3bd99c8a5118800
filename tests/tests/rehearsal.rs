//! How what is tried is told: what fails in a scratch database is no failure of the database, what can't be
//! tried is refused, and what is mistyped is not taken for something else. Whether a comparison is right is
//! in the suites `comparison` and `schemas`.

use underpin_tests::{Engine, Output, Project, TestDatabase, on_every_engine};

fn on(project: &Project, database: &TestDatabase, arguments: &[&str]) -> Output {
    project.underpin_on(database).args(arguments).run()
}

on_every_engine! {
    fn a_revision_that_fails_in_scratch_leaves_no_database_dirty(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        let up = "CREATE TABLE a (i INTEGER);\nCREATE TABLE a (i INTEGER);";
        project.revision("0001", &[], "one", up, None);
        let failed = on(&project, &database, &["test"]).expect_code(4);
        assert!(failed.stderr.contains("only a scratch database was touched"), "{failed}");
        assert!(failed.stderr.contains("mend ") && !failed.stderr.contains("underpin stamp"), "{failed}");
        assert!(!failed.stderr.contains("dirty"), "{failed}");
    }

    fn a_downgrade_that_forgets_a_table_is_told_as_that(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        let up = "CREATE TABLE a (i INTEGER);\nCREATE TABLE b (i INTEGER);";
        project.revision("0001", &[], "one", up, Some("DROP TABLE a;"));
        let found = on(&project, &database, &["test"]).expect_code(1);
        assert!(found.stdout.contains("leaves something behind") && found.stdout.contains("drop table"), "{found}");
    }

    fn a_second_branch_is_taken_back_alone(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("a1", &[], "root", "CREATE TABLE a (i INTEGER);", Some("DROP TABLE a;"));
        project.revision("b1", &["a1"], "one", "ALTER TABLE a ADD COLUMN x INTEGER;", Some("SELECT 1;"));
        project.revision("b2", &["a1"], "two", "CREATE TABLE b (i INTEGER);", Some("DROP TABLE b;"));
        let found = on(&project, &database, &["test"]).expect_code(1);
        assert!(found.stdout.contains("a.x"), "{found}");
        project.revision("b1", &["a1"], "one", "ALTER TABLE a ADD COLUMN x INTEGER;", Some("ALTER TABLE a DROP COLUMN x;"));
        let proven = on(&project, &database, &["test"]).expect_success();
        assert!(!proven.stdout.contains("not taken back"), "{proven}");
    }

    fn a_scratch_server_of_another_kind_is_refused(engine) {
        if engine == Engine::Sqlite {
            return;
        }
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.write("schema.sql", "CREATE TABLE a (i INTEGER PRIMARY KEY);");
        let run = project
            .underpin_on(&database)
            .env("UNDERPIN_SCRATCH_URL", "sqlite:")
            .args(["generate", "one", "--to", "schema.sql"])
            .run()
            .expect_code(2);
        assert!(run.stderr.contains("scratch server is one of sqlite"), "{run}");
    }

    fn a_schema_that_is_named_and_not_there_fails_the_check(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", None);
        on(&project, &database, &["upgrade"]).expect_success();
        on(&project, &database, &["check"]).expect_success();
        let check = || project.underpin_on(&database).env("UNDERPIN_SCHEMA_FILE", "schema.sql").arg("check").run();
        assert!(check().expect_code(2).stderr.contains("schema.sql"));
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);\n'");
        assert!(check().expect_code(2).stderr.contains("schema.sql:2"));
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);");
        check().expect_success();
    }

    fn a_dependency_is_applied_before_what_is_generated(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", None);
        project.revision("x1", &[], "aside", "CREATE TABLE x (i INTEGER);", None);
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);\nCREATE TABLE x (i INTEGER);\nCREATE TABLE n (i INTEGER);");
        let generate = ["generate", "n", "--to", "schema.sql", "--head", "0001", "--depends-on", "x1", "--rev-id", "0002"];
        let generated = on(&project, &database, &generate).expect_success();
        assert!(!generated.stderr.contains("table x") && generated.stderr.contains("create table"), "{generated}");
        on(&project, &database, &["upgrade", "heads"]).expect_success();
        assert!(database.has_table("n"));
        on(&project, &database, &["diff", "--to", "schema.sql", "--exit-code"]).expect_success();
    }

    fn a_dirty_database_is_no_drift(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        let up = "CREATE TABLE a (i INTEGER);\nINSERT INTO nowhere VALUES (1);";
        project.revision_with("0001", &[], "one", &["transaction: off"], &[("upgrade", up)]);
        on(&project, &database, &["upgrade"]).expect_code(5);
        let verify = on(&project, &database, &["verify"]).expect_code(5);
        assert!(verify.stderr.contains("0001"), "{verify}");
    }

    fn an_empty_database_is_at_base(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", None);
        let stamped = on(&project, &database, &["stamp", "--detect"]).expect_success();
        assert!(stamped.stderr.contains("base"), "{stamped}");
        on(&project, &database, &["upgrade"]).expect_success();
        assert!(database.has_table("a"));
    }

    fn a_push_waits_for_the_migration_lock_and_tells_of_rows_in_its_way(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);");
        on(&project, &database, &["push", "--to", "schema.sql"]).expect_success();
        assert!(database.has_table("a"));
        database.execute("INSERT INTO a (i) VALUES (1)");
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);\nCREATE TABLE b (i INTEGER NOT NULL);");
        on(&project, &database, &["push", "--to", "schema.sql"]).expect_success();
        assert_eq!(database.value("SELECT count(*) FROM a"), "1");
    }

    fn flags_of_a_generated_revision_are_refused_for_another(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        for flags in [&["--to", "models"][..], &["--dialect", "sqlite"], &["--exclude", "a*"]] {
            let mut command = vec!["revision", "-m", "one"];
            command.extend(flags);
            let refused = on(&project, &database, &command).expect_code(2);
            assert!(refused.stderr.contains(flags[0]) && refused.stderr.contains("--autogenerate"), "{refused}");
        }
    }

    fn two_servers_of_one_kind_are_one_section(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);");
        let dialect = match engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
            Engine::Mysql | Engine::Mariadb => "mysql",
        };
        let generate = ["generate", "a", "--to", "schema.sql", "--dialect", dialect, "--dialect", dialect, "--rev-id", "1"];
        on(&project, &database, &generate).expect_success();
        let text = std::fs::read_to_string(project.migrations().join("1_a.sql")).expect("a revision");
        assert!(text.contains("-- underpin: upgrade\n"), "{text}");
    }

    fn a_server_without_a_difference_has_a_section_too(engine) {
        if engine == Engine::Sqlite {
            return;
        }
        let project = Project::new();
        let database = TestDatabase::create(engine);
        let sections = [("upgrade", "CREATE TABLE a (i INTEGER);"), ("upgrade sqlite", "SELECT 1;")];
        project.revision_with("0001", &[], "one", &[], &sections);
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);");
        let generate = ["generate", "a", "--to", "schema.sql", "--dialect", "sqlite", "--rev-id", "0002"];
        on(&project, &database, &generate).expect_success();
        let text = std::fs::read_to_string(project.migrations().join("0002_a.sql")).expect("a revision");
        assert!(text.contains("-- underpin: upgrade sqlite\n") && !text.contains("-- underpin: upgrade\n"), "{text}");
        assert!(text.contains("-- Nothing to do here."), "{text}");
        on(&project, &database, &["upgrade"]).expect_success();
        on(&project, &database, &["test"]).expect_success();
    }
}

#[test]
fn what_sqlite_has_not_is_refused() {
    let project = Project::new();
    let database = TestDatabase::create(Engine::Sqlite);
    project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", None);
    let refused = on(&project, &database, &["inspect", "--schema", "app"]).expect_code(2);
    assert!(refused.stderr.contains("app") && refused.stderr.contains("--schema"), "{refused}");
    for command in [&["upgrade"][..], &["status"], &["startup"], &["upgrade", "--sql"]] {
        let run = project.underpin_on(&database).env("UNDERPIN_HISTORY_SCHEMA", "meta").args(command).run();
        let told = run.expect_code(2);
        assert!(told.text().contains("UNDERPIN_HISTORY_SCHEMA"), "{told}");
    }
}

#[test]
fn a_file_that_is_not_there_and_a_place_that_is_none_are_told() {
    let project = Project::new();
    let inspected = project.underpin().args(["-d", "sqlite:typo.db", "inspect"]).run().expect_success();
    assert!(inspected.stderr.contains("typo.db does not exist"), "{inspected}");
    let wrong =
        project.underpin().args(["-d", "sqlite:typo.db", "diff", "--to", "modles"]).run().expect_code(2);
    assert!(wrong.stderr.contains("\"modles\""), "{wrong}");
    let secret =
        project.underpin().args(["-d", "sqlite:typo.db", "diff", "--to", "pass=word"]).run().expect_code(2);
    assert!(!secret.stderr.contains("word\"") && secret.stderr.contains("***"), "{secret}");
    let places = ["diff", "--from", "sqlite:a.db", "--to", "postgres://nobody@127.0.0.1:1/x"];
    let unlike = project.underpin().args(places).run().expect_code(2);
    assert!(unlike.stderr.contains("can't be compared"), "{unlike}");
}

#[test]
fn rows_that_referred_to_nothing_before_are_no_obstacle_to_a_push() {
    let project = Project::new();
    let database = TestDatabase::create(Engine::Sqlite);
    let tables = ["CREATE TABLE a (i INTEGER PRIMARY KEY)", "CREATE TABLE b (i INTEGER REFERENCES a (i))"];
    for sql in tables {
        database.execute(sql);
    }
    database.execute("PRAGMA foreign_keys = OFF; INSERT INTO b (i) VALUES (7)");
    project.write("schema.sql", &format!("{};\nCREATE TABLE c (i INTEGER);", tables.join(";\n")));
    on(&project, &database, &["push", "--to", "schema.sql"]).expect_success();
    assert!(database.has_table("c"));
    assert_eq!(database.value("SELECT count(*) FROM b"), "1");
}

#[test]
fn a_foreign_key_that_sqlite_can_not_check_is_no_obstacle_to_what_does_not_make_it() {
    let project = Project::new();
    let database = TestDatabase::create(Engine::Sqlite);
    let child = "CREATE TABLE b (i INTEGER REFERENCES a (i))";
    database.execute("CREATE TABLE a (i INTEGER)");
    database.execute(child);
    database.execute("PRAGMA foreign_keys = OFF; INSERT INTO a (i) VALUES (7); INSERT INTO b (i) VALUES (7)");
    project
        .write("schema.sql", &format!("CREATE TABLE a (i INTEGER);\n{child};\nCREATE TABLE c (i INTEGER);"));
    on(&project, &database, &["push", "--to", "schema.sql"]).expect_success();
    project.write("schema.sql", &format!("CREATE TABLE a (i INTEGER UNIQUE);\n{child};"));
    on(&project, &database, &["push", "--yes", "--to", "schema.sql"]).expect_success();
    project.write("schema.sql", &format!("CREATE TABLE a (i INTEGER);\n{child};"));
    let refused = on(&project, &database, &["push", "--to", "schema.sql"]).expect_code(4);
    assert!(refused.stderr.contains("that SQLite can't check"), "{refused}");
}

#[test]
fn nobody_is_counted_for_a_column_that_comes_or_will_hold_other_values() {
    let project = Project::new();
    let database = TestDatabase::create(Engine::Sqlite);
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, '5')");
    let wanted = "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT CHECK (b < 100), \"order\" INT CHECK (\"order\" IN (1, 2)));";
    project.write("schema.sql", wanted);
    on(&project, &database, &["push", "--to", "schema.sql", "--yes"]).expect_success();
    assert_eq!(database.value("SELECT typeof(b) FROM t"), "integer");
}

#[test]
fn nothing_of_a_name_with_line_breaks_is_run() {
    let project = Project::new();
    let database = TestDatabase::create(Engine::Sqlite);
    let kept = "CREATE TABLE kept (i INTEGER);";
    let column = "\"b\nDROP TABLE kept; --\"";
    project.write("schema.sql", &format!("CREATE TABLE t (a INTEGER, {column} INTEGER);\n{kept}"));
    on(&project, &database, &["generate", "one", "--to", "schema.sql"]).expect_success();
    on(&project, &database, &["upgrade"]).expect_success();
    project.write("schema.sql", &format!("CREATE TABLE t (a INTEGER);\n{kept}"));
    on(&project, &database, &["generate", "two", "--to", "schema.sql"]).expect_success();
    on(&project, &database, &["upgrade", "--allow-destructive"]).expect_success();
    assert!(database.has_table("kept"));
}

#[test]
fn a_generated_revision_names_its_dialect_where_others_would_read_it_otherwise() {
    for engine in [Engine::Mysql, Engine::Mariadb] {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.write("schema.sql", "CREATE TABLE t (`x'y\"z` int);");
        on(&project, &database, &["generate", "one", "--to", "schema.sql"]).expect_success();
        on(&project, &database, &["upgrade"]).expect_success();
        project.write("schema.sql", "CREATE TABLE t (`x'y\"z` bigint);");
        on(&project, &database, &["generate", "two", "--to", "schema.sql"]).expect_success();
        on(&project, &database, &["upgrade"]).expect_success();
        on(&project, &database, &["verify"]).expect_success();
    }
}
