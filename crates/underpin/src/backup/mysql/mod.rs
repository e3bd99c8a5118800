//! Backups of MySQL and MariaDB by their own programs: `mysqldump` or `mariadb-dump` in one transaction, and
//! `mysql` or `mariadb` to bring one back. How to connect stands in a file that nobody else can read.

mod account;
mod aside;
mod beside;
mod client;
mod contents;
mod definers;
mod dress;
mod dump;
mod exchange;
mod executors;
mod filtered;
mod functions;
mod history;
mod likeness;
mod option_file;
mod packet;
mod question;
mod replaced;
mod restore;
mod scripts;
mod undo;

use std::path::Path;

use underpin_core::{diagnostic::Diagnostic, dialect::Flavour};

pub(crate) use aside::{about_left_aside, left_aside};
pub(super) use option_file::OptionFile;

use self::client::Client;
use super::{failure, phase::Broken, restore::Restorer};
use crate::{
    database::{Database, Session},
    lock::Lock,
    program::Programs,
};

/// The programs that write a dump, and those that read one, the more fitting first.
const fn programs_of(flavour: Flavour) -> (&'static [&'static str], &'static [&'static str]) {
    match flavour {
        Flavour::Mariadb => (&["mariadb-dump", "mysqldump"], &["mariadb", "mysql"]),
        Flavour::Mysql | Flavour::Sqlite | Flavour::Postgres => (&["mysqldump"], &["mysql"]),
    }
}

/// Writes a backup and checks it.
pub(super) async fn make(
    database: &Database,
    flavour: Flavour,
    programs: Programs<'_>,
    file: &Path,
) -> Result<(), Diagnostic> {
    let address = database.server_address().ok_or_else(failure::unmade_by_pool_only)?;
    let options =
        OptionFile::write(address).map_err(|error| failure::no_option_file(failure::unmade, &error))?;
    let (dumps, _) = programs_of(flavour);
    let history = history::flag(database, flavour, programs).await?;
    let dumped = programs.run(dumps, |command| {
        command.arg(options.flag());
        command.args(["--single-transaction", "--quick", "--routines", "--triggers", "--events"]);
        command.args(client::FLAGS);
        command.args(history);
        command.arg(format!("--result-file={}", file.display()));
        command.arg("--").arg(address.database.as_deref().unwrap_or_default());
    });
    dumped.await.map_err(|error| failure::by_program(database, error))?;
    dump::readable(file).map_err(failure::unreadable)
}

/// Checks what a restore needs, before anything is locked or changed: how to connect, the program, the dump itself, and
/// that the server takes statements as long as its.
pub(super) async fn check(
    session: &mut dyn Session,
    database: &Database,
    programs: Programs<'_>,
    file: &Path,
) -> Result<(), Diagnostic> {
    let flavour = session.server().flavour;
    database.server_address().ok_or_else(|| failure::by_pool_only(failure::unrestored))?;
    let (_, clients) = programs_of(flavour);
    let asked = programs.run(clients, |command| {
        command.args(["--no-defaults", "--version"]);
    });
    asked.await.map_err(|error| failure::by_restoring_program(database, error))?;
    let checked = programs.interrupt.limit(dump::check(file)).await;
    let found = checked.map_err(|stop| stop.diagnostic("while a backup was checked"))??;
    packet::check(session, programs.interrupt, found.longest).await
}

/// Puts a backup in the place of what is there.
pub(super) async fn restore(
    session: &mut dyn Session,
    (restorer, lock): (&Restorer<'_>, &Lock),
    flavour: Flavour,
    programs: Programs<'_>,
) -> Result<(), Broken> {
    let client = Client::new(restorer.database, flavour, programs).map_err(Broken::untouched)?;
    restore::restore(session, &client, restorer, lock).await
}
