//! Relations: tables of every kind and views, without their columns. Not sequences and indexes.

use underpin_core::schema::{Body, Object, ObjectId, ObjectKind, Options, PartitionOf, Table, View};

use super::catalog::{
    Catalog, add_options, comment, filled, grants, number, numbers, other_owner, privileges, text, texts,
};
use crate::database::{DatabaseError, Row};

/// Reads `pg_class`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT c.oid, c.reltype, n.nspname, c.relname, c.relkind, c.relpersistence, \
         array_to_json(c.reloptions), array_to_json(tt.reloptions), ts.spcname, \
         CASE WHEN am.amname <> 'heap' THEN am.amname END, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, \
         CASE WHEN c.relreplident = 'i' THEN (SELECT ic.relname FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) END, \
         CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, \
         CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END, \
         (SELECT json_agg(h.inhparent::bigint ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid), \
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END, c.relispopulated, \
         CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END, \
         {}, {}, (SELECT rt.typarray FROM pg_catalog.pg_type rt WHERE rt.oid = c.reltype), {} \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_class tt ON tt.oid = c.reltoastrelid \
         LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace \
         LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam \
         WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' AND {} AND {} \
         ORDER BY n.nspname, c.relname",
        comment("pg_class", "c.oid"),
        privileges("c.relacl", "c.relowner"),
        other_owner("c.relowner"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_class", "c.oid"),
    );
    let rows = catalog.fetch(&sql).await?;
    for row in &rows {
        add(catalog, row);
    }
    for row in &rows {
        add_parents(catalog, row);
    }
    Ok(())
}

fn add(catalog: &mut Catalog<'_>, row: &Row) {
    let (kind, body) = match row.text(4) {
        "v" => (ObjectKind::View, Body::View(view(row))),
        "m" => (ObjectKind::MaterializedView, Body::View(view(row))),
        "f" => {
            let name = format!("{}.{}", row.text(2), row.text(3));
            return catalog.unsupported("foreign table", &name);
        }
        _ => (ObjectKind::Table, Body::Table(table(row))),
    };
    let id = catalog.id(kind, row.text(2), row.text(3));
    catalog.know("pg_type", number(row, 1), id.clone());
    catalog.know("pg_type", number(row, 22), id.clone());
    let mut object = Object::new(id, body).with_comment(text(row, 20));
    object.grants = grants(row, 21, &[]);
    catalog.owned(&object.id, row, 23);
    catalog.insert("pg_class", number(row, 0), object);
}

fn table(row: &Row) -> Table {
    Table { partition_by: filled(row, 14), options: table_options(row), ..Table::default() }
}

fn table_options(row: &Row) -> Options {
    let mut options = storage(row);
    let mut flag = |name: &str, holds: bool| {
        if holds {
            options.insert(name.to_owned(), String::new());
        }
    };
    flag("unlogged", row.text(5) == "u");
    flag("row_security", row.truth(10));
    flag("force_row_security", row.truth(11));
    let identity = match row.text(12) {
        "f" => Some("full".to_owned()),
        "n" => Some("nothing".to_owned()),
        "i" => text(row, 13).map(|index| format!("index {index}")),
        _ => None,
    };
    options.extend(identity.map(|identity| ("replica_identity".to_owned(), identity)));
    options.extend(filled(row, 19).map(|of| ("of_type".to_owned(), of)));
    options
}

/// Where and how rows are stored: what tables and materialised views have in common.
fn storage(row: &Row) -> Options {
    let mut options = Options::new();
    add_options(&mut options, "with.", texts(row, 6));
    add_options(&mut options, "with.toast.", texts(row, 7));
    options.extend(filled(row, 8).map(|space| ("tablespace".to_owned(), space)));
    options.extend(filled(row, 9).map(|method| ("access_method".to_owned(), method)));
    options
}

fn view(row: &Row) -> View {
    let mut options = storage(row);
    if row.text(4) == "m" && !row.truth(18) {
        options.insert("unpopulated".to_owned(), String::new());
    }
    let query = row.text(17).trim().trim_end_matches(';').to_owned();
    View { query, options, ..View::default() }
}

/// Notes whose partition or child a table is; both ends are known by now.
fn add_parents(catalog: &mut Catalog<'_>, row: &Row) {
    let oid = number(row, 0);
    let parents: Vec<ObjectId> = numbers(row, 16)
        .into_iter()
        .filter_map(|parent| catalog.known("pg_class", parent).cloned())
        .collect();
    let bound = filled(row, 15);
    let Some(id) = catalog.known("pg_class", oid).cloned() else { return };
    let Some(table) = catalog.table(oid) else { return };
    match (bound, parents.first()) {
        (Some(bound), Some(parent)) => {
            table.partition_of = Some(PartitionOf { parent: parent.clone(), bound });
        }
        _ => table.inherits.clone_from(&parents),
    }
    if !parents.is_empty() {
        catalog.parents.insert(id, parents);
    }
}
