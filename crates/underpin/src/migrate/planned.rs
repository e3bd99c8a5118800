//! A plan for one database, to be shown first and then carried out as it was shown.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    plan::Plan,
    revision::{Direction, Path, Target},
};

use super::{Deferred, Goal, Migrator, RunReport, run::history_unreadable, standing::Standing};
use crate::{
    database::Session,
    history::{Snapshot, State},
    source::{LEDGER, Revisions},
};

/// A plan that was made for a database as it was.
#[derive(Clone, Debug)]
pub struct PlannedRun {
    migrator: Migrator,
    plan: Arc<Plan>,
    state: Option<State>,
    deferred: Vec<Deferred>,
}

impl PlannedRun {
    /// What will be done, statement by statement.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The contract revisions that were left out, because replicas are alive that are too old for them.
    pub fn deferred(&self) -> &[Deferred] {
        &self.deferred
    }

    /// Whether part of it comes from the ledger, because the revisions at hand don't have it.
    pub fn is_from_ledger(&self) -> bool {
        self.plan.steps.iter().any(|step| step.file == LEDGER)
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
        let revisions = &migrator.revisions;
        let standing = Standing::of(&[], revisions, Flavour::Sqlite)?;
        let path = path(revisions, &standing)?;
        let plan = Arc::new(migrator.plan_path(revisions, &path, &standing, Flavour::Sqlite)?);
        return Ok(PlannedRun { migrator: migrator.clone(), plan, state: None, deferred: Vec::new() });
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
    let flavour = snapshot.server.flavour;
    let ledger = match &snapshot.state {
        Some(_) => snapshot.tables.read_ledger(session).await.map_err(history_unreadable)?,
        None => Vec::new(),
    };
    let revisions = match direction {
        Direction::Upgrade => migrator.revisions.clone(),
        Direction::Downgrade => migrator.with_ledger(session, &snapshot.tables, &ledger).await?,
    };
    let standing = Standing::of(&ledger, &revisions, flavour)?;
    let path = path(&revisions, &standing)?;
    let (path, deferred) = migrator.defer(session, &snapshot.tables, &standing, path).await?;
    let plan = Arc::new(migrator.plan_path(&revisions, &path, &standing, flavour)?);
    Ok(PlannedRun { migrator: migrator.clone(), plan, state: snapshot.state, deferred })
}
