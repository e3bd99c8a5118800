//! The dump programs of the engines: those of `cargo xtask`, which lie beside the servers that it has fetched, or
//! the machine's own. They are asked for their version only.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Program;
use crate::engine::in_ci;
use crate::{Engine, TestDatabase, scale};

/// The variable with the directory that has a directory of programs for each engine.
const VARIABLE: &str = "UNDERPIN_TEST_PROGRAMS";

impl Program {
    /// Lets it make backups of an engine before runs that delete data; nothing where no dump program of the server is
    /// at hand, which is said loudly.
    ///
    /// # Panics
    /// When there is none and `CI=true`.
    #[track_caller]
    pub fn backing_up(self, database: &TestDatabase) -> Option<Self> {
        let directory = dump_programs(database)?;
        let program = self.env("UNDERPIN_BACKUP", "before_destructive");
        Some(match directory {
            Some(directory) => program.env("UNDERPIN_BACKUP_PROGRAMS", directory),
            None => program,
        })
    }
}

/// The directory of the dump programs for a database, or that they are on the machine's own path; nothing where there
/// are none that fit the server.
///
/// # Panics
/// When there are none and `CI=true`.
#[track_caller]
pub fn dump_programs(database: &TestDatabase) -> Option<Option<PathBuf>> {
    let (directory, name) = match database.engine() {
        Engine::Sqlite => return Some(None),
        Engine::Postgres => ("postgres", "pg_dump"),
        Engine::Mysql => ("mysql", "mysqldump"),
        Engine::Mariadb => ("mariadb", "mariadb-dump"),
    };
    let ours = env::var_os(VARIABLE).map(|all| PathBuf::from(all).join(directory));
    let ours = ours.filter(|directory| directory.join(name).is_file());
    let program = ours.as_ref().map_or_else(|| PathBuf::from(name), |directory| directory.join(name));
    let Some(version) = version(&program) else {
        assert!(!in_ci(), "{} needs {name}, which is not at hand, and CI=true", database.engine());
        scale::report(&format!("!!! backups of {} are SKIPPED: {name} is not at hand", database.engine()));
        return None;
    };
    if let Some(server) = newer_server(database, &version) {
        assert!(!in_ci(), "{name} is of version {version}, the server {server}, and CI=true");
        scale::report(&format!(
            "!!! backups are SKIPPED: {name} is of version {version}, the server {server}"
        ));
        return None;
    }
    Some(ours)
}

/// The first number that a program says of itself.
fn version(program: &PathBuf) -> Option<String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split(' ')
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(|word| word.trim().to_owned())
}

/// The version of a server of PostgreSQL that is of a later series than its program, which refuses it.
fn newer_server(database: &TestDatabase, program: &str) -> Option<String> {
    if database.engine() != Engine::Postgres {
        return None;
    }
    let series = |version: &str| version.split('.').next().and_then(|number| number.parse::<u32>().ok());
    let server = database.value("SHOW server_version");
    (series(&server) > series(program)).then_some(server)
}
