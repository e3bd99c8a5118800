use std::fs;

use tempfile::TempDir;

use super::*;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in files {
        fs::write(directory.path().join(name), text).expect("a file");
    }
    directory
}

fn revision(header: &str, sql: &str) -> String {
    format!("{header}\n\n-- underpin: upgrade\n{sql}\n")
}

fn kinds(findings: &[Diagnostic]) -> Vec<ErrorKind> {
    findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn good_files_give_no_finding() {
    let directory = directory(&[
        ("1.sql", &revision("-- revision: 1", "SELECT 1;")),
        ("2.sql", &revision("-- revision: 2\n-- parents: 1", "SELECT 1;")),
    ]);
    assert_eq!(kinds(&check_files(directory.path(), None)), []);
    assert_eq!(kinds(&check_files(directory.path(), Some(Flavour::Mysql))), []);
}

#[test]
fn several_heads_name_the_files_and_the_command() {
    let directory = directory(&[
        ("1.sql", &revision("-- revision: 1", "")),
        ("2.sql", &revision("-- revision: 2\n-- parents: 1", "")),
        ("3.sql", &revision("-- revision: 3\n-- parents: 1", "")),
    ]);
    let findings = check_files(directory.path(), None);
    assert_eq!(kinds(&findings), [ErrorKind::MultipleHeads]);
    assert!(
        findings[0].message.contains("2.sql") && findings[0].message.contains("3.sql"),
        "{}",
        findings[0]
    );
    assert_eq!(findings[0].hints, ["join them: underpin merge 2 3 -m \"merge branches\""]);
}

#[test]
fn one_error_does_not_hide_the_next() {
    let directory = directory(&[
        ("1.sql", &revision("-- revision: 1\n-- labels: x", "SELECT 1;")),
        ("1_again.sql", &revision("-- revision: 1", "SELECT 1;")),
        ("2.sql", &revision("-- revision: 2\n-- parents: gone", "SELECT 1;")),
        ("3.sql", &revision("-- revision: 3\n-- parents: 4\n-- labels: x", "SELECT 1;")),
        ("4.sql", &revision("-- revision: 4\n-- parents: 3\n-- depends_on: nothing", "SELECT 1;")),
        ("5.sql", &revision("-- revision: 5", "COMMIT;")),
    ]);
    let mut found = kinds(&check_files(directory.path(), None));
    found.sort_by_key(|kind| kind.name());
    let expected = [
        ErrorKind::Cycle,
        ErrorKind::DuplicateLabel,
        ErrorKind::DuplicateRevision,
        ErrorKind::RevisionFile,
        ErrorKind::UnknownParent,
        ErrorKind::UnknownParent,
    ];
    assert_eq!(found, expected);
}

#[test]
fn beside_a_file_that_cannot_be_read_a_missing_parent_is_no_finding() {
    let directory = directory(&[
        ("1.sql", "CREATE TABLE a (b int);"),
        ("2.sql", &revision("-- revision: 2\n-- parents: 1", "SELECT 'never closed;")),
        ("3.sql", &revision("-- revision: 3", "SELECT 1;")),
    ]);
    let findings = check_files(directory.path(), None);
    assert_eq!(kinds(&findings), [ErrorKind::RevisionFile, ErrorKind::RevisionFile]);
    let places: Vec<&str> =
        findings.iter().filter_map(|finding| finding.place.as_ref()?.file.rsplit('/').next()).collect();
    assert_eq!(places, ["1.sql", "2.sql"]);
}

#[test]
fn sql_has_to_make_sense_for_the_flavour_that_is_known() {
    let text = revision("-- revision: 1", "CREATE TABLE a (b int) /* ! */;\nSELECT $$never closed;");
    let directory = directory(&[("1.sql", &text)]);
    assert_eq!(kinds(&check_files(directory.path(), None)), []);
    assert_eq!(kinds(&check_files(directory.path(), Some(Flavour::Postgres))), [ErrorKind::RevisionFile]);
}

#[test]
fn nothing_to_look_at_is_a_finding() {
    let directory = directory(&[]);
    assert_eq!(kinds(&check_files(directory.path(), None)), [ErrorKind::NoRevisions]);
    let gone = directory.path().join("gone");
    assert_eq!(kinds(&check_files(&gone, None)), [ErrorKind::DirectoryNotFound]);
}
