//! Counting steps along the graph, as `+2` and `ae10-1` do: where a walk starts, and where it gets.
//! It goes only where there is one way.

use super::{
    Applied, PathError, RevisionGraph, Symbol, Target,
    applied::heads_of,
    graph::{Edge, Node},
};

/// A place on a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// Before the first revision.
    Base,
    /// At a revision.
    At(Node),
}

impl Point {
    /// The revision there, or none.
    pub(super) fn nodes(self) -> Vec<Node> {
        match self {
            Self::Base => Vec::new(),
            Self::At(node) => vec![node],
        }
    }
}

/// A walk of so many steps, and what it was asked for as.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) target: &'a Target,
    pub(super) offset: i32,
    /// Whether to stop at the end instead of failing there.
    pub(super) clamp: bool,
}

impl RevisionGraph {
    /// Walks from a symbol. Upwards, the branch chooses among children; downwards, it is where the
    /// symbol must be.
    pub(super) fn walk_from(
        &self,
        branch: Option<&str>,
        symbol: &Symbol,
        walk: Walk<'_>,
    ) -> Result<Point, PathError> {
        if walk.offset > 0 {
            // A walk up may start beside the branch and come to it; the branch's head is on it.
            let of_branch = matches!(symbol, Symbol::Head | Symbol::Heads);
            let start = self.single(branch.filter(|_| of_branch), symbol, walk.target)?;
            self.walk(start, branch, walk)
        } else {
            let start = self.single(branch, symbol, walk.target)?;
            self.walk(start, None, walk)
        }
    }

    /// Where `+N` starts: at the one applied head, or at the one applied end of the branch.
    pub(super) fn upgrade_start(
        &self,
        applied: &Applied,
        branch: Option<&str>,
        target: &Target,
    ) -> Result<Point, PathError> {
        let start = self.one_start(applied, branch, target, |mut active, lineage| {
            active.iter_mut().zip(lineage).for_each(|(active, lineage)| *active &= lineage);
            self.tips(&active, Edge::Dependent)
        })?;
        Ok(start.map_or(Point::Base, Point::At))
    }

    /// Where `-N` starts: at the one applied head, or at the one applied end of the branch.
    pub(super) fn downgrade_start(
        &self,
        applied: &Applied,
        branch: Option<&str>,
        target: &Target,
    ) -> Result<Node, PathError> {
        let start = self.one_start(applied, branch, target, |active, lineage| {
            self.tips(&active, Edge::Child).into_iter().filter(|&tip| lineage[tip]).collect()
        })?;
        start.ok_or_else(|| out_of_range(target, 0))
    }

    /// The one applied head, or the one on the branch. Where none is on it, another branch, which
    /// depends on it or forked off from it, covers it: then `covered` finds its ends among all that
    /// is applied.
    fn one_start(
        &self,
        applied: &Applied,
        branch: Option<&str>,
        target: &Target,
        covered: impl FnOnce(Vec<bool>, &[bool]) -> Vec<Node>,
    ) -> Result<Option<Node>, PathError> {
        self.refuse_unknown(applied)?;
        let marks = applied.marks(self);
        let heads = heads_of(self, &marks);
        let starts = match branch {
            None => heads,
            Some(branch) => {
                let lineage = self.lineage(self.branch(branch)?);
                let on_branch: Vec<Node> = heads.iter().copied().filter(|&head| lineage[head]).collect();
                if on_branch.is_empty() {
                    covered(self.reach(heads, Edge::Requirement), &lineage)
                } else {
                    on_branch
                }
            }
        };
        match starts.as_slice() {
            [] => Ok(None),
            [start] => Ok(Some(*start)),
            _ => Err(PathError::AmbiguousStart { target: target.to_string(), starts: self.members(&starts) }),
        }
    }

    /// The marked nodes from which no edge of that kind leads to another.
    fn tips(&self, marks: &[bool], edge: Edge) -> Vec<Node> {
        let is_tip = |node: Node| !self.next(node, edge).iter().any(|&next| marks[next]);
        (0..marks.len()).filter(|&node| marks[node] && is_tip(node)).collect()
    }

    /// Walks along parents or children, where there is one way only.
    pub(super) fn walk(
        &self,
        start: Point,
        branch: Option<&str>,
        walk: Walk<'_>,
    ) -> Result<Point, PathError> {
        let lineage = match branch {
            Some(branch) => Some(self.lineage(self.branch(branch)?)),
            None => None,
        };
        let mut point = start;
        for taken in 0..walk.offset.unsigned_abs() {
            let mut ways = self.ways(point, walk.offset > 0);
            if let Some(lineage) = &lineage {
                ways.retain(|&way| matches!(way, Point::At(node) if lineage[node]));
            }
            point = match ways.as_slice() {
                [] if walk.clamp => return Ok(point),
                [] => return Err(out_of_range(walk.target, taken)),
                [way] => *way,
                _ => return Err(self.ambiguous_walk(walk.target, point, &ways)),
            };
        }
        Ok(point)
    }

