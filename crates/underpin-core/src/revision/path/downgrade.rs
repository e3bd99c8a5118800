//! The way down: what follows the target, and whatever depends on that. Which revision a target
//! means is worked out in `resolve`.

use super::{Path, PathError, Unreachable};
use crate::revision::{
    Applied, Direction, RevisionGraph, Target,
    applied::heads_of,
    graph::{Edge, Node},
    resolve::Descent,
    walk::Point,
};

impl RevisionGraph {
    /// The revisions to unwind so that the target is the last one applied, newest first.
    ///
    /// They are the applied ones among the target's children, what follows these, and what depends
    /// on any of them; for `base`, that of every base. With a branch, as in `label@base`, and for
    /// `-1`, only the children on the way to that branch count. Other branches stay as they are.
    /// Going to where the database is already asks for nothing.
    ///
    /// Applied ids that the graph does not know are not unwound.
    ///
    /// # Errors
    /// If the target has no single meaning here, is not applied, or is followed by nothing that is
    /// applied though it is not where the database is.
    pub fn downgrade(&self, applied: &Applied, target: &Target) -> Result<Path, PathError> {
        let descent = self.downgrade_target(applied, target)?;
        let mut marks = applied.marks(self);
        let roots = self.roots(&descent, target)?;
        let unwound = self.reach(roots, Edge::Dependent);
        let mut steps = self.ordered(|node| unwound[node] && marks[node]);
        steps.reverse();
        if let Point::At(node) = descent.to {
            self.require_applied(node, &marks, steps.is_empty(), target)?;
        }
        for (mark, unwound) in marks.iter_mut().zip(unwound) {
            *mark &= !unwound;
        }
        Ok(Path::new(Direction::Downgrade, steps, self.to_ids(heads_of(self, &marks))))
    }

    /// The oldest revisions to unwind, whether applied or not.
    fn roots(&self, descent: &Descent, target: &Target) -> Result<Vec<Node>, PathError> {
        let mut roots = match descent.to {
            Point::Base => self.ends(Edge::Parent),
            Point::At(node) => self.next(node, Edge::Child).to_vec(),
        };
        if let Some((branch, name)) = &descent.branch
            && roots.len() > 1
        {
            let way = self.reach([*branch], Edge::Parent);
            roots.retain(|&root| way[root]);
            if roots.is_empty() {
                let reason = Unreachable::OtherBranch { branch: name.clone() };
                return Err(PathError::NotReachable { target: target.to_string(), reason });
            }
        }
        Ok(roots)
    }

    fn require_applied(
        &self,
        node: Node,
        applied: &[bool],
        nothing_to_do: bool,
        target: &Target,
    ) -> Result<(), PathError> {
        let refuse = |reason| Err(PathError::NotReachable { target: target.to_string(), reason });
        if !applied[node] {
            return refuse(Unreachable::NotApplied(self.member(node)));
        }
        if nothing_to_do && !heads_of(self, applied).contains(&node) {
            let dependents = self.next(node, Edge::Dependent).iter().filter(|&&dependent| applied[dependent]);
            return refuse(Unreachable::OnlyDependents {
                revision: self.member(node),
                dependents: dependents.map(|&dependent| self.member(dependent)).collect(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostic::ErrorKind,
        revision::sample::{at, graph, shown, target},
    };

    fn downgrade(text: &str, rows: &str, to: &str) -> Result<(String, String), ErrorKind> {
        let graph = graph(text);
        let path = graph.downgrade(&at(&graph, rows), &target(to)).map_err(|error| error.kind())?;
        Ok((shown(path.ids()), shown(&path.heads_after)))
    }

    fn done(steps: &str, heads: &str) -> Result<(String, String), ErrorKind> {
        Ok((steps.to_owned(), heads.to_owned()))
    }

    const DIAMOND: &str = "r a(r)#lhs b(r)#rhs m(a,b) x(m)";
    const TWO: &str = "a1#alpha a2(a1) c1(;a1)#gamma c2(c1)";

    #[test]
    fn what_follows_the_target_is_unwound_newest_first() {
        assert_eq!(downgrade(DIAMOND, "x", "r"), done("x m a b", "r"));
        assert_eq!(downgrade(DIAMOND, "x", "base"), done("x m a b r", ""));
        assert_eq!(downgrade(DIAMOND, "x", "-1"), done("x", "m"));
    }

    #[test]
    fn going_to_one_side_of_a_merge_keeps_the_other_side() {
        assert_eq!(downgrade(DIAMOND, "m", "a"), done("m", "a b"));
        assert_eq!(downgrade(DIAMOND, "m", "lhs@r"), done("m a", "b"));
    }

    #[test]
    fn a_branch_is_unwound_with_what_depends_on_it() {
        assert_eq!(downgrade(TWO, "a2 c2", "alpha@base"), done("a2 c2 c1 a1", ""));
        assert_eq!(downgrade(TWO, "a2 c2", "gamma@base"), done("c2 c1", "a2"));
        assert_eq!(downgrade(TWO, "c1", "gamma@base"), done("c1", "a1"));
    }

    #[test]
    fn going_to_where_the_database_is_asks_for_nothing() {
        assert_eq!(downgrade(TWO, "a2 c2", "c2"), done("", "a2 c2"));
        assert_eq!(downgrade(TWO, "", "base"), done("", ""));
        assert_eq!(downgrade(TWO, "a2", "gamma@base"), done("", "a2"));
    }

    #[test]
    fn what_is_not_applied_or_only_depended_upon_is_no_way_back() {
        assert_eq!(downgrade(TWO, "a2", "c1"), Err(ErrorKind::NotReachable));
        assert_eq!(downgrade("a1 c1(;a1)", "c1", "a1"), Err(ErrorKind::NotReachable));
        assert_eq!(downgrade(DIAMOND, "x", "lhs@a"), done("x m", "a b"));
        assert_eq!(downgrade("r a(r) b(r)#lab c(b) d(b)", "c", "lab@b"), Err(ErrorKind::NotReachable));
    }

    #[test]
    fn counting_down_from_several_heads_is_refused() {
        assert_eq!(downgrade(TWO, "a2 c2", "-1"), Err(ErrorKind::AmbiguousWalk));
        assert_eq!(downgrade(TWO, "a2 c2", "gamma@-1"), done("c2", "a2 c1"));
        assert_eq!(downgrade(TWO, "a2 c2", "c2-1"), done("c2", "a2 c1"));
    }

    #[test]
    fn counting_down_past_the_base_or_through_a_merge_is_refused() {
        assert_eq!(downgrade(DIAMOND, "m", "-1"), Err(ErrorKind::AmbiguousWalk));
        assert_eq!(downgrade(TWO, "a2", "-2"), done("a2 a1", ""));
        assert_eq!(downgrade(TWO, "a2", "-3"), Err(ErrorKind::RelativeOutOfRange));
        assert_eq!(downgrade(TWO, "", "-1"), Err(ErrorKind::RelativeOutOfRange));
        assert_eq!(downgrade(TWO, "a2", "+1"), Err(ErrorKind::RelativeOutOfRange));
    }

    #[test]
    fn revisions_that_no_file_has_stay() {
        assert_eq!(downgrade("a b(a)", "b zz", "base"), done("b a", ""));
        assert_eq!(downgrade("a b(a)", "b zz", "-1"), Err(ErrorKind::UnknownRevision));
        assert_eq!(downgrade("a b(a)", "b zz", "zz"), Err(ErrorKind::UnknownRevision));
    }
}
