//! What only `SHOW CREATE TABLE` tells: parsers of full-text indexes, and periods of MariaDB. It is
//! asked in one round trip, and only of the tables that can have such a thing.

use underpin_core::schema::{ConstraintKind, IndexPart, Key, Options, Table};

use super::{
    catalog::Catalog,
    table::{Draft, Drafts, Kind},
};
use crate::database::DatabaseError;

/// Completes the tables that can have what the catalog does not tell.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let names: Vec<String> =
        drafts.iter().filter(|(_, draft)| asks(catalog, draft)).map(|(name, _)| name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for row in catalog.show_create("TABLE", &names).await? {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        for line in row.text(1).lines() {
            complete(&mut draft.table, line.trim().trim_end_matches(','));
        }
    }
    Ok(())
}

fn asks(catalog: &Catalog<'_>, draft: &Draft) -> bool {
    let table = &draft.table;
    let is_fulltext = table.indexes.iter().any(|index| index.method.as_deref() == Some("fulltext"));
    draft.kind == Kind::Table && (is_fulltext || (catalog.is_mariadb() && may_have_period(table)))
}

/// A period is over two columns of one type that are never null.
fn may_have_period(table: &Table) -> bool {
    let of_time = |data_type: &str| {
        ["date", "timestamp", "bigint(20) unsigned"].iter().any(|start| data_type.starts_with(start))
    };
    table.options.contains_key("system_versioning")
        || table.columns.iter().filter(|column| !column.nullable && of_time(&column.data_type)).count() > 1
}

fn complete(table: &mut Table, line: &str) {
    if let Some(period) = line.strip_prefix("PERIOD FOR ") {
        if let Some((name, columns)) = period.split_once(" (") {
            let name = name.trim_matches('`').to_owned();
            table.options.insert(format!("period {name}"), columns.trim_end_matches(')').to_owned());
        }
    } else if let Some((before, _)) = line.split_once(" WITHOUT OVERLAPS)") {
        without_overlaps(table, before);
    } else if line.starts_with("FULLTEXT KEY ")
        && let Some((before, after)) = line.split_once(" WITH PARSER `")
        && let (Some(name), Some((parser, _))) = (quoted(before), after.split_once('`'))
    {
        let index = table.indexes.iter_mut().find(|index| index.name == name);
        if let Some(index) = index {
            index.options.insert("parser".to_owned(), parser.to_owned());
        }
    }
}

/// The first quoted name of a line.
fn quoted(line: &str) -> Option<&str> {
    line.split('`').nth(1)
}

/// A key whose last part is a period: `UNIQUE KEY `u` (`id`,`p` WITHOUT OVERLAPS`.
fn without_overlaps(table: &mut Table, line: &str) {
    let Some(period) = line.rsplit('`').nth(1).map(str::to_owned) else { return };
    let columns = table.options.get(&format!("period {period}")).cloned().unwrap_or_default();
    let columns: Vec<&str> = columns.split('`').skip(1).step_by(2).collect();
    if line.starts_with("PRIMARY KEY") {
        for constraint in &mut table.constraints {
            if let ConstraintKind::PrimaryKey { parts } = &mut constraint.kind {
                mark(parts, &mut constraint.options, &period, &columns);
            }
        }
    } else if let Some(name) = quoted(line)
        && let Some(index) = table.indexes.iter_mut().find(|index| index.name == name)
    {
        mark(&mut index.parts, &mut index.options, &period, &columns);
    }
}

fn mark(parts: &mut Vec<IndexPart>, options: &mut Options, period: &str, columns: &[&str]) {
    parts.retain(|part| !matches!(&part.key, Key::Column(column) if columns.contains(&column.as_str())));
    options.insert("without_overlaps".to_owned(), period.to_owned());
}
