//! Graphs for unit tests, written in one line. Not part of the library.

use crate::diagnostic::ErrorKind;

use super::{Applied, GraphError, Header, Revision, RevisionGraph, RevisionId, Target};

/// A graph from words like `id(parent,parent;dependency)#label`, the rest of which may be left out.
pub(super) fn try_graph(text: &str) -> Result<RevisionGraph, GraphError> {
    RevisionGraph::new(text.split_whitespace().map(revision).collect())
}

pub(super) fn graph(text: &str) -> RevisionGraph {
    try_graph(text).unwrap()
}

pub(super) fn target(text: &str) -> Target {
    text.parse().unwrap()
}

pub(super) fn ids(text: &str) -> Vec<RevisionId> {
    text.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

/// What a database has whose `alembic_version` holds these rows.
pub(super) fn at(graph: &RevisionGraph, heads: &str) -> Applied {
    Applied::from_heads(graph, &ids(heads))
}

/// Ids as one text.
pub(super) fn shown<'a>(ids: impl IntoIterator<Item = &'a RevisionId>) -> String {
    ids.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Two branches that part and join, and a revision of its own.
pub(super) const BRANCHED: &str =
    "aaaa abcd(aaaa)#left abef(aaaa)#right abefff(abef) m001(abcd,abefff) c1#cc";

/// What a target means in a graph, for a database with these rows; every error has a hint.
pub(super) fn resolve(text: &str, rows: &str, to: &str) -> Result<String, ErrorKind> {
    let graph = graph(text);
    match graph.resolve(&at(&graph, rows), &target(to)) {
        Ok(ids) => Ok(shown(&ids)),
        Err(error) => {
            assert!(error.hint().is_some_and(|hint| !hint.is_empty()), "{error}");
            Err(error.kind())
        }
    }
}

pub(super) fn found(ids: &str) -> Result<String, ErrorKind> {
    Ok(ids.to_owned())
}

fn revision(word: &str) -> Revision {
    let names = |text: &str| -> Vec<String> {
        text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let (word, labels) = word.split_once('#').unwrap_or((word, ""));
    let (id, edges) = word.split_once('(').unwrap_or((word, ""));
    let edges = edges.trim_end_matches(')');
    let (parents, depends_on) = edges.split_once(';').unwrap_or((edges, ""));
    let parents = names(parents).iter().map(|parent| parent.parse().unwrap()).collect();
    let mut header = Header::new(id.parse().unwrap(), parents);
    header.depends_on = names(depends_on);
    header.labels = names(labels);
    Revision { header, file: format!("versions/{id}.sql") }
}
