//! A text of statements in the order in which they run, and the transactions that they run in.

use crate::{
    catalog::{Birth, Catalog},
    dialect::Flavour,
    schema::ServerVersion,
    sql::{self, SqlError},
    statement::{Statement, TransactionControl},
};

use super::{
    Check, Context, Finding, Found, LintSettings, Moment, RULES, Rule, Severity, ignore, part::Part,
};

/// A text of statements.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// The server that it is for.
    pub flavour: Flavour,
    /// That server's version.
    pub version: ServerVersion,
    /// Whether that version is only the one that is taken where nobody says one.
    pub assumed: bool,
    /// How it is run.
    pub wrapping: Wrapping,
    /// The text.
    pub source: &'a str,
    /// What it is for, in its author's words.
    pub message: Option<&'a str>,
    /// Whether a person has said that losing data is meant: `destructive: reviewed`.
    pub reviewed: bool,
}

/// The rules about data that is lost. Once that is reviewed, they are worth a note.
const DESTRUCTIVE: &[&str] = &[
    "cascade",
    "drop-column",
    "drop-database",
    "drop-schema",
    "drop-sequence",
    "drop-table",
    "precision-loss",
    "replaced-rows",
    "sqlite-rebuild-loss",
    "truncate",
    "truncate-cascade",
];

/// How a text of statements is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// As a revision in a transaction.
    Transaction,
    /// As a revision outside of any: `transaction: off`.
    Alone,
    /// By a client, which sends one statement after the other; the text may say `BEGIN`.
    Plain,
}

impl<'a> Script<'a> {
    /// A text that a client sends to a server of this version, which somebody has said or asked.
    pub const fn plain(flavour: Flavour, version: ServerVersion, source: &'a str) -> Self {
        Self {
            flavour,
            version,
            assumed: false,
            wrapping: Wrapping::Plain,
            source,
            message: None,
            reviewed: false,
        }
    }

    pub(super) fn findings(
        &self,
        catalog: &mut Catalog,
        settings: &LintSettings,
    ) -> Result<Vec<Finding>, SqlError> {
        let pieces = sql::split(self.flavour.dialect(), self.source)?;
        catalog.begin_session();
        let (parts, script) = Part::of(self.flavour, self.version, &pieces);
        let moments = self.moments(&parts, &script);
        let transactions: Vec<usize> = moments.iter().map(|moment| moment.number).collect();
        let mut findings = Vec::new();
        for (index, statement) in script.iter().enumerate() {
            let part = &parts[index];
            let context = Context {
                flavour: self.flavour,
                version: self.version,
                assumed: self.assumed,
                catalog,
                statement,
                text: &part.text,
                moment: moments[index],
                script: &script,
                index,
                transactions: &transactions,
                wrapping: self.wrapping,
            };
            for rule in RULES.iter().filter(|rule| rule.flavours.contains(&self.flavour)) {
                let Check::Statement(check) = rule.check else { continue };
                for found in check(&context) {
                    findings.extend(finding(rule, found, settings, part));
                }
            }
            catalog.apply(statement, Birth::Transaction(moments[index].number));
        }
        let span = 0..self.source.trim_end().len();
        let whole = Part { text: self.source.into(), span, verbatim: true, number: 0 };
        for rule in RULES.iter().filter(|rule| rule.flavours.contains(&self.flavour)) {
            let Check::Script(check) = rule.check else { continue };
            for found in check(self, &script) {
                let found = finding(rule, found, settings, &whole);
                findings.extend(found.map(|found| Finding { statement: None, ..found }));
            }
        }
        self.without_ignored(&pieces, findings)
    }

    fn without_ignored(
        &self,
        pieces: &[sql::Statement<'_>],
        mut findings: Vec<Finding>,
    ) -> Result<Vec<Finding>, SqlError> {
        for finding in &mut findings {
            if self.reviewed && DESTRUCTIVE.contains(&finding.rule) {
                finding.severity = Severity::Note;
            }
        }
        let (ignores, mistakes) = ignore::read(self.flavour.dialect(), self.source, pieces);
        findings.retain(|finding| {
            !ignores.iter().any(|ignore| {
                ignore.rules.contains(&finding.rule)
                    && (ignore.statement.is_none() || ignore.statement == finding.statement)
            })
        });
        findings.extend(mistakes.into_iter().map(|mistake| Finding {
            rule: "ignore-comment",
            severity: Severity::Warning,
            statement: None,
            span: mistake.start..mistake.end,
            message: mistake.message,
            lock: None,
            help: "-- lint: ignore RULE[, RULE]: REASON".to_owned(),
        }));
        findings
            .sort_by_key(|finding| (finding.span.start, std::cmp::Reverse(finding.severity), finding.rule));
        Ok(findings)
    }

    /// The transaction of each part. What a statement of PostgreSQL runs shares one.
    fn moments(&self, parts: &[Part<'_>], script: &[Statement]) -> Vec<Moment> {
        let managed = match self.wrapping {
            // DDL of MySQL and MariaDB ends a transaction by itself.
            Wrapping::Transaction => self.flavour.transactional_ddl(),
            Wrapping::Alone | Wrapping::Plain => false,
        };
        let mut moment = Moment { number: 0, open: managed };
        let mut moments: Vec<Moment> = Vec::with_capacity(script.len());
        for (index, statement) in script.iter().enumerate() {
            let outer = index.checked_sub(1).filter(|&outer| parts[outer].number == parts[index].number);
            if let Some(outer) = outer {
                let outer = moments[outer];
                moments.push(Moment { open: outer.open || self.flavour == Flavour::Postgres, ..outer });
                continue;
            }
            match statement {
                Statement::Transaction(TransactionControl::Begin) if !moment.open => moment.open = true,
                Statement::Transaction(TransactionControl::Commit | TransactionControl::Rollback) => {
                    moments.push(moment);
                    moment = Moment { number: moment.number + 1, open: managed };
                    continue;
                }
                _ => {}
            }
            moments.push(moment);
            if !moment.open {
                moment.number += 1;
            }
        }
        moments
    }
}

/// What a rule has found in a part, at its place in the text.
fn finding(rule: &Rule, found: Found, settings: &LintSettings, part: &Part<'_>) -> Option<Finding> {
    let all = 0..usize::MAX;
    let within = if part.verbatim { found.span } else { all };
    let end = part.span.start.saturating_add(within.end).min(part.span.end);
    Some(Finding {
        rule: rule.id,
        severity: settings.severity(rule, found.severity)?,
        statement: Some(part.number),
        span: (part.span.start + within.start).min(end)..end,
        message: found.message,
        lock: found.lock,
        help: found.help,
    })
}
