//! A plan for one database, to be shown first and then carried out as it was shown.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    plan::{Plan, PlannedLoss},
    revision::{Direction, Path, RevisionId, Target},
};

use super::{
    Deferred, Goal, Migrator, RunReport, beginning::refuse_rows_without_state, decide::resumed_first,
    provisional::Settlement, run::history_unreadable, standing::Standing,
};
use crate::{
    database::{Server, Session},
    history::{JournalEntry, JournalState, LedgerEntry, Snapshot, State},
    source::{LEDGER, Revisions},
};

/// A plan that was made for a database as it was.
#[derive(Clone, Debug)]
pub struct PlannedRun {
    migrator: Migrator,
    plan: Arc<Plan>,
    state: Option<State>,
    deferred: Vec<Deferred>,
    unknown: Vec<RevisionId>,
    resumed: Option<Resumption>,
    makes_way: Vec<String>,
    losses: Vec<PlannedLoss>,
}

/// Where the first step of a plan goes on, in which an earlier run was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resumption {
    /// The statement that was reached, from 1; one more than there are if all are done.
    pub statement: usize,
    /// How many statements the revision had then.
    pub of: usize,
    /// Whether that statement was sent, so that it may be done: the run will find out.
    pub sent: bool,
}

impl PlannedRun {
    /// What will be done, statement by statement.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan, to be told more exactly. What runs, the revisions say.
    pub(crate) fn plan_mut(&mut self) -> &mut Plan {
        Arc::make_mut(&mut self.plan)
    }

    /// The contract revisions that were left out, because replicas are alive that are too old for them.
    pub fn deferred(&self) -> &[Deferred] {
        &self.deferred
    }

    /// Whether part of it comes from the ledger, because the revisions at hand don't have it.
    pub fn is_from_ledger(&self) -> bool {
        self.plan.steps.iter().any(|step| step.file == LEDGER)
    }

    /// What is applied and not known here, which the plan leaves alone.
    pub fn unknown(&self) -> &[RevisionId] {
        &self.unknown
    }

    /// What becomes of tables that were made without revisions and that the plan creates, in words: the
    /// empty ones are dropped before it runs. A run that adopts one is made by [`Migrator::upgrade`]
    /// only, because it does less than this plan says.
    pub fn makes_way(&self) -> &[String] {
        &self.makes_way
    }

    /// What it deletes that no downgrade brings back. An upgrade that deletes something is refused unless
    /// its file says `destructive: reviewed`, or the migrator allows it.
    pub fn losses(&self) -> &[PlannedLoss] {
        &self.losses
    }

    /// Where the first step goes on, if an earlier run was cut off in it.
    pub fn resumption(&self) -> Option<Resumption> {
        self.resumed
    }

    /// The same, carried out by another migrator on the same database, whose observers hear of it.
    #[cfg(feature = "cli")]
    pub(crate) fn by(self, migrator: Migrator) -> Self {
        Self { migrator, ..self }
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
    make(migrator, Direction::Upgrade, |revisions, standing| {
        standing.check(revisions, migrator.on_newer, true)?;
        Ok(revisions.graph()?.upgrade(&standing.applied, &targets)?)
    })
    .await
}

pub(super) async fn downgrade(migrator: &Migrator, target: Target) -> Result<PlannedRun, Diagnostic> {
    make(migrator, Direction::Downgrade, |revisions, standing| {
        standing.check(revisions, migrator.on_newer, false)?;
        Ok(revisions.graph()?.downgrade(&standing.applied, &target)?)
    })
    .await
}

/// Makes a plan; one that leads back may need what only the ledger knows.
async fn make(
    migrator: &Migrator,
    direction: Direction,
    path: impl FnOnce(&Revisions, &Standing) -> Result<Path, Diagnostic>,
) -> Result<PlannedRun, Diagnostic> {
    migrator.check_revisions()?;
    let Some((mut session, snapshot)) = migrator.open_to_read().await? else {
        let look = Look { server: Server::not_yet_there(), ledger: Vec::new(), journal: None, state: None };
        let revisions = &migrator.revisions;
        let standing = Standing::of(&look.ledger, revisions, look.server.flavour)?;
        let path = path(revisions, &standing)?;
        return finish(migrator, revisions, look, standing, (path, Vec::new()));
    };
    let made = make_on(migrator, session.as_mut(), snapshot, direction, path).await;
    session.close().await;
    made
}

async fn make_on(
    migrator: &Migrator,
    session: &mut dyn Session,
    snapshot: Snapshot,
    direction: Direction,
    path: impl FnOnce(&Revisions, &Standing) -> Result<Path, Diagnostic>,
) -> Result<PlannedRun, Diagnostic> {
    let tables = snapshot.tables.clone();
    let look = look(session, snapshot).await?;
    let revisions = match direction {
        Direction::Upgrade => migrator.revisions.clone(),
        Direction::Downgrade => migrator.with_ledger(session, &tables, &look.ledger).await?,
    };
    let standing = Standing::of(&look.ledger, &revisions, look.server.flavour)?;
    let path = path(&revisions, &standing)?;
    let path = migrator.defer(session, &tables, &standing, path).await?;
    let (applied, journal) = (standing.applied.clone(), look.journal.clone());
    let mut planned = finish(migrator, &revisions, look, standing, path)?;
    let dirty = journal.as_ref().map(|entry| entry.revision.as_str());
    planned.losses = migrator.losses(session, &planned.plan, dirty).await?;
    let is_applied = |id: &str| applied.iter().any(|applied| applied.as_str() == id);
    let plan = Arc::clone(&planned.plan);
    let settlement = Settlement::weigh(session, &tables, &plan, journal.as_ref(), true, is_applied).await?;
    planned.makes_way = settlement.described();
    Ok(planned)
}

fn finish(
    migrator: &Migrator,
    revisions: &Revisions,
    look: Look,
    standing: Standing,
    (path, deferred): (Path, Vec<Deferred>),
) -> Result<PlannedRun, Diagnostic> {
    let mut plan = migrator.plan_path(revisions, &path, &standing, &look.server)?;
    if let Some(entry) = &look.journal {
        plan = resumed_first(&plan, entry)?;
    }
    Ok(PlannedRun {
        migrator: migrator.clone(),
        plan: Arc::new(plan),
        state: look.state,
        deferred,
        unknown: standing.applied.unknown(migrator.revisions.graph()?),
        resumed: look.journal.as_ref().map(Resumption::of),
        makes_way: Vec::new(),
        losses: Vec::new(),
    })
}

/// What a plan is made from.
struct Look {
    server: Server,
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
    if state.is_none() {
        refuse_rows_without_state(session, &tables).await?;
    }
    Ok(Look { server, ledger, journal, state })
}

impl Resumption {
    fn of(entry: &JournalEntry) -> Self {
        Self { statement: entry.statement + 1, of: entry.total, sent: entry.state == JournalState::Started }
    }
}
