//! Backups of SQLite: `VACUUM INTO` from a connection of its own, which sees what is committed and nothing
//! else. A copy of the file would not: what the write-ahead log holds is missing in it. One is brought back
//! in a transaction, so that other connections see all of it or nothing.

mod encoding;

use std::{path::Path, time::Duration};

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    name::{literal, quote},
};

use super::failure;
use crate::{
    database::{Access, Database, DatabaseError, ErrorClass, Interrupt, Session, Stop},
    migrate::failed_to,
};

/// The name of an attached backup.
const ATTACHED: &str = "underpin_backup";

/// The names of a rowid (sqlite.org, "ROWIDs and the INTEGER PRIMARY KEY").
const ROWIDS: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// Writes a backup and checks it.
pub(super) async fn make(database: &Database, file: &Path, interrupt: &Interrupt) -> Result<(), Diagnostic> {
    let session = database.connect(Access::Read, Duration::ZERO, interrupt).await?;
    let Some(mut session) = session else { return Err(failure::unmade(format!("{database} is not there"))) };
    let made = make_on(session.as_mut(), file, interrupt).await;
    session.close().await;
    made
}

async fn make_on(session: &mut dyn Session, file: &Path, interrupt: &Interrupt) -> Result<(), Diagnostic> {
    let written = copy(session, file, interrupt).await;
    written.map_err(|stop| stop.diagnostic("while a backup was made"))?.map_err(|error| unwritten(&error))?;
    attach(session, file).await.map_err(|error| failure::unreadable(error.with_code()))?;
    check(session, interrupt).await?.map_err(failure::unreadable)
}

/// Copies the database of a session into a file that is not there, as it is at one moment, whoever writes to
/// it meanwhile ("VACUUM INTO" in its documentation). Why it was stopped is the outer error.
pub(crate) async fn copy(
    session: &mut dyn Session,
    file: &Path,
    interrupt: &Interrupt,
) -> Result<Result<(), DatabaseError>, Stop> {
    let statement = format!("VACUUM main INTO {}", literal(Dialect::Sqlite, &file.to_string_lossy()));
    let canceller = session.canceller();
    let copied = interrupt.guarded(session.execute(&statement), &canceller).await?;
    Ok(copied.map(drop).map_err(|failure| failure.error))
}

fn unwritten(error: &DatabaseError) -> Diagnostic {
    let diagnostic = failure::unmade(error.with_code());
    match error.class {
        ErrorClass::Full => {
            diagnostic.hint("make room, or name another place with UNDERPIN_BACKUP_DIRECTORY")
        }
        _ => diagnostic.hint("`PRAGMA integrity_check` tells whether the database itself is sound"),
    }
}

/// Attaches a backup, to be read only.
async fn attach(session: &mut dyn Session, file: &Path) -> Result<(), DatabaseError> {
    let encoded =
        percent_encoding::utf8_percent_encode(&file.to_string_lossy(), percent_encoding::NON_ALPHANUMERIC)
            .to_string()
            .replace("%2F", "/");
    let place = if file.is_absolute() { format!("file://{encoded}") } else { format!("file:{encoded}") };
    let statement = format!("ATTACH {} AS {ATTACHED}", literal(Dialect::Sqlite, &format!("{place}?mode=ro")));
    session.execute(&statement).await.map(drop).map_err(|failure| failure.error)
}

/// Whether all pages of the attached backup are in order; what is wrong if not.
async fn check(session: &mut dyn Session, interrupt: &Interrupt) -> Result<Result<(), String>, Diagnostic> {
    let (question, canceller) = (format!("PRAGMA {ATTACHED}.quick_check(1)"), session.canceller());
    let looked = interrupt.guarded(session.fetch(&question), &canceller).await;
    let rows = match looked.map_err(|stop| stop.diagnostic("while a backup was checked"))? {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error.with_code())),
    };
    Ok(match rows.first().map(|row| row.text(0)) {
        Some("ok") => Ok(()),
        Some(wrong) => Err(wrong.to_owned()),
        None => Err("quick_check says nothing".to_owned()),
    })
}

/// Attaches a backup that is to be brought back, and checks it. Before the lock is taken: the lock is a
/// transaction.
pub(super) async fn open(
    session: &mut dyn Session,
    file: &Path,
    interrupt: &Interrupt,
) -> Result<(), Diagnostic> {
    let unreadable = |error: DatabaseError| failure::unrestored(error.with_code());
    encoding::take_over(session, file).await?;
    attach(session, file).await.map_err(unreadable)?;
    check(session, interrupt).await?.map_err(failure::unrestored)
}

/// Puts the attached backup in the place of what is there, in the transaction that is open.
pub(super) async fn replace(session: &mut dyn Session, interrupt: &Interrupt) -> Result<(), Diagnostic> {
    let unreadable = |error: DatabaseError| failed_to(&error, "the backup could not be restored");
    let mut script = dropping(session).await.map_err(unreadable)?;
    script.extend(making(session).await.map_err(unreadable)?);
    for statement in script {
        let canceller = session.canceller();
        let done = interrupt.guarded(session.execute(&statement), &canceller).await;
        done.map_err(|stop| stop.diagnostic("while a backup was restored"))?.map_err(|failed| {
            let beginning = statement.lines().next().unwrap_or_default();
            failure::unrestored(format!("{}, in {beginning}", failed.error.with_code()))
        })?;
    }
    Ok(())
}

