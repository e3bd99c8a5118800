//! Deciding what a run does: from what the history says, what is wanted, and a journal that a run
//! may have left behind. Reads, and changes nothing.

use std::sync::Arc;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    plan::{self, Plan, PlanRequest},
    revision::{Direction, Path},
};

use super::{Goal, Migrator, RunReport, run::history_unreadable, standing::Standing};
use crate::{
    database::Session,
    history::{JournalEntry, Snapshot},
    policy::TransactionMode,
};

/// What keeps others from changing what is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    Nothing,
    Lock,
}

/// What is to be done, once the database was looked at.
pub(super) struct Work {
    pub(super) standing: Standing,
    pub(super) plan: Arc<Plan>,
    pub(super) journal: Option<JournalEntry>,
}

impl Migrator {
    /// Reads the history and decides what is to be done. The report learns where the database
    /// stands even if that is refused.
    pub(super) async fn work(
        &self,
        session: &mut dyn Session,
        snapshot: &Snapshot,
        goal: &Goal,
        holding: Holding,
        report: &mut RunReport,
    ) -> Result<Work, Diagnostic> {
        let ledger = match &snapshot.state {
            Some(_) => snapshot.tables.read_ledger(session).await.map_err(history_unreadable)?,
            None => Vec::new(),
        };
        let standing = Standing::of(&ledger, &self.revisions, snapshot.server.flavour)?;
        report.current.clone_from(&standing.current);
        report.pending.clone_from(&standing.pending);
        report.unknown.clone_from(&standing.unknown);
        let journal = match snapshot.state.as_ref().and_then(|state| state.dirty.as_ref()) {
            // Without the lock it is not known whether a run was cut off or is under way.
            Some(dirty) if holding == Holding::Lock => {
                let journal = snapshot.tables.read_journal(session).await.map_err(history_unreadable)?;
                Some(
                    journal
                        .into_iter()
                        .find(|entry| entry.revision == *dirty)
                        .ok_or_else(|| lost_journal(dirty))?,
                )
            }
            _ => None,
        };
        let upgrades = matches!(goal, Goal::Upgrade(_));
        standing.check(&self.revisions, self.on_newer, upgrades)?;
        let plan = match goal {
            Goal::Upgrade(targets) => {
                let path = self.revisions.graph()?.upgrade(&standing.applied, targets)?;
                Arc::new(self.plan_path(&path, &standing, snapshot.server.flavour)?)
            }
            Goal::Downgrade(target) => {
                let graph = self.revisions.graph()?;
                let path = graph.downgrade(&standing.applied, target)?;
                standing.check_downgrade(graph, &path, target)?;
                Arc::new(self.plan_path(&path, &standing, snapshot.server.flavour)?)
            }
            Goal::Planned(plan, state) if *state == snapshot.state => Arc::clone(plan),
            Goal::Planned(..) => return Err(moved()),
        };
        let plan = match &journal {
            Some(entry) => Arc::new(resumed_first(&plan, entry)?),
            None => plan,
        };
        Ok(Work { standing, plan, journal })
    }

    /// Builds the plan of a path.
    pub(super) fn plan_path(
        &self,
        path: &Path,
        standing: &Standing,
        flavour: Flavour,
    ) -> Result<Plan, Diagnostic> {
        let request = PlanRequest {
            flavour,
            one_transaction: self.transaction_mode == TransactionMode::All,
            no_transaction: self.transaction_mode == TransactionMode::None,
        };
        let mut plan = plan::build(request, path, standing.current.clone(), |id| {
            self.revisions.file_with_checksum(id, flavour)
        })?;
        for step in plan.steps.iter_mut().filter(|step| step.direction == Direction::Downgrade) {
            // What goes is what was applied, whatever has become of the file since.
            if let Some(checksum) = standing.checksums.get(step.revision()) {
                step.checksum = *checksum;
            }
        }
        Ok(plan)
    }
}

/// Puts the step that was cut off first: everything that it needs was there before it.
pub(super) fn resumed_first(plan: &Plan, entry: &JournalEntry) -> Result<Plan, Diagnostic> {
    let place = plan
        .steps
        .iter()
        .position(|step| **step.revision() == *entry.revision && step.direction.name() == entry.direction);
    let Some(place) = place else { return Err(half_done(entry)) };
    let mut plan = plan.clone();
    plan.steps[..=place].rotate_right(1);
    // What was begun with the journal is finished with it.
    plan.steps[0].transactional = false;
    Ok(plan)
}

pub(super) fn half_done(entry: &JournalEntry) -> Diagnostic {
    let id = &entry.revision;
    let what = format!(
        "the {} of revision {id} was interrupted at statement {} of {}",
        entry.direction,
        entry.statement + 1,
        entry.total
    );
    Diagnostic::new(ErrorKind::Dirty, what)
        .state("nothing was changed now; what was done then is still there")
        .hint(match entry.direction.as_str() {
            "downgrade" => format!("finish it with `underpin downgrade` to where it was going, or see `underpin resolve --applied {id}` and `--rolled-back {id}`"),
            _ => format!("finish it with `underpin upgrade`, or see `underpin resolve --applied {id}` and `--rolled-back {id}`"),
        })
}

fn lost_journal(dirty: &str) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Dirty,
        format!("revision {dirty} was interrupted, and the journal that says how far it came is gone"),
    )
    .state("nothing was changed now; what was done then is still there")
    .hint(format!("compare the database with its file, then use `underpin resolve --applied {dirty}` or `--rolled-back {dirty}`"))
}

pub(super) fn moved() -> Diagnostic {
    Diagnostic::new(ErrorKind::NotReachable, "the database has moved since this plan was made")
        .state("nothing was changed")
        .hint("make a new plan")
}
