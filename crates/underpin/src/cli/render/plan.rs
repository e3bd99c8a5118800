//! A plan as a person or a program reads it: the exact statements, revision by revision. It is SQL
//! to be read; what a client could run is made by `--sql`.

use serde::Serialize;
use underpin_core::{
    dialect::Flavour,
    forecast::{Forecast, StepForecast, Stops},
    plan::{Plan, PlannedLoss, Step},
    revision::{Direction, Language, RevisionId},
    sql,
};

use super::foretold::{ForetoldForm, facts};
use crate::migrate::{Deferred, Resumption};

/// A plan as JSON. The names are fixed: programs read them.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct PlanForm<'a> {
    steps: Vec<StepForm<'a>>,
    heads_before: &'a [RevisionId],
    heads_after: &'a [RevisionId],
    /// The contract revisions that were left out, and for whom.
    deferred: &'a [Deferred],
}

#[derive(Debug, Serialize)]
struct StepForm<'a> {
    direction: Direction,
    revision: &'a RevisionId,
    message: &'a str,
    file: &'a str,
    transaction: bool,
    /// Whether a downgrade leads back.
    #[serde(skip_serializing_if = "Option::is_none")]
    reversible: Option<bool>,
    /// Where a run can stop: `step`, `statement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    stops: Option<&'static str>,
    /// The first statement that is not known to be done, from 1, where an earlier run was cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumes_at: Option<usize>,
    statements: Vec<StatementForm<'a>>,
    /// What it deletes that no downgrade brings back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    destroys: Vec<LossForm>,
    /// Whether its file says `destructive: reviewed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed: Option<bool>,
    /// Why a revision in Rust may send more than these.
    #[serde(skip_serializing_if = "Option::is_none")]
    open_end: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct StatementForm<'a> {
    sql: &'a str,
    line: usize,
    /// How it is cut into batches: `in batches of orders by id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    batches: Option<String>,
    /// What it does to whoever uses the database.
    #[serde(flatten)]
    foretold: Option<ForetoldForm<'a>>,
}

#[derive(Debug, Serialize)]
struct LossForm {
    /// In words: `column note of orders with what it holds`.
    what: String,
    line: usize,
}

impl<'a> PlanForm<'a> {
    pub(in crate::cli) fn of(
        plan: &'a Plan,
        resumption: Option<Resumption>,
        deferred: &'a [Deferred],
        losses: &[PlannedLoss],
        forecast: Option<&'a Forecast>,
    ) -> Self {
        let steps = each(plan, resumption).enumerate();
        let told = |index| forecast.and_then(|forecast| forecast.steps.get(index));
        Self {
            steps: steps
                .map(|(index, (step, resumption))| {
                    StepForm::of(step, resumption, of_step(losses, index), told(index))
                })
                .collect(),
            heads_before: &plan.heads_before,
            heads_after: &plan.heads_after,
            deferred,
        }
    }
}

impl<'a> StepForm<'a> {
    fn of<'b>(
        step: &'a Step,
        resumption: Option<Resumption>,
        losses: impl Iterator<Item = &'b PlannedLoss>,
        told: Option<&'a StepForecast>,
    ) -> Self {
        let statements = step.statements.iter().enumerate();
        let told_of = |index| told.and_then(|told| told.statements.get(index));
        let destroys: Vec<LossForm> =
            losses.map(|loss| LossForm { what: loss.loss.to_string(), line: loss.place.line }).collect();
        Self {
            direction: step.direction,
            revision: step.revision(),
            message: &step.header.message,
            file: &step.file,
            transaction: step.transactional,
            reversible: told.map(|told| told.reversible),
            stops: told.map(|told| told.stops.name()),
            resumes_at: resumption.map(|resumption| resumption.statement),
            statements: statements
                .map(|(index, statement)| StatementForm {
                    sql: &statement.text,
                    line: statement.place.line,
                    batches: statement.batches.as_ref().map(ToString::to_string),
                    foretold: told_of(index).map(ForetoldForm::of),
                })
                .collect(),
            reviewed: (!destroys.is_empty()).then_some(step.header.destructive_reviewed),
            destroys,
            open_end: step.open_end.as_ref().map(|end| end.message.as_str()),
        }
    }
}

