//! `embed!` in programs of their own, built by cargo: what is embedded, when it is built anew, and
//! what the compiler says. The packages are under the target directory, so that what they depend on
//! is built once.

#[path = "../project/mod.rs"]
mod project;

mod code;

use project::{Project, revision};

const MAIN: &str = r#"
static MIGRATIONS: underpin::Embedded = underpin::embed!("migrations");

fn main() {
    let revisions = underpin::Revisions::embedded(&MIGRATIONS);
    let flavour = underpin::core::dialect::Flavour::Postgres;
    println!("{}", revisions.len());
    for revision in revisions.graph().unwrap().iter() {
        let checksum = revisions.checksum(revision.id(), flavour).unwrap();
        let again = revisions.file(revision.id()).unwrap().checksum(flavour).unwrap();
        assert_eq!(checksum, again);
        println!("{} {} {checksum}", revision.header.id, revision.file);
    }
    let heads = revisions.head_ids().unwrap();
    assert_eq!(heads, revisions.graph().unwrap().heads());
    println!("heads {heads:?} digest {}", revisions.digest(flavour).unwrap());
}
"#;

const BUILD: &str = r#"fn main() { println!("cargo::rerun-if-changed=migrations"); }"#;

#[test]
fn a_program_embeds_its_revisions_and_follows_their_directory() {
    let project = Project::new("embed-follows");
    project.write("src/main.rs", MAIN);
    project.write("build.rs", BUILD);
    project.write("migrations/README.md", "not a revision");
    project.write("migrations/ae10_orders.sql", &revision("ae10", "", "CREATE TABLE orders (id INT);"));

    let first = project.run();
    assert!(first.stdout.starts_with("1\nae10 migrations/ae10_orders.sql "), "{first}");
    assert_eq!(first.stderr, "", "{first}");

    project.write("migrations/bf21_items.sql", &revision("bf21", "ae10", "CREATE TABLE items (id INT);"));
    let added = project.run();
    assert!(added.stdout.contains("2\nae10 ") && added.stdout.contains("heads [\"bf21\"]"), "{added}");
    assert_eq!(added.stderr, "", "{added}");

    project.write("migrations/bf21_items.sql", &revision("bf21", "ae10", "CREATE TABLE items (no INT);"));
    let edited = project.run();
    assert_ne!(edited.stdout, added.stdout);
    assert_eq!(edited.stdout.lines().nth(1), added.stdout.lines().nth(1), "{edited}");

    project.remove("migrations/bf21_items.sql");
    assert_eq!(project.run().stdout, first.stdout);

    nothing_is_read_when_the_program_runs(&project, &first.stdout);
    what_is_odd_is_a_warning(&project);
}

