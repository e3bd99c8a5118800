//! What is wrong with the graph that files form: each error is noted, mended in memory, and the graph
//! built again, so that one error does not hide the next.

use underpin_core::{
    diagnostic::Diagnostic,
    revision::{GraphError, Header, Member, Revision, RevisionFile, RevisionGraph},
};

/// The graph, if it could be mended, and what was wrong with it. Unless `whole`, files are missing,
/// and a name that means nothing is no error.
pub(super) fn check(files: &[RevisionFile], whole: bool) -> (Option<RevisionGraph>, Vec<Diagnostic>) {
    let revision = |file: &RevisionFile| Revision { header: file.header.clone(), file: file.file.clone() };
    let mut revisions: Vec<Revision> = files.iter().map(revision).collect();
    let mut errors = Vec::new();
    // Every round takes something away, so there can't be more of them than there are names.
    let names = |revision: &Revision| {
        let header = &revision.header;
        1 + header.parents.len() + header.depends_on.len() + header.labels.len()
    };
    let rounds: usize = revisions.iter().map(names).sum();
    for _ in 0..=rounds {
        match RevisionGraph::new(revisions.clone()) {
            Ok(graph) => return (Some(graph), errors),
            Err(error) => {
                mend(&mut revisions, &error);
                if whole || !is_missing(&error) {
                    errors.push(error.into());
                }
            }
        }
    }
    (None, errors)
}

fn is_missing(error: &GraphError) -> bool {
    matches!(error, GraphError::UnknownParent { .. } | GraphError::UnknownDependency { .. })
}

/// Takes out what an error is about.
fn mend(revisions: &mut Vec<Revision>, error: &GraphError) {
    match error {
        GraphError::DuplicateRevision { second, .. } => revisions.retain(|revision| !is(revision, second)),
        GraphError::UnknownParent { parent, revision } => {
            change(revisions, revision, |header| header.parents.retain(|id| **id != **parent));
        }
        GraphError::UnknownDependency { dependency, revision } => {
            change(revisions, revision, |header| header.depends_on.retain(|name| name != dependency));
        }
        GraphError::SelfLoop(revision) => change(revisions, revision, |header| {
            let own = header.id.clone();
            let labels = header.labels.clone();
            header.parents.retain(|id| *id != own);
            header.depends_on.retain(|name| **name != *own && !labels.contains(name));
        }),
        GraphError::Cycle(members) => {
            if let Some(member) = members.first() {
                change(revisions, member, |header| {
                    header.parents.clear();
                    header.depends_on.clear();
                });
            }
        }
        GraphError::DuplicateLabel { label, second: revision, .. }
        | GraphError::LabelIsRevision { label, revision, .. }
        | GraphError::InvalidLabel { label, revision } => {
            change(revisions, revision, |header| header.labels.retain(|own| own != label));
        }
    }
}

fn is(revision: &Revision, member: &Member) -> bool {
    revision.file == member.file && *revision.id() == member.id
}

fn change(revisions: &mut [Revision], member: &Member, change: impl FnOnce(&mut Header)) {
    if let Some(revision) = revisions.iter_mut().find(|revision| is(revision, member)) {
        change(&mut revision.header);
    }
}
