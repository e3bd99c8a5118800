//! Which contract revisions have to wait, because a replica is alive that still needs what they take
//! away. A pure decision over the graph, the path and the replicas; whoever asks has read them.

use serde::Serialize;
use underpin_core::{
    diagnostic::Diagnostic,
    revision::{Applied, Direction, Path, PathStep, Phase, RevisionGraph, RevisionId, Target},
};

use crate::history::Replica;

/// A contract revision that waits, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deferred {
    /// The revision.
    pub revision: RevisionId,
    /// The replicas that don't know it.
    pub replicas: Vec<Replica>,
}

/// `revision 0003 is deferred: it would break shop on web-1, …`.
impl std::fmt::Display for Deferred {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let replicas: Vec<String> = self.replicas.iter().map(ToString::to_string).collect();
        write!(f, "revision {} is deferred: it would break {}", self.revision, replicas.join("; "))
    }
}

/// Whether a path contracts anything, so that the replicas have to be asked after.
pub(super) fn contracts(graph: &RevisionGraph, path: &Path) -> bool {
    path.steps.iter().any(|step| step.direction == Direction::Upgrade && is_contract(graph, &step.id))
}

/// The contract revisions of a path that a replica is too old for.
pub(super) fn deferred(graph: &RevisionGraph, path: &Path, replicas: &[Replica]) -> Vec<Deferred> {
    let upgrades = path.steps.iter().filter(|step| step.direction == Direction::Upgrade);
    upgrades
        .filter(|step| is_contract(graph, &step.id))
        .map(|step| Deferred {
            revision: step.id.clone(),
            replicas: replicas.iter().filter(|replica| !knows(graph, replica, &step.id)).cloned().collect(),
        })
        .filter(|deferred| !deferred.replicas.is_empty())
        .collect()
}

/// The contract revisions among all that is not applied that a replica is too old for.
pub(super) fn pending(
    graph: &RevisionGraph,
    applied: &Applied,
    replicas: &[Replica],
) -> Result<Vec<Deferred>, Diagnostic> {
    if replicas.is_empty() {
        return Ok(Vec::new());
    }
    Ok(deferred(graph, &graph.upgrade(applied, &[Target::Heads])?, replicas))
}

/// The path without what is deferred and without all that follows it.
pub(super) fn without(graph: &RevisionGraph, applied: &Applied, path: &Path, deferred: &[Deferred]) -> Path {
    let waits = |id: &RevisionId| {
        deferred.iter().any(|one| one.revision == *id || graph.descendants(&one.revision).contains(id))
    };
    let mut left = applied.clone();
    let steps: Vec<PathStep> = path.steps.iter().filter(|step| !waits(&step.id)).cloned().collect();
    for step in &steps {
        left.apply(step);
    }
    Path { steps, heads_after: left.heads(graph) }
}

fn is_contract(graph: &RevisionGraph, id: &str) -> bool {
    graph.get(id).is_some_and(|revision| revision.header.phase == Some(Phase::Contract))
}

/// Whether a replica knows a revision. One that has a head that we don't know is newer than we are.
fn knows(graph: &RevisionGraph, replica: &Replica, id: &str) -> bool {
    replica.heads.iter().any(|head| {
        !graph.contains(head) || head == id || graph.ancestors(head).iter().any(|ancestor| **ancestor == *id)
    })
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::{Header, Revision};

    use super::*;

    /// `0001` – `0002` (expand) – `0003` (contract) – `0004`.
    fn graph() -> RevisionGraph {
        let revision = |id: &str, parent: Option<&str>, phase| {
            let id_of = |text: &str| RevisionId::new(text).expect("an id");
            let mut header = Header::new(id_of(id), parent.map(id_of).into_iter().collect());
            header.phase = phase;
            Revision { header, file: format!("{id}.sql") }
        };
        RevisionGraph::new(vec![
            revision("0001", None, None),
            revision("0002", Some("0001"), Some(Phase::Expand)),
            revision("0003", Some("0002"), Some(Phase::Contract)),
            revision("0004", Some("0003"), None),
        ])
        .expect("a graph")
    }

    fn replica(heads: &[&str]) -> Replica {
        Replica {
            instance: heads.concat(),
            service: "shop".to_owned(),
            host: "here".to_owned(),
            process: 1,
            tool: String::new(),
            heads: heads.iter().map(|&head| head.to_owned()).collect(),
            started_at: String::new(),
            seen_at: String::new(),
        }
    }

    fn ids(path: &Path) -> Vec<&str> {
        path.steps.iter().map(|step| step.id.as_str()).collect()
    }

    #[test]
    fn a_contract_waits_for_the_old_and_not_for_the_new() {
        let graph = graph();
        let path = graph.upgrade(&Applied::default(), &[Target::Head]).expect("a path");
        assert!(contracts(&graph, &path));
        for (heads, waits) in
            [(&["0002"][..], true), (&["0003"], false), (&["0004"], false), (&["0009"], false), (&[], true)]
        {
            let found = deferred(&graph, &path, &[replica(heads)]);
            assert_eq!(!found.is_empty(), waits, "{heads:?}");
        }
        assert!(deferred(&graph, &path, &[]).is_empty());
    }

    #[test]
    fn what_follows_a_deferred_revision_waits_with_it() {
        let graph = graph();
        let path = graph.upgrade(&Applied::default(), &[Target::Head]).expect("a path");
        let found = deferred(&graph, &path, &[replica(&["0002"]), replica(&["0004"])]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].replicas, [replica(&["0002"])]);
        let rest = without(&graph, &Applied::default(), &path, &found);
        assert_eq!(ids(&rest), ["0001", "0002"]);
        let applied = Applied::new(["0001", "0002"].map(|id| RevisionId::new(id).expect("an id")));
        let path = graph.upgrade(&applied, &[Target::Head]).expect("a path");
        let rest = without(&graph, &applied, &path, &found);
        assert!(rest.is_empty());
        assert_eq!(rest.heads_after, applied.heads(&graph));
    }
}
