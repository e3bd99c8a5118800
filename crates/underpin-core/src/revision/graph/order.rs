//! The topological order of the graph, or the circle that stands in its way. It knows nothing of
//! what is applied: every plan is this order with most of it left out.

use super::edges::{Edge, Edges, Node};

/// How far the search has come with a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unseen,
    Open,
    Done,
}

/// All nodes, oldest first, or a cycle, each node of which requires the next and the last the first.
///
/// Walked from the last head to the first and from the last parent to the first, so that the
/// order read backwards begins at the first head and goes down its line, which is what Alembic's
/// history does. The stack is on the heap: a line of any length is fine.
pub(super) fn sort(edges: &Edges, count: usize) -> Result<Vec<Node>, Vec<Node>> {
    let mut order = Vec::with_capacity(count);
    let mut marks = vec![Mark::Unseen; count];
    let heads = (0..count).rev().filter(|&node| edges.next(node, Edge::Dependent).is_empty());
    for head in heads {
        visit(edges, head, &mut marks, &mut order)?;
    }
    // What no head reaches lies below a cycle, or on one.
    for node in (0..count).rev() {
        visit(edges, node, &mut marks, &mut order)?;
    }
    Ok(order)
}

fn visit(edges: &Edges, start: Node, marks: &mut [Mark], order: &mut Vec<Node>) -> Result<(), Vec<Node>> {
    if marks[start] != Mark::Unseen {
        return Ok(());
    }
    marks[start] = Mark::Open;
    let mut path: Vec<(Node, usize)> = vec![(start, edges.next(start, Edge::Requirement).len())];
    while let Some((node, left)) = path.last_mut() {
        let node = *node;
        if *left == 0 {
            marks[node] = Mark::Done;
            order.push(node);
            path.pop();
            continue;
        }
        *left -= 1;
        let required = edges.next(node, Edge::Requirement)[*left];
        match marks[required] {
            Mark::Unseen => {
                marks[required] = Mark::Open;
                path.push((required, edges.next(required, Edge::Requirement).len()));
            }
            Mark::Open => {
                return Err(path
                    .iter()
                    .map(|&(node, _)| node)
                    .skip_while(|&node| node != required)
                    .collect());
            }
            Mark::Done => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_any_length_is_sorted() {
        let count = 200_000;
        let parents: Vec<Vec<Node>> =
            (0..count).map(|node| if node == 0 { vec![] } else { vec![node - 1] }).collect();
        let edges = Edges::new(parents.clone(), parents);
        assert!(sort(&edges, count).unwrap().into_iter().eq(0..count));
    }

    #[test]
    fn a_circle_comes_back_with_each_node_requiring_the_next() {
        let requirements = vec![vec![], vec![0, 3], vec![1], vec![2]];
        let edges = Edges::new(vec![Vec::new(); 4], requirements.clone());
        let cycle = sort(&edges, 4).unwrap_err();
        assert_eq!(cycle.len(), 3);
        for (place, node) in cycle.iter().enumerate() {
            assert!(requirements[*node].contains(&cycle[(place + 1) % cycle.len()]));
        }
    }
}
