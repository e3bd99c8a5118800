//! `stamp`: records revisions as applied without running them.

use clap::Args;
use serde_json::json;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::{RevisionId, Target},
};

use super::{offline, running, target};
use crate::{
    SchemaSource,
    cli::{context::Context, place},
    migrate::Migrator,
    source::{Revisions, ShortIds},
};

/// The flags of `stamp`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What the database has: head, heads, base, an id or its beginning, BRANCH@head
    #[arg(value_name = "TARGET", required_unless_present = "detect", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Find the revision that the database is at, by replaying the revisions in a scratch database
    #[arg(long, conflicts_with_all = ["targets", "sql"])]
    detect: bool,
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
    let targets = match arguments.detect {
        true => detected(context).await?,
        false => target::all(&arguments.targets)?,
    };
    // What forgets everything and records nothing has no use for revisions.
    let forgets = arguments.purge && targets == [Target::Base];
    let revisions = if forgets { Revisions::none() } else { context.revisions()?.clone() };
    let migrator = running::talking_of(context, revisions)?;
    let current = match arguments.force {
        true => stamp_over(context, &migrator, targets).await?,
        false => migrator.stamp(targets, arguments.purge).await?,
    };
    let at = ShortIds::of(migrator.revisions()).at(&current);
    context.output().achieved(format!("the history is written, and the database is at {at}"));
    if context.output().is_json() {
        context.output().value(&json!({ "current": current }));
    }
    context.output().say("Stamped", format_args!("{at}, without running anything"));
    Ok(ExitCode::Done)
}

/// The revisions that make what the database holds.
async fn detected(context: &Context<'_>) -> Result<Vec<Target>, Diagnostic> {
    let migrator = context.migrator()?;
    let live = SchemaSource::Live(migrator.database().clone());
    let scratch = place::scratch(context, &[&live], None)?;
    let detected = context.limited(migrator.detect(&scratch, &context.scope()?)).await?;
    if let Some(revisions) = detected.revisions {
        if revisions.is_empty() {
            return Ok(vec![Target::Base]);
        }
        return Ok(revisions.iter().map(|id| Target::Named(id.to_string())).collect());
    }
    let closest = ShortIds::of(context.revisions()?).at(&detected.closest);
    let message = format!(
        "no revision makes what the database holds; {closest} comes closest, and from there it is left to {}",
        detected.differences.join("; ")
    );
    Err(Diagnostic::new(ErrorKind::Drift, message)
        .state("nothing was changed")
        .hint("if that is meant, stamp it by name; if not, mend the database first"))
}

/// Stamps over a revision that was left half-way, and says what is forgotten with it.
async fn stamp_over(
    context: &Context<'_>,
    migrator: &Migrator,
    targets: Vec<Target>,
) -> Result<Vec<RevisionId>, Diagnostic> {
    let dirty = context.database()?.status().await?.dirty;
    let current = migrator.stamp_over(targets).await?;
    if let Some(dirty) = dirty {
        context
            .output()
            .warn(format_args!("{dirty}; that is forgotten, and what it has done is still there"));
    }
    Ok(current)
}
