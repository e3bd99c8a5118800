//! Models in the mode that creates missing tables: an enumerated type is made where the engine has such, and goes or
//! stays with its tables once revisions bring them.

use underpin::{Enum, Mode, Startup, StartupReport, Table, models};
use underpin_tests::{Engine, History, Project, TestDatabase, on_every_engine};

use super::{PATIENCE, flavour, wait};

#[derive(Enum, sqlx::Type, Clone, Copy, Debug, PartialEq, Eq)]
#[sqlx(type_name = "ticket_status", rename_all = "kebab-case")]
enum Status {
    Open,
    OnItsWay,
}

#[derive(Table)]
#[table(name = "tickets")]
#[allow(dead_code, reason = "nobody reads what is only described")]
struct Ticket {
    #[column(primary_key)]
    id: i64,
    #[column(default = Status::Open)]
    status: Status,
}

/// A start that creates what is missing.
#[track_caller]
fn create(database: &TestDatabase, project: &Project) -> StartupReport {
    let startup = Startup::new("tickets").url(database.url()).mode(Mode::Create).pinned().timeout(PATIENCE);
    let startup = startup.directory(project.migrations());
    wait(startup.models(models![Ticket]).run()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A project whose revision brings just what the models say.
fn project(engine: Engine) -> Project {
    let project = Project::new();
    let statements = models![Ticket].statements(flavour(engine)).expect("statements");
    let drop = if engine == Engine::Postgres { "\nDROP TYPE ticket_status;" } else { "" };
    let down = format!("DROP TABLE tickets;{drop}");
    project.revision("0001", &[], "tickets", &(statements.join(";\n") + ";"), Some(&down));
    project
}

on_every_engine! {
    fn an_enum_of_models_is_made_and_replaced_by_a_revision(engine) {
        let (database, project) = (TestDatabase::create(engine), project(engine));
        let report = create(&database, &project);
        let made: &[&str] = if engine == Engine::Postgres { &["ticket_status", "tickets"] } else { &["tickets"] };
        assert_eq!(report.provisional, made, "{report:?}");
        let noun = if engine == Engine::Postgres { "provisional tables and types without" } else { "provisional table without" };
        assert!(report.warnings.iter().any(|warning| warning.contains(noun)), "{:?}", report.warnings);
        // Once more, nothing is missing.
        assert_eq!(create(&database, &project).provisional, made);
        let plan = project.underpin_on(&database).args(["upgrade", "--dry-run"]).run().expect_success();
        assert_eq!(plan.stderr.contains("the provisional type ticket_status is dropped first"), engine == Engine::Postgres, "{plan}");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001"]);
        assert_eq!(database.value("SELECT count(*) FROM underpin_provisional"), "0");
        project.underpin_on(&database).args(["downgrade", "base"]).run().expect_success();
        assert!(!database.has_table("tickets"));
    }

    fn an_enum_of_models_is_adopted_with_the_rows_that_have_it(engine) {
        let (database, project) = (TestDatabase::create(engine), project(engine));
        create(&database, &project);
        database.execute("INSERT INTO tickets (id, status) VALUES (1, 'on-its-way')");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert_eq!(History::of(&database).applied(), ["0001"]);
        assert_eq!(database.value("SELECT status FROM tickets"), "on-its-way");
        assert_eq!(database.value("SELECT count(*) FROM underpin_provisional"), "0");
        project.underpin_on(&database).args(["downgrade", "base"]).run().expect_success();
        project.underpin_on(&database).arg("upgrade").run().expect_success();
    }

    fn an_enum_that_a_revision_makes_otherwise_is_in_the_way_of_rows(engine) {
        if engine != Engine::Postgres {
            // Elsewhere it is part of the column, and so of the table.
            return;
        }
        let (database, project) = (TestDatabase::create(engine), Project::new());
        project.revision("0001", &[], "tickets", "CREATE TYPE ticket_status AS ENUM ('open');\nCREATE TABLE other (id INTEGER);", None);
        create(&database, &project);
        database.execute("INSERT INTO tickets (id, status) VALUES (1, 'on-its-way')");
        let refused = project.underpin_on(&database).arg("upgrade").run().expect_code(7);
        assert!(refused.stderr.contains("tickets has 1 row and may refer to ticket_status"), "{refused}");
        assert_eq!(database.value("SELECT count(*) FROM tickets"), "1");
        database.execute("DELETE FROM tickets");
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        assert!(!database.has_table("tickets") && database.has_table("other"));
    }
}
