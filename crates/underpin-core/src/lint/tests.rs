use super::*;
use crate::{
    dialect::{Dialect, Flavour},
    schema::ServerVersion,
};

/// The newest version of each server that is known here.
fn version(flavour: Flavour, text: &str) -> ServerVersion {
    let newest = match flavour {
        Flavour::Sqlite => "3.53",
        Flavour::Postgres => "18",
        Flavour::Mysql => "9.7",
        Flavour::Mariadb => "11.8",
    };
    ServerVersion::parse(if text.is_empty() { newest } else { text }).unwrap()
}

fn findings(example: &Example) -> Vec<Finding> {
    let dialect = example.flavour.dialect();
    let mut catalog = if example.before.is_empty() {
        Catalog::unknown(dialect)
    } else {
        Catalog::of_sql(dialect, example.before)
    };
    let script = Script::plain(example.flavour, version(example.flavour, example.version), example.sql);
    lint(&script, &mut catalog, &LintSettings::default()).unwrap()
}

#[test]
fn every_rule_finds_what_its_examples_say() {
    let mut wrong = Vec::new();
    for rule in RULES {
        assert!(rule.examples.iter().any(|example| example.found), "{} has no example", rule.id);
        for example in rule.examples {
            assert!(rule.flavours.contains(&example.flavour), "{}: {}", rule.id, example.sql);
            let found = findings(example).iter().any(|finding| finding.rule == rule.id);
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
