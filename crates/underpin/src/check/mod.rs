//! Everything that can be wrong with a directory of revisions, all at once. It asks no database, and
//! changes nothing.

mod graph;
mod sql;
#[cfg(test)]
mod tests;

use std::path::Path;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{RevisionFile, RevisionGraph, read_folder},
};

use crate::source::Disk;

/// Looks at every revision file of a directory, and lists what is wrong: files that can't be read,
/// headers, SQL that can't be split or run in a transaction, ids and labels that are there twice,
/// parents that are missing, circles, and, once all that is well, several heads.
///
/// With a flavour, the SQL has to make sense on its servers; without one, on those of one flavour.
pub fn check_files(directory: &Path, flavour: Option<Flavour>) -> Vec<Diagnostic> {
    let texts = match read_folder(&Disk, directory, &directory.display().to_string()) {
        Ok(texts) => texts,
        Err(errors) => return errors,
    };
    if texts.is_empty() {
        return vec![no_revisions(&directory.display().to_string())];
    }
    let mut findings = Vec::new();
    let mut files = Vec::with_capacity(texts.len());
    for text in &texts {
        match RevisionFile::parse(&text.file, &text.text) {
            Ok(file) => files.push(file),
            Err(error) => findings.push(error.into()),
        }
    }
    // What can't be read may be the parent that is missing.
    let whole = findings.is_empty();
    for file in &files {
        findings.extend(sql::check(file, flavour));
    }
    let (graph, errors) = graph::check(&files, whole);
    let connected = whole && errors.is_empty();
    findings.extend(errors);
    if connected {
        findings.extend(graph.as_ref().and_then(several_heads));
    }
    findings
}

/// The finding that there are several heads, which names the files and the command that joins them.
pub(crate) fn several_heads(graph: &RevisionGraph) -> Option<Diagnostic> {
    let heads = graph.heads();
    if heads.len() < 2 {
        return None;
    }
    let named = heads.iter().filter_map(|id| graph.get(id));
    let named: Vec<String> = named.map(|revision| format!("{} ({})", revision.id(), revision.file)).collect();
    let ids: Vec<&str> = heads.iter().map(|id| id.as_str()).collect();
    let message = format!("the revisions have {} heads: {}", heads.len(), named.join(", "));
    let hint = format!("join them: underpin merge {} -m \"merge branches\"", ids.join(" "));
    Some(Diagnostic::new(ErrorKind::MultipleHeads, message).hint(hint))
}

fn no_revisions(location: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::NoRevisions, format!("there are no revisions in {location}"))
        .hint("write the first one with `underpin revision -m \"…\"`, or point --dir at the right directory")
}
