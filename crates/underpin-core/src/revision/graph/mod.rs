//! The graph that revisions form: who follows whom, who depends on whom, which branch is which.
//! It knows the files only; what a database has is in `Applied`, and the way between in `path`.

mod build;
mod edges;
mod error;
mod labels;
mod order;

pub use error::{GraphError, Member};

use std::collections::HashMap;

use super::{Header, RevisionId};
use edges::Edges;
pub(super) use edges::{Edge, Node};
use labels::LabelSet;

/// A revision as the graph keeps it: its header, and the file it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// What the revision says of itself.
    pub header: Header,
    /// The file, as its user would name it; shown in messages.
    pub file: String,
}

impl Revision {
    /// The revision's id.
    pub fn id(&self) -> &RevisionId {
        &self.header.id
    }
}

/// Revisions, checked and connected.
///
/// Two kinds of edge lead from a revision to older ones. Its *parents* make its lineage: they
/// decide what is a head, a base, a branch point, and what belongs to a branch. What it
/// *depends on* must be applied first, and is unwound after it, but is another branch.
///
/// Hence two sets of heads, both as Alembic has them. [`heads`](Self::heads) are the revisions
/// that no other has as its parent; `alembic heads` lists them, and `head` means the only one of
/// them. [`effective_heads`](Self::effective_heads) leaves out those that another revision depends
/// on; `heads` means these, and these are the rows that `alembic_version` holds once everything is
/// applied, because the step that applies a revision replaces the rows of its parents *and* of its
/// dependencies (`alembic/runtime/migration.py`, `RevisionStep.from_revisions`).
///
/// Everything that is listed comes in load order, or in the stable topological order of
/// [`iter`](Self::iter); the same revisions loaded in the same order give the same answers. Load
/// them sorted by file name, as Alembic does.
#[derive(Clone, Debug)]
pub struct RevisionGraph {
    revisions: Vec<Revision>,
    ids: HashMap<RevisionId, Node>,
    labels: HashMap<String, Node>,
    edges: Edges,
    /// Oldest first.
    order: Vec<Node>,
    inherited: Vec<LabelSet>,
}

impl RevisionGraph {
    /// Connects revisions, which come in load order.
    ///
    /// Takes time linear in the number of revisions and edges, and any depth of graph.
    ///
    /// # Errors
    /// If an id or a label is there twice, a parent or a dependency is not there at all, or
    /// revisions follow each other in a circle. The error names the files.
    pub fn new(revisions: Vec<Revision>) -> Result<Self, GraphError> {
        build::build(revisions)
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Whether there is no revision.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// The revision with exactly this id; neither prefixes nor labels are looked at.
    pub fn get(&self, id: &str) -> Option<&Revision> {
        self.node(id).map(|node| &self.revisions[node])
    }

    /// Whether there is a revision with exactly this id.
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains_key(id)
    }

