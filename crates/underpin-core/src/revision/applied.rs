//! What a database has: a set of revision ids. Not how it came to have them: times, checksums and
//! failed attempts are the history's.

use std::collections::BTreeSet;

use super::{
    Direction, PathStep, RevisionGraph, RevisionId,
    graph::{Edge, Node},
};

/// The ids of the revisions that a database has, known to a graph or not.
///
/// [`heads`](Self::heads) are what `alembic_version` would hold: the applied revisions that are
/// no ancestor of another applied one, parents and dependencies both counted. Alembic really
/// does replace the row of a dependency by the row of what depends on it: after `a1` and then
/// `c1` with `depends_on = a1`, the only row is `c1`, though `alembic heads` goes on listing
/// both. `a1` comes back as a row when `c1` is unwound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    ids: BTreeSet<RevisionId>,
}

impl Applied {
    /// Exactly these ids, as the ledger has them.
    pub fn new(ids: impl IntoIterator<Item = RevisionId>) -> Self {
        Self { ids: ids.into_iter().collect() }
    }

    /// These ids and everything that must have been applied before them, as an `alembic_version`
    /// table means it; ids that the graph does not know are kept as they are.
    pub fn from_heads(graph: &RevisionGraph, heads: &[RevisionId]) -> Self {
        let known = heads.iter().filter_map(|id| graph.node(id));
        let closed = graph.reach(known, Edge::Requirement);
        let mut applied = Self::new(graph.ordered(|node| closed[node]));
        applied.ids.extend(heads.iter().cloned());
        applied
    }

    /// Whether the id is applied.
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// How many ids are applied.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nothing is applied.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &RevisionId> {
        self.ids.iter()
    }

    /// Carries out one step of a path.
    pub fn apply(&mut self, step: &PathStep) {
        match step.direction {
            Direction::Upgrade => self.ids.insert(step.id.clone()),
            Direction::Downgrade => self.ids.remove(&step.id),
        };
    }

    /// The applied ids that the graph does not know, sorted: the database is newer, or a file is
    /// missing.
    pub fn unknown(&self, graph: &RevisionGraph) -> Vec<RevisionId> {
        self.ids.iter().filter(|id| !graph.contains(id)).cloned().collect()
    }

    /// The revisions of the graph that are not applied, oldest first.
    pub fn pending(&self, graph: &RevisionGraph) -> Vec<RevisionId> {
        let applied = self.marks(graph);
        graph.ordered(|node| !applied[node])
    }

    /// The applied revisions that are no ancestor of another applied one, in load order.
    ///
    /// Ids that the graph does not know are left out: see [`unknown`](Self::unknown).
    pub fn heads(&self, graph: &RevisionGraph) -> Vec<RevisionId> {
        graph.to_ids(heads_of(graph, &self.marks(graph)))
    }

    /// The applied revisions that no applied one follows, in load order: one that is only depended upon is the head
    /// of its own branch. Alembic's `current` shows these, and stores the [`heads`](Self::heads).
    pub fn branch_heads(&self, graph: &RevisionGraph) -> Vec<RevisionId> {
        graph.to_ids(heads_along(graph, &self.marks(graph), Edge::Parent))
    }

    /// Marks the applied ones among the graph's revisions.
    pub(super) fn marks(&self, graph: &RevisionGraph) -> Vec<bool> {
        let mut marks = vec![false; graph.len()];
        for node in self.ids.iter().filter_map(|id| graph.node(id)) {
            marks[node] = true;
        }
        marks
    }
}

impl FromIterator<RevisionId> for Applied {
    fn from_iter<I: IntoIterator<Item = RevisionId>>(ids: I) -> Self {
        Self::new(ids)
    }
}

/// The marked nodes that are no ancestor of another marked one, in load order.
///
/// Ancestors are looked for across gaps: a ledger may lack a revision between two that it has.
pub(super) fn heads_of(graph: &RevisionGraph, marks: &[bool]) -> Vec<Node> {
    heads_along(graph, marks, Edge::Requirement)
}

fn heads_along(graph: &RevisionGraph, marks: &[bool], edge: Edge) -> Vec<Node> {
    let marked = || (0..marks.len()).filter(|&node| marks[node]);
    let below = marked().flat_map(|node| graph.next(node, edge).iter().copied());
    let covered = graph.reach(below, edge);
    marked().filter(|&node| !covered[node]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{at, graph, ids, shown};
    use super::*;

    #[test]
    fn the_row_of_a_dependency_gives_way_to_what_depends_on_it() {
        let graph = graph("a1 a2(a1) c1(;a1)");
        assert_eq!(shown(&at(&graph, "c1").heads(&graph)), "c1");
        assert_eq!(shown(&at(&graph, "c1 a2").heads(&graph)), "a2 c1");
        assert_eq!(at(&graph, "c1").len(), 2);
        assert_eq!(shown(&at(&graph, "c1").branch_heads(&graph)), "a1 c1");
        assert_eq!(shown(&at(&graph, "c1 a2").branch_heads(&graph)), "a2 c1");
    }

    #[test]
    fn unknown_ids_are_kept_and_told_apart() {
        let graph = graph("a b(a)");
        let applied = at(&graph, "a zz");
        assert_eq!(shown(&applied.unknown(&graph)), "zz");
        assert_eq!(shown(&applied.heads(&graph)), "a");
        assert_eq!(shown(&applied.pending(&graph)), "b");
        assert!(applied.contains("zz"));
    }

    #[test]
    fn a_gap_in_the_ledger_makes_no_second_head() {
        let graph = graph("a b(a) c(b)");
        let applied = Applied::new(ids("a c"));
        assert_eq!(shown(&applied.heads(&graph)), "c");
        assert_eq!(shown(&applied.pending(&graph)), "b");
    }

    #[test]
    fn steps_are_carried_out_one_by_one() {
        let graph = graph("a b(a)");
        let mut applied = Applied::default();
        for step in graph.upgrade(&applied, &["heads".parse().unwrap()]).unwrap().steps {
            applied.apply(&step);
        }
        assert_eq!(shown(applied.iter()), "a b");
        for step in graph.downgrade(&applied, &"base".parse().unwrap()).unwrap().steps {
            applied.apply(&step);
        }
        assert!(applied.is_empty());
    }
}
