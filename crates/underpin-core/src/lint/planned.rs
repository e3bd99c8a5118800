//! The statements that a revision is known to send, as one text for the rules: those of a plan, and those of a revision
//! in Rust.

use crate::{catalog::Catalog, diagnostic::Place, plan::PlannedStatement, revision::RevisionFile};

use super::{FileFinding, FileLint, Finding, Script, Wrapping};

/// The statements in a row, each behind its notes.
pub(crate) fn source(statements: &[PlannedStatement]) -> String {
    let mut source = String::new();
    for planned in statements {
        append(&mut source, planned);
    }
    source
}

fn append(source: &mut String, planned: &PlannedStatement) {
    if !source.is_empty() {
        source.push_str("\n;\n");
    }
    for note in &planned.lint_notes {
        source.push_str(note);
        source.push('\n');
    }
    // As its file has it: what runs in batches locks no more than a batch.
    source.push_str(&planned.text);
}

impl FileLint {
    /// The findings in the statements that the upgrade of a revision in Rust is known to send, each where its operation
    /// is called. The catalog is what it is afterwards then.
    pub fn planned(
        &self,
        file: &RevisionFile,
        statements: &[PlannedStatement],
        catalog: &mut Catalog,
    ) -> Vec<FileFinding> {
        let mut source = String::new();
        let mut ends = Vec::with_capacity(statements.len());
        for planned in statements {
            append(&mut source, planned);
            ends.push(source.len());
        }
        let script = Script {
            assumed: self.assumed,
            wrapping: if file.header.transaction { Wrapping::Transaction } else { Wrapping::Alone },
            message: Some(file.header.message.as_str()).filter(|message| !message.is_empty()),
            reviewed: file.header.destructive_reviewed,
            ..Script::plain(self.flavour, self.version, &source)
        };
        // What can't be split was an error of the operation, before it was written.
        let findings = super::lint(&script, catalog, &self.settings).unwrap_or_default();
        let mut findings: Vec<FileFinding> =
            findings.into_iter().filter_map(|finding| located(statements, &ends, finding)).collect();
        // An operation of several statements has its notes before each.
        findings.dedup_by(|one, other| {
            one.statement.is_empty() && one.place == other.place && one.finding.rule == other.finding.rule
        });
        findings
    }
}

/// A finding where the operation is called that it is in; one about all of them, where the first is.
fn located(statements: &[PlannedStatement], ends: &[usize], finding: Finding) -> Option<FileFinding> {
    let index = finding.statement.unwrap_or_else(|| ends.partition_point(|end| *end <= finding.span.start));
    let planned = statements.get(index)?;
    let place = Place { label: Some(finding.message.clone()), ..planned.place.clone() };
    let statement = finding.statement.map(|_| planned.text.clone()).unwrap_or_default();
    Some(FileFinding { finding, place, statement })
}
