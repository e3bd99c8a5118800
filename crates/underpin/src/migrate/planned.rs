//! A plan for one database, to be shown first and then carried out as it was shown.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    plan::Plan,
    revision::{Path, RevisionId, Target},
};

use super::{Goal, Migrator, RunReport, decide::resumed_first, run::history_unreadable, standing::Standing};
use crate::{
    database::Session,
    history::{JournalEntry, JournalState, LedgerEntry, Snapshot, State},
};

/// A plan that was made for a database as it was.
#[derive(Clone, Debug)]
pub struct PlannedRun {
    migrator: Migrator,
    plan: Arc<Plan>,
    state: Option<State>,
    unknown: Vec<RevisionId>,
    resumed: Option<Resumption>,
}

/// Where the first step of a plan goes on, in which an earlier run was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resumption {
    /// The statement that was reached, from 1; one more than there are if all are done.
    pub statement: usize,
    /// Whether that statement was sent, so that it may be done: the run will find out.
    pub sent: bool,
}

impl PlannedRun {
    /// What will be done, statement by statement.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is applied and not known here, which the plan leaves alone.
    pub fn unknown(&self) -> &[RevisionId] {
        &self.unknown
    }

    /// Where the first step goes on, if an earlier run was cut off in it.
    pub fn resumption(&self) -> Option<Resumption> {
        self.resumed
    }

    /// Does exactly what the plan says, unless the database has moved meanwhile.
    ///
    /// # Errors
    /// As [`Migrator::upgrade`]; also if the history is not what it was when the plan was made.
    pub async fn apply(self) -> Result<RunReport, Diagnostic> {
        self.migrator.run(Goal::Planned(self.plan, self.state)).await.result()
    }
}

pub(super) async fn upgrade(migrator: &Migrator, targets: Vec<Target>) -> Result<PlannedRun, Diagnostic> {
    make(migrator, |standing| {
        standing.check(&migrator.revisions, migrator.on_newer, true)?;
        Ok(migrator.revisions.graph()?.upgrade(&standing.applied, &targets)?)
    })
    .await
}

pub(super) async fn downgrade(migrator: &Migrator, target: Target) -> Result<PlannedRun, Diagnostic> {
    make(migrator, |standing| {
        standing.check(&migrator.revisions, migrator.on_newer, false)?;
        let graph = migrator.revisions.graph()?;
        let path = graph.downgrade(&standing.applied, &target)?;
        standing.check_downgrade(graph, &path, &target)?;
        Ok(path)
    })
    .await
}

async fn make(
    migrator: &Migrator,
    path: impl FnOnce(&Standing) -> Result<Path, Diagnostic>,
) -> Result<PlannedRun, Diagnostic> {
    migrator.check_revisions()?;
    let look = match migrator.open_to_read().await? {
        None => Look { flavour: Flavour::Sqlite, ledger: Vec::new(), journal: None, state: None },
        Some((mut session, snapshot)) => {
            let look = look(session.as_mut(), snapshot).await;
            session.close().await;
            look?
        }
    };
    let standing = Standing::of(&look.ledger, &migrator.revisions, look.flavour)?;
    let path = path(&standing)?;
    let mut plan = migrator.plan_path(&path, &standing, look.flavour)?;
    if let Some(entry) = &look.journal {
        plan = resumed_first(&plan, entry)?;
    }
    Ok(PlannedRun {
        migrator: migrator.clone(),
        plan: Arc::new(plan),
        state: look.state,
        unknown: standing.unknown,
        resumed: look.journal.as_ref().map(Resumption::of),
    })
}

/// What a plan is made from.
struct Look {
    flavour: Flavour,
    ledger: Vec<LedgerEntry>,
    /// The journal of the revision that was not finished.
    journal: Option<JournalEntry>,
    state: Option<State>,
}

async fn look(session: &mut dyn Session, snapshot: Snapshot) -> Result<Look, Diagnostic> {
    let Snapshot { state, tables, server, .. } = snapshot;
    let (mut ledger, mut journal) = (Vec::new(), None);
    if let Some(state) = &state {
        ledger = tables.read_ledger(session).await.map_err(history_unreadable)?;
        if let Some(dirty) = &state.dirty {
            // Without the lock, a revision that is under way may be done by now.
            let entries = tables.read_journal(session).await.map_err(history_unreadable)?;
            journal = entries.into_iter().find(|entry| entry.revision == *dirty);
        }
    }
    Ok(Look { flavour: server.flavour, ledger, journal, state })
}

impl Resumption {
    fn of(entry: &JournalEntry) -> Self {
        Self { statement: entry.statement + 1, sent: entry.state == JournalState::Started }
    }
}
