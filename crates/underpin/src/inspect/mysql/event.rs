//! Scheduled events.

use underpin_core::{
    dialect::Dialect,
    name::{mysql_string, quote_in},
    schema::{Body, Definition, Object, ObjectKind, Schema},
};

use super::catalog::Catalog;
use crate::database::{DatabaseError, Row};

/// Reads all events.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT EVENT_NAME, DEFINER, SQL_MODE, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, \
             IF(STARTS = CREATED, NULL, STARTS), ENDS, ON_COMPLETION, STATUS, EVENT_COMMENT, EVENT_DEFINITION \
             FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {database}",
        )
        .await?;
    for row in &rows {
        let id = catalog.id(ObjectKind::Event, row.text(0));
        let name = quote_in(Dialect::Mysql, id.schema.as_deref(), &id.name);
        let definition = Definition {
            create: format!("CREATE EVENT {name} {}", body(catalog, row)),
            options: catalog.program_options(row.text(1), row.text(2)),
        };
        schema.insert(Object::new(id, Body::Definition(definition)));
    }
    Ok(())
}

fn body(catalog: &Catalog<'_>, row: &Row) -> String {
    let text = |value: &str| mysql_string(value);
    let mut body = match row.optional(3) {
        Some(time) => format!("ON SCHEDULE AT {}", text(time)),
        None => format!("ON SCHEDULE EVERY {} {}", interval(row), row.text(5)),
    };
    for (word, index) in [("STARTS", 6), ("ENDS", 7)] {
        if let Some(time) = row.optional(index) {
            body.push_str(&format!(" {word} {}", text(time)));
        }
    }
    body.push_str(&format!(" ON COMPLETION {}", row.text(8)));
    match row.text(9) {
        "DISABLED" => body.push_str(" DISABLE"),
        "SLAVESIDE_DISABLED" | "REPLICA_SIDE_DISABLED" => body.push_str(" DISABLE ON SLAVE"),
        _ => {}
    }
    if !row.text(10).is_empty() {
        body.push_str(&format!(" COMMENT {}", text(row.text(10))));
    }
    let statement = row.text(11).trim_end_matches([';', ' ', '\n']);
    format!("{body} DO {}", catalog.local(statement))
}

/// The number of units; one of several units (`'1:30' MINUTE_SECOND`) is a text already.
fn interval(row: &Row) -> String {
    let value = row.text(4).trim_matches('\'');
    match value.chars().all(|character| character.is_ascii_digit()) {
        true => value.to_owned(),
        false => mysql_string(value),
    }
}
