//! Tables and their columns: the statement says most, the pragma has the last word.

use underpin_core::{
    dialect::sqlite::create::{CreateTable, create_table, object_text},
    schema::{Body, Column, Generated, Object, ObjectId, ObjectKind, Schema, Table, TableKind},
};

use super::Entry;
use crate::database::Row;

/// Adds a table with the columns that the pragma says it has.
pub(super) fn read(entry: &Entry, columns: Vec<Row>, schema: &mut Schema) {
    let table = match entry.is_virtual() {
        true => virtual_table(entry, &columns),
        false => table(entry, &columns),
    };
    let id = ObjectId::new(ObjectKind::Table, None, &entry.name);
    schema.insert(Object::new(id, Body::Table(table)));
}

fn table(entry: &Entry, rows: &[Row]) -> Table {
    let create = Some(entry.sql.clone());
    let said = create_table(&entry.sql).filter(|said| agree(said, rows));
    let Some(said) = said else {
        // What the statement says beyond the columns can't be told apart: it is compared as a whole.
        let mut table = Table { columns: rows.iter().map(column).collect(), create, ..Table::default() };
        table.options.insert("text".to_owned(), object_text(&entry.sql));
        return table;
    };
    let mut table = Table { create, ..said.table() };
    for (column, row) in table.columns.iter_mut().zip(rows) {
        let said = std::mem::take(column);
        *column = Column {
            generated: said.generated.map(|generated| Generated { stored: row.text(5) == "3", ..generated }),
            auto_increment: said.auto_increment,
            collation: said.collation,
            options: said.options,
            ..self::column(row)
        };
    }
    table
}

/// Whether the statement was understood as SQLite understands it.
fn agree(said: &CreateTable, rows: &[Row]) -> bool {
    said.columns.len() == rows.len()
        && said.columns.iter().zip(rows).all(|(made, row)| {
            made.column.name == row.text(1)
                && made.column.generated.is_some() == matches!(row.text(5), "2" | "3")
        })
}

fn column(row: &Row) -> Column {
    let generated = matches!(row.text(5), "2" | "3");
    Column {
        name: row.text(1).to_owned(),
        data_type: row.text(2).to_owned(),
        nullable: !row.truth(3),
        default: row.optional(4).map(str::to_owned),
        generated: generated.then(|| Generated { expression: String::new(), stored: row.text(5) == "3" }),
        ..Column::default()
    }
}

/// A virtual table: what its module is told is compared as a whole, and its columns follow from that.
/// Those that are hidden are arguments rather than columns.
fn virtual_table(entry: &Entry, rows: &[Row]) -> Table {
    let mut table = Table {
        kind: TableKind::Virtual,
        columns: rows.iter().filter(|row| row.text(5) != "1").map(column).collect(),
        create: Some(entry.sql.clone()),
        ..Table::default()
    };
    table.options.insert("module".to_owned(), object_text(&entry.sql));
    table
}
