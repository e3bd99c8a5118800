//! Whether a database is what its revisions make: drift, named. What is done about it is left to a
//! person.

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    difference::{Difference, Renames, compare},
    revision::RevisionId,
    schema::Unsupported,
};

use super::named;
use crate::{
    Scope, ScratchServer,
    desired::comparable,
    migrate::{Migrator, Status, at},
};

/// How a database differs from what its revisions make of an empty one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The heads of what is applied, up to which the revisions were replayed.
    pub current: Vec<RevisionId>,
    /// What somebody has done beside the revisions, a line for each thing: `add column orders.note`.
    pub summary: Vec<String>,
    /// The same, with both ends: from what the revisions make to what is there.
    #[serde(flatten)]
    pub difference: Difference,
}

impl Drift {
    /// Whether the database is what its revisions make.
    pub fn is_none(&self) -> bool {
        self.difference.is_empty()
    }

    /// What is there and could not be compared.
    pub fn unsupported(&self) -> &[Unsupported] {
        &self.difference.to.unsupported
    }

    /// Drift as an error.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = format!(
            "the database is not what its revisions make, up to {}: {}",
            at(&self.current),
            self.summary.join("; ")
        );
        let drift = Diagnostic::new(ErrorKind::Drift, message)
            .state("nothing was changed")
            .hint("see the SQL of it with `underpin diff --from revisions --to db`")
            .hint("take it back by hand, or keep it: put it into schema.sql or the models, and `underpin generate` a revision");
        match self.difference.servers_apart() {
            Some(apart) => drift.hint(apart),
            None => drift,
        }
    }
}

impl Migrator {
    /// Replays the revisions that the database has in a scratch database, and compares.
    ///
    /// # Errors
    /// If either database can't be reached, or the database has revisions that are not at hand.
    pub async fn verify(&self, server: &ScratchServer, scope: &Scope) -> Result<Drift, Diagnostic> {
        let status = self.status().await?;
        replayable(&status)?;
        // Tables that a start-up made without revisions are known to be beside them.
        let scope =
            status.provisional.iter().fold(self.own(scope), |scope, table| scope.exclude(&table.name));
        let expected = self.replayed(named(&status.current), server, &scope).await?;
        let live = self.database.inspect(&scope, self.limits.connect).await?;
        comparable(&expected.schema, &live)?;
        let difference = compare(&expected.schema, &live, &Renames::NONE);
        Ok(Drift { current: status.current, summary: difference.summary(), difference })
    }
}

/// Whether the revisions that a database has can be replayed elsewhere.
///
/// # Errors
/// Half of a revision, which nothing could be replayed up to, and revisions that are not at hand.
pub(super) fn replayable(status: &Status) -> Result<(), Diagnostic> {
    if let Some(dirty) = &status.dirty {
        return Err(dirty.diagnostic());
    }
    if status.unknown.is_empty() {
        return Ok(());
    }
    let is = if status.unknown.len() == 1 { "is" } else { "are" };
    let message = format!(
        "the database has {}, which {is} not among the revisions here, so that it can't be replayed",
        at(&status.unknown)
    );
    Err(Diagnostic::new(ErrorKind::DatabaseNewer, message)
        .state("nothing was changed")
        .hint("use the version of the program that brought it"))
}
