//! Revisions in Rust, in an application that has them: up and down on every engine to the same schema, what is
//! shown and written down beforehand, and what is left by a run that fails or is killed.

use underpin_tests::{Engine, Hold, Output, Program, Project, TestDatabase, on_every_engine};

fn on(database: &TestDatabase, arguments: &[&str]) -> Output {
    application(database).args(arguments).run()
}

fn application(database: &TestDatabase) -> Program {
    Program::application().database(database.url())
}

fn tables(database: &TestDatabase) -> Vec<String> {
    database.tables().into_iter().filter(|table| !table.contains("underpin_")).collect()
}

/// Where a run is killed: in and between operations and batches, and when a revision is done and not recorded.
const POINTS: [(&str, usize); 15] = [
    ("before-commit", 0),
    ("before-commit", 1),
    ("before-commit", 3),
    ("before-commit", 4),
    ("between-statements", 0),
    ("between-statements", 1),
    ("between-statements", 3),
    ("between-statements", 5),
    ("between-batches", 0),
    ("statement-started", 2),
    ("statement-done", 1),
    ("statement-done", 2),
    ("statement-done", 3),
    ("statement-done", 12),
    ("statements-done", 0),
];

fn cents(database: &TestDatabase) -> Vec<Vec<Option<String>>> {
    database.query("SELECT id, cents FROM orders ORDER BY id")
}

fn names(database: &TestDatabase) -> Vec<Vec<Option<String>>> {
    database.query("SELECT name, greeting FROM customers ORDER BY id")
}

/// What the stand-alone program says of the database, engines' own words for types left out.
fn columns(database: &TestDatabase) -> String {
    let json = Program::underpin().database(database.url()).args(["inspect", "--format", "json"]).run();
    let schema: serde_json::Value = serde_json::from_str(&json.expect_success().stdout).expect("a schema");
    let mut lines = Vec::new();
    for object in schema["objects"].as_array().expect("objects") {
        if object["body"] != "table" {
            continue;
        }
        let words = |list: &serde_json::Value, name: &str| {
            let mut words: Vec<String> = list
                .as_array()
                .map(|all| all.iter().map(|one| one[name].as_str().unwrap_or("?").to_owned()).collect())
                .unwrap_or_default();
            words.sort();
            words.join(" ")
        };
        let columns = object["columns"].as_array().expect("columns");
        let columns: Vec<String> = columns
            .iter()
            .map(|one| one["name"].as_str().unwrap_or("?").to_owned() + nullable(one))
            .collect();
        lines.push(format!(
            "{}: {} | {} | {}",
            object["name"].as_str().unwrap_or("?"),
            columns.join(" "),
            words(&object["indexes"], "name"),
            words(&object["constraints"], "kind")
        ));
    }
    lines.join("\n")
}

/// A question mark behind a column that may be null. The key of a table of SQLite is null in words only.
fn nullable(column: &serde_json::Value) -> &'static str {
    if column["nullable"] == true && column["name"] != "id" { "?" } else { "" }
}

