//! Revisions as text. The forms are Alembic's, to the letter, because people and scripts read them;
//! only `history --graph` has one of its own. Nothing here prints.

mod column;
mod diagram;
mod drawing;
mod foretold;
mod form;
mod line;
mod plan;
#[cfg(test)]
mod tests;

pub(in crate::cli) use diagram::{dot, mermaid};
pub(in crate::cli) use drawing::drawing;
pub(in crate::cli) use form::forms;
use line::Shown;
pub(in crate::cli) use plan::{PlanForm, plan};

use underpin_core::revision::{RevisionGraph, RevisionId};

/// `heads`: the revisions without children or, with `resolve`, those that nothing depends on either.
pub(in crate::cli) fn heads(graph: &RevisionGraph, resolve: bool, verbose: bool) -> String {
    let heads = if resolve { graph.effective_heads() } else { graph.heads() };
    let shown = Shown { labels: true, verbose, ..Shown::default() };
    each(&heads, |id| shown.revision(graph, id))
}

/// `branches`: every branch point, newest first, with what follows it.
pub(in crate::cli) fn branches(graph: &RevisionGraph, verbose: bool) -> String {
    let own = Shown { labels: true, places: true, verbose, ..Shown::default() };
    let below = Shown { labels: true, places: true, message: verbose, ..Shown::default() };
    let points = graph.iter().rev().filter(|revision| graph.children(revision.id()).len() > 1);
    let entries: Vec<String> = points
        .map(|revision| {
            let blank = " ".repeat(revision.id().chars().count());
            let children = graph.children(revision.id());
            let children =
                children.iter().map(|child| format!("{blank} -> {}", below.revision(graph, child)));
            let children = children.collect::<Vec<_>>().join("\n");
            format!("{}\n{children}\n", own.revision(graph, revision.id()))
        })
        .collect();
    entries.join("\n")
}

/// `history`: these revisions, which come newest first.
pub(in crate::cli) fn history(
    graph: &RevisionGraph,
    ids: &[RevisionId],
    current: &[RevisionId],
    verbose: bool,
) -> String {
    let shown = Shown { labels: true, places: true, message: true, parents: true, verbose, current };
    each(ids, |id| shown.revision(graph, id))
}

/// `show`: all that is known of these revisions.
pub(in crate::cli) fn show(graph: &RevisionGraph, ids: &[RevisionId]) -> String {
    let shown = Shown { verbose: true, ..Shown::default() };
    each(ids, |id| shown.revision(graph, id))
}

fn each(ids: &[RevisionId], text: impl Fn(&RevisionId) -> String) -> String {
    ids.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// `current`: what a database is at; an id that no file has is all that can be said of it.
pub(in crate::cli) fn current(graph: &RevisionGraph, ids: &[RevisionId], verbose: bool) -> String {
    let shown = Shown { places: true, verbose, ..Shown::default() };
    each(ids, |id| shown.revision(graph, id))
}
