//! Which branch labels a revision carries besides its own. Only for display and for names in new
//! files: what `label@head` means is decided by lineage.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Revision,
    edges::{Edge, Edges, Node},
};

/// The labels of one revision; shared along a line, for that is where they are the same.
pub(super) type LabelSet = Option<Arc<BTreeSet<String>>>;

/// Spreads every label to the descendants of its revision, and back along a single line.
///
/// Alembic walks back from the last descendant it has visited (`alembic/script/revision.py`,
/// `_add_branches`) to the first branch point or merge point on its way. That way gets past the
/// labelled revision only if all that follows it is one line, whichever descendant came last.
pub(super) fn spread(revisions: &[Revision], edges: &Edges, order: &[Node]) -> Vec<LabelSet> {
    let mut labels: Vec<LabelSet> = vec![None; revisions.len()];
    if revisions.iter().all(|revision| revision.header.labels.is_empty()) {
        return labels;
    }
    for &node in order {
        let own = &revisions[node].header.labels;
        labels[node] = (!own.is_empty()).then(|| Arc::new(own.iter().cloned().collect()));
        for &parent in edges.next(node, Edge::Parent) {
            labels[node] = union(labels[node].take(), labels[parent].clone());
        }
    }
    let mut clean = vec![false; revisions.len()];
    for &node in order.iter().rev() {
        if !is_plain(edges, node) {
            continue;
        }
        match edges.next(node, Edge::Child) {
            [] => clean[node] = true,
            [child] if clean[*child] => {
                clean[node] = true;
                labels[node] = union(labels[node].take(), labels[*child].clone());
            }
            _ => {
                // The line above is no single one: nothing comes back from there.
            }
        }
    }
    labels
}

/// Whether a revision is neither a branch point, dependents counted, nor a merge point.
fn is_plain(edges: &Edges, node: Node) -> bool {
    edges.next(node, Edge::Dependent).len() <= 1 && edges.next(node, Edge::Parent).len() <= 1
}

fn union(one: LabelSet, other: LabelSet) -> LabelSet {
    match (one, other) {
        (Some(one), Some(other)) if one.is_superset(&other) => Some(one),
        (Some(one), Some(other)) if other.is_superset(&one) => Some(other),
        (Some(one), Some(other)) => Some(Arc::new(one.union(&other).cloned().collect())),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::revision::sample::graph;

    #[test]
    fn a_label_spreads_to_all_descendants_and_back_along_a_single_line() {
        let graph = graph("r a(r) b(a)#lab c(b) side(r)");
        assert_eq!(graph.labels_of("c"), ["lab"]);
        assert_eq!(graph.labels_of("a"), ["lab"]);
        assert!(graph.labels_of("r").is_empty() && graph.labels_of("side").is_empty());
    }

    #[test]
    fn a_fork_a_merge_or_a_dependent_above_keeps_a_label_from_going_back() {
        for text in ["a b(a)#lab c(b) d(b)", "a b(a)#lab x m(b,x)", "a b(a)#lab c(b) x(;b)"] {
            let graph = graph(text);
            assert_eq!(graph.labels_of("b"), ["lab"], "{text}");
            assert!(graph.labels_of("a").is_empty(), "{text}");
        }
    }

    #[test]
    fn labels_meet_in_a_merge() {
        let graph = graph("a#x b#y m(a,b)#z");
        assert_eq!(graph.labels_of("m"), ["x", "y", "z"]);
        assert_eq!(graph.labels_of("a"), ["x"]);
        assert!(graph.labels_of("gone").is_empty());
    }
}
