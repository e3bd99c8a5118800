//! What a plan will do to whoever uses the database, statement by statement: locks, tables and their
//! sizes, an estimate of the time, hazards. Not the plan itself, which does not depend on any of it.

mod estimate;
mod size;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use estimate::{Estimate, Work};
pub use size::TableSize;

use crate::{
    catalog::{Birth, Catalog},
    impact::{Impact, impact_of_text},
    lint::{Finding, LintSettings, Script, Severity, Wrapping, lint, source},
    plan::{Plan, PlannedStatement, Step},
    revision::Direction,
    schema::ServerVersion,
    statement::{self, ObjectName},
};

/// What a plan will do, statement by statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecast {
    /// For each step of the plan, in order.
    pub steps: Vec<StepForecast>,
    /// Why the catalog could not be read, where it could not: everything is taken to be in use then.
    pub unread: Option<String>,
}

/// What a step will do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepForecast {
    /// For each statement of the step, in order.
    pub statements: Vec<StatementForecast>,
    /// Whether a downgrade of the revision leads back.
    pub reversible: bool,
    /// Where a run can stop in the step and go on later.
    pub stops: Stops,
}

/// Where a run can stop and go on later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stops {
    /// Before the step and after it: it is one transaction.
    #[default]
    Step,
    /// Between any two of its statements, which the journal notes.
    Statement,
}

/// What a statement will do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatementForecast {
    /// Its locks, and what it does to rows.
    pub impact: Impact,
    /// What lint finds in it.
    pub hazards: Vec<Finding>,
    /// The tables that it locks, writes or reads, as far as their size is known.
    pub tables: Vec<TableSize>,
    /// How long its work on rows may take; nothing where there is none, or no size is known.
    pub estimate: Option<Estimate>,
}

impl Forecast {
    /// The errors that lint finds in the upgrades of a plan, which this forecast is of, in order.
    pub fn errors<'a>(
        &'a self,
        plan: &'a Plan,
    ) -> impl Iterator<Item = (&'a Step, &'a PlannedStatement, &'a Finding)> {
        let upgrades = |(step, _): &(&Step, _)| step.direction == Direction::Upgrade;
        let steps = plan.steps.iter().zip(&self.steps).filter(upgrades);
        steps.flat_map(|(step, foretold)| {
            step.statements.iter().zip(&foretold.statements).flat_map(move |(statement, foretold)| {
                let errors = foretold.hazards.iter().filter(|it| it.severity == Severity::Error);
                errors.map(move |finding| (step, statement, finding))
            })
        })
    }
}

impl Stops {
    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Statement => "statement",
        }
    }
}

/// What a plan will do, on a server of this version, to a database that is as the catalog says; `sizes`
/// are those of its tables.
pub fn forecast(
    plan: &Plan,
    version: ServerVersion,
    catalog: Catalog,
    sizes: &[TableSize],
    settings: &LintSettings,
) -> Forecast {
    let mut foreteller = Foreteller { plan, version, catalog, earlier: Vec::new(), sizes, settings };
    let steps = plan.steps.iter().enumerate().map(|(index, step)| {
        // Lint numbers the transactions of a step from 0: those of the steps before have other numbers.
        foreteller.step(step, Birth::Transaction(usize::MAX - index))
    });
    Forecast { steps: steps.collect(), unread: None }
}

/// What is known while one step after the other is foretold.
struct Foreteller<'a> {
    plan: &'a Plan,
    version: ServerVersion,
    catalog: Catalog,
    /// Statements before the next one that it may run: they make a routine, or set a variable.
    earlier: Vec<&'a str>,
    sizes: &'a [TableSize],
    settings: &'a LintSettings,
}

impl<'a> Foreteller<'a> {
    fn step(&mut self, step: &'a Step, birth: Birth) -> StepForecast {
        let mut hazards = hazards(self.plan, step, self.version, &self.catalog, self.settings);
        let mut statements = Vec::with_capacity(step.statements.len());
        for (index, planned) in step.statements.iter().enumerate() {
            let impact = self.impact(planned, birth);
            let own = hazards.extract_if(.., |finding| finding.statement == Some(index)).collect();
            let tables = involved(&impact, self.sizes);
            let estimate = Estimate::of(&impact, &tables);
            statements.push(StatementForecast { impact, hazards: own, tables, estimate });
        }
        // What is about the step as a whole is told with its first statement.
        if let Some(first) = statements.first_mut() {
            first.hazards.append(&mut hazards);
        }
        let stops = if step.transactional { Stops::Step } else { Stops::Statement };
        StepForecast { statements, reversible: step.reversible, stops }
    }

    fn impact(&mut self, planned: &'a PlannedStatement, birth: Birth) -> Impact {
        let text = planned.whole(self.plan.flavour.dialect());
        let (flavour, version) = (self.plan.flavour, self.version);
        let impact = impact_of_text(flavour, version, &mut self.catalog, birth, &text, &self.earlier);
        // A backfill, which is put together, makes no routine and sets no variable.
        if let Cow::Borrowed(text) = text
            && statement::may_hold(text)
        {
            self.earlier.push(text);
        }
        impact
    }
}

/// What lint finds in a step, which is run as its plan says.
fn hazards(
    plan: &Plan,
    step: &Step,
    version: ServerVersion,
    catalog: &Catalog,
    settings: &LintSettings,
) -> Vec<Finding> {
    let source = source(&step.statements);
    let wrapping = if step.transactional { Wrapping::Transaction } else { Wrapping::Alone };
    let message = Some(step.header.message.as_str()).filter(|message| !message.is_empty());
    let reviewed = step.header.destructive_reviewed;
    let script = Script { wrapping, message, reviewed, ..Script::plain(plan.flavour, version, &source) };
    lint(&script, &mut catalog.clone(), settings).unwrap_or_default()
}

/// The sizes of the tables that a statement has to do with.
fn involved(impact: &Impact, sizes: &[TableSize]) -> Vec<TableSize> {
    let locks = impact.locks.iter().map(|lock| &lock.table);
    let builds = impact.builds.iter().map(|build| &build.table);
    let names: Vec<&ObjectName> = locks.chain(&impact.rewrites).chain(&impact.scans).chain(builds).collect();
    sizes.iter().filter(|size| names.iter().any(|name| size.is_of(name))).cloned().collect()
}
