//! Backups of PostgreSQL by its own programs: `pg_dump` in its custom format, read again by `pg_restore`, and
//! brought back by `psql` in one transaction. No password is on a command line.

use std::{path::Path, process::Stdio};

use tokio::{io::AsyncWriteExt as _, process::Command};
use underpin_core::diagnostic::Diagnostic;

use super::{
    failure,
    program::{self, ProgramError},
};
use crate::database::{Database, ServerAddress};

/// What the environment may say about another connection ("Environment Variables" of libpq).
const OTHERS: [&str; 6] =
    ["PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGOPTIONS", "PGTARGETSESSIONATTRS", "PGAPPNAME"];

/// Drops what is there, but for what belongs to an extension: `--clean` of `pg_restore` knows only what is in
/// the backup, and would stumble over what was made since.
const EMPTYING: &str = "\
SET client_min_messages = warning;
DO $underpin$
DECLARE statements text[]; one text;
BEGIN
  SELECT array_agg(s) INTO statements FROM (
    SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
      WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, n.nspname, c.relname) AS s
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
        AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass
        AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', n.nspname, t.typname)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::regclass
        AND d.objid = t.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_catalog.pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
        AND d.objid = n.oid AND d.deptype = 'e')
  ) AS all_of_it;
  FOREACH one IN ARRAY coalesce(statements, '{}') LOOP EXECUTE one; END LOOP;
END $underpin$;
";

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
pub(super) async fn make(
    database: &Database,
    address: &ServerAddress,
    programs: Option<&Path>,
    file: &Path,
) -> Result<(), Diagnostic> {
    program::run(programs, &["pg_dump"], |command| {
        connection(command, address);
        command.args(["--format=custom", "--no-password", "--file"]).arg(file);
    })
    .await
    .map_err(|error| unmade(database, "pg_dump", error))?;
    readable(database, programs, file).await.map_err(failure::unreadable)
}

/// Whether `pg_restore` can read a backup to its end; what it says if not.
async fn readable(database: &Database, programs: Option<&Path>, file: &Path) -> Result<(), String> {
    let null = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let read = program::run(programs, &["pg_restore"], |command| {
        command.args(["--file", null]).arg(file);
    });
    read.await.map_err(|error| words(database, "pg_restore", error))
}

fn words(database: &Database, name: &str, error: ProgramError) -> String {
    match error {
        ProgramError::Missing => format!("{name} is not there"),
        ProgramError::Unstartable(error) => format!("{name} can't be run: {error}"),
        ProgramError::Failed(words) => format!("{name}: {}", database.redact(&words)),
    }
}

fn unmade(database: &Database, name: &str, error: ProgramError) -> Diagnostic {
    match error {
        ProgramError::Missing => failure::no_program(name),
        other => {
            let words = words(database, name, other);
            let diagnostic = failure::unmade(&words);
            match words.contains("server version mismatch") {
                true => diagnostic.hint("a pg_dump of the server's version or a later one is needed: UNDERPIN_BACKUP_PROGRAMS names its directory"),
                false => diagnostic,
            }
        }
    }
}

/// What of a backup is left out in a scratch database: what names other roles, or servers that would hear of it.
const CONFINED: [&str; 7] = [
    "--no-owner",
    "--no-privileges",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--no-tablespaces",
    "--no-comments",
];

/// Puts a backup in the place of what is there. All of it is one transaction. A scratch database has nothing to
/// be replaced, and its roles may be others.
pub(super) async fn restore(
    database: &Database,
    (address, confined): (&ServerAddress, bool),
    programs: Option<&Path>,
    file: &Path,
) -> Result<(), Diagnostic> {
    readable(database, programs, file).await.map_err(failure::unrestored)?;
    let failed = |name: &str, error| failure::unrestored(words(database, name, error));
    let mut reader = Command::new(program::named(programs, "pg_restore"));
    match confined {
        true => reader.args(CONFINED),
        false => reader.args(["--clean", "--if-exists"]),
    };
    reader.args(["--file", "-"]).arg(file);
    reader.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut reader = reader.spawn().map_err(|error| failed("pg_restore", program::unstartable(error)))?;
    let mut writer = Command::new(program::named(programs, "psql"));
    connection(&mut writer, address);
    writer.args(["--no-psqlrc", "--quiet", "--no-password", "--set", "ON_ERROR_STOP=1", "--file", "-"]);
    writer.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut writer = writer.spawn().map_err(|error| failed("psql", program::unstartable(error)))?;
    let (output, input) = (reader.stdout.take(), writer.stdin.take());
    let fed = async move {
        let (Some(mut output), Some(mut input)) = (output, input) else { return Ok(()) };
        input.write_all(b"BEGIN;\n").await?;
        if !confined {
            input.write_all(EMPTYING.as_bytes()).await?;
        }
        tokio::io::copy(&mut output, &mut input).await?;
        // Without this word the server undoes all of it.
        if reader.wait().await?.success() {
            input.write_all(b"\nCOMMIT;\n").await?;
            input.shutdown().await?;
            return Ok(());
        }
        Err(std::io::Error::other("pg_restore has failed in the middle"))
    };
    let (fed, ended) = tokio::join!(fed, writer.wait_with_output());
    let output = ended.map_err(|error| failed("psql", ProgramError::Unstartable(error)))?;
    if !output.status.success() {
        let words = program::last_words(&output.stderr, &output.status.to_string());
        return Err(failed("psql", ProgramError::Failed(words)));
    }
    fed.map_err(failure::unrestored)
}
