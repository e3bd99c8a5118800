//! Which revisions a target means, in this graph and from what this database has. What is then to
//! be done about them is in `path`.

use super::{
    Applied, InvalidTarget, Member, PathError, RevisionGraph, RevisionId, Symbol, Target,
    applied::heads_of,
    graph::{Edge, Node},
    walk::{Point, Walk},
};

/// Where a downgrade goes, and along which branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Descent {
    pub(super) to: Point,
    /// The revision that stands for the branch, and its name.
    pub(super) branch: Option<(Node, String)>,
}

/// Ids of up to this many characters can't be abbreviated; Alembic has the same limit.
const LONGEST_UNABBREVIATED: usize = 3;

impl RevisionGraph {
    /// The revisions that a target means: none for `base`, several for `heads` and `current`.
    ///
    /// A relative target without a start counts from what is applied.
    ///
    /// # Errors
    /// If the target has no meaning here, or too many.
    pub fn resolve(&self, applied: &Applied, target: &Target) -> Result<Vec<RevisionId>, PathError> {
        let (branch, symbol, offset) = target.parts();
        let nodes = match (symbol, offset) {
            (Some(symbol), None) => self.absolute(branch, &symbol, Some(applied))?,
            (None, Some(offset)) if offset < 0 => self.downgrade_target(applied, target)?.to.nodes(),
            (_, _) => self.upgrade_targets(applied, target)?,
        };
        Ok(self.to_ids(nodes))
    }

    /// What a database has that stands at a target, for planning without a database.
    ///
    /// # Errors
    /// If the target is relative to a database, or has no meaning here, or too many.
    pub fn applied_at(&self, target: &Target) -> Result<Applied, PathError> {
        let ids = self.resolve(&Applied::default(), target)?;
        Ok(Applied::from_heads(self, &ids))
    }

    /// The revisions that an upgrade to the target must apply.
    pub(super) fn upgrade_targets(&self, applied: &Applied, target: &Target) -> Result<Vec<Node>, PathError> {
        self.upgrade_targets_checked(applied, target).map_err(|error| name_unknown(error, applied))
    }

    fn upgrade_targets_checked(&self, applied: &Applied, target: &Target) -> Result<Vec<Node>, PathError> {
        let (branch, symbol, offset) = target.parts();
        let Some(offset) = offset else {
            return self.absolute(branch, &symbol.unwrap_or(Symbol::Base), None);
        };
        let point = match symbol {
            None if offset == 0 => return Err(PathError::NoSteps { up: true }),
            None if offset < 0 => {
                return Err(PathError::WrongDirection { target: target.to_string(), up: true });
            }
            None => {
                let start = self.upgrade_start(applied, branch, target)?;
                self.walk(start, branch, Walk { target, offset, clamp: false })?
            }
            Some(symbol) => self.walk_from(branch, &symbol, Walk { target, offset, clamp: false })?,
        };
        Ok(point.nodes())
    }

    /// Where a downgrade goes, and along which branch.
    pub(super) fn downgrade_target(&self, applied: &Applied, target: &Target) -> Result<Descent, PathError> {
        self.downgrade_target_checked(applied, target).map_err(|error| name_unknown(error, applied))
    }

    fn downgrade_target_checked(&self, applied: &Applied, target: &Target) -> Result<Descent, PathError> {
        let (branch, symbol, offset) = target.parts();
        let mut named = match branch {
            Some(branch) => Some((self.branch(branch)?, branch.to_owned())),
            None => None,
        };
        let to = match (symbol, offset) {
            (None, Some(offset)) if offset < 0 => {
                let start = self.downgrade_start(applied, branch, target)?;
                // Without a branch, the line of the one head is the branch.
                named = named.or_else(|| Some((start, self.id(start).to_string())));
                self.walk(Point::At(start), None, Walk { target, offset, clamp: false })?
            }
            (None, Some(0)) => return Err(PathError::NoSteps { up: false }),
            (None, _) => return Err(PathError::WrongDirection { target: target.to_string(), up: false }),
            (Some(symbol), Some(offset)) => {
                self.walk_from(branch, &symbol, Walk { target, offset, clamp: false })?
            }
            // `head` is that of the whole graph even behind a branch, as with Alembic; the branch
            // only says along which children to come down.
            (Some(symbol), None) => {
                let to = self.single(None, &symbol, target)?;
                if let (Some(branch), Point::At(node)) = (branch, to) {
                    self.require_in_branch(node, branch)?;
                }
                to
            }
        };
        Ok(Descent { to, branch: named })
    }

