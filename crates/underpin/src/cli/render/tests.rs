//! Our text beside that of the real Alembic; `tests/alembic_output/generate.py` asked it.

use serde::Deserialize;
use underpin_core::revision::{Applied, Header, Revision, RevisionGraph, RevisionId, Target, TargetRange};

const GOLDEN: &str = include_str!("../../../tests/alembic_output/golden.json");

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    graph: String,
    revisions: Vec<Entry>,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Entry {
    id: RevisionId,
    parents: Vec<RevisionId>,
    depends_on: Vec<String>,
    labels: Vec<String>,
    message: String,
}

#[derive(Deserialize)]
struct Answer {
    command: String,
    output: String,
}

fn graph(case: &Case) -> RevisionGraph {
    let mut revisions: Vec<Revision> = case.revisions.iter().map(revision).collect();
    // As the files of a directory are loaded.
    revisions.sort_by(|one, other| one.file.cmp(&other.file));
    RevisionGraph::new(revisions).expect("a graph")
}

fn revision(entry: &Entry) -> Revision {
    let mut header = Header::new(entry.id.clone(), entry.parents.clone());
    header.depends_on.clone_from(&entry.depends_on);
    header.labels.clone_from(&entry.labels);
    header.message.clone_from(&entry.message);
    header.created = Some("2026-11-20T11:03:00Z".to_owned());
    Revision { file: format!("migrations/{}_x.sql", entry.id), header }
}

/// What the command prints: the text, and the end of its last line.
fn ours(graph: &RevisionGraph, command: &str) -> String {
    let verbose = command.ends_with(" -v");
    let command = command.strip_suffix(" -v").unwrap_or(command);
    let nothing = Applied::default();
    let history = |range: &TargetRange, current: &[RevisionId]| {
        super::history(graph, &graph.history(&nothing, range).expect("a range"), current, verbose)
    };
    let text = match command.split(' ').collect::<Vec<_>>()[..] {
        ["heads"] => super::heads(graph, false, verbose),
        ["heads", "--resolve-dependencies"] => super::heads(graph, true, verbose),
        ["branches"] => super::branches(graph, verbose),
        ["history"] => history(&TargetRange::default(), &[]),
        ["history", "-r", range] => history(&range.parse().expect("a range"), &[]),
        ["history", "-i", current] => history(&TargetRange::default(), &[current.parse().expect("an id")]),
        ["show", name] => {
            let target: Target = name.parse().expect("a target");
            super::show(graph, &graph.resolve(&nothing, &target).expect("revisions"))
        }
        _ => panic!("{command} is no command of this test"),
    };
    if text.is_empty() { text } else { format!("{text}\n") }
}

#[test]
fn every_command_writes_what_alembic_writes() {
    let golden: Golden = serde_json::from_str(GOLDEN).expect("the golden file");
    let mut differences = Vec::new();
    let mut compared = 0;
    for case in &golden.cases {
        let graph = graph(case);
        for answer in &case.answers {
            let ours = ours(&graph, &answer.command);
            compared += 1;
            if ours != answer.output {
                differences.push(format!(
                    "# {} of {}\n-- alembic:\n{}-- ours:\n{ours}",
                    answer.command, case.graph, answer.output
                ));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {compared} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared > 90, "only {compared} texts were compared");
}
