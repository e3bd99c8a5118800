//! `upgrade`: applies what is not applied.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::RevisionId,
};

use super::{offline, rehearsal, running, target};
use crate::{author::unfilled, cli::context::Context, config::Key, migrate::Migrator};

/// The flags of `upgrade`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// How far: head, heads, an id or its beginning, +1, BRANCH@head
    #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Apply contract revisions even while replicas are alive that don't know them
    #[arg(long)]
    ignore_replicas: bool,
    /// Run it on a copy that is gone afterwards, and leave the database alone
    #[arg(long, conflicts_with_all = ["dry_run", "sql"])]
    rehearse: bool,
    #[command(flatten)]
    run: running::RunFlags,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.run.settings()
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
        let heed = |migrator| heeding(migrator, arguments.ignore_replicas);
        return Box::pin(rehearsal::run(context, target::all(&arguments.targets)?, heed)).await;
    }
    running::run(context, async |migrator| {
        let migrator = heeding(migrator, arguments.ignore_replicas);
        let report = migrator.upgrade_to(target::all(&arguments.targets)?).await?;
        for ran in &report.revisions {
            warn_of_unfilled(context, &ran.revision)?;
        }
        Ok(report)
    })
    .await
}

/// Warns of a revision that nobody has filled in.
pub(super) fn warn_of_unfilled(context: &Context<'_>, id: &RevisionId) -> Result<(), Diagnostic> {
    let file = context.revisions()?.file(id)?;
    if let Some(warning) = unfilled(&file) {
        context.output().warn(warning);
    }
    Ok(())
}