on_every_engine! {
    fn one_source_goes_up_and_down_everywhere(engine) {
        let database = TestDatabase::create(engine);
        let run = on(&database, &["upgrade"]).expect_success();
        assert!(run.stderr.contains("0003 orders are reviewed"), "{run}");
        assert_eq!(
            names(&database),
            [
                [Some("Ada".to_owned()), Some("Dear Ada".to_owned())],
                [Some("Grace H.".to_owned()), Some("Dear Grace".to_owned())]
            ]
        );
        let orders = database.query("SELECT id, customer_id, remark FROM orders ORDER BY id");
        assert_eq!(orders[0][2].as_deref(), Some("fragile"));
        let known = "customers: id name greeting? |  | primary_key\norders: id customer_id total remark? reviewed cents? | \
            orders_by_cents orders_by_review orders_customer_id_idx | check foreign_key primary_key";
        assert_eq!(columns(&database), known, "{engine}");
        assert_eq!(cents(&database)[0][1].as_deref(), Some("1051"));
        on(&database, &["verify"]).expect_success();
        on(&database, &["downgrade", "base"]).expect_success();
        assert_eq!(tables(&database), Vec::<String>::new());
        on(&database, &["upgrade"]).expect_success();
        on(&database, &["test"]).expect_success();
    }

    fn what_runs_is_what_was_written_down(engine) {
        let database = TestDatabase::create(engine);
        let written = on(&database, &["upgrade", "0001", "--dry-run"]).expect_success().stdout;
        assert!(written.contains("CREATE TABLE") && !written.contains("what else it sends"), "{written}");
        let events = on(&database, &["upgrade", "0001", "--json"]).expect_success().stdout;
        for line in events.lines().filter(|line| line.contains("\"event\":\"statement\"")) {
            let event: serde_json::Value = serde_json::from_str(line).expect("an event");
            let sql = event["sql"].as_str().expect("a statement");
            assert!(written.contains(sql), "{sql}\nis not in\n{written}");
        }
        let open = on(&database, &["plan", "0004"]).expect_success().stdout;
        assert!(open.contains("what else it sends is known when it runs: "), "{open}");
        assert!(!open.contains("it can't be undone"), "every one of them has a downgrade: {open}");
        let refused = on(&database, &["upgrade", "0003:0004", "--sql"]).expect_code(2);
        assert!(refused.stderr.contains("can't be written down") && refused.stderr.contains("op.fetch"), "{refused}");
    }

    fn the_stand_alone_program_says_which_revision_needs_the_application(engine) {
        let database = TestDatabase::create(engine);
        let project = Project::new();
        let source = "//! revision: a1\n//! message: in rust\n\nuse underpin::operation::*;\n\n\
            pub async fn upgrade(_: &mut Operations<'_>) -> Result<()> {\n    Ok(())\n}\n";
        project.write("migrations/a1_in_rust.rs", source);
        let refused = project.underpin_on(&database).arg("upgrade").run().expect_code(2);
        for part in ["revision a1 is written in Rust", "migrations/a1_in_rust.rs", "nothing was changed", "cargo run"] {
            assert!(refused.stderr.contains(part), "{part}: {refused}");
        }
        assert_eq!(tables(&database), Vec::<String>::new());
        project.underpin_on(&database).arg("check").run().expect_code(1);
        let history = project.underpin_on(&database).arg("history").run().expect_success();
        assert!(history.stdout.contains("<base> -> a1 (head), in rust"), "{history}");
    }

    fn an_older_program_takes_back_what_the_ledger_has_as_sql(engine) {
        let database = TestDatabase::create(engine);
        on(&database, &["upgrade", "0001"]).expect_success();
        let project = Project::new();
        project.revision("none", &[], "nothing of this", "SELECT 1;", None);
        let back = project.underpin_on(&database).args(["downgrade", "base", "--yes"]).run().expect_success();
        assert_eq!(tables(&database), Vec::<String>::new(), "{back}");
    }

    fn what_goes_wrong_in_code_is_told_and_undone(engine) {
        let database = TestDatabase::create(engine);
        on(&database, &["upgrade", "0005"]).expect_success();
        let paid = cents(&database);
        for (told, code, parts) in [
            ("panic", 4, &["revision 0006 (what the test says) failed: its code panicked: as it was told"][..]),
            ("parse", 4, &["failed: invalid digit found in string"]),
            ("own", 4, &["failed: there are no rates for 2026", "mend revisions/0006_as_told.rs"]),
            ("once", 4, &["revision 0006 (what the test says) failed: there is nothing to be done"]),
            ("swallow", 4, &["failed at statement 1 of 1", "0006_as_told.rs:16:", "DELETE FROM nowhere"]),
            ("commit", 2, &["COMMIT can't stand in a revision", "0006_as_told.rs:18:"]),
            ("wait", 6, &["in revision 0006"]),
        ] {
            let program = application(&database).env("APPLICATION_TOLD", told);
            let failed = program.args(["upgrade", "--allow-destructive", "--timeout", "2s"]).run();
            assert_eq!(failed.code(), Some(code), "{told}: {failed}");
            for part in parts {
                assert!(failed.stderr.contains(part), "{told}, {part}: {failed}");
            }
            let status = on(&database, &["status", "--json"]).expect_success().stdout;
            let status: serde_json::Value = serde_json::from_str(&status).expect("a status");
            assert_eq!((&status["current"][0], status["dirty"].is_null()), (&"0005".into(), true), "{told}: {status}");
        }
        assert_eq!(cents(&database), paid, "what failed is undone");
        on(&database, &["upgrade"]).expect_success();
    }

    fn a_run_that_is_killed_between_operations_goes_on(engine) {
        let whole = TestDatabase::create(engine);
        on(&whole, &["upgrade"]).expect_success();
        for (point, passes) in POINTS {
            let database = TestDatabase::create(engine);
            let hold = Hold::at(point, passes);
            let mut running = hold.on(&application(&database).arg("upgrade")).spawn();
            if !hold.is_reached(&mut running) {
                running.wait().expect_success();
                continue;
            }
            running.kill();
            on(&database, &["upgrade"]).expect_success();
            let at = format!("{engine}, {point} after {passes}");
            assert_eq!(database.schema_dump(), whole.schema_dump(), "{at}");
            assert_eq!(names(&database), names(&whole), "{at}");
            assert_eq!(cents(&database), cents(&whole), "{at}");
        }
    }
}

