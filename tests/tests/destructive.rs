//! Revisions that delete data: refused before anything runs, unless a person has said that it is meant
//! (REQUIREMENTS row 52). Which statements delete data is tested beside the function that tells.

use underpin_tests::{Engine, History, Program, Project, TestDatabase, on_every_engine};

/// A database with a table that has rows, and a pending revision that drops a column of it.
fn pending(engine: Engine, header: &[&str]) -> (TestDatabase, Project) {
    let (database, project) = (TestDatabase::create(engine), Project::new());
    let begin = "CREATE TABLE orders (id integer PRIMARY KEY, note varchar(20));";
    project.revision("0001", &[], "begin", begin, Some("DROP TABLE orders;"));
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    database.execute("INSERT INTO orders VALUES (1, 'a')");
    let sections = [("upgrade", "CREATE TABLE other (i int);\nALTER TABLE orders DROP COLUMN note;")];
    project.revision_with("0002", &["0001"], "drop notes", header, &sections);
    (database, project)
}

fn assert_refused(database: &TestDatabase, program: &Program) {
    let refused = program.run().expect_code(8);
    for words in [
        "column note of orders",
        "0002 (drop notes)",
        "0002_drop_notes.sql:8",
        "nothing was changed",
        "-- destructive: reviewed",
        "--allow-destructive",
        "UNDERPIN_DESTRUCTIVE=allow",
    ] {
        assert!(refused.text().contains(words), "no {words:?} in {refused}");
    }
    assert_eq!(database.value("SELECT note FROM orders"), "a");
    assert!(!database.has_table("other"));
    assert_eq!(History::of(database).applied(), ["0001"]);
    assert!(!database.is_locked());
}

on_every_engine! {
    fn what_nobody_has_reviewed_is_refused_before_anything_runs(engine) {
        let (database, project) = pending(engine, &[]);
        let underpin = project.underpin_on(&database);
        assert_refused(&database, &underpin.clone().arg("upgrade"));
        assert_refused(&database, &underpin.clone().arg("startup"));
        // A word against it counts more than a yes to every question.
        assert_refused(&database, &underpin.clone().env("UNDERPIN_DESTRUCTIVE", "deny").args(["upgrade", "--yes"]));

        for command in [&["plan"][..], &["upgrade", "--dry-run"]] {
            let plan = underpin.clone().args(command).run().expect_success();
            assert!(plan.stdout.contains("-- deletes data: column note of orders"), "{plan}");
            assert!(plan.stderr.contains("it will be refused"), "{plan}");
        }
        let json = underpin.args(["plan", "--json"]).run().expect_success();
        assert!(json.stdout.contains("\"destroys\":[{\"what\":\"column note of orders"), "{json}");
        assert!(json.stdout.contains("\"reviewed\":false"), "{json}");
    }

    fn whoever_says_that_it_is_meant_is_believed(engine) {
        let allowed = |program: Program, database: &TestDatabase| {
            program.run().expect_success();
            assert_eq!(History::of(database).applied(), ["0001", "0002"]);
        };
        let (database, project) = pending(engine, &["destructive: reviewed"]);
        allowed(project.underpin_on(&database).arg("startup"), &database);
        let (database, project) = pending(engine, &[]);
        allowed(project.underpin_on(&database).args(["upgrade", "--allow-destructive"]), &database);
        let (database, project) = pending(engine, &[]);
        allowed(project.underpin_on(&database).args(["upgrade", "--yes"]), &database);
        let (database, project) = pending(engine, &[]);
        project.write("underpin.toml", "destructive = \"allow\"\n");
        allowed(project.underpin_on(&database).arg("startup"), &database);
    }

    fn an_empty_database_gets_every_revision_that_there_is(engine) {
        let (_, project) = pending(engine, &[]);
        let database = TestDatabase::create(engine);
        project.underpin_on(&database).arg("startup").run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001", "0002"]);
    }

    fn taking_a_revision_back_is_a_persons_word(engine) {
        let (database, project) = pending(engine, &[]);
        project.underpin_on(&database).args(["downgrade", "base"]).run().expect_success();
        assert!(!database.has_table("orders"));
    }
}

#[test]
fn a_table_that_is_made_anew_without_loss_is_let_through() {
    let rebuild = |columns: &str| {
        let (database, project) = (TestDatabase::create(Engine::Sqlite), Project::new());
        project.revision(
            "0001",
            &[],
            "begin",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);",
            None,
        );
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let sql = format!(
            "CREATE TABLE orders_new (id INTEGER PRIMARY KEY, note VARCHAR(9));\n\
             INSERT INTO orders_new ({columns}) SELECT {columns} FROM orders;\n\
             DROP TABLE orders;\nALTER TABLE orders_new RENAME TO orders;"
        );
        project.revision("0002", &["0001"], "make anew", &sql, None);
        project.underpin_on(&database).arg("upgrade").run()
    };
    rebuild("id, note").expect_success();
    let refused = rebuild("id").expect_code(8);
    assert!(refused.stderr.contains("column note of orders"), "{refused}");
}

#[test]
fn texts_that_become_numbers_are_told_also_where_the_old_table_is_renamed_first() {
    let rebuilt = |statements: &str| {
        let (database, project) = (TestDatabase::create(Engine::Sqlite), Project::new());
        let begin = "CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT, note TEXT);";
        project.revision("0001", &[], "begin", begin, None);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        database.execute("INSERT INTO orders VALUES (1, '007', 'a')");
        project.revision("0002", &["0001"], "make anew", statements, None);
        let upgrade = project.underpin_on(&database).arg("upgrade").run();
        (upgrade, database.value("SELECT code FROM orders"))
    };
    let (refused, code) = rebuilt(
        "CREATE TABLE new_orders (id INTEGER PRIMARY KEY, code INTEGER, note TEXT);\n\
         INSERT INTO new_orders SELECT id, code, note FROM orders;\n\
         DROP TABLE orders;\nALTER TABLE new_orders RENAME TO orders;",
    );
    assert!(refused.expect_code(8).stderr.contains("zeros before numbers in code of orders"));
    assert_eq!(code, "007");
    let (refused, code) = rebuilt(
        "ALTER TABLE orders RENAME TO old_orders;\n\
         CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT);\n\
         INSERT INTO orders SELECT id, code FROM old_orders;\nDROP TABLE old_orders;",
    );
    assert!(refused.expect_code(8).stderr.contains("column note of orders"));
    assert_eq!(code, "007");
}

#[test]
fn rows_that_are_replaced_are_told() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), Project::new());
    let begin = "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);\nINSERT OR REPLACE INTO orders VALUES (1, 'a');";
    project.revision("0001", &[], "begin", begin, None);
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    project.revision("0002", &["0001"], "replace", "REPLACE INTO orders (id) VALUES (1);", None);
    let refused = project.underpin_on(&database).arg("upgrade").run().expect_code(8);
    assert!(refused.stderr.contains("rows that are equal in a key of orders"), "{refused}");
    assert_eq!(database.value("SELECT note FROM orders"), "a");
}
