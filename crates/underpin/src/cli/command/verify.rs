//! `verify`: is the database what its revisions make? Drift is named.

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use super::diff;
use crate::{
    SchemaSource,
    cli::{
        context::Context,
        place::{self, ScopeFlags},
    },
    source::ShortIds,
};

/// The flags of `verify`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    scope: ScopeFlags,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let migrator = context.migrator()?;
    let live = SchemaSource::Live(migrator.database().clone());
    let scratch = place::scratch(context, &[&live], None)?;
    let scope = arguments.scope.scope(context, scratch.dialect())?;
    place::warn_of_missing(context, &[&live]);
    let drift = context.limited(migrator.verify(&scratch, &scope)).await?;
    diff::warn_of_unsupported(context, &drift.difference);
    if context.output().is_json() {
        context.output().value(&drift);
    }
    let at = ShortIds::of(context.revisions()?).at(&drift.current);
    if drift.is_none() {
        context.output().say("Verified", format_args!("the database is what its revisions make, at {at}"));
        return Ok(ExitCode::Done);
    }
    if !context.output().is_json() {
        for line in &drift.summary {
            context.output().data(line);
        }
    }
    Err(drift.diagnostic())
}
