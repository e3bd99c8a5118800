//! `plan`: what an upgrade or a downgrade would send, statement by statement.

use clap::Args;
use serde::Serialize;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::{offline, running, target};
use crate::{Obstacle, cli::context::Context};

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
    /// Count the rows that the statements would be refused for, which reads whole tables
    #[arg(long, conflicts_with = "from")]
    preconditions: bool,
}

/// The rows in the way, as the line of JSON behind the plan.
#[derive(Serialize)]
struct Preconditions<'a> {
    preconditions: &'a [Obstacle],
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
    if !arguments.preconditions {
        return running::show(context, &migrator, planned).await;
    }
    let obstacles = Box::pin(migrator.obstacles(&planned)).await?;
    running::show(context, &migrator, planned).await?;
    tell(context, &obstacles);
    Ok(ExitCode::Done)
}

fn tell(context: &Context<'_>, obstacles: &[Obstacle]) {
    let output = context.output();
    if output.is_json() {
        output.value(&Preconditions { preconditions: obstacles });
        return;
    }
    for obstacle in obstacles {
        let mended = if obstacle.may_be_mended { ", unless an earlier statement mends them" } else { "" };
        output.warn(format_args!(
            "{}:{}: in the way: {}{mended}",
            obstacle.file, obstacle.line, obstacle.description
        ));
    }
    if obstacles.is_empty() {
        output.talk("no rows are in the way, as far as the statements tell");
    }
}

fn how_far() -> Diagnostic {
    Diagnostic::new(ErrorKind::Usage, "a downgrade needs one target")
        .hint("say how far, such as `underpin plan --downgrade -1`")
}
