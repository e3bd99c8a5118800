//! `show`: all that is known of a revision.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::{Applied, PathError, RevisionGraph, RevisionId, Target},
};

use crate::cli::{context::Context, render, words::newer};

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
    if ids.is_empty() {
        output.talk(if arguments.revision == "current" {
            "nothing is applied, so there is nothing to show".to_owned()
        } else {
            format!("{} is no revision, so there is nothing to show", arguments.revision)
        });
    }
    if output.is_json() {
        output.value(&render::forms("revisions", graph, &ids, None));
    } else {
        output.data(render::show(graph, &ids));
    }
    Ok(ExitCode::Done)
}

/// The revisions that a person means; the database is asked where it has to be, and what it is at
/// without any file of it is named.
///
/// # Errors
/// If the target means nothing here; also if all that it means is known to the database alone.
pub(super) async fn resolve(context: &Context<'_>, text: &str) -> Result<Vec<RevisionId>, Diagnostic> {
    let target: Target = text.parse()?;
    let graph = context.revisions()?.graph()?;
    if !needs_database(&target) {
        return Ok(graph.resolve(&Applied::default(), &target)?);
    }
    let (applied, current) = applied(context).await?;
    let ids = graph.resolve(&applied, &target)?;
    let unknown = unknown(graph, &current);
    if ids.is_empty() && !unknown.is_empty() {
        return Err(PathError::UnknownApplied { ids: unknown }.into());
    }
    warn_of_unknown(context, &unknown);
    Ok(ids)
}

/// The revisions that the database is at and no file has.
pub(super) fn unknown(graph: &RevisionGraph, current: &[RevisionId]) -> Vec<RevisionId> {
    current.iter().filter(|id| !graph.contains(id)).cloned().collect()
}

/// Names what is left out of an answer for want of its file.
pub(super) fn warn_of_unknown(context: &Context<'_>, unknown: &[RevisionId]) {
    if !unknown.is_empty() {
        context.output().warn(newer(unknown));
    }
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
