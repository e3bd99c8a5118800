//! `resolve`: says what a revision counts as that a run has left half-way.

use clap::{ArgGroup, Args};
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::running;
use crate::{
    cli::{context::Context, short::ShortIds},
    migrate::Resolution,
};

/// The flags of `resolve`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("counts as").required(true).args(["applied", "rolled_back", "go_on"]))]
#[group(skip)]
pub(in crate::cli) struct Arguments {
    /// It is done: count it as applied, as its file has it now
    #[arg(long, value_name = "ID")]
    applied: Option<String>,
    /// It is undone: count it as not applied
    #[arg(long, value_name = "ID")]
    rolled_back: Option<String>,
    /// It is to go on at another statement; the next upgrade does
    #[arg(long = "continue", value_name = "ID", requires = "at")]
    go_on: Option<String>,
    /// The first statement that is not done, counted from 1
    #[arg(long, value_name = "N", requires = "go_on")]
    at: Option<usize>,
}

impl Arguments {
    fn resolution(self) -> Option<Resolution> {
        match self {
            Self { applied: Some(id), .. } => Some(Resolution::Applied(id)),
            Self { rolled_back: Some(id), .. } => Some(Resolution::RolledBack(id)),
            Self { go_on: Some(revision), at: Some(statement), .. } => {
                Some(Resolution::Continue { revision, statement })
            }
            _ => None,
        }
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let migrator = running::talking(context)?;
    // The parser lets nothing else through.
    let Some(resolution) = arguments.resolution() else { return Ok(ExitCode::Done) };
    let goes_on = matches!(resolution, Resolution::Continue { .. });
    let current = migrator.resolve(resolution).await?;
    let at = ShortIds::of(context.revisions()?).at(&current);
    context.output().achieved(format!("the history is written, and the database is at {at}"));
    if context.output().is_json() {
        context.output().value(&json!({ "current": current }));
    }
    let next = if goes_on { "; `underpin upgrade` goes on" } else { "" };
    context.output().say("Resolved", format_args!("the database is at {at}{next}"));
    Ok(ExitCode::Done)
}
