//! Defaults that no catalog tells, because its own character set has no letters for them: the servers
//! write question marks instead. They are asked for as a value.

use underpin_core::{
    dialect::Dialect,
    name::{mysql_string, quote, quote_in},
    schema::Column,
};

use super::{catalog::Catalog, table::Drafts};
use crate::database::DatabaseError;

/// Completes such defaults of all tables.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let mut columns: Vec<&mut Column> = Vec::new();
    let mut queries = Vec::new();
    for (table, draft) in drafts {
        for column in draft.table.columns.iter_mut().filter(|column| is_doubtful(column)) {
            let name = quote(Dialect::Mysql, &column.name);
            let table = quote_in(Dialect::Mysql, Some(&catalog.database), table);
            let value = match is_of_bytes(column) {
                true => format!("DEFAULT(t.{name})"),
                false => format!("CONVERT(DEFAULT(t.{name}) USING utf8mb4)"),
            };
            // A table without rows has defaults, too.
            queries
                .push(format!("SELECT HEX({value}) FROM (SELECT 1) AS one LEFT JOIN {table} AS t ON FALSE"));
            columns.push(column);
        }
    }
    if queries.is_empty() {
        return Ok(());
    }
    let rows = catalog.fetch(&queries.join("; ")).await?;
    for (column, row) in columns.into_iter().zip(&rows) {
        let Some(hexadecimal) = row.optional(0).filter(|value| !value.is_empty()) else { continue };
        column.default = match text(hexadecimal).filter(|_| !is_of_bytes(column)) {
            Some(text) => Some(mysql_string(&text)),
            None => Some(format!("0x{hexadecimal}")),
        };
    }
    Ok(())
}

fn is_doubtful(column: &Column) -> bool {
    let mut default = column.default.iter().filter(|default| default.starts_with('\''));
    default.any(|default| default.contains(['?', '\u{fffd}']))
}

fn is_of_bytes(column: &Column) -> bool {
    column.data_type.contains("binary")
}

fn text(hexadecimal: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = (0..hexadecimal.len() / 2)
        .map(|at| u8::from_str_radix(hexadecimal.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    // No byte of zero stands in a literal of ours.
    String::from_utf8(bytes?).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_text_where_they_are_one() {
        assert_eq!(text("61F09F92A9").as_deref(), Some("a💩"));
        assert_eq!(text("FF"), None);
        assert_eq!(text("6100"), None);
    }
}
