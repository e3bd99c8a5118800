use super::*;

const SQLITE: Dialect = Dialect::Sqlite;
const POSTGRES: Dialect = Dialect::Postgres;
const MYSQL: Dialect = Dialect::Mysql;

fn texts(dialect: Dialect, source: &str) -> Vec<&str> {
    split(dialect, source)
        .unwrap_or_else(|error| panic!("{source}: {error}"))
        .iter()
        .map(|s| s.text)
        .collect()
}

#[test]
fn pieces_without_code_are_no_statements() {
    for dialect in Dialect::ALL {
        for source in ["", ";", " ;; \n;", "-- only\n/* comments */ ;", "\u{feff}", "\u{feff}-- x"] {
            assert!(texts(dialect, source).is_empty(), "{dialect} {source:?}");
        }
    }
    assert!(texts(POSTGRES, "/*+ hint */;").is_empty());
    assert!(texts(MYSQL, "DELIMITER //\nDELIMITER ;").is_empty());
}

#[test]
fn a_statement_is_trimmed_and_its_segment_is_not() {
    let source = "-- one\nSELECT 1 -- uno\n ;\n\n/* two */ SELECT 2\n-- the end\n";
    let statements = split(SQLITE, source).unwrap();
    assert_eq!(statements.iter().map(|s| s.text).collect::<Vec<_>>(), ["SELECT 1", "SELECT 2"]);
    assert_eq!(&source[statements[0].segment.clone()], "-- one\nSELECT 1 -- uno\n ;");
    assert_eq!(statements[1].segment.end, source.len());
    assert_eq!(statements[1].position(source), (5, 11));
}

#[test]
fn semicolons_in_quotes_and_comments_end_nothing() {
    for (dialect, source) in [
        (SQLITE, "SELECT ';', \";\", `;`, [;] -- ;\n /* ; */, x"),
        (POSTGRES, "SELECT ';', E'\\';', $$;$$, $a$;$$;$a$, \";\" -- ;\n /* ; /* ; */ ; */, x"),
        (MYSQL, "SELECT ';', '\\';', \";\", `;` -- ;\n # ;\n /* ; */, x /*! ; */"),
    ] {
        assert_eq!(texts(dialect, source), [source]);
        assert_eq!(texts(dialect, &format!("{source}\n;{source};")), [source, source]);
    }
}

#[test]
fn a_probe_belongs_to_the_statement_below_it() {
    let source = "SELECT 1; -- probe: no\n-- why\n-- probe: SELECT 2;\n/* x */ CREATE TABLE a (b);\n  --Probe : SELECT 3\nx";
    let probes: Vec<_> = split(SQLITE, source).unwrap().iter().map(|s| s.probe).collect();
    assert_eq!(probes, [None, Some("SELECT 2"), Some("SELECT 3")]);
}

#[test]
fn a_probe_that_is_wrong_is_refused() {
    for (source, kind, line) in [
        ("-- probe:\nSELECT 1", SqlErrorKind::EmptyProbe, 1),
        ("-- probe: a\n-- probe: b\nSELECT 1", SqlErrorKind::SecondProbe, 2),
        ("SELECT 1;\n-- probe: a\n", SqlErrorKind::DanglingProbe, 2),
        ("-- probe: a\n;SELECT 1", SqlErrorKind::DanglingProbe, 1),
    ] {
        let error = split(SQLITE, source).unwrap_err();
        assert_eq!((error.kind, error.line), (kind, line), "{source}");
    }
}

#[test]
fn a_note_about_batches_belongs_to_the_statement_below_it() {
    for dialect in [SQLITE, POSTGRES, MYSQL] {
        let source =
            "SELECT 1;\n-- batches: orders by id\n-- in cents\nUPDATE orders SET a = 1 WHERE :batch;";
        let statements = split(dialect, source).unwrap();
        assert!(statements[0].batches.is_none());
        assert_eq!(statements[1].batches.as_ref().unwrap().to_string(), "in batches of orders by id");
        assert!(crate::sql::checksum(dialect, statements[1].text).is_ok());
        for (source, expected, line) in [
            ("UPDATE t SET a = 1\nWHERE :batch", BatchesError::MarkWithoutNote, 2),
            ("SELECT 1;\n-- batches: t by id", BatchesError::DanglingNote, 2),
            (
                "-- batches: t by id\n-- batches: t by id\nDELETE FROM t WHERE :batch",
                BatchesError::SecondNote,
                2,
            ),
            ("\n-- batches: t by id\nDELETE FROM t", BatchesError::NoMark, 2),
        ] {
            let error = split(dialect, source).unwrap_err();
            assert_eq!((error.kind, error.line), (SqlErrorKind::Batches(expected), line), "{source}");
        }
    }
}

