//! Views, and what they stand on.

use std::collections::BTreeMap;

use underpin_core::{
    dialect::Dialect,
    name::quote,
    schema::{Body, Object, ObjectKind, Options, Schema, View},
};

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
    let mut shown = shown(catalog, &rows).await?;
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
        let shown =
            shown.remove(name).unwrap_or_else(|| Shown { algorithm: row.text(5).to_owned(), columns: None });
        if let Some(columns) = shown.columns {
            options.insert("columns".to_owned(), columns);
        }
        match shown.algorithm.as_str() {
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

/// What `SHOW CREATE VIEW` alone tells on MySQL.
struct Shown {
    algorithm: String,
    /// The names of the columns, where they are not those of the query.
    columns: Option<String>,
}

async fn shown(catalog: &mut Catalog<'_>, rows: &[Row]) -> Result<BTreeMap<String, Shown>, DatabaseError> {
    if catalog.is_mariadb() {
        return Ok(BTreeMap::new());
    }
    let names: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    let rows = catalog.show_create("VIEW", &names).await?;
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), parts(row.text(0), row.text(1)))).collect())
}

fn parts(name: &str, text: &str) -> Shown {
    let word = text.strip_prefix("CREATE ALGORITHM=").and_then(|rest| rest.split(' ').next());
    // The name has its database in front of it, unless that is the current one.
    let start = format!("{} (", quote(Dialect::Mysql, name));
    let columns = text.split_once(" VIEW ").and_then(|(_, rest)| {
        let (before, columns) = rest.split_once(&start)?;
        let is_name = before.is_empty() || (before.ends_with('.') && !before.contains(' '));
        let (columns, _) = columns.split_once(") AS ").filter(|_| is_name)?;
        Some(format!("({columns})"))
    });
    Shown { algorithm: word.unwrap_or_default().to_owned(), columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_may_name_its_columns() {
        let text = "CREATE ALGORITHM=MERGE DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `d`.`w` (`p`,`q`) AS select 1 AS `a`";
        let shown = parts("w", text);
        assert_eq!((shown.algorithm.as_str(), shown.columns.as_deref()), ("MERGE", Some("(`p`,`q`)")));
        assert_eq!(parts("w", "CREATE ALGORITHM=MERGE VIEW `w` AS select (1) AS `a`").columns, None);
    }
}
