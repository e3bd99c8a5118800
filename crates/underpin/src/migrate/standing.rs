//! Where a database stands against the revisions at hand: the one place where history and graph
//! meet. It decides nothing; what follows from a standing is the caller's policy.

use std::collections::BTreeMap;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{Applied, RevisionId},
    sql::{Checksum, Digest},
};

use super::squashed;
use crate::{
    history::{LedgerEntry, State},
    policy::OnNewer,
    source::Revisions,
};

/// Where a database stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// What is applied, also what the revisions at hand don't know.
    pub(crate) applied: Applied,
    /// The heads of what is applied.
    pub(crate) current: Vec<RevisionId>,
    /// What is not applied, oldest first.
    pub(crate) pending: Vec<RevisionId>,
    /// What is applied and not known: the database is newer, or files are missing.
    pub(crate) unknown: Vec<RevisionId>,
    /// What of it older programs can't be expected to live with: all that does not say `phase: expand`.
    pub(crate) incompatible: Vec<RevisionId>,
    /// What was changed after it was applied.
    pub(crate) edited: Vec<RevisionId>,
    /// The checksums that the ledger has.
    pub(crate) checksums: BTreeMap<RevisionId, Checksum>,
    /// The place in the order of application that comes next.
    pub(crate) next_position: i64,
}

impl Standing {
    pub(crate) fn of(
        ledger: &[LedgerEntry],
        revisions: &Revisions,
        flavour: Flavour,
    ) -> Result<Self, Diagnostic> {
        let graph = revisions.graph()?;
        let replaced = squashed::replaced(ledger, graph);
        let left = ledger.iter().filter(|entry| !replaced.contains(&entry.revision));
        let applied = Applied::new(left.map(|entry| entry.revision.clone()));
        let mut edited = Vec::new();
        let mut checksums = BTreeMap::new();
        for entry in ledger {
            let Ok(checksum) = entry.checksum.parse::<Checksum>() else { continue };
            // What was made of several is another text than the one that was applied under its id.
            let remade = replaced.iter().any(|id| squashed::replaces(graph, &entry.revision, id));
            if graph.contains(&entry.revision)
                && !remade
                && revisions.checksum(&entry.revision, flavour)? != checksum
            {
                edited.push(entry.revision.clone());
            }
            checksums.insert(entry.revision.clone(), checksum);
        }
        let unknown = applied.unknown(graph);
        let strange = |entry: &&LedgerEntry| {
            !graph.contains(&entry.revision)
                && !replaced.contains(&entry.revision)
                && entry.phase.as_deref() != Some("expand")
        };
        let incompatible = ledger.iter().filter(strange).map(|entry| entry.revision.clone()).collect();
        Ok(Self {
            incompatible,
            current: current(&applied, ledger, revisions)?,
            pending: applied.pending(graph),
            unknown,
            edited,
            checksums,
            next_position: ledger.iter().map(|entry| entry.position).max().unwrap_or_default() + 1,
            applied,
        })
    }

    /// Refuses to go on where the history contradicts itself: rows without their part of the digest,
    /// or the reverse.
    pub(crate) fn check_digest(&self, state: &State) -> Result<(), Diagnostic> {
        let mut digest = Digest::EMPTY;
        for (id, checksum) in &self.checksums {
            digest.toggle(id, checksum);
        }
        if digest == state.digest {
            return Ok(());
        }
        Err(disagreement(&self.current))
    }

    /// Refuses to go on where history and revisions contradict each other.
    pub(crate) fn check(
        &self,
        revisions: &Revisions,
        on_newer: OnNewer,
        edits_matter: bool,
    ) -> Result<(), Diagnostic> {
        if !self.incompatible.is_empty() && on_newer == OnNewer::Refuse {
            return Err(self.newer(revisions));
        }
        if !self.edited.is_empty() && edits_matter {
            return Err(self.edited_diagnostic(revisions));
        }
        Ok(())
    }

