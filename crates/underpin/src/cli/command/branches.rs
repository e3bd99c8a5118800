//! `branches`: the revisions that several others follow.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::cli::{context::Context, render};

/// The flags of `branches`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _: Arguments) -> Result<ExitCode, Diagnostic> {
    let graph = context.revisions()?.graph()?;
    let output = context.output();
    if output.is_json() {
        output.value(&render::forms("branches", graph, &graph.branch_points(), None));
    } else {
        output.data(render::branches(graph, output.verbosity() > 0));
    }
    Ok(ExitCode::Done)
}