#[test]
fn commands_of_client_programs_are_refused_with_a_hint() {
    for (dialect, source, line, expected, hint) in [
        (POSTGRES, "SELECT 1;\n\\c other", 2, "\\c", "as SQL"),
        (POSTGRES, "\\restrict x", 1, "\\restrict", "pg_dump"),
        (POSTGRES, "\\unrestrict x", 1, "\\unrestrict", "pg_dump"),
        (POSTGRES, "SELECT 1 \\gx", 1, "\\gx", "as SQL"),
        (MYSQL, "SELECT 1;\nsource x.sql", 2, "source", "as SQL"),
        (MYSQL, "SELECT 1\\G;", 1, "\\G", "semicolon"),
        (MYSQL, "\\. file", 1, "\\.", "as SQL"),
        (MYSQL, "TEE log", 1, "TEE", "as SQL"),
        (SQLITE, "SELECT 1;\n.read it's", 2, ".read", "as SQL"),
        (SQLITE, ".mode csv", 1, ".mode", "as SQL"),
    ] {
        let error = split(dialect, source).unwrap_err();
        assert_eq!((error.line, &source[error.span]), (line, expected), "{source}");
        assert!(error.kind.hint().is_some_and(|text| text.contains(hint)), "{source}");
        match error.kind {
            SqlErrorKind::ClientCommand { command, .. } => assert_eq!(command, expected, "{source}"),
            other => panic!("{source}: {other}"),
        }
    }
}

#[test]
fn copy_data_is_refused_before_it_is_read() {
    let source = "COPY public.a (b) FROM stdin;\nit's\n\\.\n";
    let error = split(POSTGRES, source).unwrap_err();
    assert_eq!(error.kind, SqlErrorKind::CopyData("FROM STDIN"));
    assert_eq!(&source[error.span], "stdin");
    let error = split(POSTGRES, "COPY a TO STDOUT WITH CSV").unwrap_err();
    assert_eq!(error.kind, SqlErrorKind::CopyData("TO STDOUT"));
    assert_eq!(texts(POSTGRES, "COPY a FROM '/stdin'; SELECT stdin FROM stdin").len(), 2);
}

#[test]
fn a_delimiter_line_is_obeyed_and_never_sent() {
    for delimiter in ["//", "$$", ";;", "|", "go", "'//'", "\"@@\"", "END_OF_IT", "é"] {
        let mark = delimiter.trim_matches(['\'', '"']);
        let body = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @x = 1; END";
        let source = format!(
            "SELECT 1;\nDELIMITER {delimiter} \n{body} {mark}\n  delimiter\t{delimiter}\n{body};\n{mark}\nDELIMITER ;\r\nSELECT 2;"
        );
        assert_eq!(texts(MYSQL, &source), ["SELECT 1", body, body, "SELECT 2"], "{delimiter}");
    }
}

#[test]
fn a_semicolon_still_ends_plain_statements_under_another_delimiter() {
    let source = "DELIMITER //\nINSERT INTO a VALUES (1); INSERT INTO a VALUES (2);\n//\nCREATE PROCEDURE p() SELECT 1; //";
    assert_eq!(
        texts(MYSQL, source),
        ["INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)", "CREATE PROCEDURE p() SELECT 1"]
    );
}

#[test]
fn the_triggers_of_a_dump_are_read() {
    let source = "DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t \
        BEFORE INSERT ON a FOR EACH ROW BEGIN\n  SET NEW.b = 1;\nEND */;;\nDELIMITER ;\n\
        /*!40101 SET character_set_client = @saved */;\n";
    let statements = texts(MYSQL, source);
    assert_eq!(statements.len(), 2);
    assert!(statements[0].starts_with("/*!50003 CREATE*/") && statements[0].ends_with("END */"));
    assert_eq!(statements[1], "/*!40101 SET character_set_client = @saved */");
}

#[test]
fn delimiter_lines_that_are_wrong_are_refused() {
    for (source, kind, line) in [
        ("DELIMITER\nSELECT 1", SqlErrorKind::DelimiterMissing, 1),
        ("DELIMITER ''", SqlErrorKind::DelimiterMissing, 1),
        ("DELIMITER \\\\", SqlErrorKind::DelimiterBackslash, 1),
        ("DELIMITER //\nSELECT 1\nDELIMITER ;", SqlErrorKind::DelimiterInStatement("//".to_owned()), 3),
    ] {
        let error = split(MYSQL, source).unwrap_err();
        assert_eq!((error.kind, error.line), (kind, line), "{source}");
    }
}

