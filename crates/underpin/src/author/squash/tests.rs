use std::{fs, path::Path};

use underpin_core::{
    diagnostic::ErrorKind,
    dialect::Flavour,
    revision::{Direction, RevisionFile, TargetRange},
};

use super::{refuse_other_statements, squash};
use crate::{Revisions, author::FileForm};

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        fs::write(directory.path().join(name), text).expect("a file");
    }
    directory
}

fn all(directory: &Path) -> Result<crate::WrittenRevision, underpin_core::diagnostic::Diagnostic> {
    let range: TargetRange = ":".parse().expect("a range");
    squash(directory, &range, "all of it", &FileForm::default())
}

fn statements(directory: &Path, direction: Direction) -> Vec<String> {
    let revisions = Revisions::read(directory).expect("revisions");
    let head = revisions.head_ids().expect("a head").remove(0);
    let file = revisions.file(&head).expect("a file");
    let statements = file.statements(direction, Flavour::Mysql).expect("statements");
    statements.into_iter().map(|statement| statement.text).collect()
}

#[test]
fn a_section_that_does_not_end_its_last_statement_is_ended() {
    let one = "-- revision: a\n-- parents:\n-- message: a\n\n-- underpin: upgrade\nCREATE TABLE a (i int) -- last\n\n\
        -- underpin: downgrade\nDROP TABLE a\n";
    let two = "-- revision: b\n-- parents: a\n-- message: b\n\n-- underpin: upgrade\nCREATE TABLE b (i int)\n\n\
        -- underpin: downgrade\nDROP TABLE b\n";
    let directory = directory(&[("a.sql", one), ("b.sql", two)]);
    all(directory.path()).expect("one revision");
    assert_eq!(
        statements(directory.path(), Direction::Upgrade),
        ["CREATE TABLE a (i int)", "CREATE TABLE b (i int)"]
    );
    assert_eq!(statements(directory.path(), Direction::Downgrade), ["DROP TABLE b", "DROP TABLE a"]);
    assert_eq!(fs::read_dir(directory.path()).expect("files").count(), 1);
}

#[test]
fn a_dependency_on_a_label_among_them_is_none_of_what_they_become() {
    let one =
        "-- revision: a\n-- parents:\n-- labels: shop\n-- message: a\n\n-- underpin: upgrade\nSELECT 1;\n";
    let two = "-- revision: b\n-- parents: a\n-- depends_on: shop\n-- message: b\n\n-- underpin: upgrade\nSELECT 2;\n";
    let directory = directory(&[("a.sql", one), ("b.sql", two)]);
    all(directory.path()).expect("one revision");
    let revisions = Revisions::read(directory.path()).expect("revisions");
    let file = revisions.file("b").expect("a file");
    assert!(file.header.depends_on.is_empty() && file.header.labels == ["shop"]);
}

#[test]
fn a_delimiter_that_a_section_sets_does_not_reach_into_the_next() {
    let one = "-- revision: a\n-- parents:\n-- message: a\n\n-- underpin: upgrade mysql\nDELIMITER //\nSELECT 1//\n";
    let two =
        "-- revision: b\n-- parents: a\n-- message: b\n\n-- underpin: upgrade mysql\nSELECT 2;\nSELECT 3;\n";
    for one in [one.to_owned(), one.replace("SELECT 1//", "SELECT 1//\nDELIMITER ;")] {
        let directory = directory(&[("a.sql", &one), ("b.sql", two)]);
        all(directory.path()).expect("one revision");
        assert_eq!(statements(directory.path(), Direction::Upgrade), ["SELECT 1", "SELECT 2", "SELECT 3"]);
    }
}

#[test]
fn a_text_with_other_statements_is_refused() {
    let file = |sql: &str| {
        let text = format!("-- revision: a\n-- parents:\n-- message: a\n\n-- underpin: upgrade\n{sql}\n");
        RevisionFile::parse("a.sql", &text).expect("a revision")
    };
    let files = [file("SELECT 1"), file("SELECT 2")];
    assert!(refuse_other_statements(&file("SELECT 1;\nSELECT 2;"), &files).is_ok());
    let error = refuse_other_statements(&file("SELECT 1\nSELECT 2;"), &files).expect_err("one statement");
    assert_eq!(error.kind, ErrorKind::Refused);
}
