//! The catalog of SQLite: the statements that it keeps, and what its pragmas say of columns. Four
//! queries, whatever the number of tables.

mod index;
mod program;
mod table;

use std::collections::BTreeMap;

use underpin_core::schema::{ObjectId, ObjectKind, Schema};

use super::Scope;
use crate::database::{DatabaseError, Row, Session};

/// Everything that a statement made. What SQLite makes by itself has none, or is named `sqlite_…`
/// (sqlite.org, "The Schema Table").
const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
     WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";

/// The columns of every table, hidden and generated ones too. The module of a virtual table may be
/// missing, which must not hide the other tables: they are asked for apart.
const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.hidden \
     FROM sqlite_schema m JOIN pragma_table_xinfo(m.name, 'main') c \
     WHERE m.type = 'table' AND m.sql NOT LIKE 'create virtual%' ORDER BY m.rowid, c.cid";

const VIRTUAL_COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.hidden \
     FROM sqlite_schema m JOIN pragma_table_xinfo(m.name, 'main') c \
     WHERE m.type = 'table' AND m.sql LIKE 'create virtual%' ORDER BY m.rowid, c.cid";

/// Tables that a virtual table keeps its rows in, as far as its module is there to say so.
const SHADOWS: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

/// The ends of the names of such tables, where the module is not there ("The Shadow Tables" of FTS3,
/// FTS5 and R*Tree in SQLite's documentation).
const SHADOW_ENDS: [&str; 11] =
    ["content", "segments", "segdir", "docsize", "stat", "data", "idx", "config", "node", "rowid", "parent"];

/// A row of the schema table.
pub(super) struct Entry {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

/// Reads the catalog into `schema`.
pub(super) async fn read(
    session: &mut dyn Session,
    _scope: &Scope,
    schema: &mut Schema,
) -> Result<(), DatabaseError> {
    let entries: Vec<Entry> = session.fetch(OBJECTS).await?.iter().map(Entry::from_row).collect();
    let shadows = shadows(session, &entries).await?;
    let mut columns = by_table(session.fetch(COLUMNS).await?);
    if entries.iter().any(Entry::is_virtual) {
        columns.extend(by_table(session.fetch(VIRTUAL_COLUMNS).await.unwrap_or_default()));
    }
    let ours = |entry: &&Entry| !shadows.contains(&entry.table);
    for entry in entries.iter().filter(ours) {
        match entry.kind.as_str() {
            "table" => table::read(entry, columns.remove(&entry.name).unwrap_or_default(), schema),
            "view" => program::view(entry, schema),
            _ => {}
        }
    }
    let relations = program::relations(schema);
    for entry in entries.iter().filter(ours) {
        match entry.kind.as_str() {
            "index" => index::read(entry, schema),
            "trigger" => program::trigger(entry, &relations, schema),
            _ => {}
        }
    }
    program::dependencies(&relations, schema);
    Ok(())
}

impl Entry {
    fn from_row(row: &Row) -> Self {
        let text = |index| row.text(index).to_owned();
        Self { kind: text(0), name: text(1), table: text(2), sql: text(3) }
    }

    /// SQLite itself writes the first two words ("The Schema Table" in its documentation).
    fn is_virtual(&self) -> bool {
        self.kind == "table" && self.sql.starts_with("CREATE VIRTUAL TABLE ")
    }

    /// The table that an index is on.
    fn on(&self) -> ObjectId {
        ObjectId::new(ObjectKind::Table, None, &self.table)
    }
}

async fn shadows(session: &mut dyn Session, entries: &[Entry]) -> Result<Vec<String>, DatabaseError> {
    let virtuals: Vec<&Entry> = entries.iter().filter(|entry| entry.is_virtual()).collect();
    if virtuals.is_empty() {
        return Ok(Vec::new());
    }
    let mut shadows: Vec<String> =
        session.fetch(SHADOWS).await?.iter().map(|row| row.text(0).to_owned()).collect();
    for entry in virtuals {
        let start = format!("{}_", entry.name);
        if !shadows.iter().any(|name| name.starts_with(&start)) {
            shadows.extend(SHADOW_ENDS.map(|end| format!("{start}{end}")));
        }
    }
    Ok(shadows)
}

fn by_table(rows: Vec<Row>) -> BTreeMap<String, Vec<Row>> {
    let mut tables: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        tables.entry(row.text(0).to_owned()).or_default().push(row);
    }
    tables
}
