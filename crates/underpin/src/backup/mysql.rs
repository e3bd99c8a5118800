//! Backups of MySQL and MariaDB by their own programs: `mysqldump` or `mariadb-dump` in one transaction, and
//! `mysql` or `mariadb` to bring one back. How to connect stands in a file that nobody else can read.

use std::{
    fs,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
    process::Stdio,
};

use tokio::process::Command;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    name::quote,
};

use super::{
    confined::Lines,
    failure,
    option_file::OptionFile,
    program::{self, ProgramError},
};
use crate::database::{Database, DatabaseError, ServerAddress, Session};

/// How a dump ends that was written to its end ("mysqldump" in the manual, `--comments`).
const COMPLETED: &str = "-- Dump completed";

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
    (address, flavour): (&ServerAddress, Flavour),
    programs: Option<&Path>,
    file: &Path,
) -> Result<(), Diagnostic> {
    let options = OptionFile::write(address)?;
    let (dumps, _) = programs_of(flavour);
    let dumped = program::run(programs, dumps, |command| {
        command.arg(options.flag());
        command.args([
            "--single-transaction",
            "--quick",
            "--routines",
            "--triggers",
            "--events",
            "--hex-blob",
            "--no-tablespaces",
            "--default-character-set=utf8mb4",
        ]);
        command.arg(format!("--result-file={}", file.display()));
        command.arg(address.database.as_deref().unwrap_or_default());
    });
    dumped.await.map_err(|error| match error {
        ProgramError::Missing => failure::no_program(dumps[0]),
        other => failure::unmade(words(database, dumps[0], other)),
    })?;
    readable(file).map_err(failure::unreadable)
}

fn words(database: &Database, name: &str, error: ProgramError) -> String {
    match error {
        ProgramError::Missing => format!("{name} is not there"),
        ProgramError::Unstartable(error) => format!("{name} can't be run: {error}"),
        ProgramError::Failed(words) => format!("{name}: {}", database.redact(&words)),
    }
}

/// Whether a dump was written to its end; what is wrong with it if not.
fn readable(file: &Path) -> Result<(), String> {
    const END: u64 = 200;
    let read = || -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(file)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    let end = read().map_err(|error| error.to_string())?;
    let last = String::from_utf8_lossy(&end).trim_end().lines().next_back().unwrap_or_default().to_owned();
    match last.starts_with(COMPLETED) {
        true => Ok(()),
        false => Err(format!("its last line is not \"{COMPLETED}\": it was cut off, or is no dump")),
    }
}

/// Checks a backup that is to be brought back, before anything is changed.
pub(super) fn check(file: &Path) -> Result<(), Diagnostic> {
    readable(file).map_err(failure::unrestored)
}

/// Puts a backup in the place of what is there. There is no transaction that holds it.
pub(super) async fn restore(
    session: &mut dyn Session,
    database: &Database,
    (address, flavour, confined): (&ServerAddress, Flavour, bool),
    programs: Option<&Path>,
    file: &Path,
) -> Result<(), Diagnostic> {
    let options = OptionFile::write(address)?;
    empty(session).await.map_err(|error| failure::unrestored(error.with_code()))?;
    let (_, clients) = programs_of(flavour);
    let mut missing = clients[0];
    for name in clients {
        let input = fs::File::open(file).map_err(failure::unrestored)?;
        let mut command = Command::new(program::named(programs, name));
        command.arg(options.flag()).args(["--batch", "--default-character-set=utf8mb4"]);
        command.arg(address.database.as_deref().unwrap_or_default());
        command.stdout(Stdio::null());
        let ended = match confined {
            true => program::fed(command, Lines::of(input)).await,
            false => {
                command.stdin(input);
                program::ended(command).await
            }
        };
        match ended {
            Ok(()) => return Ok(()),
            Err(ProgramError::Missing) => missing = name,
            Err(error) => return Err(failure::unrestored(words(database, name, error))),
        }
    }
    Err(failure::unrestored(format!("{missing} is not there"))
        .hint("name the directory of mysql or mariadb with UNDERPIN_BACKUP_PROGRAMS, and run it again"))
}

/// Whether there is a program that brings a backup back; asked before anything is changed.
pub(super) async fn has_client(flavour: Flavour, programs: Option<&Path>) -> Result<(), Diagnostic> {
    let (_, clients) = programs_of(flavour);
    let asked = program::run(programs, clients, |command| {
        command.args(["--no-defaults", "--version"]);
    });
    asked.await.map_err(|error| match error {
        ProgramError::Missing => failure::unrestored(format!("{} is not there", clients[0]))
            .hint(format!("install {}, or name its directory with UNDERPIN_BACKUP_PROGRAMS", clients[0])),
        ProgramError::Unstartable(error) => failure::unrestored(error),
        ProgramError::Failed(words) => failure::unrestored(words),
    })
}

/// Drops everything that the database has: a dump knows only what was there when it was made.
async fn empty(session: &mut dyn Session) -> Result<(), DatabaseError> {
    const EVERYTHING: &str = "\
        SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, TABLE_NAME \
        FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() UNION ALL \
        SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() \
        AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION', 'PACKAGE') UNION ALL \
        SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()";
    let rows = session.fetch(EVERYTHING).await?;
    let mut script = vec!["SET FOREIGN_KEY_CHECKS = 0".to_owned()];
    script.extend(
        rows.iter()
            .map(|row| format!("DROP {} IF EXISTS {}", row.text(0), quote(Dialect::Mysql, row.text(1)))),
    );
    script.push("SET FOREIGN_KEY_CHECKS = 1".to_owned());
    session.execute(&script.join(";\n")).await.map(drop).map_err(|failure| failure.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_that_was_cut_off_is_told() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("dump.sql");
        fs::write(&file, format!("CREATE TABLE a (i int);\n{COMPLETED} on 2026-11-22  3:15:00\n"))
            .expect("written");
        assert_eq!(readable(&file), Ok(()));
        fs::write(&file, format!("CREATE TABLE a (c text DEFAULT '{COMPLETED}')")).expect("written");
        assert!(readable(&file).is_err());
        fs::write(&file, "").expect("written");
        assert!(readable(&file).is_err());
    }
}
