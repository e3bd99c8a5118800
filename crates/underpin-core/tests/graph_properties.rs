//! What must hold for every graph of revisions, every state of a database and every target.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::Index};
use underpin_core::revision::{
    Applied, Direction, Header, Path, Revision, RevisionGraph, RevisionId, Target, TargetRange,
};

/// A revision before it has a name: which older ones it follows and depends on, and if it has a label.
type Seed = (Vec<Index>, Vec<Index>, bool);

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    vec((vec(any::<Index>(), 0..3), vec(any::<Index>(), 0..2), prop::bool::weighted(0.3)), 1..14)
}

/// A graph, loaded in an order that has nothing to do with its edges.
fn graphs() -> impl Strategy<Value = RevisionGraph> {
    seeds().prop_flat_map(|seeds| {
        let revisions: Vec<Revision> = (0..seeds.len()).map(|number| revision(&seeds, number)).collect();
        Just(revisions).prop_shuffle().prop_map(|revisions| RevisionGraph::new(revisions).expect("no cycles"))
    })
}

fn revision(seeds: &[Seed], number: usize) -> Revision {
    let (parents, depends_on, labelled) = &seeds[number];
    let older = |picks: &[Index]| -> BTreeSet<usize> {
        picks.iter().filter(|_| number > 0).map(|pick| pick.index(number)).collect()
    };
    let mut header = Header::new(id(number), older(parents).into_iter().map(id).collect());
    header.depends_on = older(depends_on)
        .into_iter()
        .map(|older| if seeds[older].2 { format!("label{older}") } else { id(older).to_string() })
        .collect();
    header.labels = labelled.then(|| format!("label{number}")).into_iter().collect();
    Revision { header, file: format!("{number}.sql") }
}

fn id(number: usize) -> RevisionId {
    format!("rev{number:02}").parse().expect("a sound id")
}

/// A graph, what a database has of it, and a target that fits the graph or does not.
fn wishes() -> impl Strategy<Value = (RevisionGraph, Applied, Target)> {
    (graphs(), vec(any::<Index>(), 0..4)).prop_flat_map(|(graph, picks)| {
        let all: Vec<RevisionId> = graph.iter().map(|revision| revision.id().clone()).collect();
        let rows: Vec<RevisionId> = picks.iter().map(|pick| pick.get(&all).clone()).collect();
        let applied = Applied::from_heads(&graph, &rows);
        (Just(graph), Just(applied), targets(all.len()))
    })
}

fn targets(count: usize) -> impl Strategy<Value = Target> {
    let name = prop_oneof![
        3 => (0..count).prop_map(|number| id(number).to_string()),
        1 => (0..count).prop_map(|number| format!("label{number}")),
    ];
    let symbol = prop_oneof![
        2 => name.clone(),
        1 => prop::sample::select(vec!["head", "heads", "base"]).prop_map(str::to_owned),
    ];
    let steps =
        || (prop::bool::ANY, 0..4).prop_map(|(up, steps)| format!("{}{steps}", if up { '+' } else { '-' }));
    let text = prop_oneof![
        4 => symbol.clone(),
        2 => (name.clone(), symbol.clone()).prop_map(|(branch, symbol)| format!("{branch}@{symbol}")),
        1 => steps(),
        1 => (symbol.clone(), steps()).prop_map(|(symbol, steps)| format!("{symbol}{steps}")),
        1 => (name, steps()).prop_map(|(branch, steps)| format!("{branch}@{steps}")),
    ];
    text.prop_map(|text| text.parse().expect("a target"))
}

/// Carries out a path, and checks each step against the graph.
fn follow(graph: &RevisionGraph, applied: &Applied, path: &Path) -> Result<Applied, TestCaseError> {
    let mut now = applied.clone();
    for step in &path.steps {
        let before = now.len();
        match step.direction {
            Direction::Upgrade => {
                for ancestor in graph.ancestors(&step.id) {
                    prop_assert!(now.contains(&ancestor), "{} before its ancestor {ancestor}", step.id);
                }
            }
            Direction::Downgrade => {
                for descendant in graph.descendants(&step.id) {
                    prop_assert!(
                        !now.contains(&descendant),
                        "{} before its descendant {descendant}",
                        step.id
                    );
                }
            }
        }
        now.apply(step);
        prop_assert_ne!(now.len(), before, "{} is there twice, or for nothing", &step.id);
    }
    prop_assert_eq!(now.heads(graph), path.heads_after.clone());
    Ok(now)
}