    fn ways(&self, point: Point, up: bool) -> Vec<Point> {
        let at = |nodes: &[Node]| nodes.iter().map(|&node| Point::At(node)).collect::<Vec<_>>();
        match (point, up) {
            (Point::Base, true) => at(&self.ends(Edge::Parent)),
            (Point::Base, false) => Vec::new(),
            (Point::At(node), true) => at(self.next(node, Edge::Child)),
            (Point::At(node), false) => match self.next(node, Edge::Parent) {
                [] => vec![Point::Base],
                parents => at(parents),
            },
        }
    }

    fn ambiguous_walk(&self, target: &Target, point: Point, ways: &[Point]) -> PathError {
        let member = |point: &Point| match point {
            Point::Base => None,
            Point::At(node) => Some(self.member(*node)),
        };
        PathError::AmbiguousWalk {
            target: target.to_string(),
            at: member(&point),
            choices: ways.iter().filter_map(member).collect(),
        }
    }

    fn refuse_unknown(&self, applied: &Applied) -> Result<(), PathError> {
        let ids = applied.unknown(self);
        if ids.is_empty() { Ok(()) } else { Err(PathError::UnknownApplied { ids }) }
    }
}

fn out_of_range(target: &Target, found: u32) -> PathError {
    let (_, _, offset) = target.parts();
    let offset = offset.unwrap_or(0);
    PathError::RelativeOutOfRange {
        target: target.to_string(),
        up: offset > 0,
        wanted: offset.unsigned_abs(),
        found,
    }
}

#[cfg(test)]
mod tests {
    use super::Applied;
    use crate::{
        diagnostic::ErrorKind,
        revision::sample::{BRANCHED as GRAPH, found, graph, resolve, target},
    };

    #[test]
    fn counting_starts_at_a_revision_or_at_what_is_applied() {
        for (rows, text, id) in [
            ("", "aaaa+0", "aaaa"),
            ("", "abef+1", "abefff"),
            ("", "m001-0", "m001"),
            ("", "abefff-2", "aaaa"),
            ("", "abefff-3", ""),
            ("", "left@base+2", "abcd"),
            ("", "cc@+1", "c1"),
            ("abef", "+2", "m001"),
            ("abef", "-1", "aaaa"),
            ("aaaa c1", "left@+1", "abcd"),
            ("aaaa", "right@+2", "abefff"),
            ("abef", "left@+1", "abcd"),
        ] {
            assert_eq!(resolve(GRAPH, rows, text), found(id), "{text} from {rows}");
        }
    }

    #[test]
    fn counting_too_far_or_into_a_fork_is_refused() {
        for text in ["m001+1", "abefff-4", "cc@head+1", "base-1", "c1+2147483647"] {
            assert_eq!(resolve(GRAPH, "", text), Err(ErrorKind::RelativeOutOfRange), "{text}");
        }
        for text in ["aaaa+1", "m001-1", "base+1", "+1"] {
            assert_eq!(resolve(GRAPH, "", text), Err(ErrorKind::AmbiguousWalk), "{text}");
        }
        assert_eq!(resolve(GRAPH, "abcd c1", "+1"), Err(ErrorKind::AmbiguousWalk));
        let error = graph(GRAPH).resolve(&Applied::default(), &target("abefff-4")).unwrap_err();
        assert_eq!(error.to_string(), "\"abefff-4\" goes 4 revisions down, but there are only 3");
        let error = graph(GRAPH).resolve(&Applied::default(), &target("c1+2")).unwrap_err();
        assert_eq!(error.to_string(), "\"c1+2\" goes 2 revisions up, but there is none");
    }

    #[test]
    fn no_steps_lead_nowhere_and_the_hint_counts() {
        for (up, hint) in [(true, "+1"), (false, "-1")] {
            let graph = graph(GRAPH);
            let (nothing, none) = (Applied::default(), target("-0"));
            let error = if up {
                graph.upgrade(&nothing, &[none]).unwrap_err()
            } else {
                graph.downgrade(&nothing, &none).unwrap_err()
            };
            assert_eq!(
                (error.kind(), error.to_string().as_str()),
                (ErrorKind::RelativeOutOfRange, "0 steps lead nowhere")
            );
            assert!(error.hint().is_some_and(|given| given.contains(hint)), "{error:?}");
        }
    }

    #[test]
    fn where_one_revision_is_needed_all_heads_are_not_proposed() {
        let error = graph(GRAPH).downgrade(&Applied::default(), &target("head")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MultipleHeads);
        assert!(
            error.hint().is_some_and(|hint| hint.contains("base") && !hint.contains("heads")),
            "{error:?}"
        );
    }
}