    fn newer(&self, revisions: &Revisions) -> Diagnostic {
        let ids = join(&self.incompatible);
        let is = if self.incompatible.len() == 1 { "is" } else { "are" };
        let diagnostic = Diagnostic::new(
            ErrorKind::DatabaseNewer,
            format!(
                "the database is newer than {}: it has {ids}, which {is} not among the revisions here",
                revisions.location()
            ),
        )
        .state(format!("nothing was changed; the database is at {}", at(&self.current)))
        .hint("start the version of the program that brought it, or a later one");
        if let Some(whole) = squashed::half_way(&self.incompatible, &self.pending, revisions) {
            return diagnostic.hint(format!(
                "{whole} replaces {ids} and more, and can't be applied on top of a part of it: bring the database to {whole} with the files before they were made one"
            ));
        }
        if self.pending.is_empty() {
            diagnostic
                .hint("to start anyway, set UNDERPIN_ON_NEWER=warn; a revision that older programs can live with says `phase: expand`")
        } else {
            diagnostic.hint("if its file was lost, bring it back; if two branches were deployed, merge them")
        }
    }

    fn edited_diagnostic(&self, revisions: &Revisions) -> Diagnostic {
        let files: Vec<String> = self
            .edited
            .iter()
            .map(|id| match revisions.graph().ok().and_then(|graph| graph.get(id)) {
                Some(revision) => format!("{id} ({})", revision.file),
                None => id.to_string(),
            })
            .collect();
        let was = if files.len() == 1 { "revision was" } else { "revisions were" };
        Diagnostic::new(
            ErrorKind::EditedRevision,
            format!("{} applied {was} changed since: {}", files.len(), files.join(", ")),
        )
        .state("nothing was changed")
        .hint("restore what was applied, and write what is to change into a new revision")
        .hint("if the database has the change already, `underpin resolve --applied ID` records the file as it is now")
    }
}

/// The heads of what is applied; an unknown revision is one unless another unknown follows it.
fn current(
    applied: &Applied,
    ledger: &[LedgerEntry],
    revisions: &Revisions,
) -> Result<Vec<RevisionId>, Diagnostic> {
    let graph = revisions.graph()?;
    let follows = |id: &RevisionId| {
        ledger.iter().any(|entry| {
            !graph.contains(&entry.revision)
                && (entry.parents.iter().any(|parent| **parent == **id)
                    || entry.depends_on.iter().any(|dependency| **dependency == **id))
        })
    };
    let ends = applied.heads(graph).into_iter().chain(applied.unknown(graph));
    Ok(ends.filter(|id| !follows(id)).collect())
}

/// `a`, `a and b`, `a, b and c`; `base` for none.
pub(crate) fn at(heads: &[RevisionId]) -> String {
    if heads.is_empty() { "base".to_owned() } else { join(heads) }
}

pub(crate) fn join(ids: &[RevisionId]) -> String {
    match ids {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(|id| id.as_str()).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}

/// The diagnostic for a history whose digest is not that of its rows.
fn disagreement(current: &[RevisionId]) -> Diagnostic {
    let rows: Vec<&str> = current.iter().map(|id| id.as_str()).collect();
    let rows = if rows.is_empty() { "base".to_owned() } else { rows.join(" ") };
    Diagnostic::new(
        ErrorKind::VerificationFailed,
        "the digest in the history is not that of its rows: something else has written there",
    )
    .state(format!("nothing was changed now; the rows say that the database is at {}", at(current)))
    .hint(format!(
        "compare the database with the revisions; `underpin stamp {rows}` then writes the digest anew"
    ))
}

/// Refuses what no start goes on with, from a status that was read without a lock.
pub(crate) fn check_status(
    status: &super::Status,
    revisions: &Revisions,
    on_newer: OnNewer,
) -> Result<(), Diagnostic> {
    if !status.consistent {
        return Err(disagreement(&status.current));
    }
    let standing = Standing {
        applied: Applied::default(),
        current: status.current.clone(),
        pending: status.pending.clone(),
        unknown: status.unknown.clone(),
        incompatible: status.incompatible.clone(),
        edited: status.edited.clone(),
        checksums: BTreeMap::new(),
        next_position: 0,
    };
    standing.check(revisions, on_newer, true)
}

/// The diagnostic for revisions with several heads.
pub(crate) fn several_heads(revisions: &Revisions) -> Result<Diagnostic, Diagnostic> {
    let target = underpin_core::revision::Target::Head;
    match revisions.graph()?.resolve(&Applied::default(), &target) {
        Err(error) => Ok(error.into()),
        Ok(_) => Ok(Diagnostic::new(ErrorKind::MultipleHeads, "there are several heads")),
    }
}
