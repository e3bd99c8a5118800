//! `completions`: what a shell needs to complete our commands.

use clap::Args;
use clap_complete::Shell;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::cli::{arguments, context::Context};

/// The flags of `completions`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let application = context.application();
    let mut script = Vec::new();
    let mut parser = arguments::parser(application);
    clap_complete::generate(arguments.shell, &mut parser, application.name(), &mut script);
    context.output().data(String::from_utf8_lossy(&script).trim_end());
    Ok(ExitCode::Done)
}
