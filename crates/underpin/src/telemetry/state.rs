//! The one word for how a database is, as the gauge `underpin_state` has it. Decided from what a run
//! or a look has found, and from nothing else.

use underpin_core::diagnostic::ErrorKind;

use crate::migrate::{RunReport, Status};

/// How a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WatchedState {
    UpToDate,
    Pending,
    Running,
    WaitingLock,
    Ahead,
    Incompatible,
    Dirty,
    Failed,
    Drift,
}

impl WatchedState {
    /// Every state.
    pub(crate) const ALL: [Self; 9] = [
        Self::UpToDate,
        Self::Pending,
        Self::Running,
        Self::WaitingLock,
        Self::Ahead,
        Self::Incompatible,
        Self::Dirty,
        Self::Failed,
        Self::Drift,
    ];

    /// The value of the label.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::UpToDate => "up_to_date",
            Self::Pending => "pending",
            Self::Running => "running",
            Self::WaitingLock => "waiting_lock",
            Self::Ahead => "ahead",
            Self::Incompatible => "incompatible",
            Self::Dirty => "dirty",
            Self::Failed => "failed",
            Self::Drift => "drift",
        }
    }

    /// The state after a run.
    pub(crate) fn of_run(report: &RunReport, error: Option<ErrorKind>) -> Self {
        match error {
            Some(error) => Self::of_error(error),
            None => of_standing(
                report.incompatible.is_empty(),
                report.unknown.is_empty(),
                report.pending.is_empty(),
            ),
        }
    }

    /// The state after an error.
    pub(crate) const fn of_error(error: ErrorKind) -> Self {
        match error {
            ErrorKind::Dirty | ErrorKind::VerificationFailed => Self::Dirty,
            ErrorKind::EditedRevision => Self::Drift,
            ErrorKind::DatabaseNewer => Self::Incompatible,
            _ => Self::Failed,
        }
    }

    /// The same state where whoever judges it, knowing what the service was to do, says that it failed.
    #[must_use]
    pub(crate) const fn judged(self, failed: bool) -> Self {
        match (self, failed) {
            (Self::UpToDate | Self::Pending | Self::Running | Self::WaitingLock | Self::Ahead, true) => {
                Self::Failed
            }
            (state @ (Self::Incompatible | Self::Dirty | Self::Failed | Self::Drift), true)
            | (state, false) => state,
        }
    }

    /// The state that a look has found.
    pub(crate) fn of_status(status: &Status) -> Self {
        if status.dirty.is_some() {
            return Self::Dirty;
        }
        if !status.consistent || !status.edited.is_empty() {
            return Self::Drift;
        }
        of_standing(status.incompatible.is_empty(), status.unknown.is_empty(), status.pending.is_empty())
    }
}

fn of_standing(compatible: bool, known: bool, complete: bool) -> WatchedState {
    match (compatible, known, complete) {
        (false, _, _) => WatchedState::Incompatible,
        (true, false, _) => WatchedState::Ahead,
        (true, true, false) => WatchedState::Pending,
        (true, true, true) => WatchedState::UpToDate,
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::RevisionId;

    use super::*;

    #[test]
    fn every_end_of_a_run_has_its_word() {
        let id = || vec![RevisionId::new("0001").expect("an id")];
        let clean = RunReport::default();
        let pending = RunReport { pending: id(), ..RunReport::default() };
        let ahead = RunReport { unknown: id(), pending: id(), ..RunReport::default() };
        let alien = RunReport { unknown: id(), incompatible: id(), ..RunReport::default() };
        for (report, error, state) in [
            (&clean, None, WatchedState::UpToDate),
            (&pending, None, WatchedState::Pending),
            (&ahead, None, WatchedState::Ahead),
            (&alien, None, WatchedState::Incompatible),
            (&alien, Some(ErrorKind::DatabaseNewer), WatchedState::Incompatible),
            (&pending, Some(ErrorKind::MigrationFailed), WatchedState::Failed),
            (&pending, Some(ErrorKind::Unavailable), WatchedState::Failed),
            (&pending, Some(ErrorKind::Dirty), WatchedState::Dirty),
            (&clean, Some(ErrorKind::VerificationFailed), WatchedState::Dirty),
            (&clean, Some(ErrorKind::EditedRevision), WatchedState::Drift),
        ] {
            assert_eq!(WatchedState::of_run(report, error), state, "{error:?}");
        }
    }

    #[test]
    fn a_failure_keeps_its_word_until_it_is_mended() {
        use WatchedState::{Dirty, Drift, Failed, Pending, UpToDate};
        for (found, failed, state) in [
            (Pending, true, Failed),
            (Pending, false, Pending),
            (UpToDate, false, UpToDate),
            (Dirty, true, Dirty),
            (Drift, true, Drift),
        ] {
            assert_eq!(found.judged(failed), state, "{found:?}");
        }
    }

    #[test]
    fn no_two_states_have_one_name() {
        let mut names = WatchedState::ALL.map(WatchedState::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), WatchedState::ALL.len());
    }
}
