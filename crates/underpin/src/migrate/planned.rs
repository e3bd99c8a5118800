//! A plan for one database, to be shown first and then carried out as it was shown.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    plan::Plan,
    revision::{Path, RevisionId, Target},
};

use super::{Goal, Migrator, RunReport, run::history_unreadable, standing::Standing};
use crate::history::State;

/// A plan that was made for a database as it was.
#[derive(Clone, Debug)]
pub struct PlannedRun {
    migrator: Migrator,
    plan: Arc<Plan>,
    state: Option<State>,
    unknown: Vec<RevisionId>,
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
    let (flavour, ledger, state) = match migrator.open_to_read().await? {
        None => (Flavour::Sqlite, Vec::new(), None),
        Some((mut session, snapshot)) => {
            let ledger = match &snapshot.state {
                Some(_) => snapshot.tables.read_ledger(session.as_mut()).await,
                None => Ok(Vec::new()),
            };
            session.close().await;
            (snapshot.server.flavour, ledger.map_err(history_unreadable)?, snapshot.state)
        }
    };
    let standing = Standing::of(&ledger, &migrator.revisions, flavour)?;
    let path = path(&standing)?;
    let plan = Arc::new(migrator.plan_path(&path, &standing, flavour)?);
    Ok(PlannedRun { migrator: migrator.clone(), plan, state, unknown: standing.unknown })
}
