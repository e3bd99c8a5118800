//! `reset`: takes back every revision and applies them all again, for development. Never in
//! production, and never without a yes.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::Target,
};

use super::{downgrade, running};
use crate::{cli::context::Context, config::Key};

/// The flags of `reset`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let settings = context.settings()?;
    if settings.is_production() {
        let origin = settings.origin(Key::Environment).subject(Key::Environment);
        return Err(Diagnostic::new(ErrorKind::Refused, "reset is refused in production: it loses all data")
            .state("nothing was changed")
            .hint(format!("it is for development; {origin} says that this is production")));
    }
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
