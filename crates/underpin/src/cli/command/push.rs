//! `push`: makes the database what the models or the `schema.sql` say, without a revision. For
//! development; refused in production.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    difference::HazardKind,
};

use super::diff;
use crate::{
    Migrator, SchemaSource,
    cli::{
        context::Context,
        place::{self, ScopeFlags},
    },
};

/// The flags of `push`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What is to be there: models, a file of SQL, a URL, revisions, rev:ID
    #[arg(long, value_name = "PLACE", default_value = "models")]
    to: String,
    #[command(flatten)]
    scope: ScopeFlags,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    Migrator::refuse_push_in_production(context.settings()?)?;
    let migrator = context.database()?;
    let live = SchemaSource::Live(migrator.database().clone());
    let to = place::source(context, &arguments.to)?;
    let scratch = place::scratch(context, &[&live, &to], None)?;
    let scope = arguments.scope.scope(context, scratch.dialect())?;
    let difference = context.limited(migrator.diff(&to, &scratch, &scope)).await?;
    diff::warn(context, &difference);
    let output = context.output();
    if difference.is_empty() {
        if output.is_json() {
            output.value(&serde_json::json!({ "summary": [] }));
        }
        output.say("Pushed", format_args!("nothing: the database is what {} says", to.describe()));
        return Ok(ExitCode::Done);
    }
    let lost: Vec<String> = difference
        .hazards()
        .into_iter()
        .filter(|hazard| hazard.kind == HazardKind::DeletesData)
        .map(|hazard| hazard.message)
        .collect();
    if !lost.is_empty() {
        context.confirm(&format!("push to {}: {}", migrator.database(), lost.join("; ")))?;
    }
    // It is limited, stopped and told as a run is.
    let pushed = migrator.push(&difference).await?;
    if output.is_json() {
        output.value(&pushed);
    } else {
        for line in &pushed.summary {
            output.data(line);
        }
    }
    output.say("Pushed", format_args!("it to {}, in no revision", migrator.database()));
    Ok(ExitCode::Done)
}
