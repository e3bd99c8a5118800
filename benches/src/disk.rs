//! How often something waited for the disk: the servers count it themselves, and of SQLite, which is part of the
//! process, the system calls are counted by `strace`. Where neither can be had, nothing is told.

use std::fs;

use anyhow::Result;
use underpin_tests::{Engine, TestDatabase};

use crate::child::Child;

/// How many waits for the disk the server of a database has counted so far; nothing where it does not.
pub fn counted(database: &TestDatabase) -> Option<u64> {
    let (sql, column) = match database.engine() {
        Engine::Sqlite => return None,
        // "The Cumulative Statistics System" in PostgreSQL's manual; before 18.
        Engine::Postgres => ("SELECT wal_sync FROM pg_stat_wal", 0),
        // "Server Status Variables" in MySQL's manual and MariaDB's.
        Engine::Mysql | Engine::Mariadb => ("SHOW GLOBAL STATUS LIKE 'Innodb_data_fsyncs'", 1),
    };
    database.try_query(sql).ok()?.first()?.get(column)?.as_ref()?.parse().ok()
}

/// Runs a child and counts its waits for the disk; nothing where there is no `strace`.
///
/// # Errors
/// If the child failed.
pub fn of_child(child: &Child) -> Result<Option<usize>> {
    let directory = tempfile::tempdir()?;
    let trace = directory.path().join("trace");
    let strace = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o"];
    let mut behind: Vec<_> = strace.into_iter().map(Into::into).collect();
    behind.push(trace.clone().into_os_string());
    if std::process::Command::new("strace").arg("-V").output().is_err() {
        return Ok(None);
    }
    child.output(behind)?;
    let calls = fs::read_to_string(&trace)?;
    Ok(Some(calls.lines().filter(|line| line.contains("fsync(") || line.contains("fdatasync(")).count()))
}
