//! `upgrade`: applies what is not applied.

use std::path::PathBuf;

use clap::Args;
use futures_util::future::BoxFuture;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::RevisionId,
};

use super::{offline, rehearsal, rollback_check, running, target};
use crate::{
    Destructive,
    author::unfilled,
    cli::context::Context,
    config::Key,
    migrate::{Migrator, unreviewed},
};

/// The flags of `upgrade`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// How far: head, heads, an id or its beginning, +1, BRANCH@head
    #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Apply contract revisions even while replicas are alive that don't know them
    #[arg(long)]
    ignore_replicas: bool,
    /// Apply revisions that delete data though their files don't say `destructive: reviewed`
    #[arg(long)]
    allow_destructive: bool,
    /// Run it on a copy that is gone afterwards, and leave the database alone
    #[arg(long, conflicts_with_all = ["dry_run", "sql", "rollback_check"])]
    rehearse: bool,
    /// Rehearse on a restored backup: a file, or latest for the newest one
    #[arg(long, value_name = "FILE", requires = "rehearse", conflicts_with = "sample")]
    from_backup: Option<PathBuf>,
    /// Rehearse with up to so many rows of each table, and those that they refer to (not for SQLite)
    #[arg(long, value_name = "ROWS", requires = "rehearse", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// Run it in one transaction of the database itself, and roll it back (PostgreSQL, SQLite)
    #[arg(long, conflicts_with_all = ["dry_run", "sql"])]
    rollback_check: bool,
    #[command(flatten)]
    run: running::RunFlags,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        let allowed = self.allow_destructive.then(|| (Key::Destructive, Destructive::Allow.to_string()));
        self.run.settings().into_iter().chain(allowed).collect()
    }
}

/// The same migrator, or one that waits for no replica.
pub(super) fn heeding(migrator: Migrator, ignores_replicas: bool) -> Migrator {
    if ignores_replicas { migrator.ignoring_replicas() } else { migrator }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if arguments.run.script.sql {
        return offline::upgrade(context, &arguments.run.script, &arguments.targets).await;
    }
    if arguments.run.dry_run {
        let migrator = heeding(context.migrator()?, arguments.ignore_replicas);
        let planned = migrator.plan_to(target::all(&arguments.targets)?).await?;
        return running::show(context, &migrator, planned).await;
    }
    if arguments.rehearse {
        let rows =
            rehearsal::RowFlags { from_backup: arguments.from_backup.clone(), sample: arguments.sample };
        let heed = |migrator| heeding(migrator, arguments.ignore_replicas);
        return Box::pin(rehearsal::run(context, target::all(&arguments.targets)?, rows, heed)).await;
    }
    if arguments.rollback_check {
        let heed = |migrator| heeding(migrator, arguments.ignore_replicas);
        return Box::pin(rollback_check::run(context, target::all(&arguments.targets)?, heed)).await;
    }
    let agreed = agreed(context, &arguments).await?;
    running::run(context, async |migrator| {
        let migrator = heeding(migrator, arguments.ignore_replicas);
        let migrator = if agreed { migrator.allowing_destructive() } else { migrator };
        let report = migrator.upgrade_to(target::all(&arguments.targets)?).await?;
        for ran in &report.revisions {
            warn_of_unfilled(context, &ran.revision)?;
        }
        Ok(report)
    })
    .await
}

/// Asks whether data may be deleted, where somebody can be asked and nobody has reviewed it. What can't be
/// planned is told by the run. It is on the heap from the beginning: a plan has no place on a small stack.
fn agreed<'a>(context: &'a Context<'_>, arguments: &'a Arguments) -> BoxFuture<'a, Result<bool, Diagnostic>> {
    Box::pin(async move {
        if context.settings()?.destructive() != Destructive::Confirm || !context.can_ask() {
            return Ok(false);
        }
        let migrator = heeding(context.migrator()?, arguments.ignore_replicas);
        let planned = migrator.plan_to(target::all(&arguments.targets)?).await;
        let Ok(planned) = planned else { return Ok(false) };
        let lost: Vec<String> =
            unreviewed(planned.losses()).map(|loss| format!("{} ({})", loss.loss, loss.revision)).collect();
        if lost.is_empty() {
            return Ok(false);
        }
        let question = format!("upgrade {}, after which is gone: {}", migrator.database(), lost.join("; "));
        context.confirm(&question).map(|()| true)
    })
}

/// Warns of a revision that nobody has filled in.
pub(super) fn warn_of_unfilled(context: &Context<'_>, id: &RevisionId) -> Result<(), Diagnostic> {
    let file = context.revisions()?.file(id)?;
    if let Some(warning) = unfilled(&file) {
        context.output().warn(warning);
    }
    Ok(())
}
