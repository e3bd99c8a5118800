//! Findings as SARIF 2.1.0 ("Static Analysis Results Interchange Format", an OASIS standard), which code
//! hosts show beside the lines of a change.

use serde_json::{Value, json};
use underpin_core::lint::{FileFinding, RULES, Severity};

/// The log of one run.
pub(super) fn log(findings: &[FileFinding]) -> Value {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.summary },
                "fullDescription": { "text": rule.why },
                "help": { "text": rule.why, "markdown": rule.why },
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "underpin",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(found: &FileFinding) -> Value {
    let finding = &found.finding;
    let text = format!("{}. {}", finding.message, finding.help);
    json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": found.place.file },
            "region": {
                "startLine": found.place.line,
                "startColumn": found.place.column,
                "endColumn": found.place.column + found.place.length,
            },
        } }],
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