/// A plan as text; nothing for an empty one. Of a step that goes on, only what is left of it. What a
/// statement does stands behind it, as comments.
pub(in crate::cli) fn plan(
    plan: &Plan,
    resumption: Option<Resumption>,
    losses: &[PlannedLoss],
    forecast: Option<&Forecast>,
) -> String {
    let told = |index| forecast.and_then(|forecast| forecast.steps.get(index));
    let steps = each(plan, resumption).enumerate().map(|(index, (step, resumption))| {
        text(plan.flavour, step, resumption, of_step(losses, index), told(index))
    });
    steps.collect::<Vec<_>>().join("\n\n")
}

/// The steps, the first with where it goes on.
fn each(plan: &Plan, resumption: Option<Resumption>) -> impl Iterator<Item = (&Step, Option<Resumption>)> {
    plan.steps.iter().enumerate().map(move |(index, step)| (step, resumption.filter(|_| index == 0)))
}

/// What one step deletes.
fn of_step(losses: &[PlannedLoss], index: usize) -> impl Iterator<Item = &PlannedLoss> {
    losses.iter().filter(move |loss| loss.step == index)
}

fn text<'a>(
    flavour: Flavour,
    step: &Step,
    resumption: Option<Resumption>,
    losses: impl Iterator<Item = &'a PlannedLoss>,
    told: Option<&StepForecast>,
) -> String {
    let outside = if step.transactional { "" } else { ", no transaction" };
    let mut text = format!("-- {} {} ({}{outside})", step.direction, step.title(), step.file);
    for loss in losses {
        text.push_str(&remark(&format!("deletes data: {}", loss.loss)));
    }
    let mut first = 0;
    let mut left = step.statements.as_slice();
    if let Some(resumption) = resumption {
        text.push_str(&remark(&goes_on(step, resumption)));
        first = resumption.statement - 1;
        left = left.get(first..).unwrap_or_default();
    }
    if let Some(told) = told {
        text.push_str(&bounds(step, told));
    }
    for (index, statement) in left.iter().enumerate() {
        if let Some(batches) = &statement.batches {
            text.push_str(&remark(&batches.to_string()));
        }
        text.push('\n');
        text.push_str(&statement.text);
        // Behind a comment, a semicolon would be part of it.
        let last = statement.text.lines().next_back().unwrap_or_default();
        text.push_str(if last.contains("--") || last.contains('#') { "\n;" } else { ";" });
        let told = told.and_then(|told| told.statements.get(first + index));
        for fact in told.map(|told| facts(flavour, told)).unwrap_or_default() {
            text.push_str(&remark(&format!("  {fact}")));
        }
    }
    if let Some(end) = &step.open_end {
        text.push_str(&remark(&format!("what else it sends is known when it runs: {}", end.message)));
    }
    text
}

/// A comment on a line of its own behind the text.
fn remark(text: &str) -> String {
    format!("\n{}", sql::comment(text).trim_end())
}

/// What is unusual about undoing a step and about stopping in it.
fn bounds(step: &Step, told: &StepForecast) -> String {
    let mut bounds = String::new();
    if step.direction == Direction::Upgrade && !told.reversible {
        bounds.push_str("\n-- it can't be undone: there is no downgrade");
    }
    if told.stops == Stops::Statement && step.statements.len() > 1 {
        bounds.push_str("\n-- it can stop and go on between its statements");
    }
    bounds
}

/// Where a step goes on, as far as can be told without running it.
fn goes_on(step: &Step, Resumption { statement, of: had, sent }: Resumption) -> String {
    let of = step.statements.len();
    if step.language == Language::Rust {
        return format!(
            "it was interrupted at statement {statement}; its code is called again, and what is done is skipped"
        );
    }
    if statement > of && statement <= had {
        let left = if sent || statement > of + 1 {
            "restore them, or see `underpin help resolve`"
        } else {
            "it is left out, so that only the history is missing"
        };
        return format!(
            "it was interrupted at statement {statement} of {had}, and its file has {of} now; {left}"
        );
    }
    if statement > of {
        return "it was interrupted when all its statements were done; only the history is missing"
            .to_owned();
    }
    let unless = if sent { ", or behind it if the catalog says that it is done" } else { "" };
    format!("it was interrupted, and goes on at statement {statement} of {of}{unless}")
}
