//! `plan`: what an upgrade or a downgrade would send, statement by statement.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::{offline, running, target};
use crate::cli::context::Context;

/// The flags of `plan`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// How far: head (the default), heads, an id or its beginning, +1, -1, BRANCH@head
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Plan a downgrade
    #[arg(long)]
    downgrade: bool,
    /// Plan contract revisions even while replicas are alive that don't know them
    #[arg(long)]
    ignore_replicas: bool,
    /// Plan from these revisions, or from base, without a database
    #[arg(long, value_name = "REV")]
    from: Vec<String>,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if !arguments.from.is_empty() {
        return offline::plan(context, &arguments.targets, &arguments.from, arguments.downgrade);
    }
    let migrator = super::upgrade::heeding(context.migrator()?, arguments.ignore_replicas);
    let planned = if arguments.downgrade {
        let [text] = arguments.targets.as_slice() else { return Err(how_far()) };
        migrator.plan_downgrade(target::downward(text, migrator.revisions().graph()?)?).await?
    } else if arguments.targets.is_empty() {
        migrator.plan(underpin_core::revision::Target::Head).await?
    } else {
        migrator.plan_to(target::all(&arguments.targets)?).await?
    };
    running::show(context, &migrator, planned).await
}

fn how_far() -> Diagnostic {
    Diagnostic::new(ErrorKind::Usage, "a downgrade needs one target")
        .hint("say how far, such as `underpin plan --downgrade -1`")
}
