//! Revisions in Rust: what is compiled, and what the compiler says of one that is not as it has to be.

use crate::project::{Project, revision};

const MAIN: &str = r#"
static MIGRATIONS: underpin::Embedded = underpin::embed!("migrations");

fn main() {
    let revisions = underpin::Revisions::embedded(&MIGRATIONS);
    for revision in revisions.graph().unwrap().iter() {
        println!("{} {} {}", revision.header.id, revision.header.message, revision.file);
    }
}
"#;

const GOOD: &str = r#"//! revision: bf21
//! parents: ae10
//! message: a note for orders

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    op.add_column("orders", Column::new("note", text()).nullable()).await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_column("orders", "note").await
}
"#;

#[test]
fn a_revision_in_rust_is_compiled_or_refused_at_its_line() {
    let project = Project::new("embed-code");
    project.write("src/main.rs", MAIN);
    project.write("build.rs", r#"fn main() { println!("cargo::rerun-if-changed=migrations"); }"#);
    project.write("migrations/ae10_orders.sql", &revision("ae10", "", "CREATE TABLE orders (id INT);"));
    let file = "migrations/bf21_note.rs";
    project.write(file, GOOD);
    project.write("migrations/mod.rs", "compile_error!(\"it is no revision\");");
    let printed = project.run();
    assert!(printed.stdout.ends_with("bf21 a note for orders migrations/bf21_note.rs\n"), "{printed}");
    assert!(!printed.stderr.contains("bf21"), "{printed}");

    for (from, to, said) in [
        ("//! revision: bf21\n", "", &["`//! revision: ID`", "--> migrations/bf21_note.rs:1:"][..]),
        (
            "message:",
            "mesage:",
            &["unknown key \"mesage\"", "did you mean `//! message:`?", "bf21_note.rs:3:"],
        ),
        (
            "fn upgrade",
            "fn up",
            &["there is no function `upgrade`", "pub async fn upgrade(op: &mut Operations<'_>)"],
        ),
        (
            "pub async fn upgrade",
            "async fn upgrade",
            &["the function `upgrade` is not public", "bf21_note.rs:7:"],
        ),
        (
            "pub async fn downgrade",
            "pub fn downgrade",
            &["the function `downgrade` is not async", "bf21_note.rs:11:"],
        ),
        (
            "Column::new(\"note\", text()).nullable()",
            "\"note\"",
            &["mismatched types", "bf21_note.rs:8:", "expected `Column`, found `&str`"],
        ),
        ("text()", "\"text\"", &["bf21_note.rs:8:", "`&str` is no type of a column"]),
        (
            "&mut Operations<'_>) -> Result<()> {\n    op.add",
            "&mut Operations<'_>) -> u8 {\n    op.add",
            &["does not return a `Result<()>`", "bf21_note.rs:7:"],
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        project.write(file, &GOOD.replace(from, to));
        project.refused(said);
    }
}
