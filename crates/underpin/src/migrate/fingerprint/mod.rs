//! What the catalog says of the objects that a statement names, as a hash. Compared before and
//! after a cut-off it tells whether the statement was done: a single DDL statement is atomic on
//! every engine, and the lock keeps other migrators away.

mod mysql;
mod postgres;
mod sqlite;

use sha2::{Digest, Sha256};
use underpin_core::{dialect::Dialect, name::literal, plan::PlannedStatement, sql};

use crate::database::{DatabaseError, Row, Session};

/// More names than any statement has objects; a statement beyond it names its objects first.
const MOST_NAMES: usize = 300;

/// The state of some objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// Their names, as a JSON array.
    pub(crate) objects: String,
    pub(crate) hash: String,
}

/// Takes the fingerprint of everything that a statement names.
pub(crate) async fn take(session: &mut dyn Session, statement: &str) -> Result<Fingerprint, DatabaseError> {
    let dialect = session.server().flavour.dialect();
    let mut names = sql::object_names(dialect, statement);
    names.truncate(MOST_NAMES);
    of_names(session, names).await
}

/// Takes the fingerprint of the same objects again.
pub(crate) async fn of_objects(
    session: &mut dyn Session,
    objects: &str,
) -> Result<Fingerprint, DatabaseError> {
    let names: Vec<String> = serde_json::from_str(objects).unwrap_or_default();
    of_names(session, names).await
}

/// Takes the fingerprint of everything that has one of these names.
pub(crate) async fn of_names(
    session: &mut dyn Session,
    names: Vec<String>,
) -> Result<Fingerprint, DatabaseError> {
    let rows = if names.is_empty() {
        Vec::new()
    } else {
        match session.server().flavour.dialect() {
            Dialect::Sqlite => sqlite::rows(session, &names).await?,
            Dialect::Postgres => postgres::rows(session, &names).await?,
            Dialect::Mysql => mysql::rows(session, &names).await?,
        }
    };
    Ok(Fingerprint { objects: serde_json::Value::from(names).to_string(), hash: hash(&rows) })
}

/// Removes what a failed attempt of the same statement has left in its way.
pub(crate) async fn clear_way(
    session: &mut dyn Session,
    statement: &PlannedStatement,
) -> Result<(), DatabaseError> {
    match session.server().flavour.dialect() {
        Dialect::Postgres => {
            postgres::drop_invalid_indexes(session, &statement.text).await?;
            postgres::drop_rebuilt_indexes(session, &statement.text).await
        }
        Dialect::Sqlite | Dialect::Mysql => Ok(()),
    }
}

/// The statement that finishes what an earlier attempt of the same statement has begun, if it can't be
/// sent again; nothing where it can.
pub(crate) async fn remainder(
    session: &mut dyn Session,
    statement: &str,
) -> Result<Option<String>, DatabaseError> {
    match session.server().flavour.dialect() {
        Dialect::Postgres => postgres::pending_detach(session, statement).await,
        Dialect::Sqlite | Dialect::Mysql => Ok(None),
    }
}

fn hash(rows: &[Row]) -> String {
    let mut hasher = Sha256::new();
    for value in rows.iter().flat_map(|row| &row.0) {
        // The length in front keeps values apart; no value is no length.
        let length = value.as_ref().map_or(u64::MAX, |value| value.len() as u64);
        hasher.update(length.to_be_bytes());
        hasher.update(value.as_deref().unwrap_or_default());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `'a', 'b'`, for an IN.
fn literals(dialect: Dialect, names: &[String]) -> String {
    names.iter().map(|name| literal(dialect, name)).collect::<Vec<_>>().join(", ")
}
