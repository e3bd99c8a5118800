//! SQLite: the stored SQL of the named objects and of what belongs to the named tables.

use underpin_core::dialect::Dialect;

use super::literals;
use crate::database::{DatabaseError, Row, Session};

pub(super) async fn rows(session: &mut dyn Session, names: &[String]) -> Result<Vec<Row>, DatabaseError> {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let names = literals(Dialect::Sqlite, &names);
    let sql = format!(
        "SELECT type, name, sql FROM sqlite_schema WHERE lower(name) IN ({names}) OR lower(tbl_name) IN ({names}) ORDER BY 1, 2"
    );
    session.fetch(&sql).await
}
