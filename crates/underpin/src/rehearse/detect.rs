//! Which revision a database without a history is at: the one that makes what it holds. Recording it is
//! `stamp`.

use underpin_core::{
    diagnostic::Diagnostic,
    difference::{Renames, compare},
    revision::{Applied, RevisionId, Target},
};

use crate::{Scope, ScratchServer, desired::comparable, migrate::Migrator};

/// What was found of a database without a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The heads of the revisions that make what it holds, without any where it holds nothing; none if no
    /// revisions do.
    pub revisions: Option<Vec<RevisionId>>,
    /// How it differs from the revisions that come closest, a line for each thing.
    pub differences: Vec<String>,
    /// The heads of those.
    pub closest: Vec<RevisionId>,
}

impl Migrator {
    /// Replays the revisions one by one in a scratch database until they make what the database holds.
    /// Of several that do, because some change rows only, it is the last.
    ///
    /// # Errors
    /// If either database can't be reached, or a revision fails.
    pub async fn detect(&self, server: &ScratchServer, scope: &Scope) -> Result<Detected, Diagnostic> {
        self.check_revisions()?;
        let scope = self.own(scope);
        let live = self.database.inspect(&scope, self.limits.connect).await?;
        let path = self.revisions.graph()?.upgrade(&Applied::default(), &[Target::Heads])?;
        let scratch = server.create().await?;
        scratch
            .with(async |database| {
                let there = self.elsewhere(database);
                let empty = database.inspect(&scope, self.limits.connect).await?;
                comparable(&empty, &live)?;
                let differences = compare(&empty, &live, &Renames::NONE).summary();
                if differences.is_empty() {
                    // Revisions that change rows only make nothing either, but who has none has nothing.
                    return Ok(Detected { revisions: Some(Vec::new()), differences, closest: Vec::new() });
                }
                let mut fewest = differences.len();
                let mut detected = Detected { revisions: None, differences, closest: Vec::new() };
                for id in path.ids() {
                    there.upgrade(Target::Named(id.to_string())).await?;
                    let made = database.inspect(&scope, self.limits.connect).await?;
                    let differences = compare(&made, &live, &Renames::NONE).summary();
                    if differences.len() <= fewest {
                        fewest = differences.len();
                        detected.closest = there.current().await?;
                        detected.revisions = differences.is_empty().then(|| detected.closest.clone());
                        detected.differences = differences;
                    }
                }
                Ok(detected)
            })
            .await
    }
}