    /// Every revision, oldest first: after all of its parents and dependencies.
    ///
    /// One branch is finished before the next is begun where that is possible.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Revision> + ExactSizeIterator {
        self.order.iter().map(|&node| &self.revisions[node])
    }

    /// The revisions that no other has as its parent, in load order.
    pub fn heads(&self) -> Vec<RevisionId> {
        self.ids_where(|node| self.edges.next(node, Edge::Child).is_empty())
    }

    /// The heads that no other revision depends on either, in load order.
    pub fn effective_heads(&self) -> Vec<RevisionId> {
        self.ids_where(|node| self.edges.next(node, Edge::Dependent).is_empty())
    }

    /// The revisions without parents, in load order. They may depend on others.
    pub fn bases(&self) -> Vec<RevisionId> {
        self.ids_where(|node| self.edges.next(node, Edge::Parent).is_empty())
    }

    /// The revisions with more than one child, in load order.
    pub fn branch_points(&self) -> Vec<RevisionId> {
        self.ids_where(|node| self.edges.next(node, Edge::Child).len() > 1)
    }

    /// The revisions with more than one parent, in load order.
    pub fn merge_points(&self) -> Vec<RevisionId> {
        self.ids_where(|node| self.edges.next(node, Edge::Parent).len() > 1)
    }

    /// The revisions that have this one as a parent, in load order; none for an unknown id.
    pub fn children(&self, id: &str) -> Vec<RevisionId> {
        self.neighbours(id, Edge::Child)
    }

    /// The revisions that this one depends on without following them, labels resolved.
    pub fn dependencies(&self, id: &str) -> Vec<RevisionId> {
        let Some(node) = self.node(id) else { return Vec::new() };
        let parents = self.edges.next(node, Edge::Parent);
        let requires = self.edges.next(node, Edge::Requirement).iter();
        self.to_ids(requires.copied().filter(|required| !parents.contains(required)))
    }

    /// The revisions that depend on this one without following it, in load order.
    pub fn dependents(&self, id: &str) -> Vec<RevisionId> {
        let Some(node) = self.node(id) else { return Vec::new() };
        let children = self.edges.next(node, Edge::Child);
        let dependents = self.edges.next(node, Edge::Dependent).iter();
        self.to_ids(dependents.copied().filter(|dependent| !children.contains(dependent)))
    }

    /// Whether no revision has this one as its parent; false for an unknown id.
    pub fn is_head(&self, id: &str) -> bool {
        self.node(id).is_some_and(|node| self.edges.next(node, Edge::Child).is_empty())
    }

    /// Everything that must be applied before this revision, oldest first.
    pub fn ancestors(&self, id: &str) -> Vec<RevisionId> {
        self.beyond(id, Edge::Requirement)
    }

    /// Everything that must be unwound before this revision, oldest first.
    pub fn descendants(&self, id: &str) -> Vec<RevisionId> {
        self.beyond(id, Edge::Dependent)
    }

    /// The branch labels that a revision carries, its own and those it has from others, sorted.
    ///
    /// As with Alembic, a label spreads to every descendant, and, while the line is a single one,
    /// back to the last branch point or merge point, which does not get it.
    pub fn labels_of(&self, id: &str) -> Vec<&str> {
        match self.node(id).and_then(|node| self.inherited[node].as_ref()) {
            Some(labels) => labels.iter().map(String::as_str).collect(),
            None => Vec::new(),
        }
    }

    /// The revision that a branch label stands at.
    pub fn labelled(&self, label: &str) -> Option<&Revision> {
        self.labels.get(label).map(|&node| &self.revisions[node])
    }

    fn neighbours(&self, id: &str, edge: Edge) -> Vec<RevisionId> {
        match self.node(id) {
            Some(node) => self.to_ids(self.edges.next(node, edge).iter().copied()),
            None => Vec::new(),
        }
    }

    fn beyond(&self, id: &str, edge: Edge) -> Vec<RevisionId> {
        let Some(start) = self.node(id) else { return Vec::new() };
        let reached = self.reach([start], edge);
        self.ordered(|node| reached[node] && node != start)
    }

    fn ids_where(&self, keep: impl Fn(Node) -> bool) -> Vec<RevisionId> {
        self.to_ids((0..self.len()).filter(|&node| keep(node)))
    }
}

/// What the other modules of `revision` work with.
impl RevisionGraph {
    pub(super) fn node(&self, id: &str) -> Option<Node> {
        self.ids.get(id).copied()
    }

    /// The revision with exactly this id or label.
    pub(super) fn named(&self, name: &str) -> Option<Node> {
        self.node(name).or_else(|| self.labels.get(name).copied())
    }

