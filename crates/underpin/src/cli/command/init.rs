//! `init`: the first files of a project.

use std::path::{Path, PathBuf};

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{NewProject, cli::context::Context, config::Key, policy::IdStyle};

/// The flags of `init`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Where the revisions will be; not there yet, or empty [default: migrations]
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    /// How the ids of revisions are made
    #[arg(long, value_name = "STYLE", value_parser = clap::builder::PossibleValuesParser::new(IdStyle::WORDS))]
    id_style: Option<String>,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.id_style.iter().map(|style| (Key::IdStyle, style.clone())).collect()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let settings = context.settings()?;
    let directory = arguments.directory.unwrap_or_else(|| settings.directory().to_owned());
    let written = NewProject::new(directory, "underpin.toml").id_style(settings.id_style()).write()?;
    let output = context.output();
    output.achieved(format!("{} is written", written.file));
    if output.is_json() {
        output.value(&written);
        return Ok(ExitCode::Done);
    }
    output.data(&written.file);
    if written.configuration_kept {
        output.warn(format_args!("{} was there already, and is as it was", written.configuration));
    } else {
        output.data(&written.configuration);
    }
    output
        .say("Created", format_args!("{} with an example; `underpin upgrade` applies it", written.directory));
    if Path::new("Cargo.toml").is_file() && !Path::new("build.rs").exists() {
        let directory = &written.directory;
        output.talk(format_args!(
            "\nTo embed the revisions in your program: underpin::embed!(\"{directory}\"), and this build.rs, so that \
             cargo notices new files:\n\n    fn main() {{\n        println!(\"cargo::rerun-if-changed={directory}\");\n    }}"
        ));
    }
    Ok(ExitCode::Done)
}
