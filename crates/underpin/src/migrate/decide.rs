//! Deciding what a run does: from what the history says, what is wanted, and a journal that a run
//! may have left behind. Reads, and changes nothing.

use std::sync::Arc;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    plan::{self, Plan, PlanRequest, PlannedLoss},
    revision::{Direction, Path},
};

use super::{
    Deferred, Goal, Migrator, RunReport, defer, native, remember, run::history_unreadable, standing::Standing,
};
use crate::{
    database::{Server, Session},
    history::{HistoryTables, JournalEntry, LedgerEntry, Snapshot},
    policy::TransactionMode,
    source::{LEDGER, Revisions},
};

/// What keeps others from changing what is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    Nothing,
    Lock {
        /// Whether a transaction is open with it.
        transaction: bool,
    },
}

/// What is to be done, once the database was looked at.
pub(super) struct Work {
    pub(super) standing: Standing,
    pub(super) plan: Arc<Plan>,
    pub(super) journal: Option<JournalEntry>,
    /// Whether contract revisions are to be applied, unless a replica is too old for them.
    pub(super) contracts: bool,
    /// What of it deletes data.
    pub(super) losses: Vec<PlannedLoss>,
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
        let revisions = self.revisions_for(session, snapshot, goal, &ledger).await?;
        let standing = Standing::of(&ledger, &revisions, snapshot.server.flavour)?;
        report.looked = true;
        report.current.clone_from(&standing.current);
        report.pending.clone_from(&standing.pending);
        // Known from the ledger alone is still not known here.
        report.unknown = standing.applied.unknown(self.revisions.graph()?);
        report.incompatible.clone_from(&standing.incompatible);
        let journal = match snapshot.state.as_ref().and_then(|state| state.dirty.as_ref()) {
            // Without the lock it is not known whether a run was cut off or is under way.
            Some(dirty) if holding != Holding::Nothing => {
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
        standing.check(&revisions, self.on_newer, upgrades)?;
        let mut contracts = false;
        let plan = match goal {
            Goal::Upgrade(targets) => {
                let path = revisions.graph()?.upgrade(&standing.applied, targets)?;
                contracts = defer::contracts(revisions.graph()?, &path);
                let (path, deferred) = self.defer(session, &snapshot.tables, &standing, path).await?;
                report.deferred = deferred;
                Arc::new(self.plan_path(&revisions, &path, &standing, &snapshot.server)?)
            }
            Goal::Downgrade(target) => {
                let path = revisions.graph()?.downgrade(&standing.applied, target)?;
                Arc::new(self.plan_path(&revisions, &path, &standing, &snapshot.server)?)
            }
            Goal::Planned(plan, state) if *state == snapshot.state => Arc::clone(plan),
            Goal::Planned(..) => return Err(moved()),
        };
        let plan = match &journal {
            Some(entry) => Arc::new(resumed_first(&plan, entry)?),
            None => plan,
        };
        let dirty = snapshot.state.as_ref().and_then(|state| state.dirty.as_deref());
        let losses = self.losses(session, &plan, dirty).await?;
        self.refuse_losses(&plan, &losses)?;
        let in_transaction = holding == Holding::Lock { transaction: true };
        Box::pin(self.refuse_hazards(session, in_transaction, &plan, dirty)).await?;
        Ok(Work { standing, plan, journal, contracts, losses })
    }

    /// Takes out of a path what replicas that are alive are too old for.
    pub(super) async fn defer(
        &self,
        session: &mut dyn Session,
        tables: &HistoryTables,
        standing: &Standing,
        path: Path,
    ) -> Result<(Path, Vec<Deferred>), Diagnostic> {
        let graph = self.revisions.graph()?;
        if self.ignore_replicas || !defer::contracts(graph, &path) {
            return Ok((path, Vec::new()));
        }
        let replicas = tables.read_replicas(session).await.map_err(history_unreadable)?;
        let deferred = defer::deferred(graph, &path, &replicas);
        if deferred.is_empty() {
            return Ok((path, deferred));
        }
        Ok((defer::without(graph, &standing.applied, &path, &deferred), deferred))
    }

    /// The revisions that a goal is reached with: those at hand and, for going back, also what only the
    /// ledger knows.
    async fn revisions_for(
        &self,
        session: &mut dyn Session,
        snapshot: &Snapshot,
        goal: &Goal,
        ledger: &[LedgerEntry],
    ) -> Result<Revisions, Diagnostic> {
        let back = match goal {
            Goal::Upgrade(_) => false,
            Goal::Downgrade(_) => true,
            // An empty plan too: that there is nothing to take back is no reason to refuse.
            Goal::Planned(plan, _) => plan.steps.iter().all(|step| step.direction == Direction::Downgrade),
        };
        if back {
            self.with_ledger(session, &snapshot.tables, ledger).await
        } else {
            Ok(self.revisions.clone())
        }
    }

    /// The revisions at hand, and those that only the ledger knows.
    pub(super) async fn with_ledger(
        &self,
        session: &mut dyn Session,
        tables: &HistoryTables,
        ledger: &[LedgerEntry],
    ) -> Result<Revisions, Diagnostic> {
        let graph = self.revisions.graph()?;
        if ledger.iter().all(|entry| graph.contains(&entry.revision)) {
            return Ok(self.revisions.clone());
        }
        let downgrades = tables.read_downgrades(session).await.map_err(history_unreadable)?;
        Ok(self.revisions.remembering(remember::files(graph, ledger, &downgrades)?))
    }

    /// Builds the plan of a path.
    pub(super) fn plan_path(
        &self,
        revisions: &Revisions,
        path: &Path,
        standing: &Standing,
        server: &Server,
    ) -> Result<Plan, Diagnostic> {
        let flavour = server.flavour;
        let request = PlanRequest {
            flavour,
            one_transaction: self.transaction_mode == TransactionMode::All,
            no_transaction: self.transaction_mode == TransactionMode::None,
        };
        refuse_irreversible_in_ledger(revisions, path, flavour)?;
        let mut plan = plan::build(request, path, standing.current.clone(), |id| {
            revisions.file_with_checksum(id, flavour)
        })?;
        native::foretell(revisions, &mut plan, server.parsed_version());
        plan::check_index_names(&plan)?;
        for step in plan.steps.iter_mut().filter(|step| step.direction == Direction::Downgrade) {
            // What goes is what was applied, whatever has become of the file since.
            if let Some(checksum) = standing.checksums.get(step.revision()) {
                step.checksum = *checksum;
            }
        }
        Ok(plan)
    }
}

/// Refuses to take back what was applied without a downgrade, in words for a revision whose file is not
/// here: there is nothing that could be written into it.
fn refuse_irreversible_in_ledger(
    revisions: &Revisions,
    path: &Path,
    flavour: Flavour,
) -> Result<(), Diagnostic> {
    let graph = revisions.graph()?;
    let remembered = |id: &str| graph.get(id).is_some_and(|revision| revision.file == LEDGER);
    let back = path.steps.iter().filter(|step| step.direction == Direction::Downgrade);
    for step in back.filter(|step| remembered(&step.id)) {
        if !revisions.file(&step.id)?.has(Direction::Downgrade, flavour) {
            let message = format!(
                "revision {} is irreversible: the ledger has no downgrade of it, and its file is not here",
                step.id
            );
            return Err(Diagnostic::new(ErrorKind::Irreversible, message).state("nothing was changed").hint(format!(
                "take it back with the version of the program that has the file of {}: give that file a section `-- underpin: downgrade`, which may be empty; or restore a backup",
                step.id
            )));
        }
    }
    Ok(())
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
    if entry.is_lost() {
        return lost_journal(&entry.revision);
    }
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

pub(super) fn lost_journal(dirty: &str) -> Diagnostic {
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
