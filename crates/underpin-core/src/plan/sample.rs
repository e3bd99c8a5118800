//! Plans for tests, from nothing but the statements of their revisions.

use super::{Plan, PlannedStatement, Step};
use crate::{
    diagnostic::Place,
    dialect::{Dialect, Flavour},
    revision::{Direction, Header, RevisionId},
    sql,
};

/// A revision that is applied; each statement stands on a line of its own of `a.sql`.
pub(crate) fn step(revision: &str, statements: &[&str]) -> Step {
    let statement = |(index, text): (usize, &&str)| PlannedStatement {
        text: (*text).to_owned(),
        place: Place::in_text("a.sql", text, 0..1, index + 1),
        probe: None,
        batches: None,
        lint_notes: Vec::new(),
    };
    Step {
        direction: Direction::Upgrade,
        header: Header::new(RevisionId::new(revision).expect("an id"), Vec::new()),
        language: crate::revision::Language::Sql,
        file: "a.sql".to_owned(),
        statements: statements.iter().enumerate().map(statement).collect(),
        open_end: None,
        asks_schema: false,
        checksum: sql::checksum(Dialect::Sqlite, "").expect("no SQL"),
        downgrade: None,
        reversible: false,
        transactional: true,
    }
}

/// A plan of several revisions.
pub(super) fn plan(flavour: Flavour, steps: &[(&str, &[&str])]) -> Plan {
    let steps = steps.iter().map(|(revision, statements)| step(revision, statements)).collect();
    Plan { flavour, steps, heads_before: Vec::new(), heads_after: Vec::new() }
}
