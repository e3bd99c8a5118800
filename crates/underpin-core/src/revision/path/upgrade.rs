//! The way up: every ancestor of the targets that is not applied. Which revisions a target means
//! is worked out in `resolve`.

use super::{Path, PathError};
use crate::revision::{
    Applied, Direction, RevisionGraph, Target,
    applied::heads_of,
    graph::{Edge, Node},
};

impl RevisionGraph {
    /// The revisions to apply so that the targets are applied, oldest first.
    ///
    /// They are the targets and all that they require, parents and dependencies, without what is
    /// applied. A target that is applied already asks for nothing, as with Alembic, and so does
    /// `base`. A revision that is missing below an applied one is run where its turn is.
    ///
    /// # Errors
    /// If a target has no single meaning here, or one target is an ancestor of another, or a
    /// relative target would start from a revision that the graph does not know.
    pub fn upgrade(&self, applied: &Applied, targets: &[Target]) -> Result<Path, PathError> {
        let mut wanted: Vec<Node> = Vec::new();
        for target in targets {
            wanted.extend(self.upgrade_targets(applied, target)?);
        }
        wanted.sort_unstable();
        wanted.dedup();
        self.refuse_overlap(&wanted)?;
        let mut marks = applied.marks(self);
        let required = self.reach(wanted, Edge::Requirement);
        let steps = self.ordered(|node| required[node] && !marks[node]);
        for (mark, required) in marks.iter_mut().zip(required) {
            *mark |= required;
        }
        Ok(Path::new(Direction::Upgrade, steps, self.to_ids(heads_of(self, &marks))))
    }

    /// Refuses targets one of which is an ancestor of another.
    pub(in crate::revision) fn refuse_overlap(&self, targets: &[Node]) -> Result<(), PathError> {
        if targets.len() < 2 {
            return Ok(());
        }
        let below =
            |node: Node| self.reach(self.next(node, Edge::Requirement).iter().copied(), Edge::Requirement);
        let all_below = targets.iter().flat_map(|&node| self.next(node, Edge::Requirement).iter().copied());
        let covered = self.reach(all_below, Edge::Requirement);
        let Some(&ancestor) = targets.iter().find(|&&node| covered[node]) else { return Ok(()) };
        match targets.iter().find(|&&node| below(node)[ancestor]) {
            Some(&revision) => {
                Err(PathError::Overlap { revision: self.member(revision), ancestor: self.member(ancestor) })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostic::ErrorKind,
        revision::{
            Applied,
            sample::{at, graph, ids, shown, target},
        },
    };

    /// The steps, then what is left as heads; or the kind of the error.
    fn upgrade(text: &str, rows: &str, targets: &str) -> Result<(String, String), ErrorKind> {
        let graph = graph(text);
        let targets: Vec<_> = targets.split_whitespace().map(target).collect();
        let path = graph.upgrade(&at(&graph, rows), &targets).map_err(|error| error.kind())?;
        Ok((shown(path.ids()), shown(&path.heads_after)))
    }

    fn done(steps: &str, heads: &str) -> Result<(String, String), ErrorKind> {
        Ok((steps.to_owned(), heads.to_owned()))
    }

    const BRANCHES: &str = "root left(root)#lhs right(root)#rhs left2(left) right2(right;left2)";

    #[test]
    fn what_a_target_requires_is_applied_and_nothing_else() {
        assert_eq!(upgrade(BRANCHES, "", "left2"), done("root left left2", "left2"));
        assert_eq!(upgrade(BRANCHES, "left", "right"), done("right", "left right"));
        assert_eq!(upgrade(BRANCHES, "right", "rhs@head"), done("left left2 right2", "right2"));
    }

    #[test]
    fn a_target_that_is_applied_asks_for_nothing() {
        for targets in ["root", "left", "base", "lhs@base", "left left", "right2-3"] {
            assert_eq!(upgrade(BRANCHES, "left", targets), done("", "left"), "{targets}");
        }
        assert_eq!(upgrade("", "", "head"), done("", ""));
        assert_eq!(upgrade("", "", "heads"), done("", ""));
    }

    #[test]
    fn head_is_refused_where_a_depended_upon_head_stands_beside_another() {
        assert_eq!(upgrade("a1 c1(;a1)", "", "head"), Err(ErrorKind::MultipleHeads));
        assert_eq!(upgrade("a1 c1(;a1)", "", "heads"), done("a1 c1", "c1"));
    }

    #[test]
    fn a_target_and_its_ancestor_overlap() {
        assert_eq!(upgrade(BRANCHES, "", "root left2"), Err(ErrorKind::Overlap));
        assert_eq!(upgrade(BRANCHES, "", "left2 right2"), Err(ErrorKind::Overlap));
    }

    #[test]
    fn a_merge_that_names_an_ancestor_of_its_parent_is_planned_where_alembic_fails() {
        let text = "a1 a2(a1) c1 c2(c1;a2,a1)";
        assert_eq!(upgrade(text, "", "c2"), done("a1 a2 c1 c2", "c2"));
    }

    #[test]
    fn a_gap_below_an_applied_revision_is_filled() {
        let graph = graph("a b(a) c(b) d(c)");
        let path = graph.upgrade(&Applied::new(ids("a c")), &[target("head")]).unwrap();
        assert_eq!((shown(path.ids()), shown(&path.heads_after)), ("b d".to_owned(), "d".to_owned()));
    }

    #[test]
    fn revisions_that_no_file_has_do_not_stand_in_the_way_of_known_ones() {
        assert_eq!(upgrade("a b(a)", "a zz", "head"), done("b", "b"));
        for targets in ["zz", "+1"] {
            let graph = graph("a b(a)");
            let error = graph.upgrade(&at(&graph, "a zz"), &[target(targets)]).unwrap_err();
            assert_eq!(error.to_string(), "the database has \"zz\", which no file here defines");
            assert_eq!(error.kind(), ErrorKind::UnknownRevision);
        }
    }

    #[test]
    fn a_path_is_written_in_the_form_that_other_programs_read() {
        let graph = graph("a b(a)");
        let path = graph.upgrade(&at(&graph, "a"), &[target("head")]).unwrap();
        assert_eq!(
            serde_json::to_string(&path).unwrap(),
            r#"{"steps":[{"direction":"upgrade","revision":"b"}],"heads_after":["b"]}"#
        );
    }
}
