//! Revisions whose files are not here, as the ledger remembers them: enough of each to take it back.
//! What they once did on the way up is not kept, and never run.

use std::collections::HashMap;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    revision::{Direction, Revision, RevisionFile, RevisionGraph, RevisionId},
    sql::{Checksum, Digest},
};

use super::{Revisions, unknown_revision};
use crate::operation::RevisionFunction;

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
    /// Adds to `base` what only the ledger knows, each with the checksum of what was applied.
    pub(super) fn new(base: Revisions, remembered: Vec<(RevisionFile, Checksum)>) -> Self {
        let order = remembered.iter().map(|(file, _)| file.header.id.clone()).collect();
        let files = remembered.into_iter().map(|(file, checksum)| (file.header.id.clone(), (file, checksum)));
        Self { base, files: files.collect(), order }
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

    /// Those of the ledger are SQL.
    pub(super) fn function(&self, id: &str, direction: Direction) -> Option<RevisionFunction> {
        self.base.function(id, direction)
    }

    pub(super) fn file(&self, id: &str) -> Result<RevisionFile, Diagnostic> {
        match self.files.get(id) {
            Some((file, _)) => Ok(file.clone()),
            None if self.base.graph()?.contains(id) => self.base.file(id),
            None => Err(unknown_revision(id, &self.location())),
        }
    }
}
