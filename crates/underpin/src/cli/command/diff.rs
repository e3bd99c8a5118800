//! `diff`: the SQL that makes one schema into another.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    difference::{Difference, Renames, compare},
    schema::Schema,
};

use crate::{Database, SafeUrl, Scope, cli::context::Context};

/// The flags of `diff`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What is there: a URL
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// What is to be there: a URL
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// End with 1 where they differ
    #[arg(long)]
    exit_code: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let from = read(&arguments.from).await?;
    let to = read(&arguments.to).await?;
    let difference = compare(&from, &to, &Renames::NONE);
    show(context, &difference)?;
    Ok(if arguments.exit_code && !difference.is_empty() { ExitCode::No } else { ExitCode::Done })
}

async fn read(place: &str) -> Result<Schema, Diagnostic> {
    let url: SafeUrl = place.parse()?;
    Database::url(url).inspect(&Scope::default(), std::time::Duration::ZERO).await
}

fn show(context: &Context<'_>, difference: &Difference) -> Result<(), Diagnostic> {
    if context.output().is_json() {
        let form = serde_json::to_value(difference)
            .map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?;
        context.output().value(&form);
        return Ok(());
    }
    let script = difference.script()?;
    if !script.is_empty() {
        context.output().data(script.trim_end());
    }
    Ok(())
}
