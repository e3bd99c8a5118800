//! Where a new revision may be attached: its parents and dependencies, checked before its file is
//! written. Writing it is done elsewhere.

use super::{
    InvalidTarget, PathError, RevisionGraph, RevisionId, Target,
    graph::{Edge, Node},
};

impl RevisionGraph {
    /// The parents that a new revision gets from `--head`; none for `base`.
    ///
    /// # Errors
    /// If a target is relative or has no single meaning here, a revision is named twice, or, unless
    /// `splice`, is followed by another.
    pub fn new_parents(&self, targets: &[Target], splice: bool) -> Result<Vec<RevisionId>, PathError> {
        let parents = self.new_parent_nodes(targets, splice)?;
        Ok(self.to_ids(parents))
    }

    /// The parents that a merge gets.
    ///
    /// # Errors
    /// As [`new_parents`](Self::new_parents), and if there are fewer than two.
    pub fn merge_parents(&self, targets: &[Target], splice: bool) -> Result<Vec<RevisionId>, PathError> {
        let parents = self.new_parent_nodes(targets, splice)?;
        if parents.len() < 2 {
            return Err(PathError::NothingToMerge(parents.first().map(|&node| self.member(node))));
        }
        Ok(self.to_ids(parents))
    }

    /// What a new revision's `depends_on` says for a name: a label as it is, else the whole id.
    ///
    /// # Errors
    /// If nothing, or more than one revision, has that name or begins with it.
    pub fn new_dependency(&self, name: &str) -> Result<String, PathError> {
        if self.labelled(name).is_some() {
            return Ok(name.to_owned());
        }
        self.find(name, None).map(|node| self.id(node).to_string())
    }

    fn new_parent_nodes(&self, targets: &[Target], splice: bool) -> Result<Vec<Node>, PathError> {
        let mut parents = Vec::new();
        for target in targets {
            for node in self.parent_targets(target)? {
                if parents.contains(&node) {
                    return Err(PathError::NamedTwice(self.member(node)));
                }
                parents.push(node);
            }
        }
        if !splice {
            for &node in &parents {
                let children = self.next(node, Edge::Child);
                if !children.is_empty() {
                    return Err(PathError::NotAHead {
                        revision: self.member(node),
                        children: self.members(children),
                    });
                }
            }
        }
        Ok(parents)
    }

    fn parent_targets(&self, target: &Target) -> Result<Vec<Node>, PathError> {
        match target.parts() {
            (branch, Some(symbol), None) => self.absolute(branch, &symbol, None),
            (_, _, Some(_)) | (_, None, None) => Err(InvalidTarget::for_purpose(
                &target.to_string(),
                "a parent is named, not counted to",
                "name a head, BRANCH@head, an id or its beginning, or base",
            )
            .into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostic::ErrorKind,
        revision::{
            RevisionId,
            sample::{graph, shown, target},
        },
    };

    const GRAPH: &str = "r a(r)#lhs b(r) c1(;a)";

    fn parents(targets: &str, splice: bool) -> Result<String, ErrorKind> {
        let targets: Vec<_> = targets.split_whitespace().map(target).collect();
        kind(graph(GRAPH).new_parents(&targets, splice))
    }

    fn merge(targets: &str) -> Result<String, ErrorKind> {
        let targets: Vec<_> = targets.split_whitespace().map(target).collect();
        kind(graph(GRAPH).merge_parents(&targets, false))
    }

    fn kind(ids: Result<Vec<RevisionId>, super::PathError>) -> Result<String, ErrorKind> {
        ids.map(|ids| shown(&ids)).map_err(|error| error.kind())
    }

    #[test]
    fn a_new_revision_follows_a_head() {
        assert_eq!(parents("a", false), Ok("a".to_owned()));
        assert_eq!(parents("lhs@head", false), Ok("a".to_owned()));
        assert_eq!(parents("base", false), Ok(String::new()));
        assert_eq!(parents("head", false), Err(ErrorKind::MultipleHeads));
        assert_eq!(parents("b+0", false), Err(ErrorKind::InvalidTarget));
    }

    #[test]
    fn what_has_a_child_needs_splice() {
        assert_eq!(parents("r", false), Err(ErrorKind::NotAHead));
        assert_eq!(parents("r", true), Ok("r".to_owned()));
        let error = graph(GRAPH).new_parents(&[target("r")], false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "revision r (versions/r.sql) is not a head: it is followed by a (versions/a.sql), b (versions/b.sql)"
        );
    }

    #[test]
    fn a_merge_needs_two() {
        assert_eq!(merge("heads"), Ok("b c1".to_owned()));
        assert_eq!(merge("a b"), Ok("a b".to_owned()));
        assert_eq!(merge("a"), Err(ErrorKind::Usage));
        assert_eq!(merge("a lhs"), Err(ErrorKind::Usage));
    }

    #[test]
    fn a_dependency_stays_a_label_or_becomes_a_whole_id() {
        let graph = graph("abcdef#left");
        assert_eq!(graph.new_dependency("left"), Ok("left".to_owned()));
        assert_eq!(graph.new_dependency("abc"), Ok("abcdef".to_owned()));
        assert!(graph.new_dependency("gone").is_err());
    }
}
