//! How far a start-up is, made of what its run tells. Plain data: nothing here waits, and nobody who
//! reads it can change what happens.

use std::{
    fmt,
    time::{Duration, Instant},
};

use serde::Serialize;
use underpin_core::revision::RevisionId;

use crate::migrate::{Event, as_milliseconds};

/// What a start-up is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StartupPhase {
    /// Reading the settings, or waiting for the database to answer.
    #[default]
    Connect,
    /// Reading what is applied.
    Inspect,
    /// Waiting for another migrator.
    Lock,
    /// Deciding what to do.
    Plan,
    /// Applying revisions.
    Apply,
    /// Looking whether they are applied.
    Verify,
    /// Over, and the service may serve.
    Done,
    /// Over, and the service may not.
    Failed,
}

impl StartupPhase {
    /// The name, as it stands in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Inspect => "inspect",
            Self::Lock => "lock",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Verify => "verify",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Whether the start-up is over.
    pub const fn is_over(self) -> bool {
        match self {
            Self::Done | Self::Failed => true,
            Self::Connect | Self::Inspect | Self::Lock | Self::Plan | Self::Apply | Self::Verify => false,
        }
    }
}

impl fmt::Display for StartupPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far a start-up is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What it is at.
    pub phase: StartupPhase,
    /// How many revisions it has applied.
    pub applied: usize,
    /// How many it applies in all; before they are planned, how many are pending.
    pub total: usize,
    /// The revision that is being applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<RevisionId>,
    /// The share of the statement under way that is done, of a hundred, where the server tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// For how long another migrator has been waited for.
    #[serde(
        rename = "waited_ms",
        serialize_with = "as_milliseconds",
        skip_serializing_if = "Duration::is_zero"
    )]
    pub waited: Duration,
    /// Who holds the migration lock, as far as the engine tells. It names a session of the server
    /// and where it is from, so that it is for logs and people and stands in no JSON.
    #[serde(skip)]
    pub holder: Option<String>,
    /// The heads of what was applied when the database was last read.
    #[serde(skip)]
    pub current: Vec<RevisionId>,
    /// Whether it was read what is pending; before that, a total of 0 means nothing.
    #[serde(skip)]
    pub(crate) inspected: bool,
    /// Since when the lock is waited for, while it is.
    #[serde(skip)]
    pub(crate) waiting: Option<Instant>,
}

impl Progress {
    /// Whether the database has answered.
    pub const fn has_connected(&self) -> bool {
        !matches!(self.phase, StartupPhase::Connect)
    }

    /// How many revisions are left to apply; nothing before that was read.
    #[cfg(feature = "http")]
    pub(crate) fn pending(&self) -> Option<usize> {
        self.inspected.then(|| self.total.saturating_sub(self.applied))
    }

    /// The same with the time that the lock has been waited for until now.
    pub(super) fn now(mut self) -> Self {
        if let Some(waiting) = self.waiting {
            self.waited = waiting.elapsed();
        }
        self
    }

    /// The progress after something that happened. Only the start-up itself knows when it is over,
    /// because it may live with a run that failed.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Connected { .. } => self.phase = StartupPhase::Inspect,
            Event::Inspected { current, pending } => {
                self.current.clone_from(current);
                self.inspected = true;
                self.total = *pending;
            }
            Event::Queued => {
                self.phase = StartupPhase::Lock;
                self.waiting = Some(Instant::now());
            }
            Event::Waiting { holder, milliseconds } => {
                self.phase = StartupPhase::Lock;
                self.holder.clone_from(holder);
                self.waited = Duration::from_millis(*milliseconds);
            }
            Event::Locked { milliseconds } => {
                self.phase = StartupPhase::Plan;
                self.waiting = None;
                self.holder = None;
                self.waited = Duration::from_millis(*milliseconds);
            }
            Event::Planned { revisions, from, .. } => {
                self.phase = StartupPhase::Plan;
                self.inspected = true;
                self.total = *revisions;
                self.applied = 0;
                self.current.clone_from(from);
            }
            Event::RevisionStarted { revision, .. } => {
                self.phase = StartupPhase::Apply;
                self.percent = None;
                self.revision = Some(revision.clone());
            }
            Event::RevisionApplied { .. } => {
                self.applied += 1;
                self.percent = None;
                self.revision = None;
                if self.applied >= self.total {
                    self.phase = StartupPhase::Verify;
                }
            }
            Event::Statement { .. } => self.percent = None,
            Event::Working { percent, .. } => self.percent = Some(*percent),
            Event::Batch { percent, .. } => self.percent = *percent,
            Event::Verified => self.phase = StartupPhase::Verify,
            Event::Deferred { .. }
            | Event::BackingUp
            | Event::BackedUp { .. }
            | Event::RestoringInPlace { .. }
            | Event::ProvisionalTable { .. }
            | Event::Resumed { .. }
            | Event::EditedDowngrade { .. }
            | Event::RevisionsUndone { .. }
            | Event::Blocked { .. }
            | Event::Done { .. }
            | Event::Failed { .. } => {}
        }
    }

    /// The progress of a start-up that is over.
    pub(super) fn end(&mut self, phase: StartupPhase, applied: usize) {
        self.phase = phase;
        self.applied = applied;
        self.revision = None;
        self.percent = None;
        self.holder = None;
        self.waiting = None;
    }
}

