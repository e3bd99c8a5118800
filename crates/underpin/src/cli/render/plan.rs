//! A plan as a person or a program reads it: the exact statements, revision by revision. It is SQL
//! to be read; what a client could run is made by `--sql`.

use serde::Serialize;
use underpin_core::{
    plan::{Plan, Step},
    revision::{Direction, RevisionId},
};

/// A plan as JSON. The names are fixed: programs read them.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct PlanForm<'a> {
    steps: Vec<StepForm<'a>>,
    heads_before: &'a [RevisionId],
    heads_after: &'a [RevisionId],
}

#[derive(Debug, Serialize)]
struct StepForm<'a> {
    direction: Direction,
    revision: &'a RevisionId,
    message: &'a str,
    file: &'a str,
    transaction: bool,
    statements: Vec<StatementForm<'a>>,
}

#[derive(Debug, Serialize)]
struct StatementForm<'a> {
    sql: &'a str,
    line: usize,
}

impl<'a> PlanForm<'a> {
    pub(in crate::cli) fn of(plan: &'a Plan) -> Self {
        Self {
            steps: plan.steps.iter().map(StepForm::of).collect(),
            heads_before: &plan.heads_before,
            heads_after: &plan.heads_after,
        }
    }
}

impl<'a> StepForm<'a> {
    fn of(step: &'a Step) -> Self {
        let statements = step.statements.iter();
        Self {
            direction: step.direction,
            revision: step.revision(),
            message: &step.header.message,
            file: &step.file,
            transaction: step.transactional,
            statements: statements
                .map(|statement| StatementForm { sql: &statement.text, line: statement.place.line })
                .collect(),
        }
    }
}

/// A plan as text; nothing for an empty one.
pub(in crate::cli) fn plan(plan: &Plan) -> String {
    plan.steps.iter().map(step).collect::<Vec<_>>().join("\n\n")
}

fn step(step: &Step) -> String {
    let outside = if step.transactional { "" } else { ", no transaction" };
    let mut text = format!("-- {} {} ({}{outside})", step.direction, step.title(), step.file);
    for statement in &step.statements {
        text.push('\n');
        text.push_str(&statement.text);
        // Behind a comment, a semicolon would be part of it.
        let last = statement.text.lines().next_back().unwrap_or_default();
        text.push_str(if last.contains("--") || last.contains('#') { "\n;" } else { ";" });
    }
    text
}
