//! `heads`: the revisions that nothing follows.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::cli::{context::Context, render};

/// The flags of `heads`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Leave out what others depend on
    #[arg(long)]
    resolve_dependencies: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let graph = context.revisions()?.graph()?;
    let output = context.output();
    if output.is_json() {
        let heads = if arguments.resolve_dependencies { graph.effective_heads() } else { graph.heads() };
        output.value(&render::forms("heads", graph, &heads, None));
    } else {
        output.data(render::heads(graph, arguments.resolve_dependencies, output.verbosity() > 0));
    }
    Ok(ExitCode::Done)
}
