//! The way from what a database has to what is wanted: which revisions to run, in which order.
//! It holds no SQL and runs nothing.

mod downgrade;
mod error;
mod stamp;
mod upgrade;

pub use error::{PathError, Unreachable};
pub use stamp::StampPath;

use serde::{Deserialize, Serialize};

use super::{Direction, RevisionId};

/// One revision to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathStep {
    /// Which way.
    pub direction: Direction,
    /// Which revision.
    #[serde(rename = "revision")]
    pub id: RevisionId,
}

/// Revisions to run, in order, and where that leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// No revision is there twice.
    pub steps: Vec<PathStep>,
    /// The heads that the database has afterwards, in load order, as `Applied::heads` means it.
    pub heads_after: Vec<RevisionId>,
}

impl Path {
    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many revisions there are to run.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// The ids of the revisions to run, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &RevisionId> + ExactSizeIterator {
        self.steps.iter().map(|step| &step.id)
    }

    fn new(direction: Direction, ids: Vec<RevisionId>, heads_after: Vec<RevisionId>) -> Self {
        let steps = ids.into_iter().map(|id| PathStep { direction, id }).collect();
        Self { steps, heads_after }
    }
}
