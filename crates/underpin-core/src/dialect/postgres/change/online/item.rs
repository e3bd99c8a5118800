//! One thing that is done in stages: what it writes in each of them, and how each is taken back. Not
//! whether it is done so.

use crate::difference::Statement;

/// Statements and the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moves {
    pub(super) up: Vec<Statement>,
    pub(super) down: Vec<Statement>,
}

/// One thing that is done in stages, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// At the end of the change, under a strong lock for a moment.
    pub(super) announced: Moves,
    /// A transaction later: the rows are read, others write.
    pub(super) validated: Moves,
    /// After every row has been read, a strong lock for a moment.
    pub(super) settled: Moves,
    /// Indexes that come, while others write.
    pub(super) built: Moves,
    /// Indexes that go, once those that come are there.
    pub(super) cleared: Moves,
}

impl Moves {
    pub(super) const fn new(up: Vec<Statement>, down: Vec<Statement>) -> Self {
        Self { up, down }
    }

    /// Several after each other: up in their order, down in the opposite one.
    pub(super) fn of<'a>(moves: impl DoubleEndedIterator<Item = &'a Self> + Clone) -> Self {
        Self {
            up: moves.clone().flat_map(|moves| moves.up.clone()).collect(),
            down: moves.rev().flat_map(|moves| moves.down.clone()).collect(),
        }
    }
}
