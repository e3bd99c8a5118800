//! A password full of signs: it connects in every form of URL, and nothing that is written holds a piece of it.
//! What a URL means otherwise is tested with the URLs.

use std::collections::BTreeSet;

use underpin_tests::{Engine, Output, Program, Project, TestDatabase, on_every_engine};

use super::three;

const PASSWORD: &str = "p@ss:w/rd%";

/// Any piece of the password with four characters, as it is and as a URL may have it.
fn pieces() -> BTreeSet<String> {
    let encoded = "p%40ss%3Aw%2Frd%25";
    let windows = |text: &str| {
        let characters: Vec<_> = text.chars().collect();
        characters.windows(4).map(|window| window.iter().collect()).collect::<Vec<String>>()
    };
    let mut pieces: BTreeSet<_> = windows(PASSWORD).into_iter().collect();
    // Four characters of the encoded form may be part of anything; those of two signs are not.
    pieces.extend(["%40ss%3A", "%3Aw%2F", "%2Frd%25", encoded].map(str::to_owned));
    pieces
}

#[track_caller]
fn assert_kept(what: &str, output: &Output) {
    for piece in pieces() {
        assert!(!output.text().contains(&piece), "{what}: {piece:?} is in {output}");
    }
}

/// A database whose user has the password, and the parts of its URL.
struct Guarded {
    database: TestDatabase,
    scheme: &'static str,
    user: String,
    /// `host:port`.
    host: String,
}

impl Guarded {
    fn new(engine: Engine) -> Self {
        let database = TestDatabase::create(engine);
        let url = database.user_with_password(PASSWORD);
        let (scheme, rest) = match engine {
            Engine::Sqlite | Engine::Postgres => ("postgres", url.split_once("://")),
            Engine::Mysql | Engine::Mariadb => ("mysql", url.split_once("://")),
        };
        let (authority, rest) = rest.unwrap().1.rsplit_once('@').unwrap();
        let user = authority.split_once(':').unwrap().0.replace("%5F", "_");
        let host = rest.split_once('/').unwrap().0.to_owned();
        Self { database, scheme, user, host }
    }

    /// Everything that a person may write down, with its name, as the variables to set.
    fn forms(&self) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        let Self { database, scheme, user, host } = self;
        let name = database.name();
        let url =
            |password: &str| vec![("DATABASE_URL", format!("{scheme}://{user}:{password}@{host}/{name}"))];
        let mut forms = vec![
            ("as it is", url(PASSWORD)),
            ("encoded", url("p%40ss%3Aw%2Frd%25")),
            ("partly encoded", url("p@ss:w/rd%25")),
        ];
        if database.engine() == Engine::Postgres {
            let (address, port) = host.split_once(':').unwrap();
            let plain = format!("postgres://{user}@{host}/{name}");
            let keywords = format!("host={address} port={port} user={user} dbname={name}");
            forms.extend([
                (
                    "postgresql",
                    vec![("DATABASE_URL", format!("postgresql://{user}:{PASSWORD}@{host}/{name}"))],
                ),
                ("a parameter", vec![("DATABASE_URL", format!("{plain}?password=p%40ss%3Aw%2Frd%25"))]),
                ("keywords", vec![("DATABASE_URL", format!("{keywords} password='{PASSWORD}'"))]),
                ("a variable", vec![("DATABASE_URL", plain), ("PGPASSWORD", PASSWORD.to_owned())]),
            ]);
        }
        forms
    }
}

fn with(program: Program, variables: &[(&str, String)]) -> Program {
    variables.iter().fold(program, |program, (name, value)| program.env(name, value))
}

/// The calls that a person makes while setting up a database, and how each ends.
const CALLS: &[(&[&str], i32)] = &[
    (&["upgrade"], 0),
    (&["upgrade", "-vv"], 0),
    (&["upgrade", "-vvv"], 0),
    (&["status"], 0),
    (&["status", "--json"], 0),
    (&["current"], 0),
    (&["current", "-v"], 0),
    (&["ping"], 0),
    (&["plan"], 0),
    (&["startup", "--json"], 0),
    (&["config", "show"], 0),
    (&["config", "show", "--origin"], 0),
    (&["config", "show", "--json"], 0),
];