    /// Every id and label, with its revision, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, Node)> {
        let ids = self.ids.iter().map(|(id, &node)| (id.as_str(), node));
        ids.chain(self.labels.iter().map(|(label, &node)| (label.as_str(), node)))
    }

    pub(super) fn id(&self, node: Node) -> RevisionId {
        self.revisions[node].header.id.clone()
    }

    pub(super) fn member(&self, node: Node) -> Member {
        Member::of(&self.revisions[node])
    }

    pub(super) fn next(&self, node: Node, edge: Edge) -> &[Node] {
        self.edges.next(node, edge)
    }

    /// The nodes with no edge of that kind, in load order.
    pub(super) fn ends(&self, edge: Edge) -> Vec<Node> {
        (0..self.len()).filter(|&node| self.edges.next(node, edge).is_empty()).collect()
    }

    /// Marks what can be reached over edges of one kind, the starting points included.
    pub(super) fn reach(&self, from: impl IntoIterator<Item = Node>, edge: Edge) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        self.reach_into(&mut reached, from, edge);
        reached
    }

    /// As `reach`, but without walking on from what is marked already.
    pub(super) fn reach_into(&self, reached: &mut [bool], from: impl IntoIterator<Item = Node>, edge: Edge) {
        let mut todo: Vec<Node> = from.into_iter().collect();
        while let Some(node) = todo.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                todo.extend_from_slice(self.edges.next(node, edge));
            }
        }
    }

    /// Marks the lineage of a revision: itself, and what it can reach over parents or children.
    pub(super) fn lineage(&self, node: Node) -> Vec<bool> {
        let mut lineage = self.reach([node], Edge::Parent);
        for (mark, below) in lineage.iter_mut().zip(self.reach([node], Edge::Child)) {
            *mark |= below;
        }
        lineage
    }

    /// The ids that are asked for, oldest first.
    pub(super) fn ordered(&self, keep: impl Fn(Node) -> bool) -> Vec<RevisionId> {
        self.to_ids(self.order.iter().copied().filter(|&node| keep(node)))
    }

    pub(super) fn to_ids(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<RevisionId> {
        nodes.into_iter().map(|node| self.id(node)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::sample::{graph, shown};

    const BRANCHES: &str =
        "root left(root)#lhs right(root)#rhs right2(right) join(left,right2) other(;left)#far";

    #[test]
    fn heads_bases_branch_points_and_merge_points_come_in_load_order() {
        let graph = graph(BRANCHES);
        assert_eq!(shown(&graph.heads()), "join other");
        assert_eq!(shown(&graph.bases()), "root other");
        assert_eq!(shown(&graph.branch_points()), "root");
        assert_eq!(shown(&graph.merge_points()), "join");
        assert_eq!(shown(&graph.children("root")), "left right");
        assert!(graph.is_head("join") && !graph.is_head("root") && !graph.is_head("gone"));
    }

    #[test]
    fn a_revision_that_is_only_depended_upon_is_a_head_but_no_effective_one() {
        let graph = graph("a1 c1(;a1)");
        assert_eq!(shown(&graph.heads()), "a1 c1");
        assert_eq!(shown(&graph.effective_heads()), "c1");
        assert_eq!(shown(&graph.dependencies("c1")), "a1");
        assert_eq!(shown(&graph.dependents("a1")), "c1");
        assert_eq!(shown(&graph.children("a1")), "");
    }

    #[test]
    fn the_order_finishes_a_branch_and_ends_with_the_first_loaded_head() {
        let lines = graph("a3(a2) a2(a1) a1 c2(c1) c1");
        assert_eq!(shown(lines.iter().map(Revision::id)), "c1 c2 a1 a2 a3");
        let diamond = graph("m(a,b) a(r) b(r) r");
        assert_eq!(shown(diamond.iter().rev().map(Revision::id)), "m a b r");
    }

    #[test]
    fn ancestors_and_descendants_cross_dependencies() {
        let graph = graph(BRANCHES);
        assert_eq!(shown(&graph.ancestors("other")), "root left");
        assert_eq!(shown(&graph.descendants("left")), "other join");
        assert_eq!(shown(&graph.ancestors("gone")), "");
    }

    #[test]
    fn revisions_are_got_by_whole_ids_only() {
        let graph = graph(BRANCHES);
        assert_eq!(graph.get("right2").map(|revision| revision.file.as_str()), Some("versions/right2.sql"));
        assert!(graph.get("righ").is_none() && graph.get("lhs").is_none());
        assert_eq!(graph.labelled("lhs").map(|revision| revision.id().as_str()), Some("left"));
        assert_eq!((graph.len(), graph.is_empty()), (6, false));
    }
}
