//! A revision as JSON. The names are fixed: programs read them.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_core::revision::{RevisionGraph, RevisionId};

/// What is known of a revision from its file and from the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct RevisionForm {
    revision: RevisionId,
    parents: Vec<RevisionId>,
    depends_on: Vec<String>,
    /// Its branch labels, those that it has from others included.
    labels: Vec<String>,
    message: String,
    created: Option<String>,
    file: String,
    children: Vec<RevisionId>,
    /// Whether no other has it as its parent.
    head: bool,
    branch_point: bool,
    merge_point: bool,
    /// Whether a database is at it; nothing where no database was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
}

impl RevisionForm {
    /// The form of a revision; none for an id that the graph does not know.
    fn of(graph: &RevisionGraph, id: &RevisionId, current: Option<&[RevisionId]>) -> Option<Self> {
        let revision = graph.get(id)?;
        let header = &revision.header;
        let children = graph.children(id);
        Some(Self {
            revision: id.clone(),
            parents: header.parents.clone(),
            depends_on: header.depends_on.clone(),
            labels: graph.labels_of(id).into_iter().map(str::to_owned).collect(),
            message: header.message.clone(),
            created: header.created.clone(),
            file: revision.file.clone(),
            head: graph.is_head(id),
            branch_point: children.len() > 1,
            merge_point: header.parents.len() > 1,
            children,
            current: current.map(|current| current.contains(id)),
        })
    }
}

/// Several, as an object with one name; `current` is what a database is at, if one was asked.
pub(in crate::cli) fn forms(
    name: &'static str,
    graph: &RevisionGraph,
    ids: &[RevisionId],
    current: Option<&[RevisionId]>,
) -> impl Serialize {
    let forms: Vec<RevisionForm> = ids.iter().filter_map(|id| RevisionForm::of(graph, id, current)).collect();
    BTreeMap::from([(name, forms)])
}