/// The statements that leave nothing of what is there.
async fn dropping(session: &mut dyn Session) -> Result<Vec<String>, DatabaseError> {
    let rows = session
        .fetch("SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY type")
        .await?;
    let mut script = vec!["PRAGMA ignore_check_constraints = ON".to_owned()];
    script.extend(rows.iter().map(|row| {
        format!("DROP {} main.{}", row.text(0).to_uppercase(), quote(Dialect::Sqlite, row.text(1)))
    }));
    // The tables of a virtual one go with it.
    let tables = session
        .fetch(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual', 'shadow') \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'virtual' DESC, type = 'table' DESC",
        )
        .await?;
    script.extend(
        tables.iter().map(|row| format!("DROP TABLE IF EXISTS main.{}", quote(Dialect::Sqlite, row.text(0)))),
    );
    Ok(script)
}

/// The statements that make everything as the attached backup has it, in the order that `VACUUM` has: tables,
/// rows, indexes, virtual tables, views and triggers.
async fn making(session: &mut dyn Session) -> Result<Vec<String>, DatabaseError> {
    let schema = |what: &str| {
        format!(
            "SELECT sql, name FROM {ATTACHED}.sqlite_schema WHERE {what} AND sql IS NOT NULL \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
        )
    };
    let mut script = Vec::new();
    let mut copies = Vec::new();
    for row in session.fetch(&schema("type = 'table' AND rootpage > 0")).await? {
        script.push(row.text(0).to_owned());
        copies.push(copy_rows(session, row.text(1)).await?);
    }
    script.extend(copies);
    if !session
        // The table stays when the last that counts is gone, and is made with the first.
        .fetch(&format!(
            "SELECT 1 FROM {ATTACHED}.sqlite_schema WHERE name = 'sqlite_sequence' AND EXISTS (\
             SELECT 1 FROM {ATTACHED}.sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%')"
        ))
        .await?
        .is_empty()
    {
        script.push("DELETE FROM main.sqlite_sequence".to_owned());
        script.push(format!("INSERT INTO main.sqlite_sequence SELECT * FROM {ATTACHED}.sqlite_sequence"));
    }
    script.extend(session.fetch(&schema("type = 'index'")).await?.iter().map(|row| row.text(0).to_owned()));
    if !session.fetch(&schema("type = 'table' AND rootpage = 0")).await?.is_empty() {
        script.extend(virtual_tables());
    }
    for what in ["type = 'view'", "type = 'trigger'"] {
        script.extend(session.fetch(&schema(what)).await?.iter().map(|row| row.text(0).to_owned()));
    }
    for number in ["user_version", "application_id"] {
        let rows = session.fetch(&format!("PRAGMA {ATTACHED}.{number}")).await?;
        let value = rows.first().and_then(|row| row.integer(0)).unwrap_or_default();
        script.push(format!("PRAGMA main.{number} = {value}"));
    }
    script.push("PRAGMA ignore_check_constraints = OFF".to_owned());
    Ok(script)
}

/// Virtual tables are entered as they are: what they hold was copied with their own tables (as `VACUUM` does).
fn virtual_tables() -> [String; 3] {
    [
        "PRAGMA writable_schema = ON".to_owned(),
        format!(
            "INSERT INTO main.sqlite_schema (type, name, tbl_name, rootpage, sql) \
             SELECT type, name, tbl_name, 0, sql FROM {ATTACHED}.sqlite_schema WHERE type = 'table' AND rootpage = 0"
        ),
        "PRAGMA writable_schema = RESET".to_owned(),
    ]
}

/// Copies the rows of a table, with their rowids where they have such and nothing else keeps them.
async fn copy_rows(session: &mut dyn Session, table: &str) -> Result<String, DatabaseError> {
    let name = literal(Dialect::Sqlite, table);
    let rows = session
        .fetch(&format!(
            "SELECT name, pk FROM pragma_table_xinfo({name}, '{ATTACHED}') WHERE hidden = 0 ORDER BY cid"
        ))
        .await?;
    let without_rowid = session
        .fetch(&format!(
            "SELECT 1 FROM pragma_table_list WHERE schema = '{ATTACHED}' AND name = {name} AND wr"
        ))
        .await?;
    // One that is written `INTEGER PRIMARY KEY DESC` is an index beside the rowid ("ROWIDs and the INTEGER PRIMARY KEY").
    let beside = session
        .fetch(&format!("SELECT 1 FROM pragma_index_list({name}, '{ATTACHED}') WHERE origin = 'pk'"))
        .await?;
    let mut columns: Vec<String> = rows.iter().map(|row| quote(Dialect::Sqlite, row.text(0))).collect();
    let alias = beside.is_empty() && rows.iter().any(|row| row.integer(1) > Some(0));
    let free = ROWIDS.iter().find(|rowid| !rows.iter().any(|row| row.text(0).eq_ignore_ascii_case(rowid)));
    if let Some(rowid) = free.filter(|_| !alias && without_rowid.is_empty()) {
        columns.insert(0, (*rowid).to_owned());
    }
    let (columns, table) = (columns.join(", "), quote(Dialect::Sqlite, table));
    Ok(format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM {ATTACHED}.{table}"))
}
