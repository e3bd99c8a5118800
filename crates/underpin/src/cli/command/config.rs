//! `config show`: the settings as they are in force.

use clap::{Args, Subcommand};
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::cli::context::Context;

/// The commands below `config`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Show every setting as it is in force
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
    },
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let ConfigCommand::Show { origin } = arguments.command;
    let settings = context.settings()?;
    let output = context.output();
    context.warn_of_overridden_mistakes()?;
    if output.is_json() {
        let entries = settings.entries().iter();
        let entries: Vec<_> = entries
            .map(|entry| json!({ "name": entry.name(), "value": entry.value, "origin": entry.origin.to_string() }))
            .collect();
        output.value(&json!({ "settings": entries }));
        return Ok(ExitCode::Done);
    }
    let lines = settings.entries().iter().map(|entry| {
        let line = format!("{} = {}", entry.name(), entry.value);
        if origin { format!("{line} ({})", entry.origin) } else { line.trim_end().to_owned() }
    });
    output.data(lines.collect::<Vec<_>>().join("\n"));
    Ok(ExitCode::Done)
}
