//! `wait`: waits until the database answers, for as long as `--timeout` says.

use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    dialect::Dialect,
};

use super::ping;
use crate::{
    cli::{context::Context, words::duration},
    config::{Key, Origin, Settings},
    database::{FIRST_PAUSE, longer},
};

/// How long the last attempt may take, which begins when the time is over.
const LAST_ATTEMPT: Duration = Duration::from_secs(1);
/// How long is waited before it is said, and between two times of saying it.
const WORD: Duration = Duration::from_secs(10);

/// The flags of `wait`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let mut migrator = context.database()?;
    // One attempt at a time: when the next one comes is decided here.
    migrator.limits.connect = Duration::ZERO;
    let limit = limit(context.settings()?);
    let start = Instant::now();
    let mut told = Duration::ZERO;
    let mut pause = FIRST_PAUSE;
    loop {
        let patience = limit.saturating_sub(start.elapsed()).max(LAST_ATTEMPT);
        let error = match tokio::time::timeout(patience, migrator.ping()).await {
            Ok(Ok(server)) => {
                ping::answered(context, &migrator.database().to_string(), &server, start);
                return Ok(ExitCode::Done);
            }
            Ok(Err(error)) => error,
            Err(_) => {
                Diagnostic::new(ErrorKind::Unavailable, format!("{} does not answer", migrator.database()))
            }
        };
        if error.kind == ErrorKind::DatabaseNotFound && migrator.database().dialect() == Dialect::Sqlite {
            // There is no server to wait for, and whoever upgrades creates the file.
            if context.output().is_json() {
                let database = migrator.database().to_string();
                context.output().value(&json!({ "connected": false, "database": database }));
            }
            context.output().talk(format_args!("{}; there is nothing to wait for", error.message));
            return Ok(ExitCode::Done);
        }
        // A database that another process creates is not there at first, either.
        if !matches!(error.kind, ErrorKind::Unavailable | ErrorKind::DatabaseNotFound) {
            return Err(error);
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(gave_up(error, start.elapsed()));
        }
        if start.elapsed() >= told + WORD {
            told = start.elapsed();
            context
                .output()
                .say("Waiting", format_args!("for {}, since {}", migrator.database(), duration(told)));
        }
        // The last attempt is made when the time is over, however long a pause would have been by then.
        tokio::time::sleep(pause.min(left)).await;
        pause = longer(pause);
    }
}

/// How long is waited: as long as the whole command may take, or less if somebody says how long to wait
/// for the database.
fn limit(settings: &Settings) -> Duration {
    match settings.origin(Key::ConnectTimeout) {
        Origin::BuiltIn => settings.timeout(),
        _ => settings.connect_timeout().min(settings.timeout()),
    }
}

fn gave_up(mut error: Diagnostic, waited: Duration) -> Diagnostic {
    error.message = format!("{} (waited {})", error.message, duration(waited));
    error.hints.retain(|hint| !hint.contains("underpin wait"));
    error.hint(
        "check that the server runs and is reachable, or wait longer with --timeout or --connect-timeout",
    )
}
