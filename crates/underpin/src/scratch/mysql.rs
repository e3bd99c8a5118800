//! A scratch database of MySQL or MariaDB, with the character set of the database beside it. A named
//! lock of its owner's session says that it is in use.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
};

use super::{Keep, Scratch, name};
use crate::database::{Database, DatabaseError, ErrorClass, Session};

/// Makes one, and drops those whose owners are gone.
pub(super) async fn create(
    server: &Database,
    mut session: Box<dyn Session>,
) -> Result<Scratch, DatabaseError> {
    sweep(session.as_mut()).await;
    // The owner has nothing to say while others work, and must not be ended for that ("wait_timeout").
    session.execute("SET SESSION wait_timeout = 28800").await.map_err(|failure| failure.error)?;
    let name = name::new();
    let lock = format!("SELECT GET_LOCK({}, 0)", literal(Dialect::Mysql, &name));
    if !session.fetch(&lock).await?.first().is_some_and(|row| row.truth(0)) {
        return Err(DatabaseError::new(ErrorClass::Busy, format!("somebody else has the name {name}")));
    }
    let likeness = session.fetch("SELECT @@character_set_database, @@collation_database").await?;
    let quoted = quote(Dialect::Mysql, &name);
    let mut create = format!("CREATE DATABASE {quoted}");
    if let Some(row) = likeness.first() {
        // Both are words of the server's own ("SHOW CHARACTER SET"), and can't be quoted.
        let word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if word(row.text(0)) && word(row.text(1)) && !row.text(0).is_empty() {
            create.push_str(&format!(" CHARACTER SET {} COLLATE {}", row.text(0), row.text(1)));
        }
    }
    session.execute(&create).await.map_err(|failure| failure.error)?;
    let drop = format!("DROP DATABASE IF EXISTS {quoted}");
    Ok(Scratch { database: server.beside(&name), keep: Some(Keep::Server { session, drop }) })
}

/// Drops what killed programs have left, as far as this user may.
async fn sweep(session: &mut dyn Session) {
    let left = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA \
        WHERE SCHEMA_NAME LIKE 'underpin\\_scratch\\_%' AND IS_FREE_LOCK(SCHEMA_NAME) = 1";
    let Ok(rows) = session.fetch(left).await else { return };
    for row in &rows {
        // Where a restore has put aside what it replaces, only what is empty is nobody's loss.
        let goes = name::is_ours(row.text(0))
            || (name::is_of_any_replaced(row.text(0)) && is_empty(session, row.text(0)).await);
        if !goes {
            continue;
        }
        let drop = format!("DROP DATABASE IF EXISTS {}", quote(Dialect::Mysql, row.text(0)));
        let _ = session.execute(&drop).await;
    }
}

async fn is_empty(session: &mut dyn Session, name: &str) -> bool {
    let tables = format!(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} LIMIT 1",
        literal(Dialect::Mysql, name)
    );
    session.fetch(&tables).await.is_ok_and(|rows| rows.is_empty())
}
