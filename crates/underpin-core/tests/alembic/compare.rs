//! One answer of ours beside one of Alembic's, and the rules for what can't be compared.

use std::collections::BTreeSet;

use underpin_core::{
    diagnostic::ErrorKind,
    revision::{Applied, PathError, RevisionGraph, RevisionId, Target, TargetRange},
};

use crate::cases::{self, Answer, Case, Description, Kind, Question};

/// What a comparison came to.
pub(crate) enum Verdict {
    /// The same, and whether steps came in the same order, where there is an order.
    Agreed { same_order: Option<bool> },
    /// Not comparable, by this rule.
    Excluded(&'static str),
    /// Not the same.
    Different(String),
}

use Verdict::{Agreed, Different, Excluded};

/// Our answer to a question.
#[derive(Debug)]
struct Ours {
    steps: Option<Vec<String>>,
    rows: Option<Vec<String>>,
}

pub(crate) fn shown(case: &Case) -> String {
    let revision = |entry: &cases::Entry| {
        let labels = entry.labels.iter().map(|label| format!("#{label}")).collect::<String>();
        format!("{}({};{}){labels}", entry.id, entry.parents.join(","), entry.depends_on.join(","))
    };
    case.revisions.iter().map(revision).collect::<Vec<_>>().join(" ")
}

/// Heads, bases, labels and so on, or the refusal of the whole graph.
pub(crate) fn compare_graph(case: &Case, theirs: &Description) -> Verdict {
    let ours = cases::graph(&case.revisions);
    let Some(heads) = &theirs.heads else {
        return match (&ours, &theirs.error) {
            _ if theirs.hang => Excluded("Alembic hangs while loading"),
            (Err(_), _) => Agreed { same_order: None },
            (Ok(_), Some(_)) => Different("Alembic refuses the graph, we don't".to_owned()),
            (Ok(_), None) => {
                Different(format!("Alembic fails on a graph that we accept: {:?}", theirs.crash))
            }
        };
    };
    let graph = match ours {
        Ok(graph) => graph,
        Err(error) if error.kind() == ErrorKind::Cycle => return Excluded("Alembic overlooks a cycle"),
        Err(error) => return Different(format!("we refuse a graph that Alembic accepts: {error}")),
    };
    // Alembic keeps labels out of a revision map's order, but may list heads in another one.
    let pairs = [
        ("heads", graph.heads(), heads),
        ("effective heads", graph.effective_heads(), &theirs.effective_heads),
        ("bases", graph.bases(), &theirs.bases),
        ("branch points", graph.branch_points(), &theirs.branch_points),
        ("merge points", graph.merge_points(), &theirs.merge_points),
    ];
    for (what, ours, theirs) in pairs {
        if names(&ours) != *theirs {
            return Different(format!("{what}: {ours:?} instead of {theirs:?}"));
        }
    }
    for (id, labels) in &theirs.labels {
        if graph.labels_of(id) != *labels {
            return Different(format!("labels of {id}: {:?} instead of {labels:?}", graph.labels_of(id)));
        }
    }
    Agreed { same_order: None }
}

pub(crate) fn compare_question(case: &Case, question: &Question, theirs: &Answer) -> Verdict {
    let graph = cases::graph(&case.revisions).expect("only sound graphs are asked about");
    let ours = answer(&graph, question);
    if theirs.hang {
        return Excluded("Alembic hangs");
    }
    if theirs.crash.is_some() {
        return Excluded("Alembic fails with an internal error while planning");
    }
    if theirs.rows_crash.is_some() && ours.is_err() {
        return Excluded("Alembic fails with an internal error while moving its rows");
    }
    match (ours, &theirs.error) {
        (Err(_), Some(_)) => Agreed { same_order: None },
        (Ok(ours), Some(error)) => match allowed_success(question, error) {
            Some(rule) => Excluded(rule),
            None => Different(format!("we answer {ours:?}, Alembic refuses: {error}")),
        },
        (Err(error), None) => match allowed_refusal(&graph, question, &error, theirs) {
            Some(verdict) => verdict,
            None => Different(format!("we refuse what Alembic answers: {error}")),
        },
        (Ok(_), None) if theirs.warned => Different("we answer what Alembic warns of".to_owned()),
        (Ok(ours), None) => compare_answers(&graph, question, &ours, theirs),
    }
}

fn compare_answers(graph: &RevisionGraph, question: &Question, ours: &Ours, theirs: &Answer) -> Verdict {
    let mut same_order = None;
    if let (Some(ours), Some(theirs)) = (&ours.steps, &theirs.steps) {
        if as_set(ours) != as_set(theirs) || ours.len() != theirs.len() {
            return Different(format!("steps: {ours:?} instead of {theirs:?}"));
        }
        same_order = Some(ours == theirs);
    }
    if let Err(problem) = check_order(graph, question, ours) {
        return Different(problem);
    }
    let Some(our_rows) = &ours.rows else { return Agreed { same_order } };
    let Some(their_rows) = &theirs.rows else {
        return Excluded("Alembic fails with an internal error while moving its rows");
    };
    if as_set(our_rows) == as_set(their_rows) {
        return Agreed { same_order };
    }
    let reduced = cases::rows(graph, their_rows);
    if reduced.len() < their_rows.len() && as_set(our_rows) == as_set(&reduced) {
        return Excluded("Alembic leaves a row for an ancestor of another row");
    }
    if question.kind == Kind::Stamp && is_lost(graph, question, their_rows) {
        return Excluded("Alembic loses one of several stamped revisions");
    }
    if question.kind == Kind::Stamp && question.targets.len() > 1 && has_base(question) {
        return Excluded("Alembic forgets a base that is stamped together with a revision");
    }
    Different(format!("rows: {our_rows:?} instead of {their_rows:?}"))
}

fn has_base(question: &Question) -> bool {
    question.targets.iter().any(|target| target == "base" || target.ends_with("@base"))
}

/// Whether a revision that was to be stamped is not among the rows.
fn is_lost(graph: &RevisionGraph, question: &Question, rows: &[String]) -> bool {
    let targets = question.targets.iter().filter_map(|target| target.parse::<Target>().ok());
    let wanted = targets.filter_map(|target| graph.resolve(&Applied::default(), &target).ok()).flatten();
    wanted.into_iter().any(|id| !rows.iter().any(|row| *row == *id))
}

/// Refusals of ours where Alembic answers.
fn allowed_refusal(
    graph: &RevisionGraph,
    question: &Question,
    error: &PathError,
    theirs: &Answer,
) -> Option<Verdict> {
    let target: Target = question.targets.first()?.parse().ok()?;
    let from_base = matches!(&target, Target::Relative { from: Some(underpin_core::revision::Symbol::Base), offset, .. } if *offset < 0);
    match (question.kind, error.kind()) {
        (_, ErrorKind::AmbiguousWalk) if theirs.warned => Some(Agreed { same_order: None }),
        (_, ErrorKind::RelativeOutOfRange) if from_base => {
            Some(Excluded("Alembic counts down from the base by starting at the head"))
        }
        (Kind::Downgrade, ErrorKind::NotInBranch | ErrorKind::NoSuchBranch) => {
            Some(Excluded("Alembic ignores the branch of a downgrade that has one way only"))
        }
        (Kind::Stamp, ErrorKind::Overlap) => {
            let rows = theirs.rows.as_ref()?;
            let broken = cases::rows(graph, rows).len() < rows.len() || is_lost(graph, question, rows);
            broken.then_some(Excluded("Alembic stamps a revision together with its ancestor"))
        }
        _ => None,
    }
}

/// Answers of ours where Alembic refuses.
fn allowed_success(question: &Question, error: &str) -> Option<&'static str> {
    let has_branch = question.targets.iter().any(|target| target.contains('@'));
    match question.kind {
        Kind::History if question.targets[0].starts_with('-') => {
            Some("Alembic has no history of the last N revisions past a base or of several heads")
        }
        Kind::History if has_branch && error.contains("overlaps") => {
            Some("Alembic has no history of heads that depend on each other")
        }
        Kind::Stamp if has_branch && error.starts_with("Can't locate") => {
            Some("Alembic looks for a stamped prefix outside of its branch")
        }
        Kind::Upgrade | Kind::Downgrade | Kind::Stamp | Kind::History | Kind::Parents | Kind::Splice => None,
    }
}

