//! `reset`: takes back every revision and applies them all again, for development. Never in
//! production, and never without a yes.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::Target,
};

use super::running;
use crate::cli::context::Context;

/// The flags of `reset`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if context.settings()?.is_production() {
        return Err(Diagnostic::new(ErrorKind::Refused, "reset is refused in production: it loses all data")
            .state("nothing was changed")
            .hint("it is for development; UNDERPIN_ENVIRONMENT says that this is production"));
    }
    let database = context.migrator()?.database().to_string();
    context.confirm(&format!("take back every revision of {database}, with all data in its tables"))?;
    running::run(context, async |migrator| {
        migrator.downgrade(Target::Base).await?;
        migrator.upgrade(Target::Heads).await
    })
    .await
}
