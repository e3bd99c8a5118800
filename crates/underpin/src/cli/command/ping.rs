//! `ping`: does the database answer?

use std::time::Instant;

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::cli::{context::Context, words::duration};

/// The flags of `ping`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let migrator = context.database()?;
    let start = Instant::now();
    let server = migrator.ping().await?;
    answered(context, &migrator.database().to_string(), &server, start);
    Ok(ExitCode::Done)
}

/// Says that the database answered.
pub(super) fn answered(context: &Context<'_>, database: &str, server: &str, start: Instant) {
    let time = start.elapsed();
    if context.output().is_json() {
        let milliseconds = crate::migrate::milliseconds(time);
        let form = json!({ "connected": true, "database": database, "server": server, "milliseconds": milliseconds });
        context.output().value(&form);
    }
    context.output().say("Connected", format_args!("{database} ({server}) in {}", duration(time)));
}