    /// The revisions that a symbol means, on a branch or anywhere. `current` needs something applied.
    pub(super) fn absolute(
        &self,
        branch: Option<&str>,
        symbol: &Symbol,
        applied: Option<&Applied>,
    ) -> Result<Vec<Node>, PathError> {
        let lineage = match branch {
            Some(branch) => Some(self.lineage(self.branch(branch)?)),
            None => None,
        };
        let on_branch = |nodes: Vec<Node>| match &lineage {
            Some(lineage) => nodes.into_iter().filter(|&node| lineage[node]).collect(),
            None => nodes,
        };
        match symbol {
            Symbol::Base => Ok(Vec::new()),
            Symbol::Head => {
                let heads = on_branch(self.ends(Edge::Child));
                if heads.len() > 1 {
                    let target = branch.map_or_else(|| "head".to_owned(), |branch| format!("{branch}@head"));
                    return Err(PathError::MultipleHeads { target, heads: self.members(&heads), all: true });
                }
                Ok(heads)
            }
            // Without a branch, what others depend on is not asked for by itself; with one, it is.
            Symbol::Heads if lineage.is_none() => Ok(self.ends(Edge::Dependent)),
            Symbol::Heads => Ok(on_branch(self.ends(Edge::Child))),
            Symbol::Current => match applied {
                Some(applied) => Ok(on_branch(heads_of(self, &applied.marks(self)))),
                None => Err(InvalidTarget::for_purpose(
                    "current",
                    "it is where the database is, not where it could go",
                    "name where it is to go: head, heads, base, an id or its beginning, +1, -1",
                )
                .into()),
            },
            Symbol::Named(name) => {
                let node = self.find(name, lineage.as_deref())?;
                if let Some(branch) = branch {
                    self.require_in_branch(node, branch)?;
                }
                Ok(vec![node])
            }
        }
    }

    /// The one place that a symbol means.
    pub(super) fn single(
        &self,
        branch: Option<&str>,
        symbol: &Symbol,
        target: &Target,
    ) -> Result<Point, PathError> {
        let several = |heads| PathError::MultipleHeads { target: target.to_string(), heads, all: false };
        let nodes = self.absolute(branch, symbol, None).map_err(|error| match error {
            PathError::MultipleHeads { heads, .. } => several(heads),
            other => other,
        })?;
        match nodes.as_slice() {
            [] => Ok(Point::Base),
            [node] => Ok(Point::At(*node)),
            heads => Err(several(self.members(heads))),
        }
    }

    /// The revision that stands for a branch: that of a label, or any id.
    pub(super) fn branch(&self, branch: &str) -> Result<Node, PathError> {
        self.find(branch, None).map_err(|error| match error {
            PathError::UnknownRevision { .. } => PathError::NoSuchBranch { branch: branch.to_owned() },
            other => other,
        })
    }

    fn require_in_branch(&self, node: Node, branch: &str) -> Result<(), PathError> {
        if self.lineage(self.branch(branch)?)[node] {
            return Ok(());
        }
        Err(PathError::NotInBranch { revision: self.member(node), branch: branch.to_owned() })
    }

    /// The revision with that id, label, or unique prefix of one; prefixes look at `within` only.
    pub(super) fn find(&self, name: &str, within: Option<&[bool]>) -> Result<Node, PathError> {
        if let Some(node) = self.named(name) {
            return Ok(node);
        }
        let begins =
            |(text, node): &(&str, Node)| text.starts_with(name) && within.is_none_or(|within| within[*node]);
        let is_long = |(text, _): &(&str, Node)| text.chars().nth(LONGEST_UNABBREVIATED).is_some();
        let (long, short): (Vec<_>, Vec<_>) = self.names().filter(begins).partition(is_long);
        match long.as_slice() {
            [(_, node)] => Ok(*node),
            [] => {
                Err(PathError::UnknownRevision { name: name.to_owned(), short: self.sorted_members(&short) })
            }
            _ => Err(PathError::AmbiguousPrefix {
                prefix: name.to_owned(),
                candidates: self.sorted_members(&long),
            }),
        }
    }

