//! A database that is ahead of the revisions at hand, where that is allowed: what its unknown
//! revisions stand on must not be taken away, and no way down ends below them.

use std::collections::BTreeSet;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{Applied, Path, RevisionGraph, RevisionId, Target},
};

use super::standing::{Standing, at, join};
use crate::history::LedgerEntry;

/// The revisions of the graph that something unknown was applied after.
pub(super) fn below_unknown(ledger: &[LedgerEntry], graph: &RevisionGraph) -> BTreeSet<RevisionId> {
    let unknown = ledger.iter().filter(|entry| !graph.contains(&entry.revision));
    let needed = unknown.flat_map(|entry| entry.parents.iter().chain(&entry.depends_on));
    let known: Vec<RevisionId> =
        needed.filter_map(|id| graph.get(id)).map(|revision| revision.id().clone()).collect();
    Applied::from_heads(graph, &known).iter().cloned().collect()
}

impl Standing {
    /// Refuses a way down that leads past something unknown, whose downgrade no file has.
    pub(super) fn check_downgrade(
        &self,
        graph: &RevisionGraph,
        path: &Path,
        target: &Target,
    ) -> Result<(), Diagnostic> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        let stands = |id: &RevisionId| self.below_unknown.contains(id);
        if !path.steps.iter().any(|step| stands(&step.id)) && !self.ends_below_unknown(graph, target)? {
            return Ok(());
        }
        let (are, them, files) =
            if self.unknown.len() == 1 { ("is", "it", "its file") } else { ("are", "them", "their files") };
        let message = format!(
            "the way to {target} leads past {}, which {are} applied and not among the revisions here",
            join(&self.unknown)
        );
        let known = match &self.applied.heads(graph)[..] {
            [] => "base".to_owned(),
            heads => heads.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" "),
        };
        Err(Diagnostic::new(ErrorKind::UnknownRevision, message)
            .state(format!("nothing was changed; the database is at {}", at(&self.current)))
            .hint(format!("use the program that applied {them}, or bring back {files}"))
            .hint(format!(
                "to forget {them} and keep what is in the database: `underpin stamp {known} --purge`"
            )))
    }

    /// Whether a target means that everything above it goes, and something unknown is there.
    fn ends_below_unknown(&self, graph: &RevisionGraph, target: &Target) -> Result<bool, Diagnostic> {
        Ok(match target {
            Target::Base => true,
            Target::Head
            | Target::Heads
            | Target::Current
            | Target::Named(_)
            | Target::Relative { branch: None, from: Some(_), .. } => {
                let ids = graph.resolve(&self.applied, target)?;
                ids.iter().any(|id| self.below_unknown.contains(id))
            }
            // These stay on one branch, and leave the others as they are.
            Target::InBranch { .. }
            | Target::Relative { branch: Some(_), .. }
            | Target::Relative { from: None, .. } => false,
        })
    }
}
