//! What the ledger remembers of revisions whose files are not here, in the form of files: enough to take
//! them back. Pure; the ledger was read by whoever asks.

use std::collections::HashMap;

use underpin_core::{
    diagnostic::Diagnostic,
    revision::{Header, Phase, RevisionFile, RevisionGraph, RevisionId},
    sql::Checksum,
};

use crate::{history::LedgerEntry, source::LEDGER};

/// A file for each revision of the ledger that the graph does not know, with the checksum of what was
/// applied; `downgrades` has the text of each that can be taken back.
///
/// # Errors
/// If a text can't be read as that of a downgrade, which nobody of us has written.
pub(super) fn files(
    graph: &RevisionGraph,
    ledger: &[LedgerEntry],
    downgrades: &HashMap<RevisionId, String>,
) -> Result<Vec<(RevisionFile, Checksum)>, Diagnostic> {
    let is_known = |id: &str| graph.contains(id) || ledger.iter().any(|entry| *entry.revision == *id);
    let mut files = Vec::new();
    for entry in ledger.iter().filter(|entry| !graph.contains(&entry.revision)) {
        let Ok(checksum) = entry.checksum.parse() else { continue };
        let downgrade = downgrades.get(&entry.revision).map(String::as_str);
        let text = RevisionFile::render(&header(entry, is_known), "", downgrade);
        files.push((RevisionFile::parse(LEDGER, &text)?, checksum));
    }
    Ok(files)
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