/// Whether everything runs after what it requires, or is unwound before it.
fn check_order(graph: &RevisionGraph, question: &Question, ours: &Ours) -> Result<(), String> {
    let rows: Vec<RevisionId> = question.rows.iter().map(|row| row.parse().expect("rows are ids")).collect();
    let mut applied: BTreeSet<String> =
        Applied::from_heads(graph, &rows).iter().map(ToString::to_string).collect();
    let steps = ours.steps.as_deref().unwrap_or_default();
    for step in steps {
        let ok = match question.kind {
            Kind::Upgrade => {
                applied.insert(step.clone())
                    && graph.ancestors(step).iter().all(|id| applied.contains(id.as_str()))
            }
            Kind::Downgrade => {
                applied.remove(step)
                    && !graph.descendants(step).iter().any(|id| applied.contains(id.as_str()))
            }
            Kind::Stamp | Kind::History | Kind::Parents | Kind::Splice => true,
        };
        if !ok {
            return Err(format!("{step} is out of order in {steps:?}"));
        }
    }
    Ok(())
}

fn answer(graph: &RevisionGraph, question: &Question) -> Result<Ours, PathError> {
    let rows: Vec<RevisionId> = question.rows.iter().map(|row| row.parse().expect("rows are ids")).collect();
    let applied = Applied::from_heads(graph, &rows);
    if question.kind == Kind::History {
        let range: TargetRange = question.targets.join(":").parse()?;
        return Ok(Ours { steps: Some(names(&graph.history(&applied, &range)?)), rows: None });
    }
    let targets = question.targets.iter().map(|text| text.parse()).collect::<Result<Vec<Target>, _>>()?;
    match question.kind {
        Kind::Upgrade => {
            let path = graph.upgrade(&applied, &targets)?;
            Ok(Ours {
                steps: Some(path.ids().map(ToString::to_string).collect()),
                rows: Some(names(&path.heads_after)),
            })
        }
        Kind::Downgrade => {
            let path = graph.downgrade(&applied, &targets[0])?;
            Ok(Ours {
                steps: Some(path.ids().map(ToString::to_string).collect()),
                rows: Some(names(&path.heads_after)),
            })
        }
        Kind::Stamp => {
            let path = graph.stamp(&applied, &targets)?;
            Ok(Ours { steps: None, rows: Some(names(&path.heads_after)) })
        }
        Kind::History | Kind::Parents | Kind::Splice => {
            let parents = graph.new_parents(&targets, question.kind == Kind::Splice)?;
            Ok(Ours { steps: Some(names(&parents)), rows: None })
        }
    }
}

fn names(ids: &[RevisionId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn as_set(names: &[String]) -> BTreeSet<&str> {
    names.iter().map(String::as_str).collect()
}
