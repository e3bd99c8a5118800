//! The rows that system-versioned tables of MariaDB have had: a dump has them only where it is told to ("Temporal
//! Tables" and "mariadb-dump" in the manual, `--dump-history`). What they are is not looked at.

use underpin_core::{diagnostic::Diagnostic, dialect::Flavour};

use super::{
    super::{failure, question::During},
    programs_of,
};
use crate::{
    database::{Access, Database},
    program::Programs,
};

const FLAG: &str = "--dump-history";

/// What a dump is told, so that it has them too; nothing where no table has any.
///
/// # Errors
/// A program that can't, where there are such tables: a backup without them would not be one.
pub(super) async fn flag(
    database: &Database,
    flavour: Flavour,
    programs: Programs<'_>,
) -> Result<Option<&'static str>, Diagnostic> {
    if flavour != Flavour::Mariadb {
        return Ok(None);
    }
    let Some(table) = versioned(database, programs).await? else { return Ok(None) };
    let (dumps, _) = programs_of(flavour);
    // One that does not know the flag says so before it looks what it is asked.
    let asked = programs.run(dumps, |command| {
        command.args(["--no-defaults", FLAG, "--version"]);
    });
    match asked.await {
        Ok(()) => Ok(Some(FLAG)),
        Err(error) => {
            let why = failure::by_program(database, error);
            Err(failure::unmade(format!(
                "{table} has the rows that it has had before (SYSTEM VERSIONED), and the program that dumps can't write those: {}",
                why.message
            ))
            .hint("use mariadb-dump of 10.11 or later (UNDERPIN_BACKUP_PROGRAMS)")
            .hint("or name a command of your own that makes the backup with UNDERPIN_BACKUP_COMMAND"))
        }
    }
}

/// A table that has such rows, if there is one.
async fn versioned(database: &Database, programs: Programs<'_>) -> Result<Option<String>, Diagnostic> {
    let interrupt = programs.interrupt;
    let session = database.connect(Access::Read, std::time::Duration::ZERO, interrupt).await?;
    let Some(mut session) = session else { return Ok(None) };
    let question = "SELECT TABLE_NAME FROM information_schema.TABLES \
                    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SYSTEM VERSIONED' LIMIT 1";
    let failed = "the kinds of the tables could not be read";
    let asked = During::Backup.ask(session.as_mut(), interrupt, question, failed).await;
    session.close().await;
    Ok(asked?.first().map(|row| row.text(0).to_owned()))
}
