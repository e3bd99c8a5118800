//! `init`: the first files of a project, and the template of those that follow.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{
    NewProject, RevisionTemplate, TemplateKind, WrittenProject,
    cli::{authoring, context::Context},
    config::Key,
    policy::IdStyle,
};

/// The flags of `init`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Where the revisions will be; not there yet, or empty [default: migrations]
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    /// How the ids of revisions are made
    #[arg(long, value_name = "STYLE", value_parser = clap::builder::PossibleValuesParser::new(IdStyle::WORDS))]
    id_style: Option<String>,
    /// Write the template of new revisions as well, to be edited; in a project that is there, only that
    #[arg(long, value_name = "KIND", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "sql")]
    template: Option<TemplateWord>,
}

/// A kind of template as it is typed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum TemplateWord {
    /// Of revisions in SQL
    Sql,
    /// Of revisions in Rust
    Rust,
}

impl From<TemplateWord> for TemplateKind {
    fn from(word: TemplateWord) -> Self {
        match word {
            TemplateWord::Sql => Self::Sql,
            TemplateWord::Rust => Self::Rust,
        }
    }
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.id_style.iter().map(|style| (Key::IdStyle, style.clone())).collect()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let settings = context.settings()?;
    let directory = arguments.directory.unwrap_or_else(|| settings.directory().to_owned());
    let kind = arguments.template.map(TemplateKind::from);
    if let Some(kind) = kind.filter(|_| has_files(&directory)) {
        let template = write_template(context, kind, &directory)?;
        if context.output().is_json() {
            context.output().value(&json!({ "template": template }));
        }
        return Ok(ExitCode::Done);
    }
    let project = NewProject::new(&directory, "underpin.toml").id_style(settings.id_style());
    let written = project.write()?;
    show(context, &written);
    authoring::finish_in(context, &directory, &written.revision).await?;
    if let Some(kind) = kind {
        write_template(context, kind, &directory)?;
    }
    Ok(ExitCode::Done)
}

/// Whether something is in a directory. One that can't be listed is somebody else's to complain about.
fn has_files(directory: &Path) -> bool {
    std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some())
}

/// Writes the built-in template where the next revision finds it.
fn write_template(context: &Context<'_>, kind: TemplateKind, directory: &Path) -> Result<String, Diagnostic> {
    let file = RevisionTemplate::write_built_in(kind, directory)?;
    let output = context.output();
    output.achieved(format!("{file} is written"));
    if !output.is_json() {
        output.data(&file);
        output.say("Created", format_args!("{file}, which new revisions are made from"));
    }
    Ok(file)
}

fn show(context: &Context<'_>, written: &WrittenProject) {
    let output = context.output();
    output.achieved(format!("{} is written", written.file));
    if output.is_json() {
        return output.value(written);
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
}
