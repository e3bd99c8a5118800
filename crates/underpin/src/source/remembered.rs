//! Revisions whose files are not here, as the ledger remembers them: enough of each to take it back.
//! What they once did on the way up is not kept, and never run.

use std::collections::HashMap;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    revision::{Header, Phase, Revision, RevisionFile, RevisionGraph, RevisionId},
    sql::{Checksum, Digest},
};

use super::{Revisions, unknown_revision};
use crate::history::LedgerEntry;

/// The place that is named where a revision has no file.
pub(crate) const LEDGER: &str = "the ledger";

/// Revisions at hand, and others that the ledger remembers.
pub(super) struct Remembered {
    base: Revisions,
    files: HashMap<RevisionId, (RevisionFile, Checksum)>,
    /// The ids in the order of application.
    order: Vec<RevisionId>,
}

impl Remembered {
    /// Adds to `base` what only the ledger knows; `downgrades` has the text of each, if it has one.
    pub(super) fn new(
        base: Revisions,
        ledger: &[LedgerEntry],
        downgrades: &HashMap<RevisionId, String>,
    ) -> Result<Self, Diagnostic> {
        let graph = base.graph()?;
        let is_known = |id: &str| graph.contains(id) || ledger.iter().any(|entry| *entry.revision == *id);
        let (mut files, mut order) = (HashMap::new(), Vec::new());
        for entry in ledger.iter().filter(|entry| !graph.contains(&entry.revision)) {
            let Ok(checksum) = entry.checksum.parse() else { continue };
            let text = RevisionFile::render(
                &header(entry, is_known),
                "",
                downgrades.get(&entry.revision).map(String::as_str),
            );
            files.insert(entry.revision.clone(), (RevisionFile::parse(LEDGER, &text)?, checksum));
            order.push(entry.revision.clone());
        }
        Ok(Self { base, files, order })
    }

    pub(super) fn len(&self) -> usize {
        self.base.len() + self.files.len()
    }

    pub(super) fn location(&self) -> String {
        format!("{} and {LEDGER}", self.base.location())
    }

    pub(super) fn graph(&self) -> Result<RevisionGraph, Diagnostic> {
        let mut revisions: Vec<Revision> = self.base.graph()?.iter().cloned().collect();
        let remembered = self
            .order
            .iter()
            .map(|id| Revision { header: self.files[id].0.header.clone(), file: LEDGER.to_owned() });
        revisions.extend(remembered);
        Ok(RevisionGraph::new(revisions)?)
    }

    pub(super) fn digest(&self, flavour: Flavour) -> Result<Digest, Diagnostic> {
        let mut digest = self.base.digest(flavour)?;
        for (id, (_, checksum)) in &self.files {
            digest.toggle(id, checksum);
        }
        Ok(digest)
    }

    /// A revision's file, or what stands for it, with the checksum of what was applied.
    pub(super) fn file_with_checksum(
        &self,
        id: &str,
        flavour: Flavour,
    ) -> Result<(RevisionFile, Checksum), Diagnostic> {
        match self.files.get(id) {
            Some((file, checksum)) => Ok((file.clone(), *checksum)),
            None => self.base.file_with_checksum(id, flavour),
        }
    }

    pub(super) fn file(&self, id: &str) -> Result<RevisionFile, Diagnostic> {
        match self.files.get(id) {
            Some((file, _)) => Ok(file.clone()),
            None if self.base.graph()?.contains(id) => self.base.file(id),
            None => Err(unknown_revision(id, &self.location())),
        }
    }
}

/// What the ledger keeps of a header. A dependency on a label that went with its revision is left
/// out: it says nothing about the way back.
fn header(entry: &LedgerEntry, is_known: impl Fn(&str) -> bool) -> Header {
    let parents = entry.parents.iter().filter(|id| is_known(id)).filter_map(|id| RevisionId::new(id).ok());
    let mut header = Header::new(entry.revision.clone(), parents.collect());
    header.depends_on = entry.depends_on.iter().filter(|id| is_known(id)).cloned().collect();
    header.message.clone_from(&entry.message);
    header.transaction = entry.transactional;
    header.phase = match entry.phase.as_deref() {
        Some("expand") => Some(Phase::Expand),
        Some("contract") => Some(Phase::Contract),
        _ => None,
    };
    header
}
