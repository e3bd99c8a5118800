//! What a run is to reach, and whether it is reached. Nothing is run here.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    plan::Plan,
    revision::{Applied, Direction, Target},
};

use super::Migrator;
use crate::{
    history::{Snapshot, State},
    policy::TransactionMode,
};

/// What a run is to reach.
#[derive(Clone, Debug)]
pub(crate) enum Goal {
    Upgrade(Vec<Target>),
    Downgrade(Target),
    /// A plan that somebody has seen, made of a database in that state.
    Planned(Arc<Plan>, Option<State>),
}

impl Goal {
    /// The word for what is wanted, in spans and in the last line of a run.
    pub(super) fn name(&self) -> &'static str {
        let back = match self {
            Self::Upgrade(_) => false,
            Self::Downgrade(_) => true,
            Self::Planned(plan, _) => plan.steps.iter().any(|step| step.direction == Direction::Downgrade),
        };
        if back { "downgrade" } else { "upgrade" }
    }
}

impl Migrator {
    /// Refuses what no database could make right, before an SQLite file is created for it.
    pub(super) fn check_goal(&self, goal: &Goal) -> Result<(), Diagnostic> {
        let heads = self.revisions.head_ids()?;
        if let Goal::Upgrade(targets) = goal
            && targets[..] == [Target::Head]
            && heads.len() > 1
        {
            self.revisions.graph()?.upgrade(&Applied::default(), targets)?;
        }
        Ok(())
    }

    /// Whether a goal means the same when it is planned once more from further on, as `+2` does not.
    /// With a transaction for the whole run, there is no further on.
    pub(super) fn may_be_planned_again(&self, goal: &Goal) -> bool {
        match goal {
            Goal::Upgrade(targets) => {
                self.transaction_mode != TransactionMode::All
                    && matches!(targets[..], [Target::Head | Target::Heads])
            }
            Goal::Downgrade(_) | Goal::Planned(..) => false,
        }
    }

    /// Whether the goal is reached, which for an upgrade to the head the digest alone tells.
    pub(super) fn is_settled(&self, goal: &Goal, snapshot: &Snapshot) -> Result<bool, Diagnostic> {
        let Goal::Upgrade(targets) = goal else { return Ok(false) };
        let to_heads = match targets[..] {
            [Target::Heads] => true,
            [Target::Head] => self.revisions.head_ids()?.len() == 1,
            _ => false,
        };
        Ok(to_heads && self.is_up_to_date(snapshot)?)
    }

    /// Whether everything that is known is applied, and nothing else.
    pub(crate) fn is_up_to_date(&self, snapshot: &Snapshot) -> Result<bool, Diagnostic> {
        match &snapshot.state {
            Some(state) if state.dirty.is_none() => {
                Ok(state.digest == self.revisions.digest(snapshot.server.flavour)?)
            }
            _ => Ok(false),
        }
    }
}
