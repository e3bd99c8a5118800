//! Views, and what they stand on.

use std::collections::BTreeMap;

use underpin_core::schema::{Body, Object, ObjectKind, Options, Schema, View};

use super::{
    catalog::Catalog,
    table::{Drafts, Kind},
    text,
};
use crate::database::{DatabaseError, Row};

/// Reads all views. One that has become invalid is read like any other.
pub(super) async fn read(
    catalog: &mut Catalog<'_>,
    drafts: &Drafts,
    schema: &mut Schema,
) -> Result<(), DatabaseError> {
    if !drafts.values().any(|draft| draft.kind == Kind::View) {
        return Ok(());
    }
    let algorithm = if catalog.is_mariadb() { "ALGORITHM" } else { "NULL" };
    let rows = catalog
        .fetch(&format!(
            "SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE, {algorithm} \
             FROM information_schema.VIEWS WHERE TABLE_SCHEMA = {{database}}"
        ))
        .await?;
    let algorithms = algorithms(catalog, &rows).await?;
    for row in &rows {
        let name = row.text(0);
        let id = catalog.id(ObjectKind::View, name);
        for used in text::names_of_database(row.text(1), &catalog.database) {
            let kind = match drafts.get(&used).map(|draft| draft.kind) {
                Some(Kind::Table) => ObjectKind::Table,
                Some(Kind::View) => ObjectKind::View,
                Some(Kind::Sequence) => ObjectKind::Sequence,
                None => continue,
            };
            if used != name {
                schema.depends(id.clone(), catalog.id(kind, &used));
            }
        }
        let mut options = options(catalog, row);
        match algorithms.get(name).map_or(row.text(5), String::as_str) {
            "" | "UNDEFINED" => {}
            algorithm => {
                options.insert("algorithm".to_owned(), algorithm.to_owned());
            }
        }
        let query = catalog.local(row.text(1));
        schema.insert(Object::new(id, Body::View(View { query, options, ..View::default() })));
    }
    Ok(())
}

fn options(catalog: &Catalog<'_>, row: &Row) -> Options {
    let mut options = catalog.program_options(row.text(3), "");
    options.remove("sql_mode");
    if row.text(2) != "NONE" {
        options.insert("check_option".to_owned(), row.text(2).to_owned());
    }
    if row.text(4) == "INVOKER" {
        options.insert("sql_security".to_owned(), row.text(4).to_owned());
    }
    options
}

/// The algorithm of each view, which MySQL tells by `SHOW CREATE VIEW` alone.
async fn algorithms(
    catalog: &mut Catalog<'_>,
    rows: &[Row],
) -> Result<BTreeMap<String, String>, DatabaseError> {
    if catalog.is_mariadb() {
        return Ok(BTreeMap::new());
    }
    let names: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    let shown = catalog.show_create("VIEW", &names).await?;
    let algorithm = |row: &Row| {
        let word = row.text(1).strip_prefix("CREATE ALGORITHM=")?.split(' ').next()?;
        Some((row.text(0).to_owned(), word.to_owned()))
    };
    Ok(shown.iter().filter_map(algorithm).collect())
}
