use underpin_core::{dialect::Flavour, revision::RevisionId};

use super::*;
use crate::{FileForm, NewRevision, Revisions};

fn template(text: &str) -> RevisionTemplate {
    RevisionTemplate::new(TemplateKind::Sql, "m/templates/revision.sql.j2", text).expect(text)
}

fn built_in() -> RevisionTemplate {
    template(TemplateKind::Sql.built_in())
}

fn intended(text: &str) -> RevisionFile {
    RevisionFile::parse("m/b_orders.sql", text).expect(text)
}

const PLAIN: &str = "-- revision: b\n-- parents: a\n-- message: add orders\n-- created: 2026-03-09T05:07:08Z\n\n\
    -- underpin: upgrade\nCREATE TABLE orders (id int);\n\n-- underpin: downgrade\nDROP TABLE orders;\n";

const SECTIONS: &str = "-- revision: b\n-- parents:\n-- labels: shop\n-- transaction: off\n-- phase: contract\n\n\
    -- underpin: upgrade sqlite\n-- a {{ note }}\nSELECT 1;\n\n-- underpin: upgrade mysql\n\n\
    -- underpin: downgrade sqlite\n    SELECT '{% 2 %}';\n\n-- underpin: downgrade mysql\n";

/// What the template makes of a revision, if it is the same one.
fn made(template: &RevisionTemplate, of: &str, open: bool) -> Result<String, Diagnostic> {
    let intended = intended(of);
    let text = template.render(&Facts::of(&intended, Some("Ada"), None))?;
    template.refuse_another(&intended, &text, open)?;
    Ok(text)
}

#[test]
fn the_built_in_template_makes_what_is_written_without_any() {
    for text in [PLAIN, SECTIONS, "-- revision: b\n-- parents:\n\n-- underpin: upgrade\n"] {
        assert_eq!(made(&built_in(), text, false).expect(text), text);
    }
}