fn nothing_is_read_when_the_program_runs(project: &Project, expected: &str) {
    let program = project.program();
    let directory = project.path("migrations").display().to_string();
    let bytes = std::fs::read(&program).unwrap();
    assert!(!bytes.windows(directory.len()).any(|window| window == directory.as_bytes()));

    project.rename("migrations", "elsewhere");
    let output = std::process::Command::new(program).output().unwrap();
    project.rename("elsewhere", "migrations");
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

fn what_is_odd_is_a_warning(project: &Project) {
    project.write("migrations/c0de_other.sql", &revision("c0de", "", "SELECT 1;"));
    let heads = project.run();
    assert!(heads.stdout.starts_with("2\n"), "{heads}");
    for part in [
        "warning: ",
        "the revisions have 2 heads:",
        "ae10 (migrations/ae10_orders.sql)",
        "c0de (migrations/c0de_other.sql)",
        "hint: join them with `underpin merge heads`",
        "src/main.rs:2:58",
    ] {
        assert!(heads.stderr.contains(part), "{part}: {heads}");
    }

    project.write(
        "src/main.rs",
        &format!("#![deny(warnings)]\n{}", MAIN.replace("static", "#[allow(deprecated)]\nstatic")),
    );
    assert_eq!(project.run().stderr, "");

    project.write("src/main.rs", MAIN);
    project.remove("build.rs");
    project.remove("migrations/ae10_orders.sql");
    project.remove("migrations/c0de_other.sql");
    let empty = project.run();
    assert!(empty.stdout.starts_with("0\n"), "{empty}");
    assert!(empty.stderr.contains("the revision directory migrations holds no revision"), "{empty}");
    assert!(empty.stderr.contains("cargo does not notice when a revision file is added"), "{empty}");
    assert!(empty.stderr.contains(BUILD), "{empty}");
}

#[test]
fn what_was_found_out_when_it_was_compiled_is_what_the_files_say() {
    let project = Project::new("embed-agrees");
    project.write("build.rs", BUILD);
    project.write(
        "src/main.rs",
        r#"
static MIGRATIONS: underpin::Embedded = underpin::embed!("migrations");

fn main() {
    use underpin::core::{dialect::Flavour, revision::RevisionFile, sql::Digest};
    let revisions = underpin::Revisions::embedded(&MIGRATIONS);
    let files: Vec<RevisionFile> = MIGRATIONS
        .files
        .iter()
        .map(|file| RevisionFile::parse(file.file, file.text).unwrap())
        .collect();
    for flavour in Flavour::ALL {
        assert!(MIGRATIONS.flavours[flavour.index()].is_some());
        let mut digest = Digest::EMPTY;
        for file in &files {
            let id = &file.header.id;
            assert_eq!(revisions.file(id).unwrap(), *file);
            let checksum = file.checksum(flavour).unwrap();
            assert_eq!(revisions.checksum(id, flavour).unwrap(), checksum, "{id} {flavour:?}");
            digest.toggle(id, &checksum);
        }
        assert_eq!(revisions.digest(flavour).unwrap(), digest);
    }
    println!("{}", revisions.len());
}
"#,
    );
    project.write("migrations/a.sql", &revision("a", "", "CREATE TABLE a (id INT);"));
    let windows = revision("b", "a", "CREATE TABLE b (\n  name TEXT DEFAULT 'one\ntwo' -- why\n);");
    project.write("migrations/b.sql", &format!("\u{feff}{}", windows.replace('\n', "\r\n")));
    project.write(
        "migrations/c.sql",
        "-- revision: c\n-- parents: b\n-- depends_on: a\n-- labels: billing\n-- message: all, of: it\n\
         -- created: 2026-11-20T11:03:00Z\n-- transaction: off\n-- destructive: reviewed\n-- phase: contract\n\
         -- replaces: x, y\n\n-- underpin: upgrade\nSELECT 1;\n\n-- underpin: upgrade sqlite\nSELECT 2;\n\n\
         -- underpin: upgrade postgres\nSELECT $$;$$;\n\n-- underpin: upgrade mysql\nSELECT 'it\\'s';\n\n\
         -- underpin: upgrade mariadb\nSELECT 5;\n\n-- underpin: downgrade mysql\nSELECT 6;\n",
    );
    let ran = project.run();
    assert_eq!(ran.stdout, "3\n", "{ran}");
}

#[test]
fn what_is_wrong_does_not_compile() {
    let project = Project::new("embed-refuses");
    project.write("src/main.rs", MAIN);
    project.write("build.rs", BUILD);

    project.refused(&[
        "the revision directory migrations is not there",
        "`underpin init`",
        "src/main.rs:2:58",
    ]);

    project.write("migrations/a.sql", "CREATE TABLE a (id INT);\n");
    project.write("migrations/b.sql", &revision("b", "", "SELECT 'it;"));
    project.refused(&["no header", "--> migrations/a.sql:1:1", "1 | CREATE TABLE a (id INT);", "hint: "]);

    project.remove("migrations/a.sql");
    project.refused(&["this string is never closed", "--> migrations/b.sql:5:8"]);

    project.write("migrations/b.sql", &revision("b", "a", "SELECT 1;"));
    project.refused(&["b (migrations/b.sql) names the parent \"a\", which no file defines"]);

    project.write("migrations/a.sql", &revision("a", "b", "SELECT 1;"));
    project.refused(&["circle", "a (migrations/a.sql)", "b (migrations/b.sql)"]);

    project.remove("migrations/a.sql");
    project.pipe("migrations/a.sql");
    project.refused(&["migrations/a.sql", "it is no regular file"]);
    project.remove("migrations/a.sql");

    project.write("migrations/a.sql", &revision("b", "", "SELECT 1;"));
    project.refused(&["two files claim the revision b: migrations/a.sql and migrations/b.sql"]);

    project.write("src/main.rs", &MAIN.replace("\"migrations\"", "MIGRATIONS"));
    project.refused(&["embed! takes one directory: underpin::embed!(\"migrations\")"]);
}
