//! `downgrade`: takes revisions back.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::{offline, running, target};
use crate::{cli::context::Context, config::Key, policy::TransactionMode};

/// The flags of `downgrade`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// How far: -1 or 1 for one revision, base, an id or its beginning, BRANCH@-1
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    target: String,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// How the revisions of the run share transactions
    #[arg(long, value_name = "MODE", value_parser = clap::builder::PossibleValuesParser::new(TransactionMode::WORDS))]
    tx_mode: Option<String>,
    #[command(flatten)]
    script: offline::Flags,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.tx_mode.iter().map(|mode| (Key::TransactionMode, mode.clone())).collect()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if arguments.script.sql {
        return offline::downgrade(context, &arguments.script, &arguments.target);
    }
    if arguments.dry_run {
        let migrator = context.migrator()?;
        let target = target::downward(&arguments.target, migrator.revisions().graph()?)?;
        return running::show(context, &migrator.plan_downgrade(target).await?);
    }
    running::run(context, async |migrator| {
        let target = target::downward(&arguments.target, migrator.revisions().graph()?)?;
        migrator.downgrade(target).await
    })
    .await
}
