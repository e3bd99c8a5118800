//! Whether a backup could be made if one were wanted: the programs, the directory, the room. Nothing is made, and
//! whether one is wanted is policy.

use underpin_core::{diagnostic::Diagnostic, dialect::Flavour};

use super::{Backups, failure, make, question::During, room};
use crate::{
    database::{Database, Interrupt, Session},
    disk,
    inspect::database_size,
};

/// What would make the backups of a database, and where, in words.
///
/// # Errors
/// What would keep one from being made.
pub(crate) async fn readiness(
    database: &Database,
    backups: &Backups,
    session: &mut dyn Session,
    interrupt: &Interrupt,
) -> Result<String, Diagnostic> {
    if backups.command.is_some() {
        return Ok("a command of yours makes them".to_owned());
    }
    if make::is_in_memory(database) {
        return Ok("a database in memory has none".to_owned());
    }
    let by = program(database, backups, session, interrupt).await?;
    let (directory, _) = make::kept(database, backups);
    // Those above it are made.
    let absolute = std::path::absolute(&directory).unwrap_or_else(|_| directory.clone());
    let there = disk::nearest(&absolute);
    disk::try_to_write(&there).map_err(|error| failure::file("can't write to", &directory, &error))?;
    let canceller = session.canceller();
    let asked = interrupt.guarded(database_size(session), &canceller).await;
    room::check(&there, During::Backup.answer(asked, "the size of the database is not known")?)?;
    Ok(format!("{by} can make them, in {}", directory.display()))
}

/// The program that makes them, with its version.
async fn program(
    database: &Database,
    backups: &Backups,
    session: &dyn Session,
    interrupt: &Interrupt,
) -> Result<String, Diagnostic> {
    let server = session.server();
    let (dumps, newest) = match server.flavour {
        Flavour::Sqlite => return Ok("SQLite".to_owned()),
        Flavour::Postgres => (&["pg_dump"][..], Some(server.parsed_version().major)),
        Flavour::Mariadb => (&["mariadb-dump", "mysqldump"][..], None),
        Flavour::Mysql => (&["mysqldump"][..], None),
    };
    #[cfg(not(any(feature = "postgres", feature = "mysql")))]
    {
        let _ = (database, backups, interrupt, newest);
        return Err(failure::unmade(format!("{} is not known here", dumps[0])));
    }
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    {
        database.server_address().ok_or_else(failure::unmade_by_pool_only)?;
        let programs = backups.dump_programs(interrupt);
        let said = programs.output(dumps, |command| {
            command.arg("--version");
        });
        let said = said.await.map_err(|error| failure::by_program(database, error))?;
        let said = String::from_utf8_lossy(&said);
        let line = said.lines().next().unwrap_or_default().trim().to_owned();
        match newest {
            Some(server) if major(&line).is_some_and(|program| program < server) => {
                let why = format!("{line} is older than the server, which has version {server}");
                Err(failure::by_older_program(failure::unmade(why)))
            }
            _ => Ok(line),
        }
    }
}

/// The first number of a version: 15 of `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0)`.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn major(line: &str) -> Option<u32> {
    let version = line.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    #[test]
    fn a_version_begins_with_its_first_number() {
        assert_eq!(major("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("pg_dump (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("pg_dump"), None);
    }
}
