//! `edit`: opens the file of a revision in the editor of the person who types.

use std::process::{Command, ExitStatus};

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::show;
use crate::{cli::context::Context, config, source::Revisions};

/// What most systems have, for whoever has chosen nothing.
const FALLBACK: &str = if cfg!(windows) { "notepad" } else { "vi" };

/// The flags of `edit`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Which: an id or its beginning, head, current, BRANCH@head
    #[arg(value_name = "REV")]
    revision: String,
    /// Only say where the file is
    #[arg(long)]
    print_path: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let files = files(context, &arguments.revision).await?;
    let output = context.output();
    if output.is_json() {
        output.value(&json!({ "files": files }));
    } else if arguments.print_path {
        output.data(files.join("\n"));
    }
    if !arguments.print_path {
        open(&files)?;
    }
    Ok(ExitCode::Done)
}

/// The files that are meant; those of a directory, also where the program embeds its revisions.
async fn files(context: &Context<'_>, text: &str) -> Result<Vec<String>, Diagnostic> {
    let ids = show::resolve(context, text).await?;
    let revisions = Revisions::read(&context.settings()?.revision_directory())?;
    let files = ids.iter().map(|id| Ok(revisions.file(id)?.file)).collect::<Result<Vec<_>, Diagnostic>>()?;
    if files.is_empty() {
        return Err(Diagnostic::new(
            ErrorKind::Usage,
            format!("{text:?} is no revision, so there is no file to edit"),
        )
        .hint("name one; `underpin history` lists them"));
    }
    Ok(files)
}

fn open(files: &[String]) -> Result<(), Diagnostic> {
    let editor = config::editor().unwrap_or_else(|| FALLBACK.to_owned());
    let hint = "set VISUAL or EDITOR to the editor of your choice";
    let status = spawn(&editor, files).map_err(|error| {
        Diagnostic::new(ErrorKind::Usage, format!("the editor {editor:?} can't be started: {error}"))
            .hint(hint)
            .caused_by(error)
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Diagnostic::new(ErrorKind::Usage, format!("the editor {editor:?} has failed: {status}")).hint(hint))
}

/// The editor may be a program with arguments in quotes, which the shell knows how to read.
#[cfg(unix)]
fn spawn(editor: &str, files: &[String]) -> std::io::Result<ExitStatus> {
    Command::new("sh").arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).args(files).status()
}

#[cfg(not(unix))]
fn spawn(editor: &str, files: &[String]) -> std::io::Result<ExitStatus> {
    let mut words = editor.split_whitespace();
    Command::new(words.next().unwrap_or(FALLBACK)).args(words).args(files).status()
}
