//! Revisions tried in a scratch database: up, down and up again, each downgrade proven by looking at what
//! is there. Rows are not part of it, because a scratch database has none.

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    difference::{Renames, compare},
    revision::{Applied, Direction, RevisionId, Target},
    schema::Schema,
};

use super::named;
use crate::{Scope, ScratchServer, database::Database, migrate::Migrator};

/// What came out of trying revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// What came out for each revision, oldest first.
    pub revisions: Vec<TrialStep>,
    /// Whether everything was taken back together at the end, and applied again.
    pub whole: bool,
}

/// What came out for a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrialStep {
    /// Its id.
    pub revision: RevisionId,
    /// What it does.
    pub message: String,
    /// What came out.
    #[serde(flatten)]
    pub outcome: TrialOutcome,
}

/// What came out of applying a revision, taking it back and applying it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "detail")]
pub enum TrialOutcome {
    /// Its downgrade restores what was there before, and it can be applied again.
    Proven,
    /// It has no downgrade.
    Irreversible,
    /// It can't be taken back alone, because branches meet or part here.
    NotAlone(String),
    /// Its downgrade leaves something else behind: what it would still have to do.
    DowngradeDiffers(Vec<String>),
    /// Applied again, it makes something else.
    UpgradeDiffers(Vec<String>),
}

impl Trial {
    /// Whether no downgrade failed to restore what was there before.
    pub fn is_good(&self) -> bool {
        self.revisions.iter().all(|step| match step.outcome {
            TrialOutcome::Proven | TrialOutcome::Irreversible | TrialOutcome::NotAlone(_) => true,
            TrialOutcome::DowngradeDiffers(_) | TrialOutcome::UpgradeDiffers(_) => false,
        })
    }
}

impl Migrator {
    /// Applies every revision to an empty scratch database, takes it back and applies it again; then
    /// takes all of them back together and applies them again.
    ///
    /// # Errors
    /// A revision whose upgrade or downgrade fails.
    pub async fn test_revisions(&self, server: &ScratchServer, scope: &Scope) -> Result<Trial, Diagnostic> {
        self.check_revisions()?;
        let scope = self.own(scope);
        let scratch = server.create().await?;
        scratch.with(async |database| Trying::new(self, database, scope).run().await).await
    }
}

/// A trial that is under way.
struct Trying {
    migrator: Migrator,
    scope: Scope,
}

impl Trying {
    fn new(migrator: &Migrator, scratch: &Database, scope: Scope) -> Self {
        Self { migrator: migrator.elsewhere(scratch), scope }
    }

    async fn run(&self) -> Result<Trial, Diagnostic> {
        let graph = self.migrator.revisions.graph()?;
        let path = graph.upgrade(&Applied::default(), &[Target::Heads])?;
        let nothing = self.look().await?;
        let mut before = nothing.clone();
        let mut trial = Trial::default();
        for id in path.ids() {
            let (outcome, after) = self.step(id, &before).await?;
            let message = graph.get(id).map(|revision| revision.header.message.clone()).unwrap_or_default();
            trial.revisions.push(TrialStep { revision: id.clone(), message, outcome });
            match after {
                Some(after) => before = after,
                None => return Ok(trial),
            }
        }
        let reversible = |step: &TrialStep| step.outcome != TrialOutcome::Irreversible;
        if trial.is_good() && trial.revisions.iter().all(reversible) {
            self.migrator.downgrade(Target::Base).await?;
            refuse(&self.look().await?, &nothing, "after all revisions were taken back")?;
            self.migrator.upgrade(Target::Heads).await?;
            refuse(&self.look().await?, &before, "after all revisions were applied a second time")?;
            trial.whole = true;
        }
        Ok(trial)
    }

    /// One revision up, down and up; what came out, and what is there afterwards: nothing where it can't be
    /// applied again, so that no other can be tried.
    async fn step(
        &self,
        id: &RevisionId,
        before: &Schema,
    ) -> Result<(TrialOutcome, Option<Schema>), Diagnostic> {
        self.migrator.upgrade(Target::Named(id.to_string())).await?;
        let after = self.look().await?;
        let file = self.migrator.revisions.file(id)?;
        if !file.has(Direction::Downgrade, after.flavour) {
            return Ok((TrialOutcome::Irreversible, Some(after)));
        }
        let heads = self.migrator.current().await?;
        if let Err(error) = self.take_back(id, heads.len() == 1).await {
            return match error.kind {
                ErrorKind::AmbiguousWalk
                | ErrorKind::NotReachable
                | ErrorKind::NotInBranch
                | ErrorKind::MultipleHeads
                | ErrorKind::RelativeOutOfRange
                | ErrorKind::InvalidTarget => Ok((TrialOutcome::NotAlone(error.message), Some(after))),
                _ => Err(error),
            };
        }
        let restored = self.look().await?;
        let left = |from: &Schema, to: &Schema| compare(from, to, &Renames::NONE).summary();
        let down = left(&restored, before);
        if let Err(error) = self.migrator.upgrade_to(named(&heads)).await {
            // What the downgrade has left is in the way: that is what is wrong.
            return match down.is_empty() {
                true => Err(error),
                false => Ok((TrialOutcome::DowngradeDiffers(down), None)),
            };
        }
        let again = self.look().await?;
        let up = left(&again, &after);
        let outcome = match (down.is_empty(), up.is_empty()) {
            (false, _) => TrialOutcome::DowngradeDiffers(down),
            (true, false) => TrialOutcome::UpgradeDiffers(up),
            (true, true) => TrialOutcome::Proven,
        };
        Ok((outcome, Some(again)))
    }

    /// Takes back one revision, and no other.
    async fn take_back(&self, id: &RevisionId, alone: bool) -> Result<(), Diagnostic> {
        let back = |branch: Option<String>| Target::Relative { branch, from: None, offset: -1 };
        // It is the newest of its branch, as nothing that follows it is applied yet.
        let target = back((!alone).then(|| id.to_string()));
        let planned = self.migrator.plan_downgrade(target).await?;
        match planned.plan().steps.as_slice() {
            [only] if only.revision() == id => planned.apply().await.map(drop),
            _ => Err(Diagnostic::new(
                ErrorKind::NotReachable,
                format!("{id} can't be taken back without others"),
            )),
        }
    }

    async fn look(&self) -> Result<Schema, Diagnostic> {
        self.migrator.database.inspect(&self.scope, self.migrator.limits.connect).await
    }
}

fn refuse(found: &Schema, wanted: &Schema, when: &str) -> Result<(), Diagnostic> {
    let left = compare(found, wanted, &Renames::NONE);
    if left.is_empty() {
        return Ok(());
    }
    let message =
        format!("{when}, the database is not what it was: it is left to {}", left.summary().join("; "));
    Err(Diagnostic::new(ErrorKind::Drift, message).state("only a scratch database was touched"))
}
