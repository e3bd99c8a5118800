//! The way without running anything: which revisions are to count as applied, and which no longer.

use serde::{Deserialize, Serialize};

use super::PathError;
use crate::revision::{
    Applied, InvalidTarget, RevisionGraph, RevisionId, Symbol, Target,
    applied::heads_of,
    graph::{Edge, Node},
};

/// What a stamp changes, and where that leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampPath {
    /// The revisions that become applied, oldest first.
    pub add: Vec<RevisionId>,
    /// The revisions that are no longer applied, newest first.
    pub remove: Vec<RevisionId>,
    /// The heads that the database has afterwards, in load order, as `Applied::heads` means it.
    pub heads_after: Vec<RevisionId>,
}

impl RevisionGraph {
    /// What must change for the targets to be where the database is, without running anything.
    ///
    /// As with Alembic, a stamp moves rows, that is, applied heads: those which share their line
    /// with a target, dependencies included, give way to it; if there are none, the target is one
    /// more head. What is applied afterwards is what the new heads require. So stamping one side
    /// below a merge takes the other side back, too, and `label@base` takes back every head that
    /// has the branch below or above it, all the way down.
    ///
    /// Where Alembic, given several targets, loses one that is a row already, or fails, all of them
    /// are stamped. Applied ids that the graph does not know stay.
    ///
    /// # Errors
    /// If a target is relative or has no single meaning here, or one is an ancestor of another.
    pub fn stamp(&self, applied: &Applied, targets: &[Target]) -> Result<StampPath, PathError> {
        let mut wanted: Vec<Node> = Vec::new();
        let mut shared = vec![false; self.len()];
        let mut clears = false;
        for target in targets {
            let nodes = self.stamp_targets(target)?;
            self.share(target, &nodes, &mut shared)?;
            clears |= nodes.is_empty();
            wanted.extend(nodes);
        }
        wanted.sort_unstable();
        wanted.dedup();
        self.refuse_overlap(&wanted)?;
        let marks = applied.marks(self);
        let heads = self.moved_heads(heads_of(self, &marks), &wanted, &shared, clears);
        let after = self.reach(heads.iter().copied(), Edge::Requirement);
        let required = self.reach(wanted, Edge::Requirement);
        let mut remove = self.ordered(|node| marks[node] && !after[node]);
        remove.reverse();
        Ok(StampPath {
            add: self.ordered(|node| required[node] && !marks[node]),
            remove,
            heads_after: self.to_ids(heads),
        })
    }

    fn stamp_targets(&self, target: &Target) -> Result<Vec<Node>, PathError> {
        let (branch, symbol, offset) = target.parts();
        match (symbol, offset) {
            (Some(symbol), None) => self.absolute(branch, &symbol, None),
            (_, Some(_)) | (None, None) => Err(InvalidTarget::for_purpose(
                &target.to_string(),
                "a stamp needs a revision, not a number of steps",
                "name what the database has: head, heads, base, an id or its beginning, BRANCH@head",
            )
            .into()),
        }
    }

    /// Marks what shares its line with a target: with its branch, or with one of its revisions.
    fn share(&self, target: &Target, nodes: &[Node], shared: &mut [bool]) -> Result<(), PathError> {
        let (branch, symbol, _) = target.parts();
        let mut lines = nodes.to_vec();
        if let Some(branch) = branch {
            lines.push(self.branch(branch)?);
        } else if symbol == Some(Symbol::Base) {
            shared.fill(true);
        }
        for edge in [Edge::Requirement, Edge::Dependent] {
            for (mark, reached) in shared.iter_mut().zip(self.reach(lines.iter().copied(), edge)) {
                *mark |= reached;
            }
        }
        Ok(())
    }

