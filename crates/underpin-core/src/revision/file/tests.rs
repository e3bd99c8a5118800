use super::*;
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::{InvalidRevisionId, Phase, RevisionId},
};

mod properties;

const HEADER: &str = "-- revision: a1\n";

fn parse(text: &str) -> RevisionFile {
    let file = RevisionFile::parse("a1.sql", text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    // Who knows the header has the same file.
    assert_eq!(RevisionFile::parse_sections("a1.sql", text, file.header.clone()).as_ref(), Ok(&file));
    file
}

fn refused(text: &str) -> FileError {
    match RevisionFile::parse("a1.sql", text) {
        Ok(file) => panic!("{text:?} is {file:?}"),
        Err(error) => error,
    }
}

fn texts(file: &RevisionFile, direction: Direction, flavour: Flavour) -> Vec<String> {
    file.statements(direction, flavour).unwrap().into_iter().map(|statement| statement.text).collect()
}

#[test]
fn a_full_header_is_read() {
    let text = "\u{feff}-- revision: 3f9a\r\n-- parents: 1c22, 2d33\r\n--depends_on:auth\r\n-- labels: shop , web\r\n\
        -- message: add orders: now\r\n-- created: 2026-11-20T11:03:00Z\r\n\r\n-- Prose, with https://x.example/: fine.\r\n\
        -- https://x.example\r\n-- transaction: off\r\n-- destructive: reviewed\r\n-- phase: contract\r\n-- replaces: 0a0a\r\n\r\n\
        -- underpin: upgrade\r\nSELECT 1;\r\n";
    let Header {
        id,
        parents,
        depends_on,
        labels,
        message,
        created,
        transaction,
        destructive_reviewed,
        phase,
        replaces,
    } = parse(text).header;
    assert_eq!((id.as_str(), parents[0].as_str(), parents[1].as_str()), ("3f9a", "1c22", "2d33"));
    assert_eq!((depends_on, labels), (vec!["auth".to_owned()], vec!["shop".to_owned(), "web".to_owned()]));
    assert_eq!((message.as_str(), created.as_deref()), ("add orders: now", Some("2026-11-20T11:03:00Z")));
    assert_eq!((transaction, destructive_reviewed, phase), (false, true, Some(Phase::Contract)));
    assert_eq!(replaces.iter().map(RevisionId::as_str).collect::<Vec<_>>(), ["0a0a"]);
}

#[test]
fn a_short_header_is_enough() {
    let file = parse("-- revision: a1\n-- parents:\n-- underpin: upgrade");
    let id = file.header.id.clone();
    assert_eq!(file.header, Header::new(id, vec![]));
    assert!(texts(&file, Direction::Upgrade, Flavour::Sqlite).is_empty());
    assert_eq!(file.section(Direction::Downgrade, Flavour::Sqlite), None);
}

#[test]
fn what_is_wrong_in_a_header_is_named_with_its_place() {
    let id = |error| FileErrorKind::InvalidId { key: "revision", error };
    let value =
        |key, value: &str, expected| FileErrorKind::InvalidValue { key, value: value.to_owned(), expected };
    let unknown = |key: &str, nearest| FileErrorKind::UnknownKey { key: key.to_owned(), nearest };
    let itself = |key| FileErrorKind::NamesItself { key, id: RevisionId::new("a1").unwrap() };
    let up = "-- underpin: upgrade\n";
    let cases = [
        ("", FileErrorKind::NoHeader, 1, 1),
        ("CREATE TABLE a (b);", FileErrorKind::NoHeader, 1, 1),
        ("-- underpin: upgrade\nSELECT 1;", FileErrorKind::NoHeader, 1, 1),
        ("-- Note: no header\n", FileErrorKind::NoHeader, 1, 1),
        (&format!("\n-- message: x\n{up}"), FileErrorKind::MissingRevision, 2, 1),
        (&format!("-- revision:\n{up}"), FileErrorKind::MissingValue("revision"), 1, 1),
        (&format!("-- revision: a b\n{up}"), id(InvalidRevisionId::Character(' ', "a b".to_owned())), 1, 14),
        (&format!("-- revision: head\n{up}"), id(InvalidRevisionId::Reserved("head".to_owned())), 1, 14),
        (&format!("-- revison: a\n{up}"), unknown("revison", Some("revision")), 1, 1),
        (&format!("{HEADER}-- depends-on: a\n{up}"), unknown("depends-on", Some("depends_on")), 2, 1),
        (&format!("{HEADER}-- Parent: a\n{up}"), unknown("Parent", Some("parents")), 2, 1),
        (&format!("{HEADER}-- colour: a\n{up}"), unknown("colour", None), 2, 1),
        (
            &format!("{HEADER}-- message: x\n-- message: y\n{up}"),
            FileErrorKind::DuplicateKey("message"),
            3,
            1,
        ),
        (&format!("{HEADER}-- created: \n{up}"), FileErrorKind::MissingValue("created"), 2, 1),
        (
            &format!("{HEADER}-- created: today\n{up}"),
            value("created", "today", "a time such as 2026-11-20T11:03:00Z"),
            2,
            13,
        ),
        (&format!("{HEADER}-- transaction: no\n{up}"), value("transaction", "no", "on or off"), 2, 17),
        (&format!("{HEADER}-- destructive: yes\n{up}"), value("destructive", "yes", "reviewed"), 2, 17),
        (&format!("{HEADER}-- phase: x\n{up}"), value("phase", "x", "expand or contract"), 2, 11),
        (&format!("{HEADER}-- parents: b,,c\n{up}"), FileErrorKind::EmptyEntry("parents"), 2, 1),
        (
            &format!("{HEADER}-- labels: b, b\n{up}"),
            FileErrorKind::RepeatedEntry { key: "labels", entry: "b".to_owned() },
            2,
            1,
        ),
        (&format!("{HEADER}-- parents: b, a1\n{up}"), itself("parents"), 2, 1),
        (&format!("{HEADER}-- depends_on: a1\n{up}"), itself("depends_on"), 2, 1),
        (&format!("{HEADER}SELECT 1;\n{up}"), FileErrorKind::SqlBeforeSection, 2, 1),
        (&format!("{HEADER}  SELECT 1;\n"), FileErrorKind::SqlBeforeSection, 2, 3),
        (
            &format!("{HEADER}{up}\n-- why\n-- transaction: off\nSELECT 1;"),
            FileErrorKind::MisplacedKey("transaction"),
            5,
            1,
        ),
        (&format!("{HEADER}{up}SELECT '\0'"), FileErrorKind::Sql(SqlErrorKind::Nul), 3, 9),
    ];
    for (text, kind, line, column) in cases {
        let error = refused(text);
        assert_eq!((&error.kind, error.place.line, error.place.column), (&kind, line, column), "{text:?}");
        let diagnostic = Diagnostic::from(error);
        assert_eq!(diagnostic.kind, ErrorKind::RevisionFile);
        assert!(!diagnostic.hints.is_empty(), "{kind}");
        assert!(diagnostic.place.is_some_and(|place| place.file == "a1.sql"));
    }
}

#[test]
fn what_is_wrong_in_a_marker_is_named_with_its_place() {
    let section = |word: &str| FileErrorKind::UnknownSection { word: word.to_owned() };
    for (text, kind, line, column) in [
        ("-- underpin: upgrades", section("upgrades"), 2, 14),
        ("-- underpin:", section(""), 2, 1),
        ("-- underpin: up", section("up"), 2, 14),
        (
            "-- underpin: upgrade mysq",
            FileErrorKind::UnknownDialect { word: "mysq".to_owned(), nearest: Some("mysql") },
            2,
            22,
        ),
        (
            "-- underpin: upgrade oracle",
            FileErrorKind::UnknownDialect { word: "oracle".to_owned(), nearest: None },
            2,
            22,
        ),
        ("-- underpin: upgrade mysql fast", FileErrorKind::WordsAfterMarker("fast".to_owned()), 2, 28),
        ("-- underpin upgrade", FileErrorKind::MissingColon, 2, 1),
        ("-- underpin: downgrade", FileErrorKind::MissingUpgrade, 2, 1),
        ("", FileErrorKind::MissingUpgrade, 1, 1),
        ("-- underpin: upgrade\nSELECT 'x';\n-- underpin downgrade", FileErrorKind::MissingColon, 4, 1),
        ("-- underpin: upgrade\nSELECT 1; -- underpin: downgrade", FileErrorKind::MarkerNotAlone, 3, 11),
        (
            "-- underpin: upgrade postgres\n-- underpin: upgrade postgresql",
            FileErrorKind::DuplicateSection { first_line: 2 },
            3,
            1,
        ),
        (
            "-- underpin: upgrade\n\n\n-- underpin: downgrade\n-- underpin: upgrade",
            FileErrorKind::DuplicateSection { first_line: 2 },
            6,
            1,
        ),
        (
            "-- underpin: upgrade postgres\nSELECT $$;\n-- underpin: downgrade\n",
            FileErrorKind::Sql(SqlErrorKind::UnterminatedDollarQuote("$$".to_owned())),
            3,
            8,
        ),
        (
            "-- underpin: upgrade\nSELECT 'x;\n-- underpin: downgrade\n",
            FileErrorKind::Sql(SqlErrorKind::UnterminatedString),
            3,
            8,
        ),
    ] {
        let error = refused(&format!("{HEADER}{text}"));
        assert_eq!((&error.kind, error.place.line, error.place.column), (&kind, line, column), "{text:?}");
        assert!(kind.hint().is_some() || matches!(kind, FileErrorKind::Sql(_)), "{kind}");
    }
}

#[test]
fn markers_may_be_indented_and_in_capitals() {
    for marker in [
        "  -- underpin: downgrade",
        "-- Underpin : Downgrade  ",
        "--underpin:downgrade",
        "--- UNDERPIN: DOWNGRADE\r",
    ] {
        let file = parse(&format!("{HEADER}-- underpin: upgrade\nSELECT 1;\n{marker}\nSELECT 2;"));
        assert_eq!(texts(&file, Direction::Upgrade, Flavour::Mysql), ["SELECT 1"], "{marker}");
        assert_eq!(texts(&file, Direction::Downgrade, Flavour::Mysql), ["SELECT 2"], "{marker}");
    }
}

#[test]
fn what_stands_in_a_string_or_comment_is_no_marker() {
    for (dialect, sql) in [
        ("", "INSERT INTO a VALUES ('\n-- underpin: downgrade\n')"),
        ("", "SELECT 1 /*\n-- underpin: downgrade\n*/ + 1"),
        ("", "CREATE FUNCTION f() RETURNS text AS $$\n-- underpin: downgrade\n$$ LANGUAGE sql"),
        ("", "CREATE FUNCTION f() RETURNS text AS $body$\n-- underpin: downgrade\n$body$ LANGUAGE sql"),
        ("", "SELECT 1 -- don't say -- underpin: downgrade\n + 1"),
        ("", "SELECT 1\n-- underpin is what wrote this\n + 1"),
        ("sqlite", "SELECT [\n-- underpin: downgrade\n] FROM a"),
        ("postgres", "SELECT E'\\'\n-- underpin: downgrade\n'"),
        ("postgres", "SELECT 1 /* /* */\n-- underpin: downgrade\n*/"),
        ("mysql", "SELECT '\\'\n-- underpin: downgrade\n', '\\''"),
        ("mariadb", "SELECT `\n-- underpin: downgrade\n`"),
    ] {
        let file = parse(&format!(
            "{HEADER}-- underpin: upgrade {dialect}\n{sql};\n-- underpin: downgrade\nSELECT 2;"
        ));
        assert_eq!(file.sections.len(), 2, "{sql}");
        let text = &file.text[file.sections[0].range.clone()];
        assert_eq!(text, format!("{sql};\n"));
    }
}

#[test]
fn a_section_for_every_dialect_may_hold_what_only_one_can_read() {
    for (flavour, sql) in [
        (Flavour::Mysql, "SELECT 1 # don't\n;"),
        (Flavour::Mysql, "SELECT 'it\\'s', '\"';"),
        (Flavour::Mysql, "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 'a'; END$$\nDELIMITER ;\n"),
        (Flavour::Mysql, "DELIMITER '\nSELECT 1'\nDELIMITER ;"),
        (Flavour::Postgres, "SELECT E'it\\'s';"),
        (Flavour::Postgres, "SELECT $x$'$x$, a['1'];"),
        (Flavour::Sqlite, "SELECT [it's];"),
    ] {
        let file = parse(&format!("{HEADER}-- underpin: upgrade\n{sql}\n-- underpin: downgrade\nSELECT 2;"));
        assert_eq!(texts(&file, Direction::Downgrade, flavour), ["SELECT 2"], "{sql}");
        assert_eq!(texts(&file, Direction::Upgrade, flavour).len(), 1, "{sql}");
    }
}

#[test]
fn a_marker_that_dialects_disagree_on_is_refused() {
    let error = refused(&format!(
        "{HEADER}-- underpin: upgrade\nSELECT 1 # don't\n;\n-- underpin: downgrade\nSELECT 2 # won't\n;"
    ));
    let kind = FileErrorKind::AmbiguousMarker { inside: Dialect::Postgres, outside: Dialect::Mysql };
    assert_eq!((&error.kind, error.place.line), (&kind, 5));
    assert_eq!(
        kind.to_string(),
        "this is a section marker for MySQL and part of a string or comment for PostgreSQL"
    );
}

#[test]
fn a_section_for_a_dialect_wins() {
    let section = |name: &str| format!("-- underpin: upgrade {name}\nSELECT '{name}';\n");
    let all = format!("{HEADER}{}{}{}", section(""), section("mysql"), section("mariadb"));
    let some = format!("{HEADER}{}{}", section("mysql"), section("postgresql"));
    for (text, flavour, expected) in [
        (&all, Flavour::Sqlite, Some("SELECT ''")),
        (&all, Flavour::Postgres, Some("SELECT ''")),
        (&all, Flavour::Mysql, Some("SELECT 'mysql'")),
        (&all, Flavour::Mariadb, Some("SELECT 'mariadb'")),
        (&some, Flavour::Mariadb, Some("SELECT 'mysql'")),
        (&some, Flavour::Postgres, Some("SELECT 'postgresql'")),
        (&some, Flavour::Sqlite, None),
    ] {
        let file = parse(text);
        match expected {
            Some(expected) => assert_eq!(texts(&file, Direction::Upgrade, flavour), [expected]),
            None => {
                let error = file.statements(Direction::Upgrade, flavour).unwrap_err();
                assert_eq!(error.kind.to_string(), "revision a1 has no upgrade section for SQLite");
                assert_eq!(Diagnostic::from(error).kind, ErrorKind::Unsupported);
                assert!(file.checksum(flavour).is_err());
            }
        }
        let error = file.statements(Direction::Downgrade, flavour).unwrap_err();
        assert_eq!(Diagnostic::from(error).kind, ErrorKind::Irreversible);
    }
}

#[test]
fn statements_know_their_place_in_the_file() {
    let text = format!(
        "{HEADER}-- underpin: upgrade\r\nSELECT 1;\r\n  /* é */ SELECT 'é',\r\n  x;\r\n-- underpin: downgrade\r\n\r\n\
         -- probe: SELECT 3\r\nSELECT 2"
    );
    let file = parse(&text);
    let up = file.statements(Direction::Upgrade, Flavour::Sqlite).unwrap();
    assert_eq!((up[1].line, up[1].column), (4, 11));
    let place = up[1].place();
    assert_eq!(
        (place.line, place.column, place.length, place.text.as_str()),
        (4, 11, 11, "  /* é */ SELECT 'é',")
    );
    let place = up[1].place_of_character(8);
    assert_eq!((place.line, place.column, place.text.as_str()), (4, 18, "  /* é */ SELECT 'é',"));
    let place = up[1].place_of_character(16);
    assert_eq!((place.line, place.column, place.text.as_str()), (5, 3, "  x"));
    let down = file.statements(Direction::Downgrade, Flavour::Sqlite).unwrap();
    assert_eq!((down[0].line, down[0].column, down[0].probe.as_deref()), (9, 1, Some("SELECT 3")));
    assert_eq!(
        file.section_text(Direction::Downgrade, Flavour::Mariadb),
        Some("\r\n-- probe: SELECT 3\r\nSELECT 2")
    );
}

#[test]
fn an_error_in_the_sql_has_its_place_in_the_file() {
    let file = parse(&format!("{HEADER}-- underpin: upgrade\nSELECT 1;\n  .read x"));
    let error = file.statements(Direction::Upgrade, Flavour::Sqlite).unwrap_err();
    assert_eq!((error.place.line, error.place.column), (4, 3));
    assert_eq!(error.to_string(), "a1.sql:4:3: \".read\" is a command of the sqlite3 program, not SQL");
    assert!(file.statements(Direction::Upgrade, Flavour::Postgres).is_ok());
}

#[test]
fn the_checksum_is_that_of_the_upgrade_that_applies() {
    let of = |text: &str| parse(&format!("{HEADER}{text}")).checksum(Flavour::Mariadb).unwrap();
    let plain = of("-- underpin: upgrade\nSELECT 1;\n");
    assert_eq!(Ok(plain), crate::sql::checksum(Dialect::Mysql, "SELECT 1"));
    for text in [
        "-- message: other\n-- underpin: upgrade\r\n-- a comment\r\nSELECT 1 ;\r\n-- underpin: downgrade\r\nSELECT 2",
        "-- transaction: on\n-- underpin: upgrade\nSELECT 2;\n-- underpin: upgrade mysql\nSELECT 1;",
    ] {
        assert_eq!(of(text), plain, "{text}");
    }
    for text in ["-- underpin: upgrade\nSELECT 2;", "-- transaction: off\n-- underpin: upgrade\nSELECT 1;"] {
        assert_ne!(of(text), plain, "{text}");
    }
}
