//! The programs of MySQL and MariaDB at work on one server: a dump is given to it, or what a database has
//! beside its tables is taken from it. What for is the caller's.

use std::{process::Stdio, sync::Arc};

use tokio::{io::AsyncRead, process::Command};
use underpin_core::{diagnostic::Diagnostic, dialect::Flavour};

use super::{super::failure, OptionFile, programs_of};
use crate::{
    database::{Database, Interrupt},
    program::{ProgramFailure, Programs},
};

/// The flags that every dump has.
pub(super) const FLAGS: [&str; 4] =
    ["--hex-blob", "--no-tablespaces", "--skip-add-locks", "--default-character-set=utf8mb4"];

/// What the programs need to be run.
pub(super) struct Client<'a> {
    pub(super) database: &'a Database,
    flavour: Flavour,
    pub(super) programs: Programs<'a>,
    options: Arc<OptionFile>,
}

impl<'a> Client<'a> {
    pub(super) fn new(
        database: &'a Database,
        flavour: Flavour,
        programs: Programs<'a>,
    ) -> Result<Self, Diagnostic> {
        let address = database.server_address().ok_or_else(|| failure::by_pool_only(failure::unrestored))?;
        let options = OptionFile::write(address)
            .map_err(|error| failure::no_option_file(failure::unrestored, &error))?;
        Ok(Self { database, flavour, programs, options: Arc::new(options) })
    }

    /// The same with another patience.
    pub(super) fn under<'b>(&self, interrupt: &'b Interrupt) -> Client<'b>
    where
        'a: 'b,
    {
        let programs = Programs { directory: self.programs.directory, interrupt };
        let (database, flavour) = (self.database, self.flavour);
        Client { database, flavour, programs, options: Arc::clone(&self.options) }
    }

    /// Runs a dump in a database. It goes through a pipe of ours, so that the program ends where we do.
    pub(super) async fn load(&self, into: &str, mut dump: impl AsyncRead + Unpin) -> Result<(), Diagnostic> {
        let (_, clients) = programs_of(self.flavour);
        let failed = |error| failure::by_restoring_program(self.database, error);
        let started = self.programs.start(clients, |command: &mut Command| {
            command.arg(self.options.flag()).args(["--batch", "--default-character-set=utf8mb4"]);
            if self.flavour == Flavour::Mariadb {
                // It would repeat the statement that failed, rows and all.
                command.arg("--loose-skip-print-query-on-error");
            }
            command.args(["--", into]);
            command.stdin(Stdio::piped()).stdout(Stdio::null());
        });
        let mut client = started.map_err(failed)?;
        let mut input = client.input();
        let fed = tokio::select! {
            biased;
            fed = async {
                match input.as_mut() {
                    Some(input) => tokio::io::copy(&mut dump, input).await.map(drop),
                    None => Ok(()),
                }
            } => fed,
            stop = self.programs.interrupt.stopped() => {
                client.stop().await;
                return Err(failed(client.error(ProgramFailure::Stopped(stop))));
            }
        };
        drop(input);
        // What it says is worth more than that the pipe broke.
        client.end(self.programs.interrupt).await.map_err(failed)?;
        fed.map_err(failure::unrestored)
    }

    /// What a dump with these flags says of a database, or of some of its tables and views.
    pub(super) async fn dump(
        &self,
        database: &str,
        flags: &[String],
        of: &[String],
    ) -> Result<Vec<u8>, Diagnostic> {
        let (dumps, _) = programs_of(self.flavour);
        let said = self.programs.output(dumps, |command: &mut Command| {
            command.arg(self.options.flag()).args(FLAGS).args(flags).arg("--").arg(database).args(of);
        });
        said.await.map_err(|error| failure::by_restoring_program(self.database, error))
    }
}
