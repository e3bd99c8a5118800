//! From headers to a graph: every name is looked up once, and everything that can be wrong with
//! the whole is found here. Headers themselves are checked where files are read.

use std::collections::{HashMap, hash_map::Entry};

use super::{Edges, GraphError, Member, Node, Revision, RevisionGraph, RevisionId, labels, order};
use crate::revision::Target;

pub(super) fn build(revisions: Vec<Revision>) -> Result<RevisionGraph, GraphError> {
    let ids = index_ids(&revisions)?;
    let labels = index_labels(&revisions, &ids)?;
    let mut parents = Vec::with_capacity(revisions.len());
    let mut requirements = Vec::with_capacity(revisions.len());
    for (node, revision) in revisions.iter().enumerate() {
        let own_parents = find_parents(node, revision, &ids)?;
        requirements.push(find_requirements(node, revision, &own_parents, &ids, &labels)?);
        parents.push(own_parents);
    }
    let edges = Edges::new(parents, requirements);
    let order = order::sort(&edges, revisions.len()).map_err(|cycle| {
        GraphError::Cycle(cycle.iter().map(|&node| Member::of(&revisions[node])).collect())
    })?;
    let inherited = labels::spread(&revisions, &edges, &order);
    Ok(RevisionGraph { revisions, ids, labels, edges, order, inherited })
}

fn index_ids(revisions: &[Revision]) -> Result<HashMap<RevisionId, Node>, GraphError> {
    let mut ids = HashMap::with_capacity(revisions.len());
    for (node, revision) in revisions.iter().enumerate() {
        match ids.entry(revision.id().clone()) {
            Entry::Vacant(entry) => entry.insert(node),
            Entry::Occupied(entry) => {
                return Err(GraphError::DuplicateRevision {
                    first: Member::of(&revisions[*entry.get()]),
                    second: Member::of(revision),
                });
            }
        };
    }
    Ok(ids)
}

fn index_labels(
    revisions: &[Revision],
    ids: &HashMap<RevisionId, Node>,
) -> Result<HashMap<String, Node>, GraphError> {
    let mut labels = HashMap::new();
    for (node, revision) in revisions.iter().enumerate() {
        for label in &revision.header.labels {
            if !is_addressable(label) {
                return Err(GraphError::InvalidLabel {
                    label: label.clone(),
                    revision: Member::of(revision),
                });
            }
            if let Some(&owner) = ids.get(label.as_str()) {
                return Err(GraphError::LabelIsRevision {
                    label: label.clone(),
                    revision: Member::of(revision),
                    owner: Member::of(&revisions[owner]),
                });
            }
            match labels.insert(label.clone(), node) {
                Some(first) if first != node => {
                    return Err(GraphError::DuplicateLabel {
                        label: label.clone(),
                        first: Member::of(&revisions[first]),
                        second: Member::of(revision),
                    });
                }
                Some(_) | None => {}
            }
        }
    }
    Ok(labels)
}

/// Whether a target can name the label: `v2-1` would be read as one revision below `v2`.
fn is_addressable(label: &str) -> bool {
    matches!(label.parse(), Ok(Target::Named(_)))
}

fn find_parents(
    node: Node,
    revision: &Revision,
    ids: &HashMap<RevisionId, Node>,
) -> Result<Vec<Node>, GraphError> {
    let mut parents = Vec::with_capacity(revision.header.parents.len());
    for parent in &revision.header.parents {
        let Some(&found) = ids.get(parent) else {
            return Err(GraphError::UnknownParent {
                parent: parent.to_string(),
                revision: Member::of(revision),
            });
        };
        add(&mut parents, found, node, revision)?;
    }
    Ok(parents)
}

fn find_requirements(
    node: Node,
    revision: &Revision,
    parents: &[Node],
    ids: &HashMap<RevisionId, Node>,
    labels: &HashMap<String, Node>,
) -> Result<Vec<Node>, GraphError> {
    let mut requirements = parents.to_vec();
    for dependency in &revision.header.depends_on {
        let Some(&found) = ids.get(dependency.as_str()).or_else(|| labels.get(dependency)) else {
            return Err(GraphError::UnknownDependency {
                dependency: dependency.clone(),
                revision: Member::of(revision),
            });
        };
        add(&mut requirements, found, node, revision)?;
    }
    Ok(requirements)
}

