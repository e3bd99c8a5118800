//! `resolve`: says what a revision counts as that a run has left half-way.

use clap::{ArgGroup, Args};
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::running;
use crate::{cli::context::Context, migrate::Resolution, source::ShortIds};

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
    #[arg(long = "continue", value_name = "ID")]
    go_on: Option<String>,
    /// The first statement that is not done, counted from 1
    #[arg(long, value_name = "N", requires = "go_on", allow_hyphen_values = true)]
    at: Option<String>,
}

impl Arguments {
    fn resolution(self) -> Result<Resolution, Diagnostic> {
        // The parser lets it pass beside what excludes `--continue`.
        if self.at.is_some() && self.go_on.is_none() {
            return Err(Diagnostic::new(ErrorKind::Usage, "--at goes with --continue only")
                .state("nothing was changed")
                .hint("underpin resolve --continue ID --at N"));
        }
        match self {
            Self { applied: Some(id), .. } => Ok(Resolution::Applied(id)),
            Self { rolled_back: Some(id), .. } => Ok(Resolution::RolledBack(id)),
            Self { go_on: Some(revision), at, .. } => {
                Ok(Resolution::Continue { statement: statement(&revision, at.as_deref())?, revision })
            }
            // The parser lets nothing else through.
            Self { applied: None, rolled_back: None, go_on: None, .. } => {
                Err(Diagnostic::new(ErrorKind::Internal, "nothing was said of any revision"))
            }
        }
    }
}

/// The statement that `--at` names. The parser's own words would not say what is counted.
fn statement(revision: &str, at: Option<&str>) -> Result<usize, Diagnostic> {
    let problem = match at.map(|text| (text, text.trim().parse::<usize>())) {
        Some((_, Ok(number @ 1..))) => return Ok(number),
        Some((text, _)) => format!("--at is {text:?}, and must be the number of a statement, counted from 1"),
        None => format!("where does {revision} go on? --continue needs --at N"),
    };
    Err(Diagnostic::new(ErrorKind::Usage, problem).state("nothing was changed").hint(
        "N is the first statement that is not done; `underpin status` says at which it was interrupted",
    ))
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let resolution = arguments.resolution()?;
    let migrator = running::talking(context)?;
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
