//! `startup`: the library's start-up call without a server behind it, and its report.

use std::io::IsTerminal as _;

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{
    cli::{context::Context, failure},
    config::Key,
    startup::{Startup, StartupReport},
};

/// The flags of `startup`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The name of the service in the report
    #[arg(long, value_name = "NAME")]
    app_name: Option<String>,
    /// Go on where migrating fails, as FAIL_ON_MIGRATION_ERROR=false has it
    #[arg(long)]
    no_fail: bool,
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        let lenient = self.no_fail.then(|| (Key::FailOnMigrationError, "false".to_owned()));
        lenient.into_iter().collect()
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let name = arguments.app_name.unwrap_or_else(|| context.application().name().to_owned());
    let mut startup = Startup::new(name)
        .settings(context.settings()?.clone())
        .revisions(context.revisions()?.clone())
        .shared_hooks(context.application().hooks())
        .stop_switch(context.stop_switch())
        // It ends when it has migrated: nobody has to wait for it.
        .without_heartbeat();
    if let Some(models) = context.application().shared_models() {
        startup = startup.models(models.clone());
    }
    if let Some(schema) = context.application().schema() {
        startup = startup.schema_sql(schema);
    }
    match startup.run().await {
        Ok(report) => {
            context.output().achieved(format!("the start-up is done ({})", report.outcome.name()));
            show(context, &report);
            Ok(ExitCode::Done)
        }
        Err(error) => {
            show(context, &error.report);
            if context.output().is_json() {
                failure::show(context.output(), &error.error);
            }
            Ok(error.exit_code())
        }
    }
}

fn show(context: &Context<'_>, report: &StartupReport) {
    if context.output().is_json() {
        return context.output().value(report);
    }
    let table = report.table();
    context.output().data(if std::io::stdout().is_terminal() { table } else { table.plain() });
}