#[test]
fn an_application_has_its_own_files_when_it_is_told_where() {
    let database = TestDatabase::create(Engine::Sqlite);
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/revisions");
    on(&database, &["upgrade", "--dir", directory]).expect_success();
}

/// The rules that a file was found to break, each with its line; and what is warned of.
fn linted(program: &Program, arguments: &[&str]) -> (Vec<(String, u64)>, String) {
    let output = program.clone().args(["lint", "--json"]).args(arguments).run();
    let form: serde_json::Value = serde_json::from_str(&output.stdout).expect("findings");
    let found = form["findings"].as_array().expect("findings").iter();
    let found = found.filter(|finding| finding["file"].as_str().is_some_and(|file| file.contains("0003")));
    let rule = |it: &serde_json::Value| {
        (it["rule"].as_str().expect("a rule").to_owned(), it["line"].as_u64().expect("a line"))
    };
    (found.map(rule).collect(), output.stderr)
}

fn own_files(program: Program) -> Program {
    program.args(["--dir", concat!(env!("CARGO_MANIFEST_DIR"), "/revisions")])
}

#[test]
fn lint_points_at_the_call_that_sends_what_is_dangerous() {
    let program = own_files(Program::application());
    // A note above the call silences a rule; what asks for the schema is asked in a file of SQLite's own.
    let (found, said) = linted(&program, &["--dialect", "postgres"]);
    let found: Vec<(&str, u64)> = found.iter().map(|(rule, line)| (rule.as_str(), *line)).collect();
    assert_eq!(found, [("rename-column", 8), ("check-validate", 15)], "{said}");
    assert!(said.contains("0004_greetings.rs is not linted from line 9 on"), "{said}");
    let (found, said) = linted(&program, &["--dialect", "sqlite"]);
    assert_eq!(found, [("rename-column".to_owned(), 8), ("check-validate".to_owned(), 15)], "{said}");
    assert!(!said.contains("0003"), "{said}");
    let (found, said) = linted(&program, &["--dialect", "mysql"]);
    assert!(found.is_empty() && said.contains("0003_reviewed.rs is not linted from line 8 on"), "{said}");
}

#[test]
fn lint_asks_a_scratch_server_that_is_named_for_it() {
    for engine in [Engine::Mysql, Engine::Mariadb] {
        let database = TestDatabase::create(engine);
        let program = own_files(Program::application()).env("UNDERPIN_SCRATCH_URL", database.url());
        let (found, said) = linted(&program, &["--dialect", &engine.to_string().to_lowercase()]);
        assert!(
            found.iter().any(|(rule, line)| rule == "rename-column" && *line == 8),
            "{engine} {found:?} {said}"
        );
        assert!(!said.contains("0003"), "{engine}: {said}");
    }
}

#[test]
fn who_does_not_have_a_revision_in_rust_does_not_call_it_fine() {
    let (found, said) = linted(&own_files(Program::underpin()), &["--dialect", "postgres"]);
    assert!(found.is_empty() && said.contains("in Rust not linted"), "{said}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/revisions/0003_reviewed.rs");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/revisions/0002_first_customers.sql");
    let onto = ["--dialect", "postgres", "--schema", schema, file];
    let (_, said) = linted(&own_files(Program::underpin()), &onto);
    assert!(said.contains("1 revision in Rust not linted"), "{said}");
    let (found, said) = linted(&own_files(Program::application()), &onto);
    assert!(found.iter().any(|(rule, _)| rule == "check-validate"), "{said}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs");
    let other =
        own_files(Program::underpin()).args(["lint", "--dialect", "postgres", file]).run().expect_code(2);
    assert!(other.stderr.contains("no revision of this project"), "{other}");
}