    /// The heads after a stamp, in load order: `wanted`, sorted, instead of those that share a line with it.
    fn moved_heads(&self, heads: Vec<Node>, wanted: &[Node], shared: &[bool], clears: bool) -> Vec<Node> {
        let above = self.reach(wanted.iter().copied(), Edge::Dependent);
        let below = self.reach(wanted.iter().copied(), Edge::Requirement);
        // A branch may share a line with heads that its own head shares none with: these stay,
        // unless there is another that moves.
        let moves =
            |head: Node| shared[head] && wanted.binary_search(&head).is_err() && (above[head] || below[head]);
        let any_moves = clears || heads.iter().any(|&head| moves(head));
        let mut after: Vec<Node> = heads.into_iter().filter(|&head| !(any_moves && shared[head])).collect();
        after.extend_from_slice(wanted);
        after.sort_unstable();
        after.dedup();
        after
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostic::ErrorKind,
        revision::sample::{at, graph, shown, target},
    };

    /// What is added, what is removed, and the heads afterwards.
    fn stamp(text: &str, rows: &str, targets: &str) -> Result<[String; 3], ErrorKind> {
        let graph = graph(text);
        let targets: Vec<_> = targets.split_whitespace().map(target).collect();
        let path = graph.stamp(&at(&graph, rows), &targets).map_err(|error| error.kind())?;
        Ok([shown(&path.add), shown(&path.remove), shown(&path.heads_after)])
    }

    fn done(add: &str, remove: &str, heads: &str) -> Result<[String; 3], ErrorKind> {
        Ok([add.to_owned(), remove.to_owned(), heads.to_owned()])
    }

    const TWO: &str = "a1#alpha a2(a1) c1#gamma c2(c1)";

    #[test]
    fn a_stamp_moves_its_own_line_up_or_down() {
        assert_eq!(stamp(TWO, "a1 c1", "a2"), done("a2", "", "a2 c1"));
        assert_eq!(stamp(TWO, "a2 c2", "c1"), done("", "c2", "a2 c1"));
        assert_eq!(stamp(TWO, "a2", "c2"), done("c1 c2", "", "a2 c2"));
        assert_eq!(stamp(TWO, "a2", "a2"), done("", "", "a2"));
    }

    #[test]
    fn base_empties_and_a_branch_only_its_part() {
        assert_eq!(stamp(TWO, "a2 c1", "base"), done("", "a2 a1 c1", ""));
        assert_eq!(stamp(TWO, "a2 c1", "alpha@base"), done("", "a2 a1", "c1"));
        assert_eq!(stamp(TWO, "a2 c1", ""), done("", "", "a2 c1"));
    }

    #[test]
    fn below_a_merge_the_other_side_goes_too() {
        assert_eq!(stamp("r a(r) b(r) m(a,b)", "m", "a"), done("", "m b", "a"));
    }

    #[test]
    fn several_targets_are_all_stamped() {
        assert_eq!(stamp(TWO, "a2 c1", "heads"), done("c2", "", "a2 c2"));
        assert_eq!(stamp(TWO, "a1 c1", "a1 c2"), done("c2", "", "a1 c2"));
        assert_eq!(stamp(TWO, "a2 c2", "a1 c1"), done("", "a2 c2", "a1 c1"));
        assert_eq!(stamp(TWO, "a2 c1", "base c2"), done("c2", "a2 a1", "c2"));
    }

    #[test]
    fn what_can_not_be_stamped_is_refused() {
        assert_eq!(stamp(TWO, "", "head"), Err(ErrorKind::MultipleHeads));
        assert_eq!(stamp(TWO, "", "a1 a2"), Err(ErrorKind::Overlap));
        for targets in ["+1", "a1+1", "current", "alpha@-1"] {
            assert_eq!(stamp(TWO, "a1", targets), Err(ErrorKind::InvalidTarget), "{targets}");
        }
        assert_eq!(stamp(TWO, "", "gone"), Err(ErrorKind::UnknownRevision));
    }

    #[test]
    fn revisions_that_no_file_has_stay() {
        assert_eq!(stamp(TWO, "a2 zz", "base"), done("", "a2 a1", ""));
    }
}
