use super::*;
use crate::{
    dialect::{Dialect, Flavour},
    schema::ServerVersion,
};

#[test]
fn every_rule_finds_what_its_examples_say() {
    let mut wrong = Vec::new();
    for rule in RULES {
        assert!(rule.examples.iter().any(|example| example.found), "{} has no example", rule.id);
        for example in rule.examples {
            assert!(rule.flavours.contains(&example.flavour), "{}: {}", rule.id, example.sql);
            let found = example.findings(Wrapping::Plain).iter().any(|finding| finding.rule == rule.id);
            if found != example.found {
                wrong.push(format!("{} {}: {} (found: {found})", rule.id, example.flavour, example.sql));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_have_ids_of_their_own_in_order_and_good_examples() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
}

fn rules_of(source: &str, wrapping: Wrapping) -> Vec<&'static str> {
    let script =
        Script { wrapping, ..Script::plain(Flavour::Postgres, ServerVersion::new(16, 0, 0), source) };
    let findings = lint(&script, &mut Catalog::unknown(Dialect::Postgres), &LintSettings::default()).unwrap();
    findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_note_with_a_reason_silences_a_rule_for_one_statement() {
    let ignored =
        "-- lint: ignore blocking-index: forty rows\nCREATE INDEX a ON t (a);\nCREATE INDEX b ON t (b)";
    assert_eq!(rules_of(ignored, Wrapping::Plain), ["blocking-index"]);
    let whole =
        "-- lint: ignore-file blocking-index: forty rows\nCREATE INDEX a ON t (a);\nCREATE INDEX b ON t (b)";
    assert_eq!(rules_of(whole, Wrapping::Plain), [""; 0]);
}

#[test]
fn a_note_without_a_reason_or_with_a_wrong_name_is_a_finding() {
    let found = rules_of("-- lint: ignore blocking-index\nCREATE INDEX a ON t (a)", Wrapping::Plain);
    assert_eq!(found, ["ignore-comment", "blocking-index"]);
    let found = rules_of("-- lint: ignore blocking: forty rows\nSELECT 1", Wrapping::Plain);
    assert_eq!(found, ["ignore-comment"]);
}

#[test]
fn rules_of_style_are_off_until_somebody_asks_for_them() {
    let script = Script::plain(Flavour::Postgres, ServerVersion::new(16, 0, 0), "CREATE TABLE a (id bigint)");
    let rules = |settings: &LintSettings| -> Vec<&str> {
        let findings = lint(&script, &mut Catalog::unknown(Dialect::Postgres), settings).unwrap();
        findings.iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(&LintSettings::default()), [""; 0]);
    let asked = LintSettings::default().set("non-idempotent", Some(Severity::Note)).unwrap();
    assert_eq!(rules(&asked), ["non-idempotent"]);
    let asked = asked.set("schema-unqualified", Some(Severity::Error)).unwrap();
    assert_eq!(rules(&asked), ["schema-unqualified", "non-idempotent"]);
}

#[test]
fn a_rule_can_be_another_severity_or_off() {
    let script = Script::plain(Flavour::Postgres, ServerVersion::new(16, 0, 0), "CREATE INDEX a ON t (a)");
    let severities = |settings: &LintSettings| -> Vec<Severity> {
        let findings = lint(&script, &mut Catalog::unknown(Dialect::Postgres), settings).unwrap();
        findings.iter().map(|finding| finding.severity).collect()
    };
    let set = |severity| LintSettings::default().set("blocking-index", severity).unwrap();
    assert_eq!(severities(&LintSettings::default()), [Severity::Error]);
    assert_eq!(severities(&set(Some(Severity::Note))), [Severity::Note]);
    assert_eq!(severities(&set(None)), []);
    let unknown = LintSettings::default().set("blocking-indexes", None).unwrap_err();
    assert_eq!(unknown.to_string(), "there is no rule \"blocking-indexes\"; did you mean blocking-index?");
}

#[test]
fn the_caret_is_under_what_is_meant() {
    let source = "SELECT 1;\n  CREATE INDEX a ON t (a);";
    let script = Script::plain(Flavour::Postgres, ServerVersion::new(16, 0, 0), source);
    let findings = lint(&script, &mut Catalog::unknown(Dialect::Postgres), &LintSettings::default()).unwrap();
    assert_eq!(&source[findings[0].span.clone()], "CREATE INDEX a ON t (a)");
}

#[test]
fn the_caret_is_under_what_a_body_says_and_a_note_before_it_counts() {
    let source = "DO $$ BEGIN\n  DROP TABLE a;\n  EXECUTE 'DROP TABLE ' || 'b';\nEND $$";
    let found = |source: &str| {
        let script = Script::plain(Flavour::Postgres, ServerVersion::new(16, 0, 0), source);
        lint(&script, &mut Catalog::unknown(Dialect::Postgres), &LintSettings::default()).unwrap()
    };
    let meant = found(source);
    let texts: Vec<&str> = meant.iter().map(|finding| &source[finding.span.clone()]).collect();
    assert_eq!(texts, ["DROP TABLE a", "EXECUTE 'DROP TABLE ' || 'b'"]);
    assert!(meant[1].message.contains("the rows of b are lost"));
    let noted = format!("-- lint: ignore drop-table: nobody has rows\n{source}");
    assert_eq!(found(&noted), []);
}

#[test]
fn what_a_body_makes_is_new_in_it() {
    let body = "DO $$ BEGIN CREATE TABLE a (b int); CREATE INDEX ON a (b); END $$";
    assert_eq!(rules_of(body, Wrapping::Plain), ["column-type"; 0]);
    let concurrently = "DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON a (b); END $$";
    assert_eq!(rules_of(concurrently, Wrapping::Plain), ["concurrently-in-transaction"]);
}

/// Whether one of the rules that tell of waiting writers and of copies finds something.
fn stops_writers(flavour: Flavour, version: &str, before: &str, sql: &str) -> bool {
    const RULES: &[&str] = &[
        "mysql-copy-algorithm",
        "mysql-lock-option",
        "check-validate",
        "fk-validate",
        "blocking-index",
        "auto-increment-column",
        "lock-on-source-table",
        "partition-exchange",
        "blocking-repair",
    ];
    let mut catalog = Catalog::of_sql(Dialect::Mysql, before);
    let script = Script::plain(flavour, ServerVersion::parse(version).unwrap(), sql);
    let findings = lint(&script, &mut catalog, &LintSettings::default()).unwrap();
    findings.iter().any(|finding| RULES.contains(&finding.rule) && finding.severity >= Severity::Warning)
}

#[test]
fn what_was_measured_on_the_servers_is_what_the_rules_say() {
    let mut before = "";
    let mut wrong = Vec::new();
    for line in include_str!("measured.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(tables) = line.strip_prefix("== ") {
            before = tables;
            continue;
        }
        let mut parts = line.splitn(3, " | ");
        let (Some(mysql), Some(mariadb), Some(sql)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        for (flavour, version, measured) in
            [(Flavour::Mysql, "9.7", mysql), (Flavour::Mariadb, "10.11", mariadb)]
        {
            let stops = matches!(measured, "copy" | "inplace-shared" | "waits");
            if measured != "-" && stops_writers(flavour, version, before, sql) != stops {
                wrong.push(format!("{flavour}: {measured}: {sql}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_column_that_loses_its_default_where_it_is_made_is_one_that_is_required() {
    let found = |flavour: Flavour, sql: &str| {
        let script = Script::plain(flavour, usual_version(flavour), sql);
        let mut catalog = Catalog::unknown(flavour.dialect());
        let findings = lint(&script, &mut catalog, &LintSettings::default()).unwrap();
        let found = findings.into_iter().find(|finding| finding.rule == "default-change");
        found.map(|finding| (finding.severity, finding.message.contains("fail from now on")))
    };
    for flavour in [Flavour::Postgres, Flavour::Mysql, Flavour::Mariadb] {
        for (sql, expected) in [
            (
                "ALTER TABLE t ADD n int NOT NULL DEFAULT 1; ALTER TABLE t ALTER n DROP DEFAULT",
                Some((Severity::Warning, true)),
            ),
            (
                "ALTER TABLE t ADD n int NOT NULL DEFAULT 1, ALTER n DROP DEFAULT",
                Some((Severity::Warning, true)),
            ),
            ("ALTER TABLE t ADD n int DEFAULT 1; ALTER TABLE t ALTER n DROP DEFAULT", None),
            ("ALTER TABLE t ADD n int DEFAULT 1, ALTER n DROP DEFAULT", None),
            ("ALTER TABLE t ALTER n DROP DEFAULT", Some((Severity::Note, false))),
        ] {
            assert_eq!(found(flavour, sql), expected, "{flavour}: {sql}");
        }
    }
}

#[test]
fn a_table_that_is_built_anew_twice_loses_what_the_second_leaves_behind() {
    let rebuild = |columns: &str, kept: &str| {
        format!(
            "CREATE TABLE new_t ({columns});\nINSERT INTO new_t ({kept}) SELECT {kept} FROM t;\n\
             DROP TABLE t;\nALTER TABLE new_t RENAME TO t;\n"
        )
    };
    let losses = |source: &str| {
        let script = Script::plain(Flavour::Sqlite, ServerVersion::new(3, 45, 0), source);
        let mut catalog = Catalog::of_sql(Dialect::Sqlite, "CREATE TABLE t (a, b);");
        let findings = lint(&script, &mut catalog, &LintSettings::default()).unwrap();
        findings.into_iter().filter(|finding| finding.rule == "drop-column").count()
    };
    let both = rebuild("a, b, c", "a, b") + &rebuild("a, b, c, d", "a, b, c");
    assert_eq!(losses(&both), 0);
    let second = rebuild("a, b, c", "a, b") + &rebuild("a, c", "a, c");
    assert_eq!(losses(&second), 1);
}

#[test]
fn the_lock_of_what_drops_empties_and_renames_is_in_the_words_of_its_server() {
    let lock = |flavour: Flavour, sql: &str| {
        let script = Script::plain(flavour, usual_version(flavour), sql);
        let mut catalog = Catalog::of_sql(flavour.dialect(), "CREATE TABLE t (a int, b int)");
        let findings = lint(&script, &mut catalog, &LintSettings::default()).unwrap();
        findings
            .into_iter()
            .find(|finding| finding.severity == Severity::Error)
            .and_then(|finding| finding.lock)
    };
    for (flavour, sql, expected) in [
        (Flavour::Postgres, "TRUNCATE t", "ACCESS EXCLUSIVE on t"),
        (Flavour::Mysql, "TRUNCATE t", "METADATA on t"),
        (Flavour::Mariadb, "TRUNCATE t", "METADATA on t"),
        (Flavour::Mysql, "ALTER TABLE t DISCARD TABLESPACE", "ALGORITHM=INPLACE, LOCK=EXCLUSIVE on t"),
        (Flavour::Mysql, "ALTER TABLE t TRUNCATE PARTITION p", "METADATA on t"),
        (Flavour::Mariadb, "ALTER TABLE t DROP PARTITION p", "METADATA on t"),
        (Flavour::Postgres, "DROP TABLE t", "ACCESS EXCLUSIVE on t"),
        (Flavour::Mysql, "DROP TABLE t", "METADATA on t"),
        (Flavour::Sqlite, "DROP TABLE t", "WRITE on main"),
        (Flavour::Postgres, "ALTER TABLE t DROP b", "ACCESS EXCLUSIVE on t"),
        (Flavour::Mysql, "ALTER TABLE t DROP b", "ALGORITHM=INSTANT on t"),
        (Flavour::Sqlite, "ALTER TABLE t DROP b", "WRITE on main"),
        (Flavour::Postgres, "ALTER TABLE t RENAME TO u", "ACCESS EXCLUSIVE on t"),
        (Flavour::Mysql, "RENAME TABLE t TO u", "METADATA on t"),
        (Flavour::Mariadb, "ALTER TABLE t RENAME u", "ALGORITHM=INSTANT on t"),
        (Flavour::Sqlite, "ALTER TABLE t RENAME TO u", "WRITE on main"),
        (Flavour::Postgres, "ALTER TABLE t RENAME b TO c", "ACCESS EXCLUSIVE on t"),
        (Flavour::Mysql, "ALTER TABLE t CHANGE b c int", "ALGORITHM=INSTANT on t"),
        (Flavour::Sqlite, "ALTER TABLE t RENAME b TO c", "WRITE on main"),
    ] {
        assert_eq!(lock(flavour, sql).as_deref(), Some(expected), "{flavour}: {sql}");
    }
}
