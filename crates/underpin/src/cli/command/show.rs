//! `show`: all that is known of a revision.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::{Applied, RevisionId, Target},
};

use crate::cli::{context::Context, render};

/// The flags of `show`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Which: an id or its beginning, head, heads, current, BRANCH@head
    #[arg(value_name = "REV")]
    revision: String,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let ids = resolve(context, &arguments.revision).await?;
    let graph = context.revisions()?.graph()?;
    let output = context.output();
    if output.is_json() {
        output.value(&render::forms("revisions", graph, &ids, None));
    } else {
        output.data(render::show(graph, &ids));
    }
    Ok(ExitCode::Done)
}

/// The revisions that a person means; the database is asked where it has to be.
pub(super) async fn resolve(context: &Context<'_>, text: &str) -> Result<Vec<RevisionId>, Diagnostic> {
    let target: Target = text.parse()?;
    let graph = context.revisions()?.graph()?;
    let applied = if needs_database(&target) { applied(context).await?.0 } else { Applied::default() };
    Ok(graph.resolve(&applied, &target)?)
}

/// What the database has, and the heads of it.
pub(super) async fn applied(context: &Context<'_>) -> Result<(Applied, Vec<RevisionId>), Diagnostic> {
    let status = context.migrator()?.status().await?;
    let graph = context.revisions()?.graph()?;
    Ok((Applied::from_heads(graph, &status.current), status.current))
}

/// Whether a target means something else for every database.
pub(super) fn needs_database(target: &Target) -> bool {
    use underpin_core::revision::Symbol;
    match target {
        Target::Current
        | Target::InBranch { symbol: Symbol::Current, .. }
        | Target::Relative { from: None | Some(Symbol::Current), .. } => true,
        Target::Head
        | Target::Heads
        | Target::Base
        | Target::Named(_)
        | Target::InBranch {
            symbol: Symbol::Head | Symbol::Heads | Symbol::Base | Symbol::Named(_), ..
        }
        | Target::Relative {
            from: Some(Symbol::Head | Symbol::Heads | Symbol::Base | Symbol::Named(_)),
            ..
        } => false,
    }
}
