//! What a run did, as plain data.

use std::time::Duration;

use serde::Serialize;
use underpin_core::{
    diagnostic::Diagnostic,
    revision::{Direction, RevisionId},
};

use super::{Deferred, execute::Finished};
use crate::backup::Backup;

/// A revision that a run has applied or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RanRevision {
    /// Its id.
    pub revision: RevisionId,
    /// What it does.
    pub message: String,
    /// Which way it was run.
    pub direction: Direction,
    /// The number of its statements.
    pub statements: usize,
    /// How long it took.
    #[serde(serialize_with = "as_milliseconds", rename = "duration_ms")]
    pub duration: Duration,
}

impl From<Finished> for RanRevision {
    fn from(finished: Finished) -> Self {
        Self {
            revision: finished.revision,
            message: finished.message,
            direction: finished.direction,
            statements: finished.statements,
            duration: finished.duration,
        }
    }
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// The revisions that were run, in order.
    pub revisions: Vec<RanRevision>,
    /// The heads of what is applied now, as far as is known.
    pub current: Vec<RevisionId>,
    /// The revisions that are not applied now.
    pub pending: Vec<RevisionId>,
    /// The revisions that are applied and that the program does not know.
    pub unknown: Vec<RevisionId>,
    /// What of it programs that don't know it can't be expected to live with.
    pub incompatible: Vec<RevisionId>,
    /// The contract revisions that wait for older replicas to end.
    pub deferred: Vec<Deferred>,
    /// The backup that was made before anything was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<Box<Backup>>,
    /// The server, such as `PostgreSQL 16.4`; empty if it was never reached.
    pub server: String,
    /// Whether it was read where the database stands. Without that nobody knows what is applied and what is
    /// pending, and the lists of it are empty for no other reason.
    #[serde(skip)]
    pub looked: bool,
    /// How long the run took.
    #[serde(serialize_with = "as_milliseconds", rename = "duration_ms")]
    pub duration: Duration,
}

impl RunReport {
    /// Whether anything was done.
    pub fn changed(&self) -> bool {
        !self.revisions.is_empty()
    }
}

/// A run that has ended: what it did, and why it did no more, if it failed.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) report: RunReport,
    pub(crate) error: Option<Diagnostic>,
}

impl Ran {
    /// The report, or the error.
    pub(crate) fn result(self) -> Result<RunReport, Diagnostic> {
        match self.error {
            None => Ok(self.report),
            Some(error) => Err(error),
        }
    }
}

pub(crate) fn as_milliseconds<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(super::event::milliseconds(*duration))
}
