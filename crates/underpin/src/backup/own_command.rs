//! A backup by a command of the user's own: a snapshot of a disk, a service's API, a dump to another host.
//! What it does is its own; that it ends well is all that is known of it.

use std::{fs, path::Path, process::Stdio};

use tokio::process::Command;
use underpin_core::diagnostic::Diagnostic;

use super::{
    failure,
    program::{self, ProgramError},
};
use crate::database::{Address, Database};

/// Where the backup is to be written, if the command writes a file.
const FILE: &str = "UNDERPIN_BACKUP_FILE";
/// The database, as a URL without its password.
const DATABASE: &str = "UNDERPIN_BACKUP_DATABASE";
/// The file of an SQLite database.
const SOURCE: &str = "UNDERPIN_BACKUP_SOURCE";
/// An option file for the programs of MySQL and MariaDB: `mysqldump --defaults-file=…`.
#[cfg(feature = "mysql")]
const OPTION_FILE: &str = "UNDERPIN_BACKUP_DEFAULTS_FILE";

/// Runs the command.
pub(super) async fn make(command: &str, database: &Database, file: &Path) -> Result<(), Diagnostic> {
    // Many a program does not write over a file that is there.
    let _ = fs::remove_file(file);
    let mut shell = program::shell(command);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).env(FILE, file).env(DATABASE, database.to_string());
    let kept = connection(&mut shell, database)?;
    let ended = program::ended(shell).await;
    drop(kept);
    ended.map_err(|error| match error {
        ProgramError::Missing => failure::unmade("there is no shell to run the backup command with"),
        ProgramError::Unstartable(error) => {
            failure::unmade(format!("the backup command can't be run: {error}"))
        }
        ProgramError::Failed(words) => {
            failure::unmade(format!("the backup command failed: {}", database.redact(&words)))
                .hint("mend the command that UNDERPIN_BACKUP_COMMAND names")
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
                shell.env(SOURCE, file);
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
            let options = super::option_file::OptionFile::write(address)?;
            shell.env(OPTION_FILE, options.path());
            Ok(Some(Box::new(options)))
        }
        #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
        _ => Ok(None),
    }
}