    fn sorted_members(&self, names: &[(&str, Node)]) -> Vec<Member> {
        let mut nodes: Vec<Node> = names.iter().map(|&(_, node)| node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        self.members(&nodes)
    }

    pub(super) fn members(&self, nodes: &[Node]) -> Vec<Member> {
        nodes.iter().map(|&node| self.member(node)).collect()
    }
}

/// A name that no file has but the database does deserves to be told so.
fn name_unknown(error: PathError, applied: &Applied) -> PathError {
    match error {
        PathError::UnknownRevision { name, short } => match applied.iter().find(|id| id.as_str() == name) {
            Some(id) => PathError::UnknownApplied { ids: vec![id.clone()] },
            None => PathError::UnknownRevision { name, short },
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::Applied;
    use crate::{
        diagnostic::ErrorKind,
        revision::sample::{BRANCHED as GRAPH, at, found, graph, resolve, target},
    };

    #[test]
    fn ids_and_labels_are_found_whole_or_by_a_prefix_that_fits_one() {
        for (text, id) in
            [("abcd", "abcd"), ("left", "abcd"), ("le", "abcd"), ("aa", "aaaa"), ("m", "m001"), ("c1", "c1")]
        {
            assert_eq!(resolve(GRAPH, "", text), found(id), "{text}");
        }
        assert_eq!(resolve(GRAPH, "", "abef"), found("abef"), "a whole id is no prefix");
        assert_eq!(resolve(GRAPH, "", "ab"), Err(ErrorKind::AmbiguousPrefix));
        assert_eq!(resolve(GRAPH, "", "left@ab"), found("abcd"), "the others are not on that branch");
        assert_eq!(resolve(GRAPH, "", "right@abe"), Err(ErrorKind::AmbiguousPrefix));
    }

    #[test]
    fn short_ids_are_not_abbreviated_but_proposed() {
        let error = graph(GRAPH).resolve(&Applied::default(), &target("c")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownRevision);
        assert!(error.hint().unwrap().contains("c1 (versions/c1.sql)"));
    }

    #[test]
    fn ambiguity_names_the_files() {
        let graph = graph(GRAPH);
        let error = graph.resolve(&Applied::default(), &target("abe@ab")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"abe\" is the beginning of several revisions: abef (versions/abef.sql), abefff (versions/abefff.sql)"
        );
        let error = graph.resolve(&Applied::default(), &target("head")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"head\" means one revision, but there are several heads: m001 (versions/m001.sql), c1 (versions/c1.sql)"
        );
        assert_eq!(
            error.hint().unwrap(),
            "name one of them, or BRANCH@head, or all with heads; `merge heads` joins them"
        );
    }

    #[test]
    fn a_branch_is_a_label_or_any_id_on_it() {
        for branch in ["left", "right", "abcd", "aaaa", "m0"] {
            assert_eq!(resolve(GRAPH, "", &format!("{branch}@head")), found("m001"), "{branch}");
        }
        assert_eq!(resolve(GRAPH, "", "cc@heads"), found("c1"));
        assert_eq!(resolve(GRAPH, "", "left@base"), found(""));
        assert_eq!(resolve(GRAPH, "", "gone@head"), Err(ErrorKind::NoSuchBranch));
        assert_eq!(resolve(GRAPH, "", "left@c1"), Err(ErrorKind::NotInBranch));
        assert_eq!(resolve(GRAPH, "", "left@abef"), Err(ErrorKind::NotInBranch));
    }

    #[test]
    fn current_is_what_is_applied() {
        assert_eq!(resolve(GRAPH, "abcd c1", "current"), found("abcd c1"));
        assert_eq!(resolve(GRAPH, "abcd c1", "cc@current"), found("c1"));
        assert_eq!(resolve(GRAPH, "", "current"), found(""));
    }

    #[test]
    fn a_start_without_a_database_is_what_its_target_requires() {
        let graph = graph(GRAPH);
        assert_eq!(graph.applied_at(&target("right")).unwrap(), at(&graph, "abef"));
        assert!(graph.applied_at(&target("base")).unwrap().is_empty());
        assert!(graph.applied_at(&target("-1")).is_err());
    }
}
