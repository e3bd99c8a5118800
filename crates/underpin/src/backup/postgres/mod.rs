//! Backups of PostgreSQL by its own programs: `pg_dump` in its custom format, read again by `pg_restore`, and
//! brought back by `psql` in one transaction. No password is on a command line.

mod emptying;
mod listing;
mod preamble;
mod restore;

use std::path::Path;

use tokio::process::Command;
use underpin_core::diagnostic::Diagnostic;

pub(super) use restore::restore;

use super::failure;
use crate::{
    database::{Database, ServerAddress},
    program::{ProgramError, Programs},
};

/// What the environment may say about another connection ("Environment Variables" of libpq).
const OTHERS: [&str; 6] =
    ["PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGOPTIONS", "PGTARGETSESSIONATTRS", "PGAPPNAME"];

/// Says in the environment of a program how to connect.
pub(super) fn connection(command: &mut Command, address: &ServerAddress) {
    for name in OTHERS {
        command.env_remove(name);
    }
    let mut set = |name: &str, value: Option<&str>| match value {
        Some(value) => drop(command.env(name, value)),
        None => drop(command.env_remove(name)),
    };
    let host = address.socket.as_ref().map(|socket| socket.to_string_lossy().into_owned());
    set("PGHOST", host.as_deref().or(address.host.as_deref()));
    set("PGPORT", address.port.map(|port| port.to_string()).as_deref());
    set("PGUSER", address.user.as_deref());
    set("PGPASSWORD", address.password.as_ref().map(|password| password.expose()));
    set("PGDATABASE", address.database.as_deref().or(address.user.as_deref()));
    for (variable, parameter) in [
        ("PGSSLMODE", "sslmode"),
        ("PGSSLROOTCERT", "sslrootcert"),
        ("PGSSLCERT", "sslcert"),
        ("PGSSLKEY", "sslkey"),
    ] {
        set(variable, address.parameter(parameter));
    }
}

/// Writes a backup and checks it.
pub(super) async fn make(database: &Database, programs: Programs<'_>, file: &Path) -> Result<(), Diagnostic> {
    let address = database.server_address().ok_or_else(failure::unmade_by_pool_only)?;
    let dumped = programs.run(&["pg_dump"], |command| {
        connection(command, address);
        command.args(["--format=custom", "--no-password", "--file"]).arg(file);
    });
    dumped.await.map_err(|error| older(failure::by_program(database, error)))?;
    readable(programs, file).await.map_err(|error| failure::by_reading_program(database, error))
}

/// Adds what to do where `pg_dump` refuses a server that is newer than itself.
fn older(diagnostic: Diagnostic) -> Diagnostic {
    match diagnostic.message.contains("server version mismatch") {
        true => failure::by_older_program(diagnostic),
        false => diagnostic,
    }
}

/// Has `pg_restore` read a backup to its end.
async fn readable(programs: Programs<'_>, file: &Path) -> Result<(), ProgramError> {
    let null = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let read = programs.run(&["pg_restore"], |command| {
        command.args(["--file", null]).arg(file);
    });
    read.await
}

/// Checks what a restore needs, before anything is locked or changed: how to connect, the programs, and that
/// all of the backup can be read.
pub(super) async fn check(
    database: &Database,
    programs: Programs<'_>,
    file: &Path,
) -> Result<(), Diagnostic> {
    database.server_address().ok_or_else(|| failure::by_pool_only(failure::unrestored))?;
    let asked = programs.run(&["psql"], |command| {
        command.args(["--no-psqlrc", "--version"]);
    });
    asked.await.map_err(|error| failure::by_restoring_program(database, error))?;
    readable(programs, file).await.map_err(|error| failure::by_restoring_program(database, error))
}
