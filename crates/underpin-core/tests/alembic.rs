//! Our answers beside those of the real Alembic, on graphs made by hand and at random.
//!
//! It needs a Python that has Alembic, named by `UNDERPIN_TEST_ALEMBIC_PYTHON`. Where that is not set,
//! the test says so and does nothing, except in CI, where it fails.
#![allow(clippy::print_stderr, reason = "what was compared, and what was not, is for people to read")]

#[path = "alembic/cases.rs"]
mod cases;
#[path = "alembic/compare.rs"]
mod compare;

use std::{env, fs, path::Path, process::Command};

use cases::{Answers, Case, Dice};
use compare::{Verdict, compare_graph, compare_question};

const RANDOM_GRAPHS: usize = 3_000;
const SEED: u64 = 20_261_120;

#[test]
fn alembic_gives_the_same_answers() {
    let Ok(python) = env::var("UNDERPIN_TEST_ALEMBIC_PYTHON") else {
        assert!(env::var("CI").as_deref() != Ok("true"), "UNDERPIN_TEST_ALEMBIC_PYTHON must be set in CI");
        eprintln!("SKIPPED: UNDERPIN_TEST_ALEMBIC_PYTHON names no Python with Alembic; nothing was compared");
        return;
    };
    let mut dice = Dice::new(SEED);
    let mut cases = cases::by_hand(&mut dice);
    cases.extend(cases::broken());
    cases.extend((0..RANDOM_GRAPHS).map(|_| cases::at_random(&mut dice)));
    let answers = ask(&python, &cases);
    assert_eq!(answers.cases.len(), cases.len());

    let mut tally = Tally::default();
    for (case, answer) in cases.iter().zip(&answers.cases) {
        tally.add(compare_graph(case, &answer.graph), || format!("{case:?}"));
        for (question, answer) in case.questions.iter().zip(&answer.answers) {
            tally.add(compare_question(case, question, answer), || {
                format!("{} {question:?}\n  alembic: {answer:?}", compare::shown(case))
            });
        }
    }
    tally.finish(&answers.version);
}

fn ask(python: &str, cases: &[Case]) -> Answers {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (questions, answers) = (directory.join("alembic_cases.json"), directory.join("alembic_answers.json"));
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/alembic_oracle.py");
    fs::write(&questions, serde_json::to_vec(cases).expect("cases are plain data"))
        .expect("the file can be written");
    let status = Command::new(python)
        .arg(oracle)
        .args([&questions, &answers])
        // Alembic keeps some revisions in sets of strings.
        .env("PYTHONHASHSEED", "0")
        .status()
        .expect("UNDERPIN_TEST_ALEMBIC_PYTHON names a program");
    assert!(status.success(), "the oracle failed: {status}");
    let text = fs::read(&answers).expect("the oracle has answered");
    serde_json::from_slice(&text).expect("the oracle answers in the agreed form")
}

#[derive(Default)]
struct Tally {
    agreed: usize,
    same_order: usize,
    other_order: usize,
    excluded: std::collections::BTreeMap<&'static str, usize>,
    differences: Vec<String>,
}

impl Tally {
    fn add(&mut self, verdict: Verdict, context: impl Fn() -> String) {
        match verdict {
            Verdict::Agreed { same_order } => {
                self.agreed += 1;
                match same_order {
                    Some(true) => self.same_order += 1,
                    Some(false) => self.other_order += 1,
                    None => {}
                }
            }
            Verdict::Excluded(rule) => *self.excluded.entry(rule).or_default() += 1,
            Verdict::Different(how) => self.differences.push(format!("{how}\n  {}", context())),
        }
    }

    fn finish(self, version: &str) {
        let excluded: usize = self.excluded.values().sum();
        let total = self.agreed + excluded + self.differences.len();
        eprintln!("Alembic {version}: {total} answers, {} agreed, {excluded} not compared", self.agreed);
        eprintln!("order of steps: {} the same, {} another valid one", self.same_order, self.other_order);
        for (rule, count) in &self.excluded {
            eprintln!("{count:6} not compared: {rule}");
        }
        for difference in self.differences.iter().take(12) {
            eprintln!("DIFFERENT: {difference}");
        }
        assert!(self.differences.is_empty(), "{} answers differ", self.differences.len());
        assert!(self.agreed * 100 >= total * 80, "only {} of {total} answers were compared", self.agreed);
    }
}
