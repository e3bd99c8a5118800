//! The last line of a run as JSON: what was wanted, what came of it, how long it took. It holds
//! neither SQL nor a server's words, because logs travel.

use serde::Serialize;
use underpin_core::{diagnostic::Diagnostic, revision::RevisionId};

use crate::{
    migrate::{RunReport, milliseconds},
    startup::StartupReport,
};

/// The target that the last line has in `tracing`.
pub(crate) const TARGET: &str = "underpin::summary";

/// What came of a run, or of a start-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Summary<'a> {
    /// The version of this form.
    schema: u32,
    service: &'a str,
    /// The run, as the history's log has it; a start-up that only looks is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a str>,
    /// `upgrade`, `downgrade`, or the mode of a start-up.
    goal: &'a str,
    outcome: &'static str,
    success: bool,
    database: String,
    server: &'a str,
    /// The revisions that were applied or taken back.
    revisions: Vec<&'a RevisionId>,
    /// The heads of what is applied now; several where branches are not merged.
    current: Vec<&'a str>,
    /// How many are not applied; nothing where nobody could look.
    pending: Option<usize>,
    duration_ms: u64,
    error: Option<SummaryError<'a>>,
}

/// What is told of an error where the text of a server has no place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SummaryError<'a> {
    pub(crate) kind: &'a str,
    pub(crate) state: Option<&'a str>,
}

impl<'a> SummaryError<'a> {
    pub(crate) fn of(error: &'a Diagnostic) -> Self {
        Self { kind: error.kind.name(), state: error.state.as_deref() }
    }
}

impl<'a> Summary<'a> {
    /// What came of a run of a migrator.
    pub(crate) fn of_run(
        (service, run, goal): (&'a str, &'a str, &'a str),
        database: String,
        report: &'a RunReport,
        error: Option<&'a Diagnostic>,
    ) -> Self {
        Self {
            schema: 1,
            service,
            run: Some(run),
            goal,
            outcome: outcome(goal, report, error),
            success: error.is_none(),
            database,
            server: &report.server,
            revisions: report.revisions.iter().map(|ran| &ran.revision).collect(),
            current: report.current.iter().map(|id| id.as_str()).collect(),
            pending: report.looked.then_some(report.pending.len()),
            duration_ms: milliseconds(report.duration),
            error: error.map(SummaryError::of),
        }
    }

    /// What came of a start-up.
    pub(crate) fn of_startup(report: &'a StartupReport) -> Self {
        let current = report.database_status.current_revision.as_deref().unwrap_or_default();
        let error = report.errors.first();
        Self {
            schema: 1,
            service: &report.app_name,
            run: None,
            goal: report.mode.name(),
            outcome: report.outcome.name(),
            success: report.success,
            database: report.database.clone(),
            server: &report.server,
            revisions: report.applied.iter().collect(),
            current: current.split(", ").filter(|id| !id.is_empty()).collect(),
            pending: report.database_status.pending_migrations,
            duration_ms: report.timings.total_ms,
            error: error.map(|error| SummaryError { kind: &error.kind, state: error.state.as_deref() }),
        }
    }

    /// One line of JSON.
    pub(crate) fn line(&self) -> String {
        // Only texts and numbers are in there, so there is always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How it ended, in one word.
    pub(crate) const fn outcome(&self) -> &'static str {
        self.outcome
    }
}

/// How a run ended, in one word.
fn outcome(goal: &str, report: &RunReport, error: Option<&Diagnostic>) -> &'static str {
    match error {
        Some(_) => "failed",
        None if !report.changed() && !report.deferred.is_empty() => "deferred",
        None if !report.changed() => "up_to_date",
        None if goal == "downgrade" => "reverted",
        None => "applied",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use underpin_core::{diagnostic::ErrorKind, diagnostic::Place, revision::Direction};

    use super::*;
    use crate::migrate::RanRevision;

    fn report() -> RunReport {
        let id = RevisionId::new("0002").expect("an id");
        let ran = RanRevision {
            revision: id.clone(),
            message: "add orders".to_owned(),
            direction: Direction::Upgrade,
            statements: 1,
            duration: Duration::ZERO,
        };
        let (duration, server) = (Duration::from_millis(12), "SQLite 3.51.3".to_owned());
        RunReport {
            revisions: vec![ran],
            current: vec![id],
            duration,
            server,
            looked: true,
            ..RunReport::default()
        }
    }

    #[test]
    fn a_run_is_one_line_of_json() {
        let report = report();
        let summary = Summary::of_run(("shop", "ab12", "upgrade"), "sqlite:a.db".to_owned(), &report, None);
        assert_eq!(
            summary.line(),
            "{\"schema\":1,\"service\":\"shop\",\"run\":\"ab12\",\"goal\":\"upgrade\",\"outcome\":\"applied\",\
             \"success\":true,\"database\":\"sqlite:a.db\",\"server\":\"SQLite 3.51.3\",\"revisions\":[\"0002\"],\
             \"current\":[\"0002\"],\"pending\":0,\"duration_ms\":12,\"error\":null}"
        );
    }

    #[test]
    fn an_error_is_its_kind_and_the_state_and_no_words_of_a_server() {
        let place = Place::in_text("a.sql", "INSERT", 0..6, 1).label("Duplicate entry 'ada@example.org'");
        let error = Diagnostic::new(ErrorKind::MigrationFailed, "revision 0003 failed").at(place);
        let error = error.state("rolled back");
        let report = report();
        let summary = Summary::of_run(("shop", "ab12", "upgrade"), String::new(), &report, Some(&error));
        let line = summary.line();
        assert!(line.contains("{\"kind\":\"migration_failed\",\"state\":\"rolled back\"}"), "{line}");
        assert!(!line.contains("ada@") && !line.contains("INSERT"), "{line}");
    }

    #[test]
    fn every_way_to_end_has_its_word() {
        let (changed, same) = (report(), RunReport::default());
        let error = Diagnostic::new(ErrorKind::Timeout, "no");
        for (goal, report, error, expected) in [
            ("upgrade", &changed, None, "applied"),
            ("downgrade", &changed, None, "reverted"),
            ("upgrade", &same, None, "up_to_date"),
            ("upgrade", &changed, Some(&error), "failed"),
        ] {
            assert_eq!(outcome(goal, report, error), expected);
        }
    }
}
