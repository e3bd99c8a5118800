//! `help`: the commands, one of them, the environment, or the exit codes.

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use crate::{
    cli::{arguments, context::Context},
    config::{Key, environment_help, environment_names},
};

/// The flags of `help`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// env, exit-codes, or a command
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let words: Vec<&str> = arguments.topic.iter().map(String::as_str).collect();
    match words[..] {
        ["env"] => environment(context),
        ["exit-codes"] => exit_codes(context),
        _ => command(context, &words)?,
    }
    Ok(ExitCode::Done)
}

fn environment(context: &Context<'_>) {
    let output = context.output();
    let prefix = context.prefix();
    if output.is_json() {
        let settings: Vec<_> = Key::ALL
            .iter()
            .map(|key| {
                let definition = key.definition();
                json!({
                    "name": definition.name,
                    "environment": environment_names(*key, &prefix),
                    "flag": definition.flag,
                    "table": definition.table,
                    "values": definition.kind.accepted(),
                    "default": definition.default,
                    "meaning": definition.meaning,
                })
            })
            .collect();
        output.value(&json!({ "settings": settings }));
    } else {
        output.data(environment_help(&prefix).trim_end());
    }
}

fn exit_codes(context: &Context<'_>) {
    let output = context.output();
    if output.is_json() {
        let codes = ExitCode::ALL.map(|code| json!({ "code": code.code(), "meaning": code.meaning() }));
        output.value(&json!({ "exit_codes": codes }));
    } else {
        let lines = ExitCode::ALL.map(|code| format!("{:>4}  {}", code.code(), code.meaning()));
        output.data(lines.join("\n"));
    }
}

fn command(context: &Context<'_>, words: &[&str]) -> Result<(), Diagnostic> {
    let mut parser = arguments::parser(context.application());
    // Gives every command the name of the program in front of its own.
    parser.build();
    let mut command = &mut parser;
    for word in words {
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            Diagnostic::new(ErrorKind::Usage, format!("there is no help on {word:?}"))
                .hint("`help` lists the commands; the other topics are env and exit-codes")
        })?;
    }
    context.output().data(command.render_long_help().ansi().to_string().trim_end());
    Ok(())
}
