//! `current`: what the database is at, in Alembic's form.

use clap::Args;
use serde_json::json;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::Applied,
};

use crate::cli::{context::Context, render};

/// The flags of `current`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// End with 1 unless every head is applied
    #[arg(long)]
    check_heads: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let status = context.migrator()?.status().await?;
    let output = context.output();
    let graph = context.revisions()?.graph()?;
    if output.is_json() {
        let at_heads = status.pending.is_empty();
        output.value(&json!({ "current": status.current, "heads": status.heads, "at_heads": at_heads }));
    } else {
        let verbose = output.verbosity() > 0;
        if verbose {
            output.data(format_args!("Current revision(s) for {}:", status.url));
        }
        // Those that are unknown here are heads of whatever else there is.
        let heads = Applied::from_heads(graph, &status.current);
        let mut shown = heads.branch_heads(graph);
        shown.extend(heads.unknown(graph));
        output.data(render::current(graph, &shown, verbose));
    }
    if !arguments.check_heads || status.pending.is_empty() {
        return Ok(ExitCode::Done);
    }
    output.talk("not every head is applied: `underpin upgrade heads` applies them");
    Ok(ExitCode::No)
}
