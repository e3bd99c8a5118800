//! The commands on the guide page for people who come from start-up code of their own: each is run as it stands
//! there, and prints what stands below it, in that order. What else it prints is other tests' business.

use std::{fs, path::Path};

use underpin_tests::{Engine, Project, TestDatabase};

const PAGE: &str = "docs/guide/hand-written-start-up.md";

/// A command of the page, with what is said of it.
#[derive(Debug, Default)]
struct Shown {
    arguments: Vec<String>,
    code: i32,
    lines: Vec<String>,
}

/// The commands in the blocks of a page that are marked as those of a console.
fn commands(page: &str) -> Vec<Shown> {
    let (mut found, mut inside): (Vec<Shown>, bool) = (Vec::new(), false);
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = language == "console";
        } else if let Some(command) = line.strip_prefix("$ underpin ").filter(|_| inside) {
            let arguments = command.split(' ').map(str::to_owned).collect();
            found.push(Shown { arguments, ..Shown::default() });
        } else if let Some(shown) = found.last_mut().filter(|_| inside && !line.is_empty()) {
            match line.strip_prefix("? ") {
                Some(code) => shown.code = code.parse().expect("an exit code"),
                None => shown.lines.push(line.to_owned()),
            }
        }
    }
    found
}

/// Whether a line is one that was shown, in which `[..]` stands for anything.
fn matches(shown: &str, line: &str) -> bool {
    let mut parts = shown.trim().split("[..]");
    let Some(mut rest) = line.trim().strip_prefix(parts.next().unwrap_or_default()) else { return false };
    for part in parts {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    shown.trim().ends_with("[..]") || rest.is_empty()
}

fn project() -> Project {
    let project = Project::new();
    project.revision(
        "0001",
        &[],
        "customers",
        "CREATE TABLE customers (id INTEGER);",
        Some("DROP TABLE customers;"),
    );
    project.revision(
        "0002",
        &["0001"],
        "add orders",
        "CREATE TABLE orders (id INTEGER);",
        Some("DROP TABLE orders;"),
    );
    project
}

/// A database with the first table and no history, as somebody's `create_all` leaves it.
fn untracked(project: &Project) {
    let database = TestDatabase::create(Engine::Sqlite);
    project.underpin_on(&database).args(["upgrade", "0001"]).run().expect_success();
    for table in database.tables().iter().filter(|table| table.starts_with("underpin_")) {
        database.execute(&format!("DROP TABLE {table}"));
    }
    let old = project.path().join("old");
    fs::create_dir(&old).expect("a directory");
    fs::copy(database.path().expect("a file"), old.join("app.db")).expect("copied");
}

#[test]
fn the_commands_of_the_page_do_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let commands = commands(&fs::read_to_string(root.join(PAGE)).expect("the page"));
    assert!(commands.len() > 10, "{commands:?}");
    let project = project();
    untracked(&project);
    for shown in commands {
        let output = project.underpin().database("sqlite:app.db").args(&shown.arguments).run();
        let text = output.text();
        assert_eq!(output.code(), Some(shown.code), "{shown:?}: {text}");
        let mut lines = text.lines();
        for expected in &shown.lines {
            assert!(lines.any(|line| matches(expected, line)), "{shown:?} lacks {expected:?} in\n{text}");
        }
    }
}

#[test]
fn a_line_stands_for_what_it_says() {
    assert!(matches("Done [..] in [..]", "      Done 2 revisions in 4ms"));
    assert!(matches("0002 (head)", "0002 (head)"));
    assert!(!matches("0002", "0002 (head)"));
    assert!(!matches("Applied [..]x", "Applied 1"));
}
