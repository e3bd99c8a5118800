//! `startup`: the library's start-up call without a server behind it, and its report.

use std::io::IsTerminal as _;

use clap::Args;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{
    cli::{context::Context, failure, follow::Follower},
    config::Key,
    source::ShortIds,
    startup::{Startup, StartupError, StartupReport},
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
    match followed(context, startup).await {
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

/// Runs a start-up, says meanwhile how far it is, and leaves the last line of the run in the log.
pub(super) async fn followed(context: &Context<'_>, startup: Startup) -> Result<StartupReport, StartupError> {
    let ended = if context.output().is_json() {
        Box::pin(startup.run()).await
    } else {
        let ids = context.revisions().map(ShortIds::of).unwrap_or_default();
        let follower = Follower::new(context.shared_output(), ids);
        follower.accompany_from_connecting(Box::pin(startup.observer(follower.observer()).run())).await
    };
    match &ended {
        Ok(report) => report.log_summary(),
        Err(error) => error.report.log_summary(),
    }
    ended
}

fn show(context: &Context<'_>, report: &StartupReport) {
    if context.output().is_json() {
        return context.output().value(report);
    }
    let table = report.table();
    let table = if std::io::stdout().is_terminal() { table.fit_terminal() } else { table.plain() };
    context.output().data(table);
}
