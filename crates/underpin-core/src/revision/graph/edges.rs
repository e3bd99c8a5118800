//! The edges of the graph in both directions. Only numbers: ids and files are the graph's.

/// A revision's place in load order.
pub(in crate::revision) type Node = usize;

/// A kind of edge, and the direction it is followed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::revision) enum Edge {
    /// To the revisions that it follows.
    Parent,
    /// To the revisions that follow it.
    Child,
    /// To its parents and to what it depends on.
    Requirement,
    /// To its children and to what depends on it.
    Dependent,
}

/// All edges.
#[derive(Clone, Debug)]
pub(super) struct Edges {
    parents: Vec<Vec<Node>>,
    children: Vec<Vec<Node>>,
    requirements: Vec<Vec<Node>>,
    dependents: Vec<Vec<Node>>,
}

impl Edges {
    /// From each revision's parents, and its parents with its dependencies, none of them twice.
    pub(super) fn new(parents: Vec<Vec<Node>>, requirements: Vec<Vec<Node>>) -> Self {
        Self { children: reverse(&parents), dependents: reverse(&requirements), parents, requirements }
    }

    pub(super) fn next(&self, node: Node, edge: Edge) -> &[Node] {
        match edge {
            Edge::Parent => &self.parents[node],
            Edge::Child => &self.children[node],
            Edge::Requirement => &self.requirements[node],
            Edge::Dependent => &self.dependents[node],
        }
    }
}

fn reverse(edges: &[Vec<Node>]) -> Vec<Vec<Node>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            reversed[to].push(from);
        }
    }
    reversed
}
