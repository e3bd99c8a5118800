//! `squash`: several revisions as one.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::TargetRange,
};

use super::revision;
use crate::{
    author::Squash,
    cli::{authoring, context::Context},
};

/// The flags of `squash`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Those after A up to B, as A:B; base:B for all up to B
    #[arg(value_name = "RANGE")]
    range: String,
    /// What they do together
    #[arg(short, long, value_name = "MESSAGE")]
    message: String,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let range: TargetRange = arguments.range.parse()?;
    let settings = context.settings()?;
    // Whoever is asked should know that it can be done.
    let squash = Squash::prepare(
        &settings.revision_directory(),
        &range,
        &arguments.message,
        &authoring::form(context)?,
    )?;
    context.confirm("replace the files of these revisions by one")?;
    let written = squash.write()?;
    let done = revision::finish(context, &written).await?;
    context.output().talk("databases that have all of them go on as before; one that has but some needs the files from before first");
    Ok(done)
}
