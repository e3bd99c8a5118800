//! The derives in programs of their own, built by cargo: what they make of every attribute, and where
//! the compiler points when something is wrong. What engines make of it is tested in `tests/`.

#[path = "../project/mod.rs"]
mod project;

use project::Project;

/// A program with every attribute. The modules see to it that neither private fields nor methods that are
/// called like columns are in the way.
const EVERYTHING: &str = include_str!("everything.rs");

#[test]
fn a_program_says_everything_that_can_be_said() {
    let project = Project::new("model-everything");
    project.write("src/main.rs", EVERYTHING);
    let printed = project.run();
    assert_eq!(printed.stderr, "", "{printed}");
    assert_eq!(printed.stdout.trim(), include_str!("everything.sql").trim(), "{printed}");
}

#[test]
fn errors_point_at_what_is_wrong() {
    let project = Project::new("model-errors");
    let refused = |item: &str, parts: &[&str]| {
        project.write("src/main.rs", &format!("{item}\nfn main() {{}}\n"));
        project.refused(parts);
    };
    refused(
        "#[derive(underpin::Table)]\nstruct Order {\n    #[column(primary_kye)]\n    id: i64,\n}",
        &["did you mean `primary_key`?", "src/main.rs:3:14"],
    );
    refused(
        "#[derive(underpin::Table)]\n#[table(index(columns(ids)))]\nstruct Order { id: i64 }",
        &["`ids` is no field that is a column; did you mean `id`?", "src/main.rs:2:23"],
    );
    refused(
        "#[derive(underpin::Table)]\nstruct Node {\n    id: i64,\n    #[column(references = Node::ib)]\n    up: i64,\n}",
        &["no field `ib` on type `Columns`", "src/main.rs:4:33"],
    );
    refused(
        "struct Node;\n#[derive(underpin::Table)]\nstruct Leaf {\n    #[column(references = Node::id)]\n    up: i64,\n}",
        &["`Node` is not a model", "src/main.rs:4:27"],
    );
    refused(
        "struct Money;\n#[derive(underpin::Table)]\nstruct Order {\n    total: Money,\n}",
        &["`Money` is no type that a column can have", "src/main.rs:4:12"],
    );
    refused(
        "#[derive(underpin::Table)]\nstruct Order {\n    #[column(primary_key)]\n    id: Option<i64>,\n}",
        &["a primary key is never null", "src/main.rs:3:14"],
    );
    refused(
        "#[derive(underpin::Table)]\nstruct Node {\n    id: i64,\n    #[column(references = Node::id, on_delete = set_null)]\n    up: i64,\n}",
        &["a column that is never null can't be set to null", "src/main.rs:4:37"],
    );
}
