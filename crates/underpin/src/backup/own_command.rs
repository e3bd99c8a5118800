//! A backup by a command of the user's own: a snapshot of a disk, a service's API, a dump to another host.
//! What it does is its own; that it ends well is all that is known of it.

use std::{path::Path, process::Stdio};

use tokio::process::Command;
use underpin_core::diagnostic::Diagnostic;

use super::failure;
use crate::{
    config::handed,
    database::{Address, Database, Interrupt},
    program::{ProgramError, ProgramFailure, Started, shell},
};

/// What it is called in messages.
const NAME: &str = "the backup command";

/// Runs the command. The file is not there yet: many a program does not write over one that is.
pub(super) async fn make(
    command: &str,
    database: &Database,
    file: &Path,
    interrupt: &Interrupt,
) -> Result<(), Diagnostic> {
    let mut shell = shell(command);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).env(handed::BACKUP_DATABASE, database.to_string());
    // A command may go to another directory first.
    shell.env(handed::BACKUP_FILE, std::path::absolute(file).unwrap_or_else(|_| file.to_owned()));
    let kept = connection(&mut shell, database)?;
    let started = Started::of(NAME, shell)
        .map_err(|error| ProgramError { name: NAME.to_owned(), reason: ProgramFailure::Unusable(error) });
    let ended = match started {
        Ok(started) => started.end(interrupt).await,
        Err(error) => Err(error),
    };
    drop(kept);
    ended.map_err(|error| {
        let failed = matches!(error.reason, ProgramFailure::Failed(_));
        let diagnostic = failure::by_program(database, error);
        match failed {
            true => diagnostic.hint("mend the command that UNDERPIN_BACKUP_COMMAND names"),
            false => diagnostic,
        }
    })
}

/// What has to stay until the command has ended.
type Kept = Option<Box<dyn std::any::Any + Send>>;

/// Says how to connect: nothing of it is on a command line.
fn connection(shell: &mut Command, database: &Database) -> Result<Kept, Diagnostic> {
    let Some(url) = database.as_url() else { return Ok(None) };
    match url.address() {
        Address::Sqlite(address) => {
            if let Some(file) = &address.file {
                shell.env(handed::BACKUP_SOURCE, std::path::absolute(file).unwrap_or_else(|_| file.clone()));
            }
            Ok(None)
        }
        #[cfg(feature = "postgres")]
        Address::Postgres(address) => {
            super::postgres::connection(shell, address);
            Ok(None)
        }
        #[cfg(feature = "mysql")]
        Address::Mysql(address) => {
            let options = super::mysql::OptionFile::write(address)
                .map_err(|error| failure::no_option_file(failure::unmade, &error))?;
            shell.env(handed::BACKUP_OPTION_FILE, options.path());
            Ok(Some(Box::new(options)))
        }
        #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
        _ => Ok(None),
    }
}
