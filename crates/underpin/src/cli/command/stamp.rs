//! `stamp`: records revisions as applied without running them.

use clap::Args;
use serde_json::json;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::{RevisionId, Target},
};

use super::{offline, running, target};
use crate::{
    cli::{context::Context, short::ShortIds},
    migrate::Migrator,
};

/// The flags of `stamp`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What the database has: head, heads, base, an id or its beginning, BRANCH@head
    #[arg(value_name = "TARGET", required = true, allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Forget everything first, also what no file knows
    #[arg(long, conflicts_with = "sql")]
    purge: bool,
    /// With --purge: forget also how far a revision came that was left half-way
    #[arg(long, requires = "purge")]
    force: bool,
    #[command(flatten)]
    script: offline::Flags,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if arguments.script.sql {
        return offline::stamp(context, &arguments.script, &arguments.targets);
    }
    let targets = target::all(&arguments.targets)?;
    let migrator = running::talking(context)?;
    let current = match arguments.force {
        true => stamp_over(context, &migrator, targets).await?,
        false => migrator.stamp(targets, arguments.purge).await?,
    };
    let at = ShortIds::of(context.revisions()?).at(&current);
    context.output().achieved(format!("the history is written, and the database is at {at}"));
    if context.output().is_json() {
        context.output().value(&json!({ "current": current }));
    }
    context.output().say("Stamped", format_args!("{at}, without running anything"));
    Ok(ExitCode::Done)
}

/// Stamps over a revision that was left half-way, and says what is forgotten with it.
async fn stamp_over(
    context: &Context<'_>,
    migrator: &Migrator,
    targets: Vec<Target>,
) -> Result<Vec<RevisionId>, Diagnostic> {
    let dirty = context.migrator()?.status().await?.dirty;
    let current = migrator.stamp_over(targets).await?;
    if let Some(dirty) = dirty {
        context
            .output()
            .warn(format_args!("{dirty}; that is forgotten, and what it has done is still there"));
    }
    Ok(current)
}
