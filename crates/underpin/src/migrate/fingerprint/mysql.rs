//! MySQL and MariaDB: SHOW CREATE TABLE of the named tables and views, and the definitions of the
//! named triggers, routines and events.

use underpin_core::{dialect::Dialect, name};

use super::literals;
use crate::database::{DatabaseError, ErrorClass, Row, Session};

/// The words that make a statement be about something else than tables.
const OTHER_OBJECTS: [&str; 5] = ["trigger", "procedure", "function", "event", "package"];

pub(super) async fn rows(session: &mut dyn Session, names: &[String]) -> Result<Vec<Row>, DatabaseError> {
    let list = literals(Dialect::Mysql, names);
    let sql = format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES \
         WHERE (TABLE_SCHEMA = DATABASE() OR TABLE_SCHEMA IN ({list})) AND TABLE_NAME IN ({list}) ORDER BY 1, 2"
    );
    let tables = session.fetch(&sql).await?;
    let mut rows = Vec::new();
    for table in tables {
        let quoted = name::quote_in(Dialect::Mysql, Some(table.text(0)), table.text(1));
        match session.fetch(&format!("SHOW CREATE TABLE {quoted}")).await {
            Ok(created) => rows.extend(created.into_iter().map(without_counter)),
            // A view whose tables are gone can't be shown; that it is there is all that is known.
            Err(error) if error.class == ErrorClass::ConnectionLost => return Err(error),
            Err(_) => rows.push(table.clone()),
        }
        rows.push(table);
    }
    if names.iter().any(|name| OTHER_OBJECTS.iter().any(|word| name.eq_ignore_ascii_case(word))) {
        rows.extend(session.fetch(&other_objects(&list)).await?);
    }
    Ok(rows)
}

fn other_objects(list: &str) -> String {
    format!(
        "SELECT 'trigger', TRIGGER_SCHEMA, TRIGGER_NAME, SHA2(ACTION_STATEMENT, 256), CAST(CREATED AS CHAR) FROM information_schema.TRIGGERS \
           WHERE TRIGGER_NAME IN ({list}) \
         UNION ALL SELECT 'routine', ROUTINE_SCHEMA, ROUTINE_NAME, SHA2(ROUTINE_DEFINITION, 256), CAST(LAST_ALTERED AS CHAR) \
           FROM information_schema.ROUTINES WHERE ROUTINE_NAME IN ({list}) \
         UNION ALL SELECT 'event', EVENT_SCHEMA, EVENT_NAME, SHA2(EVENT_DEFINITION, 256), CAST(LAST_ALTERED AS CHAR) \
           FROM information_schema.EVENTS WHERE EVENT_NAME IN ({list}) ORDER BY 1, 2, 3"
    )
}

/// The next value of AUTO_INCREMENT moves with every row that is inserted.
fn without_counter(row: Row) -> Row {
    let strip = |value: String| match value.find(" AUTO_INCREMENT=") {
        Some(start) => {
            let rest = &value[start + " AUTO_INCREMENT=".len()..];
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            format!("{}{}", &value[..start], &rest[end..])
        }
        None => value,
    };
    Row(row.0.into_iter().map(|value| value.map(strip)).collect())
}
