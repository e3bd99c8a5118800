//! `backup`: makes a backup now, or lists those that the database remembers.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{
    BackupEntry,
    cli::{
        context::Context,
        words::{count, duration},
    },
};

/// The flags of `backup`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Write it to this file, which is not there yet, and not to the directory of backups
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// List the backups that the database remembers, and make none
    #[arg(long, conflicts_with = "to")]
    list: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let migrator = context.database()?;
    let output = context.output();
    if arguments.list {
        let backups = migrator.backups().await?;
        match output.is_json() {
            true => output.value(&backups.iter().map(Listed::from).collect::<Vec<_>>()),
            false => backups.iter().for_each(|backup| output.data(line(backup))),
        }
        output.talk(count(backups.len(), "backup"));
        return Ok(ExitCode::Done);
    }
    let backup = match arguments.to {
        Some(file) => Box::pin(migrator.backup_to(file)).await?,
        None => Box::pin(migrator.backup()).await?,
    };
    if output.is_json() {
        output.value(&backup);
    } else if let Some(path) = &backup.path {
        output.data(path.display());
    }
    let time = duration(backup.duration);
    output.say("Saved", format_args!("{} ({} bytes, {time})", migrator.database(), backup.bytes));
    Ok(ExitCode::Done)
}

/// A backup in the list, with whether its file is there.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    backup: &'a BackupEntry,
    there: Option<bool>,
}

impl<'a> From<&'a BackupEntry> for Listed<'a> {
    fn from(backup: &'a BackupEntry) -> Self {
        Self { backup, there: backup.is_there() }
    }
}

fn line(backup: &BackupEntry) -> String {
    let place = backup.place.as_deref().unwrap_or("(where the backup command has put it)");
    let gone = match backup.is_there() {
        Some(true) | None => "",
        Some(false) => "  (not there any more)",
    };
    format!("{}  {:8}  {:>12}  {place}{gone}", backup.started_at, backup.occasion, backup.bytes)
}
