//! How the commands write revisions: in which form, and what is done with a file afterwards. What is
//! written is not decided here.

use std::path::Path;

use underpin_core::diagnostic::Diagnostic;

use super::context::Context;
use crate::{
    FileForm, RevisionTemplate, TemplateKind, WrittenRevision,
    author::AfterWrite,
    config::{Key, Settings},
};

/// The form of a new file, as the settings and the directory of the revisions have it.
///
/// # Errors
/// A template that can't be read or is none.
pub(super) fn form(context: &Context<'_>) -> Result<FileForm, Diagnostic> {
    let settings = context.settings()?;
    let form = FileForm::new().file_template(settings.file_template().clone());
    let mut form = form;
    for kind in TemplateKind::ALL {
        if let Some(template) = template(settings, kind)? {
            form = form.template(template);
        }
    }
    Ok(match &settings.authoring().author {
        Some(author) => form.author(author),
        None => form,
    })
}

/// The template that the settings name, or else the one beside the revisions.
fn template(settings: &Settings, kind: TemplateKind) -> Result<Option<RevisionTemplate>, Diagnostic> {
    // The setting is about files of SQL; where `template = "…"` names one, Rust has its own place still.
    let Some(path) = settings.authoring().template.as_ref().filter(|_| kind == TemplateKind::Sql) else {
        return RevisionTemplate::find(kind, settings.directory());
    };
    RevisionTemplate::read(kind, path)
        .map(Some)
        .map_err(|error| error.hint(format!("its name comes from {}", settings.origin(Key::Template))))
}

/// Runs the commands of the settings on a file that was written.
///
/// # Errors
/// The first command that fails, or that leaves no revision; what it had to say is shown before.
pub(super) async fn finish(context: &Context<'_>, written: &WrittenRevision) -> Result<(), Diagnostic> {
    finish_in(context, &context.settings()?.revision_directory(), written).await
}

/// The same in a directory that need not be that of the settings.
///
/// # Errors
/// As [`finish`].
pub(super) async fn finish_in(
    context: &Context<'_>,
    directory: &Path,
    written: &WrittenRevision,
) -> Result<(), Diagnostic> {
    let authoring = context.settings()?.authoring();
    let after = AfterWrite { commands: &authoring.after_write, limit: authoring.after_write_limit };
    after.run(directory, written).await.map_err(|failure| {
        for line in failure.output.lines() {
            context.output().talk(line);
        }
        failure.diagnostic
    })
}
