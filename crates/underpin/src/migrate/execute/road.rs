//! How far a run has come along its plan, beside what it has changed, and which of the steps before it go
//! together. Nothing is sent from here.

use underpin_core::{
    plan::{Plan, newcomers},
    schema::ServerVersion,
};

/// How far a run has come, beside what it has changed.
pub(super) struct Road {
    /// The number of steps in all.
    pub(super) of: usize,
    /// The last step that is a transaction.
    pub(super) last_transactional: Option<usize>,
    /// The steps that were announced.
    pub(super) announced: usize,
    /// The steps whose hooks were asked.
    pub(super) asked: usize,
    /// The steps before this one travel alone.
    pub(super) alone_until: usize,
    /// The steps before this one have a transaction each.
    pub(super) apart_until: usize,
    /// Of each step, whether several such may share a transaction.
    newcomers: Vec<bool>,
}

impl Road {
    /// A plan of which nothing is done.
    pub(super) fn of(plan: &Plan, version: ServerVersion) -> Self {
        Self {
            of: plan.steps.len(),
            last_transactional: plan.steps.iter().rposition(|step| step.transactional),
            announced: 0,
            asked: 0,
            alone_until: 0,
            apart_until: 0,
            newcomers: newcomers(plan, version),
        }
    }

    /// How many of the steps from `index` on may share a transaction, of so many at most.
    pub(super) fn newcomers(&self, index: usize, most: usize) -> usize {
        if index < self.apart_until {
            return 0;
        }
        self.newcomers[index..].iter().take(most).take_while(|&&new| new).count()
    }
}