#[test]
fn a_column_may_be_called_delimiter() {
    let source = "CREATE TABLE a (\n  delimiter CHAR(1),\n  delimiter\n)";
    assert_eq!(texts(MYSQL, source), [source]);
    assert_eq!(texts(POSTGRES, "DELIMITER // ; SELECT 1"), ["DELIMITER //", "SELECT 1"]);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    const BLANKS: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];

    /// What splitters stumble over.
    const NASTY: &[&str] = &[
        "'",
        "''",
        "\"",
        "`",
        "[",
        "]",
        "\\",
        "\\'",
        "$",
        "$$",
        "$a$",
        "$1",
        "--",
        "-- ",
        "#",
        "/*",
        "*/",
        "/*!",
        "/*!50003 ",
        "/*M!",
        "/*+",
        ";",
        ";;",
        "//",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "E'",
        "U&'",
        "x'",
        "(",
        ")",
        ",",
        ".",
        ":",
        "@",
        "=",
        "a",
        "é",
        "\u{feff}",
        "1",
        "0x",
        "1e",
        "..",
        "BEGIN ",
        "END ",
        "CASE ",
        "WHEN ",
        "THEN ",
        "ELSE ",
        "IF ",
        "IF(",
        "END IF",
        "LOOP ",
        "REPEAT ",
        "REPEAT(",
        "UNTIL ",
        "WHILE ",
        "DO ",
        "FOR ",
        "EACH ROW ",
        "NOT ",
        "ATOMIC ",
        "CREATE ",
        "OR REPLACE ",
        "TRIGGER ",
        "PROCEDURE ",
        "FUNCTION ",
        "EVENT ",
        "PACKAGE ",
        "RULE ",
        "TEMP ",
        "DEFINER=",
        "AS ",
        "IS ",
        "DECLARE ",
        "HANDLER FOR ",
        "XA BEGIN ",
        "RETURN ",
        "COPY ",
        "FROM STDIN",
        "SELECT ",
        "INSERT ",
        "\nDELIMITER //\n",
        "\nDELIMITER $$\n",
        "\nDELIMITER ;\n",
        "\n-- probe: x\n",
        "\n-- underpin: upgrade\n",
    ];

    fn nasty() -> impl Strategy<Value = String> {
        let fragment = prop_oneof![
            8 => prop::sample::select(NASTY).prop_map(str::to_owned),
            1 => "[a-z ]{0,3}",
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
    }

    fn dialect() -> impl Strategy<Value = Dialect> {
        prop::sample::select(&Dialect::ALL[..])
    }

    /// Tokens cover the source, segments too, and each text stands in its segment.
    fn check(dialect: Dialect, source: &str) {
        if let Ok(tokens) = super::super::super::tokens(dialect, source) {
            let mut end = 0;
            for token in tokens {
                assert!(token.start == end && token.end > token.start);
                end = token.end;
            }
            assert_eq!(end, source.len());
        }
        let statements = match split(dialect, source) {
            Ok(statements) => statements,
            Err(error) => {
                assert!(source.get(error.span.clone()).is_some(), "{error:?}");
                return;
            }
        };
        let mut end = 0;
        for statement in &statements {
            assert_eq!(statement.segment.start, end);
            end = statement.segment.end;
            assert!(statement.segment.start <= statement.span.start && statement.span.end <= end);
            assert_eq!(&source[statement.span.clone()], statement.text);
            assert!(!statement.text.starts_with(BLANKS) && !statement.text.ends_with(BLANKS));
            assert!(!statement.text.is_empty());
        }
        assert!(statements.is_empty() || end == source.len());
    }

    /// Statements that were split once and joined again are split the same way.
    fn rejoin(dialect: Dialect, source: &str) {
        if source.to_ascii_uppercase().contains("DELIMITER") {
            return;
        }
        let Ok(statements) = split(dialect, source) else { return };
        let texts: Vec<&str> = statements.iter().map(|statement| statement.text).collect();
        let joined = texts.iter().map(|text| format!("\n{text};")).collect::<String>();
        let again: Vec<&str> =
            split(dialect, &joined).unwrap().iter().map(|statement| statement.text).collect();
        assert_eq!(again, texts, "{joined:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nasty_text_is_split_without_losing_a_byte(dialect in dialect(), source in nasty()) {
            check(dialect, &source);
        }

        #[test]
        fn any_text_is_split_without_losing_a_byte(dialect in dialect(), source in any::<String>()) {
            check(dialect, &source);
        }

        #[test]
        fn splitting_is_stable_under_joining(dialect in dialect(), source in nasty()) {
            rejoin(dialect, &source);
        }
    }
}