#[test]
fn every_new_revision_has_the_same_text_with_and_without_the_built_in_template() {
    let id = RevisionId::new("b").expect("an id");
    let revisions: [fn(NewRevision) -> NewRevision; 4] = [
        |revision| revision,
        |revision| revision.upgrade("SELECT 1;\n").downgrade(""),
        |revision| revision.section(Flavour::Mysql, "SELECT 1;", "SELECT 2;").label("shop"),
        |revision| {
            revision.upgrade("SELECT 1;\n\n-- underpin: upgrade mysql\nSELECT 2;").without_transaction()
        },
    ];
    for revision in revisions {
        let text = |form: FileForm| {
            let directory = tempfile::tempdir().expect("a directory");
            let revision = revision(NewRevision::new("add \"orders\" & more").id(id.as_str()));
            let written = revision.form(form).write(directory.path()).expect("a revision");
            let text = fs::read_to_string(written.path).expect("its file");
            text.lines().filter(|line| !line.starts_with("-- created:")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(text(FileForm::new().template(built_in())), text(FileForm::new()));
    }
}

#[test]
fn a_team_says_what_it_likes_around_the_statements() {
    let text = "-- Copyright {{ author }}\n-- revision: {{ id }}\n-- parents: {{ parents | join(\", \") }}\n\
        -- message: {{ message }}\n{# who reads this? #}\n-- underpin: upgrade\n-- Ticket:\n{{ upgrade }}\n\n\
        -- underpin: downgrade\n{{ downgrade }}\n";
    let made = made(&template(text), PLAIN, false).expect("the same revision");
    assert!(made.starts_with("-- Copyright Ada\n-- revision: b\n-- parents: a\n"), "{made}");
    assert!(made.contains("\n-- Ticket:\nCREATE TABLE orders (id int);\n"), "{made}");
}

#[test]
fn a_text_that_is_no_template_is_told_with_its_line() {
    let error = RevisionTemplate::new(TemplateKind::Sql, "t.j2", "{{ header }}\n{% for x in %}\n")
        .expect_err("no template");
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.message.starts_with("the template t.j2 can't be read: "), "{error}");
    let place = error.place.expect("a place");
    assert_eq!((place.line, &*place.text), (2, "{% for x in %}"));
}

#[test]
fn a_name_that_means_nothing_is_told_with_its_line_and_the_names_that_do() {
    let error = made(&template("{{ header }}\n{{ massage }}\n"), PLAIN, false).expect_err("no such name");
    assert_eq!(error.place.as_ref().map(|place| place.line), Some(2));
    assert!(error.hints[0].contains("message") && error.state.is_some(), "{error:?}");
}

#[test]
fn what_a_template_leaves_out_or_changes_is_named_with_its_line() {
    let sections = "\n-- underpin: upgrade\n{{ upgrade }}\n\n-- underpin: downgrade\n{{ downgrade }}\n";
    for (text, said, line) in [
        (
            format!("-- revision: b\n-- message: add orders\n{sections}"),
            "its header lacks `-- parents: a`",
            1,
        ),
        (
            format!("-- revision: b\n-- parents: a\n-- message: x\n{sections}"),
            "its header has `-- message: x` instead of `add orders`",
            3,
        ),
        (
            format!("{{{{ header }}}}\n-- phase: expand\n{sections}"),
            "its header has `-- phase: expand`, which was not asked for",
            5,
        ),
        (
            "{{ header }}\n\n-- underpin: upgrade\n{{ upgrade }}\n".to_owned(),
            "it has no section for the downgrade on SQLite",
            1,
        ),
        (
            format!("{{{{ header }}}}\n{sections}DROP TABLE customers;\n"),
            "the downgrade on SQLite has a statement too many",
            11,
        ),
        (
            "{{ header }}\n\n-- underpin: upgrade\n\n-- underpin: downgrade\n{{ downgrade }}\n".to_owned(),
            "statement 1 of the upgrade on SQLite is missing: CREATE TABLE orders (id int)",
            1,
        ),
        (
            "{{ header }}\n\n-- underpin: upgrade\nSET x = 1;\n{{ upgrade }}\n".to_owned(),
            "statement 1 of the upgrade on SQLite is not the one that was to be",
            7,
        ),
    ] {
        let error = made(&template(&text), PLAIN, false).expect_err(said);
        assert_eq!(error.kind, ErrorKind::RevisionFile);
        assert_eq!(
            error.message,
            format!("the template m/templates/revision.sql.j2 makes another revision: {said}")
        );
        assert_eq!(error.place.as_ref().map(|place| place.line), Some(line), "{error:?}");
    }
    let error = made(&template("{{ upgrade }}"), PLAIN, false).expect_err("no header");
    assert!(error.message.contains("makes a file that is no revision"), "{error}");
}

#[test]
fn statements_of_the_template_are_welcome_where_a_person_is_to_write_the_rest() {
    let text = "{{ header }}\n\n-- underpin: upgrade\nSET lock_timeout = '3s';\n{{ upgrade }}\n";
    assert!(made(&template(text), PLAIN, true).is_ok());
    let unreadable = "{{ header }}\n\n-- underpin: upgrade mysql\nSELECT 'x;\n";
    assert!(made(&template(unreadable), PLAIN, true).is_err());
}

#[test]
fn a_template_that_is_refused_leaves_no_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let form = FileForm::new().template(template("-- revision: b\n\n-- underpin: upgrade\n"));
    NewRevision::new("add orders").form(form).write(directory.path()).expect_err("another revision");
    assert_eq!(fs::read_dir(directory.path()).expect("the directory").count(), 0);
}

#[test]
fn the_template_of_a_directory_is_found_and_is_no_revision() {
    let directory = tempfile::tempdir().expect("a directory");
    assert_eq!(RevisionTemplate::find(TemplateKind::Sql, directory.path()).expect("none"), None);
    RevisionTemplate::write_built_in(TemplateKind::Sql, directory.path()).expect("the built-in one");
    fs::write(directory.path().join("templates/old.sql"), "no revision").expect("a file");
    let found = RevisionTemplate::find(TemplateKind::Sql, directory.path()).expect("a template");
    assert_eq!(found.map(|template| template.text).as_deref(), Some(TemplateKind::Sql.built_in()));
    assert!(Revisions::read(directory.path()).expect("revisions").is_empty());
    let again = RevisionTemplate::write_built_in(TemplateKind::Sql, directory.path());
    assert_eq!(again.expect_err("it is there").kind, ErrorKind::Usage);
}
