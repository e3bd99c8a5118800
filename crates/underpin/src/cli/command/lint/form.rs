//! Findings as JSON: the stable form that other programs read.

use serde::Serialize;
use underpin_core::lint::{FileFinding, RULES, Severity};

/// All findings.
#[derive(Debug, Serialize)]
pub(super) struct Form<'a> {
    findings: Vec<FindingForm<'a>>,
}

#[derive(Debug, Serialize)]
struct FindingForm<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    rule: &'static str,
    severity: Severity,
    statement: &'a str,
    message: &'a str,
    lock: Option<&'a str>,
    help: &'a str,
}

/// A rule.
#[derive(Debug, Serialize)]
pub(super) struct RuleForm {
    id: &'static str,
    severities: Vec<Severity>,
    summary: &'static str,
    dialects: Vec<&'static str>,
    why: &'static str,
}

impl<'a> Form<'a> {
    pub(super) fn of(findings: &'a [FileFinding]) -> Self {
        let form = |found: &'a FileFinding| FindingForm {
            file: &found.place.file,
            line: found.place.line,
            column: found.place.column,
            rule: found.finding.rule,
            severity: found.finding.severity,
            statement: &found.statement,
            message: &found.finding.message,
            lock: found.finding.lock.as_deref(),
            help: &found.finding.help,
        };
        Self { findings: findings.iter().map(form).collect() }
    }
}

/// Every rule.
pub(super) fn rules() -> Vec<RuleForm> {
    let form = |rule: &&underpin_core::lint::Rule| RuleForm {
        id: rule.id,
        severities: rule.severities(),
        summary: rule.summary,
        dialects: rule.flavours.iter().map(|flavour| flavour.name()).collect(),
        why: rule.why,
    };
    RULES.iter().map(form).collect()
}
