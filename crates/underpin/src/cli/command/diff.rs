//! `diff`: the SQL that makes one schema into another.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    dialect::Dialect,
    difference::{Difference, HazardKind},
    schema::Unsupported,
};

use crate::cli::{
    context::Context,
    place::{self, ScopeFlags},
};

/// The flags of `diff`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What is there: db, models, revisions, rev:ID, a URL or a file of SQL
    #[arg(long, value_name = "PLACE", default_value = "db")]
    from: String,
    /// What is to be there: the same places; without it, the models or the schema.sql of the settings
    #[arg(long, value_name = "PLACE", default_value = "models")]
    to: String,
    /// End with 1 where they differ
    #[arg(long)]
    exit_code: bool,
    /// In stages that a database in use can live with, instead of one script
    #[arg(long)]
    online: bool,
    /// The dialect of two files of SQL, where no database says it
    #[arg(long, value_name = "DIALECT")]
    dialect: Option<Dialect>,
    #[command(flatten)]
    scope: ScopeFlags,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let from = place::source(context, &arguments.from)?;
    let to = place::source(context, &arguments.to)?;
    let scratch = place::scratch(context, &[&from, &to], arguments.dialect)?;
    let scope = arguments.scope.scope(context, scratch.dialect())?;
    place::warn_of_missing(context, &[&from, &to]);
    let difference = context.limited(from.difference(&to, &scratch, &scope)).await?;
    warn(context, &difference);
    warn_of_values(context, &difference);
    show(context, &difference, arguments.online)?;
    Ok(if arguments.exit_code && !difference.is_empty() { ExitCode::No } else { ExitCode::Done })
}

/// Says what was not compared, and what makes a comparison doubtful.
pub(super) fn warn_of_unsupported(context: &Context<'_>, difference: &Difference) {
    let output = context.output();
    if let Some(apart) = difference.servers_apart() {
        output.warn(apart);
    }
    let mut unknown: Vec<&Unsupported> =
        difference.from.unsupported.iter().chain(&difference.to.unsupported).collect();
    unknown.sort();
    unknown.dedup();
    for unsupported in unknown {
        output.warn(format_args!("{unsupported} is not compared: this version has no word for it"));
    }
}

/// Says what can't be told from the statements: what was not compared, and what looks like a rename.
pub(super) fn warn(context: &Context<'_>, difference: &Difference) {
    warn_of_unsupported(context, difference);
    let output = context.output();
    for suggestion in &difference.suggestions {
        output.warn(format_args!("{suggestion}; {}", suggestion.advice()));
    }
}

/// Says what the values of columns that stay lose, which the statements don't show as they show what is dropped.
fn warn_of_values(context: &Context<'_>, difference: &Difference) {
    let hazards = difference.hazards().into_iter();
    let lost = hazards.filter(|hazard| hazard.kind == HazardKind::DeletesData);
    for hazard in lost.filter(|hazard| difference.to.has_column(&hazard.object)) {
        context.output().warn(hazard);
    }
}

fn show(context: &Context<'_>, difference: &Difference, online: bool) -> Result<(), Diagnostic> {
    if context.output().is_json() {
        let form = serde_json::to_value(difference)
            .map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?;
        context.output().value(&form);
        return Ok(());
    }
    let script = if online { difference.staged_script()? } else { difference.script()? };
    if !script.is_empty() {
        context.output().script(script.trim_end());
        if difference.to.flavour.dialect() == Dialect::Sqlite {
            context.output().talk("hint: run it with `sqlite3 -bail`, which stops at the first error");
        }
    }
    Ok(())
}
