//! The revisions of a range, newest first, as `history` shows them. What was applied when is not
//! known here.

use super::{
    Applied, PathError, RevisionGraph, RevisionId, Symbol, Target, TargetRange, Unreachable,
    graph::{Edge, Node},
    walk::{Point, Walk},
};

impl RevisionGraph {
    /// The revisions of a range, newest first; an open range holds all there are.
    ///
    /// The ends belong to it. With an older end, only what follows it counts, not what that
    /// depends on; without, everything that the newer end requires does. `-3:` starts three
    /// revisions below the newer end, and `:+3` ends three above the older one; both stop at the
    /// end of the line. (Alembic counts `-3` from the head of the files even where the range ends
    /// elsewhere, and then mostly fails.)
    ///
    /// # Errors
    /// If an end has no meaning here, or the older one is no ancestor of the newer.
    pub fn history(&self, applied: &Applied, range: &TargetRange) -> Result<Vec<RevisionId>, PathError> {
        let (older, newer) = match (&range.from, &range.to) {
            (Some(from), _) if is_relative(from) => {
                let newer = self.newer_end(applied, range.to.as_ref(), &[])?;
                (self.steps_below(&newer, from)?, newer)
            }
            (from, to) => {
                let older = match from {
                    Some(from) => self.history_end(applied, from)?,
                    None => Vec::new(),
                };
                let newer = self.newer_end(applied, to.as_ref(), &older)?;
                (older, newer)
            }
        };
        let newer = self.on_branch_of(range.from.as_ref(), newer)?;
        self.between(range, &older, newer)
    }

    fn between(
        &self,
        range: &TargetRange,
        older: &[Node],
        newer: Vec<Node>,
    ) -> Result<Vec<RevisionId>, PathError> {
        let required = self.reach(newer, Edge::Requirement);
        if let Some(&missing) = older.iter().find(|&&node| !required[node]) {
            return Err(PathError::NotReachable {
                target: range.to_string(),
                reason: Unreachable::NotAncestor(self.member(missing)),
            });
        }
        let mut ids = if older.is_empty() {
            self.ordered(|node| required[node])
        } else {
            let under = self.reach(older.iter().copied(), Edge::Requirement);
            let above = self.reach(older.iter().copied(), Edge::Child);
            self.ordered(|node| above[node] && required[node] && (!under[node] || older.contains(&node)))
        };
        ids.reverse();
        Ok(ids)
    }

    fn newer_end(
        &self,
        applied: &Applied,
        to: Option<&Target>,
        older: &[Node],
    ) -> Result<Vec<Node>, PathError> {
        match to {
            None => Ok(self.ends(Edge::Dependent)),
            Some(target @ Target::Relative { branch, from: None, offset }) if *offset > 0 => {
                let start = match older {
                    [] => Point::Base,
                    [node] => Point::At(*node),
                    _ => {
                        return Err(PathError::AmbiguousStart {
                            target: target.to_string(),
                            starts: self.members(older),
                        });
                    }
                };
                let walk = Walk { target, offset: *offset, clamp: true };
                self.walk(start, branch.as_deref(), walk).map(Point::nodes)
            }
            Some(target) => self.history_end(applied, target),
        }
    }

    /// An end that does not depend on the other.
    fn history_end(&self, applied: &Applied, target: &Target) -> Result<Vec<Node>, PathError> {
        match target.parts() {
            (branch, Some(symbol), None) => self.absolute(branch, &symbol, Some(applied)),
            (branch, Some(Symbol::Current), Some(offset)) => {
                let starts = self.absolute(branch, &Symbol::Current, Some(applied))?;
                let walk = Walk { target, offset, clamp: true };
                let points = starts
                    .into_iter()
                    .map(|start| self.walk(Point::At(start), branch, walk).map(Point::nodes));
                Ok(points.collect::<Result<Vec<_>, _>>()?.concat())
            }
            (branch, Some(symbol), Some(offset)) => {
                self.walk_from(branch, &symbol, Walk { target, offset, clamp: true }).map(Point::nodes)
            }
            (_, None, offset) => Err(PathError::WrongDirection {
                target: target.to_string(),
                up: offset.is_some_and(|offset| offset < 0),
            }),
        }
    }

