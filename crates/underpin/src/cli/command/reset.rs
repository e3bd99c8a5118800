//! `reset`: takes back every revision and applies them all again, for development. Never in
//! production, and never without a yes.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::Target,
};

use super::{downgrade, running};
use crate::cli::context::Context;

/// The flags of `reset`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    context.refuse_in_production("reset", "it loses all data", "it is for development")?;
    let silent = context.migrator()?;
    let database = silent.database().to_string();
    let planned = match silent.status().await?.unknown.is_empty() {
        true => None,
        false => Some(silent.plan_downgrade(Target::Base).await?),
    };
    if let Some(planned) = &planned {
        downgrade::tell_of_ledger(context, planned);
    }
    context.confirm(&format!("take back every revision of {database}, with all data in its tables"))?;
    running::run(context, async |migrator| {
        // All data is to go: that was asked.
        let migrator = migrator.allowing_destructive().without_backups();
        match planned {
            Some(planned) => planned.by(migrator.clone()).apply().await?,
            None => migrator.downgrade(Target::Base).await?,
        };
        migrator.upgrade(Target::Heads).await
    })
    .await
}