fn add(list: &mut Vec<Node>, found: Node, node: Node, revision: &Revision) -> Result<(), GraphError> {
    if found == node {
        return Err(GraphError::SelfLoop(Member::of(revision)));
    }
    if !list.contains(&found) {
        list.push(found);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostic::{Diagnostic, ErrorKind},
        revision::sample::try_graph,
    };

    fn refusal(text: &str) -> (ErrorKind, String) {
        let error = try_graph(text).unwrap_err();
        assert!(error.hint().is_some_and(|hint| !hint.is_empty()));
        let diagnostic = Diagnostic::from(error);
        (diagnostic.kind, diagnostic.message)
    }

    #[test]
    fn an_id_claimed_twice_names_both_files() {
        assert_eq!(
            refusal("a b a"),
            (
                ErrorKind::DuplicateRevision,
                "two files claim the revision a: versions/a.sql and versions/a.sql".to_owned()
            )
        );
    }

    #[test]
    fn a_missing_parent_or_dependency_names_the_file_that_asks_for_it() {
        let (kind, message) = refusal("a b(a,gone)");
        assert_eq!(kind, ErrorKind::UnknownParent);
        assert_eq!(message, "revision b (versions/b.sql) names the parent \"gone\", which no file defines");
        let (kind, message) = refusal("a b(a;gone)");
        assert_eq!(kind, ErrorKind::UnknownParent);
        assert!(message.contains("versions/b.sql") && message.contains("depends on \"gone\""), "{message}");
    }

    #[test]
    fn a_prefix_is_no_parent_and_a_label_is_none_either() {
        assert_eq!(refusal("abcdef b(abcd)").0, ErrorKind::UnknownParent);
        assert_eq!(refusal("a#left b(left)").0, ErrorKind::UnknownParent);
        assert!(try_graph("a#left b(;left)").is_ok());
    }

    #[test]
    fn a_revision_that_requires_itself_is_refused() {
        assert_eq!(refusal("a(a)").0, ErrorKind::Cycle);
        assert_eq!(refusal("a(;a)").0, ErrorKind::Cycle);
        assert_eq!(refusal("a(;x)#x").0, ErrorKind::Cycle);
    }

    #[test]
    fn a_circle_is_shown_whole_with_its_files() {
        let (kind, message) = refusal("a b(a) c(b,e) d(c) e(d) f(e)");
        assert_eq!(kind, ErrorKind::Cycle);
        assert_eq!(
            message,
            "revisions require each other in a circle: e (versions/e.sql) -> d (versions/d.sql) -> \
             c (versions/c.sql) -> e (versions/e.sql)"
        );
    }

    #[test]
    fn circles_that_alembic_overlooks_are_refused() {
        for text in ["a b(a,d) c(b) d(c) e(d)", "a b(a,e) c(e;d) d(b) e(b)", "a b(a;c) c(b)", "a(b) b(a)"] {
            assert_eq!(refusal(text).0, ErrorKind::Cycle, "{text}");
        }
    }

    #[test]
    fn labels_are_unique_among_labels_and_ids() {
        let (kind, message) = refusal("a#x b#x");
        assert_eq!(kind, ErrorKind::DuplicateLabel);
        assert!(message.contains("versions/a.sql") && message.contains("versions/b.sql"), "{message}");
        assert_eq!(refusal("a#b b").0, ErrorKind::DuplicateLabel);
        assert!(try_graph("a#x,x").is_ok());
    }

    #[test]
    fn a_label_that_no_target_can_name_is_refused() {
        for text in ["a#x@y", "a#head", "a#v2-1", "a#x+1", "a#x:y"] {
            assert_eq!(refusal(text).0, ErrorKind::RevisionFile, "{text}");
        }
        assert!(try_graph("a#shopping-cart").is_ok());
    }

    #[test]
    fn a_parent_named_twice_counts_once() {
        let graph = try_graph("a b(a,a;a)").unwrap();
        assert!(graph.merge_points().is_empty() && graph.dependencies("b").is_empty());
    }
}
