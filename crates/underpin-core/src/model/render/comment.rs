//! Comments, where they are statements of their own (PostgreSQL). MySQL and MariaDB have them within the
//! table, and SQLite has none.

use super::qualified;
use crate::{
    dialect::{Dialect, Flavour},
    model::ModelTable,
    name::{literal, quote, quote_in},
};

/// The statements that set the comments of a table, its columns and its indexes.
pub(super) fn statements(table: &ModelTable, flavour: Flavour) -> Vec<String> {
    let dialect = flavour.dialect();
    if dialect != Dialect::Postgres {
        return Vec::new();
    }
    let name = qualified(&table.name, flavour);
    let comment =
        |what: String, comment: &String| format!("COMMENT ON {what} IS {}", literal(dialect, comment));
    let of_table = table.comment.iter().map(|text| comment(format!("TABLE {name}"), text));
    let of_columns = table.columns.iter().filter_map(|column| {
        let column_name = quote(dialect, &column.name);
        column.comment.as_ref().map(|text| comment(format!("COLUMN {name}.{column_name}"), text))
    });
    let of_indexes = table.indexes.iter().filter_map(|index| {
        let index_name = quote_in(dialect, table.name.schema(flavour), index.name.as_deref()?);
        index.comment.as_ref().map(|text| comment(format!("INDEX {index_name}"), text))
    });
    of_table.chain(of_columns).chain(of_indexes).collect()
}
