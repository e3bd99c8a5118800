//! What `upgrade` and `downgrade` share: running, and showing a plan instead of running it.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::{offline, show};
use crate::{
    cli::{context::Context, follow::Follower, place, render},
    config::Key,
    migrate::{Migrator, PlannedRun, RunReport, unreviewed},
    policy::{Destructive, TransactionMode},
    source::{Revisions, ShortIds},
};

/// The flags of a run.
#[derive(Debug, Args)]
pub(super) struct RunFlags {
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// How the revisions of the run share transactions
    #[arg(long, value_name = "MODE", value_parser = clap::builder::PossibleValuesParser::new(TransactionMode::WORDS))]
    tx_mode: Option<String>,
    /// Before which runs a backup is made: before_destructive, before_any or never
    #[arg(long, value_name = "WHEN")]
    backup: Option<String>,
    #[command(flatten)]
    pub(super) script: offline::Flags,
}

impl RunFlags {
    /// Those that are settings.
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        let given = [(Key::TransactionMode, &self.tx_mode), (Key::Backup, &self.backup)];
        given.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect()
    }
}

/// Runs, and tells what happens.
pub(super) async fn run(
    context: &Context<'_>,
    run: impl AsyncFnOnce(Migrator) -> Result<RunReport, Diagnostic>,
) -> Result<ExitCode, Diagnostic> {
    let ids = context.revisions().map(ShortIds::of).unwrap_or_default();
    let follower = Follower::new(context.shared_output(), ids);
    match context.observed_migrator(follower.observer()) {
        Ok(migrator) => follower.follow(run(migrator)).await.map(|_| ExitCode::Done),
        Err(error) => {
            follower.failed(&error);
            Err(error)
        }
    }
}

/// Shows a plan, with what a scratch database tells of revisions in Rust. That none can be made is no reason
/// not to show the rest.
pub(super) async fn show(
    context: &Context<'_>,
    migrator: &Migrator,
    planned: PlannedRun,
) -> Result<ExitCode, Diagnostic> {
    let known = planned.clone();
    let told = match place::scratch(context, &[], None) {
        Ok(server) => Box::pin(migrator.foretell(&server, planned)).await,
        Err(error) => Err(error),
    };
    let planned = told.unwrap_or_else(|error| {
        tracing::debug!(target: "underpin::plan", %error, "no scratch database tells more of the plan");
        known
    });
    let planned = &planned;
    let settings = context.settings()?;
    let forecast = Box::pin(migrator.forecast(planned.plan(), settings.lint())).await?;
    let (output, plan) = (context.output(), planned.plan());
    if let Some(error) = &forecast.unread {
        output.warn(format_args!("every table is taken to be in use, and its size is unknown: {error}"));
    }
    show::warn_of_unknown(context, planned.unknown());
    for deferred in planned.deferred() {
        output.talk(format_args!("{deferred}"));
    }
    for note in planned.makes_way() {
        output.talk(format_args!("{note}"));
    }
    if output.is_json() {
        let (deferred, losses) = (planned.deferred(), planned.losses());
        let form = render::PlanForm::of(plan, planned.resumption(), deferred, losses, Some(&forecast));
        output.value(&form);
        return Ok(ExitCode::Done);
    }
    if plan.is_empty() {
        let at = ShortIds::of(context.revisions()?).at(&plan.heads_before);
        output.talk(format_args!("nothing to do: the database is at {at}"));
    }
    output.data(render::plan(plan, planned.resumption(), planned.losses(), Some(&forecast)));
    let refuses = settings.destructive() != Destructive::Allow;
    if let Some(loss) = unreviewed(planned.losses()).next().filter(|_| refuses) {
        output.warn(format!(
            "revision {} deletes data, and its file does not say `destructive: reviewed`: it will be refused",
            loss.revision
        ));
    }
    if let Some((step, _, finding)) = forecast.errors(plan).next().filter(|_| settings.refuses_hazards()) {
        output.warn(format!(
            "revision {} is dangerous ({}): it will be refused, because refuse_lint_errors says so",
            step.revision(),
            finding.rule
        ));
    }
    Ok(ExitCode::Done)
}

/// A migrator whose waits and connections are told, for what changes the history alone.
pub(super) fn talking(context: &Context<'_>) -> Result<Migrator, Diagnostic> {
    talking_of(context, context.revisions()?.clone())
}

/// The same, of these revisions.
pub(super) fn talking_of(context: &Context<'_>, revisions: Revisions) -> Result<Migrator, Diagnostic> {
    if context.output().is_json() {
        return context.migrator_of(revisions);
    }
    let follower = Follower::new(context.shared_output(), ShortIds::of(&revisions));
    context.observed_migrator_of(follower.observer(), revisions)
}
