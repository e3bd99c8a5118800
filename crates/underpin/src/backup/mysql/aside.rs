//! The databases with what restores have replaced, and that none has dropped: one that was killed behind the exchange
//! says nothing of it, so that others do. Nothing is dropped here, because their rows may be the only ones.

use super::scripts;
use crate::{
    database::{DatabaseError, Session},
    scratch,
};

/// Those of which nobody knows whether something in them is still needed, by name: what a restore at work has put
/// aside is not among them.
///
/// # Errors
/// What the server says.
pub(crate) async fn left_aside(session: &mut dyn Session, live: &str) -> Result<Vec<String>, DatabaseError> {
    let question = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA s \
        WHERE SCHEMA_NAME LIKE 'underpin\\_scratch\\_%' AND IS_FREE_LOCK(SCHEMA_NAME) = 1 \
        AND EXISTS (SELECT 1 FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME)";
    let rows = session.fetch(question).await?;
    let names = rows.iter().map(|row| row.text(0).to_owned());
    Ok(names.filter(|name| scratch::is_of_replaced(name, live)).collect())
}

/// What one is, and whether it may be dropped.
pub(crate) fn about_left_aside(name: &str) -> String {
    format!(
        "the database {name} has the tables that a restore has replaced, of this database or of one whose name begins like \
         its own, and that it could not drop, as where it is killed: where nothing is missing, drop {name}; where the history \
         or anything else is missing, run the restore again first; views, triggers, routines and events, where there were \
         any, are scripts in its table {}",
        scripts::TABLE
    )
}
