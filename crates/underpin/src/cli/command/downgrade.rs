//! `downgrade`: takes revisions back.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::{offline, running, target};
use crate::{
    cli::{context::Context, render},
    config::Key,
    migrate::PlannedRun,
};

/// The flags of `downgrade`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// How far: -1 or 1 for one revision, base, an id or its beginning, BRANCH@-1
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    target: String,
    #[command(flatten)]
    run: running::RunFlags,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.run.settings()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if arguments.run.script.sql {
        return offline::downgrade(context, &arguments.run.script, &arguments.target).await;
    }
    if arguments.run.dry_run {
        let migrator = context.migrator()?;
        let target = target::downward(&arguments.target, migrator.revisions().graph()?)?;
        let planned = migrator.plan_downgrade(target).await?;
        return running::show(context, &migrator, planned).await;
    }
    running::run(context, async |migrator| {
        let target = target::downward(&arguments.target, migrator.revisions().graph()?)?;
        let silent = context.migrator()?;
        if silent.status().await?.unknown.is_empty() {
            return migrator.downgrade(target).await;
        }
        let planned = silent.plan_downgrade(target).await?.by(migrator);
        tell_of_ledger(context, &planned);
        planned.apply().await
    })
    .await
}

/// Shows what comes from the ledger before it is run: nobody has read these statements in a file, and
/// nothing else is run.
pub(super) fn tell_of_ledger(context: &Context<'_>, planned: &PlannedRun) {
    if planned.is_from_ledger() && !context.output().is_json() {
        context
            .output()
            .talk(format_args!("the ledger has what the revisions here have not; this is what is run:"));
        context.output().talk(format_args!(
            "{}",
            render::plan(planned.plan(), planned.resumption(), planned.losses(), None)
        ));
    }
}