proptest! {
    #[test]
    fn the_order_puts_everything_after_what_it_requires(graph in graphs()) {
        let mut seen = BTreeSet::new();
        for revision in graph.iter() {
            prop_assert!(graph.ancestors(revision.id()).iter().all(|ancestor| seen.contains(ancestor)));
            seen.insert(revision.id().clone());
        }
        prop_assert_eq!(seen.len(), graph.len());
    }

    #[test]
    fn an_upgrade_is_closed_and_asked_for((graph, applied, target) in wishes()) {
        let Ok(path) = graph.upgrade(&applied, std::slice::from_ref(&target)) else { return Ok(()) };
        prop_assert!(path.steps.iter().all(|step| step.direction == Direction::Upgrade));
        let after = follow(&graph, &applied, &path)?;
        prop_assert_eq!(Applied::from_heads(&graph, &path.heads_after), after.clone());
        if !matches!(target, Target::Relative { from: None, .. }) {
            let again = graph.upgrade(&after, &[target]).expect("what had an answer has one");
            prop_assert!(again.is_empty());
        }
    }

    #[test]
    fn a_downgrade_is_closed_and_takes_nothing_else((graph, applied, target) in wishes()) {
        let Ok(path) = graph.downgrade(&applied, &target) else { return Ok(()) };
        prop_assert!(path.steps.iter().all(|step| step.direction == Direction::Downgrade));
        let after = follow(&graph, &applied, &path)?;
        prop_assert_eq!(Applied::from_heads(&graph, &path.heads_after), after.clone());
        if let Target::Named(_) = target {
            let at = graph.resolve(&applied, &target).expect("it was found before");
            prop_assert!(after.contains(&at[0]));
            prop_assert!(!graph.children(&at[0]).iter().any(|child| after.contains(child)));
        }
    }

    #[test]
    fn an_upgrade_and_a_downgrade_to_base_return_to_the_start((graph, _, target) in wishes()) {
        let nothing = Applied::default();
        let Ok(up) = graph.upgrade(&nothing, &[target]) else { return Ok(()) };
        let down = graph.downgrade(&follow(&graph, &nothing, &up)?, &Target::Base).expect("base can be reached");
        let reversed: Vec<_> = down.ids().rev().cloned().collect();
        prop_assert_eq!(up.ids().cloned().collect::<Vec<_>>(), reversed);
        prop_assert!(down.heads_after.is_empty());
    }

    #[test]
    fn going_down_and_up_again_restores_every_head((graph, applied, target) in wishes()) {
        let Ok(down) = graph.downgrade(&applied, &target) else { return Ok(()) };
        let below = follow(&graph, &applied, &down)?;
        let heads: Vec<Target> = applied.heads(&graph).iter().map(Target::from).collect();
        let up = graph.upgrade(&below, &heads).expect("heads do not overlap");
        prop_assert_eq!(follow(&graph, &below, &up)?, applied);
    }

    #[test]
    fn what_is_stamped_is_applied((graph, applied, target) in wishes()) {
        let Ok(path) = graph.stamp(&applied, std::slice::from_ref(&target)) else { return Ok(()) };
        let mut after: BTreeSet<RevisionId> = applied.iter().cloned().collect();
        for id in &path.remove {
            prop_assert!(after.remove(id));
        }
        for id in &path.add {
            prop_assert!(after.insert(id.clone()));
        }
        let after = Applied::new(after);
        prop_assert_eq!(after.heads(&graph), path.heads_after.clone());
        prop_assert_eq!(Applied::from_heads(&graph, &path.heads_after), after.clone());
        let up = graph.upgrade(&after, &[target]).expect("what can be stamped can be upgraded to");
        prop_assert!(up.is_empty());
    }

    #[test]
    fn stamping_all_heads_leaves_nothing_pending((graph, applied, _) in wishes()) {
        let path = graph.stamp(&applied, &[Target::Heads]).expect("heads can be stamped");
        prop_assert!(path.remove.is_empty());
        prop_assert_eq!(&path.add, &applied.pending(&graph));
        prop_assert_eq!(path.heads_after, graph.effective_heads());
    }

    #[test]
    fn a_ledger_with_gaps_and_strangers_can_be_brought_up_to_date(
        graph in graphs(),
        picks in vec(any::<Index>(), 0..6),
    ) {
        let all: Vec<RevisionId> = graph.iter().map(|revision| revision.id().clone()).collect();
        let mut applied: Applied = picks.iter().map(|pick| pick.get(&all).clone()).collect();
        applied = Applied::new(applied.iter().cloned().chain(["stranger".parse().expect("an id")]));
        let path = graph.upgrade(&applied, &[Target::Heads]).expect("heads can be reached");
        for step in &path.steps {
            applied.apply(step);
        }
        prop_assert!(applied.pending(&graph).is_empty());
        prop_assert_eq!(applied.heads(&graph), path.heads_after);
        let down = graph.downgrade(&applied, &Target::Base).expect("base can be reached");
        prop_assert_eq!(down.len(), graph.len());
    }

    #[test]
    fn history_is_newest_first_and_within_its_ends((graph, applied, target) in wishes()) {
        let range = TargetRange { from: None, to: Some(target) };
        let Ok(history) = graph.history(&applied, &range) else { return Ok(()) };
        let shown: BTreeSet<_> = history.iter().cloned().collect();
        prop_assert_eq!(shown.len(), history.len());
        let expected = graph.iter().rev().map(|revision| revision.id().clone()).filter(|id| shown.contains(id));
        prop_assert_eq!(expected.collect::<Vec<_>>(), history);
    }

    #[test]
    fn no_text_makes_anything_panic(
        (graph, applied, _) in wishes(),
        text in "(rev0|label|head|heads|base|current|[0-9@+:-]){0,6}|\\PC{0,10}",
    ) {
        if let Ok(range) = text.parse::<TargetRange>() {
            let _ = graph.history(&applied, &range);
        }
        let Ok(target) = text.parse::<Target>() else { return Ok(()) };
        let targets = [target.clone(), Target::Heads];
        let outcomes = [
            graph.resolve(&applied, &target).err(),
            graph.applied_at(&target).err(),
            graph.upgrade(&applied, &targets).err(),
            graph.downgrade(&applied, &target).err(),
            graph.stamp(&applied, &targets).err(),
            graph.new_parents(&targets, false).err(),
            graph.merge_parents(&targets, true).err(),
        ];
        for error in outcomes.into_iter().flatten() {
            prop_assert!(!error.to_string().is_empty() && error.hint().is_some());
        }
    }
}
