//! `history`: the revisions, newest first.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::{Applied, RevisionGraph, RevisionId, Symbol, Target, TargetRange},
};

use super::show;
use crate::cli::{context::Context, render};

/// The flags of `history`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Only the revisions from A to B, either of which may be left out: A:, :B, -3:current
    #[arg(short, long, value_name = "A:B", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Mark what the database is at
    #[arg(short, long)]
    indicate_current: bool,
    /// Draw the lines between them
    #[arg(long, conflicts_with = "applied")]
    graph: bool,
    /// Show what was done to the database instead, as it remembers it
    #[arg(long, conflicts_with_all = ["rev_range", "indicate_current"])]
    applied: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if arguments.applied {
        return super::applied::run(context).await;
    }
    let range: TargetRange = match &arguments.rev_range {
        Some(range) => range.parse()?,
        None => TargetRange::default(),
    };
    let graph = context.revisions()?.graph()?;
    let (applied, current) = if arguments.indicate_current || needs_database(&range) {
        show::applied(context).await?
    } else {
        (Applied::default(), Vec::new())
    };
    let ids = graph.history(&applied, &range)?;
    show::warn_of_unknown(context, &show::unknown(graph, &current));
    // The mark is only asked for with its flag, or with a range that asks the database anyway.
    write(context, graph, &ids, &current, &arguments);
    Ok(ExitCode::Done)
}

fn write(
    context: &Context<'_>,
    graph: &RevisionGraph,
    ids: &[RevisionId],
    current: &[RevisionId],
    arguments: &Arguments,
) {
    let output = context.output();
    let marked = if arguments.indicate_current { current } else { &[] };
    if output.is_json() {
        let current = arguments.indicate_current.then_some(current);
        output.value(&render::forms("revisions", graph, ids, current));
    } else if arguments.graph {
        output.data(render::drawing(graph, ids, marked));
    } else {
        output.data(render::history(graph, ids, marked, output.verbosity() > 0));
    }
}

/// Whether an end of a range means something else for every database; counted ends start from the
/// other end.
fn needs_database(range: &TargetRange) -> bool {
    [&range.from, &range.to].into_iter().flatten().any(|target| {
        matches!(
            target,
            Target::Current
                | Target::InBranch { symbol: Symbol::Current, .. }
                | Target::Relative { from: Some(Symbol::Current), .. }
        )
    })
}
