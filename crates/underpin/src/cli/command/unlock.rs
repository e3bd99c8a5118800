//! `unlock`: ends the session that holds the migration lock, where its run hangs.

use clap::Args;
use serde_json::json;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    dialect::Dialect,
};

use crate::{cli::context::Context, lock::LockHolder};

/// The flags of `unlock`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let migrator = context.database()?;
    let Some(holder) = migrator.lock_holder().await? else {
        return Ok(ended(context, None));
    };
    if migrator.database().dialect() == Dialect::Sqlite {
        return Err(only_the_process(&holder));
    }
    context.confirm(&format!("end the session that holds the migration lock ({holder})"))?;
    match migrator.unlock().await? {
        None => Ok(ended(context, None)),
        Some(holder) => Ok(ended(context, Some(&holder))),
    }
}

fn ended(context: &Context<'_>, holder: Option<&LockHolder>) -> ExitCode {
    if context.output().is_json() {
        context.output().value(&json!({ "unlocked": holder.is_some(), "holder": holder }));
    }
    match holder {
        Some(holder) => context.output().say("Unlocked", format_args!("by ending the session of {holder}")),
        None => context.output().talk("nobody holds the migration lock"),
    }
    ExitCode::Done
}

/// On SQLite the lock goes with its process.
fn only_the_process(holder: &LockHolder) -> Diagnostic {
    Diagnostic::new(ErrorKind::Unsupported, format!("SQLite's lock can't be taken from {holder}"))
        .state("nothing was changed")
        .hint("end that process; the lock goes with it")
}
