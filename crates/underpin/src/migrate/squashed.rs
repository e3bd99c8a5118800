//! Databases that have the revisions which another one was made of (`underpin squash`): that they have that
//! one, and how the ledger comes to say so. How the files are made is `author`'s.

use underpin_core::{
    diagnostic::Diagnostic,
    revision::{RevisionGraph, RevisionId},
};

use super::Migrator;
use crate::{
    database::{Interrupt, Session},
    history::{LedgerEntry, Snapshot},
    source::Revisions,
};

/// Whether `id` was made of `replaced`, among others.
pub(super) fn replaces(graph: &RevisionGraph, id: &str, replaced: &RevisionId) -> bool {
    graph.get(id).is_some_and(|revision| revision.header.replaces.contains(replaced))
}

/// What of the ledger counts as part of another revision. That one keeps the id of the last that it was made
/// of, so that a database which has it has all of them.
pub(super) fn replaced(ledger: &[LedgerEntry], graph: &RevisionGraph) -> Vec<RevisionId> {
    let has = |id: &RevisionId| ledger.iter().any(|entry| entry.revision == *id);
    let whole = graph.iter().filter(|revision| !revision.header.replaces.is_empty() && has(revision.id()));
    let mut replaced: Vec<RevisionId> = whole
        .flat_map(|revision| &revision.header.replaces)
        .filter(|id| has(id) && !graph.contains(id))
        .cloned()
        .collect();
    replaced.dedup();
    replaced
}

/// The pending revision that unknown ones are a part of, if the database stopped between them.
pub(super) fn half_way(
    unknown: &[RevisionId],
    pending: &[RevisionId],
    revisions: &Revisions,
) -> Option<RevisionId> {
    let graph = revisions.graph().ok()?;
    pending.iter().find(|id| unknown.iter().any(|unknown| replaces(graph, id, unknown))).cloned()
}

impl Migrator {
    /// Lets the ledger say what the revisions say, where it has what others were made of; whether it was
    /// written. Nothing is asked of the database where no revision was made of others.
    pub(super) async fn adopt_squashed(
        &self,
        session: &mut dyn Session,
        snapshot: &Snapshot,
        interrupt: &Interrupt,
    ) -> Result<bool, Diagnostic> {
        let graph = self.revisions.graph()?;
        if snapshot.state.is_none() || graph.iter().all(|revision| revision.header.replaces.is_empty()) {
            return Ok(false);
        }
        let ledger = snapshot.tables.read_ledger(session).await.map_err(super::run::history_unreadable)?;
        if replaced(&ledger, graph).is_empty() {
            return Ok(false);
        }
        self.record_squashed(session, interrupt).await?;
        Ok(true)
    }
}