on_every_engine! {
    fn a_password_full_of_signs_connects_in_every_form_and_is_never_shown(engine) {
        if !engine.is_server() {
            return;
        }
        let guarded = Guarded::new(engine);
        let project = three();
        for (form, variables) in guarded.forms() {
            let underpin = with(project.underpin(), &variables);
            for (arguments, code) in CALLS {
                let what = format!("{engine}, {form}, {arguments:?}");
                let output = underpin.clone().args(*arguments).run();
                assert_eq!(output.code(), Some(*code), "{what}: {output}");
                assert_kept(&what, &output);
            }
            underpin.args(["downgrade", "base", "--yes"]).run();
        }
    }

    fn an_error_does_not_show_the_password_either(engine) {
        if !engine.is_server() {
            return;
        }
        let guarded = Guarded::new(engine);
        let broken = Project::new();
        broken.revision("0001", &[], "break", "CREATE TABLE a (id INTEGER;", None);
        for (form, variables) in guarded.forms() {
            let run = |what: &str, code: i32, program: Program| {
                let what = format!("{engine}, {form}, {what}");
                for level in ["-vvv", "--json"] {
                    let arguments = ["upgrade", "--connect-timeout", "200ms", level];
                    let output = program.clone().args(arguments).run();
                    assert_eq!(output.code(), Some(code), "{what}: {output}");
                    assert_kept(&what, &output);
                }
            };
            run("a broken revision", 4, with(broken.underpin(), &variables));
            let changed = |from: &str, to: &str| -> Vec<(&str, String)> {
                variables.iter().map(|(name, value)| (*name, value.replace(from, to))).collect()
            };
            let port = guarded.host.rsplit_once(':').unwrap().1;
            run("a closed port", 3, with(broken.underpin(), &changed(port, "1")));
            run("an unknown user", 3, with(broken.underpin(), &changed(&guarded.user, "nobody_at_all")));
            run("an unknown database", 3, with(broken.underpin(), &changed(guarded.database.name(), "nowhere_at_all")));
            run("an unknown host", 3, with(broken.underpin(), &changed("127.0.0.1", "host.invalid")));
        }
    }
}

/// Where a URL has no place, and how each call with one there ends.
const MISPLACED: &[(&str, &str, &[&str], i32)] = &[
    ("UNDERPIN_DIR", "postgres://app:{}@h/x", &["heads"], 2),
    ("UNDERPIN_DIR", "mysql:/app:{}@h/x", &["heads"], 2),
    ("UNDERPIN_SCHEMA_FILE", "postgres://app:{}@h/x", &["config", "show"], 2),
    ("UNDERPIN_INCLUDE", "postgres://app:{}@h/x", &["config", "show"], 0),
    ("UNDERPIN_TIMEOUT", "postgres://app:{}@h/x", &["status", "--json"], 2),
    ("AUTO_MIGRATE_ON_STARTUP", "host=h password='{}'", &["startup"], 2),
    ("", "", &["diff", "--from", "rev:postgres://app:{}@h/x"], 2),
    ("", "", &["inspect", "mysql:/app:{}@h/x.sql"], 2),
    ("", "", &["inspect", "sqlite://app:{}@h/x"], 0),
];

#[test]
fn a_url_in_a_place_for_something_else_is_not_shown_either() {
    for (variable, value, arguments, code) in MISPLACED {
        let filled = |text: &str| text.replace("{}", PASSWORD);
        let project = three();
        let program = project.underpin().args(arguments.iter().map(|argument| filled(argument)));
        let program = if variable.is_empty() { program } else { program.env(variable, filled(value)) };
        let output = program.run();
        assert_eq!(output.code(), Some(*code), "{variable} {arguments:?}: {output}");
        assert_kept(&format!("{variable} {arguments:?}"), &output);
    }
    let project = three();
    project.write("underpin.toml", &format!("timeout = \"postgres://app:{PASSWORD}@h/x\"\n"));
    assert_kept("underpin.toml", &project.underpin().arg("heads").run().expect_code(2));
}

#[test]
fn a_piece_of_the_password_would_be_found() {
    let output = Program::at("/bin/echo").arg("mysql://user:p@ss@host").run();
    assert!(pieces().iter().any(|piece| output.text().contains(piece)));
    let output = Program::at("/bin/echo").arg("mysql://user@host/test_1 (MySQL 9.7.4)").run();
    assert_kept("harmless", &output);
}
