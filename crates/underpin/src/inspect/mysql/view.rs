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
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE \
             FROM information_schema.VIEWS WHERE TABLE_SCHEMA = {database}",
        )
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
        let shown = shown.remove(name).unwrap_or_default();
        if let Some(columns) = shown.columns {
            options.insert("columns".to_owned(), columns);
        }
        match shown.algorithm.as_str() {
            "" | "UNDEFINED" => {}
            algorithm => {
                options.insert("algorithm".to_owned(), algorithm.to_owned());
            }
        }
        // What is shown names no database where that is the current one.
        let query = shown.query.filter(|_| catalog.is_unnamed());
        let query = catalog.local(&query.unwrap_or_else(|| row.text(1).to_owned()));
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

/// What `SHOW CREATE VIEW` tells: what MySQL's catalog does not, and the query as the server writes it once
/// it has read it again. The catalog has what it wrote the first time, in which tables with a comma between
/// them stand otherwise than in any later view, and which leaves the character sets of literals out.
#[derive(Default)]
struct Shown {
    algorithm: String,
    /// The names of the columns, where they are not those of the query.
    columns: Option<String>,
    query: Option<String>,
}

async fn shown(catalog: &mut Catalog<'_>, rows: &[Row]) -> Result<BTreeMap<String, Shown>, DatabaseError> {
    let names: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    let rows = catalog.show_create("VIEW", &names).await?;
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), parts(row.text(0), row.text(1)))).collect())
}

fn parts(name: &str, text: &str) -> Shown {
    let word = text.strip_prefix("CREATE ALGORITHM=").and_then(|rest| rest.split(' ').next());
    let (columns, query) = behind_name(name, text).unwrap_or_default();
    Shown { algorithm: word.unwrap_or_default().to_owned(), columns, query }
}

/// The columns that a view names, and its query.
fn behind_name(name: &str, text: &str) -> Option<(Option<String>, Option<String>)> {
    let quoted = quote(Dialect::Mysql, name);
    let (before, rest) = text.split_once(" VIEW ")?.1.split_once(&quoted)?;
    // The name has its database in front of it, unless that is the current one.
    let rest = rest.strip_prefix(&format!(".{quoted}")).unwrap_or(rest);
    if !before.is_empty() && !before.ends_with('.') {
        return None;
    }
    let (columns, query) = match rest.strip_prefix(" (") {
        Some(rest) => {
            let (columns, query) = rest.split_once(") AS ")?;
            (Some(format!("({columns})")), query)
        }
        None => (None, rest.strip_prefix(" AS ")?),
    };
    let plain = [" WITH CASCADED CHECK OPTION", " WITH LOCAL CHECK OPTION"]
        .iter()
        .find_map(|option| query.strip_suffix(option));
    Some((columns, Some(plain.unwrap_or(query).to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_may_name_its_columns() {
        let text = "CREATE ALGORITHM=MERGE DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `d`.`w` (`p`,`q`) AS select 1 AS `a`";
        let shown = parts("w", text);
        assert_eq!((shown.algorithm.as_str(), shown.columns.as_deref()), ("MERGE", Some("(`p`,`q`)")));
        assert_eq!(shown.query.as_deref(), Some("select 1 AS `a`"));
        assert_eq!(parts("w", "CREATE ALGORITHM=MERGE VIEW `w` AS select (1) AS `a`").columns, None);
    }

    #[test]
    fn a_query_ends_where_the_option_that_checks_rows_begins() {
        for text in [
            "CREATE ALGORITHM=MERGE VIEW `w` AS select `a` from `t` WITH CASCADED CHECK OPTION",
            "CREATE ALGORITHM=MERGE VIEW `w`.`w` AS select `a` from `t` WITH LOCAL CHECK OPTION",
        ] {
            assert_eq!(parts("w", text).query.as_deref(), Some("select `a` from `t`"));
        }
    }
}
