//! `check`: are the files in order, and is everything applied? Without a database only the former.

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use crate::{
    RevisionSchema, SchemaSource,
    cli::{context::Context, place},
    migrate::{Status, at, check_status},
    policy::OnNewer,
    source::ShortIds,
};

/// The flags of `check`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    context.warn_of_overridden_mistakes()?;
    super::check_files::check(context)?;
    for revision in context.revisions()?.graph()?.iter() {
        super::upgrade::warn_of_unfilled(context, revision.id())?;
    }
    if let Err(error) = context.settings()?.database_url()
        && error.kind == ErrorKind::MissingUrl
    {
        models(context, &[]).await?;
        return Ok(offline(context));
    }
    let status = context.migrator()?.status().await?;
    if let Some(dirty) = &status.dirty {
        return Err(dirty.diagnostic());
    }
    check_status(&status, context.revisions()?, OnNewer::Refuse)?;
    if context.output().is_json() {
        context
            .output()
            .value(&json!({ "connected": true, "current": status.current, "pending": status.pending, "deferred": status.deferred }));
    }
    for deferred in &status.deferred {
        context.output().talk(format_args!("{deferred}"));
    }
    if !status.pending.is_empty() {
        return Err(pending(context, &status));
    }
    models(context, &[&SchemaSource::Live(context.settings()?.database()?)]).await?;
    let at = ShortIds::of(context.revisions()?).at(&status.current);
    context
        .output()
        .say("Checked", format_args!("the revisions are in order, and the database is up to date, at {at}"));
    Ok(ExitCode::Done)
}

/// Refuses models that the revisions don't make, where there are models and somewhere to try that.
async fn models(context: &Context<'_>, beside: &[&SchemaSource]) -> Result<(), Diagnostic> {
    let wanted = match context.models() {
        Ok(wanted) => wanted,
        // There are none, and nobody has said that there are.
        Err(error) if error.kind == ErrorKind::Usage => return Ok(()),
        Err(error) => return Err(error),
    };
    let Ok(scratch) = place::scratch(context, beside, None) else {
        context.output().warn(format_args!(
            "{} and the revisions were not compared: name a database, or a server to try it on with UNDERPIN_SCRATCH_URL",
            wanted.describe()
        ));
        return Ok(());
    };
    let revisions = SchemaSource::desired(RevisionSchema::heads(&context.rehearsal()?));
    let scope = context.scope()?;
    let difference = match context.limited(revisions.difference(&wanted, &scratch, &scope)).await {
        Ok(difference) => difference,
        // Whoever only looks need not be let make databases.
        Err(error) if matches!(error.kind, ErrorKind::Permission | ErrorKind::ReadOnly) => {
            let hint = error.hints.last().cloned().unwrap_or_default();
            context.output().warn(format_args!(
                "{} and the revisions were not compared: {}; {hint}",
                wanted.describe(),
                error.message
            ));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if difference.is_empty() {
        return Ok(());
    }
    let summary = difference.summary();
    if !context.output().is_json() {
        for line in &summary {
            context.output().data(line);
        }
    }
    let message =
        format!("{} wants what the revisions don't make: {}", wanted.describe(), summary.join("; "));
    Err(Diagnostic::new(ErrorKind::Drift, message)
        .state("nothing was changed")
        .hint("write the revision for it: underpin generate \"…\""))
}

fn offline(context: &Context<'_>) -> ExitCode {
    if context.output().is_json() {
        context.output().value(&json!({ "connected": false }));
    }
    context.output().say("Checked", "the revisions are in order; no database was named, so none was asked");
    ExitCode::Done
}

/// Lists on standard output what is pending, and makes the error that says so.
fn pending(context: &Context<'_>, status: &Status) -> Diagnostic {
    if !context.output().is_json() {
        let graph = context.revisions().and_then(|revisions| revisions.graph());
        for id in &status.pending {
            let revision = graph.as_ref().ok().and_then(|graph| graph.get(id));
            let message = revision.map(|revision| revision.header.message.as_str()).unwrap_or_default();
            context.output().data(format!("{id} {message}").trim_end());
        }
    }
    let names: Vec<&str> = status.pending.iter().map(|id| id.as_str()).collect();
    let message = format!(
        "Database migrations needed: {} -> {} ({} pending: {})",
        at(&status.current),
        at(&status.heads),
        names.len(),
        names.join(", ")
    );
    let diagnostic =
        Diagnostic::new(ErrorKind::Pending, message).hint("apply them with `underpin upgrade head`");
    match status.deferred.is_empty() {
        true => diagnostic,
        false => diagnostic.hint(
            "what is deferred follows once those replicas have ended, or at once with --ignore-replicas",
        ),
    }
}
