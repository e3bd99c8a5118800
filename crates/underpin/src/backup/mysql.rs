//! Backups of MySQL and MariaDB by their own programs: `mysqldump` or `mariadb-dump` in one transaction, and
//! `mysql` or `mariadb` to bring one back. How to connect stands in a file that nobody else can read.

use std::{
    fs,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    name::quote,
};

use super::{
    destination::private_file,
    failure,
    program::{self, ProgramError},
};
use crate::{
    config,
    database::{Database, DatabaseError, ServerAddress, Session},
};

/// How a dump ends that was written to its end ("mysqldump" in the manual, `--comments`).
const COMPLETED: &str = "-- Dump completed";

/// The programs that write a dump, and those that read one, the more fitting first.
const fn programs_of(flavour: Flavour) -> (&'static [&'static str], &'static [&'static str]) {
    match flavour {
        Flavour::Mariadb => (&["mariadb-dump", "mysqldump"], &["mariadb", "mysql"]),
        Flavour::Mysql | Flavour::Sqlite | Flavour::Postgres => (&["mysqldump"], &["mysql"]),
    }
}

/// An option file that says how to connect; gone when dropped.
#[derive(Debug)]
pub(super) struct OptionFile(PathBuf);

impl OptionFile {
    /// Writes one that nobody else can read.
    pub(super) fn write(address: &ServerAddress) -> Result<Self, Diagnostic> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes)
            .map_err(|error| failure::unmade(format!("no random numbers: {error}")))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = config::temporary_directory().join(format!("underpin-{name}.cnf"));
        let written = private_file(&path).and_then(|mut file| file.write_all(options(address).as_bytes()));
        // From here on it is removed, whatever is in it.
        let file = Self(path);
        written.map_err(|error| failure::file("can't write", file.path(), &error))?;
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The flag that has to come first.
    fn flag(&self) -> String {
        format!("--defaults-file={}", self.0.display())
    }
}

impl Drop for OptionFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The text of an option file ("Using Option Files" in the manual). `loose-` is for what not every program
/// knows.
fn options(address: &ServerAddress) -> String {
    let mut text = "[client]\n".to_owned();
    let mut add = |name: &str, value: &str| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        text.push_str(&format!("{name}=\"{value}\"\n"));
    };
    if let Some(user) = &address.user {
        add("user", user);
    }
    if let Some(password) = &address.password {
        add("password", password.expose());
    }
    match &address.socket {
        Some(socket) => add("socket", &socket.to_string_lossy()),
        None => {
            // These programs take `localhost` for the socket, and the driver does not.
            add("protocol", "tcp");
            add("host", address.host.as_deref().unwrap_or("localhost"));
            add("port", &address.port.unwrap_or(3306).to_string());
        }
    }
    for name in ["ssl-ca", "ssl-cert", "ssl-key"] {
        if let Some(value) = address.parameter(name) {
            add(name, value);
        }
    }
    let mode = address.parameter("ssl-mode").unwrap_or("preferred").to_ascii_uppercase();
    add("loose-ssl-mode", &mode);
    add("loose-get-server-public-key", "1");
    let verifies = mode.starts_with("VERIFY");
    text.push_str(&format!("[client-mariadb]\nssl-verify-server-cert={}\n", u8::from(verifies)));
    text.push_str("[mysqldump]\nloose-set-gtid-purged=OFF\nloose-column-statistics=0\n");
    text
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
    (address, flavour): (&ServerAddress, Flavour),
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
        command.stdin(input).stdout(Stdio::null());
        match program::ended(command).await {
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
    use crate::database::Secret;

    #[test]
    fn a_password_of_any_form_stands_in_quotes() {
        let address = ServerAddress {
            user: Some("app".to_owned()),
            password: Some(Secret::new("a\"b\\c #d")),
            host: Some("db".to_owned()),
            ..ServerAddress::default()
        };
        let text = options(&address);
        assert!(text.contains("password=\"a\\\"b\\\\c #d\"\n"), "{text}");
        assert!(text.contains("protocol=\"tcp\"\nhost=\"db\"\nport=\"3306\"\n"), "{text}");
    }

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
