//! `upgrade`: applies what is not applied.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::{offline, running, target};
use crate::{cli::context::Context, config::Key, policy::TransactionMode};

/// The flags of `upgrade`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// How far: head, heads, an id or its beginning, +1, BRANCH@head
    #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
    targets: Vec<String>,
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
        return offline::upgrade(context, &arguments.script, &arguments.targets);
    }
    if arguments.dry_run {
        let planned = context.migrator()?.plan_to(target::all(&arguments.targets)?).await?;
        return running::show(context, &planned);
    }
    running::run(context, async |migrator| migrator.upgrade_to(target::all(&arguments.targets)?).await).await
}