/// `connecting to the database`, `applying revision 2 of 3 (0002)`, `waiting for the migration lock,
/// which worker, session 7 holds`.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.phase {
            StartupPhase::Connect => f.write_str("connecting to the database"),
            StartupPhase::Inspect => f.write_str("reading what is applied"),
            StartupPhase::Lock => {
                f.write_str("waiting for the migration lock")?;
                match &self.holder {
                    Some(holder) => write!(f, ", which {holder} holds"),
                    None => Ok(()),
                }
            }
            StartupPhase::Plan => f.write_str("deciding what to do"),
            StartupPhase::Apply => {
                write!(f, "applying revision {} of {}", (self.applied + 1).min(self.total), self.total)?;
                if let Some(revision) = &self.revision {
                    write!(f, " ({revision})")?;
                }
                match self.percent {
                    Some(percent) => write!(f, ", {percent} % of its statement done"),
                    None => Ok(()),
                }
            }
            StartupPhase::Verify => f.write_str("looking whether everything is applied"),
            StartupPhase::Done => f.write_str("done"),
            StartupPhase::Failed => f.write_str("failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::Direction;

    use super::*;

    fn id(text: &str) -> RevisionId {
        RevisionId::new(text).expect("an id")
    }

    fn started(text: &str, number: usize) -> Event {
        let (message, direction) = (String::new(), Direction::Upgrade);
        Event::RevisionStarted { revision: id(text), message, direction, number, of: 2 }
    }

    fn applied(text: &str) -> Event {
        Event::RevisionApplied {
            revision: id(text),
            message: String::new(),
            direction: Direction::Upgrade,
            statements: 1,
            milliseconds: 1,
            transaction: true,
        }
    }

    fn connected() -> Event {
        Event::Connected { database: String::new(), server: String::new(), milliseconds: 1 }
    }

    fn waiting() -> Event {
        Event::Waiting { holder: Some("worker, session 7".to_owned()), milliseconds: 1_000 }
    }

    #[test]
    fn the_events_of_a_run_lead_through_its_phases() {
        let planned = Event::Planned { revisions: 2, from: vec![id("0001")], to: vec![id("0003")] };
        let mut progress = Progress::default();
        for (event, said, counts) in [
            (connected(), "reading what is applied", (0, 0)),
            (Event::Inspected { current: vec![id("0001")], pending: 3 }, "reading what is applied", (0, 3)),
            (waiting(), "waiting for the migration lock, which worker, session 7 holds", (0, 3)),
            (Event::Locked { milliseconds: 1_500 }, "deciding what to do", (0, 3)),
            (planned, "deciding what to do", (0, 2)),
            (started("0002", 1), "applying revision 1 of 2 (0002)", (0, 2)),
            (applied("0002"), "applying revision 2 of 2", (1, 2)),
            (started("0003", 2), "applying revision 2 of 2 (0003)", (1, 2)),
            (applied("0003"), "looking whether everything is applied", (2, 2)),
            (Event::Verified, "looking whether everything is applied", (2, 2)),
            // Over is what the start-up says, not its run.
            (Event::Done { revisions: 2, milliseconds: 5 }, "looking whether everything is applied", (2, 2)),
        ] {
            progress.take(&event);
            assert_eq!(progress.to_string(), said, "{event:?}");
            assert_eq!((progress.applied, progress.total), counts, "{event:?}");
            assert!(!progress.phase.is_over());
        }
        progress.end(StartupPhase::Done, 2);
        assert!(progress.phase.is_over() && progress.holder.is_none());
    }

    #[test]
    fn what_a_server_tells_of_its_sessions_stands_in_no_json() {
        let mut progress = Progress::default();
        progress.take(&waiting());
        let json = serde_json::to_value(&progress).expect("progress is JSON");
        let expected = serde_json::json!({ "phase": "lock", "applied": 0, "total": 0, "waited_ms": 1_000 });
        assert_eq!(json, expected);
    }

    #[test]
    fn a_phase_is_named_as_in_json() {
        for phase in [
            StartupPhase::Connect,
            StartupPhase::Inspect,
            StartupPhase::Lock,
            StartupPhase::Plan,
            StartupPhase::Apply,
            StartupPhase::Verify,
            StartupPhase::Done,
            StartupPhase::Failed,
        ] {
            assert_eq!(serde_json::to_value(phase).expect("a text"), phase.name());
        }
    }
}
