//! `plan` tells what each statement does to whoever uses the database, on every engine, as text and as JSON.

use serde_json::Value;
use underpin_tests::{Engine, Project, TestDatabase, on_every_engine};

/// A table with rows, and a revision to come that writes all of them anew.
fn project(engine: Engine) -> Project {
    let project = Project::new();
    let table = "CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER, old INTEGER);";
    project.revision_with(
        "0001",
        &[],
        "orders",
        &[],
        &[("upgrade", table), ("downgrade", "DROP TABLE orders;")],
    );
    let rewrite = match engine {
        Engine::Sqlite => "ALTER TABLE orders DROP COLUMN old;",
        Engine::Postgres => "ALTER TABLE orders ALTER COLUMN total TYPE BIGINT;",
        Engine::Mysql | Engine::Mariadb => "ALTER TABLE orders MODIFY total BIGINT;",
    };
    project.revision_with("0002", &["0001"], "large totals", &[], &[("upgrade", rewrite)]);
    project
}

on_every_engine! {
    fn a_plan_tells_the_lock_and_the_size_of_what_is_written_anew(engine) {
        let (database, project) = (TestDatabase::create(engine), project(engine));
        project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
        let values: Vec<String> = (1..2000).map(|id| format!("({id}, {id}, {id})")).collect();
        database.query(&format!("INSERT INTO orders VALUES {}", values.join(", ")));

        let plan = project.underpin_on(&database).arg("plan").run().expect_success();
        assert!(plan.stdout.contains("writes every row of "), "{plan}");
        assert!(plan.stdout.contains("it can't be undone"), "{plan}");

        let plan = project.underpin_on(&database).args(["plan", "--json"]).run().expect_success();
        let plan: Value = serde_json::from_str(&plan.stdout).expect("JSON");
        let step = &plan["steps"][0];
        assert_eq!((&step["reversible"], &step["statements"][0]["rewrite"]), (&false.into(), &true.into()), "{plan}");
        let lock = match engine {
            Engine::Sqlite => "WRITE",
            Engine::Postgres => "ACCESS EXCLUSIVE",
            Engine::Mysql | Engine::Mariadb => "SHARED",
        };
        assert_eq!(step["statements"][0]["lock"], lock, "{plan}");
        let table = &step["statements"][0]["tables"][0];
        if engine != Engine::Sqlite {
            assert_eq!(table["name"], "orders", "{plan}");
        }
        assert!(step["statements"][0]["estimate"]["basis"].as_str().is_some_and(|basis| basis.contains("MB/s")), "{plan}");
    }

    fn a_plan_for_nothing_names_no_lock_of_a_table_that_it_makes(engine) {
        let (database, project) = (TestDatabase::create(engine), project(engine));
        let plan = project.underpin_on(&database).arg("plan").run().expect_success();
        assert!(!plan.stdout.contains("EXCLUSIVE on") && !plan.stdout.contains("writes every row"), "{plan}");
    }
}