    /// So many steps below each of the newer ends; nothing, that is the base, if one gets there.
    fn steps_below(&self, newer: &[Node], target: &Target) -> Result<Vec<Node>, PathError> {
        let (branch, _, offset) = target.parts();
        let starts = self.on_branch_of(Some(target), newer.to_vec())?;
        let walk = Walk { target, offset: offset.unwrap_or(0), clamp: true };
        let mut older = Vec::new();
        for start in starts {
            match self.walk(Point::At(start), branch, walk)? {
                Point::Base => return Ok(Vec::new()),
                Point::At(node) => older.push(node),
            }
        }
        Ok(older)
    }

    /// With a branch in the older end, only the newer ends on that branch count.
    ///
    /// As with Alembic, these are the ends that carry its label; an id stands for its one label.
    fn on_branch_of(&self, from: Option<&Target>, newer: Vec<Node>) -> Result<Vec<Node>, PathError> {
        let Some(branch) = from.and_then(|from| from.parts().0) else { return Ok(newer) };
        let node = self.branch(branch)?;
        let label = match self.labels_of(&self.id(node)).as_slice() {
            _ if self.labelled(branch).is_some() => Some(branch),
            [label] => Some(*label),
            _ => None,
        };
        let lineage = self.lineage(node);
        let on_branch = |&node: &Node| match label {
            Some(label) => self.labels_of(&self.id(node)).contains(&label),
            None => lineage[node],
        };
        Ok(newer.into_iter().filter(on_branch).collect())
    }
}

/// Whether the target counts down from the other end of the range.
fn is_relative(target: &Target) -> bool {
    matches!(target, Target::Relative { from: None, offset, .. } if *offset < 0)
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostic::ErrorKind,
        revision::sample::{at, graph, shown},
    };

    const GRAPH: &str = "r a(r)#lhs b(r)#rhs a2(a) m(a2,b) x(m) c1(;a)#far";

    fn history(rows: &str, range: &str) -> Result<String, ErrorKind> {
        let graph = graph(GRAPH);
        let ids = graph.history(&at(&graph, rows), &range.parse().unwrap());
        ids.map(|ids| shown(&ids)).map_err(|error| error.kind())
    }

    #[test]
    fn an_open_range_is_everything_newest_first() {
        assert_eq!(history("", ":"), Ok("x m a2 b c1 a r".to_owned()));
    }

    #[test]
    fn the_ends_belong_to_the_range() {
        assert_eq!(history("", "a:m"), Ok("m a2 a".to_owned()));
        assert_eq!(history("", "m:"), Ok("x m".to_owned()));
        assert_eq!(history("", ":a2"), Ok("a2 a r".to_owned()));
        assert_eq!(history("", "a:a"), Ok("a".to_owned()));
    }

    #[test]
    fn counted_ends_stop_at_the_end_of_the_line() {
        assert_eq!(history("", "a:+1"), Ok("a2 a".to_owned()));
        assert_eq!(history("", "a:+9"), Ok("x m a2 a".to_owned()));
        assert_eq!(history("", "-1:a2"), Ok("a2 a".to_owned()));
        assert_eq!(history("", "-9:a2"), Ok("a2 a r".to_owned()));
    }

    #[test]
    fn current_is_either_end() {
        assert_eq!(history("m", "current:x"), Ok("x m".to_owned()));
        assert_eq!(history("a2", ":current"), Ok("a2 a r".to_owned()));
        assert_eq!(history("a2", "-1:current"), Ok("a2 a".to_owned()));
        assert_eq!(history("", ":current"), Ok(String::new()));
    }

    #[test]
    fn a_branch_in_the_older_end_leaves_other_heads_out() {
        assert_eq!(history("", "far@base:"), Ok("c1 a r".to_owned()));
    }

    #[test]
    fn ends_in_the_wrong_order_are_refused() {
        assert_eq!(history("", "m:a"), Err(ErrorKind::NotReachable));
        assert_eq!(history("", "b:a2"), Err(ErrorKind::NotReachable));
        assert_eq!(history("", "+1:x"), Err(ErrorKind::RelativeOutOfRange));
        assert_eq!(history("", "gone:"), Err(ErrorKind::UnknownRevision));
    }
}
