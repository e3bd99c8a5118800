use tempfile::TempDir;

use super::*;
use crate::source::Revisions;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (id, rest) in files {
        let text = format!("-- revision: {id}\n{rest}\n-- underpin: upgrade\nSELECT 1;\n");
        fs::write(directory.path().join(format!("{id}_x.sql")), text).expect("a file");
    }
    directory
}

fn sequence(message: &str) -> NewRevision {
    NewRevision::new(message).id_style(IdStyle::Sequence)
}

fn names(directory: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(directory.path()).expect("the directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn target(text: &str) -> Target {
    text.parse().expect("a target")
}

#[test]
fn revisions_follow_each_other() {
    let directory = directory(&[]);
    let first = sequence("create users").write(directory.path()).expect("a first revision");
    let second = sequence("add  users'\nmail").write(directory.path()).expect("a second one");
    assert_eq!((first.parents.len(), second.parents[0].as_str()), (0, "0001"));
    assert_eq!(names(&directory), ["0001_create_users.sql", "0002_add_users_mail.sql"]);
    let text = fs::read_to_string(&second.path).expect("the file");
    let (header, sections) = text.split_once("-- created: ").expect("a time");
    assert_eq!(header, "-- revision: 0002\n-- parents: 0001\n-- message: add users' mail\n");
    assert!(sections.contains(UPGRADE) && sections.contains(DOWNGRADE), "{sections}");
    let created = &sections[..20];
    assert!(created.parse::<Timestamp>().is_ok() && created.ends_with('Z'), "{created}");
}

#[test]
fn sections_for_dialects_may_be_given() {
    let directory = directory(&[]);
    let written = sequence("two dialects")
        .upgrade("SELECT 1;\n\n-- underpin: upgrade mysql\nSELECT 2;")
        .downgrade("")
        .write(directory.path())
        .expect("a revision");
    let revisions = Revisions::read(directory.path()).expect("revisions");
    assert_eq!(revisions.file(&written.id).expect("the file").sections.len(), 3);
}

#[test]
fn several_heads_need_a_choice_or_a_merge() {
    let directory = directory(&[("r", ""), ("a", "-- parents: r"), ("b", "-- parents: r")]);
    let error = sequence("c").write(directory.path()).expect_err("two heads");
    assert_eq!(error.kind, ErrorKind::MultipleHeads);
    assert!(error.message.contains("a_x.sql") && error.message.contains("b_x.sql"), "{error}");
    assert!(error.hints[0].contains("underpin merge"), "{error}");
    let chosen = sequence("c").head(target("a")).write(directory.path()).expect("a choice");
    assert_eq!(chosen.parents[0].as_str(), "a");
    let merged = NewRevision::merge("").id("m").write(directory.path()).expect("a merge");
    assert_eq!(merged.message, "merge 0001 and b");
    assert_eq!(merged.file.rsplit('/').next(), Some("m_merge_0001_and_b.sql"));
    let error = NewRevision::merge("again").write(directory.path()).expect_err("one head");
    assert_eq!(error.kind, ErrorKind::Usage);
}

#[test]
fn what_has_a_child_needs_splice() {
    let directory = directory(&[("a", ""), ("b", "-- parents: a")]);
    let revision = sequence("c").head(target("a"));
    assert_eq!(revision.write(directory.path()).expect_err("a has a child").kind, ErrorKind::NotAHead);
    let written = revision.splice(true).write(directory.path()).expect("a branch");
    assert_eq!(written.parents[0].as_str(), "a");
    let base = sequence("d").head(Target::Base).write(directory.path()).expect("a new base");
    assert_eq!(base.parents, []);
}

#[test]
fn dependencies_are_written_whole_and_labels_as_they_are() {
    let directory = directory(&[("abcdef", "-- labels: left")]);
    let written = sequence("x")
        .head(Target::Base)
        .depends_on("abcd")
        .depends_on("left")
        .label("right")
        .write(directory.path())
        .expect("a revision");
    let text = fs::read_to_string(written.path).expect("the file");
    assert!(text.contains("\n-- depends_on: abcdef, left\n-- labels: right\n"), "{text}");
}

#[test]
fn what_would_break_the_graph_leaves_no_file() {
    let directory = directory(&[("a", "-- labels: left")]);
    let refused = |revision: NewRevision| {
        let error = revision.write(directory.path()).expect_err("refused");
        assert_eq!(names(&directory), ["a_x.sql"], "{error}");
        error.kind
    };
    assert_eq!(refused(sequence("x").label("left")), ErrorKind::DuplicateLabel);
    assert_eq!(refused(sequence("x").label("v-1")), ErrorKind::RevisionFile);
    assert_eq!(refused(sequence("x").id("a")), ErrorKind::DuplicateRevision);
    assert_eq!(refused(sequence("x").id("a b")), ErrorKind::Usage);
    assert_eq!(refused(sequence("x").depends_on("gone")), ErrorKind::UnknownRevision);
    assert_eq!(refused(sequence("…")), ErrorKind::Usage);
    assert_eq!(refused(sequence("x").upgrade("SELECT 'never closed;")), ErrorKind::RevisionFile);
}

#[test]
fn a_broken_file_beside_it_is_told_first() {
    let directory = directory(&[("a", "-- parents: gone")]);
    let error = sequence("x").write(directory.path()).expect_err("a parent is missing");
    assert_eq!(error.kind, ErrorKind::UnknownParent);
    assert_eq!(names(&directory), ["a_x.sql"]);
}

#[test]
fn a_directory_that_is_not_there_is_not_made() {
    let directory = directory(&[]);
    let gone = directory.path().join("gone");
    assert_eq!(sequence("x").write(&gone).expect_err("no directory").kind, ErrorKind::DirectoryNotFound);
    assert!(!gone.exists());
}

#[test]
fn files_in_versions_get_their_new_ones_beside_them() {
    let directory = directory(&[]);
    let versions = directory.path().join("versions");
    fs::create_dir(&versions).expect("a directory");
    fs::write(versions.join("1.sql"), "-- revision: 1\n-- underpin: upgrade\n").expect("a file");
    let written = sequence("x").write(directory.path()).expect("a revision");
    assert_eq!(written.path, versions.join("2_x.sql"));
}

#[test]
fn writers_at_the_same_time_get_numbers_of_their_own() {
    let directory = directory(&[]);
    sequence("first").write(directory.path()).expect("a first revision");
    let path = directory.path();
    let ids: Vec<String> = std::thread::scope(|scope| {
        let write = |name: &'static str| {
            scope.spawn(move || sequence(name).head(target("0001")).splice(true).write(path))
        };
        let threads: Vec<_> = ["a", "b", "c"].map(write).into();
        let results = threads.into_iter().map(|thread| thread.join().expect("no panic"));
        results.filter_map(Result::ok).map(|written| written.id.to_string()).collect()
    });
    let mut distinct = ids.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len());
    assert_eq!(Revisions::read(path).expect("files").graph().expect("a graph").len(), ids.len() + 1);
}
